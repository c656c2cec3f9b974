"""What one import says of one thing: its observations together, and how they were settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.lookup import KnownRecord
from cmdb.reconciliation.match_verdicts import MatchEvidence

State = Literal["new", "same", "review", "skip"]
_LOUDNESS = {"person": 4, "sheet": 3, "import": 2, "scan": 1}


def loudness(source: str) -> int:
    """How much a source counts where a name or a class is in question, by its key."""
    return _LOUDNESS.get(source.partition(":")[0], 0)


class SourceStatement:
    """What one source said at one time. ``values`` may be an observation's own, which is never written to."""

    __slots__ = ("clears", "evidence", "implied", "observed", "source", "values")

    def __init__(
        self,
        source: str,
        observed: str,
        values: dict[str, Any],
        clears: tuple[str, ...] = (),
        evidence: Mapping[str, list[str]] = MappingProxyType({}),
        implied: bool = False,
    ) -> None:
        self.source = source
        self.observed = observed
        self.values = values
        self.clears = clears
        self.evidence = evidence
        self.implied = implied

    @property
    def rank(self) -> tuple[bool, int, str, str]:
        """The statement of the greater rank wins, where a name or a class is in question."""
        return (not self.implied, loudness(self.source), self.observed, self.source)


class Candidate:
    """A record, or another group of this import, that a group may be."""

    __slots__ = ("cluster", "lines", "uid")

    def __init__(self, uid: str, lines: Sequence[MatchEvidence], cluster: Cluster | None = None) -> None:
        self.uid = uid
        self.lines = lines
        self.cluster = cluster


class Cluster:
    """What one import says of one thing, and whose record that is."""

    __slots__ = (
        "candidates", "cls", "decision", "implied", "kind", "known", "members", "name", "partly", "question",
        "reasons", "state", "statements", "uid",
    )  # fmt: skip

    def __init__(self, members: list[IdentifiedObservation]) -> None:
        self.members = members
        self.state: State = "new"
        self.uid = ""
        self.known: KnownRecord | None = None
        self.cls = members[0].obs.cls
        self.name = ""
        self.implied = all(m.implied for m in members) if len(members) > 1 else members[0].implied
        self.kind = ""
        """Of a review: "identity", "rows" or "class"."""
        self.question = ""
        self.decision = ""
        self.candidates: list[Candidate] = []
        self.reasons: list[str] = []
        """Why its rows are rejected, if they are."""
        self.partly = False
        """Something that its rows say was left out: they were not taken over whole."""
        self.statements: list[SourceStatement] = []
        """What its sources say, once that is settled; references become ids in linking."""
