"""Baselines: named revisions of an estate, to look at and to compare with. They are records with a history.

The history that a baseline needs is never pruned.
"""

from __future__ import annotations

from cmdb.model.characters import one_line, visible
from cmdb.model.errors import NotFound
from cmdb.model.formats import Plain
from cmdb.model.journal import Baseline
from cmdb.model.messages import Message
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
    name, note = one_line(name), visible(note)
    fields = {"name": name, "number": number, **({"note": note.strip()} if note.strip() else {})}
    edit = Edit(Record("baseline", (new_id(),)), "", None, fields)
    return Revision(
        [edit], author, reason=Message("Baseline “{name}” at revision {number}", name=name, number=Plain(number))
    )


def change(reader: Reader, uid: str, name: str, note: str, author: str) -> Revision:
    """Gives a baseline another name and note. Raises NotFound."""
    found, name, note = _find(reader, uid), one_line(name), visible(note).strip()
    record = Record("baseline", (uid,))
    edits = [Edit(record, "name", found.name, name)] if name != found.name else []
    if note != found.note:
        edits.append(Edit(record, "note", found.note or None, note or None))
    if name != found.name:
        reason = Message("Baseline “{name}” is now called “{new}”", name=found.name, new=name)
    else:
        reason = Message("Note on baseline “{name}”", name=name)
    return Revision(edits, author, reason=reason)


def remove(reader: Reader, uid: str, author: str) -> Revision:
    """Removes a baseline; the revision that it names stays. Raises NotFound."""
    found = _find(reader, uid)
    edit = Edit(Record("baseline", (uid,)), "", reader.records("baseline")[(uid,)], None)
    return Revision([edit], author, reason=Message("Baseline “{name}” removed", name=found.name))


def _find(reader: Reader, uid: str) -> Baseline:
    for one in baselines(reader):
        if one.uid == uid:
            return one
    raise NotFound(Message("That baseline is gone meanwhile."))
