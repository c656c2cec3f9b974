"""``check``: the integrity of the file, the schema, the versions, the graph and the search index."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("check the integrity of the estate"), "estate")


def arguments(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(context: CommandContext) -> int:
    """Lists the problems; status 1 if there are any."""
    from app.estates import check_store

    store = context.store()
    problems = check_store(store, context.control())
    said = list(map(str, problems))
    context.answer({"problems": said}, said or [tr("{estate}: no problems found.", estate=store.name)])
    return WITH_REMARKS if problems else DONE
