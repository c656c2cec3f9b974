"""The small estate of the tests in a real store: the same questions and rules, answered by a file or a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cmdb.model.observation import Reading
from cmdb.model.revision import Revision
from cmdb.model.selection import Selection
from cmdb.reconciliation import KnownRecord, Proposal, reconcile
from cmdb.reconciliation.lookup import Found, KnownSighting, Said
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.store import Store
from tests.cmdb.reconciliation.estate import ReconciledEstate

Records = dict[str, dict[tuple[str, ...], dict[str, Any]]]


class Stored(ReconciledEstate):
    """As ``ReconciledEstate``; what the tests look at is read from the store whenever they do."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.schema = store.schema

    def apply(self, revision: Revision) -> int:
        self.store.apply(revision)
        return sum(1 for _ in revision.edits)

    def propose(self, *readings: Reading, **options: Any) -> Proposal:
        with self.store.read() as reader:
            return reconcile(list(readings), StoreLookup(reader), self.schema, "tester", **options)

    @property
    def number(self) -> int:  # type: ignore[override]
        return self.store.data_version()

    # -- what is there ----------------------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, dict[str, Any]]:  # type: ignore[override]
        with self.store.read() as reader:
            return {one.uid: dict(one.values) for one in reader.all(Selection())}

    @property
    def classes(self) -> dict[str, str]:  # type: ignore[override]
        with self.store.read() as reader:
            return {one.uid: one.cls for one in reader.all(Selection())}

    @property
    def said(self) -> dict[str, dict[str, dict[str, list[Any]]]]:  # type: ignore[override]
        with self.store.read() as reader:
            return {uid: dict(own) for uid, own in reader.said([c.uid for c in reader.all(Selection())]).items()}

    @property
    def records(self) -> Records:  # type: ignore[override]
        with self.store.read() as reader:
            found: Records = defaultdict(dict)
            for kind in KIND_TABLES:
                if kind != "installation":
                    found[kind] = {key: dict(fields) for key, fields in reader.records(kind).items()}
            found["installation"] = _installed(reader)
            return found

    # -- questions --------------------------------------------------------------------------------------------------

    def _ask(self, question: str, *about: Any) -> Any:
        with self.store.read() as reader:
            return getattr(StoreLookup(reader), question)(*about)

    def by_attribute(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        found: Found = self._ask("by_attribute", classes, attribute, keys)
        return found

    def by_unique_value(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        found: Found = self._ask("by_unique_value", classes, attribute, keys)
        return found

    def by_name(self, classes: Sequence[str], keys: Collection[str]) -> Found:
        found: Found = self._ask("by_name", classes, keys)
        return found

    def by_evidence(self, kind: str, values: Collection[str]) -> Found:
        found: Found = self._ask("by_evidence", kind, values)
        return found

    def known_sources(self, keys: Collection[str]) -> Collection[str]:
        found: Collection[str] = self._ask("known_sources", keys)
        return found

    def merged_into(self, uids: Collection[str]) -> Mapping[str, str]:
        found: Mapping[str, str] = self._ask("merged_into", uids)
        return found

    def former_names(self, uids: Collection[str]) -> Mapping[str, Mapping[str, Collection[str]]]:
        found: Mapping[str, Mapping[str, Collection[str]]] = self._ask("former_names", uids)
        return found

    def cis(self, uids: Collection[str]) -> Mapping[str, KnownRecord]:
        found: Mapping[str, KnownRecord] = self._ask("cis", uids)
        return found

    def claims(self, uids: Collection[str]) -> Mapping[str, Said]:
        found: Mapping[str, Said] = self._ask("claims", uids)
        return found

    def repeats(self, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Collection[str]:
        found: Collection[str] = self._ask("repeats", stated)
        return found

    def names(self, classes: Sequence[str]) -> Collection[str]:
        found: Collection[str] = self._ask("names", classes)
        return found

    def relationships(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        found: Mapping[tuple[str, str, str], Mapping[str, Any]] = self._ask("relationships", uids)
        return found

    def above(self, hierarchy: str, uids: Collection[str]) -> Mapping[str, Collection[str]]:
        found: Mapping[str, Collection[str]] = self._ask("above", hierarchy, uids)
        return found

    def groups(self, owners: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self._ask("groups", owners)
        return found

    def installations(self, computers: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        found: Mapping[tuple[str, ...], Mapping[str, Any]] = self._ask("installations", computers)
        return found

    def sightings(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], KnownSighting]:
        found: Mapping[tuple[str, str, str], KnownSighting] = self._ask("sightings", uids)
        return found

    def section_rows(
        self, parts: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Any]]]:
        found: Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Any]]] = self._ask("section_rows", parts)
        return found

    def assignments(self, licences: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        found: Mapping[tuple[str, ...], Mapping[str, Any]] = self._ask("assignments", licences)
        return found

    def decisions(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self._ask("decisions", ids)
        return found


def _installed(reader: Reader) -> dict[tuple[str, ...], dict[str, Any]]:
    computers = [one.uid for one in reader.all(Selection("computer"))]
    return {key: dict(fields) for key, fields in StoreLookup(reader).installations(computers).items()}
