"""Maintenance as records: what is sent to repair and comes back, what is finished, and the next one of what recurs.

Each function gives the edits that a verb adds to its revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from cmdb.model.calendar_bounds import months_after
from cmdb.model.messages import Message
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.model.schema import Schema
from cmdb.model.state_tables import STATE, is_closed
from cmdb.model.values import Value, label_of
from cmdb.model.verb import FieldValue, Records, Values
from cmdb.register.edits import each

MAINTENANCE = "maintenance"
CONCERNS = "concerns"
KIND = "kind_of_maintenance"
BEGIN, FINISH = "start", "finish_maintenance"
"""The verbs by which it begins and ends."""
SAID = ("supplier", "cost", "currency", "under_warranty", "result")
"""What a person says of a maintenance when it begins or ends."""
_KEPT = ("priority", "requester", "assignee", "team", "parent", "what_to_do", KIND, "supplier", "interval")
"""What the next one has in common with the one before."""


def begun(records: Records, items: Sequence[str], day: date, values: Values) -> Iterator[Edit]:
    """A repair in progress for each item, from a day on; ``values`` may name its ``due`` day too."""
    repair = repair_kind(records.schema)
    if not repair:
        return
    state = _after(records.schema, BEGIN)
    kind = label_of(records.schema.attribute(MAINTENANCE, KIND), repair)
    said = {name: values[name] for name in (*SAID, "due") if values.get(name) is not None}
    for item in each(records, items):
        name = str(Message("{kind}: {name}", kind=kind, name=item.name))
        own = {"name": name, KIND: repair, STATE: state, "out_on": day.isoformat(), **said}
        yield from _linked(own, [item.uid])


def returned(records: Records, items: Sequence[str], day: date, values: Values) -> Iterator[Edit]:
    """The open repairs of items that are back are done, with what is said of them.

    A cost without a currency is in that of the items.
    """
    currencies = {str(item.values["currency"]) for item in each(records, items) if item.values.get("currency")}
    said = dict(values)
    if said.get("cost") is not None and not said.get("currency") and len(currencies) == 1:
        said["currency"] = currencies.pop()
    for one in _open_repairs(records, items):
        yield from _set(records.schema, one, {STATE: _after(records.schema, FINISH), **back(one, day, said)})


def back(one: CI, day: date, values: Values) -> dict[str, FieldValue]:
    """What a maintenance that ends on a day gets, beside its state."""
    found: dict[str, FieldValue] = {name: values[name] for name in SAID if values.get(name) is not None}
    if one.values.get("out_on") is not None and one.text("out_on") <= day.isoformat():
        found["back_on"] = day.isoformat()
    due = next_due(one, day, values)
    return {**found, "next_due": due.isoformat()} if due is not None else found


def next_due(one: CI, day: date, values: Values) -> date | None:
    """When a maintenance that is finished on a day is due again: as said, else after its interval; None for never."""
    if said := values.get("next_due"):
        return date.fromisoformat(str(said))
    months = values.get("interval") or one.values.get("interval")
    return months_after(day, int(str(months))) if months else None


def following(records: Records, uids: Sequence[str], day: date, values: Values) -> Iterator[Edit]:
    """The next maintenance, planned about the same records, for each that is finished on a day and due again."""
    done = [(one, due) for one in each(records, uids) if (due := next_due(one, day, values)) is not None]
    ends = records.linked(CONCERNS, [one.id for one, _ in done])
    names = records.outer(inner for targets in ends.values() for inner in targets)
    for one, due in done:
        kept = {name: one.values[name] for name in _KEPT if one.values.get(name) is not None}
        kept |= {"name": one.name, "due": due.isoformat()}
        yield from _linked(kept, [names[inner][0] for inner in ends.get(one.id, ()) if inner in names])


def _open_repairs(records: Records, items: Sequence[str]) -> Iterator[CI]:
    repair = repair_kind(records.schema)
    found = [one.id for one in each(records, items)]
    works = {inner for sources in records.linked_to(CONCERNS, found).values() for inner in sources}
    uids = [uid for uid, cls, _ in records.outer(sorted(works)).values() if records.schema.is_a(cls, MAINTENANCE)]
    for one in each(records, uids):
        is_open = not is_closed(records.schema, one.cls, one.values.get(STATE))
        if is_open and repair and one.values.get(KIND) == repair:
            yield one


def repair_kind(schema: Schema) -> str:
    """The kind of maintenance that is begun by sending to repair; "" where the estate's schema has none."""
    if MAINTENANCE not in schema.classes:
        return ""
    choices = schema.attribute(MAINTENANCE, KIND).choices
    return next((choice.value for choice in choices if "send_to_repair" in choice.verb), "")


def _after(schema: Schema, verb: str) -> str | None:
    """The state to which a verb leads."""
    found = schema.cls(MAINTENANCE).transitions.get(verb)
    return found.after if found is not None else None


def _linked(values: Mapping[str, Value | None], about: Iterable[str]) -> Iterator[Edit]:
    uid = new_id()
    yield Edit(ci(uid), "", None, {"class": MAINTENANCE, **values})
    for target in about:
        yield Edit(Record("relationship", (CONCERNS, uid, target)), "", None, {})


def _set(schema: Schema, one: CI, values: Values) -> Iterator[Edit]:
    known = schema.cls(one.cls).attributes
    for name, value in values.items():
        if name in known and one.values.get(name) != value:
            yield Edit(ci(one.uid), name, one.values.get(name), value)
