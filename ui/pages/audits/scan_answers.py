"""What a person says of the last scan, or of one that waits for an answer. It is written at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.attachments.attaching import NewFile, attaching, files_at, largest
from app.audits.conditions import value_of
from app.audits.known_code import code_left, code_names
from app.audits.proposals import OFFERED
from app.audits.scanning import change_scan, withdraw_scan
from app.audits.shown_audit import Verdict
from app.verbs import known_verbs
from cmdb.model.audits import MOVE, SEEN, AuditOutcome
from cmdb.model.control import Control
from cmdb.model.messages import Message, tr
from ui.pages.audits.answers import Answer
from ui.pages.audits.scan_sheets import ask_note, ask_record, ask_which
from ui.records.new_sheet import NewRecordForm
from ui.widgets.file_dialog import ask_to_open
from ui.widgets.verb_sheet import run_verb

if TYPE_CHECKING:
    from app.audits.shown_audit import AuditShown, ScanShown
    from app.question import Ask
    from cmdb.model.revision import Revision
    from ui.context import Context

_PICTURES = "*.jpg *.jpeg *.png *.webp *.gif *.bmp *.heic"


class ScanAnswers(QObject):
    """Answers of a person. The place and the condition that are chosen are those of the next scans, too."""

    photo_kept = Signal(str)
    """The id of the record that a photo was added to."""

    def __init__(self, context: Context, audit: Callable[[], AuditShown | None], page: QWidget) -> None:
        super().__init__(page)
        self._context, self._audit, self._page = context, audit, page
        self.choice, self.kept_condition = MOVE, ""

    # -- what there is to speak of ----------------------------------------------------------------------------------

    @property
    def scan(self) -> ScanShown | None:
        """The last scan of an audit that runs."""
        audit = self._audit()
        scans = [one for one in audit.scans if one.key] if audit is not None and audit.running else []
        return scans[0] if scans else None

    def has_scan(self) -> bool:
        """Whether there is a scan to say something of."""
        return self.scan is not None

    def has_record(self) -> bool:
        """Whether the last scan names a record."""
        return self.scan is not None and bool(self.scan.uid)

    def can_move(self) -> bool:
        """Whether the last scan is of something that is elsewhere, as the register has it."""
        return self.scan is not None and self.scan.can_move

    # -- what is said -----------------------------------------------------------------------------------------------

    def place(self, choice: str) -> None:
        """Where it goes: it is moved, was only seen, or is in another place."""
        scan = self.scan
        if choice == "other":
            self._ask_place()
            return
        self.choice = SEEN if choice == "seen" else MOVE
        if scan is not None:
            wanted = self.choice
            self._change(
                scan, lambda reader, audit, author: change_scan(reader, audit, scan.key, author, choice=wanted)
            )

    def _ask_place(self) -> None:
        scan = self.scan
        if scan is None:
            return

        def then(uid: str) -> None:
            self._change(
                scan, lambda reader, audit, author: change_scan(reader, audit, scan.key, author, place=uid, choice=MOVE)
            )

        title = tr("Where is {name}?", name=scan.name or scan.code)
        about = tr("The place where it was scanned, if it is not the room of the other scans.")
        ask_record(self._context, title, about, tr("It is there"), "place", then)

    def condition(self, name: str) -> None:
        """How it is."""
        self.kept_condition = name
        scan = self.scan
        if scan is None:
            return
        value = value_of(self._context.schema, name)
        self._change(scan, lambda reader, audit, author: change_scan(reader, audit, scan.key, author, condition=value))

    def ask_note(self) -> None:
        """Asks for the note on the last scan."""
        scan = self.scan
        if scan is not None:

            def then(note: str) -> None:
                self._change(
                    scan, lambda reader, audit, author: change_scan(reader, audit, scan.key, author, note=note)
                )

            ask_note(self._context, scan.name or scan.code, scan.note, then)

    def withdraw(self) -> None:
        """Takes the last scan back."""
        scan = self.scan
        if scan is not None:
            said = tr("Scan of {name} taken back", name=scan.name or scan.code)
            self._change(scan, lambda reader, audit, author: withdraw_scan(reader, audit, scan.key, author), said)

    def _change(
        self, scan: ScanShown, make: Callable[..., Revision], said: str = "", then: Callable[[], None] | None = None
    ) -> None:
        audit = self._audit()
        if audit is None:
            return
        uid, author = audit.uid, self._context.author
        asked: Ask[Revision] = lambda reader: make(reader, uid, author)  # noqa: E731 -- a question
        self._context.edit(asked, said, (lambda _: then()) if then is not None else None)

    # -- a photo ----------------------------------------------------------------------------------------------------

    def ask_photo(self) -> None:
        """Asks for a picture that is kept with what was scanned."""
        scan = self.scan
        if scan is None or not scan.uid:
            return
        kinds = tr("Pictures ({endings})", endings=_PICTURES)
        paths = ask_to_open(self._context.workspace.settings, self._page, "attachments", tr("Photo"), kinds)
        if paths:
            self.keep_photos(scan.uid, paths)

    def keep_photos(self, uid: str, paths: list[Path]) -> None:
        """Keeps pictures with a record: they are read in a worker, and refused by their size before that."""
        context = self._context
        most, estate, author = largest(context.workspace.settings), context.workspace.where, context.author

        def attach(files: list[NewFile]) -> None:
            context.edit(
                lambda reader: attaching(reader, uid, files, author)[0], tr("Photo kept"),
                lambda _: self.photo_kept.emit(uid), doing=Message("Keeping files"),
            )  # fmt: skip

        context.tasks.run(
            lambda: files_at(paths, most, Control(), estate), attach, context.shell.problem, owner=self, lane="slow"
        )

    # -- answers in a scan's row ------------------------------------------------------------------------------------

    def answer(self, key: str, answer: str) -> None:
        """An answer to a scan that waits for one."""
        audit = self._audit()
        scan = next((one for one in audit.scans if one.key == key), None) if audit is not None else None
        if scan is None or not self._context.editable:
            return
        {
            Answer.MAKE: self._make, Answer.TIE: self._tie, Answer.CHOOSE: self._choose, Answer.STOCK: self._to_stock,
            Answer.LEAVE: self._leave,
        }[Answer(answer)](scan)  # fmt: skip

    def _is(self, scan: ScanShown, uid: str) -> None:
        """The scan is of this record, which its code finds from then on, unless it finds others besides."""
        code = "" if scan.choices else scan.code
        self._change(scan, lambda reader, audit, author: code_names(reader, audit, scan.key, code, uid, author))

    def _make(self, scan: ScanShown) -> None:
        form = NewRecordForm(self._context, "hardware", partial(self._is, scan))
        for name, value in (("asset_tag", scan.code), ("location", scan.place)):
            if name in form.form.fields and value:
                form.form.fields[name].set_value(value)
        form.open_sheet()

    def _tie(self, scan: ScanShown) -> None:
        title = tr("What has the code {code}?", code=scan.code[:80])
        about = tr("The scan then counts for this item. Its label stays as it is.")
        ask_record(self._context, title, about, tr("Tie the code to it"), "ci", partial(self._is, scan))

    def _choose(self, scan: ScanShown) -> None:
        ask_which(self._context, scan.code, scan.choices, partial(self._is, scan))

    def _to_stock(self, scan: ScanShown) -> None:
        """The sheet of the verb that brings it back."""
        uid, outcome = scan.uid, AuditOutcome.LOST if scan.verdict is Verdict.LOST else AuditOutcome.RETIRED
        run_verb(self._context, known_verbs()[OFFERED[outcome]], lambda _: [uid], scan.name, scan.cls)

    def _leave(self, scan: ScanShown) -> None:
        code = scan.code if scan.verdict is Verdict.UNKNOWN else ""
        said = tr("{name} is left as it is", name=scan.name or scan.code)
        self._change(scan, lambda reader, audit, author: code_left(reader, audit, scan.key, code, author), said)
