"""Rows of many new items of a class, made column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from cmdb.model.money import scaled
from cmdb.model.name_keys import name_key
from cmdb.store.rows.codec import NO_DATE, dump_sorted
from cmdb.store.rows.roots import Root


def item_rows(
    root: Root, inner: Sequence[int], uids: Sequence[str], cls: str, columns: Mapping[str, Sequence[Any]],
    ids: Mapping[str, int], number: int,
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:  # fmt: skip
    """The names of the columns that hold something, and the rows; what ``Codec.encode`` makes of one item.

    ``columns``: attribute → the value of each item, None where it has none. ``ids`` knows every reference; ``number``
    is the revision's.
    """
    held: dict[str, Iterable[Any]] = {"id": inner, "uid": uids, "class": repeat(cls, len(inner))}
    held["name_key"] = [name_key(name or "") for name in columns.get("name", [""] * len(inner))]
    if "sort_due" in root.derived:
        held["sort_due"] = [due or NO_DATE for due in columns.get("due", [None] * len(inner))]
    held.update((name, columns[name]) for name in root.plain if name in columns)
    for name in root.amounts:
        if name in columns:
            held[name] = [None if value is None else scaled(value) for value in columns[name]]
    for name in root.references:
        if name in columns:
            held[name] = [value and ids[value] for value in columns[name]]
    extra = [name for name in columns if name not in root.columns]
    if extra:
        rows = zip(*(columns[name] for name in extra), strict=True)
        bodies = ({n: v for n, v in zip(extra, row, strict=True) if v is not None} for row in rows)
        held["extra"] = [dump_sorted(body).decode() if body else None for body in bodies]
    held["revision"] = repeat(number, len(inner))
    return tuple(held), list(zip(*held.values(), strict=True))
