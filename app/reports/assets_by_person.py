"""Hardware by person."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.records import CI


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    """Sorted by the people's names in the store, so that neither people nor hardware are in memory at once.

    What is with another thing, such as a monitor with a laptop, follows what its person has.
    """
    holder: CI | None = None
    with_things = _with_things(question)
    for one in question.all("hardware", "assigned_to is not empty", sort="assigned_to"):
        if holder is None or holder.uid != one.values["assigned_to"]:
            if holder is not None:
                yield from (_row(question, holder, other) for other in with_things.pop(holder.uid, ()))
            holder = question.reader.get(one.text("assigned_to"))
        if not question.left(one) and question.schema.is_a(holder.cls, "person"):
            yield _row(question, holder, one)
    for uid, things in sorted(with_things.items(), key=lambda pair: name_key(question.name(pair[0]))):
        holder = question.reader.get(uid)
        yield from (_row(question, holder, other) for other in things)


def _with_things(question: ReportContext) -> dict[str, list[CI]]:
    """Person → what is with something that the person has."""
    behind = question.reader.people_behind()
    found: dict[str, list[CI]] = {}
    if any(behind.values()):
        for one in question.all("hardware", "assigned_to.class = hardware"):
            who = behind.get(one.text("assigned_to"), "")
            if who and not question.left(one):
                found.setdefault(who, []).append(one)
    return found


def _row(question: ReportContext, holder: CI, one: CI) -> ReportRow:
    v = one.values
    cells = (holder.name, holder.values.get("email", ""), question.name(holder.values.get("department")), one.name,
             question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
             question.name(v.get("model")), question.name(v.get("location")), v.get("assigned_on"))  # fmt: skip
    return ReportRow(cells, one.uid)


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
