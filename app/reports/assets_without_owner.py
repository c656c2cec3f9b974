"""Equipment in use that nobody answers for."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column


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
    title="Assets without owner",
    description="Equipment in use that is assigned to no person and no department; whoever uses it most is named.",
    columns=(
        column("Asset"), column("Class"), column("Asset tag"), column("Serial number"), column("Model"),
        column("Location"), column("Main user"), column("Last seen", "date"),
    ),
    rows=_rows,
    group="Care",
)  # fmt: skip
