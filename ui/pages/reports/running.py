"""Runs a report: its rows, as they are shown and searched. Called in worker threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.reports import Question, Report, Row, write
from cmdb.model.control import Control
from importers.tables.write import save_whole
from ui.pages.reports.numbers import decimal
from ui.widgets.dates import day, moment, plural

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader
    from importers.tables import Column

NUMBERS = frozenset({"integer", "number", "money"})


@dataclass(frozen=True, slots=True)
class Result:
    """A report's rows, and per row the folded text that a filter looks into."""

    report: Report
    rows: list[Row]
    texts: list[str]
    described: str = ""
    more: bool = False
    """Whether the report has more rows than these."""


def run(
    reader: Reader, report: Report, control: Control, today: date, since: int | None = None, most: int | None = None
) -> Result:
    """Runs a report over a reader's moment, whose day is ``today``; of its rows the first ``most``. Raises Cancelled.

    ``since`` is the revision that a report about two moments compares with.
    """
    question = Question(reader, today, control, since)
    rows = list(islice(report.rows(question), None if most is None else most + 1))
    more = most is not None and len(rows) > most
    rows = rows[:most]
    texts = []
    for row in rows:
        control.check()
        cells = zip(report.columns, row.cells, strict=True)
        texts.append(" ".join(shown(column, cell) for column, cell in cells).casefold())
    return Result(report, rows, texts, report.described(question), more)


def save(
    control: Control,
    workspace: Workspace,
    report: Report,
    path: Path,
    at: int | None,
    family: str,
    today: date,
    since: int | None = None,
) -> int:
    """Writes a report over what revision ``at`` knew (None: now); returns how many rows. Raises FileProblem.

    ``family`` is the font of a PDF; that is drawn here, all other formats are written as everywhere. ``today`` and
    ``since`` are as for ``run``.
    """
    with workspace.store.read(at, today) as reader:
        if path.suffix.casefold() != ".pdf":
            return write(report, Question(reader, today, control, since), path)
        from ui.pages.reports.paper import write_pdf

        result = run(reader, report, control, today, since)
        parts = (workspace.store.name, day(today.isoformat()), f"revision {reader.number}")
        about = ", ".join((*parts, plural(len(result.rows), "row")))
        save_whole(path, lambda part: write_pdf(result, part, about, family))
        return len(result.rows)


def shown(column: Column, value: Any) -> str:
    """A canonical value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.type in NUMBERS and isinstance(value, int | float):
        text = decimal(value, 2 if column.type == "money" else None)
        return f"{text} {column.unit}" if column.unit else text
    if column.type == "date":
        return day(str(value))
    if column.type == "time":
        return moment(str(value))
    return str(value)
