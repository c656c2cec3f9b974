"""Baselines: names for moments of an estate, to return to and to compare with. They are kept with it, and have history.

What baselines need is never pruned.
"""

from __future__ import annotations

from cmdb.model.errors import NotFound
from cmdb.model.journal import Baseline
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.store.reading.reader import Reader


def baselines(reader: Reader) -> list[Baseline]:
    """All baselines, the latest moment first."""
    found = [
        Baseline(key[0], str(fields["name"]), int(str(fields["number"])), str(fields.get("note", "")))
        for key, fields in reader.records("baseline").items()
    ]
    return sorted(found, key=lambda one: (-one.number, one.name.casefold()))


def add(name: str, number: int, author: str, note: str = "") -> Revision:
    """Names the estate as of a revision. Applying it raises InvalidValue for a name that is taken or no name."""
    name = " ".join(name.split())
    fields = {"name": name, "number": number, **({"note": note.strip()} if note.strip() else {})}
    edit = Edit(Record("baseline", (new_id(),)), "", None, fields)
    return Revision([edit], author, reason=f"Baseline “{name}” at revision {number}")


def change(reader: Reader, uid: str, name: str, note: str, author: str) -> Revision:
    """Gives a baseline another name and note. Raises NotFound."""
    found, name, note = _find(reader, uid), " ".join(name.split()), note.strip()
    record = Record("baseline", (uid,))
    edits = [Edit(record, "name", found.name, name)] if name != found.name else []
    if note != found.note:
        edits.append(Edit(record, "note", found.note or None, note or None))
    said = f"Baseline “{found.name}” is now called “{name}”" if name != found.name else f"Note on baseline “{name}”"
    return Revision(edits, author, reason=said)


def remove(reader: Reader, uid: str, author: str) -> Revision:
    """Takes a baseline's name away; the moment stays as long as the history is kept. Raises NotFound."""
    found = _find(reader, uid)
    edit = Edit(Record("baseline", (uid,)), "", reader.records("baseline")[(uid,)], None)
    return Revision([edit], author, reason=f"Baseline “{found.name}” removed")


def _find(reader: Reader, uid: str) -> Baseline:
    for one in baselines(reader):
        if one.uid == uid:
            return one
    raise NotFound("That baseline is gone meanwhile.")
