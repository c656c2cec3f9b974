"""Filters as SQL: a condition of the query language on the records of a class."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, func, not_, or_, true

from cmdb.model import life_cycle, query
from cmdb.model.calendar_bounds import days_after
from cmdb.model.characters import storable
from cmdb.model.choices import values_meant
from cmdb.model.date_texts import parse_date
from cmdb.model.errors import InvalidValue, QueryError
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Attribute, fold
from cmdb.model.values import parse
from cmdb.store.reading.amounts import amount_meant, compared, currency_code
from cmdb.store.reading.attribute_columns import OPERATORS, Ask, AttributeColumns, having, root_of_table
from cmdb.store.reading.subtrees import Subtrees


class FilterCompiler:
    """Turns nodes of the query language into conditions. ``ask`` runs a statement of one column."""

    def __init__(self, columns: AttributeColumns, ask: Ask) -> None:
        self._columns, self._schema = columns, columns.schema
        self._subtrees = Subtrees(columns, ask)
        self.today: date | None = None
        """The day that ``today`` means in a filter; None: the present day."""

    def condition(self, node: query.Node, source: FromClause, cls: str) -> ColumnElement[bool]:
        """The condition of a query's node on ``source``, whose rows are of class ``cls``."""
        if isinstance(node, query.And):
            return and_(*(self.condition(n, source, cls) for n in node.nodes))
        if isinstance(node, query.Or):
            return or_(*(self.condition(n, source, cls) for n in node.nodes))
        if isinstance(node, query.Not):
            return not_(func.coalesce(self.condition(node.node, source, cls), false()))
        return self._leaf(node, node.path, source, cls)

    def _leaf(
        self, node: query.Compare | query.Empty, path: tuple[str, ...], source: FromClause, cls: str
    ) -> ColumnElement[bool]:
        if len(path) == 1 and fold(path[0]) in ("class", "id"):
            return self._special(node, source)
        if len(path) == 1 and fold(path[0]) == "phase" and self._means_phase(node, cls):
            return self._phase(node, source, cls)
        attribute = self._columns.attribute(path[0], cls)
        if len(path) > 1:
            if attribute.type != "reference":
                raise QueryError(
                    Message(
                        "{attribute} does not refer to another record, so “{path}” means nothing.",
                        attribute=attribute.label,
                        path=".".join(path),
                    )
                )
            other = self._columns.alias(attribute.target)
            inner = self._leaf(node, path[1:], other, attribute.target)
            if isinstance(node, query.Empty) and not node.negated:
                return or_(
                    self._columns.value(attribute, source).is_(None),
                    self._columns.refers(attribute, source, other, inner),
                )
            return self._columns.refers(attribute, source, other, inner)
        column = self._columns.value(attribute, source)
        if isinstance(node, query.Compare) and node.op == query.WITHIN:
            return self._subtrees.within(attribute, node.value, source, cls)
        if isinstance(node, query.Empty):
            return column.is_not(None) if node.negated else column.is_(None)
        if attribute.type == "money":
            return self._compare_amount(attribute, column, node, source)
        if attribute.type == "choice" and node.op in ("=", "!=", "~"):
            called = self._called(attribute, node, source, cls)
            if called is not None:
                return not_(func.coalesce(called, false())) if node.op == "!=" else called
        if node.op == "!=":
            return not_(func.coalesce(self._compare(attribute, column, "=", node.value, source), false()))
        return self._compare(attribute, column, node.op, node.value, source)

    def _compare_amount(
        self, attribute: Attribute, column: ColumnElement[Any], node: query.Compare, source: FromClause
    ) -> ColumnElement[bool]:
        amount, currency = amount_meant(attribute, node.value)
        found = compared(attribute, self._columns.dialect, column, "=" if node.op == "!=" else node.op, amount)
        if currency:
            found = and_(found, currency_code(self._columns.currency(attribute, source)) == currency)
        return not_(func.coalesce(found, false())) if node.op == "!=" else found

    def _special(self, node: query.Compare | query.Empty, source: FromClause) -> ColumnElement[bool]:
        if isinstance(node, query.Empty):
            return true() if node.negated else false()
        if fold(node.path[0]) == "id":
            found: ColumnElement[bool] = source.c.uid == node.value.lower()
        else:
            found = source.c["class"].in_(self._schema.family(self._schema.find_class(node.value).name))
        if node.op not in ("=", "!="):
            raise QueryError(Message("{path} can be compared with = and != only.", path=node.path[0]))
        return not_(found) if node.op == "!=" else found

    def _called(
        self, attribute: Attribute, node: query.Compare, source: FromClause, cls: str
    ) -> ColumnElement[bool] | None:
        """The condition that the value is a choice with this name or label, in each class. None if no choice has it."""
        column = self._columns.value(attribute, source)
        meant = values_meant(self._schema, cls, attribute.name, node.value, part=node.op == "~")
        if node.op == "~":
            stored = func.lower(column).like(_like(node.value.lower()), escape="\\")
            every = {name: meant.get(name, ()) for name in self._schema.family(cls)}
            return or_(stored, having(source, column, every)) if meant else stored
        if len(set(meant.values())) == 1:
            (values,) = set(meant.values())
            return column == values[0] if len(values) == 1 else column.in_(values)
        return having(source, column, meant) if meant else None

    def _means_phase(self, node: query.Compare | query.Empty, cls: str) -> bool:
        """Whether ``phase`` means the phase of the life cycle: a class may have an attribute with that name."""
        attribute = self._columns.named(node.path[-1], cls)
        if attribute is None or isinstance(node, query.Empty):
            return attribute is None
        if life_cycle.phase_named(node.value) is None:
            with suppress(QueryError):
                self._wanted(attribute, node.value)
                return False
        return True

    def _phase(self, node: query.Compare | query.Empty, source: FromClause, cls: str) -> ColumnElement[bool]:
        if isinstance(node, query.Empty):
            return true() if node.negated else false()
        phase = life_cycle.phase_named(node.value)
        if phase is None:
            raise QueryError(
                Message(
                    "There is no phase “{value}”. Phases: {phases}.", value=node.value, phases=tuple(life_cycle.Phase)
                )
            )
        if node.op not in ("=", "!="):
            raise QueryError(Message("A phase can be compared with = and != only."))
        live = phase is life_cycle.Phase.LIVE  # includes values without a phase: the complement of the others
        phases = [p for p in life_cycle.Phase if p is not phase] if live else [phase]
        statuses = {name: life_cycle.statuses_in(self._schema, name, *phases) for name in self._schema.family(cls)}
        found = having(source, source.c.status, statuses)
        return not_(func.coalesce(found, false())) if (node.op == "!=") != live else found

    def _compare(
        self, attribute: Attribute, column: ColumnElement[Any], op: str, value: str, source: FromClause
    ) -> ColumnElement[bool]:
        kind, value = attribute.type, storable(value)
        if kind == "reference":
            other = self._columns.alias(attribute.target)
            name = name_key(value)
            if op not in ("=", "~"):
                raise QueryError(
                    Message(
                        "{attribute} refers to a record: compare it with =, != or ~ (contains).",
                        attribute=attribute.label,
                    )
                )
            inner = (
                other.c.name_key.like(_like(name), escape="\\")
                if op == "~"
                else or_(other.c.name_key == name, other.c.uid == value.lower())
            )
            return self._columns.refers(attribute, source, other, inner)
        if op == "~":
            return (
                func.lower(column).like(_like(value.lower()), escape="\\")
                if attribute.name != "name"
                else source.c.name_key.like(_like(name_key(value)), escape="\\")
            )
        if attribute.name == "name":
            return OPERATORS[op](source.c.name_key, name_key(value))
        if kind == "time":
            return self._compare_time(column, op, self._date(attribute, value))
        wanted = self._wanted(attribute, value)
        if isinstance(wanted, Decimal) and self._columns.dialect == "sqlite":
            wanted = float(wanted)  # what its JSON has; fifteen digits are exact
        if isinstance(wanted, str) and kind not in ("choice", "date", "uuid"):
            if self._columns.dialect == "sqlite" and root_of_table(source).columns.get(attribute.name) == "nocase":
                return OPERATORS[op](column, wanted)
            return OPERATORS[op](func.lower(column), wanted.lower())
        if kind == "boolean" and self._columns.dialect == "postgresql":
            wanted = "true" if wanted else "false"
        return OPERATORS[op](column, wanted)

    def _wanted(self, attribute: Attribute, value: str) -> Any:
        if attribute.type == "date":
            return self._date(attribute, value)
        asked = replace(attribute, minimum=None, maximum=None)
        try:
            return parse(asked, value)
        except InvalidValue as error:
            if attribute.form:  # part of an address is no address, and is compared as it is typed
                return parse(replace(asked, form=""), value)
            raise QueryError(error.message) from error

    def _date(self, attribute: Attribute, value: str) -> str:
        try:
            return parse_date(query.resolve_date(value, self.today), attribute.label)
        except InvalidValue as error:
            raise QueryError(
                Message("{problem} Relative dates read today+90d, today-2w, today+1y.", problem=error.message)
            ) from error

    @staticmethod
    def _compare_time(column: ColumnElement[Any], op: str, day: str) -> ColumnElement[bool]:
        """Compares a time with a date. The date means its whole day."""
        after = days_after(date.fromisoformat(day), 1).isoformat()
        return {
            "=": and_(column >= day, column < after),
            "<": column < day, "<=": column < after, ">": column >= after, ">=": column >= day,
        }[op]  # fmt: skip


def _like(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
