"""Columns about what a reference names: its holder's e-mail address, its model's number, the floor of its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import structs

from cmdb.model.observation import NamedReference
from cmdb.model.place_names import path
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import PLACE_LEVELS, ColumnUse

LEVEL = "level"
"""What a mention of a place says beside its name: the class that it is made as, if it is new."""

Names = list[NamedReference | None]


def describe_reference(
    table: SheetTable, reference: Attribute, uses: Sequence[ColumnUse], named: Names, only: Sequence[int] | None
) -> Names:
    """What rows name by a reference, ``named``, with what the columns ``uses`` say of it."""
    converter = Converter(reference, schema=table.schema, mentions=table.mentions)
    details = [(use.name.partition(".")[2], use) for use in uses]
    places = [(name, use) for name, use in details if reference.target == "place" and name in PLACE_LEVELS]
    if places:
        named = _paths(table, converter, sorted(places, key=lambda p: PLACE_LEVELS.index(p[0])), named, only)
    target = table.schema.classes[reference.target].attributes
    others = [(target[name], use) for name, use in details if name in target and (name, use) not in places]
    if not others:
        return named
    columns = [table.convert(use, attribute, only) for attribute, use in others]
    return _row_by_row(
        [named, *columns], lambda row: _described(converter, [attribute for attribute, _ in others], *row)
    )


def _row_by_row(columns: list[Any], make: Callable[[tuple[Any, ...]], NamedReference | None]) -> Names:
    known: dict[tuple[Any, ...], NamedReference | None] = {}
    found: Names = []
    for row in zip(*columns, strict=True):
        if row not in known:
            known[row] = make(row)
        found.append(known[row])
    return found


def _described(
    converter: Converter, attributes: Sequence[Attribute], named: NamedReference | None, *said: Any
) -> NamedReference | None:
    values = {a.name: value for a, value in zip(attributes, said, strict=True) if value is not None}
    if not values:
        return named
    if named is None:
        both = " ".join(str(values[part]) for part in ("first_name", "last_name") if part in values)
        best = next(
            (values[a.name] for a in attributes if a.name in ("name", "user_name", "email") if a.name in values), ""
        )
        name = str(values.get("name") or both or best or next(iter(values.values())))
        named = converter.mention(name)
    values.pop("name", None)
    if not values:
        return named
    return converter.intern(structs.replace(named, values=tuple(sorted({**dict(named.values), **values}.items()))))


def _paths(
    table: SheetTable,
    converter: Converter,
    levels: Sequence[tuple[str, ColumnUse]],
    named: Names,
    only: Sequence[int] | None,
) -> Names:
    """The places that columns of levels name together; what ``named`` names lies innermost."""
    named_place = Attribute("location", converter.attribute.label, "reference", target="place")
    columns = [table.convert(use, named_place, only) for _, use in levels]
    classes = [name for name, _ in levels]

    def place(row: tuple[Any, ...]) -> NamedReference | None:
        above: NamedReference | None = None
        parts: list[tuple[str, str]] = [(c, n.name) for c, n in zip(classes, row[1:], strict=True) if n is not None]
        if row[0] is not None:
            parts += [("", name) for name in path(row[0].name) or [row[0].name]]
        for cls, name in parts:
            if above is not None and name.casefold() == above.name.casefold():
                continue
            above = converter.intern(_inside(cls, name, above))
        return above

    return _row_by_row([named, *columns], place)


def _inside(cls: str, name: str, above: NamedReference | None) -> NamedReference:
    """A place in another one. The class is what it is made as, if it is new; any place of that name there is meant."""
    if above is None:
        return NamedReference("place", name, ((LEVEL, cls),) if cls else ())
    return NamedReference(cls or "place", name, (("location", above),))  # type: ignore[arg-type]
