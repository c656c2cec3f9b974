"""One audit on the screen: rooms on top, the scan field, the answer and earlier scans, and what is expected beside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.audits.shown_audit import AuditShown
from cmdb.model.messages import tr
from ui.actions import Action, fill_menu
from ui.context import Context
from ui.pages.audits.acceptance_card import AcceptanceCard
from ui.pages.audits.expected_list import ExpectedList
from ui.pages.audits.room_cards import RoomCards
from ui.pages.audits.scan_line import ScanLine
from ui.pages.audits.scan_sound import ScanSound
from ui.pages.audits.verdict_card import VerdictCard
from ui.text_size import px
from ui.widgets.buttons import Button, IconButton, MenuButton
from ui.widgets.labels import ElidedText, Heading
from ui.widgets.layout import box, column, row
from ui.widgets.pill import Pill

STACKED = 820
"""Below this width, in pixels, the list stands below the scans instead of beside them."""
_WIDE = 1180
"""From this width on all buttons stand in the head; below it the less usual ones are in its menu."""


class AuditHead(QWidget):
    """Name, state, who and since when, and what is done with the whole audit."""

    back_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._theme = context.theme
        self._actions: dict[str, Action] = {}
        self.back = IconButton(context.theme, "arrow-left", tr("All audits"), self.back_wanted.emit)
        self.title, self.state = Heading("", 1), Pill("–")
        self.about = ElidedText("", "muted", least=0)
        theme = context.theme
        self.codes = Button(tr("Import codes…"), lambda: self._run("audits.codes"), icon="import", theme=theme)
        self.report = Button(tr("Report…"), lambda: self._run("audits.report"), icon="reports", theme=theme)
        self.finish = Button(tr("Finish audit…"), lambda: self._run("audits.finish"), icon="check", theme=theme)
        self.more = MenuButton(tr("More"), self._fill)
        line = row(self.back, self.title, self.state, self.about, self.codes, self.report, self.finish, self.more)
        line.setStretch(3, 1)
        self.setLayout(line)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._audit: AuditShown | None = None

    def know(self, actions: list[Action]) -> None:
        """What its buttons and its menu do."""
        self._actions = {one.id: one for one in actions}

    def _run(self, name: str) -> None:
        action = self._actions.get(name)
        if action is not None and action.enabled():
            action.run()

    def _fill(self, menu: QMenu) -> None:
        names = (
            "audits.place",
            "audits.close_room",
            "audits.codes",
            "audits.report",
            "audits.finish",
            "audits.drop",
            "audits.sound",
        )
        fill_menu(menu, [self._actions[name] for name in names if name in self._actions], self._theme)

    def show_audit(self, audit: AuditShown, *, editable: bool) -> None:
        """Shows an audit."""
        self._audit = audit
        self.title.setText(audit.name)
        self.state.show_status(audit.state, audit.state_tone)
        self.about.setText(audit.about)
        self._fit(editable=editable)

    def _fit(self, *, editable: bool | None = None) -> None:
        audit = self._audit
        if audit is None:
            return
        wide = self.width() >= px(_WIDE)
        if editable is not None:
            self._editable = editable
        self.codes.setVisible(audit.running and self._editable and wide)
        self.finish.setVisible(audit.running and self._editable)
        self.report.setVisible(not audit.running)

    _editable = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons that have no room are in the menu."""
        super().resizeEvent(event)
        self._fit()


class AuditScreen(QWidget):
    """An audit. What a person does is told by the signals of its parts."""

    def __init__(self, context: Context, sound: ScanSound) -> None:
        super().__init__()
        self._context = context
        self.audit: AuditShown | None = None
        self.head = AuditHead(context)
        self.rooms = RoomCards(context.theme)
        self.line = ScanLine(context, sound)
        self.verdict = VerdictCard(context)
        self.expected = ExpectedList(context.theme)
        self._left = QVBoxLayout()
        self._left.setSpacing(8)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.addWidget(self.line)
        self._left.addWidget(self.verdict, 1)
        self.acceptance = AcceptanceCard(context)
        self._left.addWidget(self.acceptance, 1)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(12)
        self.beside.addWidget(box(self._left), 61)
        self.beside.addWidget(self.expected, 39)
        self.bottom = column(spacing=0)
        self.setLayout(column(self.head, self.rooms, self.beside, self.bottom, spacing=8))
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setStretch(2, 1)
        self.setFocusProxy(self.line.field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list stands below where there is no room beside."""
        super().resizeEvent(event)
        narrow = self.width() < px(STACKED)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self.beside.direction() != wanted:
            self.beside.setDirection(wanted)
        self.expected.setMinimumHeight(px(280) if narrow else 0)

    def show_audit(self, audit: AuditShown, *, editable: bool) -> None:
        """Shows an audit as it stands."""
        self.audit = audit
        self.head.show_audit(audit, editable=editable)
        self.rooms.show_audit(audit)
        self.line.setVisible(audit.running)
        self.verdict.setVisible(not audit.finished)
        self.acceptance.setVisible(audit.finished)
        if audit.finished:
            self.acceptance.show_of(audit.uid)
        self.line.show_audit(audit, editable=editable)
        self.verdict.show_audit(audit, editable=editable)
        self.expected.show_audit(audit)
        if audit.scans and not audit.blind:
            scan = audit.scans[0]
            self.expected.mark(scan.uid or scan.code)

    def answer(self, audit: AuditShown, *, editable: bool) -> None:
        """Shows the answer to scans; rooms and list follow when the audit was looked at again."""
        self.audit = audit
        self.verdict.show_audit(audit, editable=editable)
