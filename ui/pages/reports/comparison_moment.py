"""The button that asks for the moment with which a report about two moments compares."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.moments import PointInTime, Resolve, fixed
from app.reports import Report
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.time_control import TimePopup


class ComparisonMomentButton(Button):
    """Shown for reports about two moments only; ``chosen`` fires when a person chose another moment."""

    chosen = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Compare with…"), self._open, icon="clock", theme=context.theme)
        self._context = context
        self._then: PointInTime | None = None
        self.hide()

    def number(self, report: Report) -> int | None:
        """The revision to compare with; None where the report is about one moment, or chooses itself."""
        return self._then.number if self._then is not None and report.between else None

    def _open(self) -> None:
        def chosen(resolve: Resolve) -> None:
            self._context.query(fixed(resolve), self._take, key=("reports", "since"), owner=self, now=True)

        TimePopup(self._context, self, chosen, tr("Compare with")).pop_up(self)

    def _take(self, then: PointInTime) -> None:
        self._then = then
        self.chosen.emit()
