"""Look-ups of reconciliation in the store, with one query per few thousand values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select

from cmdb.model.name_keys import unique_key
from cmdb.model.record_aliases import ID, alias_attribute, alias_kind
from cmdb.model.revision import Record
from cmdb.reconciliation.assignment_events import HOLDER
from cmdb.reconciliation.lookup import Found, KnownRecord, KnownSighting, Said, UnchangedRecord, repeated
from cmdb.store.reading.decisions import open_decisions
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, chunks, load
from cmdb.store.rows.in_values import in_values, rows_among
from cmdb.store.rows.indexes import extra_text, index_name, put_off
from cmdb.store.rows.roots import BY_NAME, CI, ROOTS, Root
from cmdb.store.rows.stored_statements import names_and_evidence

_Fold = Callable[[Any], str]
"""Makes the key of a value that was found."""
_PLAIN = ("environment", "installed_on", "last_used", "origin")
"""The fields of installations that are texts."""


_MOST_LETTERS = 4
"""So many letters beyond A to Z in one value are asked for in both cases each; of more, words as they are usual."""


class StoreLookup:
    """Implements ``cmdb.reconciliation.lookup.Lookup`` within one ``Store.read``.

    ``since``: look-ups by value, name and evidence find only CIs that came or were changed after this revision, or of
    which a source said something else after it.
    """

    def __init__(self, reader: Reader, since: int | None = None) -> None:
        self._reader = reader
        self._connection = reader._connection
        self._dialect = reader._connection.dialect.name
        self._since = since
        self._present: dict[Root, bool] = {}

    def _newer(self, root: Root) -> tuple[ColumnElement[bool], ...]:
        """The condition that a record of a root is among those that are looked up."""
        if self._since is None:
            return ()
        own, c = tables.claim.c, root.table.c
        said = select(literal_column("1")).where(own.ci == c.id, own.revision > self._since).exists()
        return (or_(c.revision > self._since, said),)

    def _root(self, classes: Sequence[str]) -> Root:
        """The root of classes, which are all of one."""
        return BY_NAME[self._reader.schema.root_of(classes[0])] if classes else CI

    def _has_some(self, root: Root) -> bool:
        """Whether there is any record of a root."""
        found = self._present.get(root)
        if found is None:
            found = self._connection.execute(select(root.table.c.id).limit(1)).first() is not None
            self._present[root] = found
        return found

    @property
    def number(self) -> int:
        """The number of the latest revision in the view."""
        return self._reader.number

    @property
    def empty(self) -> bool:
        """Whether there are no records of any root."""
        return not any(map(self._has_some, ROOTS))

    def by_attribute(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        """CIs of those classes by the value of a text attribute, compared in lower case."""
        forms = keys if all(map(str.isascii, keys)) else {form for key in keys for form in _written(key)}
        return self._by_value(classes, attribute, forms, str.casefold)

    def by_unique_value(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        """CIs of those classes by ``unique_key`` of an attribute; of a number, by it as a text."""
        if attribute == "name":
            return self.by_name(classes, keys)
        return self._by_value(classes, attribute, keys, lambda value: str(unique_key(attribute, value)))

    def _by_value(self, classes: Sequence[str], attribute: str, keys: Collection[str], fold: _Fold) -> Found:
        root = self._root(classes)
        kind = root.columns.get(attribute)
        if root is CI and not self._merged and index_name(attribute) in self._without_values:
            return {}
        if kind is None:
            column: Any = literal_column(extra_text(self._dialect, root.name, attribute))
        else:
            column = root.table.c[attribute]
        key = column if kind == "nocase" and self._dialect == "sqlite" else func.lower(column)
        return self._find(root, attribute, key, column, classes, keys, fold)

    def by_name(self, classes: Sequence[str], keys: Collection[str]) -> Found:
        """Records of those classes by their folded name."""
        root = self._root(classes)
        return self._find(root, "name", root.table.c.name_key, root.table.c.name_key, classes, keys, str)

    def _find(
        self, root: Root, attribute: str, key: Any, shown: Any, classes: Sequence[str], keys: Collection[str],
        fold: _Fold,
    ) -> Found:  # fmt: skip
        if not self._has_some(root):
            return {}
        c = root.table.c
        statement = select(c.uid, shown, c["class"]).where(*self._newer(root)).order_by(c.id)
        family = frozenset(classes)
        found: dict[str, list[str]] = defaultdict(list)
        for batch in chunks(keys, IN_CHUNK):
            for uid, value, cls in self._connection.execute(statement.where(in_values(key, batch))):
                if cls in family:
                    found[fold(value)].append(uid)
        if self._merged:
            self._find_former(found, root, alias_kind(attribute), family, [key for key in keys if key not in found])
        return found

    @cached_property
    def _without_values(self) -> set[str]:
        """The indexes of attributes that no CI has a value of. A draft may give CIs values without making an index."""
        return set() if self._reader.draft else put_off(self._connection)

    @cached_property
    def _merged(self) -> bool:
        """Whether any record has a former name."""
        return self._connection.execute(select(tables.alias.c.record).limit(1)).first() is not None

    def _find_former(
        self, found: dict[str, list[str]], root: Root, kind: str, family: Collection[str], keys: Collection[str]
    ) -> None:
        """Adds the records that were once called so."""
        a, c = tables.alias.c, root.table.c
        statement = select(a.value, c.uid, c["class"]).join(root.table, c.id == a.record).where(a.kind == kind)
        if self._since is not None:
            statement = statement.where(a.revision > self._since)
        for batch in chunks(keys, IN_CHUNK):
            for value, uid, cls in self._connection.execute(statement.where(in_values(a.value, batch))):
                if cls in family:
                    found[value].append(uid)

    def merged_into(self, uids: Collection[str]) -> Mapping[str, str]:
        """Id of a record that was merged into another one → the id of that one."""
        found: dict[str, str] = {}
        a = tables.alias.c
        for root in ROOTS if uids and self._merged else ():
            c = root.table.c
            statement = select(a.value, c.uid).join(root.table, c.id == a.record).where(a.kind == ID)
            for batch in chunks(uids, IN_CHUNK):
                rows = self._connection.execute(statement.where(in_values(a.value, batch)))
                found.update((old, uid) for old, uid in rows)
        return found

    def known_sources(self, keys: Collection[str]) -> Collection[str]:
        """Those of these sources that say something of any CI. It reads the keys of all claims."""
        source = tables.claim.c.source
        found: set[str] = set()
        for batch in chunks(keys, IN_CHUNK):
            found.update(self._connection.scalars(select(source).where(in_values(source, batch)).distinct()))
        return found

    def former_names(self, uids: Collection[str]) -> Mapping[str, Mapping[str, Collection[str]]]:
        """CI → attribute → values by which it was once called, in lower case."""
        found: dict[str, dict[str, set[str]]] = {}
        inner = self._reader.inner(uids) if uids and self._merged else {}
        outer = {number: uid for uid, number in inner.items()}
        a = tables.alias.c
        for batch in chunks(outer, IN_CHUNK):
            statement = select(a.record, a.kind, a.value).where(in_values(a.record, batch), a.kind != ID)
            for number, kind, value in self._connection.execute(statement):
                found.setdefault(outer[number], {}).setdefault(alias_attribute(kind), set()).add(value)
        return found

    def by_evidence(self, kind: str, values: Collection[str]) -> Found:
        """Records by evidence kept in their claims."""
        found: dict[str, list[str]] = defaultdict(list)
        for root in filter(self._has_some, ROOTS):
            e, c = tables.evidence.c, root.table.c
            statement = select(e.value, c.uid).join(root.table, c.id == e.ci).where(e.kind == kind, *self._newer(root))
            statement = statement.order_by(c.id)
            for batch in chunks(values, IN_CHUNK):
                for value, uid in self._connection.execute(statement.where(in_values(e.value, batch))):
                    found[value].append(uid)
        return found

    def cis(self, uids: Collection[str]) -> Mapping[str, KnownRecord]:
        """CIs by id."""
        return {uid: KnownRecord(one.cls, one.values) for uid, one in self._reader.by_uid(uids).items()}

    def claims(self, uids: Collection[str]) -> Mapping[str, Said]:
        """All claims about the CIs."""
        return self._reader.said(uids)

    def repeats(self, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Collection[str]:
        """CI → (source key, values), for the CIs of which ``repeated`` is true."""
        found: set[str] = set()
        inner = self._reader.inner(stated)
        outer = {number: uid for uid, number in inner.items()}
        for batch in chunks(outer, IN_CHUNK):
            rows = rows_among(self._connection, (("claim", ""),), "ci, source, said", "ci", batch)
            for number, other, said in rows:
                uid = outer[number]
                source, values = stated[uid]
                if uid not in found and repeated(source, other, values, load(said)["v"]):
                    found.add(uid)
        return found

    def unchanged_records(self, fingerprints: Mapping[str, Set[str]]) -> Mapping[str, UnchangedRecord]:
        """Fingerprint of a row → the CI to which a source gave it, if neither has changed since.

        With a draft none: its rows have no index by which they could be found. They are then compared one by one.
        """
        if self._reader.draft:
            return {}
        found: dict[str, UnchangedRecord] = {}
        several: set[str] = set()
        for root in filter(self._has_some, ROOTS):
            e, c, own = tables.evidence.c, root.table.c, tables.claim.c
            statement = (
                select(e.value, c.uid, c["class"], c.name, own.source, own.said)
                .join_from(tables.evidence, root.table, c.id == e.ci)
                .join(tables.claim, own.ci == c.id)
                .where(e.kind == "row", own.revision >= c.revision)
            )
            for batch in chunks(fingerprints, IN_CHUNK):
                rows = self._connection.execute(statement.where(in_values(e.value, batch))).all()
                for one, uid, cls, name, source, said in rows:
                    stated, rows_of = names_and_evidence(said, "row")
                    if one in rows_of and fingerprints[one] <= stated:
                        known = found.get(one)
                        if known is None:
                            found[one] = UnchangedRecord(uid, cls, name or "", frozenset((source,)))
                        elif known.uid == uid:
                            found[one] = known._replace(sources=known.sources | {source})
                        else:
                            several.add(one)
        for one in several:
            del found[one]
        return found

    def names(self, classes: Sequence[str]) -> Collection[str]:
        """The names of all records of those classes."""
        c = self._root(classes).table.c
        return list(self._connection.execute(select(c.name).where(c["class"].in_(classes)).order_by(c.id)).scalars())

    def written(
        self, classes: Sequence[str], attribute: str, among: Collection[str] | None = None
    ) -> Mapping[str, str]:
        """The values of an attribute that has a column, as written → the id of a record that has it."""
        root = self._root(classes)
        if not self._has_some(root):
            return {}
        c, family = root.table.c, frozenset(classes)
        column = c[attribute]
        statement = select(column, c.uid, c["class"]).where(column.is_not(None)).order_by(c.id.desc())
        if among is None:
            rows = list(self._connection.execute(statement))
        else:
            plain = root.columns.get(attribute) == "nocase" and self._dialect == "sqlite"
            key = column if plain else func.lower(column)
            batches = [statement.where(in_values(key, batch)) for batch in chunks(among, IN_CHUNK)]
            rows = [row for one in batches for row in self._connection.execute(one)]
        return {value: uid for value, uid, cls in rows if cls in family}

    def relationships(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        """(type, source, target) → fields, for every relationship with one of those CIs at either end."""
        kind, t = KIND_TABLES["relationship"], tables.relationship.c
        statement = select(*(t[column] for column in kind.read))
        inner = self._reader.inner(uids)
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        for batch in chunks(inner.values(), IN_CHUNK):
            rows = self._connection.execute(
                statement.where(or_(in_values(t.source, batch), in_values(t.target, batch)))
            ).all()
            found.update(self._reader.decoded("relationship", rows))
        return found  # type: ignore[return-value]

    def memberships(
        self, relationships: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, ...], Mapping[str, Mapping[str, Any]]]:
        """Relationship → the dependency groups that it is in, with the fields of its memberships."""
        among = self._reader.memberships(relationships)
        wanted = [Record("membership", (group, *key)) for key, groups in among.items() for group in groups]
        fields = self._reader.records_of("membership", wanted)
        return {key: {group: fields[group, *key] for group in groups} for key, groups in among.items()}

    def above(self, hierarchy: str, uids: Collection[str]) -> Mapping[str, Collection[str]]:
        """What is directly above those CIs in a hierarchy."""
        return self._reader.above(hierarchy, uids)

    def groups(self, owners: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Dependency groups of those CIs: id → fields."""
        return self._reader.groups_of(owners)

    def installations(self, computers: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """(computer, scope, publisher, product, edition, version) → fields, for the installations on the computers."""
        t, r = tables.installation.c, tables.release.c
        statement = select(
            t.computer, t.scope, r.publisher, r.product, r.edition, r.version,
            t.user, t.stated_by, t.environment, t.installed_on, t.last_used, t.origin,
        ).join_from(tables.installation, tables.release, t.release == r.id)  # fmt: skip
        outer = {number: uid for uid, number in self._reader.inner(computers).items()}
        known: dict[str, list[str]] = {}
        users: dict[int, str] = {}
        found: dict[tuple[str, ...], Mapping[str, Any]] = {}
        for batch in chunks(outer, IN_CHUNK):
            rows = self._connection.execute(statement.where(in_values(t.computer, batch))).all()
            wanted = {row[6] for row in rows if row[6] is not None} - users.keys()
            users.update((number, one[0]) for number, one in self._reader.outer(wanted).items())
            for row in rows:
                fields = {name: value for name, value in zip(_PLAIN, row[8:], strict=True) if value}
                if row[6] is not None:
                    fields["user"] = users[row[6]]
                if row[7] is not None:
                    if row[7] not in known:
                        known[row[7]] = load(row[7])
                    fields["stated_by"] = known[row[7]]
                found[(outer[row[0]], *row[1:6])] = fields
        return found

    def sightings(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], KnownSighting]:
        """(CI, source key, section) → the last sighting."""
        t = tables.sighting.c
        statement = select(t.ci, t.source, t.section, t.observed, t.digest)
        inner = self._reader.inner(uids)
        outer = {i: u for u, i in inner.items()}
        found: dict[tuple[str, str, str], KnownSighting] = {}
        for batch in chunks(outer, IN_CHUNK):
            for row in self._connection.execute(statement.where(in_values(t.ci, batch))):
                found[(outer[row[0]], row[1], row[2])] = KnownSighting(row[3] or "", row[4] or "")
        return found

    def section_rows(
        self, parts: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Any]]]:
        """(record, section, source key) → its rows: key → columns."""
        kind, t = KIND_TABLES["section"], tables.section.c
        wanted = set(parts)
        found: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for batch in chunks(self._reader.inner({part[0] for part in wanted}).values(), IN_CHUNK):
            statement = select(*(t[name] for name in kind.read)).where(
                in_values(t.record, batch), in_values(t.section, sorted({part[1] for part in wanted}))
            )
            rows = self._connection.execute(statement).all()
            for key, fields in self._reader.decoded("section", rows).items():
                if key[:3] in wanted:
                    found[key[:3]][key[3]] = fields  # type: ignore[index]
        return found

    def assignments(self, licences: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """(licence, holder) of those licences → fields."""
        wanted = set(licences)
        return {key: fields for key, fields in self._reader.records("assignment").items() if key[0] in wanted}

    def holder_events(self, uids: Collection[str]) -> Collection[tuple[str, int, str | None]]:
        """(record, time, holder) of the events about who has those records."""
        outer = {number: uid for uid, number in self._reader.inner(uids).items()}
        e = tables.event.c
        statement = select(e.record, e.at, e.after_ref).where(e.field == HOLDER)
        rows: list[Any] = []
        for batch in chunks(outer, IN_CHUNK):
            rows += self._connection.execute(statement.where(in_values(e.record, batch))).all()
        holders = self._reader.outer({row[2] for row in rows if row[2] is not None})
        return {(outer[record], at, holders[after][0] if after in holders else None) for record, at, after in rows}

    def open_decisions(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The open decisions of a kind by id: their fields."""
        return {key: fields for key, fields in open_decisions(self._reader).items() if fields.get("kind") == kind}

    def decisions(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Decisions by id: their fields."""
        found = self._reader.records_of("decision", [Record("decision", (i,)) for i in ids])
        return {key[0]: fields for key, fields in found.items()}


def _written(key: str) -> Iterator[str]:
    """The forms that a key in lower case may have in a database, which makes only the letters A to Z small."""
    upper = [one if one.isascii() or len(one.upper()) > 1 else one.upper() for one in key]
    cases = [tuple(dict.fromkeys(pair)) for pair in zip(key, upper, strict=True)]
    if sum(len(case) > 1 for case in cases) <= _MOST_LETTERS:
        yield from map("".join, product(*cases))
    else:
        begins = [not before.isalnum() for before in (" ", *key[:-1])]
        words = [large if first else small for small, large, first in zip(key, upper, begins, strict=True)]
        yield from (key, "".join(upper), "".join(words))
