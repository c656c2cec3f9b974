"""Records that belong to configuration items: relationships, software, claims, and the other kinds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import Any

from sqlalchemy import FromClause, func, or_, select, true, union_all

from cmdb.model.claims import Statement, order, rule, winner
from cmdb.model.messages import tr
from cmdb.model.name_keys import name_key
from cmdb.model.records import CI, Claim, GroupMembership, Installation, Related, Sighting
from cmdb.model.revision import Content, Record
from cmdb.store.reading import changes
from cmdb.store.reading.closed_work import closed_work, deleted_ends, last_ends
from cmdb.store.reading.hierarchies import HierarchyRows
from cmdb.store.reading.view import CIView
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, REFERENCES, Identities, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS, WORK
from cmdb.store.rows.stored_statements import unpack


class RelationView(CIView):
    """The lists of one moment, and the records that belong to each CI."""

    def relationships(self, uid: str) -> list[Related]:
        """All relationships of a record, with those that reference attributes store; sorted by label and name.

        Closed work goes on naming what was deleted.
        """
        inner = self._inner(uid)
        found: list[tuple[str, bool, int, str, bool]] = []
        stated: dict[tuple[str, bool, int], tuple[str, ...]] = {}
        t = self._moment(tables.relationship, tables.relationship_version)
        columns = (t.c.type, t.c.source, t.c.target, t.c.alone, t.c.stated_by)
        for kind, source, target, alone, sources in self._connection.execute(
            select(*columns).where(or_(t.c.source == inner, t.c.target == inner))
        ):
            inverse = source != inner
            found.append((kind, inverse, source if inverse else target, "", bool(alone)))
            if sources:
                stated[found[-1][:3]] = tuple(load(sources))
        groups = self._groups_of(inner) if found else {}
        found.extend(self._references(inner, uid))
        self._ids.want_outer(f[2] for f in found)
        names = self.names(self._ids.outer[f[2]] for f in found if f[2] in self._ids.outer)
        related = []
        for kind, inverse, other, attribute, alone in found:
            other_uid = self._ids.outer.get(other, "")
            if other_uid not in names:
                continue
            label = self._label(kind, inverse, attribute, names[other_uid][0])
            its = () if attribute else groups.get((kind, inverse, other), ())
            by = () if attribute else stated.get((kind, inverse, other), ())
            related.append(Related(kind, inverse, other_uid, *names[other_uid], attribute, label, its, alone, by))
        for kind in self._kinds_of_work if WORK.first_id <= inner <= WORK.last_id else ():
            for other_uid, cls, name in self.deleted_ends(kind, [inner]).get(inner, ()):
                related.append(Related(kind, False, other_uid, cls, name, "", self._label(kind, False, "", cls)))
        return sorted(related, key=lambda r: (r.label, name_key(r.name), r.uid))

    def work_since(self, number: int) -> int:
        """How many records of work were made in a revision or later, those that are deleted again included."""
        rows = union_all(*(select(t.c.uid, t.c.revision) for t in (WORK.table, WORK.past))).subquery()
        made = select(rows.c.uid).where(rows.c.revision <= self.number).group_by(rows.c.uid)
        first = made.having(func.min(rows.c.revision) >= number).subquery()
        return int(self._connection.execute(select(func.count()).select_from(first)).scalar_one())

    def items_made_since(self, time: str) -> int:
        """How many items revisions of a time or later made, those that are deleted again included."""
        r = tables.revision.c
        found = select(func.min(r.number), func.sum(r.created)).where(r.number <= self.number, r.time >= time)
        number, made = self._connection.execute(found).one()
        return int(made) - self.work_since(number) if made else 0

    def linked(self, kind: str, sources: Collection[int]) -> dict[int, list[int]]:
        """The targets of relationship records of a type, by source, in the order of their inner ids (all ids inner)."""
        t = self._moment(tables.relationship, tables.relationship_version).c
        found: dict[int, list[int]] = {}
        for batch in chunks(list(sources), IN_CHUNK):
            statement = select(t.source, t.target).where(t.type == kind, in_values(t.source, batch))
            for source, target in self._connection.execute(statement.order_by(t.source, t.target)):
                found.setdefault(source, []).append(target)
        return found

    def linked_to(self, kind: str, targets: Collection[int]) -> dict[int, list[int]]:
        """The sources of relationship records of a type, by target, in the order of their inner ids (all ids inner)."""
        t = self._moment(tables.relationship, tables.relationship_version).c
        found: dict[int, list[int]] = {}
        for batch in chunks(list(targets), IN_CHUNK):
            statement = select(t.target, t.source).where(t.type == kind, in_values(t.target, batch))
            for target, source in self._connection.execute(statement.order_by(t.target, t.source)):
                found.setdefault(target, []).append(source)
        return found

    def sources_of(self, kind: str, target: int) -> list[int]:
        """The sources of relationship records of a type that lead to a record, in order (all ids inner)."""
        t = self._moment(tables.relationship, tables.relationship_version).c
        statement = select(t.source).where(t.type == kind, t.target == target).order_by(t.source)
        return list(self._connection.execute(statement).scalars())

    def deleted_ends(self, kind: str, work: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
        """(id, class, name) of the targets of a relationship type that closed work (inner ids) goes on naming.

        They were deleted, and the relationships with them. Those whose history was removed are left out.
        """
        closed = closed_work(self._connection, self.schema, self._source(WORK), work)
        ended = last_ends(self._connection, kind, closed, self.number)
        there = self.outer(target for _, target in ended) if ended else {}
        return deleted_ends(self._connection, {ends: last for ends, last in ended.items() if ends[1] not in there})

    @cached_property
    def _kinds_of_work(self) -> tuple[str, ...]:
        """The relationship types that lead from work."""
        return tuple(
            name
            for name, one in self.schema.relationships.items()
            if any(cls in self.schema.classes and self.schema.root_of(cls) == WORK.name for cls in one.subjects)
        )

    def above(self, hierarchy: str, uids: Iterable[str]) -> dict[str, set[str]]:
        """What is directly above CIs in a hierarchy at present, by attributes and relationships."""
        rows = HierarchyRows(self._connection, self.schema.hierarchies[hierarchy])
        steps = rows.above(self.inner(uids).values())
        self._ids.want_outer({target for targets in steps.values() for target in targets} | steps.keys())
        outer = self._ids.outer
        return {outer[one]: {outer[t] for t in targets if t in outer} for one, targets in steps.items()}

    def _groups_of(
        self, inner: int, kind: str = "", others: Collection[int] | None = None
    ) -> dict[tuple[str, bool, int], tuple[GroupMembership, ...]]:
        """The groups that the relationships of a CI are in: (type, whether it is the object, the other end) → groups.

        All of them, or those of one type with some ``others``.
        """
        m = self._moment(tables.membership, tables.membership_version).c
        g = self._moment(tables.dependency_group, tables.dependency_group_version)
        found: dict[tuple[str, bool, int], list[GroupMembership]] = {}
        for mine, other, inverse in ((m.source, m.target, False), (m.target, m.source, True)):
            statement = select(m.type, other, g.c.uid, g.c.label, g.c.needs).join(g, g.c.uid == m.group_id)
            statement = statement.where(mine == inner)
            if others is not None:
                statement = statement.where(m.type == kind, in_values(other, sorted(others)))
            for name, end, uid, label, needs in self._connection.execute(statement):
                found.setdefault((name, inverse, end), []).append(GroupMembership(uid, label or "", needs or ""))
        return {key: tuple(sorted(its, key=lambda one: (name_key(one.label), one.group))) for key, its in found.items()}

    def _label(self, kind: str, inverse: bool, attribute: str, cls: str) -> str:
        if kind in self.schema.relationships:
            found = self.schema.relationships[kind]
            return found.inverse if inverse and not found.symmetric else found.label
        if not attribute:
            return kind  # a type that was removed from the schema
        label = self._attribute_label(attribute)
        return tr("{attribute} of", attribute=label) if inverse else label

    def _attribute_label(self, name: str) -> str:
        """The label of an attribute of any root."""
        roots = (root.name for root in self._roots)
        found = (attributes[name] for root in roots if name in (attributes := self.schema.all_attributes(root)))
        return next((attribute.label for attribute in found), name)

    def _references(self, inner: int, uid: str) -> Iterator[tuple[str, bool, int, str, bool]]:
        """Reference attributes as relationships, both from this CI and to it."""
        own = self.get(uid)
        types = self.schema.reference_types(own.cls)
        kinds = self.schema.cls(own.cls).attributes
        targets = [(a, str(own.values[a])) for a in own.values if a in kinds and kinds[a].type == "reference"]
        self._ids.want_inner(t for _, t in targets)
        for attribute, target in targets:
            if target in self._ids.inner:
                yield types.get(attribute, ""), False, self._ids.inner[target], attribute, True
        c = self._ci.c
        of_class = self.schema.reference_types
        # One query per attribute uses its index. Superseded rows have no index, so one query reads the past for all
        # attributes.
        together = [REFERENCES] if self._at is not None else [(name,) for name in REFERENCES]
        for names in together:
            statement = select(c.id, c["class"], *(c[n] for n in names)).where(or_(*(c[n] == inner for n in names)))
            for source, cls, *targets_of in self._connection.execute(statement):
                for name, target_of in zip(names, targets_of, strict=True):
                    if target_of == inner:
                        yield of_class(cls).get(name, ""), True, source, name, True
        w = self._sources[WORK.name].c
        work = select(w.id, w["class"], *(w[n] for n in WORK.references))
        for source, cls, *targets_of in self._connection.execute(
            work.where(or_(*(w[n] == inner for n in WORK.references)))
        ):
            for name, target_of in zip(WORK.references, targets_of, strict=True):
                if target_of == inner:
                    yield of_class(cls).get(name, ""), True, source, name, True
        for source, cls, name in self._extra_references(inner, uid):
            yield of_class(cls).get(name, ""), True, source, name, True

    def _extra_references(self, inner: int, uid: str) -> Iterator[tuple[int, str, str]]:
        """CIs that refer to this one by an attribute of the JSON column: inner id, class, attribute."""
        c, e = self._ci.c, tables.extra_reference.c
        if self._at is None:
            statement = select(e.ci, c["class"], e.attribute).join(self._ci, c.id == e.ci).where(e.target == inner)
            yield from (tuple(row) for row in self._connection.execute(statement))
            return
        for source, cls, extra in self._connection.execute(
            select(c.id, c["class"], c.extra).where(c.extra.contains(uid))
        ):
            names = [n for n, v in load(extra).items() if v == uid and n in self._codec.extra_references]
            yield from ((source, cls, name) for name in names)

    def installations(self, uid: str) -> list[Installation]:
        """The software of a computer, by product and version."""
        return sorted(self.installed_on([uid]), key=lambda i: (i.product.casefold(), i.version, i.scope))

    def installed_on(self, computers: Iterable[str]) -> Iterator[Installation]:
        """The software of several computers, in no particular order."""
        for batch in chunks(self.inner(computers).values(), IN_CHUNK):
            yield from self._installations(partial(_on_computers, batch))

    def all_installations(self, product: str = "") -> Iterator[Installation]:
        """Every installation, or those of one product (exact, case-insensitive)."""
        wanted = func.lower(tables.release.c.product) == product.lower()
        return self._installations(lambda _: wanted if product else true())

    def _installations(self, condition: Callable[[FromClause], Any]) -> Iterator[Installation]:
        t = self._moment(tables.installation, tables.installation_version)
        r = tables.release.c
        statement = select(
            t.c.computer, r.publisher, r.product, r.edition, r.version, t.c.scope, t.c.user, t.c.environment,
            t.c.installed_on, t.c.last_used, t.c.origin, t.c.stated_by,
        ).join_from(t, tables.release, t.c.release == r.id).where(condition(t))  # fmt: skip
        known: dict[str | None, tuple[str, ...]] = {None: ()}
        for batch in self._connection.execute(statement, execution_options={"yield_per": 5_000}).partitions():
            self._ids.want_outer({r[0] for r in batch} | {r[6] for r in batch if r[6] is not None})
            outer = self._ids.outer
            for row in batch:
                if (by := known.get(row[11])) is None:
                    by = known[row[11]] = tuple(load(row[11]))
                rest: list[Any] = [*(v or "" for v in row[7:11]), by]
                yield Installation(outer[row[0]], *row[1:6], outer.get(row[6], ""), *rest)

    def releases(self) -> list[tuple[str, str, str, str, int]]:
        """(publisher, product, edition, version, computers) of everything installed, by product."""
        t = self._moment(tables.installation, tables.installation_version)
        r = tables.release.c
        statement = select(r.publisher, r.product, r.edition, r.version, func.count(t.c.computer.distinct()))
        statement = statement.join_from(t, tables.release, t.c.release == r.id).group_by(r.id)
        # Sorted here: databases order texts differently.
        return sorted((tuple(row) for row in self._connection.execute(statement)), key=_by_product)

    def claims(self, uid: str) -> dict[str, list[Claim]]:
        """Attribute → the claims of the sources, the winning one first; without what names records that are gone.

        Raises NotFound.
        """
        return self.claims_of(self.get(uid))

    def claims_of(self, own: CI) -> dict[str, list[Claim]]:
        """The same for a CI that was read already."""
        return self.claims_and_names(own)[0]

    def claims_and_names(self, own: CI) -> tuple[dict[str, list[Claim]], dict[str, tuple[str, str]]]:
        """The claims about a CI that was read already, and id → (class, name) of the records that they name."""
        self._ids.add(own.uid, own.id)
        said = self.said([own.uid])[own.uid]
        attributes = self.schema.cls(own.cls).attributes
        references = {name for name, attribute in attributes.items() if attribute.type == "reference"}
        named = {str(pairs[name][0]) for pairs in said.values() for name in references & pairs.keys()}
        there = self.names(named) if named else {}
        found: dict[str, list[Claim]] = {}
        for name in attributes:
            claims = {source: pairs[name] for source, pairs in said.items() if name in pairs}
            if name in references:
                # What is over goes on naming what was deleted; nothing else does.
                there_or_shown = {None, own.values.get(name), *there}
                claims = {s: pair for s, pair in claims.items() if pair[0] in there_or_shown}
            if claims:
                why = rule(self.schema, own.cls, name, claims)
                ranked = order(self.schema, own.cls, name, claims)
                wins = winner(self.schema, own.cls, name, claims)
                found[name] = [Claim(s, claims[s][0], str(claims[s][1]), s == wins, why) for s in ranked]
        return found, there

    def said(self, uids: Iterable[str]) -> dict[str, dict[str, dict[str, Statement]]]:
        """CI id → source key → attribute → [value, observed]."""
        wanted = list(uids)
        self._ids.want_inner(wanted)
        t = self._moment(tables.claim, tables.claim_version)
        statement = select(t.c.ci, t.c.source, t.c.said)
        found: dict[str, dict[str, dict[str, Statement]]] = {uid: {} for uid in wanted}
        for batch in chunks([self._ids.inner[u] for u in wanted if u in self._ids.inner], IN_CHUNK):
            for inner, source, text in self._connection.execute(statement.where(in_values(t.c.ci, batch))).all():
                own: Any = unpack(text)
                found[self._ids.outer[inner]][source] = own
        return found

    def sightings(self, uid: str) -> list[Sighting]:
        """The sightings of a CI, the latest first: section, source and time."""
        t = self._moment(tables.sighting, tables.sighting_version)
        statement = select(t.c.source, t.c.section, t.c.observed).where(t.c.ci == self._inner(uid))
        return sorted(
            (Sighting(*row) for row in self._connection.execute(statement)), key=lambda s: s.observed, reverse=True
        )

    def sighted(self, section: str) -> dict[str, str]:
        """CI id → the time at which any source last inspected a section of it."""
        t = self._moment(tables.sighting, tables.sighting_version)
        rows = self._connection.execute(
            select(t.c.ci, func.max(t.c.observed)).where(t.c.section == section).group_by(t.c.ci)
        ).all()
        self._ids.want_outer(r[0] for r in rows)
        return {self._ids.outer[r[0]]: r[1] for r in rows}

    def assignments(self) -> list[tuple[str, str, str]]:
        """(licence, holder, since) of every assignment; the first two are ids."""
        return [(k[0], k[1], str(f.get("since", ""))) for k, f in sorted(self.records("assignment").items())]

    def records(self, kind: str) -> dict[tuple[str, ...], dict[str, Content]]:
        """All records of a small kind: key → fields."""
        found = KIND_TABLES[kind]
        t = self._moment(found.table, found.past)
        if found.document:
            statement = select(t.c.uid, t.c.body).where(t.c.kind == kind).order_by(t.c.uid)
            return {(uid,): load(body) for uid, body in self._connection.execute(statement)}
        rows = self._connection.execute(select(*(t.c[c] for c in found.read))).all()
        return self.decoded(kind, rows)

    def groups_of(self, owners: Iterable[str]) -> dict[str, dict[str, Content]]:
        """The dependency groups of CIs: id → fields."""
        found = KIND_TABLES["group"]
        t = self._moment(found.table, found.past)
        statement = select(*(t.c[c] for c in found.read))
        groups: dict[str, dict[str, Content]] = {}
        for batch in chunks(self.inner(owners).values(), IN_CHUNK):
            rows = self._connection.execute(statement.where(in_values(t.c.owner, batch))).all()
            groups.update({key[0]: fields for key, fields in self.decoded("group", rows).items()})
        return groups

    def inner(self, uids: Iterable[str]) -> dict[str, int]:
        """Id → inner id, for the graph."""
        wanted = list(uids)
        self._ids.want_inner(wanted)
        return {u: self._ids.inner[u] for u in wanted if u in self._ids.inner}

    def last_names(self, uids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Id → (class, name). For a CI that is deleted at this moment its last name, if that is kept."""
        wanted = set(uids)
        found = self.names(wanted)
        for root in self._until(lambda: found.keys() >= wanted):
            v = root.past.c
            for batch in chunks(wanted - found.keys(), IN_CHUNK):
                statement = select(v.uid, v["class"], v.name).where(in_values(v.uid, batch), v.revision <= self.number)
                rows = self._connection.execute(statement.order_by(v.revision)).all()
                found.update((row[0], (row[1], row[2] or "")) for row in rows)
        return found

    def outer(self, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """Inner id → (id, class, name)."""
        wanted = set(ids)
        found: dict[int, tuple[str, str, str]] = {}
        for root in ROOTS:
            c = self._source(root).c
            statement = select(c.id, c.uid, c["class"], c.name)
            for batch in chunks([one for one in wanted if root.first_id <= one <= root.last_id], IN_CHUNK):
                rows = self._connection.execute(statement.where(in_values(c.id, batch))).all()
                found.update((r[0], (r[1], r[2], r[3])) for r in rows)
        return found

    def forget(self) -> None:
        """Clears the cache of ids, to save memory while all records are read."""
        self._ids.inner.clear()
        self._ids.outer.clear()

    def _inner(self, uid: str) -> int:
        self._ids.want_inner([uid])
        if uid not in self._ids.inner:
            raise self._gone(uid)
        return self._ids.inner[uid]

    def decoded(self, kind: str, rows: Sequence[Sequence[object]]) -> dict[tuple[str, ...], dict[str, Content]]:
        """Rows of a kind's key parts and fields, as key → fields with ids outside."""
        return KindRows(self._connection, self._ids_of(kind)).of(KIND_TABLES[kind], rows)

    def records_of(self, kind: str, wanted: Iterable[Record]) -> dict[tuple[str, ...], dict[str, Content]]:
        """The existing records of a kind: key → fields."""
        return changes.records_of(self._connection, KIND_TABLES[kind], {r.key for r in wanted}, self._ids_of(kind))

    def _ids_of(self, kind: str) -> Identities:
        """The ids for a kind: also those of deleted records where it goes on naming them."""
        return Identities(self._connection, ever=True) if KIND_TABLES[kind].lasting else self._ids

    def members(self, groups: Iterable[str]) -> set[tuple[str, ...]]:
        """The keys of the present memberships of dependency groups."""
        return changes.members(self._connection, set(groups), self._ids)

    def memberships(self, relationships: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
        """Relationship (type, source, target) → the dependency groups that it is in at present."""
        return changes.memberships(self._connection, set(relationships), self._ids)

    def touched_since(self, uids: Iterable[str], number: int) -> set[str]:
        """The CIs that were edited, linked or referred to after a revision."""
        return changes.touched(self._connection, self._ids, set(uids), number)


def _by_product(release: tuple[str | None, str | None, str | None, str | None, int]) -> tuple[str, ...]:
    publisher, product, edition, version, _ = release
    return product or "", version or "", publisher or "", edition or ""


def _on_computers(ids: Sequence[int], installations: FromClause) -> Any:
    return in_values(installations.c.computer, ids)
