"""How the command line reports what was taken in: counts, every problem, and what a person must decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import count, table
from app.cli.records import class_label

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.observation import Problem
    from cmdb.model.schema import Schema
    from cmdb.reconciliation import Proposal, Review


def answer(context: CommandContext, schema: Schema, proposal: Proposal, applied: AppliedRevision | None) -> int:
    """Reports a proposal and, unless it was only shown, its revision. Status 1 for rejected rows and open questions."""
    context.answer(document(schema, proposal, applied), lambda: lines(schema, proposal, applied))
    return WITH_REMARKS if proposal.rejected or proposal.review or proposal.left_out else DONE


def document(schema: Schema, proposal: Proposal, applied: AppliedRevision | None) -> dict[str, Any]:
    """The contract's document of an import."""
    return {
        "revision": (applied.number or None) if applied is not None else None,
        "read": proposal.read,
        "created": proposal.created,
        "updated": proposal.updated,
        "unchanged": proposal.unchanged,
        "rejected": proposal.rejected,
        "relationships": proposal.relationships,
        "installed": proposal.installed,
        "removed": proposal.removed,
        "assigned": proposal.assigned,
        "problems": [problem(one) for one in proposal.problems],
        "review": [review(schema, one) for one in proposal.review],
        "unmapped": proposal.unmapped,
        "created_references": [
            {"class": class_label(schema, cls), "name": name} for cls, name in proposal.created_references
        ],
    }


def problem(one: Problem) -> dict[str, Any]:
    """One problem: where, what stood there, and what is wrong with it."""
    return {
        "file": one.file,
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "message": one.message,
        "severity": one.severity,
        "kind": one.kind,
        **({"accepted": one.accepted} if one.accepted else {}),
    }


def review(schema: Schema, one: Review) -> dict[str, Any]:
    """One open question, with its answers and what speaks for and against each."""
    return {
        "id": one.id,
        "kind": one.kind,
        "question": one.question,
        "class": class_label(schema, one.cls),
        "name": one.name,
        "origins": [str(origin) for origin in one.origins],
        "candidates": [
            {
                "choice": option.choice,
                "text": option.text,
                **({"id": option.uid, "class": class_label(schema, option.cls)} if option.uid else {}),
                **({"name": option.name} if option.uid else {}),
                "evidence": [line._asdict() for line in option.evidence],
            }
            for option in one.options
        ],
    }


def lines(schema: Schema, proposal: Proposal, applied: AppliedRevision | None) -> Iterator[str]:
    """The same for people."""
    parts = [
        f"{count(proposal.read, 'row')} read",
        f"{proposal.created:,} new",
        f"{proposal.updated:,} changed",
        f"{proposal.unchanged:,} unchanged",
        f"{proposal.rejected:,} rejected",
    ]
    extra = (
        (proposal.relationships, "relationship", "relationships"),
        (proposal.installed, "installation", "installations"),
        (proposal.assigned, "assignment", "assignments"),
    )
    parts += [count(number, one, many) for number, one, many in extra if number]
    yield ", ".join(parts) + "."
    if proposal.created_references:
        found = Counter(class_label(schema, cls) for cls, _ in proposal.created_references)
        shown = ", ".join(f"{number:,} {label}" for label, number in found.most_common())
        yield f"Made because others name them: {shown}."
    if proposal.unmapped:
        yield f"Columns not used: {', '.join(proposal.unmapped)}."
    if proposal.problems:
        yield ""
        yield from table(
            ("", "File", "Sheet", "Row", "Column", "Value", "Problem"),
            [
                ("!" if p.severity == "error" else "", p.file, p.sheet, p.row or "", p.column, p.value, p.message)
                for p in proposal.problems
            ],
        )
    if proposal.review:
        yield ""
        yield f"{count(len(proposal.review), 'record needs', 'records need')} a person's decision (see: review):"
        yield from (f"  {one.question}" for one in proposal.review)
    yield ""
    if applied is None:
        yield "Nothing was written."
    elif applied.number:
        yield f"Revision {applied.number}. Take it back with: undo {applied.number}"
    else:
        yield "Nothing to change."
