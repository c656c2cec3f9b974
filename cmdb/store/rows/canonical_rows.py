"""Canonical forms of rows: what the hash chain is over.

A canonical form is JSON with sorted keys that does not depend on how an estate is stored: ids instead of inner ids, the
text of interned rows (releases, bodies of sections, actors) instead of their numbers, JSON texts with sorted keys and
their numbers digit for digit. Absent values, values that equal their column's default, and derived columns are left
out. So a column or an index can be added without changing the form of older rows.

The forms follow from the columns' ``info`` (see ``tables``): a new table needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import starmap
from typing import Any

import msgspec
from msgspec import Raw
from sqlalchemy import Column, Connection, Table

from cmdb.store.rows import tables
from cmdb.store.rows.in_values import rows_among

Row = Sequence[Any]
_Change = Callable[[Any], Any]

INTERNED: dict[str, Table] = {
    "release": tables.release, "body": tables.section_body, "actor": tables.actor, "copy": tables.estate_copy,
}  # fmt: skip
"""What columns refer to beside records: the value of ``refers`` → the table of interned rows."""
RECORDS = tuple((now, past) for now, past in tables.VERSIONED if "id" in now.c and "uid" in now.c)
"""The tables whose rows are records with an inner id."""

_AT_ONCE = 4_000
_MOST = 200_000
"""The number of names that are remembered, to limit memory."""
_MOST_MADE = 50_000
"""The number of names from which on those are forgotten that a revision has made."""
_MANY = 500
"""The number of rows from which on it pays to leave out the columns that none of them has."""

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(float_hook=lambda digits: Raw(digits.encode())).decode


def json_form(text: Any) -> Raw:
    """The canonical form of a JSON text.

    A text that Terrier would not write (with spaces, or with a key twice, of which programs may read the one or the
    other) has a form that no other text has: its length differs from that of its sorted form.
    """
    if type(text) is Raw:
        return text
    if type(text) is str:
        try:
            found = _encode(_decode(text))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            found = b""
        if len(found) == len(text if text.isascii() else text.encode("utf-8", "surrogatepass")):
            return Raw(found)
    return Raw(b"as it is: " + repr(text).encode("utf-8", "surrogatepass"))


class CanonicalNames:
    """What inner ids stand for: the ids of records, and the text of interned rows. Looked up in bulk and remembered.

    ``records`` has ids that are known already; it is extended.
    """

    def __init__(self, connection: Connection, records: dict[int, str] | None = None) -> None:
        self._connection = connection
        self._shared = records is not None
        self._known: dict[str, dict[int, Any]] = {name: {} for name in INTERNED}
        self._known["record"] = records if records is not None else {}

    def want(self, kind: str, numbers: Iterable[int]) -> Mapping[int, Any]:
        """What numbers stand for, by number. Those of nothing are missing."""
        known = self._known[kind]
        missing = {n for n in numbers if n not in known}
        if missing:
            if len(known) > _MOST and not (kind == "record" and self._shared):
                known.clear()
                missing = set(numbers)
            self._look_up(kind, missing)
        return known

    def add(self, kind: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Remembers interned rows that were just written, so that they need not be read again: the first of ``columns``
        is their number.
        """
        known = self._known[kind]
        if len(known) + len(rows) > _MOST_MADE:
            known.clear()
        forms = RowForm(INTERNED[kind]).of_fresh(columns, rows, self)
        known.update(zip((row[0] for row in rows), map(Raw, forms), strict=True))

    def _look_up(self, kind: str, missing: set[int]) -> None:
        known = self._known[kind]
        if kind != "record":
            form = RowForm(INTERNED[kind])
            names = ", ".join(f'"{c}"' for c in ("id", *form.columns))
            for rows in self._rows(((INTERNED[kind].name, ""),), names, missing):
                known.update((row[0], Raw(form.encoded(row[1:]))) for row in rows)
            return
        for pair in RECORDS:
            for table in pair:
                missing = {n for n in missing if n not in known}
                for rows in self._rows(((table.name, ""),), "id,uid", missing):
                    known.update(tuple(row) for row in rows)

    def _rows(self, among: tuple[tuple[str, str], ...], names: str, numbers: set[int]) -> Iterable[Any]:
        wanted = list(numbers)
        for start in range(0, len(wanted), _AT_ONCE):
            yield rows_among(self._connection, among, names, "id", wanted[start : start + _AT_ONCE])


class RowForm:
    """The canonical form of the rows of one table (with those of its table of superseded rows)."""

    def __init__(self, table: Table, without: Iterable[str] = ()) -> None:
        self.table = table
        own = "id" in table.c and ("uid" in table.c or table in INTERNED.values())
        left = {*without, "revision", *(("id",) if own else ())}
        fields = sorted((c for c in table.columns if c.name not in left and not c.info.get("derived")), key=_name)
        self.columns = tuple(c.name for c in fields)
        """The columns of the form, in its order."""
        keys = [c.name for c in table.primary_key.columns]
        self.key = tuple(sorted("uid" if own and name == "id" else name for name in keys))
        """The columns that say which row it is."""
        self._refers = [(n, str(c.info["refers"])) for n, c in enumerate(fields) if "refers" in c.info]
        self._changes = [(n, change) for n, c in enumerate(fields) if (change := _change(c)) is not None]
        json = {n for n, c in enumerate(fields) if c.info.get("json")}
        self._fresh = [(n, _as_it_is if n in json else change) for n, change in self._changes]
        names = {f"f{n}": str(c.name) for n, c in enumerate(fields)}
        self._names = names
        self._structs: dict[tuple[int, ...], Callable[..., msgspec.Struct]] = {}

    def _struct(self, places: tuple[int, ...]) -> Callable[..., msgspec.Struct]:
        """What has the values at some places of ``columns``, to be encoded."""
        found = self._structs.get(places)
        if found is None:
            fields = [(f"f{n}", Any, None) for n in places]
            made = msgspec.defstruct(self.table.name, fields, omit_defaults=True, rename=self._names)
            found = self._structs[places] = made
        return found

    def encoded(self, values: Row) -> bytes:
        """The form of the values of ``columns`` of a row that refers to nothing."""
        return self._encoded([[value] for value in values], {}, self._changes)[0]

    def of(self, rows: Sequence[Row], names: CanonicalNames) -> list[bytes]:
        """The forms of rows of ``columns``."""
        columns: list[Row] = list(zip(*rows, strict=True))
        return self._encoded(columns, self._known(columns, names), self._changes)

    def of_fresh(self, names: Sequence[str], rows: Sequence[Row], known: CanonicalNames) -> list[bytes]:
        """As ``of``, of rows that are being written: their JSON texts were just made in their canonical form.

        ``names`` are the columns of the rows; the others have no value.
        """
        held = dict(zip(names, zip(*rows, strict=True), strict=True))
        nothing = (None,) * len(rows)
        columns: list[Row] = [held.get(name, nothing) for name in self.columns]
        places = [n for n, name in enumerate(self.columns) if name in held] if len(rows) > _MANY else ()
        return self._encoded(columns, self._known(columns, known), self._fresh, places)

    def of_keys(self, keys: Sequence[Row], names: CanonicalNames) -> list[bytes]:
        """The forms of rows of ``key``: of the columns that say which row it is, alone."""
        empty: list[Any] = [None] * len(self.columns)
        places = [self.columns.index(name) for name in self.key]
        rows = []
        for key in keys:
            row = empty.copy()
            for place, value in zip(places, key, strict=True):
                row[place] = value
            rows.append(row)
        columns: list[Row] = list(zip(*rows, strict=True))
        return self._encoded(columns, self._known(columns, names), ())

    def _encoded(
        self, columns: list[Row], known: Mapping[str, Mapping[int, Any]], changes: Sequence[tuple[int, _Change]],
        places: Sequence[int] = (),
    ) -> list[bytes]:  # fmt: skip
        """The forms of rows, of which the values are given by column. ``places``: the others have no value."""
        for place, kind in self._refers:
            if columns and kind in known:
                columns[place] = _what_stands(columns[place], known[kind])
        for place, change in changes:
            if columns and (not places or place in places):
                columns[place] = list(map(change, columns[place]))
        chosen = tuple(places or range(len(self.columns)))
        rows = zip(*(columns[place] for place in chosen), strict=True) if columns else ()
        return list(map(_encode, starmap(self._struct(chosen), rows)))

    def _known(self, columns: Sequence[Row], names: CanonicalNames) -> dict[str, Mapping[int, Any]]:
        wanted: dict[str, set[int]] = {}
        for place, kind in self._refers if columns else ():
            # Anything may stand in a column of numbers of a file that others have changed.
            numbers = [number for number in columns[place] if type(number) is int]
            wanted.setdefault(kind, set()).update(numbers)
        return {kind: names.want(kind, numbers) for kind, numbers in wanted.items()}


def _what_stands(numbers: Row, stands_for: Mapping[int, Any]) -> Row:
    """What the numbers of a column stand for."""
    if set(map(type, numbers)) <= {int, type(None)}:
        found = list(map(stands_for.get, numbers))
        if found.count(None) == numbers.count(None):
            return found
    return [None if number is None else _what_one_stands(number, stands_for) for number in numbers]


def _what_one_stands(number: Any, stands_for: Mapping[int, Any]) -> Any:
    found = stands_for.get(number) if type(number) is int else None
    return Raw(b"nothing: " + _encode(number)) if found is None else found


def _name(column: Column[Any]) -> str:
    return column.name


def _as_it_is(text: Any) -> Raw | None:
    return None if text is None else Raw(text.encode("utf-8", "surrogatepass"))


def _change(column: Column[Any]) -> _Change | None:
    """How a value of a column is changed for the form; None where it stands as it is."""
    if column.info.get("json"):
        return lambda value: None if value is None else json_form(value)
    if column.server_default is not None and column.table is not tables.revision:
        default = str(column.server_default.arg)  # type: ignore[attr-defined]
        return lambda value: Raw(b"null") if value is None else None if str(value) == default else value
    return None
