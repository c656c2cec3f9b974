"""``clean-up [CLASS…]``: lists records whose names are nearly equal; ``--merge`` merges them as one revision."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli import revision_report as report
from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.records import class_label
from app.cli.registry import Description
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from app.clean_up import MergeChoice, NearRecord, NearRecords
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.schema import Schema

DESCRIPTION = Description(
    Message("list records whose names are nearly equal, and merge them"), "records", example=("manufacturer",)
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The classes, and what becomes of the groups."""
    parser.add_argument(
        "classes", metavar="CLASS", nargs="*",
        help=tr("of these classes only; by default of all that are known by their names"),
    )  # fmt: skip
    parser.add_argument("--merge", action="store_true", help=tr("merge each group into the record that most refer to"))
    parser.add_argument(
        "--misspelt", action="store_true", help=tr("merge also those whose names differ by a letter or two")
    )
    parser.add_argument(
        "--keep", metavar="RECORD", action="append", default=[], help=tr("keep this one of its group; may be repeated")
    )
    parser.add_argument(
        "--leave", metavar="RECORD", action="append", default=[], help=tr("leave this one as it is; may be repeated")
    )


def run(context: CommandContext) -> int:
    """The groups, or one revision that merges them."""
    from app.clean_up import MergeChoice, clean_up, near_records

    args, store = context.args, context.store()
    schema = store.schema
    with store.read() as reader:
        classes = [schema.find_class(name).name for name in args.classes]
        found = near_records(reader, classes, context.control())
        keep = {reader.find(word).uid for word in args.keep}
        leave = {reader.find(word).uid for word in args.leave}
    if not args.merge:
        context.answer([_document(schema, group) for group in found], lambda: _listed(schema, found))
        return DONE
    choices = []
    for group in found:
        records = [one for one in group.records if one.uid not in leave]
        if len(records) < 2 or (group.misspelt and not args.misspelt):
            continue
        kept = next((one for one in records if one.uid in keep), records[0])
        choices.append(MergeChoice(kept.uid, tuple(one.uid for one in records if one is not kept)))
    if not choices:
        context.answer({"revision": None, "merged": 0, "waiting": 0}, lambda: [tr("Nothing to merge.")])
        return DONE
    applied, waiting = clean_up(store, choices, context.author, context.control())
    context.say_meanwhile(applied)
    merged = sum(len(one.others) for one in choices) - sum(len(one.others) for one in waiting)
    context.answer(
        {**report.document(applied), "merged": merged, "waiting": len(waiting)},
        lambda: _merged(context, applied, waiting),
    )
    return WITH_REMARKS if waiting else DONE


def _document(schema: Schema, group: NearRecords) -> dict[str, Any]:
    def one(record: NearRecord) -> dict[str, Any]:
        return {"id": record.uid, "class": class_label(schema, record.cls), "name": record.name,
                "references": record.references}  # fmt: skip

    return {"keep": one(group.keep), "others": [one(other) for other in group.others], "misspelt": group.misspelt}


def _listed(schema: Schema, found: list[NearRecords]) -> Iterator[str]:
    rows = [
        (class_label(schema, one.cls), group.keep.name if one is group.keep else "", one.name, one.references,
         tr("spelling") if group.misspelt else "", one.uid)
        for group in found
        for one in group.records
    ]  # fmt: skip
    if rows:
        yield from table(
            (tr("Class"), tr("Keep"), tr("Name"), tr("Named by"), tr("Differs by"), tr("Id")), rows, wrapped=True
        )
        yield ""
        yield tr("Merge them with: {command}", command="clean-up --merge [--misspelt] [--keep RECORD] [--leave RECORD]")
    else:
        yield tr("No names are nearly equal.")


def _merged(context: CommandContext, applied: AppliedRevision, waiting: tuple[MergeChoice, ...]) -> Iterator[str]:
    yield from report.lines(context, applied)
    if waiting:
        yield trn(
            "{count} group waits, as it concerns what was merged: run the command again.",
            "{count} groups wait, as they concern what was merged: run the command again.",
            len(waiting),
        )
