"""The sections of one item for its details: the rows in an order that people expect, and the steps of their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.record_sections import in_order
from cmdb.model.claims import source_text
from cmdb.model.section_words import change_words, row_title

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader
    from cmdb.model.messages import Message
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader

REVISIONS = 200
"""The latest revisions of an item of which the history of its rows tells time and title."""


@dataclass(frozen=True, slots=True)
class ItemSections:
    """Section → its rows, those without rows left out."""

    uid: str
    rows: dict[str, list[SectionRow]]


@dataclass(frozen=True, slots=True)
class RowStep:
    """One step in the history of a row: what a revision did with it, in words. ``time`` is ISO UTC."""

    number: int
    time: str
    title: Message | str
    key: str
    source: str
    row: str
    words: str


def sections_of_item(reader: Reader, uid: str) -> ItemSections:
    """All rows of the sections of an item. Raises NotFound."""
    schema = reader.schema
    found = reader.sections(uid)
    return ItemSections(uid, {name: in_order(schema.sections.get(name), rows) for name, rows in found.items()})


def steps_of(reader: Reader, uid: str, name: str) -> list[RowStep]:
    """The steps of the rows of a section as far as they are kept, the newest first. Raises NotFound."""
    section = reader.schema.sections.get(name)
    if section is None or section.volatile:
        return []
    changes = reader.section_history(uid, name)
    heads = {one.number: one for one in _headers(reader, uid)} if changes else {}
    found: list[RowStep] = []
    for one in changes:
        head = heads.get(one.number)
        columns: Any = one.after if one.after is not None else one.before
        found.append(
            RowStep(
                one.number,
                head.time if head is not None else "",
                _title(head) if head is not None else "",
                one.key,
                one.source,
                row_title(section, one.key, columns),
                change_words(section, one.key, one.before, one.after),
            )
        )
    return found


def _headers(reader: Reader, uid: str) -> Sequence[RevisionHeader]:
    from cmdb.register.revision_titles import titled

    return titled(reader, reader.revisions(REVISIONS, uid=uid))


def _title(head: RevisionHeader) -> Message | str:
    return head.title or head.reason or source_text(head.source)
