"""Installations and rows of sections of items that the revision itself creates.

An inventory has a thousand of them. Nothing is there yet that they could contradict, so they are written without a
comparison.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from cmdb.model.new_records import NewInstallations, NewSectionRows
from cmdb.store.rows.codec import KIND_TABLES, Identities, dump_sorted
from cmdb.store.rows.journal import Journal
from cmdb.store.writing.interned_values import InternedBodies, InternedReleases
from cmdb.store.writing.section_rules import SectionRules

_INSTALLATION, _SECTION = KIND_TABLES["installation"].table, KIND_TABLES["section"].table
_INSTALLED = ("computer", "release", "scope", "user", "environment", "last_used", "origin", "installed_on", "stated_by",
              "revision")  # fmt: skip
_ROW = ("record", "section", "source", "row_key", "body", "revision")
_AT_ONCE = 25_000
"""The number of rows that are written together: the more, the more of an index is written in its order."""


class NewRows:
    """Writes the rows of one revision that are new for certain. ``write`` collects them, ``flush`` writes the last."""

    def __init__(
        self, ids: Identities, journal: Journal, releases: InternedReleases, bodies: InternedBodies,
        sections: SectionRules,
    ) -> None:  # fmt: skip
        self._ids = ids
        self._journal = journal
        self._releases = releases
        self._bodies = bodies
        self._sections = sections
        self._installed: list[NewInstallations] = []
        self._rows: list[NewSectionRows] = []
        self._waiting = {NewInstallations: 0, NewSectionRows: 0}
        """The numbers of rows that are not written yet."""

    def write(self, new: NewInstallations | NewSectionRows) -> bool:
        """Writes new records. Returns False, and has written nothing, where one names a user who is not there.

        Raises InvalidValue where a row does not fit its section.
        """
        if isinstance(new, NewSectionRows):
            self._sections.check_all(new.section, new.rows)
            self._sections.note_new((self._ids.inner[new.record], new.section, new.source))
            self._rows.append(new)
            self._waiting[NewSectionRows] += len(new)
            if self._waiting[NewSectionRows] >= _AT_ONCE:
                self._flush_rows()
            return True
        users = {one[5] for one in new.software if one[5]}
        self._ids.want_inner(users)
        if not users <= self._ids.inner.keys():
            return False
        self._installed.append(new)
        self._waiting[NewInstallations] += len(new)
        if self._waiting[NewInstallations] >= _AT_ONCE:
            self._flush_installed()
        return True

    def flush(self) -> None:
        """Writes what was not written yet."""
        self._flush_installed()
        self._flush_rows()

    def _flush_installed(self) -> None:
        its, self._installed, self._waiting[NewInstallations] = self._installed, [], 0
        inner, number = self._ids.inner, self._journal.number
        releases = iter(self._releases.numbers([one for new in its for one in new.software]))
        rows: list[tuple[Any, ...]] = []
        for new in its:
            computer, stated = inner[new.computer], dump_sorted(new.stated_by).decode() if new.stated_by else None
            rows += [
                (computer, release, scope, inner[user] if user else None, environment or None, last_used or None,
                 origin or None, day or None, stated, number)
                for (_, _, _, _, scope, user, environment, last_used, origin), day, release
                in zip(new.software, new.days, islice(releases, len(new)), strict=True)
            ]  # fmt: skip
        self._journal.insert(_INSTALLATION, _INSTALLED, rows)

    def _flush_rows(self) -> None:
        its, self._rows, self._waiting[NewSectionRows] = self._rows, [], 0
        inner, number = self._ids.inner, self._journal.number
        bodies = iter(self._bodies.numbers([row for new in its for row in new.rows]))
        rows: list[tuple[Any, ...]] = []
        for new in its:
            record, section, source = inner[new.record], new.section, new.source
            rows += [
                (record, section, source, key, body, number)
                for key, body in zip(new.keys, islice(bodies, len(new)), strict=True)
            ]
        self._journal.insert(_SECTION, _ROW, rows)
