"""Terrier: a register of an IT estate. Arguments name a command; without one the window opens."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import threading
from collections.abc import Sequence

from app.cli import program
from app.cli.context import DONE, FAULT, INTERRUPTED, UNUSABLE
from app.cli.output import OutputProblem, as_json, flush, write
from app.languages import of_system, platform_locale
from app.places import ENDING
from app.version import PROGRAM, version_lines, versions
from cmdb.model import clock
from cmdb.model.errors import UserError
from cmdb.model.language import SPEAKER
from cmdb.model.messages import Message
from cmdb.model.resources import INSTALLED


def tune() -> None:
    """Makes the search for reference cycles rarer: it costs a sixth of an import, and a tenth of the window's start."""
    gc.set_threshold(100_000, 50, 1000)


def keep_private() -> None:
    """What this process writes is its user's alone from the first moment: see docs/decisions/privacy.md."""
    os.umask(os.umask(0o077) | 0o077)
    threading.excepthook = lambda failed: _report(failed.exc_value)
    sys.unraisablehook = lambda failed: _report(failed.exc_value)


def _report(error: BaseException | None) -> None:
    """Says a fault that nobody is left to catch, without the values that Python would print."""
    from app.faults import describe

    if error is not None and sys.stderr is not None:
        write(describe(error), sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs Terrier with ``argv`` (by default the process's); the exit status."""
    try:
        return _status(argv)
    finally:
        program.leave_messages()


def _status(argv: Sequence[str] | None) -> int:
    """As ``main``; what stdout does not take is said."""
    try:
        try:
            return _run(argv)
        finally:
            if sys.stdout is not None:
                flush()  # what cannot be written any more is found out here, not when Python ends
            if argv is None:
                gc.freeze()  # Python's end does not look for cycles among all that goes anyway: a seventh of a command
    except BrokenPipeError:
        return program.read_enough()
    except OutputProblem as problem:
        return program.unwritten(problem)


def _run(argv: Sequence[str] | None) -> int:
    tune()
    if argv is None:
        keep_private()
    SPEAKER.use(of_system(system=platform_locale()))
    name, rest = program.split(sys.argv[1:] if argv is None else argv)
    if name.casefold().endswith(ENDING):
        # Opened from a file manager, which passes the file only.
        name, rest = "", ["--db", name, *rest]
    if name:
        return program.run(name, rest)
    try:
        return _without_command(rest)
    except BrokenPipeError:
        return program.read_enough()
    except OutputProblem as problem:
        return program.unwritten(problem)
    except KeyboardInterrupt:
        return INTERRUPTED
    except UserError as error:
        write(program.one_line(error), sys.stderr)
        return UNUSABLE
    except Exception as error:
        from app.faults import describe

        write(describe(error), sys.stderr)
        return FAULT


def _without_command(rest: Sequence[str]) -> int:
    parser = program.Parser(prog=PROGRAM, add_help=False)
    program.common(parser)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--tour", metavar="FOLDER", default="")
    parser.add_argument("--screenshots", metavar="FOLDER", default="")
    args = parser.parse_args(rest)
    if args.help:
        write(program.overview())
        return DONE
    if args.version:
        write(as_json(versions()) if args.json else "\n".join(version_lines()))
        return DONE
    clock.moment()  # one that cannot be read is said before the window opens
    # Imported only now: nothing but the window needs Qt.
    if args.tour or args.screenshots:
        _load_qt()
        from ui import tour

        return tour.run(args.tour) if args.tour else tour.screenshots(args.screenshots)
    from app import display, unfinished_files
    from app.attachments import opened_files

    display.check()
    unfinished_files.clear()
    opened_files.clear()
    _load_qt()
    from ui.interrupt import close_on_interrupt
    from ui.run import application, run

    close_on_interrupt(application())
    status = run(args.db or os.environ.get("TERRIER_DB") or None)
    # Qt must be gone before Python is: what is left to the interpreter's end is torn down in any order.
    sys.excepthook = sys.__excepthook__
    gc.collect()
    return status


def _load_qt() -> None:
    """Loads Qt, whose own libraries may be missing, and asks it for the system's locale. Raises UserError."""
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise UserError(
            Message("The window can't be opened: {problem}. “{command}” installs what it needs.",
                    problem=str(error), command="pipx reinstall terrier" if INSTALLED else "make setup")
        ) from error  # fmt: skip
    from app.preferences import environment
    from app.settings import Settings
    from ui.qt_texts import system_locale

    SPEAKER.use(of_system(environment(Settings(), os.environ), system=system_locale()))


if __name__ == "__main__":
    sys.exit(main())
