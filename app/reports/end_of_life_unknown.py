"""Products and operating systems in use whose end of life is not known, and why."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message, tr


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from app.ending_releases import releases_in_use

    for one in releases_in_use(question.reader, question.control).unknown:
        kind = tr("operating system") if one.system else tr("software")
        yield ReportRow((one.name, one.version, kind, one.computers, str(one.why)))


REPORT = Report(
    name="end_of_life_unknown",
    title=Message("End of life not known"),
    description=Message(
        "Products that are recognised, and operating systems, of which the imported end-of-life data names no release."
    ),
    columns=(
        column(Message("Name")), column(Message("Version")), column(Message("Kind")),
        column(Message("Computers"), "integer"), column(Message("Why")),
    ),
    rows=_rows,
    group=Message("Software"),
)  # fmt: skip
