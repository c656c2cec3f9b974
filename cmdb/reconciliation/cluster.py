"""Groups: the observations of one import that are about the same thing, and the result of matching them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Schema
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.lookup import KnownRecord
from cmdb.reconciliation.match_verdicts import MatchEvidence

State = Literal["new", "same", "review", "skip"]


def source_rank(schema: Schema, cls: str, source: str) -> int:
    """The rank of a source (by its key) where sources state different names or classes: that of names."""
    found = schema.source_orders(cls).of.get("name")
    return 0 if found is None else found.rank(source)


class SourceStatement:
    """What one source stated at one time. ``values`` may be those of an observation and must not be changed."""

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

    def rank(self, schema: Schema, cls: str) -> tuple[bool, int, str, str]:
        """The order in which statements win where they differ in name or class."""
        return (not self.implied, source_rank(schema, cls, self.source), self.observed, self.source)


class Candidate:
    """A record, or another group of this import, that a group may be the same as."""

    __slots__ = ("cluster", "lines", "uid")

    def __init__(self, uid: str, lines: Sequence[MatchEvidence], cluster: Cluster | None = None) -> None:
        self.uid = uid
        self.lines = lines
        self.cluster = cluster


class Cluster:
    """The observations of one thing in an import, and the record that they belong to."""

    __slots__ = (
        "candidates", "cls", "decision", "implied", "kind", "known", "members", "name", "partly", "question",
        "reasons", "state", "statements", "uid",
    )  # fmt: skip

    def __init__(self, members: Sequence[IdentifiedObservation]) -> None:
        self.members = members
        self.state: State = "new"
        self.uid = ""
        self.known: KnownRecord | None = None
        self.cls = members[0].obs.cls
        self.name = ""
        self.implied = all(m.implied for m in members) if len(members) > 1 else members[0].implied
        self.kind = ""
        """Of a review: "identity", "rows" or "class"."""
        self.question = EMPTY
        self.decision = ""
        self.candidates: Sequence[Candidate] = ()
        self.reasons: tuple[Message, ...] = ()
        """Why its rows are rejected, if they are."""
        self.partly = False
        """Whether some values of its rows were left out."""
        self.statements: Sequence[SourceStatement] = ()
        """The statements of its sources, once they are settled; references become ids in linking."""

    def refuse(self, *reasons: Message) -> None:
        """Adds why its rows are rejected."""
        self.reasons += reasons


def with_statements(cluster: Cluster, said: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The statements of all sources about a record: earlier ones, and those of this import."""
    after = {source: dict(own) for source, own in said.items()}
    for statement in cluster.statements:
        own = after.setdefault(statement.source, {})
        for attribute, value in [*statement.values.items(), *((name, None) for name in statement.clears)]:
            if attribute not in own or own[attribute][1] <= statement.observed:
                own[attribute] = [value, statement.observed]
    return after
