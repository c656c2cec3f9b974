"""Rows of the assets' table: read with the names of what they refer to, and found in an order of a million."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.schema import Attribute
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

Ranges = Sequence[tuple[int, int]]
"""Rows from a first to a last one, both included."""
EMPTY: array[int] = array("q")
_STEP = 20_000
"""Ids that are looked through without letting another thread go on."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A CI with the names of what it refers to: id → (class, name)."""

    ci: CI
    names: Mapping[str, tuple[str, str]]

    def text(self, attribute: Attribute) -> str:
        """A value as a person reads it; "" for none."""
        values = self.ci.values
        return text_of(attribute, values.get(attribute.name), self.names, str(values.get("currency", "")))


Kept = dict[int, Shown]
"""Rows by inner id, in order."""


def shown(reader: Reader, cis: Sequence[CI]) -> Kept:
    """CIs as rows; in a worker."""
    references = {n for n, a in reader.schema.all_attributes().items() if a.type == "reference"}
    wanted = {one.id: [v for n, v in one.values.items() if n in references] for one in cis}
    names = reader.names({uid for uids in wanted.values() for uid in uids})
    return {one.id: Shown(one, {uid: names[uid] for uid in wanted[one.id] if uid in names}) for one in cis}


def place_of(ids: array[int], inner: int) -> int:
    """The row of a CI, or -1."""
    for low in range(0, len(ids), _STEP):
        part = ids[low : low + _STEP]
        if inner in part:
            return low + part.index(inner)
    return -1


def ranges_of(ids: array[int], wanted: Iterable[int]) -> list[tuple[int, int]]:
    """The rows of CIs, as ranges."""
    among = set(wanted)
    found: list[tuple[int, int]] = []
    if len(among) == 1:
        row = place_of(ids, among.pop())
        return [(row, row)] if row >= 0 else []
    if not among:
        return found
    for row, inner in enumerate(ids):
        if inner not in among:
            continue
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
