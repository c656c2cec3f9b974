"""What can be done with a row of the list of what is expected: it is here, it is excused, its record is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QMenu

from app.audits.running import excuse
from app.audits.scanning import CodeRead
from app.audits.shown_audit import Verdict
from cmdb.model import clock
from cmdb.model.audits import ScanMark
from cmdb.model.messages import tr
from ui.pages.audits.scanner_keys import OWN
from ui.plain_texts import plain_label
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column

if TYPE_CHECKING:
    from app.audits.shown_audit import AuditShown, ExpectedRow
    from ui.context import Context
    from ui.pages.audits.scan_queue import ScanQueue

_OPEN = (Verdict.NOT_YET, Verdict.MISSING)


class RowMenu:
    """Fills the menu of a row."""

    def __init__(self, context: Context, audit: Callable[[], AuditShown | None], queue: ScanQueue) -> None:
        self._context, self._audit, self._queue = context, audit, queue

    def fill(self, one: ExpectedRow, menu: QMenu) -> None:
        """The entries for a row, as the audit is now."""
        audit = self._audit()
        if audit is None:
            return
        editable = self._context.editable
        if one.uid and audit.running and one.verdict is not Verdict.FOUND:
            for words, marks in (
                (tr("It is here"), frozenset()), (tr("It is here, its label can't be read"), {ScanMark.UNREADABLE}),
                (tr("It is here, and has no label"), {ScanMark.UNLABELLED}),
            ):  # fmt: skip
                menu.addAction(plain_label(words), partial(self.seen, one, frozenset(marks))).setEnabled(editable)
            menu.addSeparator()
        if one.uid and not audit.accepted and one.verdict in _OPEN:
            menu.addAction(plain_label(tr("Excuse it…")), partial(self.ask_excuse, one)).setEnabled(editable)
        if one.uid and not audit.accepted and one.verdict is Verdict.EXCUSED:
            menu.addAction(plain_label(tr("Excuse it no longer")), partial(self._excuse, one, "")).setEnabled(editable)
        if one.uid:
            menu.addAction(plain_label(tr("Show its record")), partial(self._context.shell.open_ci, one.uid))

    def seen(self, one: ExpectedRow, marks: frozenset[ScanMark]) -> None:
        """It was found without its code being read."""
        at = int(clock.moment().timestamp() * 1000)
        self._queue.add(CodeRead("", at, record=one.uid, marks=marks))

    def ask_excuse(self, one: ExpectedRow) -> None:
        """Asks why it need not be found."""
        shell = self._context.shell
        why = QLineEdit()
        why.setProperty(OWN, True)
        why.setPlaceholderText(tr("At home, on loan, in repair…"))
        why.setAccessibleName(tr("Why"))

        def save() -> None:
            text = why.text().strip()
            if text:
                shell.close_sheet()
                self._excuse(one, text)

        why.returnPressed.connect(save)
        about = tr("It is expected, and need not be found now. Who said so, and when, is kept.")
        content = box(column(Text(about, "muted", wrap=True), 4, Text(tr("Why"), "muted"), why, STRETCH, spacing=4))
        buttons = (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(tr("Excuse it"), save))
        shell.sheet(tr("Excuse {name}", name=one.name), content, buttons)
        why.setFocus()

    def _excuse(self, one: ExpectedRow, why: str) -> None:
        audit = self._audit()
        if audit is None:
            return
        uid, author, record = audit.uid, self._context.author, one.uid
        said = tr("{name} is excused", name=one.name) if why else tr("{name} is expected again", name=one.name)
        self._context.edit(lambda reader: excuse(reader, uid, [record], why, author), said)
