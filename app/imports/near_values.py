"""Values of a column that are nearly equal, and are probably meant to be one. No Qt; for worker threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.imports.draft import SheetDraft
from cmdb.model.control import Control
from cmdb.model.schema import Schema
from importers.spreadsheets.sheets.workbook import cell_text

#: Finds groups of nearly equal values among values with their counts.
Clusters = Callable[[Mapping[str, int]], Iterable[Sequence[str]]]

#: Columns in which more than this part of the values are different are names or numbers of single things.
_SINGLE = 0.7
_FEW = 20


@dataclass(frozen=True, slots=True)
class Spelling:
    """One of several spellings, and how many cells have it."""

    text: str
    cells: int


@dataclass(frozen=True, slots=True)
class NearValues:
    """Spellings in one column that are nearly equal, the most frequent first."""

    sheet: SheetDraft
    index: int
    spellings: tuple[Spelling, ...]

    @property
    def column(self) -> str:
        """The column's name."""
        return self.sheet.sheet.column(self.index)

    @property
    def keep(self) -> str:
        """The spelling to keep unless the person chooses another: the most frequent one without stray blanks."""
        clean = (one.text for one in self.spellings if one.text == " ".join(one.text.split()))
        return next(clean, self.spellings[0].text)


def near_values(
    control: Control, sheets: Iterable[SheetDraft], schema: Schema, clusters: Clusters | None = None
) -> list[NearValues]:
    """The nearly equal values of the columns that hold words, those of the most cells first. Raises Cancelled."""
    find = clusters or (lambda counts: by_likeness(counts, control.check))
    found: list[NearValues] = []
    for sheet in sheets:
        for index, codes in _columns(sheet, schema):
            control.check()
            counts = Counter(cell_text(row[index]) for row in sheet.sheet.body)
            counts.pop("", None)
            filled = counts.total()
            if not filled or (not codes and len(counts) > _FEW and len(counts) > filled * _SINGLE):
                continue
            for group in by_look(counts) if codes else find(counts):
                spellings = sorted((Spelling(text, counts[text]) for text in group), key=lambda s: (-s.cells, s.text))
                found.append(NearValues(sheet, index, tuple(spellings)))
    return sorted(found, key=lambda g: -sum(one.cells for one in g.spellings))


def by_likeness(counts: Mapping[str, int], check: Callable[[], None] = lambda: None) -> list[tuple[str, ...]]:
    """Values that differ by case, accents, punctuation, spaces, the order of words, or a typing error."""
    from cmdb.reconciliation.identifiers import shipped
    from cmdb.reconciliation.near_equal import near_equal

    return [group.texts for group in near_equal(counts, check, shipped().makers.legal_forms)]


def by_look(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Tags and serial numbers that look alike: 1000 and 01000, O and 0."""
    from cmdb.reconciliation.near_equal import near_codes

    return [group.texts for group in near_codes(counts)]


def _columns(sheet: SheetDraft, schema: Schema) -> list[tuple[int, bool]]:
    """The columns whose values name things that many rows share, or are texts; and those of tags (True)."""
    from cmdb.reconciliation.doubles import SIMILAR

    found = []
    for use in sheet.mapping.columns:
        attribute = schema.every_attribute.get(use.name) if use.role == "attribute" else None
        shared = attribute is not None and not (attribute.unique or attribute.identifying)
        words = attribute is not None and attribute.type in ("reference", "text", "choice")
        if use.role == "mention" or (shared and words):
            found.append((use.index, False))
        elif attribute is not None and attribute.name in SIMILAR:
            found.append((use.index, True))
    return found
