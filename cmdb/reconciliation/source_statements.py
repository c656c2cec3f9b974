"""The statements of an import's sources about one thing: rows are combined, and conflicts are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster, SourceStatement, source_rank
from cmdb.reconciliation.defaults import default_name
from cmdb.reconciliation.keys import IdentifiedObservation


@dataclass(slots=True)
class StatementConflict:
    """Rows of one source and time that state different values for one attribute."""

    attribute: str
    values: list[Any]

    def label(self, schema: Schema, cls: str) -> str | Message:
        """The attribute's label in a class, or in another one that has it: rows may be of several classes."""
        if self.attribute == "class":
            return Message("Class")
        found = schema.classes[cls].attributes.get(self.attribute) or schema.every_attribute.get(self.attribute)
        return found.label if found else Message("“{name}”", name=self.attribute)


def statements(schema: Schema, cluster: Cluster) -> tuple[Sequence[SourceStatement], Sequence[StatementConflict]]:
    """The statements of a group of observations, and the conflicts between rows of one source.

    Within a source the later value wins for each attribute. Values of rows win over implied values.
    """
    members = cluster.members
    if len(members) == 1:
        one = members[0]
        obs = one.obs
        return (SourceStatement(one.source, one.observed, obs.values, obs.clears, obs.evidence, one.implied),), ()
    rows: dict[tuple[str, str, bool], list[IdentifiedObservation]] = {}
    for one in members:
        rows.setdefault((one.source, one.observed, one.implied), []).append(one)
    clashes: list[StatementConflict] = []
    made: list[SourceStatement] = []
    taken: dict[str, set[str]] = {}
    # Rows come before implied values, later ones before earlier ones: the first value of each source is used.
    for key in sorted(rows, key=lambda k: (k[2], _backwards(k[1]), k[0])):
        source, observed, implied = key
        values, its = _together(rows[key], implied)
        clashes += its
        known = taken.setdefault(source, set())
        mine = {a: v for a, v in values.items() if a not in known}
        clears = {a for one in rows[key] for a in one.obs.clears if a not in values and a not in known}
        known |= mine.keys() | clears
        made.append(SourceStatement(source, observed, mine, tuple(sorted(clears)), _evidence(rows[key]), implied))
    made = [v for v in made if v.values or v.clears or v.evidence] or made[:1]
    return sorted(made, key=lambda v: v.rank(schema, cluster.cls), reverse=True), clashes


def _together(rows: list[IdentifiedObservation], implied: bool) -> tuple[dict[str, Any], list[StatementConflict]]:
    said: dict[str, list[Any]] = {}
    for one in rows:
        for attribute, value in one.obs.values.items():
            said.setdefault(attribute, []).append(value)
    values: dict[str, Any] = {}
    clashes = []
    for attribute, found in said.items():
        distinct = {_comparable(v): v for v in sorted(found, key=_shown, reverse=True)}
        if len(distinct) == 1:
            (values[attribute],) = distinct.values()
        elif not implied:
            clashes.append(StatementConflict(attribute, sorted(distinct.values(), key=_shown)))
        elif attribute == "name":  # Some rows name a person by address, others by name.
            values[attribute] = max(distinct.values(), key=_telling)
    return values, clashes


def _telling(name: Any) -> tuple[bool, int, str]:
    """Sorts names: addresses first, then by length."""
    return ("@" not in str(name), len(str(name)), str(name))


def _evidence(rows: Iterable[IdentifiedObservation]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for one in rows:
        for kind, values in one.obs.evidence.items():
            found.setdefault(kind, set()).update(values)
    return {kind: sorted(values) for kind, values in found.items()}


def _comparable(value: Any) -> Any:
    if isinstance(value, NamedReference):
        return name_key(value.name)
    return name_key(value) if isinstance(value, str) else (type(value).__name__, value)


def _shown(value: Any) -> str:
    return value.name if isinstance(value, NamedReference) else str(value)


def _backwards(moment: str) -> tuple[int, ...]:
    """Sorts later times first."""
    return tuple(-ord(c) for c in moment)


def settle_class(schema: Schema, cluster: Cluster) -> Message | None:
    """Settles the class of a group.

    Returns a question if its rows state incompatible classes. The most specific class wins. Of unrelated classes, the
    class of the source with the highest rank wins. A record keeps its class unless a source states a subclass of it.
    """
    known = cluster.known
    if len(cluster.members) == 1 and (known is None or known.cls == cluster.cls):
        return None
    named = {m.obs.cls for m in cluster.members if not m.implied} or {m.obs.cls for m in cluster.members}
    finest = [c for c in named if not any(o != c and schema.is_a(o, c) for o in named)]
    best = finest[0]
    if len(finest) > 1:
        best = max(
            (m for m in cluster.members if m.obs.cls in finest),
            key=lambda m: (
                source_rank(schema, m.obs.cls, m.source),
                m.obs.cls != "virtual_machine",
                m.observed,
                m.obs.cls,
            ),
        ).obs.cls
        rivals = {m.obs.cls for m in cluster.members if m.obs.cls in finest and not m.implied}
        sources = {(m.source, m.observed) for m in cluster.members if m.obs.cls in rivals and not m.implied}
        if len(rivals) > 1 and len(sources) == 1:
            return Message("One source says that this is several things. Which is it?")
    cluster.cls = best
    if known is not None and not (best != known.cls and schema.is_a(best, known.cls)):
        cluster.cls = known.cls
    return None


def settle_name(cluster: Cluster, said: Sequence[SourceStatement]) -> Sequence[SourceStatement]:
    """Settles the name of a group. A new record without a name gets a default name; returns the statements with it."""
    if cluster.known is not None:
        cluster.name = str(cluster.known.values.get("name", ""))
        return said
    named = [v for v in said if "name" in v.values]
    # The person is named by address and by name: one of them is used.
    if named and named[0].implied and len(named) > 1:
        best = max(named, key=lambda v: _telling(v.values["name"]))
        for statement in named:
            if statement is not best:
                statement.values = {a: v for a, v in statement.values.items() if a != "name"}
        named = [best]
    if named:
        cluster.name = named[0].values["name"]
        return said
    together: dict[str, Any] = {}
    for statement in reversed(said):
        together.update(statement.values)
    cluster.name = default_name(cluster.cls, together)
    if not cluster.name or not said:
        return said
    first = said[0]
    called = SourceStatement(
        first.source,
        first.observed,
        {"name": cluster.name, **first.values},
        first.clears,
        first.evidence,
        first.implied,
    )
    return [called, *said[1:]]
