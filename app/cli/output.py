"""The output of the command line: tables and JSON on stdout, progress and messages on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from cmdb.model.characters import as_json_escapes, escaped
from cmdb.model.currencies import digits
from cmdb.model.formats import number, percent
from cmdb.model.language import current
from cmdb.model.messages import Message, SchemaWord, tr, trn
from cmdb.model.system_errors import reason_of


class OutputProblem(Exception):
    """Stdout cannot be written to; ``str()`` says why."""


@contextmanager
def _to_stdout() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputProblem(tr("The output cannot be written: {reason}.", reason=reason_of(error))) from error


def flush() -> None:
    """Writes what stdout holds back. Raises OutputProblem, and BrokenPipeError where nobody reads it."""
    with _to_stdout():
        sys.stdout.flush()


def write(line: str, file: TextIO | None = None) -> None:
    """Writes a line to stdout or another stream. Control sequences and invisible characters are escaped.

    Raises OutputProblem for stdout, OSError for another.
    """
    if file is not None and file is not sys.stdout:
        print(escaped(line), file=file)
        return
    with _to_stdout():
        print(escaped(line))


def write_json(parts: Iterable[str]) -> None:
    """Writes the parts of a JSON text (of ``as_json`` or ``json_list``) to stdout."""
    for part in parts:
        with _to_stdout():
            sys.stdout.write(part)
    with _to_stdout():
        sys.stdout.write("\n")


def as_json(document: Any) -> str:
    """The document as the JSON text that ``--json`` prints."""
    from cmdb.model.exact_json import written  # only now: a command's help needs none of it

    return as_json_escapes(written(declared(document), indent=2, default=_worded))


def declared(value: Any) -> Any:
    """A JSON value whose words of the schema are the declared ones: scripts read the same in every language."""
    if current().is_source:
        return value
    if isinstance(value, SchemaWord):
        return value.declared
    if isinstance(value, Mapping):
        return {declared(key): declared(one) for key, one in value.items()}
    return [declared(one) for one in value] if isinstance(value, list | tuple) else value


def _worded(value: object) -> object:
    """A text among JSON values, in the reader's language."""
    if isinstance(value, Message):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of JSON")


def json_line(item: Any) -> str:
    """A document as one line of JSON, of answers that are a line each."""
    from cmdb.model.exact_json import written

    return as_json_escapes(written(declared(item), default=_worded))


def json_list(items: Iterable[Any]) -> Iterator[str]:
    """The lines of a JSON list from an iterator, so that a long list is never completely in memory."""
    before = "["
    for item in items:
        yield before + "\n  " + json_line(item)
        before = ","
    yield "[]" if before == "[" else "\n]"


def table(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], *, sample: int = 500, wrapped: bool = False
) -> Iterator[str]:
    """Lines of a plain table. Widths follow the first ``sample`` rows; numbers stand at the right.

    At a terminal it is as wide as that: cells are cut, but for those of the last column where it is ``wrapped``. What
    is read by another program has every cell whole.
    """
    rows = iter(rows)
    first = [[_cell(c) for c in row] for _, row in zip(range(sample), rows, strict=False)]
    if not first:
        return
    widths = [max(map(len, column)) for column in zip(headings, *first, strict=True)]
    terminal = sys.stdout.isatty()
    if terminal:
        import shutil

        room = max(shutil.get_terminal_size((160, 24)).columns, 60)
        widths = [min(width, room) for width in widths]
        while sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > _NARROW:
            widths[widths.index(max(widths))] -= 1
    else:
        widths = [min(width, _PADDED) for width in widths]
    right = [all(_numeric(row[i]) for row in first) for i in range(len(headings))]

    def line(cells: Sequence[str]) -> str:
        shown = [_cut(cell, width) for cell, width in zip(cells, widths, strict=True)] if terminal else cells
        parts = (
            f"{cell:>{width}}" if at_right else f"{cell:<{width}}"
            for cell, width, at_right in zip(shown, widths, right, strict=True)
        )
        return "  ".join(parts).rstrip()

    yield line([h.upper() for h in headings])
    for row in chain(first, ([_cell(c) for c in row] for row in rows)):
        parts = _lines(row[-1], widths[-1]) if terminal and wrapped else [row[-1]]
        yield line([*row[:-1], parts[0]])
        yield from (line([*("" for _ in row[:-1]), part]) for part in parts[1:])


#: Columns are never narrower than this, however many there are.
_NARROW = 12

#: Shorter cells are filled up to the width of the others, up to this one.
_PADDED = 60


def _lines(text: str, width: int) -> list[str]:
    """A text in lines of a width; one that is empty is one line."""
    import textwrap  # only for terminals

    return textwrap.wrap(text, width) or [text]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}" if value == round(value, 2) and not value.is_integer() else f"{value:g}"
    if hasattr(value, "as_tuple"):  # a Decimal, whose module the command may not have loaded
        return digits(value)
    return escaped(" ".join(str(value).split()))


def _numeric(cell: str) -> bool:
    return not cell or cell.replace(".", "", 1).replace("-", "", 1).isdigit()


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else cell[: width - 1] + "…"


def wrote(rows: int, path: Path) -> str:
    """The message that rows were written to a file."""
    return trn("Wrote {count} row to {file}.", "Wrote {count} rows to {file}.", rows, file=path)


class ProgressBar:
    """Progress on stderr: a bar that redraws itself where that is a terminal, else nothing."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._last = 0.0
        self._drawn = False

    def __call__(self, done: int, total: int, text: Message) -> None:
        """Draws it, at most ten times a second."""
        now = time.monotonic()
        if not self._live or now - self._last < 0.1:
            return
        self._last = now
        if total > 0:
            filled = min(24, 24 * done // total)
            bar = f"[{'#' * filled}{'.' * (24 - filled)}] {percent(min(done, total) / total):>5}"
        else:
            bar = f"[{'.' * 24}] {number(done)}" if done else "..."
        import shutil

        width = shutil.get_terminal_size().columns - 1
        self._stream.write("\r\x1b[K" + escaped(f"{bar} {text}")[:width])
        self._stream.flush()
        self._drawn = True

    def clear(self) -> None:
        """Removes the bar before anything else is printed."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False
