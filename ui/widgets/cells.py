"""Cells of reports and other tables as people read them, with numbers in the user's locale."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from app.reports.report_run import NUMBERS
from importers.tables import Column
from ui.widgets.dates import day, moment


def shown(column: Column, value: object) -> str:
    """A canonical value as a person reads it; "" for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.type in NUMBERS and isinstance(value, int | float):
        text = decimal(value, 2 if column.type == "money" else None)
        return f"{text} {column.unit}" if column.unit else text
    if column.type == "date":
        return day(str(value))
    if column.type == "time":
        return moment(str(value))
    return str(value)


def decimal(value: float, places: int | None = None) -> str:
    """A number with the locale's separators: ``places`` after the point, or as many as it has."""
    locale = QLocale()
    if places is not None:
        return locale.toString(float(value), "f", places)
    if float(value).is_integer():
        return locale.toString(int(value))
    return locale.toString(float(value), "g", 12)
