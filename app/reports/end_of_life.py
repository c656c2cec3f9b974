"""What reaches its end of life within a year, or is past it, and the computers that it is on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn

#: The names of computers, places and people that a row lists; of further ones the number.
NAMED = 8


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from app.ending_releases import ending
    from cmdb.licences.engine.life_cycles import days_left

    for one, here in ending(question.reader, question.today, question.control):
        places = {question.name(c.values.get("location")) for c in here}
        people = {question.name(c.values.get("assigned_to")) for c in here}
        kind = tr("operating system") if one.system else tr("software")
        cells = (
            one.title, one.release, kind, one.end, days_left(one.end, question.today), one.support, len(here),
            _named(c.name for c in here), _named(places), _named(people),
        )  # fmt: skip
        yield ReportRow(cells, one.uid)


def _named(names: Iterable[str]) -> str:
    """The first names, and how many there are besides."""
    known = sorted({name for name in names if name}, key=str.casefold)
    rest = len(known) - NAMED
    more = [trn("and {count} more", "and {count} more", rest)] if rest > 0 else []
    return listing([*known[:NAMED], *more], "unit")


REPORT = Report(
    name="end_of_life",
    title=Message("End of life in 12 months"),
    description=Message(
        "Products and operating systems in use whose life ends within a year, or has ended, with the computers they "
        "are on. The days are those of software products, and of imported end-of-life data."
    ),
    columns=(
        column(Message("Product")), column(Message("Release")), column(Message("Kind")),
        column(Message("End of life"), "date"), column(Message("Days left"), "integer"),
        column(Message("Active support until"), "date"), column(Message("Computers"), "integer"),
        column(Message("Which computers")), column(Message("Locations")), column(Message("Assigned to")),
    ),
    rows=_rows,
    group=Message("Software"),
    subject=("release", "end_of_life", "days_left", "computers"),
)  # fmt: skip
