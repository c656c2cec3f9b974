"""Rows of sections: how one is known again, what of it is kept with a history, and the form in which it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Raw

from cmdb.model.declarations import CUT, RecordSection
from cmdb.model.packed_rows import encode_row
from cmdb.model.values import PLAIN, Value

if TYPE_CHECKING:
    from cmdb.model.revision import Edit

Columns = Mapping[str, Value]
"""The values of a row, by column."""

_encode = msgspec.json.Encoder(order="sorted", decimal_format="number").encode
_LONGEST_KEY = 44
"""Characters of a row's key, which stands in the table and in its index; a longer one ends with a part of its hash."""
_OFTEN = 200
"""Characters of texts that are remembered in the form in which they are compared."""
_NO_COLUMNS = encode_row({})
_key_of = itemgetter(0)
_ANCHOR = ""
"""The only row of a volatile section that is kept with a history: it says that there are rows."""


class KeyedRow(NamedTuple):
    """A row with its key: the columns with a history, as ``encode_row`` makes them, and those without."""

    key: str
    columns: bytes
    now: Columns


class SeenSection(NamedTuple):
    """What a source saw of a section, by the keys of the rows: columns with a history, as ``encode_row`` makes them,
    and those without.
    """

    rows: Mapping[str, bytes]
    now: Mapping[str, Columns]

    @property
    def digest(self) -> str:
        """A sum over what is kept with a history: SHA-256, hexadecimal."""
        return hashlib.sha256(_encode(dict(zip(self.rows, map(Raw, self.rows.values()), strict=True)))).hexdigest()


def keyed_row(section: RecordSection, row: Columns) -> KeyedRow:
    """A row of a section. Of a volatile section none is kept with a history."""
    if section.volatile:
        return KeyedRow(_ANCHOR, _NO_COLUMNS, {name: _plain(value) for name, value in row.items()})
    passing = {name for name, column in section.columns.items() if column.volatile}
    stable: Columns = {name: value for name, value in row.items() if name not in passing}
    now: Columns = {name: _plain(row[name]) for name in passing & row.keys()}
    if Decimal in map(type, stable.values()):
        stable = {name: _plain(value) for name, value in stable.items()}
    return KeyedRow(row_key(section, row), encode_row(stable), now)


def seen_section(section: RecordSection, rows: Iterable[KeyedRow]) -> SeenSection:
    """The rows of a section, each under its key. The order in which a source lists them changes nothing."""
    if section.volatile:
        passing = sorted((one.now for one in rows), key=_encode)
        now = {str(number): row for number, row in enumerate(passing, 1)}
        return SeenSection({_ANCHOR: _NO_COLUMNS} if now else {}, now)
    ordered = sorted(rows, key=_key_of)
    alone = {one[0]: one[1] for one in ordered}
    if len(alone) == len(ordered):
        return SeenSection(alone, {one[0]: one[2] for one in ordered if one[2]})
    return _numbered(ordered)


def _numbered(ordered: Iterable[KeyedRow]) -> SeenSection:
    """Rows of which some have the same key."""
    groups: dict[str, list[KeyedRow]] = {}
    for one in ordered:
        groups.setdefault(one[0], []).append(one)
    kept: dict[str, bytes] = {}
    latest: dict[str, Columns] = {}
    for key, its in groups.items():
        number = 1
        for _, columns, its_now in its if len(its) == 1 else sorted(its, key=_all_of):
            own = key if number == 1 else f"{key}#{number}"
            while number > 1 and own in groups:
                number += 1
                own = f"{key}#{number}"
            number += 1
            kept[own] = columns
            if its_now:
                latest[own] = its_now
    return SeenSection(kept, latest)


def _all_of(row: KeyedRow) -> bytes:
    """What rows of one key are ordered by."""
    return b"[%s,%s]" % (row.columns, _encode(row.now))


def row_key(section: RecordSection, row: Columns) -> str:
    """The identifying values of a row, folded; "" where all of them are blank."""
    values = [row.get(name, "") for name in section.identifies]
    key = "|".join(
        [_folded_often(one) if type(one) is str and len(one) <= _OFTEN else _folded(str(one)) for one in values]
    )
    if len(key) < len(section.identifies):  # bars alone
        return ""
    if len(key) > _LONGEST_KEY:
        return f"{key[: _LONGEST_KEY - 11]}{CUT}{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    return key


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


_folded_often = lru_cache(1 << 15)(_folded)
"""The same: many machines have rows of one name."""


def plain_columns(section: RecordSection) -> Mapping[str, type]:
    """The columns of a section whose types are in ``PLAIN``, each with the Python type of its values."""
    return {name: PLAIN[column.type] for name, column in section.columns.items() if column.type in PLAIN}


def _plain(value: Value) -> Value:
    """A number in the one form that equal numbers have."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of a section of a record, as one source sees it.

    ``columns`` are kept with a history; ``now`` are the last values of those that aren't, seen at ``now_observed``.
    """

    section: str
    key: str
    source: str
    columns: Columns
    observed: str = ""
    """When the source last inspected the section (ISO UTC); "" where no sighting says so."""
    now: Columns = field(default_factory=dict)
    now_observed: str = ""
    revision: int = 0
    """The revision that wrote the row as it is."""
    also: tuple[SectionRow, ...] = ()
    """The row of the same key that other sources see, the better one first."""
    held: bool = False
    """Whether an order of sources says that it is recorded only, and does not count by itself."""

    def values(self) -> dict[str, Value]:
        """All values by column."""
        return {**self.columns, **self.now}


class RowChange(NamedTuple):
    """A step in the history of one row: the columns before and after; None where it was not there."""

    number: int
    key: str
    source: str
    before: Columns | None
    after: Columns | None


def row_before_and_after(edits: Sequence[Edit]) -> tuple[Columns | None, Columns | None, bool]:
    """The columns of a row before and after its edits, and whether those are all: of a row that stays, only the columns
    that differ are known.
    """
    whole: Any = next(((one.before, one.after) for one in edits if not one.field), None)
    if whole is not None:
        return (*whole, True)
    before: dict[str, Any] = {one.field: one.before for one in edits if one.before is not None}
    after: dict[str, Any] = {one.field: one.after for one in edits if one.after is not None}
    return before, after, False
