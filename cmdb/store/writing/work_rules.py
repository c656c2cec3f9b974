"""What apply sees to in work: the number of a new record, its first state, and the state tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.model.state_tables import CLOSED, STATE, first_state, is_closed, problem
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values

NUMBER = "number"
ENDING = (CLOSED, "reason")
"""The attributes that say how work ended: they are cleared when it is taken up again."""
_DIGITS = 16
"""So many digits are no number of a series."""


class WorkRules:
    """The rules of one schema within one revision. State tables do not bind an undo, which restores earlier values."""

    def __init__(self, connection: Connection, schema: Schema, *, bound: bool) -> None:
        self._connection = connection
        self._schema = schema
        self._bound = bound
        self.governed = frozenset(name for name, one in schema.classes.items() if one.prefix or one.transitions)
        """The classes that have numbers or a state table."""
        self._next: dict[str, int] = {}
        """The next number of each series that the revision uses."""
        self._given: dict[str, str] = {}
        """The numbers that the revision writes: number → name of the record."""

    def complete(self, cls: str, said: dict[str, Any]) -> None:
        """Gives a new record what it lacks: a number of its class's series, and its first state."""
        prefix = self._schema.cls(cls).prefix
        if prefix and said.get(NUMBER) is None:
            number = self._next.get(prefix) or self._first_free(prefix)
            self._next[prefix] = number + 1
            said[NUMBER] = f"{prefix}-{number}"
        if said.get(STATE) is None and (state := first_state(self._schema, cls)):
            said[STATE] = state

    def follow(self, cls: str, before: Mapping[str, Any], values: Mapping[str, Any], time: str) -> dict[str, Any]:
        """What changes with the state besides, unless it is said: the time it was closed, or nothing of an end.

        ``before`` are the earlier values, ``time`` is the revision's.
        """
        closes = is_closed(self._schema, cls, values.get(STATE))
        if not self._bound or closes == is_closed(self._schema, cls, before.get(STATE)):
            return {}
        known = self._schema.cls(cls).attributes
        if closes:
            return {CLOSED: time[:19] + "Z"} if CLOSED in known and values.get(CLOSED) is None else {}
        kept = (name for name in ENDING if name in known and values.get(name) is not None)
        return {name: None for name in kept if values[name] == before.get(name)}

    def check(self, cls: str, before: Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
        """Raises InvalidValue where a state table forbids a change, or a number is changed or missing.

        ``before`` are the earlier values, None for a new record.
        """
        if cls not in self.governed:
            return
        name = str(values.get("name", ""))
        number = values.get(NUMBER)
        if self._schema.cls(cls).prefix:
            if before is None:
                self._given[str(number)] = name
                self._count(self._schema.cls(cls).prefix, number)
            elif before.get(NUMBER) != number and self._bound:
                raise InvalidValue(Message("{name}: a number stays as it is.", name=name))
        if self._bound and (why := problem(self._schema, cls, before and before.get(STATE), values)) is not None:
            raise InvalidValue(Message("{name}: {problem}", name=name, problem=why))

    def finish(self) -> None:
        """Keeps the series, which no undo takes back. Raises InvalidValue where a number is taken already."""
        t, n = tables.series, tables.work.c
        for batch in chunks(self._given, IN_CHUNK):
            counted = select(n.number, n.name).where(in_values(n.number, batch)).order_by(n.id)
            seen: dict[str, str] = {}
            for number, name in self._connection.execute(counted):
                if number in seen:
                    raise InvalidValue(
                        Message("The number {number} belongs to “{name}” already.", number=number, name=seen[number])
                    )
                seen[number] = name or ""
        for prefix, number in self._next.items():
            self._connection.execute(t.delete().where(t.c.name == prefix))
            self._connection.execute(t.insert(), {"name": prefix, "next": number})

    def _count(self, prefix: str, number: object) -> None:
        """Sees to it that a series goes on after a number that was given by hand."""
        digits = str(number).removeprefix(f"{prefix}-")
        if digits.isdecimal() and len(digits) < _DIGITS and str(number) != digits:
            self._next[prefix] = max(self._next.get(prefix) or self._first_free(prefix), int(digits) + 1)

    def _first_free(self, prefix: str) -> int:
        """The next number of a series, as it was kept."""
        t = tables.series.c
        return int(self._connection.execute(select(t.next).where(t.name == prefix)).scalar() or 1)
