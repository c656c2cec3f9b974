"""The sheet that takes a list of codes into an audit: pasted, a file, or a scanner's memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.codes.code_lists import CodeList, as_reads, codes_in_file, pasted_codes
from cmdb.model.messages import tr, trn
from ui.accessible import name_area
from ui.pages.audits.scanner_keys import OWN
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.file_dialog import ask_to_open
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column
from ui.widgets.notice import InlineMessage

if TYPE_CHECKING:
    from app.audits.scanning import CodeRead
    from ui.context import Context

_PROBLEMS = 5
"""Rows that could not be read that are named."""


class CodesSheet(QWidget):
    """A field to paste into, and a button for a file. ``then`` gets what was read, in its order."""

    def __init__(self, context: Context, then: Callable[[Sequence[CodeRead]], None]) -> None:
        super().__init__()
        self._context, self._then = context, then
        self.found = CodeList(())
        self.text = QPlainTextEdit()
        self.text.setProperty(OWN, True)
        name_area(self.text, tr("Codes"))
        set_sizes(self.text, least_height=160)
        self.text.textChanged.connect(self._read)
        self.file = Button(tr("From a file…"), self.ask_file, icon="open", theme=context.theme)
        self.said = InlineMessage(context.theme)
        self.problems = InlineMessage(context.theme)
        self.button = PrimaryButton(tr("Record them"), self.save)
        about = tr(
            "Paste codes, one in a line, or a table of a scanner with its times; or choose the file of its memory. All "
            "are recorded as scans in the current room, unless a row names another place."
        )
        self.setLayout(column(Text(about, "muted", wrap=True), self.text, self.file, self.said, self.problems, STRETCH))
        self.show_codes(self.found)

    def open_sheet(self) -> None:
        """Shows it at the side."""
        shell = self._context.shell
        shell.sheet(tr("Import codes"), self, (Button(tr("Cancel"), shell.close_sheet), self.button))

    def _read(self) -> None:
        text = self.text.toPlainText()
        self._context.tasks.run(
            lambda: pasted_codes(text), self.show_codes, self._failed, key=("audits", "codes"), owner=self
        )

    def ask_file(self) -> None:
        """Asks for a file."""
        kinds = tr("Lists of codes ({endings})", endings="*.txt *.csv *.tsv *.log *.dat *.xlsx *.ods")
        paths = ask_to_open(self._context.workspace.settings, self, "codes", tr("Import codes"), kinds)
        if paths:
            path = paths[0]
            self._context.tasks.run(
                lambda: codes_in_file(path),
                self.show_codes,
                self._failed,
                key=("audits", "codes"),
                owner=self,
                lane="slow",
            )

    def _failed(self, error: Exception) -> None:
        self.show_codes(CodeList(()))
        self.problems.say(str(error), "bad")

    def show_codes(self, found: CodeList) -> None:
        """Says what was read."""
        self.found = found
        number = len(found.codes)
        self.said.say(trn("{count} code was read.", "{count} codes were read.", number) if number else "", "accent")
        more = len(found.problems) - _PROBLEMS
        lines = [*map(str, found.problems[:_PROBLEMS])]
        if more > 0:
            lines.append(trn("and {count} more", "and {count} more", more))
        self.problems.say("\n".join(lines), "warning")
        self.button.setEnabled(bool(number))

    def save(self) -> None:
        """Hands them on."""
        self._context.shell.close_sheet()
        self._then(as_reads(self.found.codes))
