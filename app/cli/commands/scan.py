"""``scan [--out FILE [--sign KEY]] [--watch N] [--arguments]``: inventories this computer, to a file or the estate."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import number
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.reconciliation import Proposal
    from importers.discovery import Inventory

DESCRIPTION = Description(Message("inventory this computer"), "files", example=("--out", "{folder}/scan.json"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """--out, --sign, --watch, --arguments."""
    parser.add_argument(
        "--out", metavar="FILE", default="", help=tr("write the inventory to this file; the estate is not touched")
    )
    parser.add_argument(
        "--sign", metavar="KEY", default="", help=tr("also sign it with this private key: FILE.sig, by ssh-keygen")
    )
    parser.add_argument(
        "--watch",
        metavar="N",
        type=whole_number,
        default=0,
        help=tr("watch connections for N seconds as well; Ctrl-C ends it with what was seen"),
    )
    parser.add_argument(
        "--arguments", action="store_true", help=tr("also the arguments of processes, which can hold passwords")
    )


def run(context: CommandContext) -> int:
    """Scans, and writes or reconciles."""
    from importers.discovery import scan, signing
    from importers.discovery.registry import collectors
    from importers.discovery.watch import Watch, ended_by_interrupt

    out = context.output_path(context.args.out) if context.args.out else None
    key = context.args.sign
    if key and out is None:
        raise UserError(Message("--sign needs --out: a file is signed, and no scan that goes into the estate at once."))
    if key:
        signing.refuse_unreadable(key)
    if out is None:
        context.store(create=True)  # a problem of the estate is reported before the scan, not after
    watch = Watch(context.args.watch) if context.args.watch else None
    with ended_by_interrupt(watch):
        chosen = collectors(more=context.plugins.collectors(), asked=context.args.arguments)
        inventory = scan(context.control(), collectors=chosen, watch=watch)
    if out is None:
        return _take_in(context, inventory)
    from importers.inventory import write

    write(out, inventory.document)
    written = [out, signing.sign(out, key)] if key else [out]
    context.answer(inventory.document, lambda: _lines(inventory, written))
    return DONE


def _take_in(context: CommandContext, inventory: Inventory) -> int:
    from app import import_proposal
    from app.cli.import_report import answer
    from importers.inventory import reading

    store = context.store()
    control = context.control()
    if not context.args.json:
        context.say(*_lines(inventory))
    read = [reading(inventory.document)]

    def decide() -> Proposal:
        return import_proposal.propose(store, read, context.author, control, Message("Scan of this computer"))

    proposal, applied = import_proposal.take_in(store, decide, context.say, control)
    return answer(context, store.schema, proposal, applied)


def _lines(inventory: Inventory, written: Sequence[Path] = ()) -> Iterator[str]:
    from importers.discovery.collector_words import collector_name, collector_state, elevated_part

    yield from table(
        (tr("Collector"), tr("Outcome"), tr("Seconds"), tr("Note")),
        [
            (str(collector_name(o.name)), str(collector_state(o.state)), number(o.seconds, 2), str(o.note))
            for o in inventory.outcomes
        ],
    )
    if inventory.elevate:
        yield tr("Run as administrator to find also: {facts}.", facts=tuple(map(elevated_part, inventory.elevate)))
    for path in written:
        yield tr("Wrote {file}.", file=path)
