"""How the command line reports an import: counts, every problem, and what a person must decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.records import class_label
from app.cli.revision_report import written
from app.imports.proposed_software import installations_of, proposed_software
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, SchemaWord, counted, tr, trn
from cmdb.model.record_kinds import life_cycles_counted

if TYPE_CHECKING:
    from app.imports.file_summaries import FileSummary, ReadFile
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.observation import Problem, Reading
    from cmdb.model.schema import Schema
    from cmdb.reconciliation import Proposal, Review
    from importers.spreadsheets.sheet_checks import SheetReading


def answer(
    context: CommandContext,
    schema: Schema,
    proposal: Proposal,
    applied: AppliedRevision | None,
    readings: Sequence[Reading] = (),
    marked: Mapping[str, Any] | None = None,
    files: Sequence[ReadFile] = (),
) -> int:
    """Reports a proposal and, unless it was only shown, its revision. Status 1 for what was rejected, and questions.

    ``readings`` are those of spreadsheets and text tables whose format was detected; ``marked`` is what is said of the
    marked copy; ``files`` are those that were opened.
    """
    from app.imports.file_summaries import file_summaries

    replaced = _replaced(context, proposal)
    found = document(schema, proposal, applied, replaced)
    summaries = file_summaries(files, proposal) if files else []
    if summaries:
        found["files"] = [_file(one) for one in summaries]
    if marked is not None:
        found["marked"] = dict(marked)
    sheets = _sheets(readings) if readings else []
    if sheets:
        found["sheets"] = sheets
    context.answer(
        found,
        lambda: chain(_file_lines(summaries), lines(schema, proposal, applied, replaced), _formats(sheets, applied)),
    )
    refused = any(one.severity == "error" for one in proposal.problems)
    return WITH_REMARKS if proposal.rejected or proposal.review or proposal.left_out or refused else DONE


def _replaced(context: CommandContext, proposal: Proposal) -> int:
    """How many installations take the place of another release of the same product."""
    if not (proposal.installed and proposal.removed):
        return 0
    with context.read() as reader:
        return proposed_software(reader, proposal).replaced


def _file(one: FileSummary) -> dict[str, Any]:
    """What becomes of one file."""
    return {
        "file": one.file.name,
        "path": str(one.file.path),
        "read": one.file.read,
        "created": one.created,
        "updated": one.updated,
        "unchanged": one.unchanged,
        "rejected": one.rejected,
        "problem": str(one.problem) or None,
    }


def _file_lines(summaries: Sequence[FileSummary]) -> Iterator[str]:
    """The same for people, where there are several files."""
    if len(summaries) < 2:  # its counts are those of the import
        return
    counts = (tr("Read"), tr("New"), tr("Changed"), tr("Unchanged"), tr("Rejected"))
    yield from table(
        (tr("File"), *counts, tr("Problem")),
        [
            (one.file.name, one.file.read, one.created, one.updated, one.unchanged, one.rejected, one.problem)
            for one in summaries
        ],
        wrapped=True,
    )
    yield ""


def _sheets(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    from importers.spreadsheets.sheet_checks import SheetReading

    return [_sheet(one) for one in readings if isinstance(one, SheetReading)]


def _sheet(reading: SheetReading) -> dict[str, Any]:
    """How one sheet was read."""
    found = {"file": reading.file, "sheet": reading.sheet, "header_row": reading.header_row, "read": reading.read}
    if reading.area is not None:
        found |= {"first_row": reading.area.first_row, "last_row": reading.area.last_row}
        found |= {"columns": reading.area.columns} if reading.area.columns else {}
    if reading.tool:
        found["tool"] = reading.tool
    if reading.encoding:
        found |= {"encoding": reading.encoding, "confidence": reading.encoding_confidence}
        found["delimiter"] = reading.delimiter
    return found


def _formats(sheets: Sequence[dict[str, Any]], applied: AppliedRevision | None) -> Iterator[str]:
    """Whose tables they are, and what was detected of text tables while it can still be changed."""
    for one in sheets:
        if "tool" in one:
            tool, _, name = one["tool"].partition("/")
            yield tr("{file} is the table “{table}” of {tool}.", file=one["file"], table=name, tool=tool)
    for one in sheets if applied is None else ():
        if "last_row" in one:
            place = tr("columns {columns}", columns=one["columns"]) if "columns" in one else ""
            rows = tr("rows {first} to {last}", first=Plain(one["first_row"]), last=Plain(one["last_row"]))
            yield tr(
                "{file}, {sheet}: a table in {place}, with the column names in row {row}; {rows} read.",
                file=one["file"],
                sheet=one["sheet"],
                place=", ".join(filter(None, (place, rows))),
                row=Plain(one["header_row"]),
                rows=trn("{count} row", "{count} rows", one["read"]),
            )
        if "encoding" in one:
            yield tr(
                "{file} was read as {encoding}, with {delimiter} between the cells and the column names in row {row}.",
                file=one["file"],
                encoding=one["encoding"],
                delimiter=tr("tabs") if one["delimiter"] == "\t" else f"“{one['delimiter']}”",
                row=Plain(one["header_row"]),
            )


def document(schema: Schema, proposal: Proposal, applied: AppliedRevision | None, replaced: int) -> dict[str, Any]:
    """The contract's document of an import. ``replaced``: of what is installed, what takes the place of something."""
    return {
        **written(applied),
        "read": proposal.read,
        "created": proposal.created,
        "updated": proposal.updated,
        "unchanged": proposal.unchanged,
        "rejected": proposal.rejected,
        "relationships": proposal.relationships,
        "ended": proposal.ended,
        "installed": proposal.installed,
        "removed": proposal.removed,
        "replaced": replaced,
        "assigned": proposal.assigned,
        "events": proposal.events,
        "life_cycles": proposal.life_cycles,
        "sections": {name: rows._asdict() for name, rows in proposal.sections.items()},
        "problems": [problem(one) for one in proposal.problems],
        "review": [review(schema, one) for one in proposal.review],
        "asked": proposal.asked,
        "held": proposal.held,
        "unmapped": proposal.unmapped,
        "created_references": [
            {"class": class_label(schema, cls), "name": name} for cls, name in proposal.created_references
        ],
    }


def _waiting(proposal: Proposal) -> Iterator[str]:
    """What the order of sources asks about: values, and rows of sections."""
    from cmdb.reconciliation.asked_values import ROW

    rows = sum(one.kind == ROW for one in proposal.review)
    if values := proposal.asked - rows:
        yield trn("{count} value waits for a decision.", "{count} values wait for a decision.", values)
    if rows:
        yield trn(
            "{count} row of a section waits for a decision.", "{count} rows of sections wait for a decision.", rows
        )


def problem(one: Problem) -> dict[str, Any]:
    """One problem: the place, the value, and what is wrong with it."""
    return {
        "file": one.file,
        "sheet": one.sheet,
        **({"columns": one.columns} if one.columns else {}),
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "message": str(one.message),
        "severity": one.severity,
        "kind": one.kind,
        "code": one.code,
        "values": _of_schema(one.message).data().get("values", {}),
        **({"accepted": one.accepted_text} if one.accepted_text else {}),
        **({"suggested": list(one.suggested)} if one.suggested else {}),
    }


def _of_schema(message: Message) -> Message:
    """A text whose values name what the schema declares by the declared words."""

    def plain(value: object) -> object:
        if isinstance(value, Message):
            return _of_schema(value)
        if isinstance(value, SchemaWord):
            return value.declared
        return tuple(map(plain, value)) if isinstance(value, tuple) else value

    return message.having(**{name: plain(value) for name, value in message.values.items()})


def review(schema: Schema, one: Review) -> dict[str, Any]:
    """One open question, with its answers and the evidence for and against each."""
    return {
        "id": one.id,
        "kind": one.kind,
        "question": str(one.question),
        "class": class_label(schema, one.cls),
        "name": one.name,
        "origins": [str(origin) for origin in one.origins],
        "candidates": [
            {
                "choice": option.choice,
                "text": str(option.text),
                **({"id": option.uid, "class": class_label(schema, option.cls)} if option.uid else {}),
                **({"name": option.name} if option.uid else {}),
                "evidence": [{**line._asdict(), "text": str(line.text)} for line in option.evidence],
            }
            for option in one.options
        ],
    }


def lines(schema: Schema, proposal: Proposal, applied: AppliedRevision | None, replaced: int = 0) -> Iterator[str]:
    """The same for people. ``replaced``: how many releases take the place of others."""
    yield tr("{counts}.", counts=tuple(_counts(proposal, replaced)))
    if proposal.sections:
        yield tr("Rows of sections: {counts}.", counts=_section_counts(proposal))
    if proposal.held:
        yield trn(
            "{count} value is held: it is recorded, and what stands stays.",
            "{count} values are held: they are recorded, and what stands stays.",
            proposal.held,
        )
    if proposal.asked:
        yield from _waiting(proposal)
    if proposal.created_references:
        found = Counter(class_label(schema, cls) for cls, _ in proposal.created_references)
        shown = tuple(Message("{count} {label}", count=number, label=label) for label, number in found.most_common())
        yield tr("Made because others name them: {records}.", records=shown)
    if proposal.unmapped:
        yield tr("Columns not used: {columns}.", columns=tuple(proposal.unmapped))
    if proposal.problems:
        yield ""
        yield from table(
            ("", tr("File"), tr("Sheet"), tr("Row"), tr("Column"), tr("Value"), tr("Problem")),
            [
                (_MARKS[p.severity], p.file, p.sheet, p.row or "", p.column, p.value, p.message)
                for p in proposal.problems
            ],
            wrapped=True,
        )
    if proposal.review:
        yield ""
        yield trn(
            "{count} record needs a person's decision (see: {command}):",
            "{count} records need a person's decision (see: {command}):",
            len(proposal.review),
            command="review",
        )
        yield from (f"  {one.question}" for one in proposal.review)
    yield ""
    if applied is None:
        yield tr("Nothing was written.")
    elif applied.draft and applied.number:
        name = f'"{applied.draft}"' if " " in applied.draft else applied.draft
        yield tr("It is in the draft “{draft}”. Apply it with: {command}", draft=applied.draft,
                 command=f"draft apply {name}")  # fmt: skip
    elif applied.number:
        number = Plain(applied.number)
        yield tr("Revision {number}. Take it back with: {command}", number=number, command=f"undo {number.number}")
    else:
        yield tr("Nothing to change.")


_MARKS = {"error": "!", "left-out": "-", "warning": ""}
"""What stands before a problem: the row is rejected, the cell is left out, or nothing."""


def _counts(proposal: Proposal, replaced: int) -> Iterator[Message]:
    """The number of rows that were read, and their results."""
    yield counted("{count} row read", "{count} rows read", proposal.read)
    yield counted("{count} new", "{count} new", proposal.created)
    yield counted("{count} changed", "{count} changed", proposal.updated)
    yield counted("{count} unchanged", "{count} unchanged", proposal.unchanged)
    yield counted("{count} rejected", "{count} rejected", proposal.rejected)
    if proposal.left_out:
        yield counted("{count} cell left out", "{count} cells left out", proposal.left_out)
    if proposal.relationships:
        yield counted("{count} relationship", "{count} relationships", proposal.relationships)
    if proposal.ended:
        yield counted("{count} relationship ended", "{count} relationships ended", proposal.ended)
    yield from (words for number, words in installations_of(proposal, replaced).in_words if number)
    if proposal.events:
        yield counted("{count} event", "{count} events", proposal.events)
    if proposal.life_cycles:
        yield life_cycles_counted(proposal.life_cycles)
    if proposal.assigned:
        yield counted("{count} assignment", "{count} assignments", proposal.assigned)


def _section_counts(proposal: Proposal) -> tuple[Message, ...]:
    """The number of rows of sections that are added, changed and removed."""
    added, changed, removed = (sum(numbers) for numbers in zip(*proposal.sections.values(), strict=True))
    found = (
        (added, counted("{count} added", "{count} added", added)),
        (changed, counted("{count} changed", "{count} changed", changed)),
        (removed, counted("{count} removed", "{count} removed", removed)),
    )
    return tuple(text for number, text in found if number)
