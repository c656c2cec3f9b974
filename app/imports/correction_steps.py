"""The steps of correcting an import, each with the words that Undo shows. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.imports.draft import SheetDraft
from app.imports.mends import ChoiceStep, MendStep, Replacement
from app.imports.near_values import NearValues
from app.imports.new_records import Key, NewName
from cmdb.model.messages import Message, counted
from importers.spreadsheets.columns.mapping import NameChoice

if TYPE_CHECKING:
    from cmdb.reconciliation.proposal import Review


#: A part of a sheet: rows as shown, and indexes of columns.
Part = tuple[tuple[int, ...], range]


def correct_cells(sheet: SheetDraft, rows: Sequence[int], index: int, text: str) -> MendStep:
    """Another text in cells of one column; ``rows`` as shown."""
    column = sheet.sheet.column(index)
    label = counted("Correct {count} cell of {column}", "Correct {count} cells of {column}", len(rows), column=column)
    return MendStep(label, (Replacement(sheet, index, {"": text}, tuple(rows)),))


def paste_cells(sheet: SheetDraft, cells: Sequence[tuple[int, int, str]]) -> MendStep:
    """Other texts in cells, each as (row as shown, column index, text)."""
    rows: dict[tuple[int, str], list[int]] = {}
    for row, index, text in cells:
        rows.setdefault((index, text), []).append(row)
    replacements = (Replacement(sheet, index, {"": text}, tuple(found)) for (index, text), found in rows.items())
    return MendStep(counted("Paste {count} cell", "Paste {count} cells", len(cells)), tuple(replacements))


def fill_cells(sheet: SheetDraft, parts: Sequence[Part], text: str) -> MendStep:
    """One text, or nothing, in all cells of some parts of a sheet."""
    count = sum(len(rows) * len(columns) for rows, columns in parts)
    label = (
        counted("Paste {count} cell", "Paste {count} cells", count)
        if text
        else counted("Empty {count} cell", "Empty {count} cells", count)
    )
    return MendStep(label, tuple(Replacement(sheet, at, {"": text}, rows) for rows, columns in parts for at in columns))


def replace_texts(sheet: SheetDraft, index: int, texts: Mapping[str, str]) -> MendStep:
    """Other texts in all cells of one column that hold certain texts."""
    if len(texts) == 1:
        (before, after), *_ = texts.items()
        label = Message("Replace “{before}” by “{after}”", before=before, after=after)
    else:
        label = counted("Replace {count} value", "Replace {count} values", len(texts))
    return MendStep(label, (Replacement(sheet, index, texts),))


def merge_values(groups: Sequence[tuple[NearValues, str]]) -> MendStep:
    """All nearly equal values of each group written like the one to keep."""
    label = counted("Merge spellings of “{name}”", "Merge {count} values", len(groups), name=groups[0][1])
    replacements = tuple(
        Replacement(group.sheet, group.index, {one.text: keep for one in group.spellings if one.text != keep})
        for group, keep in groups
    )
    return MendStep(label, replacements)


def decide_names(
    choices: dict[Key, NameChoice], names: Sequence[NewName], choice: NameChoice | None
) -> ChoiceStep[Key, NameChoice]:
    """What becomes of new names: created (None), taken for a known record, or left out; kept in ``choices``."""
    count, first = len(names), names[0].name
    if choice is None:
        label = counted("Create {name}", "Create {count} records", count, name=first)
    elif choice.uid:
        label = Message("Take “{name}” for “{other}”", name=first, other=choice.name)
    else:
        label = counted("Leave out {name}", "Leave out {count} names", count, name=first)
    decided = {one.key: None if choice is None else replace(choice, cls=one.cls, new_name=one.name) for one in names}
    return ChoiceStep(label, choices, decided)


def answer_question(answers: dict[str, str], question: Review, choice: str) -> ChoiceStep[str, str]:
    """A question of the comparison answered; kept in ``answers``."""
    return ChoiceStep(Message("Answer about “{name}”", name=question.name), answers, {question.id: choice})
