"""Laws of undo: every kind of record and every verb, in any order, with undo out of order and redo.

An undo of whatever was done fails for no other reason than that it was done already, or that the estate would not be
valid; and when everything is taken back, the latest first, the estate is as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.verbs import make
from cmdb.model.errors import Conflict, InvalidValue, Irreversible, NotFound, UserError
from cmdb.model.revision import KINDS, SECTION_NOW, Edit, Record, Revision, ci, new_id
from cmdb.register import edits, history
from cmdb.register.difference import Comparison
from cmdb.register.forgetting import forgetting
from cmdb.register.verbs import verbs
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.writing.records import ends_problem
from tests.cmdb.grouped_links import joined, left
from tests.cmdb.some_files import SOME_FILES
from tests.cmdb.store.conftest import emptied
from tests.cmdb.store.estate_snapshot import picture
from tests.laws import examples

CLASSES = (
    "person", "person", "room", "site", "rack", "laptop", "laptop", "server", "virtual_machine", "switch", "switch",
    "application", "entitlement", "task", "task",
)  # fmt: skip
REFERENCES = ("assigned_to", "location", "rack", "host", "model", "assignee")
_OWN = (
    "ci claim relationship group membership installation sighting assignment alias event attachment reservation section"
    " result"
)
_NO_DRAWN_DOCUMENTS = f"{_OWN} comment watch checkpoint migration retention".split()
DOCUMENTS = [kind for kind in KINDS if kind not in _NO_DRAWN_DOCUMENTS]
STATED = ("relationship", "group", "membership", "installation", "assignment")
VERBS = list(verbs().values())

Step = tuple[str, int, int, int]
Act = Callable[[Reader, int, int, int], list[Edit]]


class UndoneEstate:
    """An estate on which steps are taken. Numbers in steps pick records, sources, values."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.uids = [new_id() for _ in CLASSES]
        self.spare = [new_id() for _ in range(4)]
        self.documents = {kind: new_id() for kind in DOCUMENTS}
        self.numbers: list[int] = []
        first = Revision([self._new(uid, cls) for uid, cls in zip(self.uids, CLASSES, strict=True)], "law")
        self.base = store.apply(first).number
        self.pictures = {self.base: picture(store)}

    def take(self, step: Step) -> None:
        """Takes a step; nothing happens where the estate would not be valid, or there is nothing to do it with."""
        name, a, b, c = step
        if name == "undo":
            self._undo(a)
            return
        act: Act = getattr(self, name)
        with self.store.read() as reader:
            try:
                wanted = act(reader, a, b, c)
            except UserError:
                return
        self.apply(wanted, source=("person", "sheet:a.xlsx", "scan:b")[c % 3])

    def apply(self, wanted: list[Edit], source: str = "person") -> None:
        """Applies edits as a revision."""
        try:
            applied = self.store.apply(Revision(wanted, "law", source, files=SOME_FILES))
        except UserError:
            return
        self._note(applied.number)

    def _undo(self, which: int) -> None:
        """Takes back any revision, also an undo."""
        number = self.numbers[which % len(self.numbers)] if self.numbers else 0
        if not number:
            return
        before = picture(self.store)
        try:
            applied = history.undo(self.store, number, "law")
        except Irreversible:
            return
        except (Conflict, NotFound) as error:
            raise AssertionError(f"revision {number}: {error}") from error
        except InvalidValue:
            assert picture(self.store) == before
            return
        self._note(applied.number)

    def _note(self, number: int) -> None:
        if number:
            self.numbers.append(number)
            self.pictures[number] = picture(self.store)

    def unwind(self) -> None:
        """Takes back everything, the latest first, and compares at each step."""
        before = [self.base, *self.numbers]
        for number, expected in zip(reversed(self.numbers), reversed(before[:-1]), strict=True):
            assert history.undo(self.store, number, "law").kept == ()
            assert picture(self.store) == self.pictures[expected]
        with self.store.read() as reader:
            assert not [one for batch in Comparison(reader, self.base).differences() for one in batch]
        assert check_integrity(self.store) == []

    # -- steps ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _new(uid: str, cls: str) -> Edit:
        needed = {"product": "App", "metric": "device", "quantity": 5} if cls == "entitlement" else {}
        return Edit(ci(uid), "", None, {"class": cls, "name": f"{cls} {uid[-8:]}", **needed})

    def _pick(self, reader: Reader, number: int) -> Any:
        there = list(reader.by_uid([*self.uids, *self.spare]).values())
        return sorted(there, key=lambda one: one.id)[number % len(there)]

    def make(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        uid = [*self.spare, *self.uids][a % (len(self.spare) + len(self.uids))]
        return [] if reader.by_uid([uid]) else [self._new(uid, CLASSES[b % len(CLASSES)])]

    def write(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A person, or another source, says something; also of attributes that refer to records."""
        one = self._pick(reader, a)
        attributes = reader.schema.cls(one.cls).attributes
        names = [n for n in (*REFERENCES, "notes", "order_number", "name") if n in attributes]
        name = names[b % len(names)]
        value: Any = f"v{c}"
        if attributes[name].type == "reference":
            fitting = [
                u.uid
                for u in reader.by_uid(self.uids).values()
                if reader.schema.is_a(u.cls, attributes[name].target) and u.uid != one.uid
            ]
            value = sorted(fitting)[c % len(fitting)] if fitting else None
        if c % 2:
            return [Edit(ci(one.uid), name, one.values.get(name), value)]
        source = f"sheet:{b % 3}"
        before = reader.said([one.uid])[one.uid].get(source, {}).get(name)
        return [Edit(Record("claim", (one.uid, source)), name, before, [value, f"2026-01-0{c % 8 + 1}T00:00:00Z"])]

    def drop(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        return list(edits.delete(reader, [self._pick(reader, a).uid], "law").edits)

    def link(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A link that their classes allow, in most cases in a redundancy group."""
        one, other = self._pick(reader, a), self._pick(reader, b)
        types = [t for t in reader.schema.relationships if not ends_problem(reader.schema, t, one.cls, other.cls)]
        if not types or one.uid == other.uid:
            return []
        group = ("", "one", "two")[c % 3]
        return list(edits.link(reader, one.uid, types[c % len(types)], other.uid, "law", group=group, needs="1").edits)

    def unlink(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        found = sorted(reader.records("relationship").items())
        if not found:
            return []
        key, fields = found[a % len(found)]
        return [Edit(Record("relationship", key), "", fields, None)]

    def regroup(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        one = self._pick(reader, a)
        linked = [r for r in reader.relationships(one.uid) if not r.attribute]
        keys = [(r.type, *((r.uid, one.uid) if r.inverse else (one.uid, r.uid))) for r in linked]
        return list(edits.regroup(reader, one.uid, ("one", "two")[b % 2], str(c % 2 + 1), keys, "law").edits)

    def join(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A relationship comes into another group of one of its ends, or leaves one, or stands alone besides."""
        found = sorted(reader.records("relationship").items())
        if not found:
            return []
        key, fields = found[a % len(found)]
        record = Record("relationship", key)
        if c % 4 == 0:
            alone = fields.get("alone")
            return [Edit(record, "alone", alone, False if alone is None else None)]
        groups = sorted(reader.groups_of(key[1:]))
        if not groups:
            return []
        group = groups[b % len(groups)]
        if group in reader.memberships([key]).get(key, ()):
            return [left(record, group)]
        return [joined(record, group), *([Edit(record, "alone", None, False)] if c % 4 == 1 and not fields else [])]

    def dissolve(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A group goes, or needs more, or is called otherwise."""
        found = sorted(reader.records("group").items())
        if not found:
            return []
        key, fields = found[a % len(found)]
        record = Record("group", key)
        return [Edit(record, "", fields, None)] if b % 2 else [Edit(record, "needs", fields["needs"], str(c + 1))]

    def install(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """Software comes, is used by somebody else, or goes."""
        computers = [u for u in self.uids if reader.by_uid([u])]
        people = [u for u in self.uids[:2] if reader.by_uid([u])]
        record = Record("installation", (computers[a % len(computers)], "", "Acme", f"App {b % 2}", "", "1"))
        now = reader.records_of("installation", [record]).get(record.key)
        user = {"user": people[c % len(people)]} if people and c % 3 else {}
        if now is None:
            return [Edit(record, "", None, {"environment": "test", **user})]
        return [Edit(record, "", now, None)] if c % 2 else [Edit(record, "user", now.get("user"), user.get("user"))]

    def assign(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        licence, holder = self.uids[-1], self._pick(reader, a).uid
        record = Record("assignment", (licence, holder))
        now = reader.records_of("assignment", [record]).get(record.key)
        since = {"since": f"2026-01-0{c % 8 + 1}"}
        if now is None or b % 2:
            return [Edit(record, "", now, since if now is None else None)]
        return [Edit(record, "since", now.get("since"), since["since"])]

    def look(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A source looks at a section."""
        record = Record("sighting", (self._pick(reader, a).uid, f"scan:{b % 2}", "software"))
        now = reader.records_of("sighting", [record]).get(record.key)
        when = f"2026-01-0{c % 8 + 1}T00:00:00Z"
        return [Edit(record, "observed", now["observed"], when) if now else Edit(record, "", None, {"observed": when})]

    def see(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A source sees a row of a section, with a value that has no history, and says the digest or not."""
        uid, source, key = self._pick(reader, a).uid, f"scan:{b % 2}", f"/{b % 3}||"
        record = Record("section", (uid, "volumes", source, key))
        now = reader.records_of("section", [record]).get(record.key)
        free = {"observed": f"2026-01-0{c % 8 + 1}T00:00:00Z", "rows": {key: {"free": c}}}
        edits = [Edit(Record(SECTION_NOW, (uid, "volumes", source)), "", None, free)]
        if now is None or c % 3 == 0:
            edits.append(Edit(record, "", now, {"mount": f"/{b % 3}", "size": c} if now is None else None))
        else:
            edits.append(Edit(record, "size", now.get("size"), c))
        looked = Record("sighting", (uid, source, "volumes"))
        seen = reader.records_of("sighting", [looked]).get(looked.key)
        digest = str(c % 5) * 64
        if seen is None:
            edits.append(Edit(looked, "", None, {"observed": free["observed"], "digest": digest}))
        elif c % 2 and seen.get("digest") != digest:
            edits.append(Edit(looked, "digest", seen.get("digest"), digest))
        return edits

    def call(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A record is found by another name, or no more, or the name is spelt otherwise."""
        record = Record("alias", ("name", f"name {b % 3}", self._pick(reader, a).uid))
        now = reader.records_of("alias", [record]).get(record.key)
        spelling = f"Name {b % 3}" + " " * (c % 2)
        if now is None or c % 3 == 0:
            return [Edit(record, "", now, {"spelling": spelling} if now is None else None)]
        return [Edit(record, "spelling", now.get("spelling"), spelling)]

    def attach(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A file is kept with a record, is said something about, or goes."""
        found = sorted(reader.records("attachment").items())
        if not found or c % 3 == 0:
            content = SOME_FILES[b % len(SOME_FILES)]
            fields: dict[str, Any] = {"record": self._pick(reader, a).uid, "name": content.name, "size": content.size}
            return [Edit(Record("attachment", (new_id(),)), "", None, {**fields, "sha256": content.sha256})]
        key, now = found[a % len(found)]
        if c % 3 == 1:
            return [Edit(Record("attachment", key), "", now, None)]
        return [Edit(Record("attachment", key), "about", now.get("about"), f"about {b % 3}")]

    def reserve(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A record is reserved, for another one or for nobody who is named; otherwise, or no more."""
        found = sorted(reader.records("reservation").items())
        start, end = f"2027-01-0{b % 5 + 1}T00:00:00Z", f"2027-02-0{c % 5 + 1}T00:00:00Z"
        if not found or c % 3 == 0:
            fields = {"subject": self._pick(reader, a).uid, "from": start, "until": end}
            by = {"by": self._pick(reader, b).uid} if b % 3 else {}
            return [Edit(Record("reservation", (new_id(),)), "", None, {**fields, **by})]
        key, now = found[a % len(found)]
        if c % 3 == 1:
            return [Edit(Record("reservation", key), "", now, None)]
        after = self._pick(reader, b).uid if b % 2 else end
        field = "by" if b % 2 else "until"
        return [Edit(Record("reservation", key), field, now.get(field), after)] if now.get(field) != after else []

    def count(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """An audit expects an item, or a scan found one; it is said otherwise, or no more."""
        found = sorted(reader.records("result").items())
        if not found or c % 3 == 0:
            item = self._pick(reader, b).uid
            fields: dict[str, Any] = {"at": c, "record": item if b % 4 else None, "extra": {"name": f"name {b}"}}
            code = item if b % 2 else f"scan:{new_id()}"
            record = Record("result", (self._pick(reader, a).uid, code))
            there = reader.records_of("result", [record])
            return [] if there else [Edit(record, "", None, {n: v for n, v in fields.items() if v is not None})]
        key, now = found[a % len(found)]
        if c % 3 == 1:
            return [Edit(Record("result", key), "", now, None)]
        return [Edit(Record("result", key), "extra", now.get("extra"), {"place": f"place {b}"})]

    def comment(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A record is commented on, or watched; it is said otherwise, or no more."""
        kind = ("comment", "watch")[b % 2]
        found = sorted(reader.records(kind).items())
        if not found or c % 3 == 0:
            fields = {"owner": self._pick(reader, a).uid, "text": f"text {b}", "by": "anna"}
            return [Edit(Record(kind, (new_id(),)), "", None, fields)]
        key, now = found[a % len(found)]
        if c % 3 == 1:
            return [Edit(Record(kind, key), "", now, None)]
        return [Edit(Record(kind, key), "text", now.get("text"), f"text {a}")]

    def document(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A decision, a view, an entry of the schema, …: made, changed, removed."""
        kind = DOCUMENTS[a % len(DOCUMENTS)]
        record = Record(kind, (self.documents[kind],))
        now = reader.records(kind).get(record.key)
        after: dict[str, Any] = {"name": f"name {c}", "text": f"v{c}"}
        if kind == "baseline":
            after = {"name": f"name {c}", "number": self.base}
        if kind == "schema_entry":
            label = f"Thing {c}"
            after = {"document": {"class": {"thing": {"label": label, "plural": f"{label}s", "parent": "hardware"}}}}
        if now is None:
            return [Edit(record, "", None, after)]
        if b % 2:
            return [Edit(record, "", now, None)]
        return [Edit(record, name, now.get(name), after[name]) for name in after if after[name] != now.get(name)]

    def verb(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """A verb, with every field that it has; now, or some time ago."""
        verb = VERBS[b % len(VERBS)]
        one = self._pick(reader, a)
        if not verb.applies_to(reader.schema, one.cls) or verb.reason(reader.schema, one):
            return []
        values: dict[str, Any] = {}
        there = sorted(reader.by_uid(self.uids).values(), key=lambda found: found.uid)
        for field in verb.fields:
            attribute = field.in_class(reader.schema, one.cls)
            if attribute is None:
                continue
            if field.type == "class":
                values[field.name] = reader.schema.cls(("laptop", "server", "switch", "monitor")[c % 4]).label
            elif attribute.type == "reference":
                wanted = field.targets or (attribute.target,)
                fits = [u.uid for u in there if any(reader.schema.is_a(u.cls, w) for w in wanted)]
                values[field.name] = fits[c % len(fits)] if fits else None
            elif attribute.type == "choice":
                values[field.name] = attribute.choices[c % len(attribute.choices)].value
            else:
                values[field.name] = f"v{c}"
        at = ("", "2026-03-31", "2026-05-01T12:00")[a % 3]
        return list(make(reader, verb, [one.uid], values, "law", at, every=True).edits)

    def state(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """Other sources state a link, a group, an installation or an assignment."""
        kind = STATED[a % len(STATED)]
        found = sorted(reader.records(kind)) if kind != "installation" else []
        if kind == "installation":
            computers = [u for u in self.uids if reader.by_uid([u])]
            found = sorted(StoreLookup(reader).installations(computers))
        if not found:
            return []
        record = Record(kind, tuple(found[b % len(found)]))
        now = reader.records_of(kind, [record])[record.key].get("stated_by")
        after: Any = (None, ["sheet:a.xlsx"], ["scan:b"], ["scan:b", "sheet:a.xlsx"])[c % 4]
        return [Edit(record, "stated_by", now, after)] if now != after else []

    def forget(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """What a source said goes."""
        source = (f"sheet:{b % 3}", "sheet:a.xlsx", "scan:b", f"scan:{b % 2}")[a % 4]
        return list(forgetting(reader, source, "law")[0].edits)

    def undo_part(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """What a revision wrote of one record, or of one value of it, is taken back."""
        number = self.numbers[a % len(self.numbers)] if self.numbers else self.base
        uid = [*self.uids, *self.spare][b % (len(self.uids) + len(self.spare))]
        part = history.Part(uid, ("", "", "notes", "location")[c % 4])
        return list(history.preview_undo(reader, number, "law", part)[0].edits)

    def forget_event(self, reader: Reader, a: int, b: int, c: int) -> list[Edit]:
        """An event goes, or it was at another time."""
        found = sorted(reader.records("event").items())
        if not found:
            return []
        key, fields = found[a % len(found)]
        at: Any = fields["at"]
        return [Edit(Record("event", key), *(("", fields, None) if b % 2 else ("at", at, at - 1000 * (c + 1))))]


ACTS = (
    "make", "drop", "link", "link", "unlink", "regroup", "join", "join", "dissolve", "install", "assign", "look",
    "see", "call", "attach", "reserve", "comment", "comment", "count", "document", "verb", "forget_event", "state",
    "forget", "undo_part",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from([*ACTS, "write", "write", "verb", "undo", "undo", "undo"]),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 40),
)
STEPS = st.lists(STEP, min_size=1, max_size=14)


def test_every_kind_and_every_verb_is_drawn() -> None:
    other = {*_OWN.split(), "comment", "watch"}
    unwritten = {"checkpoint", "retention", "migration"}  # what they say can't be taken back
    assert other | unwritten | set(DOCUMENTS) == set(KINDS)
    assert len(VERBS) == len(verbs())


@examples(6, soak=125)
@given(steps=STEPS)
def test_everything_is_taken_back(file: Store, steps: list[Step]) -> None:
    take_back(emptied(file), steps)


@examples(3, soak=25)
@given(steps=STEPS)
def test_everything_is_taken_back_on_a_server(server: Store, steps: list[Step]) -> None:
    take_back(emptied(server), steps)


def take_back(store: Store, steps: list[Step]) -> None:
    """Takes the steps, and takes everything back."""
    estate = UndoneEstate(store)
    for step in steps:
        estate.take(step)
    estate.unwind()
