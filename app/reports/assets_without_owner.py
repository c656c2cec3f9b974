"""Hardware in use without an owner."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in question.all("hardware", "assigned_to is empty and phase = live"):
        v = one.values
        if one.cls == "virtual_machine" or v.get("department"):
            continue
        cells = (one.name, question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
                 question.name(v.get("model")), question.name(v.get("location")), question.name(v.get("main_user")),
                 one.text("last_seen")[:10] or None)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="assets_without_owner",
    title=Message("Assets without owner"),
    description=Message(
        "Equipment in use that is assigned to no person and no department; whoever uses it most is named."
    ),
    columns=(
        column(Message("Asset")), column(Message("Class")), column(Message("Asset tag")),
        column(Message("Serial number")), column(Message("Model")), column(Message("Location")),
        column(Message("Main user")), column(Message("Last seen"), "date"),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
