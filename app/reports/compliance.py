"""The licence position: per product, what is entitled, needed, covered, short and spare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.positions import positions_at
from app.reports.compliance_workbook import write
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.licences.engine.results import Positions
from cmdb.licences.labels import METRICS, VERDICTS
from cmdb.model.messages import Message, chain


def positions(question: ReportContext) -> Positions:
    """The licence position of the day that the question is about."""
    return positions_at(question.reader, question.today, question.control)


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in positions(question).positions:
        entitled = None if one.unlimited else one.entitled
        cells = (one.product, one.publisher, one.edition, one.version, one.metric, entitled, one.needed, one.covered,
                 one.short, one.spare, one.verdict, one.true_up, one.currency, one.arithmetic,
                 chain(one.actions))  # fmt: skip
        yield ReportRow(cells)


def _workbook(question: ReportContext, path: Path) -> int:
    found = positions(question)
    write(found, path, question.reader.head())
    return len(found.positions)


REPORT = Report(
    name="compliance",
    title=Message("Licence position"),
    description=Message(
        "What is entitled, needed, covered, short and spare, per product and metric, with the arithmetic."
    ),
    group=Message("Licences"),
    columns=(
        column(Message("Product")), column(Message("Publisher")), column(Message("Edition")),
        column(Message("Version")), column(Message("Metric"), labels=METRICS), column(Message("Entitled"), "integer"),
        column(Message("Needed"), "integer"), column(Message("Covered"), "integer"),
        column(Message("Short"), "integer"), column(Message("Spare"), "integer"),
        column(Message("Verdict"), labels=VERDICTS), column(Message("True-up cost"), "money"),
        column(Message("Currency")), column(Message("Arithmetic"), width=60), column(Message("What to do"), width=40),
    ),
    rows=_rows,
    subject=("verdict", "short", "true-up_cost", "currency"),
    save={".xlsx": _workbook},
)  # fmt: skip

__all__ = ["REPORT", "positions", "write"]
