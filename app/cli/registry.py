"""The commands there are. A new one is a file under ``commands`` and an entry here; help and parsing follow from both.

Only the module of the command that runs is imported, so that starting stays fast.
"""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from app.cli.context import Context


class CommandModule(Protocol):
    """What a module under ``commands`` offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declares the command's arguments."""

    def run(self, context: Context) -> int:
        """Does it; returns the exit status."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it does in one line, and the module under ``commands`` (by default of its name)."""

    name: str
    help: str
    module: str = ""

    def load(self) -> CommandModule:
        """Imports the command's module."""
        return cast(CommandModule, importlib.import_module(f"app.cli.commands.{self.module or self.name}"))


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("new", "create an estate, empty or with the sample"),
        Command("scan", "inventory this computer"),
        Command("import", "take in spreadsheets, inventories and other files", "import_files"),
        Command("export", "write records to a file; its ending says which format"),
        Command("template", "write an empty spreadsheet to fill in"),
        Command("list", "list records", "list_records"),
        Command("show", "show one record, its relationships, and why each value"),
        Command("set", "change values of a record", "set_values"),
        Command("link", "relate two records"),
        Command("unlink", "take a relationship away", "link"),
        Command("delete", "delete a record"),
        Command("impact", "what fails if these records fail"),
        Command("cutsets", "the smallest sets of records whose loss takes one down"),
        Command("path", "how two records hang together"),
        Command("licences", "the effective licence position"),
        Command("report", "run a report; without a name, list them"),
        Command("history", "the journal of changes"),
        Command("undo", "take back one revision"),
        Command("baseline", "give a moment a name; without a name, list them"),
        Command("retention", "how long the history is kept; for ever unless set"),
        Command("review", "what needs a person's decision"),
        Command("check", "check the integrity of the estate"),
        Command("backup", "write a consistent copy, while in use too"),
        Command("restore", "put a backup in the estate's place"),
        Command("move", "copy the whole estate, history included, to a server or a file"),
        Command("encrypt", "encrypt the estate's file with a passphrase"),
        Command("decrypt", "take the encryption away", "encrypt"),
        Command("passphrase", "give an encrypted estate another passphrase", "encrypt"),
    )
}
