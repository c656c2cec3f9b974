"""The Audits page: all audits, and the one that is scanned for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.audits.audit_view import LISTED, shown_audit
from app.audits.sheets import audits
from app.audits.shown_audit import AuditShown, ScanShown
from app.codes.scanner import is_tested
from cmdb.model.audits import AuditScope
from cmdb.model.errors import NotFound
from cmdb.model.messages import tr
from ui.actions import Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.audits.actions import ACTIONS
from ui.pages.audits.audit_course import AuditCourse
from ui.pages.audits.audit_list import AuditList
from ui.pages.audits.audit_screen import AuditScreen
from ui.pages.audits.codes_sheet import CodesSheet
from ui.pages.audits.new_audit_sheet import NewAuditSheet
from ui.pages.audits.row_menu import RowMenu
from ui.pages.audits.scan_answers import ScanAnswers
from ui.pages.audits.scan_queue import ScanQueue
from ui.pages.audits.scan_sound import ScanSound
from ui.pages.audits.scanner_keys import ScannerKeys
from ui.pages.audits.scanner_test import show_test_code
from ui.pages.audits.spoken_codes import SpokenCodes
from ui.pages.audits.stack_screen import StackScreen
from ui.widgets.layout import column
from ui.widgets.page_states import PageStates
from ui.widgets.shown_stack import ShownStack

if TYPE_CHECKING:
    from app.audits.sheets import AuditSummary

_KEYS = {
    Qt.Key.Key_F2: "audits.move", Qt.Key.Key_F3: "audits.seen", Qt.Key.Key_F4: "audits.other",
    Qt.Key.Key_F5: "audits.good", Qt.Key.Key_F6: "audits.worn", Qt.Key.Key_F7: "audits.damaged",
    Qt.Key.Key_F8: "audits.photo", Qt.Key.Key_F9: "audits.note", Qt.Key.Key_Escape: "audits.withdraw",
}  # fmt: skip
"""The keys while an audit runs."""


class AuditsPage(Page):
    """The list of audits, or one audit."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.uid = ""
        """The audit that is shown; "" for the list."""
        self._place: str | None = None
        self._said: ScanShown | None = None
        """What was scanned last, where it is no thing to be found: a room's label."""
        self.list = AuditList(context)
        self.sound = ScanSound(context.workspace.settings)
        self.screen_ = AuditScreen(context, self.sound)
        self.states = PageStates(context.theme, self.screen_)
        self.queue = ScanQueue(context, self)
        self.answers = ScanAnswers(context, lambda: self.audit, self)
        self.course = AuditCourse(context, lambda: self.audit, self)
        self.row_menu = RowMenu(context, lambda: self.audit, self.queue)
        self.codes = SpokenCodes(context, self.queue, self.answers, self.course)
        self.keys = ScannerKeys(self.screen_.line.field, self.states)
        self.stack = StackScreen(context)
        self.stack_keys = ScannerKeys(self.stack.field, self.stack)
        self._stack = ShownStack()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.states)
        self._stack.addWidget(self.stack)
        self.setLayout(column(self._stack, margins=(16, 12, 16, 14)))
        self.setFocusProxy(self.list)
        self._connect()
        self._actions = bind(ACTIONS, self._handlers(), lambda: context.editable)
        self.screen_.head.know(self._actions)
        self.screen_.line.show_ready(tested=is_tested(context.workspace.settings))

    def _connect(self) -> None:
        screen = self.screen_
        self.list.opened.connect(lambda uid: self.opened(uid=uid))
        self.list.wanted.connect(self.new)
        self.list.stack_wanted.connect(self.show_stack)
        self.stack.back_wanted.connect(self.show_list)
        self.stack_keys.strayed.connect(self.stack.read)
        screen.head.back_wanted.connect(self.show_list)
        screen.rooms.chosen.connect(self.go_to)
        screen.line.scanned.connect(self._scanned)
        screen.line.place_wanted.connect(lambda: self.course.ask_room(self.go_to))
        screen.line.test_wanted.connect(lambda: show_test_code(self.context))
        self.codes.told.connect(self._tested)
        screen.line.closing_wanted.connect(self.course.ask_to_close)
        screen.expected.opened.connect(self.context.shell.open_ci)
        screen.expected.menu_wanted.connect(self.row_menu.fill)
        screen.verdict.placed.connect(self.answers.place)
        screen.verdict.conditioned.connect(self.answers.condition)
        screen.verdict.photo_wanted.connect(self.answers.ask_photo)
        screen.verdict.note_wanted.connect(self.answers.ask_note)
        screen.verdict.taken_back.connect(self.withdraw)
        screen.verdict.answered.connect(self.answers.answer)
        self.answers.photo_kept.connect(screen.verdict.show_picture_again)
        self.queue.answered.connect(self._answered)
        self.queue.failed.connect(self._not_written)
        self.keys.strayed.connect(screen.line.offer)
        screen.line.again.clicked.connect(lambda: self.queue.write())

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(
        self,
        uid: str = "",
        new: bool = False,
        place: str = "",
        cls: str = "",
        where: str = "",
        stack: str = "",
        **_: Any,
    ) -> None:
        """Shows an audit, or all of them; with ``new`` the sheet for a new one, of a place or a list; or a stack."""
        if stack:
            self.show_stack()
            return
        if uid and uid != self.uid:
            self.uid, self._place, self._said = uid, None, None
            self.states.restart()
        if self.uid:
            self._ask()
        elif self._stack.currentWidget() is not self.stack:
            self.show_list()
        if new:
            self.new(AuditScope(place, cls, "", where))

    def show_list(self) -> None:
        """Shows all audits."""
        self.uid = ""
        self._stack.setCurrentWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.states.loading()
        self.context.query(audits, self._fill, self._list_failed, key=("audits", "list"), owner=self)
        self.context.shell.refresh_actions()

    def show_stack(self) -> None:
        """Scans a stack, of which all is handed over, taken back or moved."""
        self.uid = ""
        self._stack.setCurrentWidget(self.stack)
        self.setFocusProxy(self.stack)
        self.stack.field.setFocus()
        self.context.shell.refresh_actions()

    def _fill(self, found: list[AuditSummary]) -> None:
        self.list.show_audits(found)

    def _list_failed(self, error: Exception) -> None:
        self.list.states.failed(error, self.show_list)

    def _ask(self) -> None:
        uid, place = self.uid, self._place
        self._stack.setCurrentWidget(self.states)
        self.states.loading()
        self.context.query(
            lambda reader: shown_audit(reader, uid, place), self._show, self._failed, key=("audits", "one"), owner=self
        )

    def _failed(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            self.show_list()
        else:
            self.states.failed(error, self._ask)

    @property
    def audit(self) -> AuditShown | None:
        """The audit that is shown, once it was read."""
        found = self.screen_.audit
        return found if found is not None and found.uid == self.uid else None

    def _show(self, found: AuditShown) -> None:
        if found.uid != self.uid:
            return
        first = self.audit is None
        focused: QWidget | None = self.window().focusWidget()
        ended = not first and not found.running and focused is not None and self.screen_.line.isAncestorOf(focused)
        self._place = found.place
        self.queue.show_audit(found.uid, found.place)
        self._paint(found)
        self.states.content()
        if first:
            self.setFocusProxy(self.screen_)
            self.screen_.setFocus()
            self.queue.write()
        elif ended:
            self.screen_.expected.view.setFocus()
        self.context.shell.refresh_actions()

    def _paint(self, found: AuditShown) -> None:
        if self._said is not None and found.running:
            found = replace(found, scans=(self._said, *found.scans))
        self.screen_.show_audit(found, editable=self.context.editable)

    def state(self) -> dict[str, Any]:
        """The audit that is shown."""
        if self._stack.currentWidget() is self.stack:
            return {"stack": "yes"}
        return {"uid": self.uid} if self.uid else {}

    def focus_search(self) -> None:
        """Ctrl+F: the filter of what is expected."""
        self.screen_.expected.search.setFocus()

    # -- scanning ---------------------------------------------------------------------------------------------------

    def go_to(self, place: str) -> None:
        """The next scans are made in another room ("" for none)."""
        audit = self.audit
        if audit is None or not audit.running:
            return
        self._place = place
        self.queue.show_audit(self.uid, place)
        self._ask()
        self.screen_.line.field.setFocus()

    def _scanned(self, code: str) -> None:
        """A code was scanned: of an audit that is over it is not counted, and that is said."""
        if self.audit is not None and not self.audit.running:
            text = tr("{code} was not counted: nothing is scanned any more.", code=code[:80])
            self.context.shell.toast(text, tone="warning")
        else:
            self.codes.read(code)

    def _answered(self, scans: list[ScanShown], place: str) -> None:
        """Scans were recorded: the last one is answered at once, the rest of the page follows."""
        moved, self._place = place != self._place, place
        audit = self.audit
        self.screen_.line.show_waiting(self.queue.number)
        if moved:
            self._ask()
        if audit is None or not scans:
            return
        self._said = scans[-1] if not scans[-1].key else None
        kept = [one for one in audit.scans if one.key]
        latest = (*reversed(scans), *kept)[:LISTED]
        self.screen_.answer(replace(audit, scans=latest, place=place), editable=self.context.editable)
        self.sound.play(scans[-1].verdict)
        self.context.shell.refresh_actions()

    def _tested(self, text: str, tone: str) -> None:
        self.screen_.line.say(text, tone)
        if text:
            self.screen_.line.show_ready(tested=is_tested(self.context.workspace.settings))

    def _not_written(self, error: Exception) -> None:
        self.screen_.line.show_failed(self.queue.number, error)

    def withdraw(self) -> None:
        """Takes the last scan back: one that is not on its way yet is forgotten."""
        if not self.queue.take_last():
            self.answers.withdraw()

    def new(self, scope: AuditScope | None = None) -> None:
        """Opens the sheet for a new audit."""
        if self.context.editable:
            NewAuditSheet(self.context, lambda uid: self.opened(uid=uid), scope).open_sheet()

    def ask_codes(self) -> None:
        """Opens the sheet for a list of codes."""
        CodesSheet(self.context, self.codes.read_all).open_sheet()

    # -- keys and actions -------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """While an audit runs its function keys are the page's, also those that the window has otherwise."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._serves(event):
            event.accept()
            return True
        return super().event(event)

    def _serves(self, event: QKeyEvent) -> bool:
        audit = self.audit
        bare = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return bare and audit is not None and audit.running and Qt.Key(event.key()) in _KEYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The function keys, and Esc."""
        name = _KEYS.get(Qt.Key(event.key())) if self._serves(event) else None
        handler = self._handlers().get(name) if name is not None else None
        if handler is None:
            super().keyPressEvent(event)
        elif self.context.editable and handler.ready():
            handler.run()

    def page_actions(self) -> Sequence[Action]:
        """What can be done with an audit and its last scan."""
        return self._actions

    def _handlers(self) -> dict[str, Handler]:
        answers, course = self.answers, self.course
        scanned, known, movable = answers.has_scan, answers.has_record, answers.can_move
        return {
            "audits.new": Handler(self.new),
            "audits.stack": Handler(self.show_stack),
            "audits.list": Handler(self.show_list, lambda: bool(self.uid)),
            "audits.move": Handler(lambda: answers.place("move"), movable),
            "audits.seen": Handler(lambda: answers.place("seen"), movable),
            "audits.other": Handler(lambda: answers.place("other"), known),
            "audits.good": Handler(lambda: answers.condition("good"), known),
            "audits.worn": Handler(lambda: answers.condition("worn"), known),
            "audits.damaged": Handler(lambda: answers.condition("damaged"), known),
            "audits.photo": Handler(answers.ask_photo, known),
            "audits.note": Handler(answers.ask_note, scanned),
            "audits.withdraw": Handler(self.withdraw, scanned),
            "audits.place": Handler(lambda: course.ask_room(self.go_to), course.runs),
            "audits.close_room": Handler(course.ask_to_close, course.has_open_room),
            "audits.codes": Handler(self.ask_codes, course.runs),
            "audits.finish": Handler(course.ask_to_finish, course.runs),
            "audits.accept": Handler(self.screen_.acceptance.save, course.is_finished),
            "audits.drop": Handler(course.ask_to_drop, course.can_drop),
            "audits.report": Handler(course.ask_report, course.is_shown),
            "audits.sound": Handler(self.screen_.line.switch_sound, checked=lambda: self.sound.on),
        }
