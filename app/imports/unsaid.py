"""What no column of a sheet says though its rows need it: the status of hardware, the currency of amounts. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.imports.draft import SheetDraft
from cmdb.model.messages import Message
from cmdb.model.number_texts import currency_and_number
from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.columns.header_units import unit_of
from importers.spreadsheets.columns.mapping import ColumnUse

#: Values of a column that are looked at.
_SAMPLES = 50


@dataclass(frozen=True, slots=True)
class UnsaidValue:
    """An attribute that no column is mapped to and that is not set for every row; ``text`` says what follows."""

    attribute: Attribute
    text: Message


def unsaid(schema: Schema, sheet: SheetDraft) -> list[UnsaidValue]:
    """What a sheet doesn't say. The answer is a constant of its mapping; nothing is set unasked."""
    mapping = sheet.mapping
    if mapping.kind != "class" or mapping.cls not in schema.classes:
        return []
    attributes = schema.classes[mapping.cls].attributes
    said = {use.name for use in mapping.columns if use.role == "attribute"} | mapping.constants.keys()
    found = []
    status = attributes.get("status")
    if status is not None and "status" not in said and "hardware" in (mapping.cls, *schema.ancestors(mapping.cls)):
        text = Message("No column says the status: what is new stays without one.")
        if "computer" in schema.classes and not set(schema.family("computer")).isdisjoint(schema.family(mapping.cls)):
            text = Message(
                "No column says the status. What is new stays without one, and licence positions of it are unknown."
            )
        found.append(UnsaidValue(status, text))
    for use in mapping.columns:
        amount = attributes.get(use.name) if use.role == "attribute" else None
        currency = attributes.get(amount.currency) if amount is not None and amount.currency else None
        if currency is None or currency.name in said or _names_currency(sheet, use):
            continue
        said.add(currency.name)
        text = Message(
            "“{column}” is in no currency: no column, heading or amount names one, and none is taken.",
            column=use.header,
        )
        found.append(UnsaidValue(currency, text))
    return found


def _names_currency(sheet: SheetDraft, use: ColumnUse) -> bool:
    """Whether the header or one of the amounts names a currency; without any amount there is nothing to ask."""
    unit, amounts = unit_of(use.header), sheet.samples(use.index, _SAMPLES)
    return bool(unit is not None and unit.currency) or not amounts or any(currency_and_number(a)[0] for a in amounts)
