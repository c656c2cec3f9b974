"""What would be refused of the values that records get with another order of sources: told before it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cmdb.model import life_cycle
from cmdb.model.messages import Message, counted
from cmdb.model.name_keys import unique_key
from cmdb.model.schema import ROOT_CLASSES, Attribute, Schema
from cmdb.model.section_words import shown_value
from cmdb.model.selection import Selection
from cmdb.model.values import Value
from cmdb.store.reading.derived_values import DerivedValue

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

NAMED = 3
"""How many refusals of a kind are told, and how many records each names."""


def refused_values(reader: Reader, now: Schema, derived: Iterable[DerivedValue]) -> Iterator[Message]:
    """Why records may not have the values that follow, a sentence each: others have them, or a status needs more."""
    other = [one for one in derived if one.before != one.after]
    yield from _first(_shared(reader, now, other))
    yield from _first(_lacking(reader, now, other))


def _first(refusals: Iterator[Message]) -> Iterator[Message]:
    for number, one in enumerate(refusals):
        if number < NAMED:
            yield one
        else:
            left = 1 + sum(1 for _ in refusals)
            yield counted("{count} more value is refused.", "{count} more values are refused.", left)


def _shared(reader: Reader, now: Schema, derived: list[DerivedValue]) -> Iterator[Message]:
    """Values that only one record may have, and that several would have."""
    names = {one.attribute for one in derived}
    for root in ROOT_CLASSES:
        for cls in now.tree(root):
            above = now.classes[cls.parent].attributes if cls.parent else {}
            for name in sorted(names & cls.attributes.keys()):
                attribute = cls.attributes[name]
                if attribute.unique and not (name in above and above[name].unique):
                    after = {d.uid: d.after for d in derived if d.attribute == name and now.is_a(d.cls, cls.name)}
                    yield from _several(reader, cls.name, attribute, after) if after else ()


def _several(reader: Reader, cls: str, attribute: Attribute, after: dict[str, Value | None]) -> Iterator[Message]:
    having: dict[Value, list[CI]] = {}
    for one in reader.all(Selection(cls)):
        value = after.get(one.uid, one.values.get(attribute.name))
        if value is not None:
            having.setdefault(unique_key(attribute.name, value), []).append(one)
    for value, its in having.items():
        if len(its) > 1 and any(one.uid in after for one in its):
            yield Message(
                "{names} would have the same {attribute}, “{value}”, and only one record may have it.",
                names=tuple(one.name for one in its[:NAMED]),
                attribute=attribute.label,
                value=_shown(reader, attribute, value),
            )


def _shown(reader: Reader, attribute: Attribute, value: Value) -> str:
    if attribute.type != "reference":
        return shown_value(attribute, value)
    return reader.last_names([str(value)]).get(str(value), ("", ""))[1]


def _lacking(reader: Reader, now: Schema, derived: list[DerivedValue]) -> Iterator[Message]:
    """Statuses that a record would get without what they require."""
    changed = {one.uid: one for one in derived if one.attribute == life_cycle.STATUS and one.after is not None}
    records = reader.by_uid(changed)
    values = {uid: dict(one.values) for uid, one in records.items()}
    for one in derived:
        if one.uid not in values:
            continue
        values[one.uid].pop(one.attribute, None)
        if one.after is not None:
            values[one.uid][one.attribute] = one.after
    for uid, one in changed.items():
        if life_cycle.requirements(now, one.cls, str(one.after)):
            before = None if one.before is None else str(one.before)
            if lacks := life_cycle.missing(now, one.cls, before, values[uid]):
                refusal = life_cycle.refusal(now, one.cls, str(one.after), lacks)
                yield Message("{name}: {problem}", name=one.name, problem=refusal)
