"""Runs the command line: finds the command, parses its arguments, runs it, and words errors in one line."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from app.cli.argparse_texts import word_argparse
from app.cli.context import DONE, FAULT, INTERRUPTED, UNUSABLE, WITH_REMARKS, CommandContext
from app.cli.output import OutputProblem, flush, write
from app.cli.registry import COMMANDS, GROUPS, Command
from app.version import PROGRAM
from cmdb.model import clock
from cmdb.model.errors import UserError
from cmdb.model.formats import sentence_case
from cmdb.model.messages import Message, chain, counted, tr, verbatim
from cmdb.model.system_errors import reason_of
from cmdb.store.connection.database_address import is_url, shown

if TYPE_CHECKING:
    from app.cli.verbs import VerbCommand


class _Formatter(argparse.HelpFormatter):
    """As argparse's, which imports shutil to ask for the terminal's width, once for each argument of a command."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """The terminal's width as shutil tells it."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given[:9]):
        return int(given[:9])
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


class Parser(argparse.ArgumentParser):
    """An argparse parser that speaks the reader's language and raises its error as UserError, in one line."""

    def __init__(self, *, prog: str, description: str = "", add_help: bool = True) -> None:
        word_argparse()
        self._given: list[str] = []
        super().__init__(
            prog=prog, description=description, add_help=add_help, allow_abbrev=False, formatter_class=_Formatter
        )

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's; what was given is known to ``error``."""
        self._given = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Writes the help; argparse's own way says nothing where that fails."""
        if message:
            write(message.removesuffix("\n"), file)

    def error(self, message: str) -> NoReturn:
        """Raises UserError with the error. A database's URL in it is shown without its password."""
        for word in self._given:
            for one in (word, word.partition("=")[2]):
                if is_url(one):
                    message = message.replace(one, shown(one)).replace(repr(one)[1:-1], shown(one))
        raise UserError(Message("{problem} (see {program} --help)", problem=message, program=self.prog))


def split(argv: Sequence[str]) -> tuple[str, list[str]]:
    """The command's name ("" for the window) and the other arguments; ``--db X`` and ``--json`` may precede it."""
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if not word.startswith("-") or word == "-":
            return word, rest + list(words)
        rest.append(word)
        if word in VALUED:
            rest.extend([value for value in [next(words, None)] if value is not None])
    return "", rest


#: Options before the command that take a value as the next word.
VALUED = ("--db", "--tour", "--screenshots")


#: Options whose value may begin with a dash, which argparse would take for another option.
DASHED = ("--sort",)


def joined(words: Sequence[str]) -> list[str]:
    """The words with ``--sort -name`` written as ``--sort=-name``."""
    found: list[str] = []
    rest = iter(words)
    for word in rest:
        value = next(rest, None) if word in DASHED else None
        found.append(word if value is None else f"{word}={value}")
    return found


def common(parser: argparse.ArgumentParser) -> None:
    """The arguments that every command takes."""
    parser.add_argument(
        "--db",
        metavar="FILE|URL",
        default="",
        help=tr(
            "the estate: a file or a PostgreSQL URL (default: {variable}, else the one in the data folder). Keep a "
            "server's password in {password} or {file} rather than in the URL",
            variable="TERRIER_DB",
            password="PGPASSWORD",
            file="~/.pgpass",
        ),
    )
    parser.add_argument("--json", action="store_true", help=tr("answer with one JSON document"))


def drafted(parser: argparse.ArgumentParser, command: Command | VerbCommand) -> None:
    """The argument of the commands that can be run with a draft."""
    if not isinstance(command, Command) or command.description.drafted:
        parser.add_argument(
            "--draft", metavar="NAME", default="", help=tr("see the estate with this draft, and write into the draft")
        )


def _verbs() -> dict[str, VerbCommand]:
    """The commands that are made of verbs, imported only where none of the others is meant."""
    from app.cli.verbs import verb_commands

    return verb_commands()


def _sentence(command: Command | VerbCommand) -> str:
    """What a command does, as a sentence."""
    text = command.description.help if isinstance(command, Command) else command.help
    return tr("{statement}.", statement=sentence_case(text))


def parser_for(command: Command | VerbCommand) -> Parser:
    """The parser of one command or verb."""
    parser = Parser(
        prog=f"{PROGRAM} {command.name}",
        description=_sentence(command),
    )
    common(parser)
    drafted(parser, command)
    (command.load() if isinstance(command, Command) else command).arguments(parser)
    return parser


def parsed(command: Command | VerbCommand, rest: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command or verb. Raises UserError."""
    parser = parser_for(command)
    # For a verb, records and values may precede or follow the options.
    parse = parser.parse_args if isinstance(command, Command) else parser.parse_intermixed_args
    return parse(joined(rest))


def run(name: str, rest: Sequence[str]) -> int:
    """Runs a command; the exit status. Only a bug in the program writes a trace, to a file."""
    context: CommandContext | None = None
    failed = True
    if isinstance(sys.stdout, io.TextIOWrapper):
        # File names may hold bytes that are no text; they are shown as escapes.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        command = COMMANDS.get(name) or _verbs().get(name)
        if command is None:
            known = (*COMMANDS, *_verbs())
            raise UserError(_unknown(name, known, rest))
        args = _understood(name, command, rest)
        clock.moment()  # one that cannot be read is said before anything is done
        # Imported only now: help removes nothing.
        from app.unfinished_files import clear

        clear()
        context = CommandContext(name, args)
        status = (command.load() if isinstance(command, Command) else command).run(context)
        failed = status == UNUSABLE
        flush()
        return status
    except BrokenPipeError:
        return read_enough()
    except KeyboardInterrupt:
        _say(context, tr("Cancelled."))
        return INTERRUPTED
    except UserError as error:
        _say(context, one_line(error))
        return UNUSABLE
    except OutputProblem as problem:
        failed = not (context is not None and context.committed)
        return unwritten(problem, done=not failed)
    except OSError as error:
        # The system's error for a given file: a name that is too long, a loop of links, a lost share.
        if error.errno in FULL and not error.filename:
            _say(context, tr("There is no room: {problem}.", problem=reason_of(error)))
            return UNUSABLE
        if not error.filename:
            _say(context, fault(error))
            return FAULT
        _say(context, tr("“{file}”: {problem}.", file=str(error.filename)[:200], problem=reason_of(error)))
        return UNUSABLE
    except Exception as error:
        _say(context, fault(error))
        return FAULT
    finally:
        if context is not None:
            context.close(failed=failed)


def _understood(name: str, command: Command | VerbCommand, rest: Sequence[str]) -> argparse.Namespace:
    """As ``parsed``. Where a name of two words was typed ("check in LT-1"), the error says what it may mean."""
    try:
        return parsed(command, rest)
    except UserError:
        from app.other_names import commands_named

        known = [*COMMANDS, *_verbs()]
        two = f"{name} {rest[0]}" if rest else name
        if rest and commands_named(two, known):
            raise UserError(_unknown(two, known)) from None
        raise


def _unknown(name: str, known: Sequence[str], rest: Sequence[str] = ()) -> Message:
    """That there is no such command, with the ones that may be meant, or what there is instead."""
    from app.other_names import meant, note_on

    name = shown(name)
    following = next((word for word in rest[:1] if not word.startswith("-")), "")
    if (instead := note_on(f"{name} {following}", name)) is not None:
        return Message(
            "There is no command “{name}”. {note} The nearest is “{command}”.",
            name=name,
            note=instead.note,
            command=instead.command,
        )
    found = meant(name, known, following)
    if not found:
        return Message("There is no command “{name}”. Commands: {known}.", name=name, known=tuple(known))
    if len(found) == 1:
        return Message("There is no command “{name}”. Did you mean “{command}”?", name=name, command=found[0])
    return Message(
        "There is no command “{name}”. Did you mean one of these: {commands}?", name=name, commands=tuple(found)
    )


def read_enough() -> int:
    """Done: the reader of the output has closed it. Python would complain once more while it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def leave_messages() -> None:
    """Lets go of messages that stderr does not take: where Python still has some at its end, the status is its own."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


#: Reasons for which the system takes no more bytes.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.ENOMEM)


def unwritten(problem: OutputProblem, *, done: bool = False) -> int:
    """Says that stdout cannot be written to; ``done``: what the command was to do is done. The status."""
    with suppress(OSError):
        write(tr("It is done. {problem}", problem=str(problem)) if done else str(problem), sys.stderr)
    read_enough()  # Python would complain once more while it closes stdout
    return WITH_REMARKS if done else UNUSABLE


def fault(error: Exception) -> str:
    """A fault of the program in one line; its trace is saved."""
    from app.faults import describe

    return describe(error)


def one_line(error: UserError) -> str:
    """The error and its details in one line."""
    text = _flat(str(error))
    if not error.details:
        return text
    details = [verbatim(_flat(line)) for line in error.details[:LISTED]]
    if (more := len(error.details) - LISTED) > 0:
        details.append(counted("and {count} more", "and {count} more", more))
    return tr("{problem} ({details})", problem=text.removesuffix("."), details=chain(details))


#: Details of an error that its line has room for.
LISTED = 20


#: A word of an error that is longer is a value that nobody reads to its end.
LONGEST_WORD = 1_000


def _flat(text: str) -> str:
    """A text without line breaks, its longest words cut."""
    return " ".join(word if len(word) <= LONGEST_WORD else f"{word[:100]}…" for word in text.split())


def _say(context: CommandContext | None, line: str) -> None:
    if context is not None:
        context.say(line)
    else:
        with suppress(OSError):
            write(line, sys.stderr)


def _listed(width: int) -> Iterator[str]:
    """The commands by group, one line each."""
    for name, group in GROUPS.items():
        yield f"{group}:"
        for command in COMMANDS.values():
            if command.description.group == name:
                yield f"  {command.name:<{width}}{command.description.help}"
        yield ""


def overview() -> str:
    """The help that lists all commands."""
    width = max(map(len, (*COMMANDS, *_verbs()))) + 2
    lines = [
        tr("usage: {usage}", usage=f"{PROGRAM} [--db FILE|URL] [--json] [COMMAND] ..."),
        "",
        *_wrapped(
            tr("A register of an IT estate. Without a command the window opens; --version says which Terrier this is.")
        ),
        "",
        *_listed(width),
        tr("What is done with records ({usage}):", usage="RECORD... [FIELD=VALUE...] [--at T]"),
        *(f"  {one.name:<{width}}{one.help}" for one in _verbs().values()),
        "",
        *_wrapped(
            tr(
                "{usage} says more. Exit status: 0 done; 1 done, but rows were rejected or records need review; "
                "2 unusable input or arguments, nothing written; 3 a fault of the program.",
                usage=f"{PROGRAM} COMMAND --help",
            )
        ),
    ]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    import textwrap  # for the overview only

    return textwrap.wrap(text, 110)
