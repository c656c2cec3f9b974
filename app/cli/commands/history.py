"""``history [RECORD]``: the journal, newest first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.claims import source_text
from cmdb.model.errors import UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.drift.differences import SectionDrift
    from app.history.section_changes import Titles
    from cmdb.model.journal import HistoryEntry, RevisionHeader
    from cmdb.model.revision import Edit
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("the journal of changes"), "history")


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and --limit."""
    parser.add_argument("record", metavar="RECORD", nargs="?", default="", help=tr("only what touched this record"))
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, default=None, help=tr("at most so many (by default all)")
    )


def run(context: CommandContext) -> int:
    """Prints it."""
    from app.history import section_changes
    from app.history.revisions import journal
    from app.history.software_changes import software_changes, software_in_words

    if context.args.limit is not None and context.args.limit < 0:
        raise UserError(Message("--limit must not be negative."))
    with context.read() as reader:
        uid = reader.find(context.args.record).uid if context.args.record else None
        headers = list(islice(journal(reader, uid), context.args.limit))
        entries = _entries(reader, uid, headers) if uid else []
        rows = _section_edits(entries)
        software = software_changes(reader, entries) if entries else {}
        titles = section_changes.titles_of(reader, (edit for one in rows.values() for edit in one.edits))
        told = software_in_words(software)
        context.answer(
            {
                "revisions": [
                    _document(h, rows[h.number].edits if h.number in rows else [], software.get(h.number))
                    for h in headers
                ],
                "head": reader.head().document,
            },
            lambda: _lines(reader.schema, headers, rows, titles, told),
        )
        context.say(tr("The journal's head: {head}", head=str(reader.head())))
    return DONE


def _lines(
    schema: Schema,
    headers: Sequence[RevisionHeader],
    rows: Mapping[int, HistoryEntry],
    titles: Titles,
    told: Mapping[int, Sequence[str]],
) -> Iterator[str]:
    """The revisions as a table; with what they changed in sections and software, where they did."""
    from app.moments import what, who

    sections = bool(told) or any(one.edits for one in rows.values())
    head = [tr("Revision"), tr("Time"), tr("Author"), tr("Source"), tr("Reason"), tr("New"), tr("Changed"),
            tr("Deleted"), tr("Undo")]  # fmt: skip
    lines: list[list[object]] = [
        [h.number, h.time, who(h), source_text(h.source), what(h), h.created, h.updated, h.deleted, _undo(h)]
        for h in headers
    ]
    if sections:
        head.append(tr("Sections"))
        for line, h in zip(lines, headers, strict=True):
            line.append(_in_words(schema, rows.get(h.number), titles, told.get(h.number, [])))
    return table(head, lines, wrapped=sections)


def _entries(reader: Reader, uid: str, headers: Sequence[RevisionHeader]) -> list[HistoryEntry]:
    """What revisions changed in a record that can have sections or software."""
    from cmdb.store.reading.related_records import recent_history

    if not headers or not reader.schema.sections_of(reader.get(uid).cls):
        return []
    return recent_history(reader, uid, len(headers))[0]


def _section_edits(entries: Sequence[HistoryEntry]) -> dict[int, HistoryEntry]:
    """Revision → what it changed in the sections of a record."""
    return {
        one.number: replace(one, edits=[edit for edit in one.edits if edit.record.kind == "section"]) for one in entries
    }


def _in_words(schema: Schema, entry: HistoryEntry | None, titles: Titles, software: Sequence[str]) -> str:
    from app.history.section_changes import changes_in_words

    return "; ".join([*(changes_in_words(schema, entry.edits, titles) if entry is not None else ()), *software])


def _undo(header: RevisionHeader) -> str:
    if header.undoes:
        return tr("undoes {number}", number=Plain(header.undoes))
    return tr("undone by {number}", number=Plain(header.undone_by)) if header.undone_by else ""


def _document(header: RevisionHeader, rows: list[Edit], software: SectionDrift | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "revision": header.number,
        "id": header.id,
        "time": header.time,
        "recorded": header.recorded,
        "author": header.author,
        "actor": header.actor.document if header.actor is not None else None,
        "copy": header.copy or None,
        "source": header.source,
        "reason": str(header.reason),
        "title": str(header.title),
        "undoes": header.undoes or None,
        "undone_by": header.undone_by or None,
        "created": header.created,
        "updated": header.updated,
        "deleted": header.deleted,
    }
    if rows:
        from app.history.section_changes import documents

        document["sections"] = documents(rows)
    if software is not None:
        from app.history.software_changes import software_documents

        document["software"] = software_documents(software)
    return document
