"""People who left and still have equipment or licences."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message

_HANDED_OUT = "assigned_to is not empty"


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    today = question.today.isoformat()
    gone = {p.uid: p for p in question.all("person") if question.left(p) or (p.text("end") or "9999") < today}
    if not gone:
        return
    behind = question.reader.people_behind()
    held = ((behind.get(h := one.text("assigned_to"), h), one) for one in question.all("hardware", _HANDED_OUT))
    found = [(gone[who], one) for who, one in held if who in gone and not question.left(one)]
    for person, one in sorted(found, key=lambda f: (f[0].name.casefold(), f[1].name.casefold(), f[1].uid)):
        v = one.values
        cells = (person.name, person.values.get("end"), one.name, question.label(one.cls), v.get("asset_tag", ""),
                 v.get("serial_number", ""), question.name(person.values.get("manager")))  # fmt: skip
        yield ReportRow(cells, one.uid)
    licences = question.reader.by_uid([a[0] for a in question.reader.assignments() if a[1] in gone])
    for licence, holder, _ in question.reader.assignments():
        if holder in gone and licence in licences:
            person, one = gone[holder], licences[licence]
            cells = (person.name, person.values.get("end"), one.name, question.label(one.cls), "", "",
                     question.name(person.values.get("manager")))  # fmt: skip
            yield ReportRow(cells, one.uid)


REPORT = Report(
    name="leavers_with_equipment",
    title=Message("Leavers with equipment"),
    description=Message("People who left and still have equipment or licences assigned."),
    columns=(
        column(Message("Person")), column(Message("Left on"), "date"), column(Message("What")),
        column(Message("Class")), column(Message("Asset tag")), column(Message("Serial number")),
        column(Message("Manager")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
