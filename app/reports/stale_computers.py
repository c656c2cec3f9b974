"""Computers in use that no scan has seen for too many days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.estate_settings import stale_days
from app.fact_rules import stale
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.claims import kind_of, source_text
from cmdb.model.formats import day
from cmdb.model.messages import Message, chain, counted

_AT_ONCE = 500
"""Computers whose sightings are looked up at once."""


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.store.reading.spans import last_looks
    from cmdb.store.rows.codec import chunks

    where = stale(question.schema, question.today, stale_days(question.reader))
    for batch in chunks(question.all("computer", where, sort="last_seen"), _AT_ONCE):
        looks = last_looks(question.reader, [one.uid for one in batch])
        for one in batch:
            v = one.values
            seen = one.text("last_seen")[:10]
            days = (question.today - date.fromisoformat(seen)).days if seen else None
            cells = (one.name, question.label(one.cls), question.status(one), v.get("asset_tag", ""), seen or None,
                     days, _seen_by(looks[one.uid]), question.name(v.get("assigned_to")),
                     question.name(v.get("location")), v.get("operating_system", ""))  # fmt: skip
            yield ReportRow(cells, one.uid)


def _seen_by(looks: dict[str, str]) -> Message:
    """Which scans saw it, and when each of them last did, the latest first. A list that names it has seen nothing."""
    scans = sorted(((at, one) for one, at in looks.items() if kind_of(one) == "scan"), reverse=True)
    return chain(Message("{source} {date}", source=source_text(source), date=day(at)) for at, source in scans)


def _about(question: ReportContext) -> Message:
    return counted(
        "Not seen for {count} day, as is set for this estate.",
        "Not seen for {count} days, as is set for this estate.",
        stale_days(question.reader),
    )


REPORT = Report(
    name="stale_computers",
    title=Message("Stale computers"),
    description=Message(
        "Computers in use that no scan has seen for too many days, or never. Those that are planned, in stock, lost, "
        "leaving or gone are left out."
    ),
    columns=(
        column(Message("Computer")), column(Message("Class")), column(Message("Status")), column(Message("Asset tag")),
        column(Message("Last seen"), "date"), column(Message("Days ago"), "integer"), column(Message("Seen by")),
        column(Message("Assigned to")), column(Message("Location")), column(Message("Operating system")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
    about=_about,
)  # fmt: skip
