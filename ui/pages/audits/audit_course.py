"""What is done with a whole audit: rooms are chosen and closed, codes are imported, it is finished or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.audits.running import close_place, drop, finish
from app.audits.saved_report import write_report_of
from app.audits.shown_audit import Verdict
from cmdb.model.messages import Message, tr, trn
from ui.pages.audits.scan_sheets import ask_record
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.audits.shown_audit import AuditShown, RoomShown
    from app.codes.commands import CodeCommand
    from ui.context import Context


_KINDS = {
    ".pdf": Message("Document to sign (*.pdf)"),
    ".xlsx": Message("Excel workbook (*.xlsx)"),
    ".ods": Message("OpenDocument spreadsheet (*.ods)"),
    ".csv": Message("Comma-separated values (*.csv)"),
    ".html": Message("Web page (*.html)"),
}
"""What a report is written as."""


class AuditCourse(QObject):
    """Asks first, with what it will do in numbers."""

    def __init__(self, context: Context, audit: Callable[[], AuditShown | None], page: QWidget) -> None:
        super().__init__(page)
        self._context, self._audit, self._page = context, audit, page

    # -- what there is ----------------------------------------------------------------------------------------------

    def is_shown(self) -> bool:
        """Whether an audit is shown."""
        return self._audit() is not None

    def runs(self) -> bool:
        """Whether the shown one is scanned for."""
        audit = self._audit()
        return audit is not None and audit.running

    def is_finished(self) -> bool:
        """Whether the shown one is finished, and not accepted yet."""
        audit = self._audit()
        return audit is not None and audit.finished

    def can_drop(self) -> bool:
        """Whether nothing of it was taken over yet."""
        return self.runs() or self.is_finished()

    def has_open_room(self) -> bool:
        """Whether the current room can be closed."""
        return self._room() is not None

    def _room(self) -> RoomShown | None:
        audit = self._audit()
        if audit is None or not audit.running:
            return None
        return next((one for one in audit.rooms if one.uid == audit.place and one.uid and not one.closed), None)

    # -- rooms ------------------------------------------------------------------------------------------------------

    def ask_room(self, then: Callable[[str], None]) -> None:
        """Asks where the next scans are made."""
        about = tr("Type its name, or scan its label. A room's label that is scanned in the audit does the same.")
        ask_record(self._context, tr("Choose the room"), about, tr("Scan here"), "place", then)

    def ask_to_close(self) -> None:
        """Closes the current room, where a person says so."""
        audit, room = self._audit(), self._room()
        if audit is None or room is None:
            return
        missing = 0 if audit.blind else room.expected - room.checked
        text = tr("It was looked through. It can be gone on with later.")
        if missing:
            text = trn(
                "{count} item that is expected there was not scanned: it is then missing.",
                "{count} items that are expected there were not scanned: they are then missing.",
                missing,
            )
        uid, place, author = audit.uid, room.uid, self._context.author

        def close() -> None:
            self._context.edit(
                lambda reader: close_place(reader, uid, place, author), tr("{room} closed", room=room.name)
            )

        self._context.shell.confirm(tr("Close {room}?", room=room.name), text, tr("Close the room"), close)

    # -- codes ------------------------------------------------------------------------------------------------------

    def ask_stack(self, command: CodeCommand) -> None:
        """What is scanned next is a stack, of which all is handed over or taken back."""
        self._context.shell.go("audits", stack=command.name.lower())

    # -- the end ----------------------------------------------------------------------------------------------------

    def ask_to_finish(self) -> None:
        """Ends the scanning, with what that means."""
        audit = self._audit()
        if audit is None:
            return
        left = audit.counts.get(Verdict.NOT_YET, 0) + audit.counts.get(Verdict.MISSING, 0)
        if audit.blind:
            text = tr("The list, the numbers and the results are shown then. Nothing changes in the register yet.")
        elif left:
            text = trn(
                "{count} of {expected} expected items was not scanned and is missing. Nothing changes in the "
                "register until the audit is accepted.",
                "{count} of {expected} expected items were not scanned and are missing. Nothing changes in the "
                "register until the audit is accepted.",
                left,
                expected=audit.expected,
            )
        else:
            text = tr("All that is expected was scanned. Nothing changes in the register until the audit is accepted.")
        uid, author = audit.uid, self._context.author

        def end() -> None:
            self._context.edit(lambda reader: finish(reader, uid, author), tr("Audit finished"))

        self._context.shell.confirm(tr("Finish {audit}?", audit=audit.name), text, tr("Finish audit"), end)

    def ask_to_drop(self) -> None:
        """Ends an audit of which nothing is taken over."""
        audit = self._audit()
        if audit is None:
            return
        uid, author = audit.uid, self._context.author

        def end() -> None:
            self._context.edit(lambda reader: drop(reader, uid, author), tr("Audit dropped"))

        text = tr("Nothing of it is taken over. Its scans are kept.")
        self._context.shell.confirm(tr("Drop {audit}?", audit=audit.name), text, tr("Drop"), end, danger=True)

    def ask_report(self) -> None:
        """Asks where the report is written: as a document to sign, or as tables."""
        audit, context = self._audit(), self._context
        if audit is None:
            return
        if audit.blind:
            context.shell.toast(tr("The report of a blind audit can be written when it is finished."), tone="warning")
            return
        name = context.file_name(tr("{number} {audit}", number=audit.number, audit=audit.name))
        path = ask_to_save(context.workspace.settings, self._page, "reports", tr("Report of the audit"), name, _KINDS)
        if path is not None:
            uid = audit.uid
            context.query(
                lambda reader: write_report_of(reader, uid, path), lambda _: say_written(context.shell, path),
                context.shell.problem, key=("audits", "report"), owner=self, lane="slow",
            )  # fmt: skip
