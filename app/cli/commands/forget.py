"""``forget SOURCE [--where Q]``: withdraws what a source said, in one revision; without SOURCE it lists the sources."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli import revision_report as report
from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import moment
from cmdb.model.messages import Message, counted, tr

if TYPE_CHECKING:
    from app.sources import SourceSummary
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.forgetting import ForgottenSource

DESCRIPTION = Description(
    Message("withdraw what a source said; without SOURCE, list the sources"),
    "history",
    example=("hardware.xlsx",),
    before=(("import", "{sheet}"),),
    needs="a source",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """SOURCE, and the records."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help=tr("its key (sheet:stock.xlsx) or the name in it; else all are listed"),
    )
    parser.add_argument("--where", metavar="Q", default="", help=tr("only what it said of the records that match"))
    parser.add_argument("--dry-run", action="store_true", help=tr("show what would go, write nothing"))


def run(context: CommandContext) -> int:
    """One revision, or the list."""
    from app.sources import forget, forget_preview, named_source, sources

    store = context.store()
    word, where = context.args.source, context.args.where
    if word is None:
        if where or context.args.dry_run:
            raise UserError(Message("Which source? Without one, the sources are listed."))
        with store.read() as reader:
            listed = sources(reader)
        context.answer([_document(one) for one in listed], lambda: _listed(listed))
        return DONE
    with store.read() as reader:
        source = named_source(reader, word)
        preview = forget_preview(reader, source, where, context.control()) if context.args.dry_run else None
    applied = None
    if preview is None:
        preview, applied = forget(store, source, context.author, where, context.control())
    context.say_meanwhile(applied)
    document = {
        **_effects(preview, applied),
        "source": source,
        "read": 0,
        "unchanged": 0,
        "rejected": 0,
        "relationships": 0,
        "problems": [],
        "review": [],
        "bare": preview.bare,
        "gone": dict(preview.gone),
        "left": preview.left,
        "kept": report.kept(preview.kept),
    }
    found = preview
    context.answer(document, lambda: _lines(context, found, applied))
    return DONE


def _effects(found: ForgottenSource, applied: AppliedRevision | None) -> dict[str, Any]:
    if applied is not None:
        return report.document(applied)
    return {"revision": None, "created": 0, "updated": found.bare + found.changed, "deleted": found.deleted}


def _document(one: SourceSummary) -> dict[str, Any]:
    return {
        "source": one.source,
        "records": one.records,
        "links": one.links,
        "revision": one.revision,
        "time": one.recorded,
    }


def _listed(found: list[SourceSummary]) -> Iterator[str]:
    for one in found:
        yield tr(
            "{source}: {records}, {links}, last {time}",
            source=one.source,
            records=counted("{count} record", "{count} records", one.records),
            links=counted("{count} link", "{count} links", one.links),
            time=moment(one.recorded),
        )
    if not found:
        yield tr("No source but people has said anything.")


def _lines(context: CommandContext, found: ForgottenSource, applied: AppliedRevision | None) -> Iterator[str]:
    from app.sources import caution, effects

    for line in effects(found):
        yield f"  {line}"
    if applied is not None:
        yield from report.lines(context, applied)
    elif not found:
        yield tr("Nothing to change.")
    if (warning := str(caution(found.source))) and (found.records or found.gone):
        yield warning
    if found.kept:
        yield tr("Kept:")
        yield from report.kept_lines(context, found.kept)
