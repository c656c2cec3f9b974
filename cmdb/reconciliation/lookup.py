"""The look-ups of reconciliation in the register: bulk queries, each run once per import.

The store runs one query per few thousand values. All keys of names and identifying values are lower case
(``str.casefold``). Results are keyed by the requested value, and omit values that were not found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Any, NamedTuple, Protocol

from cmdb.model.claims import kind_of

Found = Mapping[str, Sequence[str]]
"""Requested key → ids of the CIs that have it."""


class KnownRecord(NamedTuple):
    """A current CI: its class and effective values (references are ids)."""

    cls: str
    values: Mapping[str, Any]


class KnownSighting(NamedTuple):
    """When a source last inspected a section of a record, and the digest of the rows that it saw; "": none."""

    observed: str
    digest: str = ""


class UnchangedRecord(NamedTuple):
    """A CI with unchanged statements of one or more sources (their keys)."""

    uid: str
    cls: str
    name: str
    sources: frozenset[str]


Said = Mapping[str, Mapping[str, Sequence[Any]]]
"""The statements about one CI: source key → attribute → [value, observed]."""


def repeated(source: str, other: str, values: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether a source repeats statements that ``other`` has ``said``: they are the same source, or both sheets."""
    same = source == other or (kind_of(source) == "sheet" and kind_of(other) == "sheet")
    return same and values.items() <= said.items()


class Lookup(Protocol):
    """A consistent view of the register for bulk queries."""

    @property
    def number(self) -> int:
        """The number of the latest revision in the view."""

    @property
    def empty(self) -> bool:
        """Whether the register has no records: nothing needs to be looked up then."""

    def by_attribute(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        """CIs of those classes by the value of a text attribute, compared in lower case."""

    def by_unique_value(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        """CIs of those classes by ``unique_key`` of an attribute; of a number, by it as a text."""

    def by_name(self, classes: Sequence[str], keys: Collection[str]) -> Found:
        """CIs of those classes by ``name_key`` of their name."""

    def by_evidence(self, kind: str, values: Collection[str]) -> Found:
        """CIs by evidence kept in their claims: ``mac``, ``board_serial``, ``disk_serial``, ``serial_number``."""

    def merged_into(self, uids: Collection[str]) -> Mapping[str, str]:
        """Id of a record that was merged into another one → the id of that one."""

    def former_names(self, uids: Collection[str]) -> Mapping[str, Mapping[str, Collection[str]]]:
        """CI → attribute → values by which it was once called and is still found, in lower case. ``by_attribute`` and
        ``by_name`` find it by them where no other record has them.
        """

    def cis(self, uids: Collection[str]) -> Mapping[str, KnownRecord]:
        """CIs by id. Ids without a CI are left out."""

    def claims(self, uids: Collection[str]) -> Mapping[str, Said]:
        """All statements about those CIs."""

    def known_sources(self, keys: Collection[str]) -> Collection[str]:
        """Those of these sources that say something of any CI."""

    def repeats(self, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Collection[str]:
        """CI → (source key, values), for the CIs of which ``repeated`` is true. Faster than comparing ``claims``."""

    def unchanged_records(self, fingerprints: Mapping[str, Set[str]]) -> Mapping[str, UnchangedRecord]:
        """Fingerprint of a row → the only CI that has it with statements of these attributes, and that has not changed
        since; see ``unchanged_rows``.
        """

    def names(self, classes: Sequence[str]) -> Collection[str]:
        """The names of all CIs of those classes, as written."""

    def written(
        self, classes: Sequence[str], attribute: str, among: Collection[str] | None = None
    ) -> Mapping[str, str]:
        """The values of a text attribute of those classes, as written → the id of a record that has it.

        ``among``: of those that are one of these in lower case.
        """

    def relationships(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        """(type, source, target) → fields, for every relationship with one of those CIs at either end."""

    def memberships(
        self, relationships: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, ...], Mapping[str, Mapping[str, Any]]]:
        """Relationship (type, source, target) → the dependency groups that it is in (id → fields of the membership);
        without those in none.
        """

    def above(self, hierarchy: str, uids: Collection[str]) -> Mapping[str, Collection[str]]:
        """What is directly above those CIs in a hierarchy, by attributes and relationships."""

    def groups(self, owners: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Dependency groups of those CIs: id → fields (owner, label, needs, strength)."""

    def installations(self, computers: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """(computer, scope, publisher, product, edition, version) → fields, for the installations on the computers."""

    def sightings(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], KnownSighting]:
        """(CI, source key, section) → the last sighting."""

    def section_rows(
        self, parts: Collection[tuple[str, str, str]]
    ) -> Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Any]]]:
        """(record, section, source key) → its rows: key → columns, for those of the wanted that have some."""

    def assignments(self, licences: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """(licence, holder) of those licences → fields."""

    def holder_events(self, uids: Collection[str]) -> Collection[tuple[str, int, str | None]]:
        """(CI, time in milliseconds since 1970 UTC, holder) of the events about who has those CIs."""

    def open_decisions(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The open decisions of a kind by id: their fields."""

    def decisions(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Decisions by id: their fields."""
