"""A small estate in memory: it answers reconciliation's questions and takes its revisions, by the store's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from cmdb.model.claims import effective
from cmdb.model.name_keys import name_key, unique_key
from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.revision import SECTION_NOW, Edit, Revision
from cmdb.model.schema import Schema
from cmdb.reconciliation import KnownRecord, Lookup, Proposal, reconcile
from cmdb.reconciliation.lookup import Found, KnownSighting, Said, UnchangedRecord, repeated


class ReconciledEstate:
    """CIs with what is said of them, and records of the other kinds by key."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.classes: dict[str, str] = {}
        self.said: dict[str, dict[str, dict[str, list[Any]]]] = {}
        self.values: dict[str, dict[str, Any]] = {}
        self._indexes: dict[tuple[str, Any], dict[str, list[str]]] = {}
        self.records: dict[str, dict[tuple[str, ...], dict[str, Any]]] = defaultdict(dict)
        self.number = 0

    # -- taking revisions -------------------------------------------------------------------------------------------

    def apply(self, revision: Revision) -> int:
        """Applies a revision; how many edits it had."""
        edits = list(revision.edits)
        self.number += 1
        self._indexes.clear()
        touched: dict[str, None] = {}
        for edit in edits:
            if edit.record.kind in ("ci", "claim"):
                self._state(edit, revision)
                touched[edit.record.key[0]] = None
            else:
                self._record(edit)
        for uid in touched:
            self.values[uid] = effective(self.schema, self.classes[uid], self.said[uid])
            assert self.values[uid].get("name"), "a record without a name"
        for uid, values in self.values.items():
            for name, value in values.items():
                attribute = self.schema.attribute(self.classes[uid], name)
                if attribute.type == "reference":
                    assert value in self.classes, f"{name} points nowhere"
        return len(edits)

    def _state(self, edit: Edit, revision: Revision) -> None:
        uid = edit.record.key[0]
        if edit.record.kind == "ci":
            if edit.field == "class":
                assert self.classes[uid] == edit.before
                self.classes[uid] = edit.after
                return
            assert not edit.field
            assert uid not in self.classes
            assert not self.schema.classes[edit.after["class"]].abstract
            self.classes[uid] = edit.after["class"]
            own = {a: [v, revision.time] for a, v in edit.after.items() if a != "class"}
            self.said[uid] = {revision.source: own} if own else {}
            return
        own = self.said[uid].setdefault(edit.record.key[1], {})
        fields = {edit.field: edit.after} if edit.field else edit.after
        if edit.field:
            assert own.get(edit.field) == edit.before
        else:
            assert not own
        for attribute, pair in fields.items():
            if pair is None:
                del own[attribute]
            else:
                own[attribute] = list(pair)

    def _record(self, edit: Edit) -> None:
        kind, key = edit.record
        if kind == SECTION_NOW:
            return
        own = self.records[kind]
        if edit.field:
            assert own[key].get(edit.field) == edit.before
            own[key] = {**own[key], edit.field: edit.after}
            if edit.after is None:
                del own[key][edit.field]
        elif edit.after is None:
            assert own.pop(key) == edit.before
        else:
            assert key not in own
            own[key] = dict(edit.after)
        if kind in ("relationship", "membership"):
            assert key[-2] in self.classes
            assert key[-1] in self.classes

    # -- answering --------------------------------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        return not self.classes

    def by_attribute(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        return self._find(classes, keys, attribute, str.casefold)

    def by_unique_value(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        return self._find(classes, keys, attribute, name_key if attribute == "name" else _without_case)

    def by_name(self, classes: Sequence[str], keys: Collection[str]) -> Found:
        return self._find(classes, keys, "name", name_key)

    def _find(
        self, classes: Sequence[str], keys: Collection[str], attribute: str, key_of: Callable[[str], str]
    ) -> Found:
        index = self._indexes.get((attribute, key_of))
        if index is None:
            index = self._indexes[attribute, key_of] = defaultdict(list)
            for uid, values in self.values.items():
                if attribute in values:
                    index[key_of(str(values[attribute]))].append(uid)
        family = set(classes)
        found = {key: [u for u in index[key] if self.classes[u] in family] for key in keys if key in index}
        return {key: uids for key, uids in found.items() if uids}

    def by_evidence(self, kind: str, values: Collection[str]) -> Found:
        found: dict[str, list[str]] = defaultdict(list)
        wanted = set(values)
        for uid, said in self.said.items():
            have = {v for own in said.values() for v in (own.get(f"evidence.{kind}") or [()])[0] or ()}
            for value in have & wanted:
                found[value].append(uid)
        return found

    def known_sources(self, keys: Collection[str]) -> Collection[str]:
        return {source for own in self.said.values() for source in own} & set(keys)

    def merged_into(self, uids: Collection[str]) -> Mapping[str, str]:
        return {}  # nothing is merged here

    def former_names(self, uids: Collection[str]) -> Mapping[str, Mapping[str, Collection[str]]]:
        return {}

    def cis(self, uids: Collection[str]) -> Mapping[str, KnownRecord]:
        return {u: KnownRecord(self.classes[u], self.values[u]) for u in uids if u in self.classes}

    def claims(self, uids: Collection[str]) -> Mapping[str, Said]:
        return {u: self.said[u] for u in uids if u in self.said}

    def repeats(self, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Collection[str]:
        return {
            uid
            for uid, (source, values) in stated.items()
            for other, own in self.said.get(uid, {}).items()
            if repeated(source, other, values, {a: pair[0] for a, pair in own.items()})
        }

    def unchanged_records(self, fingerprints: Mapping[str, Collection[str]]) -> Mapping[str, UnchangedRecord]:
        return {}  # this register knows no revisions: every row is weighed

    def names(self, classes: Sequence[str]) -> Collection[str]:
        return [v["name"] for u, v in self.values.items() if self.classes[u] in classes]

    def written(
        self, classes: Sequence[str], attribute: str, among: Collection[str] | None = None
    ) -> Mapping[str, str]:
        found = {v[attribute]: u for u, v in self.values.items() if self.classes[u] in classes and attribute in v}
        return {value: uid for value, uid in found.items() if among is None or value.casefold() in among}

    def relationships(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        wanted = set(uids)
        return {k: f for k, f in self.records["relationship"].items() if wanted & set(k[1:])}  # type: ignore[misc]

    def memberships(
        self, relationships: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, ...], Mapping[str, Mapping[str, Any]]]:
        found: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for (group, *key), fields in self.records["membership"].items():
            if tuple(key) in relationships:
                found[tuple(key)][group] = fields
        return found

    def above(self, hierarchy: str, uids: Collection[str]) -> Mapping[str, Collection[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        known = self.schema.hierarchies[hierarchy]
        for uid in uids:
            for attribute in known.attributes.get(self.classes[uid], ()):
                found[uid].update([self.values[uid][attribute]] if attribute in self.values[uid] else ())
        for kind, source, target in self.records["relationship"]:
            if kind in known.types and source in uids:
                found[source].add(target)
        return found

    def groups(self, owners: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        return {k[0]: f for k, f in self.records["group"].items() if f["owner"] in owners}

    def installations(self, computers: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return {k: f for k, f in self.records["installation"].items() if k[0] in computers}

    def sightings(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], KnownSighting]:
        known = {k: f for k, f in self.records["sighting"].items() if k[0] in uids}
        return {k: KnownSighting(f["observed"], f.get("digest") or "") for k, f in known.items()}  # type: ignore[misc]

    def section_rows(
        self, parts: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Any]]]:
        found: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for (record, section, source, key), fields in self.records["section"].items():
            if (record, section, source) in parts:
                found[record, section, source][key] = fields
        return found

    def holder_events(self, uids: Collection[str]) -> Collection[tuple[str, int, str | None]]:
        found = self.records.get("event", {}).values()
        told = [one for one in found if one["record"] in uids and one.get("field") == "assigned_to"]
        return {(one["record"], one["at"], one.get("after_ref")) for one in told}

    def assignments(self, licences: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        return {k: f for k, f in self.records["assignment"].items() if k[0] in licences}

    def decisions(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        return {k[0]: f for k, f in self.records["decision"].items() if k[0] in ids}

    # -- for the tests ----------------------------------------------------------------------------------------------

    def take(self, *readings: Reading, **options: Any) -> Proposal:
        """Reconciles the readings and applies what comes of it."""
        proposal = self.propose(*readings, **options)
        self.apply(proposal.revision)
        return proposal

    def propose(self, *readings: Reading, **options: Any) -> Proposal:
        """Reconciles the readings."""
        lookup: Lookup = self
        return reconcile(list(readings), lookup, self.schema, "tester", **options)

    def all(self, cls: str = "ci") -> list[dict[str, Any]]:
        """Values of every CI of a class, with references as names and the class, sorted by name."""
        found = []
        for uid, values in self.values.items():
            if self.schema.is_a(self.classes[uid], cls):
                shown = {
                    a: self.values[v]["name"] if self.schema.attribute(self.classes[uid], a).type == "reference" else v
                    for a, v in values.items()
                }
                found.append({"class": self.classes[uid], **shown})
        return sorted(found, key=lambda v: (v["class"], v["name"], sorted(map(str, v.items()))))

    def uid(self, name: str, cls: str = "ci") -> str:
        """The id of the one CI of that name."""
        (found,) = [u for u, v in self.values.items() if v["name"] == name and self.schema.is_a(self.classes[u], cls)]
        return found

    def get(self, name: str, cls: str = "ci") -> dict[str, Any]:
        """The values of the one CI of that name."""
        return self.values[self.uid(name, cls)]


def _without_case(value: str) -> str:
    return unique_key("", value)


def sheet(
    *rows: Observation, file: str = "assets.xlsx", observed: str = "2026-03-01T10:00:00Z", **more: Any
) -> Reading:
    """A spreadsheet's reading."""
    return Reading(Source("sheet", file), observed, list(rows), read=len(rows), **more)


def scan(*seen: Observation, host: str = "agent", observed: str = "2026-03-02T10:00:00Z", **more: Any) -> Reading:
    """A scan's reading."""
    return Reading(Source("scan", host), observed, list(seen), read=len(seen), **more)
