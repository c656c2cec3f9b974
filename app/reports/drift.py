"""Drift: what scans saw change on machines since another moment, by machine and section."""

from __future__ import annotations

from collections.abc import Iterator

from app.drift.differences import DETAILS, SOFTWARE
from app.drift.estate_drift import estate_drift
from app.record_sections import section_label
from app.reports.model import Report, ReportContext, ReportRow, column
from app.reports.two_moments import about_moments, compared_with
from cmdb.model.messages import Message

_PARTS = {DETAILS: Message("Details"), SOFTWARE: Message("Installed software")}


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    reader, schema = question.reader, question.schema
    found = list(estate_drift(reader, compared_with(question), question.control))
    machines = reader.by_uid({one.uid for one in found})
    for one in found:
        own = machines[one.uid]
        section = _PARTS.get(one.section) or section_label(schema, one.section)
        cells = (own.name, question.label(own.cls), section, one.added or None, one.changed or None,
                 one.removed or None, own.text("last_seen")[:10] or None)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="drift",
    title=Message("Drift of machines"),
    description=Message(
        "What scans saw change between two moments: how many rows of each section were added, changed and removed. "
        "An upgrade of software is a change."
    ),
    columns=(
        column(Message("Item")), column(Message("Class")), column(Message("Section")),
        column(Message("Added"), "integer"), column(Message("Changed"), "integer"),
        column(Message("Removed"), "integer"), column(Message("Last seen"), "date"),
    ),
    rows=_rows,
    group=Message("Changes"),
    between=True,
    about=about_moments,
    subject=("section", "added", "changed", "removed"),
)  # fmt: skip
