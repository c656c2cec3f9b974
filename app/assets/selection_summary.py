"""What several chosen records have in common: how many, of which classes and statuses, what they sum up to, how old."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.assets.columns import CLASS, class_column
from app.assets.groups import group_title, in_order, sum_text
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from cmdb.model.row_groups import SUMMED, ValueGroup

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

#: The day from which on a record ages, by root; the first that its class has.
_SINCE = ("purchase_date", "opened")
_STANDING = ("status", "state")
_MONTHS = 12
#: Units of what several have together; the positions of several in their racks, say, are no sum.
_ADDS_UP = frozenset({"MiB", "GiB", "TiB", "MB", "GB", "TB", "W", "kW", "VA", "kVA"})


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line: what it is of, its text, and the tone of its label ("" for none)."""

    label: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """Lines under a title."""

    title: str
    lines: tuple[SummaryLine, ...]


@dataclass(frozen=True, slots=True)
class SelectionSummary:
    """What is chosen: how many, and the parts that say something about them."""

    count: int
    parts: tuple[SummaryPart, ...]


def summarized(
    reader: Reader, selection: Selection, ids: Collection[int] | None, shown: Sequence[str], today: date
) -> SelectionSummary:
    """The summary of records (inner ids; None: of all of the ``selection``). ``shown`` are the columns whose numbers
    are summed, too. Raises QueryError, SchemaError.
    """
    schema = reader.schema
    classes = reader.groups(selection, CLASS, (), ids)
    common = _common_class(schema, [str(one.value) for one in classes]) or selection.cls
    parts = [_counts(reader, selection, CLASS, classes)]
    known = schema.all_attributes(common)
    standing = next((name for name in _STANDING if name in known), "")
    if standing:
        parts.append(_counts(reader, selection, standing, reader.groups(selection, standing, (), ids)))
    listed = schema.all_attributes(selection.cls)
    summed = [one for one in known.values() if one.name in listed and _is_summed(one, shown)]
    whole = reader.groups(selection, _whole(schema, selection), [one.name for one in summed], ids)
    parts.append(SummaryPart(tr("Sums"), tuple(_sums(summed, whole))))
    since = next((name for name in _SINCE if name in known), "")
    if since:
        parts.append(_ages(known[since], reader.groups(selection, since, (), ids), today))
    return SelectionSummary(sum(one.count for one in classes), tuple(part for part in parts if part.lines))


def _whole(schema: Schema, selection: Selection) -> str:
    """By what groups are asked for whose sums are added up: the fewest there are."""
    return next((name for name in _STANDING if name in schema.all_attributes(selection.cls)), CLASS)


def _common_class(schema: Schema, classes: Sequence[str]) -> str:
    chains = [schema.ancestors(one) for one in classes]
    return next((one for one in chains[0] if all(one in chain for chain in chains)), "") if chains else ""


def _is_summed(attribute: Attribute, shown: Sequence[str]) -> bool:
    """Whether sums of it say something: of amounts of money, data and power, and of the numbers that are shown."""
    return attribute.type == "money" or (
        attribute.type in SUMMED and (attribute.name in shown or attribute.unit in _ADDS_UP)
    )


def _counts(reader: Reader, selection: Selection, name: str, groups: Sequence[ValueGroup]) -> SummaryPart:
    schema = reader.schema
    attribute = class_column() if name == CLASS else schema.all_attributes(selection.cls)[name]
    tones = {choice.value: choice.tone for choice in attribute.choices}
    lines = [
        SummaryLine(group_title(schema, attribute, one, {}), number(one.count), tones.get(str(one.value), ""))
        for one in in_order(schema, attribute, groups, {})
    ]
    return SummaryPart(attribute.label, tuple(lines))


def _sums(summed: Sequence[Attribute], groups: Sequence[ValueGroup]) -> list[SummaryLine]:
    found = []
    for one in summed:
        amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
        total, some = Decimal(0), False
        for group in groups:
            for code, amount in group.amounts.get(one.name, {}).items():
                amounts[code] += amount
            if one.name in group.sums:
                total, some = total + group.sums[one.name], True
        whole = ValueGroup(None, None, 0, {one.name: total} if some else {}, {one.name: amounts})
        if text := sum_text(one, whole):
            found.append(SummaryLine(one.label, text))
    return found


def _ages(attribute: Attribute, groups: Sequence[ValueGroup], today: date) -> SummaryPart:
    """How old the records are, in years since the month of a day."""
    months = today.year * _MONTHS + today.month
    ages: Counter[int] = Counter()
    unknown = 0
    for one in groups:
        if one.value is None:
            unknown = one.count
            continue
        year, _, month = str(one.value).partition("-")
        ages[max(months - int(year) * _MONTHS - int(month), 0)] += one.count
    lines = []
    if ages:
        average = Decimal(sum(age * count for age, count in ages.items())) / (ages.total() * _MONTHS)
        lines = [
            SummaryLine(tr("On average"), _years(average)),
            SummaryLine(tr("Youngest"), _years(Decimal(min(ages)) / _MONTHS)),
            SummaryLine(tr("Oldest"), _years(Decimal(max(ages)) / _MONTHS)),
        ]
        if unknown:
            lines.append(SummaryLine(tr("Without {attribute}", attribute=attribute.label), number(unknown)))
    return SummaryPart(tr("Age since {attribute}", attribute=attribute.label), tuple(lines))


def _years(years: Decimal) -> str:
    if years < 1:
        months = int(years * _MONTHS)
        return trn("{count} month", "{count} months", months)
    return tr("{number} years", number=number(years, 1))
