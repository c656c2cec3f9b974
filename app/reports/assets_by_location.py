"""Hardware by location."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message
from cmdb.model.records import CI
from cmdb.model.selection import Selection


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    """One place at a time, so that not all hardware is in memory at once."""
    places = {p.uid: p for p in question.all("place")}
    standing = question.reader.facet(Selection("hardware", "location is not empty"), "location")
    paths = {uid: _path(uid, places, question) for uid in map(str, standing)}
    for uid in sorted(paths, key=lambda u: (paths[u].casefold(), u)):
        for one in question.all("hardware", f"location = {uid}"):
            if not question.left(one):
                yield _row(question, one, paths[uid])


def _row(question: ReportContext, one: CI, path: str) -> ReportRow:
    v = one.values
    cells = (path, one.name, question.label(one.cls), question.status(one), v.get("asset_tag", ""),
             v.get("serial_number", ""), question.name(v.get("model")),
             question.name(v.get("assigned_to")))  # fmt: skip
    return ReportRow(cells, one.uid)


def _path(uid: str, places: dict[str, CI], question: ReportContext) -> str:
    """A place with the places that contain it, the largest first."""
    steps: list[str] = []
    seen: set[str] = set()
    while uid and uid not in seen:
        seen.add(uid)
        steps.append(places[uid].name if uid in places else question.name(uid))
        uid = str(places[uid].values.get("location") or "") if uid in places else ""
    return " / ".join(reversed(steps))


REPORT = Report(
    name="assets_by_location",
    title=Message("Assets by location"),
    description=Message("Where each asset is, by site, building and room."),
    columns=(
        column(Message("Location")), column(Message("Asset")), column(Message("Class")), column(Message("Status")),
        column(Message("Asset tag")), column(Message("Serial number")), column(Message("Model")),
        column(Message("Assigned to")),
    ),
    rows=_rows,
)  # fmt: skip
