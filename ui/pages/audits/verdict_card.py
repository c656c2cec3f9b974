"""The answer to the last scan: the verdict in large letters, what was scanned, where it goes, and how it is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.audits.conditions import QUICK, choice_of
from app.audits.shown_audit import WORDS, AuditShown, ScanShown, Verdict, tone
from cmdb.model.messages import tr
from ui.context import Context
from ui.pages.audits.answers import TITLES, Answer, answers_of
from ui.pages.audits.earlier_scans import EarlierScans
from ui.pages.audits.item_picture import ItemPicture
from ui.pages.audits.key_button import KeyButton
from ui.text_size import px, set_sizes
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import ElidedText, Hairline, Heading, SectionLabel, Text, retone
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState, Icon
from ui.widgets.pill import Pill
from ui.widgets.shown_stack import ShownStack

_ICONS = {"good": "good", "warning": "warning", "bad": "error", "accent": "pin", "neutral": "info"}
_NARROW, _SHORT = 600, 690
"""Below these widths of the card, in pixels, no picture is shown; and some buttons have no words."""
_CONDITION_KEYS = ("F5", "F6", "F7")


class VerdictBand(QFrame):
    """The verdict in a word of 22 px, and its reason."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("role", "band")
        self._icon = Icon(context.theme, "info", "neutral", 24)
        self.word = Text().set_bold()
        set_sizes(self.word, text=22)
        self.reason = ElidedText()
        self._time = Text("", "muted")
        line = row(self._icon, self.word, self.reason, self._time, spacing=12, margins=(18, 10, 16, 10))
        line.setStretch(2, 1)
        self.setLayout(line)

    def show_scan(self, scan: ScanShown, *, blind: bool) -> None:
        """Says what a scan is; of a blind audit only that it was noted."""
        verdict = Verdict.NOTED if blind and scan.verdict is not Verdict.PLACE else scan.verdict
        colour = tone(verdict)
        self._icon.set_icon(_ICONS[colour], colour)
        self.word.setText(str(WORDS[verdict]))
        self.reason.setText(tr("results are shown when the audit is finished") if blind else scan.reason)
        self._time.setText(scan.time)
        retone(self, colour)
        for part in (self.word, self._time):
            part.set_tone(colour)
        self.setAccessibleName(f"{self.word.text()}: {self.reason.text()}")


class VerdictCard(Card):
    """The last scan, and below it the earlier ones."""

    placed = Signal(str)
    """Where it goes: "move", "seen" or "other"."""
    conditioned = Signal(str)
    photo_wanted = Signal()
    note_wanted = Signal()
    taken_back = Signal()
    answered = Signal(str, str)
    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._context = context
        self.scan: ScanShown | None = None
        self.band = VerdictBand(context)
        self.picture = ItemPicture(context)
        self.name = Heading("", 1)
        self.status = Pill("–")
        self.read = ElidedText("", "muted")
        self.read.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.lines = (ElidedText("", "muted"), ElidedText("", "muted"))
        self._make_choices(context)
        self.answers = {answer: self._answer_button(answer) for answer in Answer}
        self._answer_label = SectionLabel(tr("What is it?"))
        self._answers = box(column(self._answer_label, flow(*self.answers.values()), spacing=4))
        self._kept = Text(tr("The next scan keeps the choice shown here."), "muted", wrap=True)
        self.take_back = KeyButton(context.theme, tr("Take this scan back"), tr("Esc"), self.taken_back.emit)
        self.earlier = EarlierScans()
        self.earlier.answered.connect(self.answered)
        empty = EmptyState(
            context.theme, "barcode", tr("Nothing scanned yet"),
            tr("Scan an item's label, or type its tag. Where it belongs and what is odd is said here at once."),
        )  # fmt: skip
        self._stack = ShownStack()
        self._stack.addWidget(empty)
        self._stack.addWidget(self._content())
        self.add(self._stack, 1)

    def _make_choices(self, context: Context) -> None:
        theme = context.theme
        self.move_here = KeyButton(theme, tr("Move it here"), "F2", partial(self.placed.emit, "move"), choice=True)
        self.seen = KeyButton(theme, tr("Only seen here"), "F3", partial(self.placed.emit, "seen"), choice=True)
        self.other = KeyButton(theme, tr("Other place…"), "F4", partial(self.placed.emit, "other"))
        self.conditions = {
            name: KeyButton(theme, str(choice.label), key, partial(self.conditioned.emit, name), choice=True)
            for name, key in zip(QUICK, _CONDITION_KEYS, strict=True)
            if (choice := choice_of(context.schema, name)) is not None
        }
        self.photo = KeyButton(theme, tr("Photo"), "F8", self.photo_wanted.emit, icon="camera")
        self.note = KeyButton(theme, tr("Note"), "F9", self.note_wanted.emit, icon="note")

    def _answer_button(self, answer: Answer) -> Button:
        def chosen() -> None:
            if self.scan is not None:
                self.answered.emit(self.scan.key, answer.value)

        made = Button(str(TITLES[answer]), chosen)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _content(self) -> QWidget:
        head = row(self.name, self.status, self.read)
        head.setStretch(2, 1)
        self._place_row = flow(self.move_here, self.seen, self.other)
        self._place_label = SectionLabel(tr("Place"))
        self._condition_label = SectionLabel(tr("Condition"))
        marks = flow(*self.conditions.values(), self.photo, self.note)
        self._marks = box(column(self._condition_label, marks, spacing=4))
        self._places = box(column(self._place_label, self._place_row, spacing=4))
        about = column(head, *self.lines, 6, self._answers, self._places, 4, self._marks, STRETCH, spacing=3)
        beside = row(self.picture, about, spacing=16)
        beside.setStretch(1, 1)
        beside.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        foot = row(self._kept, STRETCH, self.take_back)
        foot.setStretch(0, 1000)
        body = column(beside, foot, spacing=6, margins=(16, 12, 16, 8))
        whole = column(self.band, body, Hairline(), self.earlier, spacing=0)
        whole.setStretch(3, 1)
        return box(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture gives way."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.picture.setVisible(self.width() >= px(_NARROW) and not self._hidden)
        short = self.width() < px(_SHORT)
        for button in (self.photo, self.note):
            button.show_short(short)
        moved_to = self.scan.moved_to if self.scan is not None else ""
        self.other.show_words(moved_to or (tr("Other…") if short else tr("Other place…")))

    _hidden = False

    def show_audit(self, audit: AuditShown, *, editable: bool) -> None:
        """Shows the last scan of an audit and those before it."""
        self._hidden = audit.blind
        scan = audit.scans[0] if audit.scans else None
        self.scan = scan
        self._stack.setCurrentIndex(1 if scan is not None else 0)
        if scan is None:
            return
        blind = audit.blind
        self.band.show_scan(scan, blind=blind)
        self._fit()
        self.picture.show_of("" if blind else scan.uid, scan.icon)
        self.name.setText(scan.code if blind else scan.name or scan.code)
        self.status.show_status("" if blind else scan.status, scan.status_tone)
        self.read.setText("" if blind or not scan.read else tr("read: {what}", what=scan.read))
        for label, text in zip(self.lines, (*scan.lines, "", ""), strict=False):
            label.setText("" if blind else text)
            label.setVisible(bool(label.text()))
        self._show_choices(audit, scan, editable=editable)
        self.earlier.show_scans(audit.scans[1:], blind=blind, editable=editable)

    def _show_choices(self, audit: AuditShown, scan: ScanShown, *, editable: bool) -> None:
        offered = () if audit.blind or not editable else answers_of(scan)
        self._answers.setVisible(bool(offered))
        self._answer_label.setVisible(scan.verdict is Verdict.UNKNOWN)
        for answer, asked in self.answers.items():
            asked.setVisible(answer in offered)
        known = bool(scan.uid and scan.key)
        self._places.setVisible(not audit.blind and known and not offered)
        self._marks.setVisible(known or (audit.blind and bool(scan.key)))
        self.photo.setVisible(known)
        self.move_here.show_words(
            tr("Move it to {place}", place=_short(audit.place_name)) if audit.place_name else tr("Move it here")
        )
        moves = scan.can_move and scan.move and not scan.moved_to
        self.move_here.show_chosen(moves, primary=moves and editable)
        self.seen.show_chosen(scan.can_move and not scan.move)
        self.other.show_chosen(bool(scan.moved_to))
        for button in (self.move_here, self.seen):
            button.setEnabled(editable and scan.can_move)
        self.other.setEnabled(editable)
        for name, button in self.conditions.items():
            button.show_chosen(scan.condition == name)
            button.setEnabled(editable)
        self.note.show_chosen(bool(scan.note))
        for button in (self.photo, self.note, self.take_back):
            button.setEnabled(editable)
        self.take_back.setVisible(bool(scan.key))
        self._kept.setVisible(known)

    def show_picture_again(self, uid: str) -> None:
        """A record may have another picture now."""
        if self.scan is not None and self.scan.uid == uid:
            self.picture.show_of(uid, self.scan.icon, again=True)


def _short(place: str) -> str:
    """The last part of a place's name ("Rotterdam · Store"): a button has little room."""
    return place.rpartition(" · ")[2]
