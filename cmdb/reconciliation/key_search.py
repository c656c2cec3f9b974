"""Searches keys in the register. Each needed key is looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdb.model.control import Control
from cmdb.reconciliation.keys import HARDWARE, MANY, VARIED, IdentifiedObservation, Key, Keys
from cmdb.reconciliation.lookup import KnownRecord, Lookup

#: The kinds of keys that find most records in the first look-up, the fastest first.
_FIRST = ("asset_tag", "serial_number", "email", "employee_number", "user_name", "imei", "uuid")

Hits = dict[str, dict[str, tuple[str, ...]]]
"""Kind → key → ids of the records that have it."""


class KeyFinder:
    """Finds the records that have a key, for the keys of one import."""

    def __init__(self, keys: Keys, lookup: Lookup, control: Control | None) -> None:
        self._keys = keys
        self._lookup = lookup
        self._control = control
        self._empty = lookup.empty
        self._asked: dict[tuple[str, str], dict[str, str]] = {}
        self.hits: dict[str, Hits] = {}
        """Family → its hits."""
        self.shared: set[tuple[str, str]] = set()
        """(kind, key) of what several records have. Names are left out: many are."""

    def recognise(self, seen: Iterable[IdentifiedObservation]) -> tuple[dict[int, str], dict[str, KnownRecord]]:
        """Observations (by ``id``) whose identifying values all equal those of one record, and these records. It needs
        one look-up; weighing needs one for each kind of key.
        """
        if self._empty:
            return {}, {}
        by_kind: dict[tuple[str, str], list[IdentifiedObservation]] = {}
        first: list[tuple[IdentifiedObservation, str]] = []
        for one in seen:
            for kind in _FIRST:
                if kind in one.keys:
                    first.append((one, kind))
                    by_kind.setdefault((one.root, kind), []).append(one)
                    break
        wanted: dict[str, dict[str, dict[str, str]]] = {}
        for (root, kind), its in by_kind.items():
            wanted.setdefault(root, {})[kind] = self._forms(kind, its)
        self._ask_all(wanted)
        found = {
            u for hits in self.hits.values() for own in hits.values() for us in own.values() if len(us) == 1 for u in us
        }
        known = dict(self._lookup.cis(sorted(found))) if found else {}
        same: dict[int, str] = {}
        for one, kind in first:
            uids = self.hits.get(one.root, {}).get(kind, {}).get(one.keys[kind], ())  # type: ignore[arg-type]
            if len(uids) == 1 and uids[0] in known and _alike(one, known[uids[0]].values):
                same[id(one)] = uids[0]
        return same, known

    def look_up(self, seen: Iterable[IdentifiedObservation]) -> None:
        """Looks up the keys of the observations that were not looked up yet."""
        if self._empty:
            return
        by_root: dict[str, list[IdentifiedObservation]] = {}
        for one in seen:
            by_root.setdefault(one.root, []).append(one)
        wanted: dict[str, dict[str, dict[str, str]]] = {}
        for root, its in by_root.items():
            kinds = wanted[root] = {}
            for kind in sorted(set[str]().union(*(one.keys for one in its))):
                kinds[kind] = self._forms(kind, [one for one in its if kind in one.keys])
            if root == HARDWARE:
                for one in its:
                    self._across(one.keys, kinds)
        self._ask_all(wanted)

    def found(self) -> set[str]:
        """Every record that shares a key with an observation."""
        return {uid for hits in self.hits.values() for own in hits.values() for uids in own.values() for uid in uids}

    def forget(self) -> None:
        """Lets go of what was looked up; what was found stays."""
        self._asked.clear()

    def absent(self, root: str, kind: str, form: str) -> bool:
        """Whether a form was looked up and no record has it."""
        if self._empty:
            return True
        asked = self._asked.get((root, kind))
        return asked is not None and form in asked and asked[form] not in self.hits.get(root, {}).get(kind, {})

    def _forms(self, kind: str, seen: Sequence[IdentifiedObservation]) -> dict[str, str]:
        """Form → key, of all forms in which the register may hold a key of that kind, which each observation has."""
        keys: list[Any] = [one.keys[kind] for one in seen]
        forms: dict[str, str] = {}
        if kind in MANY:
            keys = [value for several in keys for value in several]
        elif kind in VARIED:
            for one, key in zip(seen, keys, strict=True):
                self._keys.add_forms(forms, kind, key, one.obs.values)
        forms.update(zip(keys, keys, strict=True))
        return forms

    @staticmethod
    def _across(keys: Mapping[str, Key], kinds: dict[str, dict[str, str]]) -> None:
        """The name of a machine may be its host name in the register, and the reverse."""
        name, host = keys.get("name"), keys.get("host_name")
        if host is not None:
            if host != name:
                kinds.setdefault("name", {}).setdefault(str(host), str(host))
        elif name is not None:
            kinds.setdefault("host_name", {}).setdefault(str(name), str(name))

    def _ask_all(self, wanted: Mapping[str, Mapping[str, dict[str, str]]]) -> None:
        for root, kinds in sorted(wanted.items()):
            for kind, forms in sorted(kinds.items()):
                if self._control:
                    self._control.check()
                self._ask(root, kind, forms)

    def _ask(self, root: str, kind: str, forms: dict[str, str]) -> None:
        asked = self._asked.get((root, kind))
        if asked is None:
            self._asked[root, kind] = forms
        else:
            forms = {form: key for form, key in forms.items() if form not in asked}
            asked.update(forms)
        if not forms:
            return
        found = self.hits.setdefault(root, {}).setdefault(kind, {})
        for answer in self._answers(self._keys.schema.family(root), kind, forms):
            for form, uids in answer.items():
                key = forms[form]
                if len(uids) > 1 or key in found:
                    found[key] = tuple(sorted({*found.get(key, ()), *uids}))
                    if len(found[key]) > 1 and kind not in ("name", "host_name"):
                        self.shared.add((kind, key))
                else:
                    found[key] = tuple(uids)

    def _answers(
        self, classes: Sequence[str], kind: str, forms: Mapping[str, str]
    ) -> Iterable[Mapping[str, Sequence[str]]]:
        if kind == "name":
            yield self._lookup.by_name(classes, forms.keys())
        elif kind in MANY:
            yield self._lookup.by_evidence(kind, forms.keys())
            if kind == "mac":
                yield self._lookup.by_attribute(classes, "mac_address", forms.keys())
        else:
            yield self._lookup.by_attribute(classes, kind, forms.keys())
            if kind == "serial_number":
                yield self._lookup.by_evidence(kind, forms.keys())


def _alike(one: IdentifiedObservation, values: Mapping[str, object]) -> bool:
    """Whether a record has all values from which an observation's keys were made, and there are several."""
    own = one.obs.values
    for kind in one.keys:
        attribute = "mac_address" if kind == "mac" else kind
        if own.get(attribute) != values.get(attribute):
            return False
    return len(one.keys) > 1 and "name" in one.keys
