"""Beside a list of which several records are chosen: what they have in common, in place of the details of one."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QWidget

from app.assets.selection_summary import SelectionSummary, SummaryPart, summarized
from cmdb.model.messages import trn
from ui.context import Context
from ui.widgets.labels import Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, scrolled
from ui.widgets.pill import Pill

if TYPE_CHECKING:
    from ui.records.listing import RecordListing

_PAUSE = 120


class ChosenRecords(QWidget):
    """The summary of the chosen records of a list. It stands in the place of what ``over`` has, while more than one is
    chosen.
    """

    def __init__(self, context: Context, listing: RecordListing, over: QWidget) -> None:
        super().__init__()
        self._context, self._listing = context, listing
        layout = over.layout()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        self._covered = over.findChildren(QWidget, options=direct)
        if layout is not None:
            layout.addWidget(self)
        self._title = Heading("", 1)
        self.body = box(column(STRETCH))
        """The parts of the summary."""
        self._view = scrolled(self.body)
        self.setLayout(column(column(self._title, margins=(16, 0, 16, 8)), self._view, spacing=0))
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._ask)
        self.is_shown = False
        """Whether it is shown instead of the details of one record."""
        listing.selected_rows.changed.connect(self._follow)
        self.hide()

    def _follow(self, number: int) -> None:
        several = number > 1
        if several != self.is_shown:
            self.is_shown = several
            for one in self._covered:
                one.setVisible(not several)
            self.setVisible(several)
        if several:
            self._title.setText(trn("{count} chosen", "{count} chosen", number))
            self._timer.start()

    def _ask(self) -> None:
        if self.is_shown:
            self._listing.selected_rows.ids(self._read)

    def _read(self, ids: array[int]) -> None:
        selection = self._listing.selection()
        if selection is None or len(ids) < 2:
            return
        shown = self._listing.columns.names()
        some = None if len(ids) == self._listing.model.matching else ids
        today = self._context.moment.day
        self._context.query(
            lambda reader: summarized(reader, selection, some, shown, today), self._show,
            key=(self._listing.kind.page, "summary"), owner=self, lane="slow",
        )  # fmt: skip

    def _show(self, found: SelectionSummary) -> None:
        if not self.is_shown:
            return
        self.body = box(column(*(self._part(part) for part in found.parts), STRETCH, spacing=16))
        self.body.setContentsMargins(16, 0, 16, 16)
        before, self._view = self._view, scrolled(self.body)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(before, self._view)
        before.hide()
        before.deleteLater()

    @staticmethod
    def _part(part: SummaryPart) -> QWidget:
        """A title, and below it lines of a label and a figure."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for place, line in enumerate(part.lines):
            if line.tone:
                label: QWidget = Pill(line.label, line.tone)
            else:
                label = Text(line.label, "muted", wrap=True)
            figure = Text(line.text, wrap=len(line.text) > 24)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label, place, 0, Qt.AlignmentFlag.AlignLeft if line.tone else Qt.AlignmentFlag(0))
            grid.addWidget(figure, place, 1)
        return box(column(SectionLabel(part.title), grid, spacing=6))
