"""Selections as SQL: a class and its subclasses, a filter in the query language, free text, and a sort."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)

from cmdb.model import life_cycle, query
from cmdb.model.calendar_bounds import days_after
from cmdb.model.characters import storable
from cmdb.model.choices import values_meant
from cmdb.model.date_texts import parse_date
from cmdb.model.errors import InvalidValue, QueryError
from cmdb.model.hierarchies import steps_of
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Attribute, Schema, fold
from cmdb.model.selection import Selection
from cmdb.model.values import parse
from cmdb.store.reading.amounts import (
    amount_meant,
    by_currency,
    compared,
    currency_code,
    names_no_currency,
    several,
)
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.indexes import extra_value, past_value
from cmdb.store.rows.roots import BY_NAME, CI, Root

Steps = Sequence[tuple[Attribute, Sequence[str]]]
"""Attributes by which records are below others, with the classes that have them."""


@dataclass(frozen=True, slots=True)
class SortOrder:
    """The sort key of a selection: the name, or an attribute whose index gives the order."""

    attribute: Attribute | None
    descends: bool


@dataclass
class SelectionCompiler:
    """Turns selections into parts of statements.

    ``sources`` holds the targets of references: by root, the current records, or those of a past moment. A method's
    ``root`` is the table to select from: the source, or one of the tables of a past moment.
    """

    schema: Schema
    dialect: str
    root: Root
    sources: Mapping[str, FromClause]
    past: bool = False
    finds: Callable[[str], list[int] | None] | None = None
    """In the past: the ids of the CIs that match words, because the search index holds the present only."""
    today: date | None = None
    """The day that ``today`` means in a filter; None: the present day."""
    ask: Callable[[Select[Any]], Sequence[Any]] | None = None
    """Runs a statement of one column: which currencies the amounts have that a filter compares with a bare number."""
    _aliases: int = field(default=0, init=False)
    _below: dict[tuple[str, str, tuple[str, ...]], frozenset[int]] = field(default_factory=dict, init=False)
    """Class, name and steps of what filters ask for with "within" → the records that are meant."""
    _in_one_currency: set[tuple[str, str, str]] = field(default_factory=set, init=False)
    """Class, filter and words of the selections whose bare amounts are known to be of one currency."""

    @property
    def source(self) -> FromClause:
        """The records of the root that is selected from."""
        return self.sources[self.root.name]

    def conditions(self, selection: Selection, root: FromClause | None = None) -> list[ColumnElement[bool]]:
        """The filter alone. Raises QueryError, SchemaError."""
        root = self.source if root is None else root
        found: list[ColumnElement[bool]] = []
        if selection.cls != self.root.name:
            family = self.schema.family(self.schema.cls(selection.cls).name)
            column = root.c["class"]
            found.append(column == family[0] if len(family) == 1 else column.in_(family))
        node = query.parse(selection.where)
        if node is not None:
            self._check_currencies(node, selection)
            found.append(self.node(node, root, selection.cls))
        if selection.text.strip():
            found.append(self.free_text(selection.text, root))
        if selection.among is not None:
            found.append(in_values(root.c.uid, selection.among))
        return found

    def order(self, selection: Selection) -> SortOrder | None:
        """The sort key if an index gives the order. None for several attributes, the class, and attributes without an
        index.

        Raises QueryError for an attribute that the class lacks.
        """
        words = [p.strip() for p in selection.sort.split(",") if p.strip()] or ["name"]
        word = words[0].lstrip("-+")
        if len(words) > 1 or fold(word) == "class":
            return None
        attribute = self._attribute(word, selection.cls)
        if not self.is_indexed(attribute) or attribute.type == "money":
            return None
        if attribute.type == "reference" and (self.past or attribute.name not in self.root.columns):
            return None  # Sorted by the names of the targets, which its index does not hold.
        return SortOrder(None if attribute.name == "name" else attribute, words[0].startswith("-"))

    def is_indexed(self, attribute: Attribute) -> bool:
        """Whether an index of an attribute's values exists or is missing (see ``indexes``)."""
        if self.root is not CI:
            return attribute.name == "name"
        return attribute.indexed or self.root.columns.get(attribute.name) == "reference"

    def by_index(self, order: SortOrder, root: FromClause) -> list[ColumnElement[Any]]:
        """The sort keys, as the index has them. For a reference attribute, the keys among the CIs that refer to one
        target.
        """
        keys: list[ColumnElement[Any]] = [root.c.name_key, root.c["class"], root.c.id]
        if order.attribute is not None and order.attribute.type != "reference":
            keys.insert(0, self.sorting(order.attribute, root))
        return [key.desc() for key in keys] if order.descends else keys

    def sorted(self, statement: Select[Any], selection: Selection) -> Select[Any]:
        """Sorts by any key: absent values last, ties by name, class and id. "-" reverses the order, but absent values
        stay last.
        """
        keys: list[ColumnElement[Any]] = []
        descends = False
        for part in [p.strip() for p in selection.sort.split(",") if p.strip()] or ["name"]:
            descends = part.startswith("-")
            word = part.lstrip("-+")
            columns, statement = self._sort_columns(word, selection.cls, statement)
            if word not in ("name", "class"):
                keys.append(columns[0].is_(None))
            keys.extend(column.desc() if descends else column for column in columns)
        c = self.source.c
        ties = (c.name_key, c["class"], c.id)
        return statement.order_by(*keys, *(key.desc() if descends else key for key in ties))

    def _sort_columns(
        self, word: str, cls: str, statement: Select[Any]
    ) -> tuple[list[ColumnElement[Any]], Select[Any]]:
        if fold(word) == "class":
            return [self.source.c["class"]], statement
        attribute = self._attribute(word, cls)
        if attribute.name == "name":
            return [self.source.c.name_key], statement
        if attribute.type == "reference":
            other = self._alias(attribute.target)
            if attribute.name in self.root.columns:
                on = other.c.id == self.source.c[attribute.name]
            else:
                on = other.c.uid == self.value(attribute, self.source)
            return [other.c.name_key, other.c["class"], other.c.id], statement.outerjoin(other, on)
        if attribute.type == "money" and attribute.currency:
            return by_currency(self.value(attribute, self.source), self._currency(attribute, self.source)), statement
        return [self.sorting(attribute, self.source)], statement

    def referred(self, attribute: Attribute) -> tuple[FromClause, ColumnElement[bool], list[ColumnElement[Any]]]:
        """The possible targets of a reference attribute: the CIs, the condition on their class, and their order."""
        other = self._alias(attribute.target)
        family = [cls for target in attribute.targets for cls in self.schema.family(target)]
        column = other.c["class"]
        return (
            other,
            column == family[0] if len(family) == 1 else column.in_(family),
            [other.c.name_key, other.c["class"], other.c.id],
        )

    # -- the filter -------------------------------------------------------------------------------------------------

    def node(self, node: query.Node, source: FromClause, cls: str) -> ColumnElement[bool]:
        """The condition of a query's node on ``source``, whose rows are of class ``cls``."""
        if isinstance(node, query.And):
            return and_(*(self.node(n, source, cls) for n in node.nodes))
        if isinstance(node, query.Or):
            return or_(*(self.node(n, source, cls) for n in node.nodes))
        if isinstance(node, query.Not):
            return not_(func.coalesce(self.node(node.node, source, cls), false()))
        return self._leaf(node, node.path, source, cls)

    def _leaf(
        self, node: query.Compare | query.Empty, path: tuple[str, ...], source: FromClause, cls: str
    ) -> ColumnElement[bool]:
        if len(path) == 1 and fold(path[0]) in ("class", "id"):
            return self._special(node, source)
        if len(path) == 1 and fold(path[0]) == "phase" and self._means_phase(node, cls):
            return self._phase(node, source, cls)
        attribute = self._attribute(path[0], cls)
        if len(path) > 1:
            if attribute.type != "reference":
                raise QueryError(
                    Message(
                        "{attribute} does not refer to another record, so “{path}” means nothing.",
                        attribute=attribute.label,
                        path=".".join(path),
                    )
                )
            other = self._alias(attribute.target)
            inner = self._leaf(node, path[1:], other, attribute.target)
            if isinstance(node, query.Empty) and not node.negated:
                return or_(self.value(attribute, source).is_(None), self._refers(attribute, source, other, inner))
            return self._refers(attribute, source, other, inner)
        column = self.value(attribute, source)
        if isinstance(node, query.Compare) and node.op == query.WITHIN:
            return self._within(attribute, column, node.value, source, cls)
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

    # -- amounts ----------------------------------------------------------------------------------------------------

    def _compare_amount(
        self, attribute: Attribute, column: ColumnElement[Any], node: query.Compare, source: FromClause
    ) -> ColumnElement[bool]:
        amount, currency = amount_meant(attribute, node.value)
        found = compared(attribute, self.dialect, column, "=" if node.op == "!=" else node.op, amount)
        if currency:
            found = and_(found, currency_code(self._currency(attribute, source)) == currency)
        return not_(func.coalesce(found, false())) if node.op == "!=" else found

    def _currency(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The currency of an attribute's amounts."""
        name = attribute.currency
        return self.value(Attribute(name, name), source)

    def _check_currencies(self, node: query.Node, selection: Selection) -> None:
        """Raises QueryError where a bare number is compared with amounts of several currencies.

        Which amounts: those that the other conditions leave, if all must hold, so that ``currency = EUR and
        purchase_cost > 1000`` is in euros.
        """
        key = (selection.cls, selection.where, selection.text)
        if self.ask is None or key in self._in_one_currency:
            return
        parts = node.nodes if isinstance(node, query.And) else (node,)
        bare = {n: list(self._bare_amounts(part, selection.cls)) for n, part in enumerate(parts)}
        others = [part for n, part in enumerate(parts) if not bare[n]]
        for leaf, cls, attribute in (one for found in bare.values() for one in found):
            source = self.source
            amount, currency = self.value(attribute, source), self._currency(attribute, source)
            conditions: list[ColumnElement[bool]] = []
            if cls != "ci":
                conditions.append(source.c["class"].in_(self.schema.family(cls)))
            if len(leaf.path) == 1:
                conditions += [self.node(part, source, selection.cls) for part in others]
                conditions += [self.free_text(selection.text, source)] if selection.text.strip() else []
            statement = select(currency_code(currency)).where(amount.is_not(None), currency.is_not(None), *conditions)
            codes = tuple(map(str, self.ask(statement.distinct().limit(_MOST_NAMED))))
            if len(codes) > 1:
                raise several(attribute, tuple(sorted(codes)), leaf.value)
        self._in_one_currency.add(key)

    def _bare_amounts(self, node: query.Node, cls: str) -> Iterator[tuple[query.Compare, str, Attribute]]:
        """The comparisons of a filter with a number alone, each with the class and the attribute of its amounts."""
        for leaf in query.leaves(node):
            if not isinstance(leaf, query.Compare) or leaf.op == "~" or not names_no_currency(leaf):
                continue
            at, found = cls, self._named(leaf.path[0], cls)
            for word in leaf.path[1:]:
                at = found.target if found is not None else ""
                found = self._named(word, at) if at else None
            if found is not None and found.type == "money" and found.currency:
                yield leaf, at, found

    # -- further conditions -----------------------------------------------------------------------------------------

    def _special(self, node: query.Compare | query.Empty, source: FromClause) -> ColumnElement[bool]:
        if isinstance(node, query.Empty):
            return true() if node.negated else false()
        if fold(node.path[0]) == "id":
            found: ColumnElement[bool] = source.c.uid == node.value.lower()
        else:
            found = source.c["class"].in_(self.schema.family(self.schema.find_class(node.value).name))
        if node.op not in ("=", "!="):
            raise QueryError(Message("{path} can be compared with = and != only.", path=node.path[0]))
        return not_(found) if node.op == "!=" else found

    def _called(
        self, attribute: Attribute, node: query.Compare, source: FromClause, cls: str
    ) -> ColumnElement[bool] | None:
        """The condition that the value is a choice with this name or label, in each class. None if no choice has it."""
        column = self.value(attribute, source)
        meant = values_meant(self.schema, cls, attribute.name, node.value, part=node.op == "~")
        if node.op == "~":
            stored = func.lower(column).like(_like(node.value.lower()), escape="\\")
            every = {name: meant.get(name, ()) for name in self.schema.family(cls)}
            return or_(stored, having(source, column, every)) if meant else stored
        if len(set(meant.values())) == 1:
            (values,) = set(meant.values())
            return column == values[0] if len(values) == 1 else column.in_(values)
        return having(source, column, meant) if meant else None

    def _means_phase(self, node: query.Compare | query.Empty, cls: str) -> bool:
        """Whether ``phase`` means the phase of the life cycle: a class may have an attribute with that name."""
        attribute = self._named(node.path[-1], cls)
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
        statuses = {name: life_cycle.statuses_in(self.schema, name, *phases) for name in self.schema.family(cls)}
        found = having(source, source.c.status, statuses)
        return not_(func.coalesce(found, false())) if (node.op == "!=") != live else found

    def _refers(
        self, attribute: Attribute, source: FromClause, other: FromClause, inner: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        column = self.value(attribute, source)
        key = other.c.id if attribute.name in _root(source).columns else other.c.uid
        return column.in_(select(key).where(inner))

    def _within(
        self, attribute: Attribute, column: ColumnElement[Any], value: str, source: FromClause, cls: str
    ) -> ColumnElement[bool]:
        """That a reference is to a record of this name, or to one below it in a hierarchy."""
        if attribute.type != "reference":
            raise QueryError(
                Message("{attribute} does not refer to another record, so nothing is within it.",
                        attribute=attribute.label)
            )  # fmt: skip
        steps = tuple(self._steps(attribute, cls))
        key = (attribute.target, value, tuple(step.name for step, _ in steps))
        if key not in self._below:
            self._below[key] = self._with_below(attribute.target, value, steps)
        found = self._below[key]
        if attribute.name in _root(source).columns:
            return in_values(column, found)
        other = self._alias(attribute.target)
        return column.in_(select(other.c.uid).where(in_values(other.c.id, found)))

    def _steps(self, attribute: Attribute, cls: str) -> Iterator[tuple[Attribute, tuple[str, ...]]]:
        """The attributes by which the targets of a reference are below each other, with the classes that have them:
        those of its own hierarchy, of a reference that is in none those of any.
        """
        schema, target = self.schema, attribute.target
        steps = [pair for one in schema.family(cls) for pair in steps_of(schema.hierarchies, one)]
        own = {hierarchy for name, hierarchy in steps if name == attribute.name}
        found: dict[str, list[str]] = {}
        for one in schema.family(target):
            for name, hierarchy in steps_of(schema.hierarchies, one):
                above = schema.attribute(one, name).target
                fits = not own or hierarchy in own or not schema.is_a(cls, target)
                if fits and (schema.is_a(above, target) or schema.is_a(target, above)):
                    found.setdefault(name, []).append(one)
        for name, classes in found.items():
            yield schema.attribute(classes[0], name), tuple(classes)

    def _with_below(self, target: str, value: str, steps: Steps) -> frozenset[int]:
        """The inner ids of the records of a class that are called so, and of all below them. It ends in a circle."""
        assert self.ask is not None
        top, value = self._alias(target), storable(value)
        named = or_(top.c.name_key == name_key(value), top.c.uid == value.lower())
        fits = top.c["class"].in_(self.schema.family(target))
        found = frontier = frozenset(map(int, self.ask(select(top.c.id).where(named, fits))))
        while frontier:
            more: set[int] = set()
            for step, classes in steps:
                for batch in chunks(frontier, IN_CHUNK):
                    more.update(self.ask(self._directly_below(target, step, classes, batch)))
            frontier = frozenset(more - found)
            found |= frontier
        return found

    def _directly_below(self, target: str, step: Attribute, classes: Sequence[str], batch: list[int]) -> Select[Any]:
        below = self._alias(target)
        statement = select(below.c.id).where(below.c["class"].in_(classes))
        if step.name in _root(below).columns:
            return statement.where(in_values(below.c[step.name], batch))
        if not self.past:
            x = tables.extra_reference.c
            joined = statement.join(tables.extra_reference, x.ci == below.c.id)
            return joined.where(x.attribute == step.name, in_values(x.target, batch))
        above = self._alias(target)
        return statement.where(self.value(step, below).in_(select(above.c.uid).where(in_values(above.c.id, batch))))

    def _compare(
        self, attribute: Attribute, column: ColumnElement[Any], op: str, value: str, source: FromClause
    ) -> ColumnElement[bool]:
        kind, value = attribute.type, storable(value)
        if kind == "reference":
            other = self._alias(attribute.target)
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
            return self._refers(attribute, source, other, inner)
        if op == "~":
            return (
                func.lower(column).like(_like(value.lower()), escape="\\")
                if attribute.name != "name"
                else source.c.name_key.like(_like(name_key(value)), escape="\\")
            )
        if attribute.name == "name":
            return _OPERATORS[op](source.c.name_key, name_key(value))
        if kind == "time":
            return self._compare_time(column, op, self._date(attribute, value))
        wanted = self._wanted(attribute, value)
        if isinstance(wanted, Decimal) and self.dialect == "sqlite":
            wanted = float(wanted)  # what its JSON has; fifteen digits are exact
        if isinstance(wanted, str) and kind not in ("choice", "date", "uuid"):
            if self.dialect == "sqlite" and _root(source).columns.get(attribute.name) == "nocase":
                return _OPERATORS[op](column, wanted)
            return _OPERATORS[op](func.lower(column), wanted.lower())
        if kind == "boolean" and self.dialect == "postgresql":
            wanted = "true" if wanted else "false"
        return _OPERATORS[op](column, wanted)

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

    # -- parts ------------------------------------------------------------------------------------------------------

    def free_text(self, words: str, root: FromClause) -> ColumnElement[bool]:
        """CIs that match the words, and CIs that refer to one of them (the laptops of a person)."""
        c = root.c
        if self.finds is not None:
            ids = self.finds(words)
            return true() if ids is None else in_values(c.id, ids)
        self._aliases += 1
        found = search_index.finding(self.dialect, words, f"w{self._aliases}_", self.root)
        if found is None:
            return true()
        sql, parameters = found
        return c.id.in_(text(sql).bindparams(**parameters).columns(self.root.table.c.id).subquery().select())

    def value(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """An attribute's value in SQL. For a reference it is the inner id, or in the JSON column the external id."""
        if attribute.name in _root(source).columns:
            return source.c[attribute.name]
        alias = getattr(source, "name", "ci")
        if self.past and self.dialect == "postgresql":  # it may have been of another type then
            return literal_column(past_value(alias, attribute))
        return literal_column(extra_value(self.dialect, alias, attribute))

    def sorting(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The expression by which values are sorted. SQLite's columns ignore case themselves where case is not
        significant.
        """
        column = self.value(attribute, source)
        folds = self.dialect == "postgresql" and _root(source).columns.get(attribute.name) == "nocase"
        return func.lower(column) if folds else column

    def _attribute(self, word: str, cls: str) -> Attribute:
        found = self._named(word, cls)
        if found is None:
            raise QueryError(
                Message("{classes} have no attribute “{word}”.", classes=self.schema.cls(cls).plural, word=word)
            )
        return found

    def _named(self, word: str, cls: str) -> Attribute | None:
        """The attribute with that name in a class or one of its subclasses; or None."""
        candidates = self.schema.all_attributes(cls)
        found = self.schema.find_attribute(cls, word) or candidates.get(word)
        if found is None:
            key = fold(word)
            for one in candidates.values():
                if key in (fold(one.name), fold(one.label)) or key in map(fold, one.synonyms):
                    found = one
                    break
        return candidates[found.name] if found is not None and found.choices else found

    def _alias(self, target: str) -> FromClause:
        """The records among which a reference to a class has its targets."""
        self._aliases += 1
        root = self.schema.root_of(target)
        return self.sources[root].alias(f"{root}_r{self._aliases}")


def _root(source: FromClause) -> Root:
    """The root whose records a table or its alias holds: its name begins with the root's."""
    return BY_NAME[str(getattr(source, "name", CI.name)).partition("_")[0]]


def having(
    source: FromClause, column: ColumnElement[Any], values: Mapping[str, Collection[str]]
) -> ColumnElement[bool]:
    """The condition that a record has one of the values for its class. All records are of these classes."""
    classes: dict[tuple[str, ...], list[str]] = {}
    for name, its in values.items():
        classes.setdefault(tuple(sorted(its)), []).append(name)
    if len(classes) == 1:
        (its,) = classes
        return column.in_(its) if its else false()
    parts = [and_(source.c["class"].in_(names), column.in_(its)) for its, names in sorted(classes.items()) if its]
    return or_(false(), *parts)


#: Currencies that a message about several of them names.
_MOST_NAMED = 6

_OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _like(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
