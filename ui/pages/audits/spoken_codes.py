"""What is done with a code that was read: it is a scan, or a command that is scanned from paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.audits.conditions import value_of
from app.audits.scanning import CodeRead
from app.codes.commands import CodeCommand, command_of
from cmdb.model import clock
from cmdb.model.audits import MOVE, SEEN

if TYPE_CHECKING:
    from cmdb.model.schema import Schema
    from ui.pages.audits.audit_course import AuditCourse
    from ui.pages.audits.scan_answers import ScanAnswers
    from ui.pages.audits.scan_queue import ScanQueue

_CONDITIONS = {CodeCommand.GOOD: "good", CodeCommand.WORN: "worn", CodeCommand.DAMAGED: "damaged"}
_CHOICES = {CodeCommand.MOVE: MOVE, CodeCommand.ONLY_SEEN: SEEN}


class SpokenCodes:
    """Turns codes into scans with the choice and the condition that are kept; commands change these."""

    def __init__(self, schema: Schema, queue: ScanQueue, answers: ScanAnswers, course: AuditCourse) -> None:
        self._schema = schema
        self._queue, self._answers, self._course = queue, answers, course

    def read(self, code: str) -> None:
        """A code was scanned or typed."""
        command = command_of(code)
        if command is None:
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

    def read_all(self, codes: Iterable[str]) -> None:
        """Many codes, of a list or of a scanner's memory."""
        for code in codes:
            self._scan(code)

    def _scan(self, code: str) -> None:
        answers = self._answers
        condition = value_of(self._schema, answers.kept_condition)
        # What is elsewhere is moved unless it was only seen; what is retired or lost stays where it is, unasked.
        choice = SEEN if answers.choice == SEEN else ""
        at = int(clock.moment().timestamp() * 1000)
        self._queue.add(CodeRead(code, at, condition=condition, choice=choice))
