"""What is done with a code that was read: it is a scan, or a command that is scanned from paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.audits.conditions import value_of
from app.audits.scanning import CodeRead
from app.codes.commands import CodeCommand, command_of
from app.codes.keyboards import is_test_code
from app.codes.scanner import keep_test
from cmdb.model import clock
from cmdb.model.audits import MOVE, SEEN

if TYPE_CHECKING:
    from ui.context import Context
    from ui.pages.audits.audit_course import AuditCourse
    from ui.pages.audits.scan_answers import ScanAnswers
    from ui.pages.audits.scan_queue import ScanQueue

_CONDITIONS = {CodeCommand.GOOD: "good", CodeCommand.WORN: "worn", CodeCommand.DAMAGED: "damaged"}
_CHOICES = {CodeCommand.MOVE: MOVE, CodeCommand.ONLY_SEEN: SEEN}


class SpokenCodes(QObject):
    """Turns codes into scans with the choice and the condition that are kept; commands change these.

    ``told`` fires with what a test code showed, and its tone.
    """

    told = Signal(str, str)

    def __init__(self, context: Context, queue: ScanQueue, answers: ScanAnswers, course: AuditCourse) -> None:
        super().__init__(queue)
        self._settings = context.workspace.settings
        self._schema = context.schema
        self._queue, self._answers, self._course = queue, answers, course

    def read(self, code: str) -> None:
        """A code was scanned or typed."""
        self.told.emit("", "")
        command = command_of(code)
        if is_test_code(code):
            found = keep_test(self._settings, code)
            self.told.emit(str(found.words), "good" if found.same or found.typing is not None else "warning")
        elif command is None:
            self._scan(code)
        elif command in _CONDITIONS:
            self._answers.kept_condition = _CONDITIONS[command]
        elif command in _CHOICES:
            self._answers.choice = _CHOICES[command]
        elif command is CodeCommand.UNDO:
            if not self._queue.take_last():
                self._answers.withdraw()
        elif command is CodeCommand.CLOSE_PLACE:
            self._course.ask_to_close()
        else:
            self._course.ask_stack(command)

    def read_all(self, reads: Iterable[CodeRead]) -> None:
        """Many codes, of a list or of a scanner's memory."""
        self._queue.add_all(reads)

    def _scan(self, code: str) -> None:
        answers = self._answers
        condition = value_of(self._schema, answers.kept_condition)
        # What is elsewhere is moved unless it was only seen; what is retired or lost stays where it is, unasked.
        choice = SEEN if answers.choice == SEEN else ""
        at = int(clock.moment().timestamp() * 1000)
        self._queue.add(CodeRead(code, at, condition=condition, choice=choice))
