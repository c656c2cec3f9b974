"""What reconciliation proposes: a revision, what it would do in numbers and per record, and what is not settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from cmdb.model.observation import Origin, Problem
from cmdb.model.revision import Revision
from cmdb.reconciliation.match_verdicts import MatchEvidence


class Cell(NamedTuple):
    """One attribute of one record: what everyone saw, and what they would see. ``None``: blank."""

    attribute: str
    before: Any
    after: Any


class Deviation(NamedTuple):
    """A source says something else than what stands, and loses: the value stays, and the difference is shown."""

    uid: str
    attribute: str
    stands: Any
    said: Any
    source: str
    keeper: str
    """The source whose word stands."""


class Change:
    """What a proposal does to one record. References in cells are ids; ``Proposal.names`` has their names."""

    __slots__ = ("_cells", "cls", "created", "deviations", "name", "origins", "reference", "state", "uid")

    def __init__(
        self,
        uid: str,
        cls: str,
        name: str,
        state: Literal["new", "changed", "unchanged", "review"],
        origins: list[Origin],
    ) -> None:
        self.uid = uid
        self.cls = cls
        self.name = name
        self.state = state
        self.origins = origins
        self.reference = False
        """It was named by another record and created for it."""
        self.created: Mapping[str, Any] = {}
        """Of a new record: its values."""
        self.deviations: list[Deviation] = []
        self._cells: list[Cell] = []

    @property
    def cells(self) -> list[Cell]:
        """Attributes whose effective value changes."""
        if self.state == "new":
            return [Cell(a, None, v) for a, v in self.created.items() if not a.startswith("evidence.") and a != "class"]
        return self._cells

    @cells.setter
    def cells(self, cells: list[Cell]) -> None:
        self._cells = cells


@dataclass(slots=True)
class Option:
    """One answer to a review: ``choice`` is what to say, with the record it means and what speaks for or against."""

    choice: str
    text: str
    uid: str = ""
    cls: str = ""
    name: str = ""
    evidence: tuple[MatchEvidence, ...] = ()


@dataclass(slots=True)
class Review:
    """What a person has to decide. ``id`` is the decision record's."""

    id: str
    kind: str
    question: str
    name: str
    cls: str
    options: list[Option]
    origins: list[Origin]
    known: bool = False
    """It was open before."""


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
    """Links that would be made."""
    problems: list[Problem] = field(default_factory=list)
    review: list[Review] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    created_references: list[tuple[str, str]] = field(default_factory=list)
    """(class, name) of records that exist only because others name them."""
    changes: list[Change] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    rejects: list[tuple[Origin, list[str], list[str]]] = field(default_factory=list)
    """For the rejects file: where, the cells as read (where the importer rejected it), and the reasons."""
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id → (class, name) of new records, so that cells that refer to them can be shown."""
    installed: int = 0
    removed: int = 0
    """Installations that would be recorded and taken off."""
    assigned: int = 0
    left_out: int = 0
    """Cells of rows that go in without them; the problems say why."""
