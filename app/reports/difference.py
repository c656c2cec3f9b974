"""The differences between two moments: every item, relationship, installation, group and assignment."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from app.reports.two_moments import about_moments, compared_with
from cmdb.model.difference import KINDS
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.register.difference import Comparison

_CHANGES = {"created": Message("Added"), "deleted": Message("Removed"), "changed": Message("Changed")}


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    comparison = Comparison(question.reader, compared_with(question), question.control, ordered=True)
    for line in comparison.lines():
        cls = question.schema.classes.get(line.cls)
        cells = (_CHANGES[line.change], KINDS[line.kind], cls.label if cls else line.cls, line.item, line.what,
                 line.then, line.now)  # fmt: skip
        yield ReportRow(cells, line.uid if line.there else "")


def _titled(question: ReportContext) -> Message:
    return Message("Difference {then} to {now}", then=Plain(compared_with(question)), now=Plain(question.reader.number))


REPORT = Report(
    name="difference",
    title=Message("Difference between two moments"),
    description=Message("What differs between two moments: what was added, removed and changed, then and now."),
    columns=(
        column(Message("Change")), column(Message("Kind")), column(Message("Class")), column(Message("Item")),
        column(Message("What")), column(Message("Then")), column(Message("Now")),
    ),
    rows=_rows,
    group=Message("Changes"),
    between=True,
    about=about_moments,
    titled=_titled,
)  # fmt: skip
