"""The records of every root, now or as of a revision: by id, by name, and as lists."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, FromClause, Table, func, or_, select, union_all

from cmdb.model.characters import storable
from cmdb.model.errors import Ambiguous, NotFound, QueryError, StoreProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, verbatim
from cmdb.model.money import exact, unscaled
from cmdb.model.name_keys import name_key
from cmdb.model.record_aliases import ID, folded
from cmdb.model.records import CI
from cmdb.model.row_groups import BY_MONTH, GroupKey, ValueGroup
from cmdb.model.schema import Attribute, Schema
from cmdb.model.selection import Selection
from cmdb.model.values import Value
from cmdb.store.reading.groups import NarrowedLists, among
from cmdb.store.reading.lists import counted_sources
from cmdb.store.reading.root_view import RootView
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.codec import IN_CHUNK, Codec, Identities, chunks
from cmdb.store.rows.in_values import OVERLAY, in_values
from cmdb.store.rows.record_names import last_names
from cmdb.store.rows.roots import BY_NAME, ROOTS, WORK, Root
from cmdb.store.rows.roots import CI as CI_ROOT

_TELLING = ("asset_tag", "serial_number", "number", "email", "user_name")


class CIView:
    """The records of one moment: by id, by name, and as filtered, sorted lists of a root's classes."""

    def __init__(self, connection: Connection, schema: Schema, codec: Codec, at: int | None = None) -> None:
        self._connection = connection
        self.schema = schema
        self._codec = codec
        self._at = at
        self._ids = Identities(connection, ever=at is not None)
        self._today: date | None = None
        self._views: dict[str, RootView] = {}
        self._ci = self._source(CI_ROOT)

    @cached_property
    def number(self) -> int:
        """The revision that is shown: the latest one, or the requested one."""
        last = self._connection.exec_driver_sql("SELECT max(number) FROM revision").scalar() or 0
        if not isinstance(last, int):  # an index of a damaged file answers with what stands elsewhere
            raise StoreProblem(Message("The numbers of the revisions cannot be read: the estate is damaged."))
        return last if self._at is None else min(self._at, last)

    def judge_by(self, today: date | None) -> None:
        """Sets the day that ``today`` means in filters (None: the present day)."""
        self._today = today
        for view in self._views.values():
            view.judge_by(today)

    @cached_property
    def _roots(self) -> list[Root]:
        """The roots of which there are records; configuration items come first."""
        return [CI_ROOT, *self._other_roots]

    @cached_property
    def _other_roots(self) -> list[Root]:
        """The roots beside configuration items of which there are records. Asked only where it matters."""
        return [root for root in ROOTS[1:] if root.name in self.schema.classes and self._has(root)]

    def _until(self, done: Callable[[], bool]) -> Iterator[Root]:
        """The roots, until what is looked for is found."""
        yield CI_ROOT
        if not done():
            yield from self._other_roots

    def _has(self, root: Root) -> bool:
        return self._connection.execute(select(self._source(root).c.id).limit(1)).first() is not None

    @cached_property
    def _sources(self) -> Mapping[str, FromClause]:
        """The records of each root at the moment."""
        return {root.name: self._moment(root.table, root.past) for root in ROOTS}

    def _source(self, root: Root) -> FromClause:
        return self._sources[root.name]

    def _view(self, root: Root) -> RootView:
        found = self._views.get(root.name)
        if found is None:
            codec = self._codec.of(root)
            found = self._views[root.name] = RootView(
                self._connection, codec, self._at, self.number if self._at is not None else 0, self._sources
            )
            found.judge_by(self._today)
        return found

    def _of(self, cls: str) -> RootView:
        """The view of the root that a class belongs to. Raises SchemaError."""
        return self._view(BY_NAME[self.schema.root_of(self.schema.cls(cls).name)])

    def _moment(self, current: Table, old: Table) -> FromClause:
        if self._at is None:
            return current
        names = [c.name for c in current.columns]
        now = select(*(current.c[n] for n in names)).where(current.c.revision <= self._at)
        then = select(*(old.c[n] for n in names)).where(old.c.revision <= self._at, old.c.ended > self._at)
        return union_all(now, then).subquery(f"{current.name}_then")

    # -- CIs --------------------------------------------------------------------------------------------------------

    def get(self, uid: str) -> CI:
        """The record of that id. Raises NotFound."""
        found = self.by_uid([uid])
        if uid not in found:
            raise self._gone(uid)
        return found[uid]

    def by_uid(self, uids: Iterable[str]) -> dict[str, CI]:
        """The existing records among the ids, by id."""
        wanted = list(uids)
        found: dict[str, CI] = {}
        for root in self._until(lambda: found.keys() >= set(wanted)):
            missing = [uid for uid in wanted if uid not in found]
            found.update((one.uid, one) for one in self._view(root).fetch("uid", missing))
        return found

    def many(self, ids: Sequence[int]) -> list[CI]:
        """Records by inner id, in that order. Records that do not exist are left out."""
        found: dict[int, CI] = {}
        for root in ROOTS:
            own = [inner for inner in ids if root.first_id <= inner <= root.last_id]
            if own:
                found.update((one.id, one) for one in self._view(root).fetch("id", own))
        return [found[i] for i in ids if i in found]

    def names(self, uids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Id → (class, name), for showing references."""
        wanted = set(uids)
        found: dict[str, tuple[str, str]] = {}
        for root in self._until(lambda: found.keys() >= wanted):
            c = self._source(root).c
            statement = select(c.uid, c["class"], c.name)
            for batch in chunks(wanted - found.keys(), IN_CHUNK):
                rows = self._connection.execute(statement.where(in_values(c.uid, batch))).all()
                found.update((r[0], (r[1], r[2])) for r in rows)
        return found

    def find(self, word: str) -> CI:
        """The record that ``word`` means: id, asset tag, serial number, number, unique name, or Class:Name.

        Raises NotFound, or Ambiguous with the candidates listed.
        """
        text = storable(word.strip())
        if len(text) == 36 and text.count("-") == 4 and (found := self.by_uid([text.lower()])):
            return found[text.lower()]
        try:
            return self._find(word, text)
        except NotFound:
            former = self._by_alias(text)
            if not former:
                raise
            return self._single(word, former)

    def _find(self, word: str, text: str) -> CI:
        for root, attribute in ((CI_ROOT, "asset_tag"), (CI_ROOT, "serial_number"), (WORK, "number")):
            if root in self._roots and (here := self._where(root, self._same(root, attribute, text))):
                return self._single(word, here)
        every = [
            one for root in self._roots for one in self._where(root, self._source(root).c.name_key == name_key(text))
        ]
        if not every and ":" in text:
            cls, _, name = text.partition(":")
            meant = self.schema.find_class(cls).name
            root = self._of(meant).root
            c = self._source(root).c
            every = self._where(root, c.name_key == name_key(name), c["class"].in_(self.schema.family(meant)))
        return self._single(word, every)

    def _by_alias(self, text: str) -> list[CI]:
        """The records that have a word as a former name: what was merged into them was called so."""
        found = {one.id: one for one in self._called(text)}
        if ":" in text:
            cls, _, name = text.partition(":")
            family = self.schema.family(self.schema.find_class(cls).name)
            found.update((one.id, one) for one in self._called(name) if one.cls in family)
        return list(found.values())

    def _called(self, word: str) -> list[CI]:
        """The records that have exactly this former name."""
        if not self._has_former_names:
            return []
        t = self._moment(tables.alias, tables.alias_version)
        statement = select(t.c.record).where(t.c.value == folded(word), t.c.kind.in_(_FOUND_BY)).limit(20)
        return self.many(sorted(set(self._connection.execute(statement).scalars())))

    @cached_property
    def _has_former_names(self) -> bool:
        """Whether any record has one: a search would otherwise ask each time."""
        if self._at is None:  # Asked by every search: SQLAlchemy's own way takes as long as a tenth of one.
            return self._connection.exec_driver_sql("SELECT record FROM alias LIMIT 1").first() is not None
        t = self._moment(tables.alias, tables.alias_version)
        return self._connection.execute(select(t.c.record).limit(1)).first() is not None

    def _same(self, root: Root, attribute: str, text: str) -> Any:
        column = self._source(root).c[attribute]
        if root is CI_ROOT and self._at is None and self._connection.dialect.name == "sqlite":
            return column == text
        return func.lower(column) == text.lower()

    def _where(self, root: Root, *conditions: Any) -> list[CI]:
        c = self._source(root).c
        statement = select(*(c[name] for name in root.row)).where(*conditions).order_by(c.id).limit(20)
        return list(self._view(root).decode(self._connection.execute(statement).all()))

    def _single(self, word: str, found: list[CI]) -> CI:
        if not found:
            raise NotFound(self._no_record(Message("“{word}”", word=word)))
        if len(found) > 1:
            places = self.names(c.text("location") for c in found if c.text("location"))
            lines = tuple(
                verbatim(f"{self.schema.cls(c.cls).label}:{c.name}  {_apart(c, places)}  {c.uid}") for c in found
            )
            text = Message("“{word}” means {number} records; give an id, or Class:Name.", word=word, number=len(found))
            raise Ambiguous(text, lines)
        return found[0]

    def _gone(self, uid: str) -> NotFound:
        """What is raised where there is no record of an id: it says what the record was called."""
        name = last_names(self._connection, [uid]).get(uid)
        return NotFound(self._no_record(name) if name else Message("There is no such record."))

    def _no_record(self, record: Message | str) -> Message:
        if self._at is None:
            return Message("There is no record {record}.", record=record)
        return Message("There is no record {record} as of revision {number}.", record=record, number=Plain(self._at))

    # -- lists ------------------------------------------------------------------------------------------------------

    def page(self, selection: Selection, limit: int = 200, offset: int = 0) -> list[CI]:
        """One page of a selection. It is fast if sorted by an indexed attribute, even in a large selection."""
        return self.many(self._of(selection.cls).lists.page(selection, limit, offset))

    def ids(self, selection: Selection) -> array[int]:
        """The inner ids of a whole selection, sorted."""
        return self._of(selection.cls).lists.all(selection)

    def seen_with(self, cls: str, words: Sequence[str]) -> list[str]:
        """The records of a class, at present and without a draft, in whose rows of detail one of the words stands."""
        records, family = self._of(cls), frozenset(self.schema.family(cls))
        found = search_index.with_any_apart(self._connection, words, records.root)
        return [one.uid for one in records.fetch("id", found) if one.cls in family]

    def count(self, selection: Selection) -> int:
        """The number of CIs in a selection."""
        return self._of(selection.cls).lists.count(selection)

    def sorts_by_index(self, selection: Selection) -> bool:
        """Whether an index gives a selection's order; otherwise all of it is sorted, which may take seconds."""
        return self._of(selection.cls).compiler.order(selection) is not None

    def all(self, selection: Selection) -> Iterator[CI]:
        """A whole selection, in its order, a thousand at a time."""
        for batch in chunks(self.ids(selection), 1000):
            yield from self.many(batch)

    def counts(self, root: str = "ci") -> dict[str, int]:
        """Class name → number of records of exactly that class, over the classes of a root."""
        found: Counter[str] = Counter()
        drafted = OVERLAY in self._connection.get_execution_options()
        for source, sign in counted_sources(BY_NAME[root], self._at, drafted=drafted):
            c = source.table.c["class"]
            statement = select(c, func.count()).where(*source).group_by(c)
            found.update({name: sign * number for name, number in self._connection.execute(statement)})
        return {name: number for name, number in found.items() if number}

    def facet(self, selection: Selection, attribute: str) -> dict[Value | None, int]:
        """Value → count over a selection; None for CIs without the value. References count by id."""
        found = self.schema.all_attributes(selection.cls).get(attribute) or self.schema.every_attribute[attribute]
        canonical = _CANONICAL.get(found.type, _as_it_is)
        view = self._of(selection.cls)
        kind, dialect = view.root.columns.get(found.name), self._connection.dialect.name
        if found.type == "money" and (kind == "money" or (kind is None and dialect == "sqlite")):
            canonical = unscaled
        held = view.lists.values(selection, found)
        counts = {value if value is None else canonical(value): number for value, number in held.items()}
        if attribute in view.root.references:
            self._ids.want_outer(i for i in counts if i is not None)
            return {i if i is None else self._ids.outer[i]: n for i, n in counts.items()}
        return counts

    def groups(
        self, selection: Selection, attribute: str, summed: Sequence[str] = (), ids: Collection[int] | None = None
    ) -> list[ValueGroup]:
        """The groups of a selection by an attribute ("class": by class), with the sums of other attributes; ``ids``:
        of these records only (inner ids). In no order. Raises QueryError, SchemaError.
        """
        view = self._of(selection.cls)
        lists, own = NarrowedLists.of(view.lists, among(ids)), self._groupable(selection, attribute)
        found = lists.grouped(selection, own)
        sums: dict[str, dict[GroupKey, dict[str, Decimal]]] = {}
        known = self.schema.all_attributes(selection.cls)
        by_currency: dict[str, list[Attribute]] = {}
        for name in summed:
            by_currency.setdefault(known[name].currency, []).append(known[name])
        for currency, attributes in by_currency.items():
            sums |= lists.sums(selection, own, attributes, known.get(currency))
        if own is not None and own.name in view.root.references:
            self._ids.want_outer(key for key in found if isinstance(key, int))
        return [
            ValueGroup(
                key, self._grouped_value(view, own, key, value), count,
                {name: its[key][""] for name, its in sums.items() if key in its and known[name].type != "money"},
                {name: its[key] for name, its in sums.items() if key in its and known[name].type == "money"},
            )
            for key, (value, count) in found.items()
        ]  # fmt: skip

    def group_ids(self, selection: Selection, attribute: str, key: GroupKey) -> array[int]:
        """The inner ids of the rows of a group, in the order of the selection. Raises QueryError, SchemaError."""
        lists = NarrowedLists.of(self._of(selection.cls).lists, None)
        return lists.members(selection, self._groupable(selection, attribute), key)

    def ids_of_groups(
        self, selection: Selection, attribute: str, keys: Collection[GroupKey] | None = None
    ) -> dict[GroupKey, array[int]]:
        """Key → the inner ids of the rows of its group, as ``group_ids``, of some groups or all; groups without rows
        are left out. Raises QueryError, SchemaError.
        """
        lists = NarrowedLists.of(self._of(selection.cls).lists, None)
        return lists.members_of_groups(selection, self._groupable(selection, attribute), keys)

    def _groupable(self, selection: Selection, attribute: str) -> Attribute | None:
        """The attribute to group by; None for the class. Raises QueryError."""
        if attribute == "class":
            return None
        found = self.schema.all_attributes(selection.cls).get(attribute)
        if found is None:
            title = self.schema.cls(selection.cls).plural
            raise QueryError(Message("{classes} have no attribute “{word}”.", classes=title, word=attribute))
        return found

    def _grouped_value(self, view: RootView, attribute: Attribute | None, key: GroupKey, value: Any) -> Value | None:
        if key is None or attribute is None:
            return key
        if attribute.type in BY_MONTH:
            return key
        if attribute.name in view.root.references:
            return self._ids.outer[int(key)]
        kind, dialect = view.root.columns.get(attribute.name), self._connection.dialect.name
        if attribute.type == "money" and (kind == "money" or (kind is None and dialect == "sqlite")):
            return unscaled(value)
        canonical: Value = _CANONICAL.get(attribute.type, _as_it_is)(value)
        return canonical

    def search(self, words: str, limit: int = 50) -> list[CI]:
        """Records that match the words: exact name, tag or serial first, also a former one, then by name."""
        words = storable(words.strip())
        if not words:
            return []
        exact = [one for root in self._roots for one in self._exact(root, words)]
        known = {e.uid for e in exact}
        exact += [one for one in self._called(words) if one.uid not in known]
        seen = {e.uid for e in exact}
        most = limit + len(seen)
        found = [one for root in self._roots for one in self.page(Selection(root.name, text=words), limit=most)]
        rest = sorted((f for f in found if f.uid not in seen), key=lambda f: _nearness(f.name, words))
        return (exact + rest)[:limit]

    def _exact(self, root: Root, words: str) -> list[CI]:
        c = self._source(root).c
        same = (self._same(root, name, words) for name in _EXACT if name in root.columns)
        return self._where(root, or_(c.name_key == name_key(words), *same))


_FOUND_BY = (ID, "number", "tag", "serial", "name")
"""The kinds of former names by which a person finds a record."""
_EXACT = ("asset_tag", "serial_number", "host_name", "number")
"""Attributes by whose whole value a search finds a record first."""


def _apart(one: CI, places: Mapping[str, tuple[str, str]]) -> str:
    """What tells a record from others of its name: a tag, a number, an address, or the name of its place."""
    said = next((text for name in _TELLING if (text := one.text(name))), "")
    return said or places.get(one.text("location"), ("", ""))[1]


def _nearness(name: str, words: str) -> int:
    """The rank of a name in a search: the name begins with the words, one of its words does, or neither."""
    key, wanted = name_key(name), name_key(words)
    return 0 if key.startswith(wanted) else 1 if f" {wanted}" in key else 2 if wanted in key else 3


def _as_it_is(value: Any) -> Any:
    return value


def _decimal(value: Any) -> Decimal:
    return exact(value) if isinstance(value, float) else Decimal(value)


#: Types whose values are integers in SQLite's JSON, and words or decimals in PostgreSQL's.
_CANONICAL: dict[str, Callable[[Any], Any]] = {
    "boolean": lambda value: value in (1, "true"), "integer": int, "number": _decimal, "money": _decimal,
}  # fmt: skip
