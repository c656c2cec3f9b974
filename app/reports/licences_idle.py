"""Licences that nobody uses: spare units, idle seats, and copies on computers that were not seen for a month."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.compliance import positions
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.licences.labels import METRICS, UNITS
from cmdb.model.messages import Message
from cmdb.model.money import rounded


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in positions(question).positions:
        unit = one.unit or one.metric
        for supply in one.supply:
            if supply.spare:
                bought = supply.quantity * supply.pack
                priced = supply.cost if bought else None
                worth = rounded(priced * supply.spare / bought, supply.currency) if priced else None
                why = Message("spare: {entitled} entitled, {used} used", entitled=supply.entitled, used=supply.used)
                currency = supply.currency if worth else ""
                cells = (one.title, supply.entitlement, supply.spare, unit, why, worth, currency)
                yield ReportRow(cells, supply.entitlement_id)
        for line in one.demand:
            if line.idle:
                yield ReportRow((one.title, line.holder, line.quantity, unit, line.fact, None, ""), line.holder_id)
            elif line.stale:
                why = Message("its computer was not seen for a month")
                yield ReportRow((one.title, line.holder, line.quantity, unit, why, None, ""), line.holder_id)


REPORT = Report(
    name="licences_idle",
    title=Message("Idle licences"),
    description=Message(
        "Spare licences, seats that nobody uses, and copies on computers that were not seen for a month."
    ),
    group=Message("Licences"),
    columns=(
        column(Message("Product")), column(Message("Entitlement or holder")), column(Message("Idle"), "integer"),
        column(Message("Unit"), labels={**METRICS, **UNITS}), column(Message("Why")), column(Message("Worth"), "money"),
        column(Message("Currency")),
    ),
    rows=_rows,
)  # fmt: skip
