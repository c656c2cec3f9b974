"""The values that a record must have to enter a phase. They are checked on every transition and creation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmdb.model import life_cycle
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import Choice, Schema


class PhaseRules:
    """The rules of one schema. They do not apply to an undo, which restores earlier values."""

    def __init__(self, schema: Schema, *, bound: bool) -> None:
        self._schema = schema
        self._bound = bound
        self._guarded: dict[str, frozenset[str]] = {}

    def guarded(self, cls: str) -> frozenset[str]:
        """The statuses of a class that require values."""
        found = self._guarded.get(cls)
        if found is None:
            found = self._guarded[cls] = frozenset(
                choice.value
                for choice in _choices(self._schema, cls)
                if self._bound and life_cycle.requirements(self._schema, cls, choice.value)
            )
        return found

    def check(self, cls: str, before: str | None, values: Mapping[str, Any]) -> None:
        """Raises InvalidValue if a record enters a phase without the values that the phase requires.

        ``before`` is the earlier status, None for a new record.
        """
        status = values.get(life_cycle.STATUS)
        if status is None or status == before or status not in self.guarded(cls):
            return
        lacks = life_cycle.missing(self._schema, cls, before, values)
        if lacks:
            refusal = life_cycle.refusal(self._schema, cls, status, lacks)
            raise InvalidValue(Message("{name}: {problem}", name=values.get("name", ""), problem=refusal))


def _choices(schema: Schema, cls: str) -> tuple[Choice, ...]:
    """The statuses of a class; work has none."""
    attribute = schema.cls(cls).attributes.get(life_cycle.STATUS)
    return attribute.choices if attribute is not None else ()
