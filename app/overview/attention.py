"""Items that need attention besides counted lists: groups without a spare member, and licences that are short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dependence import Dependence
from app.licences.position_order import ranked
from app.overview.figures import AttentionItem, finding
from app.reviews.found_pairs import pairs_number
from app.reviews.open_questions import open_number, unknown_codes
from cmdb.graph.results import DependencyGroup
from cmdb.licences.labels import amount
from cmdb.model.errors import Cancelled
from cmdb.model.formats import Amount
from cmdb.model.messages import Message, chain, counted, verbatim

if TYPE_CHECKING:
    from datetime import date

    from app.answer_cache import AnswerCache
    from app.jobs import Jobs
    from app.workspace import Workspace
    from cmdb.licences.engine.results import Positions
    from cmdb.store.reading.reader import Reader

#: How many short licences are listed by name; their page has the rest.
NAMED = 4
#: A task about what needs attention names no more records than this.
MOST_RECORDS = 500
#: For how many groups the services that depend on them are counted.
LOOKED_AT = 200


def questions(reader: Reader, remembered: AnswerCache, jobs: Jobs) -> list[AttentionItem]:
    """The questions of Review: those of imports and scans, and the pairs of records that look like one.

    All records are looked through for pairs, in a worker; if a person stops that, the others are counted alone.
    """
    codes = unknown_codes(reader)
    waiting, text = open_number(reader) - codes, Message("at least wait for your decision")
    try:
        waiting += pairs_number(remembered, reader, jobs)
        text = counted("waits for your decision", "wait for your decision", waiting)
    except Cancelled:
        pass
    subject = counted("{count} question", "{count} questions", waiting)
    found = [finding("questions", subject, text, "review")] if waiting else []
    if codes:
        subject = counted("{count} code", "{count} codes", codes)
        found.append(finding("unknown_codes", subject, Message("scanned, and nobody knows what it is"), "review"))
    return found


LEAVERS = Dependence(
    frozenset({"status", "end", "assigned_to", "manager", "state", "assignee"}), frozenset({"assignment"}), classes=None
)
"""Whether a revision may have changed what ``leaving`` tells."""
#: Whether a revision may have changed what ``endings`` tells.
ENDINGS = Dependence(
    frozenset({"end_of_life", "active_support_until", "operating_system", "os_version", "os_edition", "status"}),
    frozenset({"installation", "end_of_life", "recognition"}),
    classes=None,
)


def endings(reader: Reader, today: date, jobs: Jobs) -> list[AttentionItem]:
    """What reaches its end of life: as many products and operating systems as the report tells, which it opens.

    Called in a worker. Raises Cancelled.
    """
    from app.ending_releases import ending

    found = jobs.run(Message("Looking for ends of life"), lambda control: list(ending(reader, today, control)))
    if not found:
        return []
    first = found[0][0]
    subject = counted("{count} release", "{count} releases", len(found))
    if len(found) == 1:
        named = not first.release or first.release in first.title
        subject = verbatim(first.title if named else f"{first.title} {first.release}")
    text = Message("at the end of life in 12 months")
    return [finding("end_of_life", subject, text, "reports", {"report": "end_of_life"})]


def leaving(reader: Reader, today: date, jobs: Jobs) -> list[AttentionItem]:
    """The people who left and still have something; it opens their report. Called in a worker. Raises Cancelled."""
    from app.leavers.leaver_list import leavers

    found = jobs.run(Message("Looking for leavers"), lambda control: leavers(reader, today, control))
    if not found:
        return []
    subject = counted("{count} person", "{count} people", len(found))
    text = counted("left and still has something", "left and still have something", len(found))
    if len(found) == 1:
        subject = verbatim(found[0].person.name)
    return [finding("people_left", subject, text, "reports", {"report": "leavers"})]


def fragile(reader: Reader, workspace: Workspace) -> list[AttentionItem]:
    """Dependency groups that cannot lose another member; those with the most dependent services come first.

    Called in a worker: the graph and NumPy are imported here. Raises Cancelled.
    """
    from cmdb.graph.impact import impact
    from cmdb.graph.lookups import class_of
    from cmdb.graph.risk import standing_exhausted

    schema = reader.schema
    graph = workspace.jobs.run(
        Message("Reading the relationships"), lambda control: workspace.graphs.of(reader, control)
    )
    groups = [group for group in standing_exhausted(graph) if len(group.members) > 1]
    services = set(schema.family("business_service")) if "business_service" in schema.classes else set()
    found = []
    for owner in list({group.owner: group for group in groups}.values())[:LOOKED_AT]:
        down = impact(graph, [owner.owner]).down
        carried = sum(1 for ci in down if class_of(graph, ci) in services)
        found.append((carried, owner))
    found.sort(key=lambda entry: (-entry[0], entry[1].owner))
    names = reader.outer(group.owner for _, group in found)
    return [_fragile(carried, group, *names[group.owner][::2]) for carried, group in found if group.owner in names]


def _fragile(carried: int, group: DependencyGroup, uid: str, name: str) -> AttentionItem:
    members = len(group.members)
    statements = [
        counted(
            "cannot lose another of {count} member ({group})",
            "cannot lose another of {count} members ({group})",
            members,
            group=group.label,
        )
        if group.label
        else counted("cannot lose another of {count} member", "cannot lose another of {count} members", members)
    ]
    if carried:
        statements.append(counted("carries {count} service", "carries {count} services", carried))
    rank = "no_spare_with_services" if carried else "no_spare"
    return finding(rank, verbatim(name), chain(statements), "map", {"uid": uid}, carried)


def short_licences(positions: Positions) -> list[AttentionItem]:
    """Licences that are short, of each currency the most expensive first, and how many cannot be judged."""
    short = [p for p in positions.positions if p.verdict == "short"]
    lines = []
    if len(short) > NAMED:
        subject = counted("{count} licence", "{count} licences", len(short))
        lines.append(finding("short_licences", subject, Message("short"), "licences", {"verdict": "short"}))
    for position in ranked(short)[:NAMED]:
        missing = amount(position.short, position.unit)
        cost = Amount(position.true_up or 0, position.currency)
        text = (
            Message("{amount} short: {cost} to true up", amount=missing, cost=cost)
            if position.true_up
            else Message("{amount} short", amount=missing)
        )
        key = [position.product, position.edition, position.version, position.metric]
        lines.append(finding("short_licence", verbatim(position.title), text, "licences", {"position": key}))
    unknown = sum(1 for p in positions.positions if p.verdict == "unknown")
    if unknown:
        subject = counted("{count} licence", "{count} licences", unknown)
        text = Message("cannot be judged: a fact is missing")
        lines.append(finding("unjudged_licences", subject, text, "licences", {"verdict": "unknown"}))
    return lines


def records_of(reader: Reader, item: AttentionItem) -> list[str]:
    """The ids of the items that a finding is about; none where they are more than a task should name."""
    params = item.params
    if "uid" in params:
        return [str(params["uid"])]
    cls = str(params.get("cls", "ci"))
    if "where" not in params or reader.schema.root_of(cls) != "ci":
        return []
    found = remedied(reader, item)
    return [] if len(found) > MOST_RECORDS else found


def remedied(reader: Reader, item: AttentionItem) -> list[str]:
    """The ids of all records of the list of a finding: its remedy is done with them."""
    from cmdb.model.selection import Selection

    ids = reader.ids(Selection(str(item.params["cls"]), str(item.params["where"])))
    return [uid for uid, *_ in reader.outer(ids).values()]
