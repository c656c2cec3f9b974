"""A receipt on paper: what was handed over or taken back, the terms, and lines to sign on for both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.printing.paper import (
    PaperBlock,
    PaperColumn,
    PaperDocument,
    PaperFields,
    PaperHeading,
    PaperTable,
    PaperText,
    SignatureLine,
)
from app.receipts.making import HANDED_OVER
from app.receipts.receipt_items import items_in
from app.receipts.unsigned import RECEIPT
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import day
from cmdb.model.messages import Message, tr
from cmdb.model.state_tables import STATE, first_state
from cmdb.model.values import show

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute, Schema
    from cmdb.store.reading.reader import Reader

SIGNATURE, PICTURE = "signature", ".png"
"""How the name of the attached picture of a drawn signature begins, and its ending."""


def receipt_paper(reader: Reader, uid: str) -> PaperDocument:
    """A receipt as a document to print. Raises NotFound, and InvalidValue where the record is none."""
    one = reader.get(uid)
    if not is_receipt(reader.schema, one):
        raise InvalidValue(Message("{name} is no receipt.", name=one.name))
    person = reader.last_names([one.text("signer")]).get(one.text("signer"), ("", ""))[1]
    return PaperDocument(
        title=tr("Receipt {number}", number=one.text("number")),
        subtitle=one.name,
        blocks=tuple(_blocks(reader, one, person)),
        footer=one.text("number"),
    )


def is_receipt(schema: Schema, one: CI) -> bool:
    """Whether a record is a receipt."""
    return RECEIPT in schema.classes and schema.is_a(one.cls, RECEIPT)


def _blocks(reader: Reader, one: CI, person: str) -> Iterator[PaperBlock]:
    attributes = reader.schema.cls(one.cls).attributes
    fields = [(tr("Person"), person)]
    fields += [
        (attributes[name].label, text)
        for name in ("action", "done_on", "reason")
        if (text := _shown(one, attributes[name]))
    ]
    if one.values.get(STATE) != first_state(reader.schema, one.cls):
        fields.append((attributes[STATE].label, show(attributes[STATE], one.values.get(STATE))))
    yield PaperFields(tuple(fields))
    items = items_in(one.text("listed_items"))
    if items:
        yield _table([(it.name, it.asset_tag, it.serial_number, it.condition, it.accessories) for it in items])
    if one.text("missing_accessories"):
        yield PaperText(tr("Missing: {accessories}", accessories=one.text("missing_accessories")), bold=True)
    if one.text("terms_text"):
        yield PaperHeading(tr("Terms"))
        yield PaperText(one.text("terms_text"))
    yield from _signatures(reader, one, person)


def _shown(one: CI, attribute: Attribute) -> str:
    """A value as it is printed; "" for none."""
    value = one.values.get(attribute.name)
    return day(str(value)) if value and attribute.type == "date" else show(attribute, value)


def _table(rows: list[tuple[str, ...]]) -> PaperTable:
    """The items, without columns in which nothing stands."""
    every = (
        PaperColumn(tr("Item")), PaperColumn(tr("Asset tag"), whole=True), PaperColumn(tr("Serial number"), whole=True),
        PaperColumn(tr("Condition")), PaperColumn(tr("Accessories")),
    )  # fmt: skip
    kept = [place for place in range(len(every)) if any(row[place] for row in rows)]
    return PaperTable(tuple(every[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows))


def _signatures(reader: Reader, one: CI, person: str) -> Iterator[SignatureLine]:
    """A line for who signs, with the signature where it was drawn, and one for who handed over or took back."""
    handed_over = one.text("action") == HANDED_OVER
    signed = _shown(one, reader.schema.attribute(one.cls, "signed_on"))
    name = one.text("signed_as") or person
    yield SignatureLine(
        tr("Received") if handed_over else tr("Returned"), name, signed, drawn_signature(reader, one.uid)
    )
    yield SignatureLine(tr("Handed over") if handed_over else tr("Taken back"))


def drawn_signature(reader: Reader, uid: str) -> bytes:
    """The picture of a receipt's signature that was drawn on the screen; b"" where there is none."""
    from cmdb.store.reading.attachments import attachments_of, content_of

    every = attachments_of(reader, [uid])
    found = [one for one in every if one.sha256 and one.name.startswith(SIGNATURE) and one.name.endswith(PICTURE)]
    return b"".join(content_of(reader, found[-1])) if found else b""
