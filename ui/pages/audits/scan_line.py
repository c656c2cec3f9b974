"""The place of the next scans and the field for them, with whether the scanner reaches it and whether scans sound."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.audits.shown_audit import AuditShown
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.pages.audits.scan_field import ScanField
from ui.pages.audits.scan_sound import ScanSound
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button, IconButton, LinkButton
from ui.widgets.card import Card
from ui.widgets.labels import ElidedText, SectionLabel
from ui.widgets.layout import row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import Icon


class ScanLine(Card):
    """The first thing on the page: where one is, and the field."""

    place_wanted = Signal()
    closing_wanted = Signal()
    scanned = Signal(str)
    test_wanted = Signal()

    def __init__(self, context: Context, sound: ScanSound) -> None:
        super().__init__(margins=(14, 8, 14, 12))
        self._theme, self._sound = context.theme, sound
        self.field = ScanField(context.theme)
        self.field.scanned.connect(self.scanned)
        self.place = LinkButton("", self.place_wanted.emit, hint=tr("Choose the room where the next scans are made"))
        self.place.give_way(60)
        self._hint = ElidedText(tr("Scan a room's label to change it"), "muted", least=0)
        self.close_room = LinkButton(
            tr("Close the room…"), self.closing_wanted.emit, hint=tr("What was not found there is then missing")
        )
        self._ready_icon = Icon(context.theme, "good", "good", 16)
        self.ready = LinkButton(tr("Scanner ready"), self.test_wanted.emit, hint=tr("Try the scanner with a test code"))
        self.sound = IconButton(context.theme, "sound", "", self.switch_sound, size=24)
        head = row(
            SectionLabel(tr("Place")), self.place, self._hint, self.close_room, 8, self._ready_icon, self.ready,
            self.sound,
        )  # fmt: skip
        head.setStretch(2, 1)
        self.count = Button(tr("Count it"), self._count)
        self.strayed = InlineMessage(context.theme, button=self.count)
        self._code = ""
        self.again = Button(tr("Try again"))
        self.failure = InlineMessage(context.theme, button=self.again)
        self.told = InlineMessage(context.theme)
        self.add(head)
        self.add(self.field)
        self.add(self.strayed)
        self.add(self.failure)
        self.add(self.told)
        self._show_sound()

    def show_audit(self, audit: AuditShown, *, editable: bool) -> None:
        """Shows where the next scans are made."""
        self.place.setText(audit.place_name or tr("No room yet"))
        current = next((one for one in audit.rooms if one.uid == audit.place), None)
        self.close_room.setVisible(current is not None and bool(current.uid) and not current.closed and editable)
        self.field.setEnabled(editable)

    def show_failed(self, number: int, error: Exception) -> None:
        """Scans could not be written: they wait."""
        text = trn(
            "{count} scan is not written yet, and is kept: {reason}",
            "{count} scans are not written yet, and are kept: {reason}",
            number,
            reason=str(error) or type(error).__name__,
        )
        self.failure.say(text, "bad")

    def show_waiting(self, number: int) -> None:
        """Scans were written; so many wait."""
        if not number:
            self.failure.say("")

    def show_ready(self, *, tested: bool) -> None:
        """Whether it is known how this computer's scanner types."""
        self._ready_icon.set_icon("good" if tested else "info", "good" if tested else "muted")
        self.ready.setText(tr("Scanner ready") if tested else tr("Try the scanner"))

    def say(self, text: str, tone: str = "good") -> None:
        """What a test code showed."""
        self.failure.say("")
        self.told.say(text, tone)

    def offer(self, code: str) -> None:
        """A code was scanned into a field for something else: it is offered to be counted."""
        self._code = code
        self.strayed.say(tr("“{code}” was scanned into another field, and not counted.", code=code[:80]), "warning")

    def _count(self) -> None:
        code, self._code = self._code, ""
        self.strayed.say("")
        self.field.setFocus()
        if code:
            self.scanned.emit(code)

    def switch_sound(self) -> None:
        """On, or off."""
        self._sound.switch()
        self._show_sound()

    def _show_sound(self) -> None:
        words = tr("Sound on") if self._sound.on else tr("Sound off")
        self.sound.setIcon(self._theme.icon("sound" if self._sound.on else "sound-off"))
        self.sound.setToolTip(plain_tip(words))
        self.sound.setAccessibleName(words)
