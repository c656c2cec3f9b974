"""Names by which another tool's import, and our own, find what a record refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

STEP = " / "
"""Between the places of a path, as our own import reads it."""
_KINDS = ("place", "person", "hardware")
_IDENTIFYING = ("user_name", "email", "employee_number", "asset_tag", "serial_number")


class ForeignNames:
    """What to write for a record that others name. ``others`` are records by id, with the places above each place."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._shared: dict[str, frozenset[str]] = {}

    def word(self, record: CI, others: Mapping[str, CI]) -> str:
        """Its name; of a name that several have what tells them apart: a place's path, a person's login, a tag."""
        if not self._is_shared(record):
            return record.name
        if self._reader.schema.is_a(record.cls, "place"):
            return STEP.join(path_of(record, others))
        return next((str(record.values[a]) for a in _IDENTIFYING if a in record.values), record.name)

    def _is_shared(self, record: CI) -> bool:
        kind = next((one for one in _KINDS if self._reader.schema.is_a(record.cls, one)), record.cls)
        if kind not in self._shared:
            named: Counter[str] = Counter()
            for name, number in self._reader.facet(Selection(kind), "name").items():
                named[str(name).casefold()] += number
            self._shared[kind] = frozenset(name for name, number in named.items() if number > 1)
        return record.name.casefold() in self._shared[kind]


def path_of(place: CI, others: Mapping[str, CI]) -> list[str]:
    """The names of a place and of those around it, the outermost first."""
    names, seen = [place.name], {place.uid}
    while (above := others.get(place.text("location"))) is not None and above.uid not in seen:
        seen.add(above.uid)
        names.insert(0, above.name)
        place = above
    return names
