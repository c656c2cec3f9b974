"""Runs a report and writes it to a file. Called in worker threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.estate_settings import exported_as
from app.reports import Report, ReportContext, ReportRow, write
from app.unfinished_files import noted
from cmdb.model.control import Control
from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import EMPTY, Message
from cmdb.model.whole_files import save_whole
from importers.tables import Column

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader

#: Types of columns that hold numbers.
NUMBERS = frozenset({"integer", "number", "money"})

Written = Callable[[Column, object], str]
"""How a cell is written for the reader."""


@dataclass(frozen=True, slots=True)
class ReportResult:
    """A report's rows, and for each row the folded text that a filter searches."""

    report: Report
    rows: list[ReportRow]
    texts: list[str]
    described: Message = EMPTY
    more: bool = False
    """Whether the report has more rows than these."""


@dataclass(frozen=True, slots=True)
class ReportOrigin:
    """The input of a report's run: the estate's name, the day, and the head of its journal."""

    estate: str
    day: date
    head: JournalHead


Draw = Callable[[ReportResult, BinaryIO, ReportOrigin], None]
"""Writes a result to a file in a format that a window brings along. Raises OSError."""


def run(
    reader: Reader,
    report: Report,
    control: Control,
    today: date,
    written: Written,
    since: int | None = None,
    most: int | None = None,
) -> ReportResult:
    """Runs a report over a reader's moment, whose day is ``today``; of its rows the first ``most``. Raises Cancelled.

    A filter finds cells as they are ``written``. ``since`` is the revision that a report about two moments compares
    with.
    """
    question = ReportContext(reader, today, control, since)
    rows = list(islice(report.rows(question), None if most is None else most + 1))
    more = most is not None and len(rows) > most
    rows = rows[:most]
    return ReportResult(report, rows, list(_texts(report, rows, control, written)), report.described(question), more)


def _texts(report: Report, rows: Iterable[ReportRow], control: Control, written: Written) -> Iterable[str]:
    for row in rows:
        control.check()
        cells = zip(report.columns, row.cells, strict=True)
        yield " ".join(written(column, cell) for column, cell in cells).casefold()


def save(
    control: Control,
    workspace: Workspace,
    report: Report,
    path: Path,
    at: int | None,
    today: date,
    drawn: Mapping[str, Draw],
    since: int | None = None,
) -> int:
    """Writes a report over what revision ``at`` knew (None: now); returns how many rows. Raises FileProblem, Cancelled.

    ``drawn`` are formats beside those of ``app.reports``, by the file's ending. ``today`` and ``since`` are as for
    ``run``.
    """
    draw = drawn.get(path.suffix.casefold())
    with noted(path), workspace.read(at, today) as reader:
        question = ReportContext(reader, today, control, since)
        if draw is None:
            return write(report, question, path)
        result = ReportResult(report, list(report.rows(question)), [], report.described(question))
        control.check()
        origin = ReportOrigin(exported_as(reader, workspace.name), today, reader.head())
        save_whole(path, lambda file: draw(result, file, origin))
        return len(result.rows)
