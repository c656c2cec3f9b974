"""Finds the commands: every module under ``commands`` is one. Help, parsing and the contract suite follow from it.

A module is named as its command is, "-" written as "_"; a name that is a Python keyword or built-in gets a "_" at the
end. Only the module of the command that runs is imported, so that starting stays fast.
"""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from app.cli import commands
from cmdb.model.messages import Message
from cmdb.model.package_modules import module_names

if TYPE_CHECKING:
    from app.cli.context import CommandContext

#: The help's sections, in order.
GROUPS = {
    "records": Message("Records"),
    "files": Message("Files"),
    "questions": Message("Questions"),
    "history": Message("History"),
    "estate": Message("Estate"),
}


class Description(NamedTuple):
    """The type of commands: ``help`` is one line in lower case, without a full stop; ``group`` a key of ``GROUPS``.

    ``example`` are arguments with which it runs on any estate ({folder}, {db}, {copy}, {record}, {other}, {sheet} are
    filled in); ``before`` are commands to be run first. One that names a record, or says ``needs``, ends with 2 on an
    empty estate. The contract suite runs the example. With ``lines``, ``--json`` prints a document on each line.
    """

    help: Message
    group: str
    example: tuple[str, ...] = ()
    before: tuple[tuple[str, ...], ...] = ()
    needs: str = ""
    lines: bool = False
    drafted: bool = True
    """Whether it can be run with a draft: ``--draft NAME``."""


class CommandModule(Protocol):
    """The interface of a module under ``commands``."""

    DESCRIPTION: Description

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declares the command's arguments."""

    def run(self, context: CommandContext) -> int:
        """Does it; returns the exit status."""


class Command(NamedTuple):
    """A command: its name, and the module that does it."""

    name: str
    module: str

    def load(self) -> CommandModule:
        """Imports the command's module."""
        return cast(CommandModule, importlib.import_module(f"{commands.__name__}.{self.module}"))

    @property
    def description(self) -> Description:
        """The module's declaration of the command."""
        return self.load().DESCRIPTION


def _found() -> dict[str, Command]:
    modules = module_names(commands.__path__)
    return {command.name: command for command in (Command(m.rstrip("_").replace("_", "-"), m) for m in modules)}


COMMANDS: dict[str, Command] = _found()
