"""Merging: several records turn out to be one thing. All that is said of them, and names them, becomes the kept one's.

What the kept record is called and identified by stays, and so does what people said of it. Of other sources the later
observation of each attribute stays; the kept record's where both are of the same time. What identified a merged record
(its id, tag, name, serial number, …) stays as a former name, by which people, imports and scans find the kept one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cmdb.model.audits import AUDIT
from cmdb.model.claims import PERSON, STATED_BY, Statement, also_stated_by, effective
from cmdb.model.errors import InvalidValue
from cmdb.model.guards import UntouchedGuard
from cmdb.model.messages import Message, counted
from cmdb.model.record_aliases import ID, aliases_of, folded
from cmdb.model.records import CI
from cmdb.model.revision import SECTION_NOW, Content, Edit, Record, Revision, ci
from cmdb.model.schema import Schema
from cmdb.reconciliation.asked_values import KEPT, WAITING, about_record
from cmdb.register.edits import each
from cmdb.store.reading.naming import documents_naming, naming, referring
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import EVIDENCE, KIND_TABLES, RecordKind, dump, load

MOST = 50
"""So many records are merged into another one at most: more are chosen by mistake."""
Said = Mapping[str, Mapping[str, Statement]]
"""What is said of one record: source key → attribute → [value, observed]."""

_OF_WORK = ("number", "state", "opened", "closed", "reason")
"""What a record of work keeps of its own: its number, and how far it is."""


def merge(reader: Reader, uids: Sequence[str], into: str, author: str, reason: Message | str = "") -> Revision:
    """The revision that makes one record of several: the others go into the kept one, ``into``.

    Raises InvalidValue where they cannot be one thing, or there is nothing to merge; NotFound.
    """
    kept, others = mergeable(reader, uids, into)
    guards = tuple(UntouchedGuard(one.uid) for one in (kept, *others))
    edits = list(_Merge(reader, kept, others).edits())
    reason = reason or merged_text(others, kept)
    return Revision(edits, author, reason=reason, guards=guards, decided_at=reader.number)


def mergeable(reader: Reader, uids: Sequence[str], into: str) -> tuple[CI, list[CI]]:
    """The record that is kept, and those that go into it. Raises InvalidValue where they cannot; NotFound."""
    (kept,) = each(reader, [into])
    others = [one for one in each(reader, uids) if one.uid != into]
    if not others:
        raise InvalidValue(
            Message("All that you chose is {name} already: a record can't be merged into itself.", name=kept.name)
        )
    if len(others) > MOST:
        raise InvalidValue(Message("Merge at most {number} records at once: those that are one thing.", number=MOST))
    for one in others:
        if why := cannot_merge(reader.schema, one, kept):
            raise InvalidValue(why)
    return kept, others


def merged_text(others: Sequence[CI], kept: CI) -> Message:
    """What a merge is called in the journal."""
    if len(others) == 1:
        return Message("{name} merged into {into}", name=others[0].name, into=kept.name)
    return counted(
        "{count} record merged into {into}", "{count} records merged into {into}", len(others), into=kept.name
    )


def cannot_merge(schema: Schema, one: CI, kept: CI) -> Message | None:
    """Why two records cannot be one thing, as a sentence; None where they can."""
    if schema.is_a(one.cls, AUDIT) and schema.is_a(kept.cls, AUDIT):
        return Message("{name} and {into} are audits: each looked at its own time.", name=one.name, into=kept.name)
    if schema.kin(one.cls) == schema.kin(kept.cls):
        return None
    return Message(
        "{name} is of class {cls}, {into} of class {other}: they can't be one thing.",
        name=one.name, cls=schema.cls(one.cls).label, into=kept.name, other=schema.cls(kept.cls).label,
    )  # fmt: skip


def said_together(
    schema: Schema, kept: CI, others: Sequence[CI], said: Mapping[str, Said]
) -> dict[str, dict[str, Statement]]:
    """What is said of the kept record after a merge. ``said``: of each record."""
    merged = {one.uid for one in (kept, *others)}
    references = schema.reference_names
    own_only = {a.name for a in schema.cls(kept.cls).attributes.values() if a.identifying or a.name == "name"}
    own_only &= kept.values.keys()
    if schema.cls(kept.cls).transitions or schema.cls(kept.cls).prefix:
        own_only.update(_OF_WORK)
    found: dict[str, dict[str, Statement]] = {}
    for uid in (kept.uid, *(one.uid for one in others)):
        for source, own in said[uid].items():
            into = found.setdefault(source, {})
            for name, pair in own.items():
                if name in references and pair[0] in merged:
                    continue  # It would refer to itself.
                if uid != kept.uid and name in own_only:
                    continue
                if source != PERSON or name not in into or name.startswith(EVIDENCE):
                    into[name] = _later(name, into.get(name), pair)
    return {source: own for source, own in found.items() if own}


def _later(name: str, present: Statement | None, other: Statement) -> Statement:
    """Of two statements of a source about an attribute the later one, the first of two of one time; all evidence."""
    if present is None:
        return list(other)
    if not name.startswith(EVIDENCE):
        return list(other if str(other[1]) > str(present[1]) else present)
    lists: list[Any] = [pair[0] or () for pair in (present, other)]
    values = sorted({value for one in lists for value in one})
    both: Any = values[-1:] if name == f"{EVIDENCE}boot" else values
    return [both, max(str(present[1]), str(other[1]))]


class _Merge:
    """The edits of one merge."""

    def __init__(self, reader: Reader, kept: CI, others: Sequence[CI]) -> None:
        self.reader = reader
        self.schema = reader.schema
        self.kept = kept
        self.others = others
        self.gone = [one.uid for one in others]
        self._goes = frozenset(self.gone)

    def edits(self) -> Iterator[Edit]:
        """All edits; the records that are merged are deleted last."""
        yield from self._claims()
        yield from self._references()
        for kind in KIND_TABLES.values():
            if not kind.document:
                yield from self._records(kind)
        for (_, section, source), (observed, rows) in self.reader.latest_values(self.gone).items():
            record = Record(SECTION_NOW, (self.kept.uid, section, source))
            yield Edit(record, "", None, {"observed": observed, "rows": rows})
        yield from self._documents()
        for one in self.others:
            yield Edit(ci(one.uid), "", {"class": one.cls, **one.values}, None)

    # -- what is said -----------------------------------------------------------------------------------------------

    def _claims(self) -> Iterator[Edit]:
        """Moves what is said of the others to the kept record, and gives it their names as former ones."""
        said = self.reader.said([self.kept.uid, *self.gone])
        own = said[self.kept.uid]
        together = said_together(self.schema, self.kept, self.others, said)
        for source in dict.fromkeys((*own, *together)):
            record = Record("claim", (self.kept.uid, source))
            before, after = own.get(source, {}), together.get(source, {})
            for name in dict.fromkeys((*before, *after)):
                old, new = before.get(name), after.get(name)
                if (old and list(old)) != (new and list(new)):
                    yield Edit(record, name, old and list(old), new and list(new))
        yield from self._aliases(effective(self.schema, self.kept.cls, together))

    def _aliases(self, values: Mapping[str, Any]) -> Iterator[Edit]:
        """The former names of the kept record: what its values do not hold any more, and the ids of the others."""
        held = {(kind, value) for kind, value, _ in aliases_of(self.schema, self.kept.cls, values)}
        held |= {(kind, value) for kind, value, _ in naming(self.reader, "alias", self.gone)}  # They are moved.
        found: dict[tuple[str, str], str] = {}
        for one in (self.kept, *self.others):
            if one is not self.kept:
                found[ID, folded(one.uid)] = one.uid
            for kind, value, spelling in aliases_of(self.schema, one.cls, one.values):
                if (kind, value) not in held:
                    found.setdefault((kind, value), spelling)
        records = {Record("alias", (kind, value, self.kept.uid)): how for (kind, value), how in found.items()}
        present = self.reader.records_of("alias", records)
        for record, spelling in records.items():
            if record.key not in present:
                yield Edit(record, "", None, {"spelling": spelling})

    def _references(self) -> Iterator[Edit]:
        """What any source says of other records, where it names one that is merged."""
        names = self.schema.reference_names
        found = sorted(referring(self.reader, self.gone) - self._goes - {self.kept.uid})
        for uid, said in self.reader.said(found).items():
            for source, own in said.items():
                for name in sorted(names & own.keys()):
                    value, observed = own[name]
                    if value in self._goes:
                        record = Record("claim", (uid, source))
                        yield Edit(record, name, [value, observed], [self.kept.uid, observed])

    # -- records of the other kinds ---------------------------------------------------------------------------------

    def _records(self, kind: RecordKind) -> Iterator[Edit]:
        """Moves the records of a kind. Those that would be there twice become one; one that names itself twice goes."""
        moving = naming(self.reader, kind.name, self.gone)
        targets = {key: self._moved(kind, key) for key in moving}
        there = dict(self.reader.records_of(kind.name, {Record(kind.name, to) for to in targets.values() if to}))
        made: dict[tuple[str, ...], dict[str, Any]] = {}
        for key, fields in sorted(moving.items()):
            to, after = targets[key], self._with_references(kind, fields)
            if to == key:
                record = Record(kind.name, key)
                yield from (
                    Edit(record, name, fields[name], after[name]) for name in fields if fields[name] != after[name]
                )
                continue
            yield Edit(Record(kind.name, key), "", dict(fields), None)
            if to is not None:
                present = made.get(to, there.get(to))
                made[to] = after if present is None else melted(kind.name, present, after)
        for to, after in made.items():
            record, before = Record(kind.name, to), there.get(to)
            if before is None:
                yield Edit(record, "", None, after)
                continue
            for name in dict.fromkeys((*before, *after)):
                if before.get(name) != after.get(name):
                    yield Edit(record, name, before.get(name), after.get(name))

    def _moved(self, kind: RecordKind, key: tuple[str, ...]) -> tuple[str, ...] | None:
        """The key with the kept record in it; None where both ends of a relationship would be that record."""
        places = [place for place, (_, refers) in enumerate(kind.parts) if refers]
        moved = [self._kept(part) if place in places else part for place, part in enumerate(key)]
        ends = [moved[place] for place in places]
        if len(ends) > 1 and len(set(ends)) == 1:
            return None
        if kind.name in ("relationship", "membership"):
            found = self.schema.relationships.get(moved[-3])
            if found is not None and found.symmetric:
                moved[-2:] = sorted(moved[-2:])
        return tuple(moved)

    def _with_references(self, kind: RecordKind, fields: Mapping[str, Any]) -> dict[str, Any]:
        held = kind.fields
        return {n: self._kept(value) if n in held and held[n].refers else value for n, value in fields.items()}

    def _kept(self, uid: str) -> str:
        return self.kept.uid if uid in self._goes else uid

    def _documents(self) -> Iterator[Edit]:
        """Decisions about the records, views that name them, and the like."""
        waiting: dict[Record, Mapping[str, Any]] = {}
        for record, fields in documents_naming(self.reader, self.gone):
            if fields.get("kind") in WAITING and fields.get("record") in self._goes:
                waiting[record] = fields
                continue
            for name, value in fields.items():
                after = _without_doubles(load(self._renamed(dump(value).decode())))
                if after != value:
                    yield Edit(record, name, value, after)
        yield from self._questions(waiting)

    def _questions(self, waiting: Mapping[Record, Mapping[str, Any]]) -> Iterator[Edit]:
        """What waits, and what was refused, of the merged records becomes the kept one's: it is not asked anew.

        Questions about one thing become one, with all that was refused; it says what waits of the kept record.
        """
        about = {one: Record("decision", (about_record(its, self.kept.uid),)) for one, its in waiting.items()}
        present = self.reader.records_of("decision", set(about.values()))
        found: dict[Record, dict[str, Any]] = {}
        for record, fields in waiting.items():
            yield Edit(record, "", dict(fields), None)
            to = about[record]
            if to not in found:
                there = present.get(to.key)
                found[to] = dict(there or load(self._renamed(dump(dict(fields)).decode())))
                if there is None:
                    continue
            own = list(found[to].get(KEPT) or ())
            found[to][KEPT] = [*own, *(one for one in fields.get(KEPT) or () if one not in own)]
        for to, after in found.items():
            before = present.get(to.key)
            if before is None:
                yield Edit(to, "", None, after)
            elif (before.get(KEPT) or []) != after[KEPT]:
                yield Edit(to, KEPT, before.get(KEPT), after[KEPT])

    def _renamed(self, text: str) -> str:
        for uid in self.gone:
            text = text.replace(uid, self.kept.uid)
        return text


def melted(kind: str, present: Mapping[str, Content], other: Mapping[str, Content]) -> dict[str, Content]:
    """The fields of two records that become one: those of the present one, and what only the other has.

    Notes of both are kept; a relationship stands alone if one of them does; of two sightings the later one counts.
    """
    found = {**other, **present}
    if kind == "sighting":
        if str(other.get("observed", "")) > str(present.get("observed", "")):
            found = {**present, **other}
        if present.get("digest") != other.get("digest"):
            found.pop("digest", None)  # The section has the rows of both.
    if kind == "relationship":
        notes = dict.fromkeys(str(note) for one in (present, other) if (note := one.get("note")))
        if notes:
            found["note"] = "; ".join(notes)
        if present.get("alone") is not False or other.get("alone") is not False:
            found.pop("alone", None)
    if STATED_BY in found:
        stated: Any = present.get(STATED_BY)  # Without it a person made the record by hand, and that stays so.
        sources: Any = other.get(STATED_BY) or [PERSON]
        found[STATED_BY] = also_stated_by(stated, sources) or stated
        if stated is None:
            del found[STATED_BY]
    return found


def _without_doubles(value: Any) -> Any:
    """A list of candidates, each record once."""
    if not (isinstance(value, list) and all(isinstance(one, dict) and "uid" in one for one in value)):
        return value
    found: dict[Any, Any] = {}
    for number, one in enumerate(value):
        found.setdefault(one["uid"] or number, one)
    return list(found.values())
