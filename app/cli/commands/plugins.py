"""``plugins [allow|forbid NAME]``: the installed plug-in packages, and which of them may run."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("plug-in packages; without more, list them"), "estate", drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which package."""
    parser.add_argument("action", metavar="allow|forbid", nargs="?", choices=("allow", "forbid"), default=None)
    parser.add_argument("package", metavar="NAME", nargs="?", default="", help=tr("the package's name"))


def run(context: CommandContext) -> int:
    """Lists them, or changes the settings of this person."""
    args = context.args
    if args.action and not args.package:
        raise UserError(Message("Which package? Use: {command}", command=f"plugins {args.action} NAME"))
    if args.action == "allow":
        context.plugins.allow(args.package)
    elif args.action == "forbid":
        context.plugins.forbid(args.package)
    known = context.plugins.installed()
    listed = [
        {"package": one.package, "version": one.version, "allowed": one.allowed,
         "brings": [{"kind": kind, "name": name} for kind, name in one.brings]}
        for one in known
    ]  # fmt: skip
    rows = [
        (one.package, one.version, tr("allowed") if one.allowed else tr("not allowed"),
         listing([f"{name} ({kind})" for kind, name in one.brings], "unit"))
        for one in known
    ]  # fmt: skip
    headings = (tr("Package"), tr("Version"), tr("State"), tr("Brings"))
    lines = table(headings, rows) if rows else [tr("No plug-in packages are installed.")]
    context.answer({"plugins": listed}, lines)
    return DONE
