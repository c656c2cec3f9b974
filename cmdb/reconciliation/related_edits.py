"""Data that belongs to records: links, installed software, sightings and licence assignments of one import."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from cmdb.model.messages import Message, counted, tr
from cmdb.model.observation import (
    InstalledSoftware,
    Link,
    NamedReference,
    ObservedAssignment,
    ObservedEvent,
    ObservedInstallation,
    ObservedLink,
    Origin,
    Reading,
    software_rows,
    software_users,
)
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.schema import Schema
from cmdb.reconciliation.asked_values import ask
from cmdb.reconciliation.cluster import Cluster, SourceStatement
from cmdb.reconciliation.holder_events import HolderEvent, holder_event_edits
from cmdb.reconciliation.keys import IdentifiedObservation
from cmdb.reconciliation.link_refusals import LinkRefusals
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.proposal import Change, Proposal
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.references import ReferenceIndex, ReferenceKey
from cmdb.reconciliation.relations import Relations, StatedLink, stored_as
from cmdb.reconciliation.sections import SectionEdits
from cmdb.reconciliation.seen_links import SeenLinks
from cmdb.reconciliation.software import (
    SOFTWARE_SECTIONS,
    ObservedSoftware,
    assignment_edits,
    installation_edits,
    section_in_part,
    section_of,
    section_of_manager,
    sighting_edits,
)

_LENIENT = ("scan", "import")
_OPEN = ("ambiguous", "review")
"""Why it is open which record a mention is, though it may be one."""
#: Of what classes a holder may be that a log names without its kind, the likeliest first.
_HOLDERS = ("person", "place", "hardware", "team", "department")
#: Accounts that belong to no person.
_NOBODY = frozenset(
    {"system", "root", "administrator", "admin", "local service", "network service", "all users", "everyone"}
)


class RelatedRows:
    """The rows of an import that are not observations, with the references of these rows and of the observations'
    links.
    """

    def __init__(self, schema: Schema, readings: list[Reading], times: list[str], wanted: ReferenceIndex) -> None:
        self._schema = schema
        self._wanted = wanted
        self.links: list[tuple[ObservedLink, ReferenceKey, ReferenceKey, tuple[str, str]]] = []
        self.installations: list[tuple[ObservedInstallation, ReferenceKey, tuple[str, str]]] = []
        self.assignments: list[tuple[ObservedAssignment, list[ReferenceKey], list[ReferenceKey], tuple[str, str]]] = []
        self.events: list[tuple[ObservedEvent, ReferenceKey, list[ReferenceKey]]] = []
        for reading, observed in zip(readings, times, strict=True):
            said = (reading.source.key, observed)
            for obs in reading.observations:
                for link in obs.links:
                    for end in self.ends(link):
                        wanted.add(end, said, obs.origin, optional=bool(link.known_as))
                for user in software_users(obs.installed):
                    self._note_user(user, said, obs.origin)
            self._note_rows(reading, said)

    def _note_rows(self, reading: Reading, said: tuple[str, str]) -> None:
        add = self._wanted.add
        for link in reading.links:
            kind = self._schema.relationship(link.type)
            source = add(_want(link.source, kind.subjects), said, link.origin)
            target = add(_want(link.target, kind.objects), said, link.origin)
            if link.known:
                self._wanted.strict.update((source, target))
            self.links.append((link, source, target, said))
        for one in reading.installations:
            reference_key = add(_want(one.computer, ("computer",)), said, one.origin)
            self._wanted.strict.add(reference_key)
            if one.installed.user:
                self._note_user(one.installed.user, said, one.origin)
            self.installations.append((one, reference_key, said))
        for held in reading.assignments:
            licences = self._wants_by_class(held.licence, ("entitlement", "software_product"), said, held.origin)
            holders = self._wants_by_class(held.holder, ("person", "computer"), said, held.origin)
            self.assignments.append((held, licences, holders, said))
        for event in reading.events:
            item = add(_want(event.item, ("hardware",)), said, event.origin)
            self._wanted.strict.add(item)
            taken = self._wants_by_class(event.holder, _HOLDERS, said, event.origin) if event.holder else []
            self.events.append((event, item, taken))

    def _wants_by_class(
        self, mention: NamedReference, classes: tuple[str, ...], said: tuple[str, str], origin: Origin
    ) -> list[ReferenceKey]:
        """A mention in each of its possible classes, the most likely first. Only people are created for it."""
        stated = mention.cls if mention.cls in self._schema.classes and mention.cls != "ci" else ""
        order = dict.fromkeys((stated, *classes) if stated in ("", *classes) else (stated,))
        found = []
        for cls in order:
            if not cls:
                continue
            reference_key: ReferenceKey = (cls, cls, mention.name, mention.values)
            creatable = cls == "person" and stated == "person"
            self._wanted.add(reference_key, said, origin, optional=not creatable)
            found.append(reference_key)
        return found

    def _note_user(self, user: str, said: tuple[str, str], origin: Origin) -> None:
        lenient = said[0].startswith(_LENIENT) or user.casefold() in _NOBODY
        self._wanted.add(user_want(user), said, origin, optional=lenient)

    def ends(self, link: Link) -> list[ReferenceKey]:
        """The mentions of the other end of an observation's link, the best first."""
        kind = self._schema.relationship(link.type)
        return [_want(one, kind.subjects if link.inverse else kind.objects) for one in link.known_as or (link.other,)]


def _want(mention: NamedReference, classes: tuple[str, ...]) -> ReferenceKey:
    cls = "" if mention.cls == "ci" else mention.cls
    target = cls or ("ci" if "ci" in classes else "|".join(classes))
    return (target, cls, mention.name, mention.values)


def user_want(user: str) -> ReferenceKey:
    """The mention of the person who is an installation's user."""
    return ("person", "person", user, ())


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


def write_records(
    rows: RelatedRows,
    links: ImportedLinks,
    linking: ReferenceResolution,
    lookup: Lookup,
    proposal: Proposal,
    schema: Schema,
    edits: PackedEdits,
    check: Callable[[], None],
) -> None:
    """Adds the edits of everything except CIs, counted in the proposal. ``check`` ends it where it was cancelled."""
    taken = [c for c in linking.clusters if c.state in ("new", "same") and not c.reasons]
    looked = [c for c in taken if any(m.obs.sections or m.obs.installed or m.obs.details for m in c.members)]
    # Rows that are rejected here belong to records, too.
    existing = {c.uid for c in linking.clusters if c.state == "same"}
    stated_links = [
        w
        for w in links.stated_links
        if not (w.row and w.row.reasons) and linking.taken(w.source) and linking.taken(w.target)
    ]
    existing |= {e for w in stated_links for e in (w.source, w.target) if linking.cluster_of(e) is None}
    gone = links.seen.ended(links.good, existing)
    found, made, proposal.ended = links.relations.edits(stated_links, existing, gone)
    edits += found
    proposal.relationships = made + links.stated
    _count_groups(links.relations, linking, proposal)
    again: dict[str, set[tuple[str, str]]] = {}
    touched: set[str] = set()
    for software, users in _software(rows, looked, linking, lookup, existing):
        check()
        added, removed = installation_edits(software, lookup, existing | users, edits)
        proposal.installed += added
        proposal.removed += removed
        again.update((uid, one.again) for uid, one in software.items() if one.again)
        touched.update(uid for uid, one in software.items() if one.changes)
    edits += sighting_edits(_software_sightings(looked, again), lookup, existing)
    details = SectionEdits(schema, lookup, ProblemCollector(), edits)
    details.add([c for c in looked if any(m.obs.details or m.obs.sections for m in c.members)], existing)
    proposal.sections = details.counts
    proposal.problems += details.collector.problems()
    _count_touched(touched | details.touched, proposal)
    edits += ask(schema, lookup, proposal, details.asked, details.agreed)
    wanted = _assigned(rows, linking)
    held = {u for licence, *_ in wanted for u in (licence,) if linking.cluster_of(u) is None} | existing
    assigned = assignment_edits(wanted, lookup, held)
    proposal.assigned = sum(edit.before is None and not edit.field for edit in assigned)
    happened = list(holder_event_edits(_happened(rows, linking), lookup))
    proposal.events = len(happened)
    edits += happened
    edits += assigned


def _happened(rows: RelatedRows, linking: ReferenceResolution) -> list[HolderEvent]:
    """The events of the rows whose records are there."""
    found = []
    for event, item, holders in rows.events:
        uid, holder = linking.find(item), first_found(holders, linking) if holders else None
        if not isinstance(uid, str) or not linking.taken(uid) or isinstance(holder, UnresolvedReference):
            continue
        if holder is None or linking.taken(holder):
            found.append(HolderEvent(uid, event.at, event.verb, holder))
    return found


def _count_touched(touched: Collection[str], proposal: Proposal) -> None:
    """Counts records as changed whose values stay, and whose rows of sections or installations don't."""
    for change in proposal.changes if touched else ():
        if change.state == "unchanged" and change.uid in touched:
            change.state = "changed"
            proposal.unchanged -= 1
            proposal.updated += 1


def _count_groups(relations: Relations, linking: ReferenceResolution, proposal: Proposal) -> None:
    """Counts records whose groups change as changed, and warns of groups that can't be up."""
    if relations.regrouped:
        shown = {change.uid: change for change in proposal.changes}
        for uid, origin in relations.regrouped.items():
            change = shown.get(uid)
            if change is None:
                cls, name = linking.name_of(uid)
                proposal.changes.append(Change(uid, cls, name, "changed", [origin]))
            elif change.state == "unchanged":
                change.state = "changed"
                proposal.unchanged -= 1
            else:
                continue
            proposal.updated += 1
    short = ProblemCollector()
    for stated, needs, there in relations.short:
        message = counted(
            "Group “{group}” of {name} needs {needs} members, and it has {count}: it can't be up.",
            "Group “{group}” of {name} needs {needs} members, and it has {count}: it can't be up.",
            there,
            group=stated.group,
            name=linking.name_of(relations.owner(stated))[1],
            needs=needs,
        )
        short.warning(stated.origin, tr("Needs"), needs, message, "group", code="group.short")
    proposal.problems += short.problems()


def named_by_rows(rows: RelatedRows, links: ImportedLinks, linking: ReferenceResolution) -> set[str]:
    """Ids of the records that links, installations and assignments of good rows name."""
    named = {end for w in links.good if not (w.row and w.row.reasons) for end in (w.source, w.target)}
    for cluster in linking.clusters:
        if cluster.state in ("new", "same") and not cluster.reasons:
            named.update(_user(user, linking) for m in cluster.members for user in software_users(m.obs.installed))
    for row, reference_key, _ in rows.installations:
        if isinstance(linking.find(reference_key), str):
            named.add(_user(row.installed.user, linking))
    for licence, holder, *_ in _assigned(rows, linking):
        named |= {licence, holder}
    for one in _happened(rows, linking):
        named |= {one.record, one.holder} if one.holder else {one.record}
    return named


_SCOPE, _USER, _ORIGIN = (
    list(InstalledSoftware.__dataclass_fields__).index(name) for name in ("scope", "user", "origin")
)
_AT_ONCE = 20_000
"""Installations that are compared at once, to limit the memory of a large import."""
_LOOKS_AT_ONCE = 500
"""Records whose last looks are asked for at once."""


def _software_sightings(
    looked: list[Cluster], again: Mapping[str, set[tuple[str, str]]]
) -> Iterator[tuple[str, str, str, str]]:
    """Record, source, section and time where software was inspected completely, or (``again``) all that the source had
    stated was seen again; of several looks the first one counts then, as another may have seen less. A look that saw a
    part otherwise is told, too: what it saw, an older look doesn't remove.
    """
    for cluster in looked:
        first: dict[str, str] = {}
        for one in cluster.members:
            first[one.source] = min(one.observed, first.get(one.source, one.observed))
        for one in cluster.members:
            if not one.obs.sections and not one.obs.package_managers:
                continue  # a list of software looks at nothing
            in_part = _seen_in_part(one)
            for section in sorted(SOFTWARE_SECTIONS):
                if section in one.obs.sections:
                    yield cluster.uid, one.source, section, one.observed
                elif (one.source, section) in again.get(cluster.uid, ()):
                    yield cluster.uid, one.source, section, first[one.source]
                elif section in in_part:
                    yield cluster.uid, one.source, section_in_part(section), one.observed
            for name in sorted(one.obs.package_managers):
                yield cluster.uid, one.source, section_of_manager(name), one.observed


def _seen_in_part(one: IdentifiedObservation) -> set[str]:
    """The sections of which a look saw installations without seeing all of the section or of the package manager."""
    if SOFTWARE_SECTIONS.issubset(one.obs.sections):
        return set()
    seen = {(section_of(row[_SCOPE]), row[_ORIGIN]) for row in software_rows(one.obs.installed)}
    of_managers = {("software", name) for name in one.obs.package_managers}
    return {section for section, _ in seen - of_managers}.difference(one.obs.sections)


def _software(
    rows: RelatedRows, taken: list[Cluster], linking: ReferenceResolution, lookup: Lookup, existing: set[str]
) -> Iterator[tuple[dict[str, ObservedSoftware], set[str]]]:
    """The software seen on computers, some of them at a time, and those that only installation rows name."""
    stated: dict[str, list[tuple[InstalledSoftware, str]]] = {}
    others: set[str] = set()
    for row, reference_key, said in rows.installations:
        uid = linking.find(reference_key)
        if isinstance(uid, UnresolvedReference) or not linking.taken(uid):
            continue
        if linking.cluster_of(uid) is None:
            others.add(uid)
        stated.setdefault(uid, []).append((row.installed, said[0]))
    clusters = {cluster.uid: cluster for cluster in taken}
    found: dict[str, ObservedSoftware] = {}
    number = 0
    wanted = sorted(clusters.keys() | stated.keys())
    for start in range(0, len(wanted), _LOOKS_AT_ONCE):
        uids = wanted[start : start + _LOOKS_AT_ONCE]
        seen = _last_looks([uid for uid in uids if uid in clusters and uid in existing], lookup)
        for uid in uids:
            software = _software_of(uid, clusters.get(uid), stated.get(uid, ()), seen.get(uid, {}), linking)
            if software is None:
                continue
            found[uid] = software
            number += len(software.releases) + 1
            if number >= _AT_ONCE:
                yield found, others
                found, number = {}, 0
    yield found, others


def _last_looks(uids: list[str], lookup: Lookup) -> dict[str, dict[tuple[str, str], str]]:
    """Record → when the register's sources looked last at software: by section, as ("", section), and at what a package
    manager installed or another part of a section, as (source, section of it).
    """
    in_part = {section_in_part(section) for section in SOFTWARE_SECTIONS}
    found: dict[str, dict[tuple[str, str], str]] = {}
    for (uid, source, section), one in (lookup.sightings(uids) if uids else {}).items():
        if section.startswith("software.") or section in SOFTWARE_SECTIONS or section in in_part:
            part = ("" if section in SOFTWARE_SECTIONS else source, section)
            last = found.setdefault(uid, {})
            last[part] = max(one.observed, last.get(part, ""))
    return found


def _software_of(
    uid: str,
    cluster: Cluster | None,
    stated: Iterable[tuple[InstalledSoftware, str]],
    seen: Mapping[tuple[str, str], str],
    linking: ReferenceResolution,
) -> ObservedSoftware | None:
    """The software that was seen on a computer, and that rows state of it; None if nobody looked.

    ``seen``: when somebody looked last, as the register says; see ``_last_looks``.
    """
    software = ObservedSoftware(uid)
    looked_at = False
    members = cluster.members if cluster is not None else []
    latest = dict(seen)
    for one in members:
        parts = [("", section) for section in SOFTWARE_SECTIONS.intersection(one.obs.sections)]
        parts += [(one.source, section_of_manager(name)) for name in one.obs.package_managers]
        latest.update((part, max(one.observed, latest.get(part, ""))) for part in parts)
    for one in members:
        whole = SOFTWARE_SECTIONS.intersection(one.obs.sections)
        managers = one.obs.package_managers
        if not one.obs.installed and not whole and not managers:
            continue
        looked = whole | {"software"} if managers else whole
        # A look that is older than another one may list software that was removed since.
        older = {section for section in looked if one.observed < latest.get(("", section), "")}
        if looked and older == looked:
            continue
        late = _later(latest, one.observed)
        looked_at = True
        software.whole.update(whole - older)
        software.later.update(dict.fromkeys(whole - older, late))
        if "software" not in older and (one.source, section_in_part("software")) not in late:
            here = {name for name in managers if (one.source, section_of_manager(name)) not in late}
            software.package_managers.setdefault(one.source, set()).update(here)
        for row in software_rows(one.obs.installed):
            seen_later = (one.source, section_of_manager(row[_ORIGIN])) in late
            if not seen_later and (not older or section_of(row[_SCOPE]) not in older):
                software.add(row, _user(row[_USER], linking), one.source)
    for installed, source in stated:
        looked_at = True
        for row in software_rows((installed,)):
            software.add(row, _user(row[_USER], linking), source)
    return software if looked_at else None


def _later(latest: Mapping[tuple[str, str], str], observed: str) -> set[tuple[str, str]]:
    """The looks at parts of sections that are later than one: their source and what they saw."""
    return {(source, section) for (source, section), when in latest.items() if source and observed < when}


def _user(user: str, linking: ReferenceResolution) -> str:
    if not user:
        return ""
    found = linking.find(user_want(user))
    return found if isinstance(found, str) and linking.taken(found) else ""


def _assigned(rows: RelatedRows, linking: ReferenceResolution) -> list[tuple[str, str, str, str]]:
    """(licence, holder, observed, source) of the rows whose records are there."""
    found = []
    for _, licences, holders, (source, observed) in rows.assignments:
        licence, holder = first_found(licences, linking), first_found(holders, linking)
        if isinstance(licence, str) and isinstance(holder, str) and linking.taken(licence) and linking.taken(holder):
            found.append((licence, holder, observed, source))
    return found


def first_found(reference_keys: list[ReferenceKey], linking: ReferenceResolution) -> str | UnresolvedReference:
    """The id that the first of several readings of a mention leads to."""
    failure: UnresolvedReference | None = None
    for reference_key in reference_keys:
        found = linking.find(reference_key)
        if isinstance(found, str):
            return found
        if failure is None or not failure.message:
            failure = found
    return failure or UnresolvedReference(Message("Nothing is named."), code="reference.blank")


def check_rows(rows: RelatedRows, linking: ReferenceResolution, collector: ProblemCollector) -> None:
    """Rejects installation and assignment rows that name missing records."""
    for row, reference_key, _ in rows.installations:
        found = linking.find(reference_key)
        if isinstance(found, UnresolvedReference):
            collector.error(
                row.origin, tr("Computer"), reference_key[2], found.message, found.kind, suggested=found.suggested,
                code=found.code,
            )  # fmt: skip
            linking.reject_row(row.origin, found.message)
    for held, licences, holders, _ in rows.assignments:
        ends = ((tr("Entitlement"), licences, held.licence), (tr("Person"), holders, held.holder))
        for column, reference_keys, mention in ends:
            found = first_found(reference_keys, linking)
            if isinstance(found, UnresolvedReference):
                message = found.message or Message("There is no “{name}” to assign to or from.", name=mention.name)
                complain = collector.warning if held.beside else collector.error
                complain(
                    held.origin, column, mention.name, message, found.kind, suggested=found.suggested, code=found.code
                )
                if not held.beside:
                    linking.reject_row(held.origin, message)
    for event, item, holders in rows.events:
        _check_event(event, item, holders, linking, collector)


def _check_event(
    event: ObservedEvent,
    item: ReferenceKey,
    holders: list[ReferenceKey],
    linking: ReferenceResolution,
    collector: ProblemCollector,
) -> None:
    """Rejects a row of a log that names a thing or a holder whom the register does not know."""
    ends = [(tr("Item"), event.item, linking.find(item))]
    if event.holder is not None:
        ends.append((tr("Holder"), event.holder, first_found(holders, linking)))
    for column, mention, found in ends:
        if isinstance(found, UnresolvedReference):
            message = found.message or Message(
                "There is no person, place or item called “{name}”. Import those first.", name=mention.name
            )
            collector.error(
                event.origin, column, mention.name, message, found.kind, suggested=found.suggested, code=found.code
            )
            linking.reject_row(event.origin, message)
