"""Checks that what a revision creates has not come in the meantime.

A proposal creates a record because nothing in the register has what identifies it. Here the same keys are looked up
again, only among what came or was changed since, so that the check costs little however large the register is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from cmdb.model.gc_pause import gc_paused
from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.revision import Edit, Revision
from cmdb.reconciliation import review
from cmdb.reconciliation.identifiers import shipped
from cmdb.reconciliation.key_search import Hits, KeyFinder
from cmdb.reconciliation.keys import MANY, WEAK, IdentifiedObservation, Keys
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import EVIDENCE, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import BY_NAME, ROOTS

_BATCH = 2_000
"""The number of edits that are looked up at once, to limit the memory of a large revision."""
_FORMING = ("manufacturer", "domain", "mac_address")
"""Attributes on which the forms of identifying values depend, or that hold such a value."""
_EVIDENCE = tuple((kind, f"{EVIDENCE}{kind}") for kind in MANY)
_ACROSS = {"name": "host_name", "host_name": "name"}
"""The name of a machine may be its host name in the register, and the reverse."""


class LaterRecords(NamedTuple):
    """CIs that came or were changed since a revision was decided, and the latest revision that wrote one of them."""

    uids: Sequence[str]
    number: int


class _Stated(NamedTuple):
    """What one edit states of a CI. ``cls`` is empty if the CI is in the register already."""

    uid: str
    cls: str
    values: Mapping[str, Any]


class CreationCheck:
    """Looks for what a revision creates among what was written after ``since``."""

    def __init__(self, reader: Reader, revision: Revision, since: int) -> None:
        self._reader = reader
        self._connection = reader._connection
        self._schema = reader.schema
        self._revision = revision
        self._since = since
        self._keys = Keys(reader.schema, shipped())
        self._identifying = frozenset(a.name for a in reader.schema.every_attribute.values() if a.identifying)
        self._compared = tuple(dict.fromkeys(("name", *sorted(self._identifying), *_FORMING)))
        self._makers: dict[str, str] = {}
        """Manufacturers by id: the form of a serial number depends on them."""

    def found(self) -> LaterRecords | None:
        """The records that may be those that the revision creates; None if there are none."""
        with gc_paused():
            return self._later()

    def pairs(self, without: Collection[str] = ()) -> dict[str, list[str]]:
        """Each record that the revision creates → the records that may be it, those with more than its name first.

        ``without``: the kinds of keys that do not count.
        """
        found: dict[str, list[str]] = {}
        with gc_paused():
            if self._any_later(*BY_NAME, "claim"):
                self._makers = self._new_makers()
                for batch in chunks(self._stated(), _BATCH):
                    for uid, kind, other in sorted(self._hits(batch), key=lambda hit: hit[1] in WEAK):
                        if kind not in without:
                            found.setdefault(uid, []).append(other)
        return found

    def _later(self) -> LaterRecords | None:
        if self._any_later(*BY_NAME, "claim"):
            self._makers = self._new_makers()
            for batch in chunks(self._stated(), _BATCH):
                uids = self._holders(batch)
                if uids:
                    return LaterRecords(uids, self._latest(uids))
        if self._any_later("dependency_group"):
            groups = (edit for edit in self._revision.edits if edit.record.kind == "group" and not edit.field)
            for created in chunks((edit.after for edit in groups if edit.before is None), _BATCH):
                later = self._later_groups(created)
                if later is not None:
                    return later
        return None

    def _any_later(self, *names: str) -> bool:
        for name in names:
            revision = tables.metadata.tables[name].c.revision
            if self._connection.execute(select(revision).where(revision > self._since).limit(1)).first():
                return True
        return False

    # -- records ----------------------------------------------------------------------------------------------------

    def _stated(self) -> Iterator[_Stated]:
        """What the revision's edits state that may identify a CI: all of a new one, single values of a known one."""
        created = ("", "")
        for edit in self._revision.edits:
            if edit.record.kind == "decision" and not edit.field and edit.after is not None:
                yield from _asked(edit)
            if edit.record.kind not in ("ci", "claim") or edit.after is None:
                continue
            uid, after = edit.record.key[0], edit.after
            if edit.record.kind == "claim":
                said: Any = {edit.field: after} if edit.field else after
                values = {name: pair[0] for name, pair in said.items() if pair}
            else:
                whole: Any = {edit.field: after} if edit.field else after
                values = dict(whole)
                if not edit.field:
                    created = (uid, values.pop("class", ""))
            cls = created[1] if uid == created[0] else ""
            if not cls:
                values = {name: value for name, value in values.items() if self._identifies(name)}
            if values:
                yield _Stated(uid, cls, values)

    def _identifies(self, name: str) -> bool:
        return name == "name" or name in self._identifying or name.startswith(EVIDENCE)

    def _new_makers(self) -> dict[str, str]:
        """The manufacturers that the revision creates: id → name."""
        found: dict[str, str] = {}
        makers = frozenset(self._schema.family("manufacturer")) if "manufacturer" in self._schema.classes else ()
        for one in self._stated():
            if one.cls in makers and "name" in one.values:
                found[one.uid] = str(one.values["name"])
        return found

    def _holders(self, batch: Sequence[_Stated]) -> list[str]:
        """The later CIs that have a key of one of these; first those with more than the name in common."""
        strong: dict[str, None] = {}
        weak: dict[str, None] = {}
        for _, kind, other in self._hits(batch):
            (weak if kind in WEAK else strong)[other] = None
        return list(strong | weak)

    def _hits(self, batch: Sequence[_Stated]) -> Iterator[tuple[str, str, str]]:
        """(CI, kind of the key, later CI that has it) of what is stated."""
        classes = {uid: cls for uid, (cls, _) in self._reader.names(one.uid for one in batch if not one.cls).items()}
        self._want_makers(batch)
        observed = [
            (one.uid, self._observed(one.cls or classes[one.uid], one.values))
            for one in batch
            if one.cls or one.uid in classes
        ]
        finder = KeyFinder(self._keys, StoreLookup(self._reader, self._since), None)
        finder.look_up(one for _, one in observed)
        if not finder.found():
            return
        for uid, one in observed:
            for kind, other in _hit(one, finder.hits.get(one.root, {})):
                if other != uid:
                    yield uid, kind, other

    def _want_makers(self, batch: Sequence[_Stated]) -> None:
        makers = (one.values.get("manufacturer") for one in batch)
        named = {maker for maker in makers if isinstance(maker, str)}
        known = self._reader.names(named - self._makers.keys())
        self._makers.update((uid, name) for uid, (_, name) in known.items())

    def _observed(self, cls: str, stated: Mapping[str, Any]) -> IdentifiedObservation:
        values = {n: stated[n] for n in self._compared if stated.get(n) is not None}
        evidence = {kind: list(stated[name]) for kind, name in _EVIDENCE if stated.get(name)}
        maker = values.get("manufacturer")
        if isinstance(maker, str):
            values["manufacturer"] = NamedReference("manufacturer", self._makers.get(maker, ""))
        keys = self._keys.of(cls, values, evidence)
        # Whoever is named without a class may have come as a person, a team or a company: all of them are searched.
        root = self._schema.ancestors(cls)[-2:-1] or (self._schema.root_of(cls),)
        return IdentifiedObservation(Observation(cls, values, evidence=evidence), "", "", root[0], keys)

    def _latest(self, uids: Sequence[str]) -> int:
        """The latest revision that wrote one of the CIs."""
        number = 0
        for batch in chunks(self._reader.inner(uids).values(), _BATCH):
            for table, owner in (*((root.table, "id") for root in ROOTS), (tables.claim, "ci")):
                statement = select(func.max(table.c.revision)).where(in_values(table.c[owner], batch))
                number = max(number, self._connection.execute(statement).scalar() or 0)
        return number

    # -- groups -----------------------------------------------------------------------------------------------------

    def _later_groups(self, created: Sequence[Any]) -> LaterRecords | None:
        """The owners of later groups with the label of one of these."""
        wanted = {(fields["owner"], name_key(fields.get("label") or "")) for fields in created}
        inner = self._reader.inner({owner for owner, _ in wanted})
        outer = {number: uid for uid, number in inner.items()}
        g = tables.dependency_group.c
        statement = select(g.owner, g.label, g.revision).where(g.revision > self._since, in_values(g.owner, outer))
        found: dict[str, int] = {}
        for owner, label, number in self._connection.execute(statement):
            if (outer[owner], name_key(label or "")) in wanted:
                found[outer[owner]] = number
        return LaterRecords(list(found), max(found.values())) if found else None


def _asked(edit: Edit) -> Iterator[_Stated]:
    """What the rows state that a person is asked about: with another record in the register they need no answer."""
    fields: Any = edit.after
    for reading in review.load(fields["observation"]) if fields.get("observation") else ():
        for one in reading.observations:
            evidence = {f"{EVIDENCE}{kind}": values for kind, values in one.evidence.items()}
            yield _Stated("", one.cls, {**one.values, **evidence})


def _hit(one: IdentifiedObservation, hits: Hits) -> Iterator[tuple[str, str]]:
    """(kind of the key, CI) for the CIs that have a key of an observation."""
    for kind, key in one.keys.items():
        for index in filter(None, (hits.get(kind), hits.get(_ACROSS.get(kind, "")))):
            for value in (key,) if isinstance(key, str) else key:
                yield from ((kind, uid) for uid in index.get(value, ()))
