"""Checks unique values: rows that would give a value to two records are rejected before anything is written.

Values are the same where the store says so, too (``unique_key``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import unique_key
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.identifiers import Identifiers
from cmdb.reconciliation.lookup import Found, Lookup
from cmdb.reconciliation.problems import ProblemCollector

_UNASKED = ("reference", "money", "boolean")
"""Types whose values stand in the register in another form than in an import."""
#: The number of records with the same value that a message names.
_NAMED = 3


class ImportUniqueness:
    """Checks the settled and linked groups of an import. ``name_of``: id → (class, name). ``absent``: whether a (root
    class, attribute, value in lower case) was looked up and not found.
    """

    def __init__(
        self, schema: Schema, lookup: Lookup, identifiers: Identifiers, collector: ProblemCollector,
        name_of: Callable[[str], tuple[str, str]], absent: Callable[[str, str, str], bool],
    ) -> None:  # fmt: skip
        self._schema = schema
        self._lookup = lookup
        self._identifiers = identifiers
        self._collector = collector
        self._name_of = name_of
        self._known_absent = absent

    def check(self, clusters: Collection[Cluster]) -> None:
        """Rejects values that are not unique. A placeholder ("n/a") identifies nothing and is left out."""
        owners: dict[str, str] = {}
        for one in self._schema.tree():
            for attribute in one.attributes.values():
                if attribute.unique:
                    owners.setdefault(attribute.name, one.name)
        for name, owner in owners.items():
            self._check(name, frozenset(self._schema.family(owner)), clusters)

    def _check(self, name: str, classes: frozenset[str], clusters: Collection[Cluster]) -> None:
        stated = [
            (unique_key(name, value), cluster)
            for cluster in clusters
            if cluster.cls in classes and cluster.state in ("new", "same") and not cluster.reasons
            for statement in cluster.statements
            if (value := statement.values.get(name)) is not None
            and (cluster.known is None or cluster.known.values.get(name) != value)
        ]
        if not stated:
            return
        first = dict(reversed(stated))
        twice = {key for key, cluster in stated if first[key] is not cluster} if len(first) < len(stated) else ()
        doubtful: dict[Value, dict[int, Cluster]] = {}
        for key, cluster in stated:
            if key in twice or not self._is_absent(cluster.members[0].root, name, key):
                doubtful.setdefault(key, {})[id(cluster)] = cluster
        taken = self._taken(name, classes, doubtful)
        for key in doubtful:
            owners = list(doubtful[key].values())
            mine = {c.uid for c in owners}
            others = [u for u in taken.get(str(key), ()) if u not in mine]
            if others or len(owners) > 1:
                holders = [self._name_of(u)[1] for u in others] or [c.name for c in owners[: _NAMED + 1]]
                for cluster in owners:
                    self._refuse(cluster, name, key, holders)

    def _is_absent(self, root: str, name: str, key: Value) -> bool:
        """Whether no record has a value; of letters beyond A to Z it is known only by the look-up of unique values."""
        return isinstance(key, str) and key.isascii() and self._known_absent(root, name, key)

    def _taken(self, name: str, classes: frozenset[str], keys: Collection[Value]) -> Found:
        """Who has values. Of references, amounts, yes and no, the store says it when the revision is written."""
        owners = sorted(classes)
        if not keys or self._schema.attribute(owners[0], name).type in _UNASKED:
            return {}
        return self._lookup.by_unique_value(owners, name, [str(key) for key in keys])

    def _refuse(self, cluster: Cluster, name: str, key: Value, holders: list[str]) -> None:
        label = self._schema.attribute(cluster.cls, name).label
        value = next(
            str(v.values[name])
            for v in cluster.statements
            if name in v.values and unique_key(name, v.values[name]) == key
        )
        origins = [m.obs.origin for m in cluster.members if not m.implied]
        if isinstance(key, str) and not self._identifiers.tag(value):
            for statement in cluster.statements:
                statement.values.pop(name, None)
            message = Message("“{value}” identifies nothing; {attribute} was left blank.", value=value, attribute=label)
            self._collector.warning(cluster.members[0].obs.origin, label, value, message, "placeholder")
            return
        named = tuple(sorted(h for h in holders if h != cluster.name)[:_NAMED])
        if named:
            message = counted(
                "{attribute} “{value}” must be one record's only, and {names} has it.",
                "{attribute} “{value}” must be one record's only, and {names} have it.",
                len(named),
                attribute=label,
                value=value,
                names=named,
            )
        else:
            message = Message(
                "{attribute} “{value}” must be one record's only, and another row has it.", attribute=label, value=value
            )
        cluster.refuse(message)
        for origin in origins:
            self._collector.error(origin, label, value, message, "unique")
