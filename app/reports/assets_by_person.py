"""Who has what."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Question, Report, Row, column


def _rows(question: Question) -> Iterator[Row]:
    people = {p.uid: p for p in question.all("person")}
    found = []
    for one in question.all("hardware", "assigned_to is not empty"):
        holder = people.get(one.values["assigned_to"])
        if holder is not None and not question.left(one):
            found.append((holder.name.casefold(), one.name.casefold(), holder, one))
    for _, _, holder, one in sorted(found, key=lambda f: (f[0], f[1], f[3].uid)):
        v = one.values
        cells = (holder.name, holder.values.get("email", ""), question.name(holder.values.get("department")), one.name,
                 question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
                 question.name(v.get("model")), question.name(v.get("location")), v.get("assigned_on"))  # fmt: skip
        yield Row(cells, one.uid)


REPORT = Report(
    name="assets_by_person",
    title="Assets by person",
    description="Who has what: all equipment that is handed out, by person.",
    columns=(
        column("Person"), column("Email"), column("Department"), column("Asset"), column("Class"), column("Asset tag"),
        column("Serial number"), column("Model"), column("Location"), column("Since", "date"),
    ),
    rows=_rows,
)  # fmt: skip
