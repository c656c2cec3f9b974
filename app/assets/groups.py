"""A list in groups: its groups in order with their counts and sums, and the rows of those that are open."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.assets.columns import ABOUT, CLASS, class_column
from app.item_search import Names, names_of
from cmdb.model.formats import measured, money, month
from cmdb.model.messages import tr
from cmdb.model.row_groups import BY_MONTH, SUMMED, GroupKey, ValueGroup
from cmdb.model.values import show

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

_NAME = "name"
_FEW = 2
"""Groups whose rows are asked for one by one."""


@dataclass(frozen=True, slots=True)
class ListGroups:
    """The groups of a list in order. ``names`` are those of referenced records, ``members`` the inner ids of the rows
    of the groups that are open, ``sought`` the key of the group that has the record looked for.
    """

    attribute: Attribute
    groups: Sequence[ValueGroup]
    names: Names
    members: Mapping[GroupKey, array[int]]
    sought: GroupKey = None


def groupable(schema: Schema, cls: str, attributes: Sequence[Attribute]) -> list[Attribute]:
    """Those attributes by which a list of a class can be grouped: the values of each of its records are one."""
    return [one for one in attributes if one.name not in (ABOUT, _NAME) and _known(schema, cls, one.name) is not None]


def grouped_by(schema: Schema, cls: str, name: str) -> Attribute | None:
    """The attribute by which a list is to be grouped; None where its class has none of that name."""
    return _known(schema, cls, name) if name and name != ABOUT else None


def _known(schema: Schema, cls: str, name: str) -> Attribute | None:
    return class_column() if name == CLASS else schema.all_attributes(cls).get(name)


def read_groups(
    reader: Reader,
    selection: Selection,
    attribute: Attribute,
    columns: Sequence[Attribute],
    opened: Collection[GroupKey] = (),
    sought: str = "",
) -> ListGroups:
    """The groups of a list, with the sums of its ``columns``, and the rows of those that are ``opened``. The group of
    the record ``sought`` (its id) is open, too.

    Raises QueryError, SchemaError.
    """
    known = reader.schema.all_attributes(selection.cls)
    summed = [one.name for one in columns if one.type in SUMMED and one.name in known and one.name != attribute.name]
    groups = reader.groups(selection, attribute.name, summed)
    names = names_of(reader, [str(one.value) for one in groups if one.value]) if attribute.type == "reference" else {}
    keys = {one.key for one in groups}
    wanted = [key for key in opened if key in keys]
    found: GroupKey = None
    if sought and (inner := reader.inner([sought]).get(sought)):
        its = reader.groups(selection, attribute.name, (), [inner])
        found = its[0].key if its else None
        wanted += [one.key for one in its if one.key not in wanted]
    members = _members(reader, selection, attribute.name, wanted)
    return ListGroups(attribute, in_order(reader.schema, attribute, groups, names), names, members, found)


def _members(
    reader: Reader, selection: Selection, attribute: str, keys: Sequence[GroupKey]
) -> dict[GroupKey, array[int]]:
    """The rows of groups: each asked for where they are few, as an index may know it."""
    if len(keys) <= _FEW:
        return {key: reader.group_ids(selection, attribute, key) for key in keys}
    return reader.ids_of_groups(selection, attribute, frozenset(keys))


def rows_of_group(reader: Reader, selection: Selection, attribute: str, key: GroupKey) -> array[int]:
    """The inner ids of the rows of a group, in the order of the list. Raises QueryError, SchemaError."""
    return reader.group_ids(selection, attribute, key)


def in_order(schema: Schema, attribute: Attribute, groups: Sequence[ValueGroup], names: Names) -> Sequence[ValueGroup]:
    """Groups in the order of their values: choices as declared, classes as in the tree, the rest as people sort; those
    without a value come last.
    """
    places: dict[Any, int] = {choice.value: place for place, choice in enumerate(attribute.choices)}
    if attribute.name == CLASS:
        places = {one.name: place for place, one in enumerate(schema.classes.values())}

    def key(one: ValueGroup) -> tuple[bool, Any]:
        value = one.value
        if value is None:
            return (True, 0)
        if attribute.type == "reference":
            return (False, names.get(str(value), ("", ""))[1].casefold())
        if places:
            return (False, places.get(value, len(places)))
        return (False, value.casefold() if isinstance(value, str) else value)

    return sorted(groups, key=key)


def group_title(schema: Schema, attribute: Attribute, group: ValueGroup, names: Names) -> str:
    """What a group is called: its value as people read it."""
    value = group.value
    if value is None:
        return tr("Without {attribute}", attribute=attribute.label)
    if attribute.name == CLASS:
        return schema.cls(str(value)).plural if str(value) in schema.classes else str(value)
    if attribute.type == "reference":
        return names.get(str(value), ("", "…"))[1]
    if attribute.type in BY_MONTH:
        year, _, number = str(value).partition("-")
        return month(date(int(year), int(number), 1))
    if attribute.type == "boolean":
        return tr("{attribute}: {value}", attribute=attribute.label, value=show(attribute, value))
    if attribute.type == "money":
        return money(value) if isinstance(value, int | float) else show(attribute, value)
    if attribute.type in ("integer", "number") and not isinstance(value, str):
        return measured(value, attribute.unit)
    return show(attribute, value)


def sum_text(attribute: Attribute, group: ValueGroup) -> str:
    """The sum of a column in a group, of amounts one per currency; "" for none."""
    if attribute.name in group.sums:
        return measured(group.sums[attribute.name], attribute.unit)
    return " · ".join(money(amount, code) for code, amount in sorted(group.amounts.get(attribute.name, {}).items()))
