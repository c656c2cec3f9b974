"""The corrections of an import as steps: each can be undone and redone. No Qt.

A person's wish is recorded at once (``MendSteps.put``); the cells are changed by the job that checks the sheets
afterwards (``carry_out``), because finding all cells alike takes time in a sheet of many rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from app.imports.draft import SheetDraft
from cmdb.model.messages import Message
from importers.spreadsheets.workbook import cell_text


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


class MendSteps:
    """The steps done and undone. All but ``carry_out`` is called on one thread, and returns at once."""

    def __init__(self) -> None:
        self._done: list[MendStep] = []
        self._undone: list[MendStep] = []
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

    def put(self, label: Message, replacements: Sequence[Replacement]) -> MendStep:
        """Records a step; what was undone before can't be redone any more."""
        step = MendStep(label, tuple(replacements))
        self._done.append(step)
        self._undone.clear()
        self._waiting.append(lambda: _carry(step))
        return step

    def undo(self) -> MendStep | None:
        """Takes the last step back."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._waiting.append(lambda: _take_back(step))
        return step

    def redo(self) -> MendStep | None:
        """Does the last undone step again."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._waiting.append(lambda: _carry(step))
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


def _carry(step: MendStep) -> None:
    step.changed = []
    for one in step.replacements:
        sheet, index = one.sheet, one.index
        for row, text in list(_wanted(one)):
            before, entry = sheet.sheet.rows[row - 1][index], sheet.mends.get((row, index))
            step.changed.append(_Changed(sheet, row, index, before, entry, text))
            sheet.mend(row, index, text)


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


def _take_back(step: MendStep) -> None:
    for one in reversed(step.changed):
        one.sheet.restore(one.row, one.index, one.before, one.entry)
    step.changed = []
