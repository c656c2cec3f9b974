"""Who had an item and where it was; of a person, a team, a department or a place, what they had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.custody import Custody, custody_of
from cmdb.model.event_times import shown_time
from cmdb.model.formats import moment
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.page_states import EmptyState, PageStates

if TYPE_CHECKING:
    from cmdb.model.custody_period import CustodyPeriod
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema

FIRST = 50
"""Periods that are shown, the latest first."""
_CLASSES = ("hardware", "person", "team", "department", "place")


def has_custody(schema: Schema, cls: str) -> bool:
    """Whether records of a class are with somebody, or have things."""
    return any(one in schema.classes and schema.is_a(cls, one) for one in _CLASSES)


class CustodyTab(QFrame):
    """The periods of one record's custody, the latest first; they are read when the tab is shown."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        super().__init__()
        self._context, self._page = context, page
        self._ci: CI | None = None
        self._read = False
        self._area: QScrollArea = scrolled(QWidget())
        self._states = PageStates(context.theme, self._area)
        self.setLayout(column(self._states, spacing=0))

    def show_of(self, ci: CI, *, now: bool) -> None:
        """Shows a record's custody: at once, or when it is ``wanted``."""
        self._ci, self._read = ci, False
        if now:
            self.wanted()

    def wanted(self) -> None:
        """The tab is shown: the custody is read, if it was not read yet."""
        ci = self._ci
        if ci is None or self._read:
            return
        self._read = True
        self._states.loading()

        def failed(error: Exception) -> None:
            self._read = False
            self._states.failed(error, self.wanted)

        key = (self._page, "custody")
        self._context.query(lambda reader: custody_of(reader, ci.uid), self._show, failed, key=key, owner=self)

    def _show(self, found: Custody) -> None:
        if not found.periods:
            said = (
                tr("What is handed over to it, or put there, is listed here.")
                if found.of_holder
                else tr("Nobody has had it yet, and nobody has said where it is.")
            )
            self._states.empty(
                EmptyState(self._context.theme, "hand-over", tr("Nothing is known of its custody"), said)
            )
            return
        layout = QVBoxLayout()
        layout.setSpacing(3)
        layout.setContentsMargins(16, 8, 12, 12)
        for period in reversed(found.periods[-FIRST:]):
            self._add(layout, found, period)
        if len(found.periods) > FIRST:
            layout.addWidget(Text(tr("Earlier ones are listed by {command}.", command="custody"), "muted", wrap=True))
        layout.addStretch(1)
        old = self._area.takeWidget()
        content = box(layout)
        self._area.setWidget(content)
        content.setAutoFillBackground(False)
        if old is not None:
            old.deleteLater()
        self._states.content()

    def _add(self, layout: QVBoxLayout, found: Custody, period: CustodyPeriod) -> None:
        shown = dict.fromkeys((period.record, period.holder, period.place))
        links = [self._link(found, uid) for uid in shown if uid is not None and uid != found.uid]
        if not links:
            layout.addWidget(Text("—"))
        else:
            between: list[QWidget] = [links[0]]
            for link in links[1:]:
                between += [Text("·", "muted"), link]
            layout.addWidget(box(row(*between, STRETCH)))
        since = tr("time not known") if period.since is None else shown_time(period.since)
        until = tr("now") if period.until is None else shown_time(period.until)
        layout.addWidget(Text(tr("{since} – {until}", since=since, until=until), "muted", wrap=True))
        layout.addWidget(Text(tr("recorded {time}", time=moment(period.recorded)), "small", wrap=True))
        if period.doubtful:
            layout.addWidget(Text(tr("It disagrees with what was known before."), "", "warning", wrap=True))
        layout.addSpacing(4)
        layout.addWidget(Hairline())
        layout.addSpacing(4)

    def _link(self, found: Custody, uid: str) -> LinkButton:
        cls, name = found.names.get(uid, ("", tr("an item that is gone")))
        return LinkButton(name, partial(self._context.shell.open_ci, uid, cls))
