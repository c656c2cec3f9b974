"""Finds rows in which a record enters a phase without the values that the schema requires, such as a date and a way."""

from __future__ import annotations

from collections.abc import Collection

from cmdb.model import life_cycle
from cmdb.model.claims import effective
from cmdb.model.life_cycle import STATUS
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.model.values import label_of
from cmdb.reconciliation.cluster import Cluster, with_statements
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector


class PhaseChecks:
    """Checks the settled groups of an import. For a known record only the status is left out. The row of a new record
    is rejected.
    """

    def __init__(self, schema: Schema, lookup: Lookup, collector: ProblemCollector) -> None:
        self._schema = schema
        self._lookup = lookup
        self._collector = collector
        self._guarded: dict[str, frozenset[str]] = {}
        """Cells that were left out."""

    def check(self, clusters: Collection[Cluster]) -> None:
        """Checks every group that states a status with requirements."""
        doubtful = [c for c in clusters if c.state in ("new", "same") and not c.reasons and self._states_one(c)]
        said = self._lookup.claims([c.uid for c in doubtful if c.known is not None]) if doubtful else {}
        for cluster in doubtful:
            values = effective(self._schema, cluster.cls, with_statements(cluster, said.get(cluster.uid, {})))
            before = None if cluster.known is None else cluster.known.values.get(STATUS)
            status = values.get(STATUS)
            if not isinstance(status, str) or status == before or status not in self._guarded_statuses(cluster.cls):
                continue
            lacks = life_cycle.missing(self._schema, cluster.cls, before, values)
            if lacks:
                self._refuse(cluster, status, life_cycle.refusal(self._schema, cluster.cls, status, lacks))

    def _guarded_statuses(self, cls: str) -> frozenset[str]:
        """The statuses of a class that have requirements."""
        found = self._guarded.get(cls)
        if found is None:
            attribute = self._schema.classes[cls].attributes.get(STATUS)
            found = self._guarded[cls] = frozenset(
                choice.value
                for choice in (attribute.choices if attribute is not None else ())
                if life_cycle.requirements(self._schema, cls, choice.value)
            )
        return found

    def _states_one(self, cluster: Cluster) -> bool:
        guarded = self._guarded_statuses(cluster.cls)
        return bool(guarded) and any(statement.values.get(STATUS) in guarded for statement in cluster.statements)

    def _refuse(self, cluster: Cluster, status: str, message: Message) -> None:
        attribute = self._schema.attribute(cluster.cls, STATUS)
        shown = label_of(attribute, status)
        origins = [m.obs.origin for m in cluster.members if m.obs.values.get(STATUS) == status]
        if cluster.known is None:
            cluster.refuse(message)
            for origin in origins:
                self._collector.error(origin, attribute.label, shown, message, "phase")
            return
        for statement in cluster.statements:
            if statement.values.get(STATUS) == status:
                statement.values = {name: value for name, value in statement.values.items() if name != STATUS}
        cluster.partly = True
        for origin in origins:
            left = Message("{problem} The status was left as it is.", problem=message)
            self._collector.left_out(origin, attribute.label, shown, left, "phase", code="phase.left")
