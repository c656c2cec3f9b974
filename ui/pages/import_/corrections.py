"""The corrections of an import's cells, and what was decided of it, as steps that can be undone and redone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.imports.correction_steps import (
    Part,
    answer_question,
    correct_cells,
    decide_names,
    fill_cells,
    merge_values,
    paste_cells,
    replace_texts,
)  # fmt: skip
from app.imports.draft import SheetDraft
from app.imports.mends import MendSteps, Step
from app.imports.near_values import NearValues
from app.imports.new_records import Key, NewName
from importers.spreadsheets.columns.mapping import NameChoice

if TYPE_CHECKING:
    from cmdb.reconciliation.proposal import Review


class Corrections(QObject):
    """The steps of one import. ``stepped`` fires after each, and after each that was undone or redone: the cells are
    changed by whoever checks them then (``mends.carry_out``).
    """

    stepped = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.mends = MendSteps()
        self.choices: dict[Key, NameChoice] = {}
        self.answers: dict[str, str] = {}
        """Id of a question of the comparison → the option that the person chose."""

    def mend(self, sheet: SheetDraft, rows: Sequence[int], index: int, text: str) -> None:
        """Puts another text into cells of one column, and checks again."""
        self._put(correct_cells(sheet, rows, index, text))

    def paste(self, sheet: SheetDraft, cells: Sequence[tuple[int, int, str]]) -> None:
        """Puts texts into cells (row as shown, column index, text), as one step, and checks again."""
        self._put(paste_cells(sheet, cells))

    def fill(self, sheet: SheetDraft, parts: Sequence[Part], text: str) -> None:
        """Puts one text, or nothing, into all cells of some parts of a sheet, as one step, and checks again."""
        self._put(fill_cells(sheet, parts, text))

    def replace(self, sheet: SheetDraft, index: int, texts: dict[str, str]) -> None:
        """Puts other texts into all cells of one column that hold certain texts, as one step, and checks again."""
        self._put(replace_texts(sheet, index, texts))

    def merge(self, groups: Sequence[tuple[NearValues, str]]) -> None:
        """Writes all nearly equal values of each group like the one to keep, as one step, and checks again."""
        self._put(merge_values(groups))

    def decide(self, names: Sequence[NewName], choice: NameChoice | None) -> None:
        """Decides what becomes of new names: created (None), taken for a known record, or left out. One step."""
        self._put(decide_names(self.choices, names, choice))

    def answer(self, question: Review, choice: str) -> None:
        """Answers a question of the comparison before anything is applied."""
        self._put(answer_question(self.answers, question, choice))

    def _put(self, step: Step) -> None:
        self.mends.put(step)
        self.stepped.emit()

    def undo_mend(self) -> None:
        """Takes the last correction back, and checks again."""
        if self.mends.undo() is not None:
            self.stepped.emit()

    def redo_mend(self) -> None:
        """Does the last correction that was taken back again, and checks again."""
        if self.mends.redo() is not None:
            self.stepped.emit()

    def forget_mends(self) -> None:
        """Takes all corrections back, and checks again."""
        while self.mends.undo() is not None:
            pass
        self.stepped.emit()
