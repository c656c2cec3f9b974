"""What a marked workbook remembers: which of its rows were taken in, and by which revision.

It stands in a hidden sheet of the workbook, which goes along through any spreadsheet program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cmdb.model.schema import fold

#: The name of the hidden sheet.
MARKS_SHEET = "Terrier marks"
_FORM = 1
_PER_ROW = 200


@dataclass(frozen=True, slots=True)
class Marks:
    """The state of a marked workbook."""

    revisions: tuple[tuple[str, int], ...] = ()
    """Ids and numbers of the revisions that took rows in."""
    file: str = ""
    """The name of the file that was marked: the rows are still that source's."""
    headers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Sheet → its headers then, folded."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Sheet → the keys of the rows that were taken in."""

    def none_taken(self) -> Marks:
        """The same where the rows are to be read again."""
        return replace(self, taken={})

    def has(self, sheet: str, headers: Sequence[str], cells: Iterable[str]) -> bool:
        """Whether a row was taken in, and is as it was then."""
        known = self.taken.get(sheet)
        return known is not None and row_key(headers, cells, self.headers.get(sheet, frozenset())) in known

    def as_rows(self) -> list[list[Any]]:
        """The rows of the hidden sheet."""
        rows: list[list[Any]] = [[MARKS_SHEET, _FORM, self.file]]
        rows += [["revision", uid, str(number)] for uid, number in self.revisions]
        for word, sheets in (("headers", self.headers), ("taken", self.taken)):
            for sheet, values in sheets.items():
                ordered = sorted(values)
                starts = range(0, len(ordered), _PER_ROW)
                rows += [[word, sheet, *ordered[start : start + _PER_ROW]] for start in starts]
        return rows


def marks_of(rows: Sequence[Sequence[Any]], text: Callable[[Any], str]) -> Marks | None:
    """The state that a hidden sheet holds; None if it is none of ours, or of a later form."""
    if not rows or len(rows[0]) < 3 or rows[0][0] != MARKS_SHEET or text(rows[0][1]) != str(_FORM):
        return None
    file = text(rows[0][2])
    revisions: list[tuple[str, int]] = []
    found: dict[str, dict[str, set[str]]] = {"headers": {}, "taken": {}}
    for row in rows[1:]:
        said = [text(cell) for cell in row[1 : 2 + _PER_ROW]]
        if row[0] == "revision" and said[1].isdigit():
            revisions.append((said[0], int(said[1])))
        elif row[0] in found:
            found[row[0]].setdefault(said[0], set()).update(filter(None, said[1:]))
    headers, taken = ({sheet: frozenset(its) for sheet, its in found[word].items()} for word in ("headers", "taken"))
    return Marks(tuple(revisions), file, headers, taken)


def row_key(headers: Sequence[str], cells: Iterable[str], known: frozenset[str]) -> str:
    """The key of a row: its cells below known headers, whatever their order."""
    said = sorted(
        (folded, " ".join(cell.split()))
        for header, cell in zip(headers, cells, strict=True)
        if cell.strip() and (folded := fold(header)) in known
    )
    return "k" + hashlib.blake2b(repr(said).encode(), digest_size=9).hexdigest()
