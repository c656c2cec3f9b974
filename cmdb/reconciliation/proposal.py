"""The result of reconciliation: a revision, its effects in numbers and per record, and the open questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cmdb.model.messages import Message
from cmdb.model.observation import Origin, Problem
from cmdb.model.revision import Revision
from cmdb.reconciliation.match_verdicts import MatchEvidence


class RowCounts(NamedTuple):
    """How many rows of a section are added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Cell(NamedTuple):
    """One attribute of one record: its effective value before and after the revision. ``None``: blank."""

    attribute: str
    before: Any
    after: Any


class Deviation(NamedTuple):
    """A statement that differs from the effective value and ranks lower. The value stays; both are shown."""

    uid: str
    attribute: str
    stands: Any
    said: Any
    source: str
    keeper: str
    """The source of the effective value; "" where there is none."""
    held: bool = False
    """Whether the order of sources holds what the source says, so that it does not count by itself."""


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Change:
    """The changes of one record in a proposal. References in cells are ids; ``Proposal.names`` has their names."""

    __slots__ = ("_cells", "cls", "created", "deviations", "name", "origins", "reference", "state", "uid")

    def __init__(
        self,
        uid: str,
        cls: str,
        name: str,
        state: Literal["new", "changed", "unchanged", "review"],
        origins: Sequence[Origin],
    ) -> None:
        self.uid = uid
        self.cls = cls
        self.name = name
        self.state = state
        self.origins = origins
        self.reference = False
        """It was named by another record and created for it."""
        self.created = _NOTHING
        """Of a new record: its values."""
        self.deviations: Sequence[Deviation] = ()
        self._cells: Sequence[Cell] = ()

    @property
    def cells(self) -> Sequence[Cell]:
        """Attributes whose effective value changes."""
        if self.state == "new":
            return [Cell(a, None, v) for a, v in self.created.items() if not a.startswith("evidence.") and a != "class"]
        return self._cells

    @cells.setter
    def cells(self, cells: Sequence[Cell]) -> None:
        self._cells = cells


@dataclass(slots=True)
class Option:
    """One answer to a review, identified by ``choice``, with its record and the evidence."""

    choice: str
    text: Message
    uid: str = ""
    cls: str = ""
    name: str = ""
    evidence: tuple[MatchEvidence, ...] = ()


@dataclass(slots=True)
class Review:
    """A question that a person has to decide. ``id`` is the decision record's."""

    id: str
    kind: str
    question: Message
    name: str
    cls: str
    options: list[Option]
    origins: list[Origin]
    known: bool = False
    """Whether it was open before."""


@dataclass(slots=True)
class Proposal:
    """A revision that is not applied yet. Counts are of CIs; created references are among ``created``."""

    revision: Revision
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    relationships: int = 0
    """The number of new relationships."""
    ended: int = 0
    """Relationships that end, as the only sources that stated them see them no more."""
    problems: list[Problem] = field(default_factory=list)
    review: list[Review] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    created_references: list[tuple[str, str]] = field(default_factory=list)
    """(class, name) of records that are created only because others refer to them."""
    changes: list[Change] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    asked: int = 0
    """The number of values and rows of sections that wait for a person; their questions are in ``review``."""
    rejects: list[tuple[Origin, list[str], list[Message]]] = field(default_factory=list)
    """For the rejects file: the place, the cells as read (if the importer rejected the row), and the reasons."""
    installed: int = 0
    removed: int = 0
    """Installations that are added and removed."""
    assigned: int = 0
    events: int = 0
    """Events of hand-overs and returns that a log tells of."""
    life_cycles: int = 0
    """Products whose ends of life are kept otherwise than before."""
    sections: Mapping[str, RowCounts] = field(default_factory=dict)
    """Section → how many of its rows are added, changed and removed."""
    left_out: int = 0
    """Cells that are left out although their rows are imported; the problems give the reasons."""

    @property
    def held(self) -> int:
        """How many values are recorded only, as the order of sources holds what their source says."""
        return sum(one.held for one in self.deviations)

    @property
    def names(self) -> dict[str, tuple[str, str]]:
        """Id → (class, name) of new records, so that cells that refer to them can be shown."""
        return {one.uid: (one.cls, one.name) for one in self.changes if one.state == "new"}
