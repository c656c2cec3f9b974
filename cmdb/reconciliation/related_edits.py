"""The edits of what belongs to records: links, software, rows of sections, sightings, assignments and events."""

from __future__ import annotations

from collections.abc import Callable, Collection

from cmdb.model.messages import counted, tr
from cmdb.model.observation import software_users
from cmdb.model.packed_edits import PackedEdits
from cmdb.model.schema import Schema
from cmdb.reconciliation.asked_values import ask
from cmdb.reconciliation.holder_events import HolderEvent, holder_event_edits
from cmdb.reconciliation.imported_links import ImportedLinks
from cmdb.reconciliation.listed_people import UnresolvedReference
from cmdb.reconciliation.lookup import Lookup
from cmdb.reconciliation.problems import ProblemCollector
from cmdb.reconciliation.proposal import Change, Proposal
from cmdb.reconciliation.reference_resolution import ReferenceResolution
from cmdb.reconciliation.related_rows import RelatedRows, first_found, user_named
from cmdb.reconciliation.relations import Relations
from cmdb.reconciliation.sections import SectionEdits
from cmdb.reconciliation.software import assignment_edits, installation_edits, sighting_edits
from cmdb.reconciliation.software_looks import software_seen, software_sightings


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
    for software, users in software_seen(rows, looked, linking, lookup, existing):
        check()
        added, removed = installation_edits(software, lookup, existing | users, edits)
        proposal.installed += added
        proposal.removed += removed
        again.update((uid, one.again) for uid, one in software.items() if one.again)
        touched.update(uid for uid, one in software.items() if one.changes)
    edits += sighting_edits(software_sightings(looked, again), lookup, existing)
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
            named.update(user_named(user, linking) for m in cluster.members for user in software_users(m.obs.installed))
    for row, reference_key, _ in rows.installations:
        if isinstance(linking.find(reference_key), str):
            named.add(user_named(row.installed.user, linking))
    for licence, holder, *_ in _assigned(rows, linking):
        named |= {licence, holder}
    for one in _happened(rows, linking):
        named |= {one.record, one.holder} if one.holder else {one.record}
    return named


def _assigned(rows: RelatedRows, linking: ReferenceResolution) -> list[tuple[str, str, str, str]]:
    """(licence, holder, observed, source) of the rows whose records are there."""
    found = []
    for _, licences, holders, (source, observed) in rows.assignments:
        licence, holder = first_found(licences, linking), first_found(holders, linking)
        if isinstance(licence, str) and isinstance(holder, str) and linking.taken(licence) and linking.taken(holder):
            found.append((licence, holder, observed, source))
    return found
