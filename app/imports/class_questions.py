"""Words of a sheet's class column that tell no class: each is asked once. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.imports.draft import SheetDraft
from cmdb.model.schema import Schema
from importers.spreadsheets.columns.mapping import REST
from importers.spreadsheets.records.row_classes import unknown_words


@dataclass(frozen=True, slots=True)
class ClassQuestion:
    """A word, and the class that was answered ("" while it is open). ``rows`` say it (0 for an answered word)."""

    word: str
    rows: int = 0
    cls: str = ""
    suggested: tuple[str, ...] = ()
    """Classes that it may mean, as labels."""

    @property
    def rest(self) -> bool:
        """Whether it stands for all words that are not known."""
        return self.word == REST


def class_questions(sheet: SheetDraft, schema: Schema) -> list[ClassQuestion]:
    """The open questions, those of the most rows first, then the answers. For a worker thread: it reads the column."""
    mapping = sheet.mapping
    words = unknown_words(sheet.sheet, mapping, schema) if mapping.kind == "class" else []
    found = [ClassQuestion(one.word, one.rows, "", one.suggested) for one in words]
    answered = [ClassQuestion(word, 0, cls) for word, cls in mapping.class_words.items()]
    if len(found) > 1 and REST not in mapping.class_words:
        found.append(ClassQuestion(REST, sum(one.rows for one in words)))
    return found + answered
