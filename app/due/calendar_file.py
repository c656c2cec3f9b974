"""What is due as a calendar (.ics), whose events are known again when it is imported a second time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.unfinished_files import noted
from cmdb.model import clock
from cmdb.model.calendar_bounds import days_after
from cmdb.model.messages import tr
from cmdb.model.whole_files import save_whole

if TYPE_CHECKING:
    from icalendar import Event

    from app.due.model import DueRow

ENDING = ".ics"


def write_calendar(rows: Iterable[DueRow], kinds: Mapping[str, str], names: Mapping[str, str], path: Path) -> int:
    """Writes an all-day event for each row, whole or not at all; returns how many. Raises FileProblem.

    ``kinds`` name the kinds of rows, ``names`` are those of the people by id.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Terrier//EN")
    calendar.add("version", "2.0")
    stamp = datetime.fromisoformat(clock.now())
    number = 0
    for row in rows:
        calendar.add_component(_event(row, kinds.get(row.kind, row.kind), names.get(row.who, ""), stamp))
        number += 1

    def save(file: BinaryIO) -> None:
        file.write(calendar.to_ical())

    with noted(path):
        save_whole(path, save)
    return number


def _event(row: DueRow, kind: str, who: str, stamp: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{row.key}@terrier")
    event.add("dtstamp", stamp)
    event.add("sequence", row.revision)
    event.add("dtstart", row.day)
    event.add("dtend", days_after(row.day, 1))
    event.add("transp", "TRANSPARENT")
    what = str(row.what)
    event.add("summary", tr("{name}: {text}", name=row.name, text=what) if row.name else what)
    event.add("categories", [kind])
    if who:
        event.add("description", who)
    return event
