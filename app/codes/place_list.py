"""A place's list on paper: what is expected there, each with a code to be scanned from the paper, and the codes of the
place, of the commands and of the keyboard's test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.codes.commands import CodeCommand
from app.codes.keyboards import TEST_CODE
from app.codes.short_codes import short_code
from app.printing.paper import (
    PaperBlock,
    PaperCode,
    PaperCodes,
    PaperColumn,
    PaperDocument,
    PaperHeading,
    PaperTable,
    PaperText,
)
from cmdb.model.messages import tr, trn
from cmdb.reconciliation.identifiers import shipped

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader


def code_of(reader: Reader, record: CI) -> str:
    """What a label of a record holds: a place's or a person's own code, a tag, a number; else what names it alone."""
    serial = record.text("serial_number")
    named = (record.text("asset_tag"), record.text("number"), serial if shipped().serial(serial) else "", record.uid)
    return short_code(reader.schema, record.cls, record.uid) or next(filter(None, named))


def place_list(reader: Reader, place: str, items: Sequence[str], *, title: str = "") -> PaperDocument:
    """The list of a place (an id, "" for none) with items (ids) in the order of their names. Raises NotFound."""
    there = reader.get(place) if place else None
    records = sorted(reader.by_uid(items).values(), key=lambda one: (one.name.casefold(), one.uid))
    where = there.name if there is not None else ""
    blocks: list[PaperBlock] = [
        PaperText(trn("{count} item is expected here.", "{count} items are expected here.", len(records))),
        PaperCodes(tuple(PaperCode(code_of(reader, one), one.name) for one in (there,) if one is not None)),
        _items(reader, records),
        PaperHeading(tr("Commands")),
        PaperText(tr("Scan one before the items that it is for."), quiet=True),
        PaperCodes(tuple(PaperCode(one.value, str(one.label)) for one in CodeCommand)),
        PaperHeading(tr("Keyboard test"), 2),
        PaperText(tr("Scan this once at each computer, so that Terrier knows how its keyboard types."), quiet=True),
        PaperCodes((PaperCode(TEST_CODE, tr("Keyboard test")),)),
    ]
    shown = tuple(one for one in blocks if not isinstance(one, PaperCodes) or one.codes)
    return PaperDocument(title or where or tr("Items"), shown, subtitle=where if title else "")


def _items(reader: Reader, records: Sequence[CI]) -> PaperTable:
    columns = (
        PaperColumn(tr("Code"), whole=True, symbology="qr"),
        PaperColumn(tr("Item")),
        PaperColumn(tr("Class")),
        PaperColumn(tr("Serial number"), whole=True),
        PaperColumn(tr("Seen")),
    )
    label = reader.schema.cls
    rows = ((code_of(reader, one), one.name, label(one.cls).label, one.text("serial_number"), "☐") for one in records)
    return PaperTable(columns, tuple(rows))
