"""The builder of the sample's revisions: the current state, and the edits of the revision that is being written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from cmdb.model.claims import PERSON, effective
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.model.schema import Schema


class Release(NamedTuple):
    """A software release, as it is found on a computer."""

    publisher: str
    product: str
    edition: str = ""
    version: str = ""


@dataclass(frozen=True)
class SampleRevision:
    """One revision of the story: ``day`` counts from today (negative: the past), ``write`` makes its edits."""

    day: int
    hour: float
    author: str
    source: str
    reason: str
    write: Callable[[RevisionBuilder], None]


class RevisionBuilder:
    """Writes planned revisions, and keeps the state that they lead to; ``tasks`` apart from the ``cis``.

    ``cis`` is uid → values (with "class"), ``links`` relationship records → fields, ``members`` membership records →
    fields, ``installed`` installation records → fields, ``groups`` group id → fields, ``holders`` (licence, holder) →
    fields.
    """

    def __init__(self, schema: Schema, today: date, seed: str = "Harbour Works") -> None:
        self.schema = schema
        self.today = today
        self.random = Random(seed)
        self.cis: dict[str, dict[str, Any]] = {}
        self.links: dict[Record, dict[str, Any]] = {}
        self.members: dict[Record, dict[str, Any]] = {}
        self.installed: dict[Record, dict[str, Any]] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.holders: dict[tuple[str, str], dict[str, Any]] = {}
        self.sightings: dict[Record, str] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self._said: dict[str, dict[str, dict[str, list[Any]]]] = {}
        self._names: dict[str, str] = {}
        self._edits: dict[tuple[Record, str], Edit] = {}
        self._source = ""
        self.offset = 0
        """The day of the revision that is being written, counted from today."""
        self._moment = datetime.combine(today, datetime.min.time(), UTC)

    # -- revisions --------------------------------------------------------------------------------------------------

    def revision(self, planned: SampleRevision) -> Revision | None:
        """The planned revision, or None if it changes nothing."""
        midnight = datetime.combine(self.today + timedelta(days=planned.day), datetime.min.time(), UTC)
        self.offset = planned.day
        self._moment = midnight + timedelta(hours=planned.hour)
        self._source = planned.source
        self._edits = {}
        planned.write(self)
        if not self._edits:
            return None
        return Revision(
            tuple(self._edits.values()), planned.author, planned.source, planned.reason, self._uuid(), self.now
        )

    @property
    def now(self) -> str:
        """The clock of the revision that is being written, ISO UTC."""
        return self._moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def date(self) -> str:
        """The day of the revision that is being written."""
        return self._moment.date().isoformat()

    def day(self, days: int) -> str:
        """The date ``days`` from the estate's today."""
        return (self.today + timedelta(days=days)).isoformat()

    # -- looking up -------------------------------------------------------------------------------------------------

    def named(self, name: str) -> str:
        """The CI of that name; no two have the same."""
        return self._names[name]

    def of(self, cls: str) -> list[str]:
        """The CIs of a class and its subclasses, in the order they were made."""
        family = set(self.schema.family(cls))
        return [uid for uid, values in self.cis.items() if values["class"] in family]

    def get(self, uid: str, attribute: str, default: Any = None) -> Any:
        """A value of a CI."""
        return self.cis[uid].get(attribute, default)

    def where(self, cls: str, **values: Any) -> list[str]:
        """The CIs of a class whose attributes have exactly these values (None: absent)."""
        return [u for u in self.of(cls) if all(self.cis[u].get(k) == v for k, v in values.items())]

    # -- writing ----------------------------------------------------------------------------------------------------

    def create(self, cls: str, name: str, **values: Any) -> str:
        """A new CI; values that are None are left out. Returns its id."""
        if name in self._names:
            raise ValueError(f"Two records of the sample are called {name}.")
        uid = self._uuid()
        filled = {"status": "Active", **values} if "status" not in values else values
        if self.schema.is_a(cls, "hardware") and "status" not in values:
            filled["status"] = "Deployed"
        fields = {"name": name, **{k: v for k, v in filled.items() if v is not None}}
        self.cis[uid] = {"class": cls, **fields}
        self._said[uid] = {self._source: {k: [v, self.now] for k, v in fields.items()}}
        self._names[name] = uid
        self._edits[ci(uid), ""] = Edit(ci(uid), "", None, {"class": cls, **fields})
        return uid

    def task(self, number: int, name: str, about: Iterable[str], **values: Any) -> str:
        """A task about CIs; values that are None are left out. Returns its id."""
        uid = self._uuid()
        given = {"number": f"TSK-{number}", "name": name, "state": "Open", "opened": self.now[:19] + "Z", **values}
        self.tasks[uid] = {"class": "task", **{k: v for k, v in given.items() if v is not None}}
        self._edits[ci(uid), ""] = Edit(ci(uid), "", None, self.tasks[uid])
        for one in about:
            record = Record("relationship", ("concerns", uid, one))
            self._edits[record, ""] = Edit(record, "", None, {})
        return uid

    def set(self, uid: str, **values: Any) -> None:
        """The revision's source states this value of a CI; None means blank."""
        for name, value in values.items():
            before = self.cis[uid].get(name)
            said = self._said[uid].get(self._source, {}).get(name)
            if before == value and (value is None or said is not None):
                continue
            self._say(uid, self._source, name, value)
            made = self._edits.get((ci(uid), ""))
            if made is not None:
                whole: Any = made.after
                fields = {k: v for k, v in {**whole, name: value}.items() if v is not None}
                self._edits[ci(uid), ""] = made._replace(after=fields)
            else:
                earlier = self._edits.get((ci(uid), name))
                self._edits[ci(uid), name] = Edit(ci(uid), name, earlier.before if earlier else before, value)

    def claim(self, uid: str, source: str, name: str, value: Any) -> None:
        """Another source's word about an attribute; the ranks decide whether it is effective."""
        pair = self._said[uid].get(source, {}).get(name)
        self._say(uid, source, name, value)
        record = Record("claim", (uid, source))
        self._edits[record, name] = Edit(record, name, pair, [value, self.now])

    def link(self, kind: str, source: str, target: str, group: str = "") -> None:
        """A relationship, in a dependency group where one is given."""
        record = Record("relationship", (kind, source, target))
        self._whole(self.links, record, {"alone": False} if group else {})
        if group:
            self._whole(self.members, Record("membership", (group, kind, source, target)), {})

    def _stated(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields of a record that the revision's source states; a person's need no source."""
        return fields if self._source == PERSON else {**fields, "stated_by": [self._source]}

    def unlink(self, kind: str, source: str, target: str) -> None:
        """Takes a relationship away."""
        record = Record("relationship", (kind, source, target))
        self._edits[record, ""] = Edit(record, "", self.links.pop(record), None)
        for member in [one for one in self.members if one.key[1:] == record.key]:
            del self.members[member]

    def group(self, owner: str, label: str, needs: str) -> str:
        """A dependency group of ``owner``. Returns its id."""
        uid = self._uuid()
        self.groups[uid] = self._stated({"owner": owner, "label": label, "needs": needs})
        record = Record("group", (uid,))
        self._edits[record, ""] = Edit(record, "", None, self.groups[uid])
        return uid

    def redundant(self, kind: str, owner: str, others: Iterable[str], label: str, needs: str = "1") -> None:
        """Links to or from ``others`` of which the dependent ``owner`` needs only some."""
        group = self.group(owner, label, needs)
        forward = self.schema.relationship(kind).impact == "forward"
        for other in others:
            self.link(kind, *((other, owner) if forward else (owner, other)), group)

    def install(self, computer: str, release: Release, scope: str = "", **fields: Any) -> None:
        """An installation; fields that are None are left out."""
        record = Record("installation", (computer, scope, *release))
        self._whole(self.installed, record, {k: v for k, v in fields.items() if v is not None})

    def uninstall(self, computer: str, release: Release, scope: str = "") -> None:
        """Removes an installation, if it exists."""
        record = Record("installation", (computer, scope, *release))
        if record in self.installed:
            self._edits[record, ""] = Edit(record, "", self.installed.pop(record), None)

    def assign(self, licence: str, holder: str) -> None:
        """Gives a licence to a person or a computer."""
        if (licence, holder) not in self.holders:
            self.holders[licence, holder] = self._stated({"since": self.date})
            record = Record("assignment", (licence, holder))
            self._edits[record, ""] = Edit(record, "", None, self.holders[licence, holder])

    def sight(self, uid: str, *sections: str) -> None:
        """Records that the revision's source inspected these sections of a CI now."""
        for section in sections:
            record = Record("sighting", (uid, self._source, section))
            before = self.sightings.get(record)
            self.sightings[record] = self.now
            if before is None:
                self._edits[record, ""] = Edit(record, "", None, {"observed": self.now})
            else:
                self._edits[record, "observed"] = Edit(record, "observed", before, self.now)

    def save(self, kind: str, body: dict[str, Any]) -> None:
        """A document of the estate: a saved view, a mapping."""
        record = Record(kind, (self._uuid(),))
        self._edits[record, ""] = Edit(record, "", None, body)

    def _whole(self, state: dict[Record, dict[str, Any]], record: Record, fields: dict[str, Any]) -> None:
        if record not in state:
            state[record] = self._stated(fields)
            self._edits[record, ""] = Edit(record, "", None, state[record])

    def _say(self, uid: str, source: str, name: str, value: Any) -> None:
        said = self._said[uid]
        if value is None and not any(name in own for other, own in said.items() if other != source):
            said.get(source, {}).pop(name, None)
        else:
            said.setdefault(source, {})[name] = [value, self.now]
        one = {s: {name: own[name]} for s, own in said.items() if name in own}
        found = effective(self.schema, self.cis[uid]["class"], one)
        if name in found:
            self.cis[uid][name] = found[name]
        else:
            self.cis[uid].pop(name, None)

    def _uuid(self) -> str:
        """A UUIDv7 of the revision's clock whose random bits come from the seed."""
        value = int(self._moment.timestamp() * 1000) << 80 | self.random.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
