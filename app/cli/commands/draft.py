"""``draft new|list|show|apply|drop NAME``: changes that are kept but not applied."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.records import class_label
from app.cli.registry import Description
from app.cli.revision_report import document
from cmdb.model.errors import UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted, tr, trn
from cmdb.model.record_kinds import records_changed

if TYPE_CHECKING:
    from app.drafts import DraftSummary
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.drafts import Draft, DraftConflict
    from cmdb.model.schema import Schema
    from cmdb.store.drafts.draft_store import DraftStore

DESCRIPTION = Description(
    Message("plan changes in a draft, see it, and apply or drop it"), "history", example=("show", "Plan"),
    before=(("draft", "new", "Plan"),), drafted=False,
)  # fmt: skip
ACTIONS = ("new", "list", "show", "apply", "drop")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, NAME, and how conflicts are settled."""
    parser.add_argument("action", choices=ACTIONS, help=tr("what to do with it"))
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=tr("the draft's name"))
    parser.add_argument(
        "--keep", choices=("draft", "estate"), default="",
        help=tr("settle conflicts when it is applied: take the draft's change, or what the estate has now"),
    )  # fmt: skip
    parser.add_argument("--record", metavar="RECORD", default="", help=tr("settle the conflict of this record only"))


def run(context: CommandContext) -> int:
    """Makes, lists, shows, applies or drops a draft; status 1 where conflicts remain."""
    from app import drafts

    args = context.args
    context.warn_removed(args.name)
    if (args.keep or args.record) and args.action != "apply":
        raise UserError(Message("Conflicts are settled with {command}.", command="draft apply"))
    if args.record and not args.keep:
        raise UserError(Message("Say what is kept: {command}.", command="--keep draft|estate"))
    if args.action == "list":
        return _list(context)
    if not args.name:
        raise UserError(Message("Which draft? Name it."))
    store = context.store()
    if args.action == "new":
        draft, made = drafts.make_draft(store, args.name, context.author)
        said = tr("Draft “{name}” made. Write into it with: {command}", name=draft.name, command="--draft NAME")
        context.answer({"name": draft.name, "id": draft.id, "revision": made.number}, [said])
        return DONE
    if args.action == "drop":
        gone = drafts.drop_draft(store, args.name, context.author)
        context.answer({"revision": gone.number}, [tr("Draft “{name}” dropped.", name=args.name)])
        return DONE
    opened = drafts.open_draft(store, args.name)
    if args.action == "show":
        found = drafts.summary(opened)
        context.answer(_summary(store.schema, found), lambda: _shown(store.schema, found))
        return WITH_REMARKS if found.conflicts else DONE
    record = _record(context, opened, args.record)
    applied = drafts.apply_draft(opened, context.author, context.control(), keep=args.keep, record=record)
    left = opened.conflicts()
    answer = {**document(applied), "conflicts": [_conflict(store.schema, one) for one in left]}
    context.answer(answer, lambda: _applied(store.schema, applied, left))
    return WITH_REMARKS if left else DONE


def _list(context: CommandContext) -> int:
    from app.drafts import list_drafts

    with context.read() as reader:
        found = list_drafts(reader)
    context.answer(
        {"drafts": [_draft(one) for one in found]},
        lambda: table((tr("Name"), tr("Author"), tr("Made")), [(one.name, one.author, one.made) for one in found]),
    )
    return DONE


def _record(context: CommandContext, opened: DraftStore, word: str) -> str:
    """The id of the record of a conflict; a deleted one is known by its name or id only."""
    if not word:
        return ""
    known = {one.name.casefold(): one.record for one in opened.conflicts()}
    if word.casefold() in known:
        return known[word.casefold()]
    if any(one.record == word for one in opened.conflicts()):
        return word
    with context.read() as reader:
        return reader.find(word).uid


def _draft(one: Draft) -> dict[str, Any]:
    return {"name": one.name, "id": one.id, "author": one.author, "made": one.made, "base": one.base}


def _summary(schema: Schema, found: DraftSummary) -> dict[str, Any]:
    return {
        **_draft(found.draft),
        "created": found.count("created"),
        "updated": found.count("changed"),
        "deleted": found.count("deleted"),
        "records": [
            {
                "id": one.record, "class": class_label(schema, one.cls), "name": one.name, "change": one.change,
                "fields": [{"field": n, "before": was, "after": now} for n, (was, now) in one.fields.items()],
                **({"sections": list(one.rows)} if one.rows else {}),
            }
            for one in found.records
        ],
        "decisions": found.others.get("decision", 0),
        "others": {kind: number for kind, number in found.others.items() if kind != "decision"},
        "conflicts": [_conflict(schema, one) for one in found.conflicts],
    }  # fmt: skip


def _conflict(schema: Schema, one: DraftConflict) -> dict[str, Any]:
    return {
        "id": one.record, "class": class_label(schema, one.cls), "name": one.name, "deleted": one.deleted,
        "reason": str(one.reason),
        "fields": [
            {"field": f.field, "before": f.before, "draft": f.drafted, "estate": f.present} for f in one.fields
        ],
    }  # fmt: skip


def _shown(schema: Schema, found: DraftSummary) -> Iterator[str]:
    words = {
        "created": tr("new"), "changed": tr("changed"), "deleted": tr("deleted"), "linked": tr("relationships"),
        "attached": tr("files"), "commented": tr("comments"), "sections": tr("sections"), "detailed": tr("details"),
    }  # fmt: skip
    rows = []
    for one in found.records:
        label = class_label(schema, one.cls)
        if one.change == "changed":
            rows += [(words["changed"], label, one.name, name, was, now) for name, (was, now) in one.fields.items()]
        elif one.change != "sections":
            rows.append((words[one.change], label, one.name, "", "", ""))
        rows += [(words["sections"], label, one.name, told, "", "") for told in one.rows]
    if rows:
        columns = (tr("Change"), tr("Class"), tr("Name"), tr("Attribute"), tr("Before"), tr("After"))
        yield from table(columns, rows)
    elif not found.others:
        yield tr("The draft “{name}” holds nothing yet.", name=found.draft.name)
    for kind, number in found.others.items():
        if kind == "decision":
            yield trn("{count} review decision.", "{count} review decisions.", number)
        else:
            yield f"{records_changed(kind, number)}."
    yield from _conflicts(schema, found.conflicts)


def _applied(schema: Schema, applied: AppliedRevision, left: list[DraftConflict]) -> Iterator[str]:
    if applied.number:
        yield tr("Revision {number}: the draft was applied. Take it back with: {command}",
                 number=Plain(applied.number), command=f"undo {applied.number}")  # fmt: skip
    else:
        yield tr("Nothing to apply.")
    yield from _conflicts(schema, left)


def _conflicts(schema: Schema, found: Any) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield str(counted("{count} conflict:", "{count} conflicts:", len(found)))
    for one in found:
        yield f"  {class_label(schema, one.cls)} {one.name}: {one.reason}"
        yield from (f"    {f.field}: {f.before} → {f.drafted} | {f.present}" for f in one.fields)
    yield tr("Settle them with: {command}", command="draft apply NAME --keep draft|estate [--record RECORD]")
