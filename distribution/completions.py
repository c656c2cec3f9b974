"""Completions of shells: commands, options, files, classes and reports. Made from the command line's parsers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import shtab

from cmdb.model.schema import Schema
from distribution.reference import as_shipped, report_names, whole_parser

#: The file in which each shell looks for the completions of ``terrier``.
PLACES = {
    "bash": "share/bash-completion/completions/terrier",
    "zsh": "share/zsh/site-functions/_terrier",
    "fish": "share/fish/vendor_completions.d/terrier.fish",
}


def completion(shell: str) -> str:
    """The script for one of the shells in ``PLACES``."""
    with as_shipped():
        parser = whole_parser()
        classes = sorted(Schema.load().classes)
        for command, action in _actions(parser):
            words = str(action.metavar or "").split("|")
            if "FILE" in words:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            elif "FOLDER" in words:
                action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
            elif "CLASS" in words or action.dest == "cls":
                action.choices = classes
            elif (command, action.dest) == ("report", "name"):
                action.choices = report_names()
        return str(shtab.complete(parser, shell))


def _actions(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[str, argparse.Action]]:
    """The actions of a parser and of its subparsers, with the command's name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                yield from _actions(one, name)
        else:
            yield command, action
