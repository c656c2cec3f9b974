"""How the columns of a report's table use the window: what the report is about is always in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from app.reports import Report
from app.reports.report_run import NUMBERS
from importers.tables import Column
from ui.pages.reports.model import ReportModel
from ui.widgets.cells import shown
from ui.widgets.column_widths import PILL, ColumnTexts, measured_room, shared_room
from ui.widgets.table import TableView

#: Rows that are measured.
MEASURED = 60
_PATHS = frozenset({"location", "place", "home_location"})


def is_path(column: Column) -> bool:
    """Whether a column has paths of places."""
    return column.name in _PATHS


class PathDelegate(QStyledItemDelegate):
    """Cuts a path at its beginning: what tells places apart is at the end."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """As any text, but for where it is cut."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft


def fit_columns(table: TableView, model: ReportModel, kept: Mapping[str, int]) -> None:
    """Gives the columns of a shown result their widths: those that were ``kept`` (by name), or what they need."""
    result = model.result
    if result is None:
        return
    report, header, room = result.report, table.horizontalHeader(), table.viewport().width()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    sample = result.rows[:MEASURED]
    texts = [
        ColumnTexts(
            str(one.label),
            [shown(one, row.cells[place]) for row in sample],
            whole=not place or one.type in NUMBERS or one.type == "date" or place in model.tones,
            beside=PILL if place in model.tones else 0,
            is_name=not place,
        )
        for place, one in enumerate(report.columns)
    ]
    rooms = measured_room(table.font(), texts)
    shared = shared_room(rooms, room)
    if sum(shared) > room:  # it scrolls anyway: nothing is gained by cutting what stands in it
        shared = [one.natural for one in measured_room(table.font(), [replace(one, is_name=True) for one in texts])]
    widths = [int(kept.get(one.name, width)) for one, width in zip(report.columns, shared, strict=True)]
    header.blockSignals(True)
    for place, width in enumerate(widths):
        header.resizeSection(place, width)
    _bring_forward(header, report, fits=sum(widths) <= room)
    header.blockSignals(False)
    table.updateGeometry()
    table.viewport().update()


def _bring_forward(header: QHeaderView, report: Report, *, fits: bool) -> None:
    """Where not all columns fit, those that the report is about stand behind the first one."""
    names = [one.name for one in report.columns]
    order = list(range(len(names)))
    if not fits:
        first = [0, *(names.index(one) for one in report.subjects if one in names[1:])]
        order = [*first, *(place for place in order if place not in first)]
    for target, place in enumerate(order):
        header.moveSection(header.visualIndex(place), target)
