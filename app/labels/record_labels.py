"""The labels of records: the code of each, what stands beside it, and which records have no code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import msgspec

from app.codes.short_codes import short_code
from app.labels.fitting import check_fits
from app.labels.layouts import LabelLayout
from app.printing.label_sheet import LabelSheet, LabelText
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.values import show_with_unit

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute, Schema
    from cmdb.store.reading.reader import Reader

P = TypeVar("P")
TAG = "asset_tag"
_LONG = frozenset({"long_text"})
_CHUNK = 500
_MOST_COPIES = 100


@dataclass(frozen=True, slots=True)
class RecordLabels:
    """What labels are made of: the texts of those with a code, and the records (id and name) without one."""

    labels: tuple[LabelText, ...]
    untagged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """Labels as they will be printed: the sheet, the records without a code, and the labels of the attributes that no
    label has room for.
    """

    sheet: LabelSheet
    untagged: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedHow:
    """How labels are printed: the place of the first one, copies of each, the printer's dots (0: as the stock says) and
    its offset in millimetres.
    """

    start: int = 1
    copies: int = 1
    dpi: int = 0
    offset: tuple[float, float] = (0.0, 0.0)


def labels_of(reader: Reader, records: Iterable[CI], fields: Sequence[str]) -> RecordLabels:
    """The labels of records, in their order."""
    labels, untagged = [], []
    for record, texts in _texts(reader, iter(records), fields):
        code = code_of(reader, record)
        if code:
            labels.append(LabelText(code, texts))
        else:
            untagged.append((record.uid, record.name))
    return RecordLabels(tuple(labels), tuple(untagged))


def labels_of_uids(reader: Reader, uids: Sequence[str], fields: Sequence[str]) -> RecordLabels:
    """The labels of records by their ids, in that order."""
    found = reader.by_uid(uids)
    return labels_of(reader, (found[uid] for uid in uids if uid in found), fields)


def drawn_labels(
    reader: Reader,
    uids: Callable[[Reader], Sequence[str]],
    layout: LabelLayout,
    how: PrintedHow,
    known: RecordLabels | None,
    draw: Callable[[LabelSheet], P],
) -> tuple[RecordLabels, LabelPlan, P]:
    """The labels of records in a layout, what is printed of them, and what ``draw`` makes of that. ``known`` are the
    labels where they were read already. Raises InvalidValue where a code does not fit.
    """
    found = known or labels_of_uids(reader, uids(reader), layout.fields)
    plan = planned(found, layout, how)
    return found, plan, draw(plan.sheet)


def label_fields(schema: Schema, cls: str) -> list[Attribute]:
    """The attributes of a class that can stand on a label: what is short, the name first."""
    known = schema.cls(cls).shown_attributes.values()
    return [one for one in known if one.type not in _LONG and one.name != TAG]


def code_of(reader: Reader, record: CI) -> str:
    """What the code of a record holds: its asset tag alone; of a place or a person, its own code."""
    return record.text(TAG) or short_code(reader.schema, record.cls, record.uid)


def planned(found: RecordLabels, layout: LabelLayout, how: PrintedHow, control: Control | None = None) -> LabelPlan:
    """What is printed of labels in a layout. Raises InvalidValue where a code does not fit, Cancelled."""
    stock = layout.stock
    if not 1 <= how.start <= stock.per_page:
        raise InvalidValue(
            Message("{stock} has {count} labels: the first one is from 1 to {count}.",
                    stock=stock.label, count=stock.per_page)
        )  # fmt: skip
    if not 1 <= how.copies <= _MOST_COPIES:
        raise InvalidValue(Message("Copies of a label: from 1 to {most}.", most=_MOST_COPIES))
    dpi = how.dpi or stock.dpi
    if not 150 <= dpi <= 2400:
        raise InvalidValue(Message("Dots per inch of a printer: from {least} to {most}.", least=150, most=2400))
    sheet = LabelSheet(
        stock, found.labels, layout.symbology, layout.points, dpi, how.start, how.offset, layout.logo,
        title=layout.name,
    )  # fmt: skip
    room = check_fits(sheet, control)
    left_out = tuple(layout.fields[room:]) if found.labels else ()
    if left_out:
        texts = tuple(LabelText(one.content, one.lines[:room]) for one in found.labels)
        found = replace(found, labels=texts)
    labels = tuple(one for one in found.labels for _ in range(how.copies))
    return LabelPlan(msgspec.structs.replace(sheet, labels=labels), found.untagged, left_out)


def test_page(layout: LabelLayout, how: PrintedHow) -> LabelPlan:
    """A page to try a printer with: the frames of the labels, and rulers. Raises InvalidValue."""
    plan = planned(RecordLabels(()), layout, how)
    return LabelPlan(msgspec.structs.replace(plan.sheet, frames=True), ())


def _texts(reader: Reader, records: Iterator[CI], fields: Sequence[str]) -> Iterator[tuple[CI, tuple[str, ...]]]:
    """Each record with its values of the fields as text, "" where it has none."""
    while batch := list(islice(records, _CHUNK)):
        known = {cls: reader.schema.cls(cls).attributes for cls in {one.cls for one in batch}}
        wanted = {
            str(one.values[field])
            for one in batch
            for field in fields
            if field in one.values and field in known[one.cls] and known[one.cls][field].type == "reference"
        }
        names = reader.last_names(wanted)
        for one in batch:
            yield one, tuple(_text(one, known[one.cls].get(field), names) for field in fields)


def _text(record: CI, attribute: Attribute | None, names: Mapping[str, tuple[str, str]]) -> str:
    if attribute is None or (value := record.values.get(attribute.name)) is None:
        return ""
    if attribute.type == "reference":
        return names.get(str(value), ("", ""))[1]
    return show_with_unit(attribute, value, record.text(attribute.currency))
