"""Records that lack what one needs to find, count or claim them."""

from __future__ import annotations

from collections.abc import Iterator, Set

from app.fact_rules import wanted
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message, counted

_PROBLEMS = {"missing": Message("missing"), "duplicate": Message("duplicate")}


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    serials: dict[str, list[str]] = {}
    for cls in ("hardware", "entitlement", "person"):
        for one in question.all(cls):
            if question.left(one):
                continue
            has = set(one.values) | ({"location"} if "assigned_to" in one.values else set())
            gaps = _gaps(question, one.cls, has)
            if gaps:
                missing = Message("{attributes}", attributes=tuple(gaps))
                yield ReportRow((one.name, question.label(one.cls), "missing", missing), one.uid)
            serial = one.text("serial_number")
            if serial:
                serials.setdefault(f"{one.values.get('manufacturer', '')}|{serial.casefold()}", []).append(one.uid)
    for uids in serials.values():
        if len(uids) > 1:
            for uid in uids:
                one = question.reader.get(uid)
                number = one.values["serial_number"]
                text = counted("serial number {number} is on {count} record",
                               "serial number {number} is on {count} records", len(uids), number=number)  # fmt: skip
                yield ReportRow((one.name, question.label(one.cls), "duplicate", text), uid)


def _gaps(question: ReportContext, cls: str, has: Set[str]) -> list[str]:
    """Labels of what a record of the class should have and has not."""
    attributes = question.schema.cls(cls).attributes
    return [attributes[name].label for name in wanted(question.schema, cls) if name not in has]


REPORT = Report(
    name="data_quality",
    title=Message("Data quality"),
    description=Message("Records without serial number, tag, location or other facts, and serial numbers used twice."),
    columns=(
        column(Message("Record")), column(Message("Class")), column(Message("Problem"), labels=_PROBLEMS),
        column(Message("What"), width=60),
    ),
    rows=_rows,
    group=Message("Needs attention"),
    subject=("problem", "what"),
)  # fmt: skip
