"""Hardware by person."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message
from cmdb.model.records import CI


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    """Sorted by the people's names in the store, so that neither people nor hardware are in memory at once."""
    holder: CI | None = None
    for one in question.all("hardware", "assigned_to is not empty", sort="assigned_to"):
        v = one.values
        if holder is None or holder.uid != v["assigned_to"]:
            holder = question.reader.get(one.text("assigned_to"))
        if question.left(one) or not question.schema.is_a(holder.cls, "person"):
            continue
        cells = (holder.name, holder.values.get("email", ""), question.name(holder.values.get("department")), one.name,
                 question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
                 question.name(v.get("model")), question.name(v.get("location")), v.get("assigned_on"))  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="assets_by_person",
    title=Message("Assets by person"),
    description=Message("Who has what: all equipment that is handed out, by person."),
    columns=(
        column(Message("Person")), column(Message("Email")), column(Message("Department")), column(Message("Asset")),
        column(Message("Class")), column(Message("Asset tag")), column(Message("Serial number")),
        column(Message("Model")), column(Message("Location")), column(Message("Since"), "date"),
    ),
    rows=_rows,
)  # fmt: skip
