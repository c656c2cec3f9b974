"""The asset register: what was bought, for how much, and what it is still worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model import life_cycle
from cmdb.model.messages import Message
from cmdb.model.money import rounded
from cmdb.model.records import CI

#: Months after which hardware is fully depreciated, unless its model has another value.
USEFUL_LIFE = 48

_DAYS_OF_A_MONTH = Decimal("365.25") / 12


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    models = {m.uid: m for m in question.all("hardware_model")}
    for one in question.all("hardware"):
        v = one.values
        if one.cls == "virtual_machine":
            continue
        model = models.get(one.text("model"))
        said = model.values.get("useful_life") if model else None
        months = Decimal(said) if said else Decimal(USEFUL_LIFE)
        cells = (v.get("asset_tag", ""), one.name, question.label(one.cls), question.status(one),
                 question.name(v.get("manufacturer")), model.name if model else "", v.get("serial_number", ""),
                 question.name(v.get("assigned_to")), question.name(v.get("location")),
                 question.name(v.get("legal_owner")), v.get("cost_centre", ""), v.get("purchase_date"),
                 v.get("order_number", ""), v.get("purchase_cost"),
                 value_now(v, question.today, months, gone=_gone(question, one)),
                 v.get("currency", ""), v.get("warranty_until"))  # fmt: skip
        yield ReportRow(cells, one.uid)


def value_now(values: Mapping[str, Any], today: date, months: Decimal, *, gone: bool = False) -> Decimal | None:
    """The book value on a day, in the currency of the cost: the cost less straight-line depreciation over ``months``.

    None if cost or date is unknown. The value of hardware that is ``gone`` is 0.
    """
    cost, bought = values.get("purchase_cost"), values.get("purchase_date")
    if cost is None or not bought:
        return None
    if gone:
        return Decimal(0)
    # A month is a twelfth of 365.25 days, so that the rest of its life is exact in days.
    life = months * _DAYS_OF_A_MONTH
    left = min(life, max(Decimal(0), life - (today - date.fromisoformat(bought)).days))
    return rounded(cost * left / life, values.get("currency", ""))


def _gone(question: ReportContext, one: CI) -> bool:
    """Whether it is gone or lost; retired hardware that was not disposed of is depreciated as before."""
    lost = life_cycle.is_lost(question.schema, one.cls, one.values.get(life_cycle.STATUS))
    return lost or question.phase(one) is life_cycle.Phase.GONE


REPORT = Report(
    name="asset_register",
    title=Message("Asset register"),
    description=Message(
        "All hardware with its cost and what it is still worth, written off evenly over its useful life."
    ),
    columns=(
        column(Message("Asset tag")), column(Message("Name")), column(Message("Class")), column(Message("Status")),
        column(Message("Manufacturer")), column(Message("Model")), column(Message("Serial number")),
        column(Message("Assigned to")), column(Message("Location")), column(Message("Legal owner")),
        column(Message("Cost centre")), column(Message("Purchase date"), "date"), column(Message("Order number")),
        column(Message("Purchase cost"), "money"), column(Message("Value now"), "money"), column(Message("Currency")),
        column(Message("Warranty until"), "date"),
    ),
    rows=_rows,
    group=Message("Money"),
)  # fmt: skip
