"""The corrections and decisions of an import as steps: each can be undone and redone. No Qt.

A person's wish is recorded at once (``MendSteps.put``); the cells are changed by the job that checks the sheets
afterwards (``carry_out``), because finding all cells alike takes time in a sheet of many rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from app.imports.draft import SheetDraft
from cmdb.model.messages import Message
from importers.spreadsheets.sheets.workbook import cell_text

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is put into cells of one column: ``texts`` maps the text of a cell to the one that replaces it.

    ``rows`` (as shown) limits it to these rows, which all get the text, whatever they hold; None: all rows.
    """

    sheet: SheetDraft
    index: int
    texts: Mapping[str, str]
    rows: tuple[int, ...] | None = None


@dataclass(slots=True)
class _Changed:
    """A cell before and after a step; ``entry`` is its record in the sheet's ``mends`` before."""

    sheet: SheetDraft
    row: int
    index: int
    before: Any
    entry: tuple[Any, str] | None
    text: str


@dataclass(eq=False)
class MendStep:
    """One step: what a person did at once, in words, and the cells that it changed."""

    label: Message
    replacements: tuple[Replacement, ...]
    changed: list[_Changed] = field(default_factory=list)

    @property
    def sheets(self) -> list[SheetDraft]:
        """The sheets of which cells are corrected."""
        return list(dict.fromkeys(one.sheet for one in self.replacements))

    def carry(self) -> None:
        """Changes the cells."""
        self.changed = []
        for one in self.replacements:
            sheet, index = one.sheet, one.index
            for row, text in list(_wanted(one)):
                before, entry = sheet.sheet.rows[row - 1][index], sheet.mends.get((row, index))
                if before == text:
                    continue
                self.changed.append(_Changed(sheet, row, index, before, entry, text))
                sheet.mend(row, index, text)

    def take_back(self) -> None:
        """Puts the cells back as they were before."""
        for one in reversed(self.changed):
            one.sheet.restore(one.row, one.index, one.before, one.entry)
        self.changed = []


@dataclass(eq=False)
class ChoiceStep(Generic[K, V]):
    """What a person decided at once. ``choices`` is where decisions are kept; None takes one out of it."""

    label: Message
    choices: dict[K, V]
    decided: Mapping[K, V | None]
    before: dict[K, V | None] = field(default_factory=dict)

    @property
    def sheets(self) -> list[SheetDraft]:
        """It belongs to no sheet."""
        return []

    def carry(self) -> None:
        """Decides."""
        self.before = {key: self.choices.get(key) for key in self.decided}
        self._set(self.decided)

    def take_back(self) -> None:
        """Decides as before."""
        self._set(self.before)

    def _set(self, wanted: Mapping[K, V | None]) -> None:
        for key, choice in wanted.items():
            if choice is None:
                self.choices.pop(key, None)
            else:
                self.choices[key] = choice


Step = MendStep | ChoiceStep[Any, Any]


class MendSteps:
    """The steps done and undone. All but ``carry_out`` is called on one thread, and returns at once."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = Lock()

    @property
    def undo_label(self) -> Message | None:
        """What would be undone, in words; None if nothing."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> Message | None:
        """What would be redone, in words; None if nothing."""
        return self._undone[-1].label if self._undone else None

    def put(self, step: Step) -> None:
        """Records a step; what was undone before can't be redone any more."""
        self._done.append(step)
        self._undone.clear()
        self._waiting.append(step.carry)

    def undo(self) -> Step | None:
        """Takes the last step back."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._waiting.append(step.take_back)
        return step

    def redo(self) -> Step | None:
        """Does the last undone step again."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._waiting.append(step.carry)
        return step

    def keep_only(self, sheets: Iterable[SheetDraft]) -> None:
        """Forgets the steps of sheets that are not open any more."""
        known = set(map(id, sheets))
        for steps in (self._done, self._undone):
            steps[:] = [step for step in steps if all(id(sheet) in known for sheet in step.sheets)]

    def carry_out(self) -> None:
        """Changes the cells as recorded since, in that order. For a worker thread; several may call it."""
        with self._lock:
            while self._waiting:
                self._waiting.popleft()()


def _wanted(one: Replacement) -> Iterable[tuple[int, str]]:
    if one.rows is not None:
        (text,) = one.texts.values()
        yield from ((row, text) for row in one.rows)
        return
    index, texts = one.index, one.texts
    for row, cells in enumerate(one.sheet.sheet.body, one.sheet.sheet.header_row + 1):
        found = texts.get(cell_text(cells[index]))
        if found is not None:
            yield row, found
