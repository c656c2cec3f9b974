"""The context of a command: its arguments, its estate, and its output."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.output import ProgressBar, as_json, json_list, write, write_json
from app.places import default_estate
from cmdb.model import clock, regular_files
from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem, UserError
from cmdb.model.messages import Message, tr
from cmdb.store.connection.database_address import is_url

if TYPE_CHECKING:
    import tempfile
    from types import FrameType

    from app.plugins import Plugins
    from cmdb.model.actors import Actor
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.store.connection.ciphers import Key
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store

#: Exit statuses, as the contract of the command line has them.
DONE, WITH_REMARKS, UNUSABLE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130


class CommandContext:
    """One run of one command."""

    def __init__(self, command: str, args: argparse.Namespace) -> None:
        self.command = command
        self.args = args
        self._bar = ProgressBar()
        self._remarks: list[str] = []
        self._store: Store | None = None
        self._estate: Store | None = None
        """The estate's own store where a draft is open: that is closed with the command."""
        self._created: Path | None = None
        self._keys: list[Key] = []
        self._notes = ExitStack()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._interrupts: Callable[[int, FrameType | None], object] | int | None = None

    # -- the estate -------------------------------------------------------------------------------------------------

    @property
    def where(self) -> str | Path:
        """The estate's file or URL: ``--db``, otherwise TERRIER_DB, otherwise the one in the user's data folder."""
        named = self.args.db or os.environ.get("TERRIER_DB", "")
        if not named:
            return default_estate()
        return named if is_url(named) else Path(named)

    @property
    def exists(self) -> bool:
        """Whether the estate exists. A database URL counts as existing."""
        where = self.where
        return not isinstance(where, Path) or where.exists()

    def store(self, *, create: bool = False, loading: bool = False) -> Store:
        """The estate, opened once and closed when the command ends. ``create`` makes it where its file is missing;
        ``loading``: much will be written to it then.

        Raises StoreProblem.
        """
        if self._store is None:
            from cmdb.store.upkeep.startup import create_estate, open_estate

            where = self.where
            if self.exists:
                accept = getattr(self.args, "accept_changed_journal", False)
                self._store = open_estate(
                    where, key=self.key(where), control=self.control(), accept_broken=accept, writer=lambda: self.writer
                )
                if self._store.remark:
                    self.say(str(self._store.remark))
            elif create:
                if where == default_estate():
                    Path(where).parent.mkdir(parents=True, exist_ok=True)
                try:
                    self._store = create_estate(where, loading=loading)
                except StoreProblem:
                    if not Path(where).exists():
                        raise
                    return self.store()  # another process has just created it
                self._created = Path(where)
                self.say(tr("Created the estate {file}.", file=where))
                if self._store.remark:
                    self.say(str(self._store.remark))
            elif where == default_estate():
                raise StoreProblem(
                    Message(
                        "There is no estate yet ({file}). Create one with: {command}; {others} make it too.",
                        file=where,
                        command="new FILE",
                        others=("import", "scan"),
                    )
                )
            else:
                raise StoreProblem(
                    Message("There is no estate {file}. Create it with: {command}", file=where, command=f"new {where}")
                )
            self._store.writer = lambda: self.writer
            if name := getattr(self.args, "draft", ""):
                from app.drafts import open_draft

                self._estate = self._store
                self._store = open_draft(self._store, name)
            self._store.subscribe(self._committed)
        return self._store

    def key(self, where: str | Path) -> Key | None:
        """The key of an estate or a copy of one, asked for if necessary; None if it needs none. Raises Locked."""
        if not isinstance(where, Path) or not where.exists():
            return None
        from app import keys
        from app.cli.passphrase_prompt import PassphrasePrompt

        known = next((key for key in self._keys if keys.fits(where, key)), None)
        found = known or keys.find(where, PassphrasePrompt())
        if found is not None:
            self._keys.append(found)
        return found

    def _committed(self, applied: AppliedRevision) -> None:
        """A change that was applied is reported as done: from here on Ctrl-C has no effect."""
        if applied.number and self._interrupts is None and threading.current_thread() is threading.main_thread():
            self._interrupts = signal.signal(signal.SIGINT, signal.SIG_IGN)

    def scratch(self) -> Store:
        """An empty estate in a temporary folder, deleted with the command: for showing what an import would do."""
        import tempfile

        from cmdb.store.upkeep.startup import create_estate

        self._folder = tempfile.TemporaryDirectory(prefix="terrier-")
        self._store = create_estate(Path(self._folder.name) / "scratch.terrier")
        return self._store

    @contextmanager
    def read(self, as_of: str = "") -> Iterator[Reader]:
        """A view of the estate, now or as of ``as_of`` (a T of the command line). Raises UserError."""
        at = self.revision(as_of) if as_of else None
        with self.store().read(at, self.day(as_of) if as_of else None) as reader:
            yield reader

    def day(self, moment: str) -> date:
        """The day that a T of the command line is about; today for "". Raises UserError."""
        if not moment:
            return clock.today()
        with self.store().read() as reader:
            return reader.day_at(_moment(reader, moment))

    def revision(self, moment: str) -> int:
        """The revision that a T of the command line means. Raises UserError."""
        with self.store().read() as reader:
            return reader.revision_at(_moment(reader, moment))

    def close(self, *, failed: bool = False) -> None:
        """Closes the estate, if it was opened. An estate that this command created is deleted if the command
        ``failed``, unless another process has written to it.
        """
        with suppress(OSError):
            self._bar.clear()
        self._notes.close()
        if failed and self._created is not None and self._is_written():
            self._created = None
        for store in (self._store, self._estate):
            if store is not None:
                store.close()
        self._store = self._estate = None
        if self._folder is not None:
            self._folder.cleanup()
        if failed and self._created is not None:
            for ending in ("", "-wal", "-shm"):
                self._created.with_name(self._created.name + ending).unlink(missing_ok=True)
        if self._interrupts is not None:
            signal.signal(signal.SIGINT, self._interrupts)
            self._interrupts = None

    def _is_written(self) -> bool:
        """Whether the open estate has a revision."""
        if self._store is None:
            return False
        try:
            with self._store.read() as reader:
                number = reader.number
        except StoreProblem:
            return False
        return number > 0

    @cached_property
    def plugins(self) -> Plugins:
        """The plug-in packages, as this person's settings allow them."""
        from app.plugins import Plugins
        from app.settings import Settings

        return Plugins(Settings())

    def output_path(self, text: str, endings: Sequence[str] = ()) -> Path:
        """A file to be written, checked before any work is done; what a killed command leaves of it goes later.

        Raises UserError where its folder is missing, it is no regular file, or it has none of the ``endings``.
        """
        from app.unfinished_files import noted

        path = _output_path(text, endings)
        self._notes.enter_context(noted(path))
        return path

    @cached_property
    def writer(self) -> Actor:
        """Who writes: the name that this person gave in the window, otherwise their login."""
        from app.identity import writer_of
        from app.settings import Settings

        return writer_of(Settings(), self.where)

    @property
    def author(self) -> str:
        """The name of who writes."""
        return self.writer.name

    # -- answering --------------------------------------------------------------------------------------------------

    def control(self) -> Control:
        """Progress of a long task, drawn on stderr."""
        return Control(self._bar)

    @property
    def committed(self) -> bool:
        """Whether a change was applied: the command is done, whatever becomes of its answer."""
        return self._interrupts is not None

    def say(self, *lines: str) -> None:
        """Messages to the person, on stderr. Where that cannot be written to, nobody reads it."""
        with suppress(OSError):
            self._bar.clear()
            for line in lines:
                write(line, sys.stderr)

    def say_meanwhile(self, applied: AppliedRevision | None) -> None:
        """Says what others wrote since a revision was decided, where it was decided anew for that."""
        for problem in applied.meanwhile if applied is not None else ():
            self.say(tr("{problem} It was decided anew, and written after that.", problem=problem))

    def warn_removed(self, typed: str) -> None:
        """Has it said with the answer which characters of a typed value are left out, if any.

        Who is refused is told why in one line, and nothing else.
        """
        from cmdb.model.values import removed  # few commands take typed values

        if (text := removed(typed)) is not None:
            self._remarks.append(str(text))

    def _say_remarks(self) -> None:
        self._bar.clear()
        self.say(*self._remarks)
        self._remarks.clear()

    def stream(self, parts: Mapping[str, Iterable[Any]], human: Callable[[], Iterable[str]]) -> None:
        """As ``answer``, for an object with long lists: their items are created while they are printed."""
        self._say_remarks()
        if not self.args.json:
            for line in human():
                write(line)
            return
        write_json(_object(parts))

    def answer(self, document: Any, human: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        """The command's answer on stdout: the document as JSON under ``--json``, else the lines for people."""
        self._say_remarks()
        if self.args.json:
            write_json((as_json(document),))
            return
        for line in human() if callable(human) else human:
            write(line)


def _object(parts: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """A JSON object of long lists, in pieces."""
    before = "{"
    for name, items in parts.items():
        yield f'{before}\n"{name}": '
        yield from json_list(items)
        before = ","
    yield "\n}"


def _moment(reader: Reader, text: str) -> str:
    """A T of the command line as the reader takes it: a baseline's name stays one, though it looks like a date."""
    from app.cli.typed_values import typed_moment

    found = typed_moment(text)
    if found == text:
        return text
    names = (str(fields["name"]).casefold() for fields in reader.records("baseline").values())
    return text if " ".join(text.split()).casefold() in names else found


def _output_path(text: str, endings: Sequence[str] = ()) -> Path:
    path = Path(text)
    if "\0" in text:
        raise UserError(Message("“{file}” is no name of a file.", file=text.replace("\0", "\\0")))
    if path.is_dir():
        raise UserError(Message("{path} is a folder; name a file in it.", path=path))
    regular_files.refuse_special(path)
    if not path.parent.is_dir():
        raise UserError(Message("The folder {folder} does not exist.", folder=path.parent))
    if endings and path.suffix.casefold() not in endings:
        raise UserError(
            Message("{file} does not say how to write it. Endings: {endings}.", file=path.name, endings=tuple(endings))
        )
    return path
