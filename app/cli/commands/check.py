"""``check``: the integrity of the file, the schema, the versions, the graph and the search index."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.registry import Description
from cmdb.model.journal_head import NotedHead
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("check the integrity of the estate"), "estate", drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """--against and --accept-changed-journal."""
    parser.add_argument(
        "--against",
        metavar="HEAD",
        default="",
        help=tr("a head of the journal that was noted earlier: NUMBER:HASH, or HASH"),
    )
    parser.add_argument(
        "--accept-changed-journal",
        action="store_true",
        help=tr(
            "bring an estate of an older Terrier up to date though its journal was changed from outside; check goes on "
            "saying what was changed"
        ),
    )


def run(context: CommandContext) -> int:
    """Lists the problems, status 1 if there are any; and what is no damage but worth a look."""
    from app.estates import check_against, check_store, head_of, remarks_of

    noted = NotedHead.parse(context.args.against) if context.args.against else None
    store = context.store()
    problems = check_store(store, context.control())
    said = list(map(str, problems))
    document: dict[str, Any] = {"problems": said, "head": head_of(store).document}
    proved = []
    if noted is not None:
        found = check_against(store, noted)
        if found.problem:
            said.append(str(found.problem))
        elif not problems:  # A link proves nothing while the rows that it is over are others.
            proved.append(str(found.proved))
        document["against"] = {"noted": context.args.against, "holds": not said}
    document["remarks"] = remarks = list(map(str, remarks_of(store)))
    lines = said or [tr("{estate}: no problems found.", estate=store.name)]
    context.answer(document, [*lines, *remarks, *proved, tr("The journal's head: {head}", head=str(head_of(store)))])
    return WITH_REMARKS if said else DONE
