"""The scans before the last one, the latest first, each with the answers that it waits for in its row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.audits.shown_audit import WORDS, ScanShown, tone
from cmdb.model.messages import tr
from ui.pages.audits.answers import TITLES, Answer, answers_of
from ui.text_size import px, set_sizes
from ui.widgets.buttons import LinkButton
from ui.widgets.labels import ElidedText, SectionLabel, Text, retone
from ui.widgets.layout import STRETCH, box, column, scrolled
from ui.widgets.pill import Pill

MOST = 24
"""Scans that are listed; all are kept, and stand in the list of the audit."""


class ScanRow(QWidget):
    """One scan in a line. It shows another one without being made anew: there may be thirty in a second."""

    answered = Signal(str, str)
    """The key of the scan, and the answer."""
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.scan: ScanShown | None = None
        self._time = Text("", "muted")
        self._pill = Pill("–")
        self._pill_room = box(_line(self._pill, STRETCH))
        self._name = ElidedText().set_bold()
        self._reason = ElidedText("", "muted")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._said = ElidedText("", "muted")
        self._said.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.buttons = {answer: self._button(answer) for answer in Answer}
        layout = _line(self._time, self._pill_room, self._name, self._reason, self._said, *self.buttons.values())
        layout.setStretch(3, 1)
        self.setLayout(layout)
        set_sizes(self, height=26)

    def _button(self, answer: Answer) -> LinkButton:
        made = LinkButton(str(TITLES[answer]), lambda: self._answer(answer))
        retone(made, "accent")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.give_way(44)
        return made

    def _answer(self, answer: Answer) -> None:
        if self.scan is not None:
            self.answered.emit(self.scan.key, answer.value)

    def show_scan(self, scan: ScanShown, *, blind: bool, editable: bool) -> None:
        """Shows a scan."""
        self.scan = scan
        self._time.setText(scan.time)
        self._time.setMinimumWidth(max(px(62), self._time.sizeHint().width()))
        self._pill_room.setVisible(not blind)
        self._pill.show_status(str(WORDS[scan.verdict]), tone(scan.verdict))
        self._pill_room.setMinimumWidth(max(px(96), self._pill_room.sizeHint().width()))
        self._name.setText(scan.code if blind else scan.name or scan.code)
        self._reason.setText("" if blind else self._about(scan))
        offered = answers_of(scan) if editable and not blind else ()
        said = "" if blind else scan.settled or (tr("Scanned again") if scan.again else "")
        self._said.setText(said)
        self._said.setVisible(bool(said))
        for answer, button in self.buttons.items():
            button.setVisible(answer in offered)
        self.show()

    @staticmethod
    def _about(scan: ScanShown) -> str:
        if scan.again:
            return tr("counted once; first scan {time}", time=scan.again)
        return scan.note or scan.reason


class EarlierScans(QWidget):
    """The list of scans before the last one."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ScanRow] = []
        self._lines = column(STRETCH, spacing=0)
        self._area = scrolled(box(self._lines), tr("Earlier scans"))
        self._area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = column(SectionLabel(tr("Earlier scans")), self._area, spacing=2, margins=(16, 8, 16, 8))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def minimumSizeHint(self) -> QSize:
        """The title and two rows."""
        return QSize(px(240), px(90))

    def show_scans(self, scans: Sequence[ScanShown], *, blind: bool, editable: bool) -> None:
        """Shows scans, the latest first."""
        shown = scans[:MOST]
        while len(self.rows) < len(shown):
            made = ScanRow()
            made.answered.connect(self.answered)
            self.rows.append(made)
            self._lines.insertWidget(self._lines.count() - 1, made)
        for row, scan in zip(self.rows, shown, strict=False):
            row.show_scan(scan, blind=blind, editable=editable)
        for row in self.rows[len(shown) :]:
            row.hide()


def _line(*parts: QWidget | None) -> QHBoxLayout:
    from ui.widgets.layout import row

    return row(*parts, spacing=8)
