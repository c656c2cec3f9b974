"""The figures of the overview. Functions over a reader; they run in a worker thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.assets.list_dependence import fields_of
from app.audits.intervals import AUDITED, due_filter
from app.dependence import Dependence
from app.estate_settings import stale_days
from app.fact_rules import (
    day,
    ending,
    expected_in_scans,
    overdue_returns,
    stale,
    staying,
    with_leavers,
    without,
)
from app.overview.ranking import RANKING
from app.receipts.unsigned import RECEIPT, unsigned_filter
from app.work.lists import TASK, open_filter
from cmdb.model import clock, life_cycle
from cmdb.model.messages import Message, counted, tr, verbatim
from cmdb.model.query import quote
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.register.maintenance import FINISH, MAINTENANCE

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader
    from cmdb.store.reading.reader import Reader

#: An end within this number of days is coloured: it needs action.
DUE_DAYS = 90
#: So many of the latest revisions are told.
RECENT = 12
#: A contract that must be cancelled within this number of days needs somebody to decide.
CANCEL_DAYS = 60
#: A certificate that ends within this number of days must be renewed now.
RENEWAL_DAYS = 30


@dataclass(frozen=True)
class ExpiryMonth:
    """The ends in one month: the number of each kind, and the filter that lists them.

    ``count`` is the number of records: one may have several dates that end. ``attributes`` are those dates.
    """

    first: date
    kinds: dict[Message, int]
    cls: str
    where: str
    count: int
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemShare:
    """One class or status: its label, how many, its tone, and the filter that lists them."""

    label: str
    count: int
    cls: str
    where: str = ""
    tone: str = "accent"


@dataclass(frozen=True)
class AttentionItem:
    """An item that needs attention: its subject, the problem, the severity, and the page for solving it."""

    subject: Message
    text: Message
    tone: str
    page: str
    params: dict[str, object] = field(default_factory=dict)
    weight: int = 0
    remedy: str = ""
    """The verb that settles it, done with the records of its list; "" where one has to look."""


def finding(
    rank: str,
    subject: Message,
    text: Message,
    page: str,
    params: dict[str, object] | None = None,
    more: int = 0,
    remedy: str = "",
) -> AttentionItem:
    """An item that needs attention with its rank of ``RANKING``, and ``more`` weight."""
    tone, weight = RANKING[rank]
    return AttentionItem(subject, text, tone, page, params or {}, weight + more, remedy)


@dataclass(frozen=True)
class InventoryFigures:
    """The first figures: the number of items by class, and the recent changes."""

    number: int
    """The revision they were counted at."""
    items: int
    new: int
    classes: tuple[ItemShare, ...]
    recent: tuple[RevisionHeader, ...]


@dataclass(frozen=True)
class ScanCoverage:
    """Computers in use, how many of them no scan has seen recently, and the filter that lists these."""

    computers: int
    stale: int
    where: str
    days: int
    """How many days without a scan are too many."""
    attention: tuple[AttentionItem, ...] = ()


def base(reader: Reader, today: date) -> InventoryFigures:
    """The first figures, as of ``today``."""
    from cmdb.register.revision_titles import titled

    counts = reader.counts()
    items, new = sum(counts.values()), reader.items_made_since(today.replace(day=1).isoformat())
    classes, latest = _classes(reader.schema, counts), titled(reader, reader.revisions(limit=RECENT))
    return InventoryFigures(reader.number, items, min(new, items), tuple(classes), tuple(latest))


def parts_depend_on(schema: Schema) -> dict[str, Dependence]:
    """The dependences of the other figures: ``scanned``, ``statuses``, ``months`` and ``attention``."""
    today = clock.today()
    lists = [fields_of(schema, Selection(one.cls, one.where)) for one in _checks(schema, today) if one.where]
    return {
        "scanned": Dependence(
            fields_of(schema, Selection("computer", stale(schema, today))), frozenset({"setting"}), classes=None
        ),
        "statuses": Dependence(frozenset({"status"}), classes=None),
        "months": Dependence(frozenset(name for _, name, _ in ends(schema)), classes=None),
        "attention": Dependence(frozenset().union(*lists, AUDITED), frozenset({"setting"}), classes=None),
    }


def scanned(reader: Reader, today: date) -> ScanCoverage:
    """The numbers of computers in use that a scan has seen, and that none has seen."""
    days = stale_days(reader)
    where = stale(reader.schema, today, days)
    computers = _count(reader, "computer", expected_in_scans(reader.schema))
    unseen = _count(reader, "computer", where) if computers else 0
    if not unseen:
        return ScanCoverage(computers, 0, where, days)
    text = counted("not seen for {count} day", "not seen for {count} days", days)
    found = _list(reader, CountedCheck("stale", "computer", where, text), unseen)
    return ScanCoverage(computers, unseen, where, days, (found,))


def _count(reader: Reader, cls: str, where: str = "") -> int:
    return reader.count(Selection(cls=cls, where=where))


def _classes(schema: Schema, counts: dict[str, int]) -> Iterator[ItemShare]:
    """The schema's top classes with the number of items in them and their subclasses, the largest first."""
    found = [(sum(counts.get(name, 0) for name in schema.family(top.name)), top) for top in schema.children("ci")]
    for number, top in sorted(found, key=lambda f: -f[0]):
        if number:
            yield ItemShare(top.plural, number, top.name)


def statuses(reader: Reader, today: date) -> Iterator[ItemShare]:
    """Hardware by status, in the schema's order, with its tones."""
    attribute = reader.schema.all_attributes("hardware")["status"]
    facet = reader.facet(Selection(cls="hardware"), "status")
    for choice in attribute.choices:
        if facet.get(choice.value):
            where = f"status = {quote(choice.value)}"
            yield ItemShare(choice.label, facet[choice.value], "hardware", where, choice.tone)
    if facet.get(None):
        yield ItemShare(tr("No status"), facet[None], "hardware", "status is empty", "warning")


def ends(schema: Schema) -> list[tuple[str, str, str]]:
    """(class, attribute, its label) for every date that the schema marks as an end, at the class that declares it.

    A last day to cancel is left out, because its record has an end date.
    """
    found = []
    for cls in schema.tree():
        for attribute in cls.attributes.values():
            inherited = cls.parent and attribute.name in schema.cls(cls.parent).attributes
            if attribute.ends and not inherited and attribute.name != "cancel_by":
                found.append((cls.name, attribute.name, attribute.label))
    return found


def months(reader: Reader, today: date) -> Iterator[ExpiryMonth]:
    """The twelve months from this one on."""
    firsts = [_month(today, step) for step in range(13)]
    kinds: list[Counter[Message]] = [Counter() for _ in range(12)]
    dates: list[list[tuple[str, str]]] = [[] for _ in range(12)]
    for cls, name, label in ends(reader.schema):
        kind = Message("{class_name}: {date_name}", class_name=reader.schema.cls(cls).plural, date_name=label)
        where = ending(reader.schema, cls, name, today, firsts[12])
        for value, number in reader.facet(Selection(cls=cls, where=where), name).items():
            when = date.fromisoformat(str(value)[:10])
            place = (when.year - firsts[0].year) * 12 + when.month - firsts[0].month
            kinds[place][kind] += number
            if (cls, name) not in dates[place]:
                dates[place].append((cls, name))
    for place in range(12):
        cls, where = _ending_in(reader.schema, dates[place], max(firsts[place], today), firsts[place + 1])
        count = _count(reader, cls, where) if where else 0
        attributes = tuple(dict.fromkeys(name for _, name in dates[place]))
        yield ExpiryMonth(firsts[place], dict(kinds[place]), cls, where, count, attributes)


def _ending_in(schema: Schema, dates: Sequence[tuple[str, str]], first: date, after: date) -> tuple[str, str]:
    """The list of what has one of the dates (class, attribute) in a span of days: its class and its filter.

    Of several classes it is a list of all items, where each class has its own dates only: the last day of a person has
    the name of a contract's end.
    """
    classes = {cls for cls, _ in dates}
    if len(classes) == 1:
        cls = classes.pop()
        parts = [ending(schema, cls, name, first, after) for _, name in dates]
    else:
        cls = "ci"
        parts = [f"class = {owner} and {ending(schema, owner, name, first, after)}" for owner, name in dates]
    return cls, parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)


def _month(today: date, step: int) -> date:
    number = today.month - 1 + step
    return date(today.year + number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class CountedCheck:
    """A list whose records need attention: its rank, class and filter ("" for none), the problem, and the remedy."""

    rank: str
    cls: str
    where: str
    text: Message
    remedy: str = ""


def attention_items(reader: Reader, today: date) -> Iterator[AttentionItem]:
    """Items that need attention and that lists can count."""
    audits = CountedCheck("audits_due", "hardware", due_filter(reader, today), Message("to be seen by a person"))
    for check in (*_checks(reader.schema, today), audits):
        number = _count(reader, check.cls, check.where) if check.where else 0
        if number:
            yield _list(reader, check, number)


def _checks(schema: Schema, today: date) -> list[CountedCheck]:
    """The counted lists."""
    found = [*_of_items(schema, today), *_of_work(schema, today)]
    return [one for one in found if one.cls in schema.classes]


def _of_items(schema: Schema, today: date) -> list[CountedCheck]:
    now, soon, later = day(today), day(today, RENEWAL_DAYS), day(today, CANCEL_DAYS)
    renew = counted("to renew within {count} day", "to renew within {count} days", RENEWAL_DAYS)
    ends = counted("warranty ends within {count} day", "warranty ends within {count} days", RENEWAL_DAYS)
    lost = life_cycle.filter_set_by(schema, "hardware", life_cycle.LOST)
    valid, bound = staying(schema, "certificate"), staying(schema, "contract")
    covered = f"warranty_until >= {now} and warranty_until < {soon} and phase = live"
    back = overdue_returns(schema, now)
    check = CountedCheck
    return [
        check("lost", "hardware", lost, Message("lost, and nobody has written it off"), "retire"),
        check("leavers", "hardware", with_leavers(schema, today), Message("with people who left"), "take_back"),
        check("returns_overdue", "hardware", back, Message("not back when it should be"), "take_back"),
        check("no_warranty", "server", f"warranty_until < {now} and phase = live", Message("in use without warranty")),
        check("warranty_ends", "hardware", covered, ends),
        check("certificate_ends", "certificate", f"valid_until < {soon} and valid_until >= {now} and {valid}", renew),
        check("certificate_ended", "certificate", f"valid_until < {now} and {valid}", Message("ran out")),
        check("cancel", "contract", f"cancel_by >= {now} and cancel_by < {later} and {bound}",
              Message("to cancel soon, else renewed")),
        check("no_serial_number", "hardware", without(schema, "hardware", "serial_number"),
              Message("without a serial number")),
    ]  # fmt: skip


def _of_work(schema: Schema, today: date) -> list[CountedCheck]:
    now = day(today)

    def late(rank: str, cls: str, verb: str) -> CountedCheck:
        where = f"{open_filter(schema, cls)} and due < {now}" if cls in schema.classes else ""
        return CountedCheck(rank, cls, where, Message("overdue"), verb)

    return [
        late("tasks_overdue", TASK, "complete"),
        late("maintenance_overdue", MAINTENANCE, FINISH),
        CountedCheck("unsigned", RECEIPT, unsigned_filter(schema), Message("not signed"), "sign"),
    ]


def worst_first(found: Iterable[AttentionItem]) -> list[AttentionItem]:
    """Items sorted by tone, then by weight."""
    return sorted(found, key=lambda item: (item.tone != "bad", -item.weight))


def _list(reader: Reader, check: CountedCheck, number: int) -> AttentionItem:
    """The name if it is one record, otherwise the number and the kind."""
    cls, where = check.cls, check.where
    if number == 1:
        subject = verbatim(reader.page(Selection(cls=cls, where=where), limit=1)[0].name)
    else:
        subject = Message("{class_name}: {number}", class_name=reader.schema.cls(cls).plural, number=number)
    page = "assets" if reader.schema.root_of(cls) == "ci" else "tasks"
    return finding(check.rank, subject, check.text, page, {"cls": cls, "where": where}, remedy=check.remedy)
