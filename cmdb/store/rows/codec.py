"""Converts rows to values and back: CIs, claims, and the other record kinds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, Table

from cmdb.model.claims import STATED_BY
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.model.money import scaled, unscaled
from cmdb.model.name_keys import name_key
from cmdb.model.revision import KINDS
from cmdb.model.schema import Schema
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.in_values import rows_among
from cmdb.store.rows.roots import CI, ROOTS, Root

T = TypeVar("T")

Said = dict[str, dict[str, list[Any]]]
"""The statements about one CI: source key → attribute → [value, observed]."""

EVIDENCE = "evidence."
"""The prefix of claims that identify a CI and are not attributes: ``evidence.mac``."""

IN_CHUNK = 4000
"""The number of records that one query asks for."""

#: Attributes of CIs whose typed column holds the inner id of a record.
REFERENCES = CI.references

NO_DATE = "9999-12-31"
"""What is due on no day is sorted after all that is."""

dump = msgspec.json.Encoder(order=None, decimal_format="number").encode
load = msgspec.json.Decoder(float_hook=Decimal).decode
dump_sorted = msgspec.json.Encoder(order="sorted", decimal_format="number").encode
"""As ``dump``, with the keys in order: what stands in a column is then what the hash chain is over."""


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch


_AS_IT_IS = ("text", "number")
"""The forms of fields whose column holds the value itself."""


class KindField(NamedTuple):
    """Where a field of a record kind is stored. ``form``: text, number (a whole one), record (a record's inner id),
    json, or flag.

    A flag is true unless the field says False, so that it is named only where it is not.
    """

    column: str
    form: str = "text"

    @property
    def refers(self) -> bool:
        """Whether it names a record."""
        return self.form == "record"

    def encode(self, value: Any, inner: Mapping[str, int]) -> Any:
        """What the column holds for a value of the field; None: no value."""
        if self.form == "flag":
            return int(value is not False)
        if value is None or self.form in _AS_IT_IS:
            return value
        return inner[value] if self.form == "record" else dump_sorted(value).decode()

    def decode(self, held: Any, outer: Mapping[int, str]) -> Any:
        """The value of the field that the column holds; None: no value."""
        if self.form == "flag":
            return None if held else False
        if held is None or self.form in _AS_IT_IS:
            return held
        return outer.get(held) if self.form == "record" else load(held)


_BARE: dict[str, tuple[Any, ...]] = {}
"""Kind → the columns of a record without fields, as most relationships are."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How a record kind other than CI and claim is stored. ``parts``: key part → (column, is a record's inner id)."""

    name: str
    table: Table
    past: Table
    parts: tuple[tuple[str, bool], ...]
    fields: Mapping[str, KindField]
    """Field → where it is stored. Empty where all fields are in one JSON text: of a document, or an interned body."""
    lasting: bool = False
    """Whether its records stay when an item that they name is deleted, and go on naming it."""
    owner: str = ""
    """The field that names the item to which its records belong: they go with it. "" where the key says it, or none."""
    part_of: str = ""
    """The part of the key that is the id of the record to which its records belong: they go with it. "" where a number
    says it, or none.
    """

    @property
    def cleared(self) -> tuple[str, ...]:
        """The fields that name another item than the owner: they are cleared with it, and the record stays."""
        if self.lasting:
            return ()
        return tuple(name for name, one in self.fields.items() if one.refers and name != self.owner)

    @property
    def document(self) -> bool:
        """Whether all fields are stored in one JSON body."""
        return self.table is tables.document

    @property
    def interned(self) -> bool:
        """Whether all fields are stored in one JSON text that records with the same fields share."""
        return self.table is tables.section

    @property
    def open(self) -> bool:
        """Whether its fields are not those of ``fields``."""
        return self.document or self.interned

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for the fields."""
        return ("body",) if self.open else tuple(one.column for one in self.fields.values())

    @property
    def read(self) -> tuple[str, ...]:
        """The columns of a row: the parts of the key, and those of the fields. The table begins with them."""
        return (*(part for part, _ in self.parts), *self.columns)

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that are written for the fields: those that are read, and what follows from them."""
        return ("body", "owner", "state") if self.document else self.columns

    @property
    def refers(self) -> tuple[bool, ...]:
        """Of each of ``columns``, whether it holds a record's inner id."""
        return (False,) if self.open else tuple(one.refers for one in self.fields.values())

    def encode(self, fields: Mapping[str, Any], inner: Mapping[str, int]) -> tuple[Any, ...]:
        """The values of the columns that are ``written``; the text of an interned body in place of its number.

        ``inner`` knows every record that the fields name.
        """
        if self.interned:
            return (dump_sorted(dict(fields)).decode(),)
        if not fields and self.name in _BARE:
            return _BARE[self.name]
        if self.document:
            owner, state = (value if isinstance(value := fields.get(n), str) else None for n in ("owner", "state"))
            return (dump_sorted(dict(fields)).decode(), owner, state)
        return tuple(one.encode(fields.get(name), inner) for name, one in self.fields.items())

    def decode(self, held: Sequence[Any], outer: Mapping[int, str]) -> dict[str, Any]:
        """The fields that a row of ``columns`` holds, or the text of its body. ``outer`` knows every record that it
        names.
        """
        if self.open:
            body: dict[str, Any] = load(held[0])
            return body
        pairs = zip(self.fields.items(), held, strict=True)
        found = ((name, one.decode(value, outer)) for (name, one), value in pairs)
        return {name: value for name, value in found if value is not None}


_DOCUMENTS = (
    "decision", "saved_view", "mapping", "lock", "snapshot", "schema_entry", "baseline", "retention",
    "setting", "checkpoint", "migration", "recognition", "end_of_life", "pack",
)  # fmt: skip
OWNED_DOCUMENTS = ("comment", "watch")
"""The kinds of documents that belong to one record, by the id in their field "owner": they go with it."""
TOLD_DOCUMENTS = ("comment",)
"""Those of them that are told in the record's history; who watches it is no change of it."""
_STATED = {STATED_BY: KindField(STATED_BY, "json")}

KIND_TABLES: dict[str, RecordKind] = {
    "relationship": RecordKind(
        "relationship", tables.relationship, tables.relationship_version,
        (("type", False), ("source", True), ("target", True)),
        {"note": KindField("note"), "alone": KindField("alone", "flag"), **_STATED},
    ),
    "membership": RecordKind(
        "membership", tables.membership, tables.membership_version,
        (("group_id", False), ("type", False), ("source", True), ("target", True)), _STATED,
    ),
    "group": RecordKind(
        "group", tables.dependency_group, tables.dependency_group_version, (("uid", False),),
        {
            "owner": KindField("owner", "record"), "label": KindField("label"), "needs": KindField("needs"),
            "strength": KindField("strength"), **_STATED,
        },
        owner="owner",
    ),
    "installation": RecordKind(
        "installation", tables.installation, tables.installation_version,
        (("computer", True), ("release", False), ("scope", False)),
        {
            "user": KindField("user", "record"), "environment": KindField("environment"),
            "installed_on": KindField("installed_on"), "last_used": KindField("last_used"),
            "origin": KindField("origin"), **_STATED,
        },
    ),
    "sighting": RecordKind(
        "sighting", tables.sighting, tables.sighting_version, (("ci", True), ("source", False), ("section", False)),
        {"observed": KindField("observed"), "digest": KindField("digest")},
    ),
    "assignment": RecordKind(
        "assignment", tables.assignment, tables.assignment_version, (("licence", True), ("holder", True)),
        {"since": KindField("since"), **_STATED},
    ),
    "alias": RecordKind(
        "alias", tables.alias, tables.alias_version, (("kind", False), ("value", False), ("record", True)),
        {"spelling": KindField("spelling")},
    ),
    "section": RecordKind(
        "section", tables.section, tables.section_version,
        (("record", True), ("section", False), ("source", False), ("row_key", False)), {},
    ),
    "event": RecordKind(
        "event", tables.event, tables.event_version, (("uid", False),),
        {
            "record": KindField("record", "record"), "at": KindField("at", "number"), "what": KindField("what"),
            "field": KindField("field"), "before": KindField("before", "json"), "after": KindField("after", "json"),
            "before_ref": KindField("before_ref", "record"), "after_ref": KindField("after_ref", "record"),
        },
        lasting=True,
    ),
    "reservation": RecordKind(
        "reservation", tables.reservation, tables.reservation_version, (("uid", False),),
        {
            "subject": KindField("subject", "record"), "from": KindField("from"), "until": KindField("until"),
            "quantity": KindField("quantity", "number"), "by": KindField("by", "record"),
            "extra": KindField("extra", "json"),
        },
        owner="subject",
    ),
    "result": RecordKind(
        "result", tables.result, tables.result_version, (("audit", False), ("code", False)),
        {
            "record": KindField("record", "record"), "found": KindField("found"), "at": KindField("at", "number"),
            "extra": KindField("extra", "json"),
        },
        lasting=True, part_of="audit",
    ),
    "attachment": RecordKind(
        "attachment", tables.attachment, tables.attachment_version, (("uid", False),),
        {
            "record": KindField("record", "record"), "name": KindField("name"), "type": KindField("type"),
            "size": KindField("size", "number"), "sha256": KindField("sha256"), "about": KindField("about"),
        },
        owner="record",
    ),
    "draft": RecordKind(
        "draft", tables.draft, tables.draft_version, (("uid", False),),
        {
            "name": KindField("name"), "author": KindField("author"), "base": KindField("base", "number"),
            "state": KindField("state"), "extra": KindField("extra", "json"),
        },
    ),
    **{
        name: RecordKind(name, tables.document, tables.document_version, (("kind", False), ("uid", False)), {})
        for name in _DOCUMENTS
    },
    **{
        name: RecordKind(
            name, tables.document, tables.document_version, (("kind", False), ("uid", False)), {}, owner="owner"
        )
        for name in OWNED_DOCUMENTS
    },
}  # fmt: skip
assert set(KIND_TABLES) | {"ci", "claim"} == set(KINDS)
_BARE.update((kind.name, kind.encode({}, {})) for kind in KIND_TABLES.values())


class Identities:
    """Converts external ids (UUIDs) to inner ids (integers) and back.

    They are looked up in bulk and cached for one operation. With ``ever``, CIs that have been deleted since are known,
    too.
    """

    def __init__(self, connection: Connection, *, ever: bool = False) -> None:
        self._connection = connection
        self._tables = [table for root in ROOTS for table in ((root.table, root.past) if ever else (root.table,))]
        self.inner: dict[str, int] = {}
        self.outer: dict[int, str] = NumberedValues()

    def add(self, uid: str, inner: int) -> None:
        """Adds a pair to the cache."""
        self.inner[uid] = inner
        self.outer[inner] = uid

    def want_inner(self, uids: Iterable[str]) -> None:
        """Looks up the inner ids of external ids that aren't in the cache."""
        self._want(uids, self.inner, "uid")

    def want_outer(self, ids: Iterable[int]) -> None:
        """Looks up the UUIDs of inner ids that aren't in the cache."""
        self._want(ids, self.outer, "id")

    def _want(self, keys: Iterable[Any], known: Mapping[Any, Any], column: str) -> None:
        wanted = set(keys)
        for table in self._tables:
            missing = {k for k in wanted if k not in known}
            if not missing:
                return
            for batch in chunks(missing, IN_CHUNK):
                for uid, inner in rows_among(self._connection, ((table.name, ""),), "uid, id", column, batch):
                    self.add(uid, inner)


class NumberedValues(dict[int, T]):
    """Values by the numbers that rows refer to. A row with another number was not written by Terrier."""

    def __missing__(self, inner: int) -> T:
        raise StoreProblem(
            Message("A record refers to number {inner}, which does not exist: the estate is damaged.", inner=str(inner))
        )


class Codec:
    """Rows of the records of one root, by one schema."""

    def __init__(self, schema: Schema, root: Root = CI) -> None:
        self.schema = schema
        self.root = root
        self._others: dict[str, Codec] = {root.name: self}
        self._first = len(root.derived) + 3
        self._stored = (*root.plain, *root.references)
        self._last = self._first + len(self._stored)
        self._references, self._money = tuple(root.references), tuple(root.amounts)
        self._amounts = tuple(root.plain.index(name) for name in root.amounts)
        self._sorts_due = "sort_due" in root.derived

    def of(self, root: Root) -> Codec:
        """The codec of another root of the same schema."""
        found = self._others.get(root.name)
        if found is None:
            found = self._others[root.name] = Codec(self.schema, root)
            found._others = self._others
        return found

    @cached_property
    def types(self) -> dict[str, str]:
        """Attribute name → type, over all classes of all roots: a name has one type everywhere."""
        return {name: a.type for name, a in self.schema.every_attribute.items()}

    @cached_property
    def decimals(self) -> frozenset[str]:
        """Attributes in the JSON column that are Decimals: a whole number is read from JSON as an int."""
        return frozenset(n for n, t in self.types.items() if t in ("number", "money")) - tables.COLUMNS.keys()

    @cached_property
    def references(self) -> frozenset[str]:
        """Attributes that refer to records, over all classes."""
        return frozenset(n for n, t in self.types.items() if t == "reference")

    @cached_property
    def extra_references(self) -> frozenset[str]:
        """Reference attributes that are stored in the JSON column, by external id."""
        return self.references - self.root.columns.keys()

    @cached_property
    def searched(self) -> frozenset[str]:
        """Attributes whose text is in the search index."""
        return frozenset(n for n, t in self.types.items() if t in search_index.TEXTS)

    def encode(
        self, inner: int, uid: str, cls: str, values: Mapping[str, Any], ids: Mapping[str, int], number: int
    ) -> tuple[Any, ...]:
        """A row for the root's table, in the order of ``Root.row``. ``ids`` knows every reference."""
        root = self.root
        get = values.get
        extra = {k: v for k, v in values.items() if k not in root.columns}
        plain: list[Any] = list(map(get, root.plain))
        for place in self._amounts:
            if plain[place] is not None:
                plain[place] = scaled(plain[place])
        return (
            inner,
            uid,
            cls,
            name_key(get("name", "")),
            *((get("due") or NO_DATE,) if self._sorts_due else ()),
            *plain,
            *[value and ids[value] for value in map(get, root.references)],
            dump_sorted(extra).decode() if extra else None,
            number,
        )

    def decode(self, row: Sequence[Any], outer: Mapping[int, str]) -> dict[str, Any]:
        """The values of a row. A reference to a record that does not exist at that moment is left out."""
        stored = zip(self._stored, row[self._first : self._last], strict=True)
        values = {name: value for name, value in stored if value is not None}
        return self._finished(values, row[self._last], outer)

    def decode_at(self, row: Sequence[Any], places: Collection[int], outer: Mapping[int, str]) -> dict[str, Any]:
        """As ``decode``, for some places of the row only."""
        first, last = self._first, self._last
        values = {self._stored[at - first]: row[at] for at in places if first <= at < last and row[at] is not None}
        return self._finished(values, row[last] if last in places else None, outer)

    def _finished(self, values: dict[str, Any], extra: str | None, outer: Mapping[int, str]) -> dict[str, Any]:
        """The values of columns, with ids for references and amounts as numbers, and those of the JSON column."""
        for name in self._references:
            if name in values:
                uid = outer.get(values[name])
                if uid is None:
                    del values[name]
                else:
                    values[name] = uid
        for name in self._money:
            if name in values:
                values[name] = unscaled(values[name])
        if extra:
            found = load(extra)
            for name in self.decimals & found.keys():
                if type(found[name]) is int:
                    found[name] = Decimal(found[name])
            values.update(found)
        return values

    def reference_ids(self, rows: Iterable[Sequence[Any]]) -> set[int]:
        """The inner ids that rows refer to."""
        first = self._first + len(self.root.plain)
        found = {inner for row in rows for inner in row[first : self._last]}
        found.discard(None)
        return found
