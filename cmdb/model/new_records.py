"""Many records that are not there yet, as inventories list them: installations, and rows of sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdb.model.packed_rows import decode_row, encode_row
from cmdb.model.revision import Edit, Record
from cmdb.model.shared_values import SharedValues

_MORE = ("user", "environment", "last_used", "origin")
_FIELDS = frozenset({*_MORE, "installed_on"})
_INSTALLATION_KEY, _ROW_KEY = 6, 4
"""The numbers of parts of the keys."""


@dataclass(frozen=True, slots=True)
class NewInstallations:
    """Software on a computer, all different: the fields of each ``InstalledSoftware`` without its day, and the days.

    The user is the id of a person.
    """

    computer: str
    stated_by: tuple[str, ...]
    software: Sequence[tuple[str, ...]]
    days: Sequence[str]

    def __len__(self) -> int:
        return len(self.software)

    @property
    def owner(self) -> str:
        """The record that has them."""
        return self.computer

    def kept(self, values: SharedValues) -> Callable[[], NewInstallations]:
        """Keeps them in less memory. Returns what makes them again."""
        computer, stated_by = self.computer, self.stated_by
        software, days = values.keep(self.software), values.keep(self.days)
        return lambda: NewInstallations(computer, stated_by, values[software], values[days])

    def edits(self) -> list[Edit]:
        """The edits that make them."""
        found = []
        for one, day in zip(self.software, self.days, strict=True):
            product, publisher, edition, version, scope, user, environment, last_used, origin = one
            said = {"user": user, "environment": environment, "installed_on": day, "last_used": last_used,
                    "origin": origin}  # fmt: skip
            fields: dict[str, Any] = {name: value for name, value in said.items() if value}
            if self.stated_by:
                fields["stated_by"] = list(self.stated_by)
            key = (self.computer, scope, publisher, product, edition, version)
            found.append(Edit(Record("installation", key), "", None, fields))
        return found


@dataclass(frozen=True, slots=True)
class NewSectionRows:
    """Rows of a section of a record, by one source: their keys, all different, and each as ``encode_row`` makes it."""

    record: str
    section: str
    source: str
    keys: Sequence[str]
    rows: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def owner(self) -> str:
        """The record that has them."""
        return self.record

    def kept(self, values: SharedValues) -> Callable[[], NewSectionRows]:
        """Keeps them in less memory. Returns what makes them again."""
        part = (self.record, self.section, self.source)
        keys, rows = values.keep(self.keys), values.keep(self.rows)
        return lambda: NewSectionRows(*part, values[keys], values[rows])

    def edits(self) -> list[Edit]:
        """The edits that make them."""
        return [
            Edit(Record("section", (self.record, self.section, self.source, key)), "", None, decode_row(row))
            for key, row in zip(self.keys, self.rows, strict=True)
        ]


NewRecords = NewInstallations | NewSectionRows


def as_new(found: Mapping[Record, object]) -> list[NewRecords] | None:
    """Installations and rows of sections with their fields, together; None where one has fields that are unusual."""
    software: dict[tuple[str, tuple[str, ...]], tuple[list[tuple[str, ...]], list[str]]] = {}
    rows: dict[tuple[str, str, str], tuple[list[str], list[bytes]]] = {}
    for (kind, key), fields in found.items():
        if not isinstance(fields, dict) or None in fields.values():
            return None
        if kind == "section" and len(key) == _ROW_KEY:
            record, section, source, name = key
            keys, bodies = rows.setdefault((record, section, source), ([], []))
            try:
                bodies.append(encode_row(fields))
            except (TypeError, ValueError, OverflowError):
                return None
            keys.append(name)
            continue
        said = {name: value for name, value in fields.items() if name != "stated_by"}
        stated = fields.get("stated_by", ())
        if (
            kind != "installation" or len(key) != _INSTALLATION_KEY or not said.keys() <= _FIELDS or "" in said.values()
            or not all(type(one) is str for one in (*said.values(), *stated)) or stated == []
        ):  # fmt: skip
            return None
        computer, scope, publisher, product, edition, version = key
        its, days = software.setdefault((computer, tuple(stated)), ([], []))
        its.append((product, publisher, edition, version, scope, *(said.get(name, "") for name in _MORE)))
        days.append(said.get("installed_on", ""))
    return [
        *(NewInstallations(*whose, *its) for whose, its in software.items()),
        *(NewSectionRows(*whose, *its) for whose, its in rows.items()),
    ]
