"""Cells of reports and other tables as people read them, with numbers in the user's locale."""

from __future__ import annotations

from decimal import Decimal

from app.reports.report_run import NUMBERS
from cmdb.model.characters import marked
from cmdb.model.formats import day, measured, moment, money
from cmdb.model.messages import tr
from importers.tables import Column


def shown(column: Column, value: object) -> str:
    """A canonical value as a person reads it; "" for none."""
    value = column.worded(value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if column.type == "money" and isinstance(value, int | Decimal):
        return money(value)
    if column.type in NUMBERS and isinstance(value, int | float | Decimal):
        return measured(value, column.unit)
    if column.type == "date":
        return day(str(value))
    if column.type == "time":
        return moment(str(value))
    return marked(str(value))
