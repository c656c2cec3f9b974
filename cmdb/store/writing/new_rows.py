"""Installations and rows of sections of items that the revision itself creates.

An inventory has a thousand of them. Nothing is there yet that they could contradict, so they are written without a
comparison. What is not plain is left to ``RecordWriter``, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cmdb.model.revision import Record
from cmdb.store.rows.codec import KIND_TABLES, Identities, dump_sorted
from cmdb.store.rows.journal import Journal
from cmdb.store.writing.interned_values import InternedBodies, InternedReleases
from cmdb.store.writing.section_rules import SectionRules

_New = Sequence[tuple[Any, Any]]
"""Keys of new records, each with its fields."""
_INSTALLATION, _SECTION = KIND_TABLES["installation"], KIND_TABLES["section"]
_KEY = {"installation": 6, "section": 4}
_ENCODED = [(place, held) for place, held in enumerate(_INSTALLATION.fields.values()) if held.form != "text"]


class NewRows:
    """Writes the rows of one revision that are new for certain."""

    def __init__(
        self, ids: Identities, journal: Journal, releases: InternedReleases, bodies: InternedBodies,
        sections: SectionRules,
    ) -> None:  # fmt: skip
        self._ids = ids
        self._journal = journal
        self._releases = releases
        self._bodies = bodies
        self._sections = sections

    def write(self, records: Mapping[Record, Any]) -> bool:
        """Writes new records with their fields. Returns False, and has written nothing, where one is not plain.

        Raises InvalidValue where a row does not fit its section.
        """
        installed: list[tuple[Any, Any]] = []
        seen: list[tuple[Any, Any]] = []
        for (kind, key), fields in records.items():
            if len(key) != _KEY[kind] or type(fields) is not dict or None in fields.values():
                return False
            (installed if kind == "installation" else seen).append((key, fields))
        if not self._are_plain(installed):
            return False
        bodies = self._bodies_of(seen)
        self._install(installed)
        self._add_to_sections(seen, bodies)
        return True

    def _are_plain(self, installed: _New) -> bool:
        known, inner = _INSTALLATION.fields.keys(), self._ids.inner
        users: set[str] = set()
        for _, fields in installed:
            if not fields.keys() <= known:
                return False
            if "user" in fields:
                users.add(fields["user"])
        self._ids.want_inner(users)
        return users <= inner.keys()

    def _install(self, installed: _New) -> None:
        if not installed:
            return
        inner, releases, number = self._ids.inner, self._releases, self._journal.number
        names = tuple(_INSTALLATION.fields)
        releases.want({key[2:] for key, _ in installed}, create=True)
        rows = []
        for key, fields in installed:
            values: list[Any] = list(map(fields.get, names))
            for place, held in _ENCODED:
                if values[place] is not None:
                    values[place] = held.encode(values[place], inner)
            rows.append((inner[key[0]], releases[key[2:]], key[1], *values, number))
        self._journal.insert(_INSTALLATION.table, (*_INSTALLATION.read, "revision"), rows)

    def _bodies_of(self, seen: _New) -> list[str]:
        """The text of each row, whose columns fit its section."""
        self._sections.check_all((key[1], fields) for key, fields in seen)
        return [dump_sorted(fields).decode() for _, fields in seen]

    def _add_to_sections(self, seen: _New, texts: Sequence[str]) -> None:
        if not seen:
            return
        inner, bodies, number = self._ids.inner, self._bodies, self._journal.number
        bodies.create(texts)
        rows = [
            (inner[key[0]], key[1], key[2], key[3], bodies[text], number)
            for (key, _), text in zip(seen, texts, strict=True)
        ]
        self._journal.insert(_SECTION.table, (*_SECTION.read, "revision"), rows)
        self._sections.note_new(rows)
