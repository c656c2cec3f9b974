"""The CIs that a failure affects, and why; and the dependency groups that contradict themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from app.impact.names import GraphNames
from cmdb.graph.explanation import why
from cmdb.graph.lookups import class_codes
from cmdb.graph.results import STATE_WORDS, DataError, State

if TYPE_CHECKING:
    from cmdb.graph.graph import Graph
    from cmdb.graph.impact import Impact
    from cmdb.store.reading.reader import Reader

#: CIs that are looked up at once.
BATCH = 1_000


class AffectedItem:
    """One CI in the state in which a failure leaves it. Its proof and its path are computed on access."""

    def __init__(self, impact: Impact, names: GraphNames, ci: int, trail: Sequence[int] | None = None) -> None:
        self._impact, self._names, self._trail, self.ci = impact, names, trail, ci
        self.uid, self.cls, self.name = names.found[ci]
        self.label = names.label(ci)
        """The label of its class."""
        self.state: State = impact.state(ci)

    @property
    def word(self) -> str:
        """Its state in words."""
        return str(STATE_WORDS[self.state])

    @property
    def why(self) -> str:
        """Why it is in its state, as a sentence without its own name."""
        return str(why(self._impact, self.ci, self._names))

    @property
    def path(self) -> list[str]:
        """The names from the failed item to it, each depending on the one before; empty where nothing reached it."""
        trail = self._impact.path(self.ci) if self._trail is None else self._trail
        return [self._names(step) for step in trail]


def hits(reader: Reader, impact: Impact, cis: Iterable[int], *, paths: bool = False) -> Iterator[AffectedItem]:
    """The CIs one by one, in their order; deleted ones are left out.

    They are looked up in batches, because there may be very many. ``paths``: their paths will be needed.
    """
    names, rest = GraphNames(reader), iter(cis)
    while batch := list(islice(rest, BATCH)):
        trails = {ci: impact.path(ci) for ci in batch} if paths else {}
        names.want([*batch, *(step for trail in trails.values() for step in trail)])
        yield from (AffectedItem(impact, names, ci, trails.get(ci)) for ci in batch if ci in names.found)


def services_of(graph: Graph) -> frozenset[int]:
    """The class codes of services, which are listed first."""
    return class_codes(graph, "service") if "service" in graph.schema.classes else frozenset()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A dependency group that needs more members than it has, or that cannot be read: its owner and the problem."""

    uid: str
    label: str
    name: str
    group: str
    text: str


def contradictions(reader: Reader, errors: Sequence[DataError]) -> list[Contradiction]:
    """The graph's errors, each with the owner of the group, which is empty if it was deleted."""
    names = GraphNames(reader)
    names.want(error.owner for error in errors)
    found = []
    for error in errors:
        uid, _, name = names.found.get(error.owner, ("", "", ""))
        found.append(Contradiction(uid, names.label(error.owner), name, error.label, str(error.text)))
    return found
