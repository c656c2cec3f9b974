"""What reconciliation asks of the register: bulk questions, each answered once per import.

The store answers them with one query per few thousand values. All keys of names and identifying values are lower case
(``str.casefold``); answers are keyed by what was asked, and leave out what was not found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from cmdb.model.claims import kind_of

Found = Mapping[str, Sequence[str]]
"""Key asked for → ids of the CIs that have it."""


class KnownRecord(NamedTuple):
    """A CI at present: its class and effective values (references are ids)."""

    cls: str
    values: Mapping[str, Any]


class UnchangedRecord(NamedTuple):
    """A CI of which a source's statements stand as they were made."""

    uid: str
    cls: str
    name: str


Said = Mapping[str, Mapping[str, Sequence[Any]]]
"""The statements about one CI: source key → attribute → [value, observed]."""


def repeated(source: str, other: str, values: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether what a source states is what one has ``said`` already: the source itself, or a sheet before a sheet."""
    same = source == other or (kind_of(source) == "sheet" and kind_of(other) == "sheet")
    return same and values.items() <= said.items()


def name_key(name: str) -> str:
    """What names are compared by: case and spacing do not count."""
    return " ".join(name.casefold().split())


_PATH = re.compile(r"\s+/\s+|\s*[>»›]\s*")


def path(name: str) -> list[str]:
    """The parts of a place's name such as “Rotterdam / Floor 2” or “Lyon > B3 > 2.14”, the widest first."""
    return [part for part in _PATH.split(name.strip()) if part]


class Lookup(Protocol):
    """A consistent view of the register, asked in bulk."""

    def by_attribute(self, classes: Sequence[str], attribute: str, keys: Collection[str]) -> Found:
        """CIs of those classes by the value of a text attribute, compared in lower case."""

    def by_name(self, classes: Sequence[str], keys: Collection[str]) -> Found:
        """CIs of those classes by ``name_key`` of their name."""

    def by_evidence(self, kind: str, values: Collection[str]) -> Found:
        """CIs by evidence kept in their claims: ``mac``, ``board_serial``, ``disk_serial``, ``serial_number``."""

    def cis(self, uids: Collection[str]) -> Mapping[str, KnownRecord]:
        """CIs by id; ids that name none are left out."""

    def claims(self, uids: Collection[str]) -> Mapping[str, Said]:
        """All statements about those CIs."""

    def repeats(self, stated: Mapping[str, tuple[str, Mapping[str, Any]]]) -> Collection[str]:
        """CI → (source key, values): those CIs of which ``repeated`` holds. Quicker than comparing ``claims``."""

    def standing(self, prints: Mapping[str, Collection[str]]) -> Mapping[str, UnchangedRecord]:
        """Print of a row → the one CI of which a source said it and all of those attributes, and that has not changed
        since; see ``unchanged_rows``.
        """

    def names(self, classes: Sequence[str]) -> Collection[str]:
        """The names of all CIs of those classes, as written."""

    def relationships(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], Mapping[str, Any]]:
        """(type, source, target) → fields, for every relationship with one of those CIs at either end."""

    def groups(self, owners: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Dependency groups of those CIs: id → fields (owner, label, needs, strength)."""

    def installations(self, computers: Collection[str]) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
        """(computer, scope, publisher, product, edition, version) → fields, for everything installed on them."""

    def sightings(self, uids: Collection[str]) -> Mapping[tuple[str, str, str], str]:
        """(CI, source key, section) → when it was last looked at."""

    def assignments(self, licences: Collection[str]) -> Collection[tuple[str, str]]:
        """(licence, holder) of those licences."""

    def decisions(self, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """Decisions by id: their fields."""
