"""No hierarchy runs in a circle: a room never stands in itself, nobody is their own manager.

The steps that a revision makes are collected while it is written, and checked after its last edit, so that two rooms
may change places in one revision. Only chains that begin with new steps are walked, many at a time; old circles
elsewhere do not stand in the way.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from cmdb.model.circles import circles
from cmdb.model.errors import InvalidValue
from cmdb.model.hierarchies import refusal, steps_of
from cmdb.model.schema import Schema
from cmdb.store.reading.hierarchies import HierarchyRows, names_of


class HierarchyRules:
    """The steps upward that one revision has made."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self._connection = connection
        self._schema = schema
        self._of_class: dict[str, tuple[tuple[str, str], ...]] = {}
        self._of_type = {kind: name for name, one in schema.hierarchies.items() for kind in one.types}
        self._made: dict[str, tuple[array[int], array[int]]] = {}
        """Hierarchy → subjects and targets of the new steps; arrays, as a load makes a million."""

    def note(
        self, record: int, cls: str, values: Mapping[str, Any], ids: Mapping[str, int],
        names: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        """Adds the steps of a CI. If ``names`` is given, only these attributes are new. ``ids``: id → inner id."""
        for attribute, hierarchy in self._steps_of(cls):
            target = values.get(attribute)
            if target is not None and (names is None or attribute in names):
                self._add(hierarchy, record, ids[target])

    def note_columns(
        self, records: Sequence[int], cls: str, columns: Mapping[str, Sequence[Any]], ids: Mapping[str, int]
    ) -> None:
        """Adds the steps of many new CIs of a class; None is no step."""
        for attribute, hierarchy in self._steps_of(cls):
            for record, target in zip(records, columns[attribute], strict=True) if attribute in columns else ():
                if target is not None:
                    self._add(hierarchy, record, ids[target])

    def _steps_of(self, cls: str) -> tuple[tuple[str, str], ...]:
        own = self._of_class.get(cls)
        if own is None:
            own = self._of_class[cls] = steps_of(self._schema.hierarchies, cls)
        return own

    def note_relationships(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Adds the steps of new relationships: type, source, target."""
        for kind, source, target, *_ in rows:
            if kind in self._of_type:
                self._add(self._of_type[kind], source, target)

    def _add(self, hierarchy: str, record: int, target: int) -> None:
        made = self._made.get(hierarchy)
        if made is None:
            made = self._made[hierarchy] = (array("q"), array("q"))
        made[0].append(record)
        made[1].append(target)

    def check(self) -> None:
        """Raises InvalidValue, which names the circle, where a new step is in one."""
        for hierarchy, (subjects, targets) in self._made.items():
            rows = HierarchyRows(self._connection, self._schema.hierarchies[hierarchy])
            above = rows.reach(set(targets))
            steps = zip(subjects, targets, strict=True)
            still = [(one, target) for one, target in steps if target in above.get(one, ())]
            for circle in circles(above, still):
                names = names_of(self._connection, circle)
                raise InvalidValue(refusal(hierarchy, [names[one] for one in circle]))
