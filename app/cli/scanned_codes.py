"""What was scanned, as a command is told: by its words, a file, a folder, the input, and the computer at hand."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.audits.scanning import CodeRead
    from app.cli.context import CommandContext
    from app.codes.keyboards import Typing

STDIN = "-"
"""What stands for the input in place of a file."""


def scanned_codes(context: CommandContext) -> list[CodeRead]:
    """What was scanned: the codes of the command line, those of a file, a folder or the input, and this computer."""
    from app.audits.scanning import CodeRead
    from app.codes import this_computer
    from app.codes.code_lists import as_reads, pasted_codes
    from app.codes.code_sources import codes_from
    from app.codes.keyboards import is_test_code
    from app.codes.scanner import keep_test
    from app.settings import Settings

    args = context.args
    reads = list(map(CodeRead, args.codes))
    if args.source:
        given = args.source == STDIN
        found = pasted_codes(sys.stdin.read()) if given else codes_from(Path(args.source), context.control())
        context.say(*map(str, found.problems))
        reads += as_reads(found.codes)
    if args.this_computer:
        codes = this_computer.own_codes(context.control())
        with context.read() as reader:
            read = this_computer.read_this_computer(reader, codes)
        reads.append(CodeRead(read.code, record=read.record.uid if read.record is not None else ""))
    for one in reads:
        if is_test_code(one.code):
            context.say(str(keep_test(Settings(), one.code).words))
    return [replace(one, condition=args.condition) for one in reads] if args.condition else reads


def typing_here() -> Typing | None:
    """How this computer types what its scanner reads, as its test code showed."""
    from app.codes.scanner import kept_typing
    from app.settings import Settings

    return kept_typing(Settings())
