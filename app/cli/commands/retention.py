"""``retention``: how long the history is kept; by default for ever. ``--prune`` permanently deletes what is older."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from cmdb.model.retention import PruningResult
    from cmdb.store.store import Store

DESCRIPTION = Description(Message("how long the history is kept; for ever unless set"), "history", drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """How long, and whether to prune now."""
    parser.add_argument(
        "--keep",
        metavar="TIME",
        default="",
        help=tr("months or years, such as {months} or {years}; {off}: for ever", months="24m", years="2y", off="off"),
    )
    parser.add_argument("--prune", action="store_true", help=tr("take out what is older now; that cannot be undone"))


def run(context: CommandContext) -> int:
    """Sets it, prunes, and prints the state."""
    from app.history.retention import keep_history
    from cmdb.register.retention import prune

    args = context.args
    store = context.store()
    revision = 0
    if args.keep:
        with store.read() as reader:
            change = keep_history(reader, args.keep, context.author)
        revision = store.apply(change).number
    pruned = prune(store, context.author, context.control()) if args.prune else None
    document = _document(store, revision, pruned)
    context.answer(document, lambda: _lines(document))
    return DONE


def _document(store: Store, revision: int, pruned: PruningResult | None) -> dict[str, Any]:
    from app.history.retention import retention_of

    with store.read() as reader:
        found = retention_of(reader)
    plan = found.plan
    return {
        "keep": found.rule or None,
        "revision": revision or None,
        "pruned": pruned.versions if pruned else None,
        "checkpoint": {"revision": found.first, "recorded": found.recorded} if found.first else None,
        "would_go": {"before": plan.recorded, "versions": plan.versions} if plan and plan.versions else None,
        "bounded_by": plan.baseline or None if plan else None,
    }


def _lines(document: dict[str, Any]) -> Iterator[str]:
    from cmdb.model.retention import in_words

    keep, checkpoint, goes = document["keep"], document["checkpoint"], document["would_go"]
    yield tr("The history is kept for {time}.", time=in_words(keep)) if keep else tr("The history is kept for ever.")
    if document["pruned"] is not None:
        yield trn(
            "{count} old version deleted. The space in the file is used again.",
            "{count} old versions deleted. The space in the file is used again.",
            document["pruned"],
        )
    if checkpoint:
        yield tr(
            "What was before {day} is no longer kept (revision {number}).",
            day=_day(checkpoint["recorded"]),
            number=Plain(checkpoint["revision"]),
        )
    if goes and goes["before"]:
        yield trn(
            "{count} old version from before {day} would go with {option}.",
            "{count} old versions from before {day} would go with {option}.",
            goes["versions"],
            day=_day(goes["before"]),
            option="--prune",
        )
    elif goes:
        yield trn(
            "{count} old version that an earlier pruning left would go with {option}.",
            "{count} old versions that an earlier pruning left would go with {option}.",
            goes["versions"],
            option="--prune",
        )
    if document["bounded_by"]:
        yield tr(
            "The baseline “{name}” keeps what is younger than itself; remove it to let that be deleted.",
            name=document["bounded_by"],
        )


def _day(recorded: str) -> str:
    return datetime.fromisoformat(recorded).astimezone().date().isoformat()
