"""Looking for the records that the lines of a pasted list name."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.pasted_list import find_pasted, lines_of, number_of_lines
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message, trn
from ui.context import Context
from ui.records.filter_bar import FilterBar


class PastedSearch(QObject):
    """Looks, one list at a time, under the name of the ``page``; the line under the filter says so meanwhile.

    ``found`` fires with the ``PastedList``, ``failed`` with the error; neither, when the job is cancelled.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, context: Context, page: str, filter_bar: FilterBar) -> None:
        super().__init__(filter_bar)
        self._context, self._key, self._filter = context, (page, "pasted"), filter_bar

    def find(self, text: str, cls: str) -> None:
        """Looks for the records of a class that the lines of a text name, as a job."""
        past, jobs = self._context.moment.at is not None, self._context.workspace.jobs
        self._filter.say(trn("Looking for {count} line…", "Looking for {count} lines…", number_of_lines(text)))
        self._context.query(
            lambda reader: jobs.run(
                Message("Looking for a pasted list"),
                lambda control: find_pasted(reader, cls, lines_of(text), past=past, control=control),
            ),
            self.found.emit, self._failed, key=self._key, owner=self, lane="slow",
        )  # fmt: skip

    def forget(self) -> None:
        """Nobody waits for the list any more: another question is asked."""
        self._context.tasks.forget(self._key)
        self._filter.say("")

    def _failed(self, error: Exception) -> None:
        self._filter.say("")
        if not isinstance(error, Cancelled):
            self.failed.emit(error)
