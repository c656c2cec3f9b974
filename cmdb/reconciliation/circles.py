"""Finds rows by which a record would come to stand in itself, be its own host or its own manager, and rejects them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from cmdb.model.circles import circles, in_circles, steps_to_be
from cmdb.model.claims import effective
from cmdb.model.hierarchies import refusal, steps_of
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster, with_statements
from cmdb.reconciliation.imported_links import ImportedLinks
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.relations import StatedLink

_LENIENT = ("scan", "import")
_Above = dict[str, set[str]]
"""Record → what is directly above it."""


class _NewStep(NamedTuple):
    """A step upward that the import would make, and what states it: a group's attribute, or a link."""

    record: str
    target: str
    attribute: str = ""
    cluster: Cluster | None = None
    link: StatedLink | None = None


class CircleChecks:
    """Checks the settled groups and links of an import, hierarchy by hierarchy.

    Every row that states a step of a circle is rejected, so the order of rows makes no difference. Only chains that
    begin with new steps are followed.
    """

    def __init__(
        self,
        schema: Schema,
        lookup: Lookup,
        collector: ProblemCollector,
        linking: ReferenceResolution,
        links: ImportedLinks,
    ) -> None:
        self._schema = schema
        self._lookup = lookup
        self._collector = collector
        self._linking = linking
        self._links = links
        self._of_class: dict[str, tuple[tuple[str, str], ...]] = {}

    def check(self) -> bool:
        """Rejects what would close a circle. Returns whether there was anything."""
        found = False
        while self._check():  # what is rejected leaves steps of the present in place, which may close another circle
            found = True
        return found

    def _check(self) -> bool:
        steps: dict[str, list[_NewStep]] = {}
        leaving: dict[str, _Above] = {}
        for hierarchy, one in self._steps(leaving):
            steps.setdefault(hierarchy, []).append(one)
        rejected = False
        for hierarchy, new in steps.items():
            upward = [(one.record, one.target) for one in new]
            above = steps_to_be(upward, leaving.get(hierarchy, {}), partial(self._present, hierarchy))
            pairs = [(one, target) for one, target in upward if one in above and target in above]
            closing = set(in_circles(above, pairs))
            if closing:
                rejected = True
                self._linking.want_names({end for pair in closing for end in pair})
                for one in new:
                    if (one.record, one.target) in closing:
                        self._reject(hierarchy, one, above)
        return rejected

    # -- what the import would change -------------------------------------------------------------------------------

    def _steps(self, leaving: dict[str, _Above]) -> Iterator[tuple[str, _NewStep]]:
        """The new steps with their hierarchies. ``leaving`` gets those that are replaced, or end."""
        taken = [c for c in self._linking.clusters if c.state in ("new", "same") and not c.reasons]
        named = self._named(taken)  # nothing leads to a new record that is not among them
        stating = [c for c in taken if (c.known is not None or c.uid in named) and self._states_one(c)]
        known = [c.uid for c in stating if c.known is not None]
        said = self._lookup.claims(known) if known else {}
        for cluster in stating:
            values = self._values(cluster, said)
            present: Mapping[str, Any] = {} if cluster.known is None else cluster.known.values
            for attribute, hierarchy in self._steps_of(cluster.cls):
                target, before = values.get(attribute), present.get(attribute)
                if target == before:
                    continue
                if before is not None:
                    leaving.setdefault(hierarchy, {}).setdefault(cluster.uid, set()).add(before)
                if target is not None:
                    yield hierarchy, _NewStep(cluster.uid, target, attribute, cluster)
        of_type = {kind: name for name, one in self._schema.hierarchies.items() for kind in one.types}
        linked = [one for one in self._links.stated_links if one.type in of_type and not one.rejected]
        for kind, source, target in self._links.ending() if linked else ():
            if kind in of_type:
                leaving.setdefault(of_type[kind], {}).setdefault(source, set()).add(target)
        for link in linked:
            if not (link.row and link.row.reasons):
                yield of_type[link.type], _NewStep(link.source, link.target, link=link)

    def _named(self, clusters: Iterable[Cluster]) -> set[Any]:
        """What groups and links would stand in."""
        found: set[Any] = {link.target for link in self._links.stated_links}
        by_class: dict[str, list[Mapping[str, Any]]] = {}
        for cluster in clusters:
            by_class.setdefault(cluster.cls, []).extend([statement.values for statement in cluster.statements])
        for cls, stated in by_class.items():
            for attribute, _ in self._steps_of(cls):
                found.update([values.get(attribute) for values in stated])
        return found

    def _steps_of(self, cls: str) -> tuple[tuple[str, str], ...]:
        found = self._of_class.get(cls)
        if found is None:
            found = self._of_class[cls] = steps_of(self._schema.hierarchies, cls)
        return found

    def _states_one(self, cluster: Cluster) -> bool:
        """Whether a group states a step that the register doesn't have."""
        present: Mapping[str, Any] = {} if cluster.known is None else cluster.known.values
        for attribute, _ in self._steps_of(cluster.cls):
            for statement in cluster.statements:
                if statement.values.get(attribute, present.get(attribute)) != present.get(attribute):
                    return True
        return False

    def _values(self, cluster: Cluster, said: Mapping[str, Any]) -> Mapping[str, Any]:
        if cluster.known is None and len(cluster.statements) == 1:
            return cluster.statements[0].values
        return effective(self._schema, cluster.cls, with_statements(cluster, said.get(cluster.uid, {})))

    def _present(self, hierarchy: str, uids: Iterable[str]) -> Mapping[str, Collection[str]]:
        """What is above records as the register is; above new ones, nothing."""
        return self._lookup.above(hierarchy, self._known(uids))

    def _known(self, uids: Iterable[str]) -> Collection[str]:
        found = []
        for uid in uids:
            cluster = self._linking.cluster_of(uid)
            if cluster is None or cluster.state == "same":
                found.append(uid)
        return sorted(found)

    # -- rejecting --------------------------------------------------------------------------------------------------

    def _reject(self, hierarchy: str, step: _NewStep, above: _Above) -> None:
        circle = circles(above, [(step.record, step.target)])[0]
        self._linking.want_names(circle)
        message = refusal(hierarchy, [self._linking.name_of(uid)[1] for uid in circle])
        value = self._linking.name_of(step.target)[1]
        if step.link is not None:
            self._links.reject(step.link, value, message)
        elif step.cluster is not None:
            self._reject_value(step.cluster, step.attribute, value, message)

    def _reject_value(self, cluster: Cluster, attribute: str, value: str, message: Message) -> None:
        label = self._schema.attribute(cluster.cls, attribute).label
        for link in self._links.of_attribute.get((cluster.uid, attribute), ()):
            self._links.reject(link, value, message)
        for statement in cluster.statements:
            if attribute not in statement.values:
                continue
            members = [one for one in cluster.members if one.source == statement.source]
            if statement.implied or statement.source.startswith(_LENIENT):
                statement.values = {name: said for name, said in statement.values.items() if name != attribute}
                left = Message("{problem} The attribute “{attribute}” was left out.", problem=message, attribute=label)
                if (cluster.uid, attribute) not in self._links.of_attribute:
                    for one in members:
                        self._collector.warning(
                            one.obs.origin, label, value, left, "hierarchy", code="hierarchy.circle"
                        )
                continue
            if message not in cluster.reasons:
                cluster.refuse(message)
            for one in members:
                if not one.implied:
                    self._collector.error(one.obs.origin, label, value, message, "hierarchy", code="hierarchy.circle")
