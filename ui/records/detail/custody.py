"""Who had an item and where it was; of a person, a team, a department or a place, what they had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.custody import Custody, custody_of
from app.reservations import cancelling, days_marked, listed
from cmdb.model import clock
from cmdb.model.event_times import shown_time
from cmdb.model.formats import moment
from cmdb.model.messages import tr
from ui.context import Context
from ui.records.detail.past_tab import PastTab, lines_layout
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import Hairline, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, row
from ui.widgets.page_states import EmptyState
from ui.widgets.reserved_days import ReservedDays

if TYPE_CHECKING:
    from app.reservations import ListedReservation
    from cmdb.model.custody_period import CustodyPeriod
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema

FIRST = 50
"""Periods that are shown, the latest first."""
DAYS = 28
"""Days of the line of what is reserved."""
_CLASSES = ("hardware", "hardware_model", "person", "team", "department", "place")


def has_custody(schema: Schema, cls: str) -> bool:
    """Whether records of a class are with somebody, or have things."""
    return any(one in schema.classes and schema.is_a(cls, one) for one in _CLASSES)


class CustodyTab(PastTab):
    """The periods of one record's custody, the latest first; they are read when the tab is shown."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        super().__init__(context, page, "custody")

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: (custody_of(reader, ci.uid), listed(reader, [ci.uid])), self._show)

    def _show(self, read: tuple[Custody, list[ListedReservation]]) -> None:
        found, reserved = read[0], [one for one in read[1] if not one.over]
        if not found.periods and not reserved:
            said = (
                tr("What is handed over to it, or put there, is listed here.")
                if found.of_holder
                else tr("Nobody has had it yet, and nobody has said where it is.")
            )
            self._states.empty(
                EmptyState(self._context.theme, "hand-over", tr("Nothing is known of its custody"), said)
            )
            return
        layout = lines_layout()
        if reserved:
            self._add_reserved(layout, found, reserved)
        for period in reversed(found.periods[-FIRST:]):
            self._add(layout, found, period)
        if len(found.periods) > FIRST:
            layout.addWidget(Text(tr("Earlier ones are listed by {command}.", command="custody"), "muted", wrap=True))
        self._fill(layout)

    def _add_reserved(self, layout: QVBoxLayout, found: Custody, reserved: list[ListedReservation]) -> None:
        """What is reserved, with a line of the next days."""
        layout.addWidget(SectionLabel(tr("Reserved")))
        layout.addWidget(ReservedDays(self._context.theme, days_marked(reserved, clock.today(), DAYS)))
        for one in reserved:
            said = one.reservation
            other = said.by if said.subject == found.uid else said.subject
            name = one.by if said.subject == found.uid else one.subject
            first: QWidget = Text("—")
            if other:
                first = LinkButton(name, partial(self._context.shell.open_ci, other, ""))
            more = [Text(tr("{number} of them", number=said.quantity), "muted")] if said.quantity > 1 else []
            end = LinkButton(tr("End"), partial(self._end, said.uid))
            end.setAccessibleName(tr("End the reservation of {time}", time=str(one.when)))
            end.setEnabled(self._context.editable)
            layout.addWidget(box(row(first, *more, STRETCH, end)))
            layout.addWidget(Text(str(one.when), "muted", wrap=True))
            if said.note:
                layout.addWidget(Text(said.note, "small", wrap=True))
        layout.addSpacing(4)
        layout.addWidget(Hairline())
        layout.addSpacing(4)

    def _end(self, uid: str) -> None:
        author = self._context.author
        self._context.edit(lambda reader: cancelling(reader, [uid], author), tr("Reservation ended"))

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
