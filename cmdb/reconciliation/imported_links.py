"""The links of one import, checked; those that a reference attribute stores become statements of its value."""

from __future__ import annotations

from cmdb.model.messages import Message, tr
from cmdb.model.schema import Schema
from cmdb.reconciliation.cluster import Cluster, SourceStatement
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.link_refusals import LinkRefusals
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.related_rows import RelatedRows
from cmdb.reconciliation.relations import LinkKey, Relations, StatedLink, stored_as
from cmdb.reconciliation.seen_links import SeenLinks

_OPEN = ("ambiguous", "review")
"""Why it is open which record a mention is, though it may be one."""


class ImportedLinks:
    """The links of an import, checked. A link that a reference attribute stores becomes a statement of its value."""

    def __init__(
        self,
        schema: Schema,
        lookup: Lookup,
        collector: ProblemCollector,
        linking: ReferenceResolution,
        rows: RelatedRows,
    ) -> None:
        self._schema = schema
        self._lookup = lookup
        self._collector = collector
        self._linking = linking
        self._rows = rows
        self._refusals = LinkRefusals(collector, linking)
        self.relations = Relations(schema, lookup, self._refusals.complain, linking.name_of)
        self.seen = SeenLinks(schema, lookup, linking)
        self.stated_links: list[StatedLink] = []
        self.good: list[StatedLink] = []
        """All that nothing is wrong with; ``stated_links`` are those of them that no attribute stands for."""
        self.stated = 0
        """Links that are made as values of reference attributes."""
        self.of_attribute: dict[tuple[str, str], list[StatedLink]] = {}
        """Record and reference attribute → the links that state its value."""

    def run(self) -> None:
        """Collects, checks and sorts all links."""
        taken = [c for c in self._linking.clusters if c.state in ("new", "same") and not c.reasons]
        self.seen.look_at(taken)
        for cluster in taken:
            for one in cluster.members:
                if one.obs.links:
                    self._of_observation(cluster, one)
        for link, source, target, said in self._rows.links:
            ends = [self._linking.find(source), self._linking.find(target)]
            failed = [(w, e) for w, e in zip((source, target), ends, strict=True) if isinstance(e, UnresolvedReference)]
            for reference_key, failure in failed:
                column = tr("Source") if reference_key is source else tr("Target")
                self._collector.error(
                    link.origin, column, reference_key[2], failure.message, failure.kind, suggested=failure.suggested,
                    code=failure.code,
                )  # fmt: skip
                self._linking.reject_row(link.origin, failure.message)
            if not failed:
                self.stated_links.append(
                    StatedLink(link.type, str(ends[0]), str(ends[1]), link.group, link.needs, link.origin, said)
                )
        self._linking.want_names(e for w in self.stated_links for e in (w.source, w.target))
        self.stated_links = [w for w in self.stated_links if not self.seen.is_outdated(w)]
        self.relations.check(self.stated_links)
        self.good = [w for w in self.stated_links if not w.rejected]
        self.stated_links = self._state(self.good)

    def _of_observation(self, cluster: Cluster, one: IdentifiedObservation) -> None:
        for link in one.obs.links:
            answers = [self._linking.find(end) for end in self._rows.ends(link)]
            found = next((one for one in answers if isinstance(one, str)), answers[0])
            if link.known_as and (not isinstance(found, str) or found == cluster.uid):
                if any(isinstance(one, UnresolvedReference) and one.kind in _OPEN for one in answers):
                    self.seen.doubt(cluster.uid, one.source)
                continue
            if isinstance(found, UnresolvedReference) and not found.each:
                kind = self._schema.relationship(link.type)
                column = link.column or (kind.inverse if link.inverse else kind.label)
                self._refusals.fail(cluster, one.obs.origin, (one.source, one.observed), column, link.other.name, found)
                continue
            said = (one.source, one.observed)
            for other in (found,) if isinstance(found, str) else found.each:
                source, target = (other, cluster.uid) if link.inverse else (cluster.uid, other)
                self.stated_links.append(
                    StatedLink(
                        link.type, source, target, link.group, link.needs, one.obs.origin, said, cluster, link.column
                    )
                )

    def ending(self) -> list[LinkKey]:
        """The relationships of the register that end by this import."""
        existing = {c.uid for c in self._linking.clusters if c.state == "same"}
        return self.relations.ending(self.seen.ended(self.good, existing))

    def reject(self, stated_link: StatedLink, value: str, message: Message) -> None:
        """Rejects a link that would close a circle in a hierarchy. ``value``: the name of its target."""
        if not stated_link.rejected:
            stated_link.rejected = True
            if stated_link not in self.stated_links:
                self.stated -= 1
            self.good = [one for one in self.good if one is not stated_link]
            self._refusals.complain(stated_link, tr("Target"), value, message, "hierarchy", "hierarchy.circle")

    def _state(self, stated_links: list[StatedLink]) -> list[StatedLink]:
        """Turns links that a reference attribute stores into statements of its value; returns the other links."""
        left: list[StatedLink] = []
        stated: dict[tuple[str, str, str], list[StatedLink]] = {}
        for stated_link in stated_links:
            name = self._linking.name_of
            attribute = stored_as(
                self._schema, stated_link.type, name(stated_link.source)[0], name(stated_link.target)[0]
            )
            if attribute:
                stated.setdefault((stated_link.source, attribute, stated_link.said[0]), []).append(stated_link)
            else:
                left.append(stated_link)
        for (uid, attribute, _), its in stated.items():
            self._state_one(uid, attribute, its)
        return left

    def _state_one(self, uid: str, attribute: str, its: list[StatedLink]) -> None:
        cluster = self._linking.cluster_of(uid) or self._known(uid, its[0])
        statements = cluster.statements
        statement = next((v for v in statements if v.source == its[0].said[0]), None)
        if statement is None:
            statement = SourceStatement(*its[0].said, {}, implied=True)
            cluster.statements = (*statements, statement)
        targets = {w.target for w in its} | ({statement.values[attribute]} if attribute in statement.values else set())
        if len(targets) > 1:
            label = self._schema.attribute(cluster.cls, attribute).label
            names = tuple(sorted(self._linking.name_of(t)[1] for t in targets))
            message = Message(
                "{name} can have one {attribute} only, and the file names several: {names}.",
                name=cluster.name,
                attribute=label,
                names=names,
            )
            for stated_link in its:
                value = self._linking.name_of(stated_link.target)[1]
                self._refusals.complain(stated_link, label, value, message, "relationship", "relationship.several")
            return
        self.of_attribute.setdefault((uid, attribute), []).extend(its)
        if attribute not in statement.values:
            (statement.values[attribute],) = targets
            known = cluster.known.values.get(attribute) if cluster.known is not None else None
            self.stated += known != its[0].target

    def _known(self, uid: str, stated_link: StatedLink) -> Cluster:
        """A group for a record that the import states nothing else about."""
        from cmdb.model.observation import Observation

        known = self._lookup.cis([uid])[uid]
        seen = IdentifiedObservation(Observation(known.cls, {}, stated_link.origin), *stated_link.said, "", {})
        seen.implied = True
        cluster = Cluster([seen])
        cluster.state, cluster.uid, cluster.known = "same", uid, known
        cluster.cls, cluster.name = known.cls, str(known.values.get("name", ""))
        self._linking.add_cluster(cluster, SourceStatement(*stated_link.said, {}, implied=True))
        return cluster
