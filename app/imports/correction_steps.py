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


def correct_cells(sheet: SheetDraft, rows: Sequence[int], index: int, text: str) -> MendStep:
    """Another text in cells of one column; ``rows`` as shown."""
    column = sheet.sheet.column(index)
    label = counted("Correct {count} cell of {column}", "Correct {count} cells of {column}", len(rows), column=column)
    return MendStep(label, (Replacement(sheet, index, {"": text}, tuple(rows)),))


def paste_cells(sheet: SheetDraft, cells: Sequence[tuple[int, int, str]]) -> MendStep:
    """Other texts in cells, each as (row as shown, column index, text)."""
    return MendStep(counted("Paste {count} cell", "Paste {count} cells", len(cells)), _cell_by_cell(sheet, cells))


def empty_cells(sheet: SheetDraft, cells: Sequence[tuple[int, int]]) -> MendStep:
    """Nothing in cells, each as (row as shown, column index)."""
    label = counted("Empty {count} cell", "Empty {count} cells", len(cells))
    return MendStep(label, _cell_by_cell(sheet, [(row, index, "") for row, index in cells]))


def _cell_by_cell(sheet: SheetDraft, cells: Sequence[tuple[int, int, str]]) -> tuple[Replacement, ...]:
    rows: dict[tuple[int, str], list[int]] = {}
    for row, index, text in cells:
        rows.setdefault((index, text), []).append(row)
    return tuple(Replacement(sheet, index, {"": text}, tuple(found)) for (index, text), found in rows.items())


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
