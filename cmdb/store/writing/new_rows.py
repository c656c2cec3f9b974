"""Installations and rows of sections of items that the revision itself creates.

An inventory has a thousand of them. Nothing is there yet that they could contradict, so they are written without a
comparison. What is not plain is left to ``RecordWriter``, which says what is wrong.
"""

from __future__ import annotations

from typing import Any

from cmdb.model.packed_edits import NewRecords
from cmdb.store.rows.codec import KIND_TABLES, Identities, dump_sorted
from cmdb.store.rows.journal import Journal
from cmdb.store.writing.interned_values import InternedBodies, InternedReleases
from cmdb.store.writing.section_rules import SectionRules

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

    def write(self, new: NewRecords) -> bool:
        """Writes new records. Returns False, and has written nothing, where one is not plain.

        Raises InvalidValue where a row does not fit its section.
        """
        length = _KEY[new.kind]
        if any(len(key) != length for key in new.keys):
            return False
        if any(type(fields) is not dict or None in fields.values() for fields in new.fields):
            return False
        if new.kind == "section":
            self._add_to_sections(new)
            return True
        return self._install(new)

    def _install(self, new: NewRecords) -> bool:
        known, inner = _INSTALLATION.fields.keys(), self._ids.inner
        if not known >= set().union(*new.fields):
            return False
        users = {str(fields["user"]) for fields in new.fields if "user" in fields}
        self._ids.want_inner(users)
        if not users <= inner.keys():
            return False
        releases, number = self._releases, self._journal.number
        releases.want({key[2:] for key in new.keys}, create=True)  # type: ignore[misc]
        names = tuple(known)
        rows = []
        for key, fields in zip(new.keys, new.fields, strict=True):
            values: list[Any] = list(map(fields.get, names))
            for place, held in _ENCODED:
                if values[place] is not None:
                    values[place] = held.encode(values[place], inner)
            rows.append((inner[key[0]], releases[key[2:]], key[1], *values, number))  # type: ignore[index]
        self._journal.insert(_INSTALLATION.table, (*_INSTALLATION.read, "revision"), rows)
        return True

    def _add_to_sections(self, new: NewRecords) -> None:
        self._sections.check_all((key[1], fields) for key, fields in zip(new.keys, new.fields, strict=True))
        inner, bodies, number = self._ids.inner, self._bodies, self._journal.number
        texts = [dump_sorted(fields).decode() for fields in new.fields]
        bodies.create(texts)
        rows = [
            (inner[uid], section, source, key, bodies[text], number)
            for (uid, section, source, key), text in zip(new.keys, texts, strict=True)
        ]
        self._journal.insert(_SECTION.table, (*_SECTION.read, "revision"), rows)
        self._sections.note_new(rows)
