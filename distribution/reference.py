"""One parser for the whole command line, which the manual page and the completions are made from.

The program itself parses each command on its own, so that only the command that runs is imported. The files that are
generated from this parser are in English, and list Terrier's own commands: settings and plug-ins of the builder have no
effect.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import reports
from app.cli import program
from app.cli.registry import COMMANDS, Command
from app.cli.verbs import VerbCommand, verb_commands
from cmdb.model.language import SPEAKER, Language

PROGRAM = "terrier"
ABOUT = "a register of an IT estate: its items, their relationships, the impact of failures, and licences"


def whole_parser(*, common: bool = True) -> argparse.ArgumentParser:
    """The command line: options without a command, and a subparser for each command and verb.

    ``common``: whether each of these has the options that all have. Made and read ``as_shipped``.
    """
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [--db FILE|URL] [--json] [COMMAND ...]",
        description="Keeps a register of an IT estate. Without a command the window opens, on FILE where that is "
        "named by --db or alone, ending in .terrier.",
    )
    program.common(parser)
    parser.add_argument("--version", action="store_true", help="say which Terrier this is, and what it runs on")
    parser.add_argument("--tour", metavar="FOLDER", help="do the main job through the window; pictures go there")
    parser.add_argument("--screenshots", metavar="FOLDER", help="write a picture of every page there")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog=PROGRAM)
    every: list[Command | VerbCommand] = [*COMMANDS.values(), *verb_commands().values()]
    for one in every:
        about = program.parser_for(one).description
        added = commands.add_parser(one.name, help=about, description=about, allow_abbrev=False)
        if common:
            program.common(added)
            program.drafted(added, one)
        (one if isinstance(one, VerbCommand) else one.load()).arguments(added)
    return parser


def report_names() -> list[str]:
    """The names of the reports that ship with Terrier. To import them would take all that they are made with."""
    files = (Path(folder) / name for folder in reports.__path__ for name in sorted(os.listdir(folder)))
    return [
        file.stem for file in files if file.suffix == ".py" and re.search(r"^REPORT\b", file.read_text("utf-8"), re.M)
    ]


@contextmanager
def as_shipped() -> Iterator[None]:
    """A context without settings, in English, with a very wide terminal, for creating and reading parsers."""
    before, language = dict(os.environ), SPEAKER.language
    SPEAKER.use(Language())
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(TERRIER_CONFIG=folder, COLUMNS="1000")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            SPEAKER.use(language)
