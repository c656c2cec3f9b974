"""The importer of captures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cmdb.model import regular_files
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.regular_files import name_as_text
from cmdb.model.schema import Schema
from cmdb.model.system_errors import reason_of
from cmdb.model.whole_files import save_whole
from importers.captures.capture import WINDOWS, Capture, CaptureSection, decoded, parse, recognises, write
from importers.captures.document import document
from importers.discovery.collector import COLLECTED
from importers.importer import Importer, Options
from importers.inventory import reading

_MOST = 64 << 20


def load(path: Path) -> Capture:
    """The capture in a file. Raises FileProblem."""
    name = name_as_text(path)
    try:
        with regular_files.opened(path) as file:
            raw = file.read(_MOST + 1)
    except OSError as error:
        raise FileProblem(Message("{file} cannot be read: {reason}.", file=name, reason=reason_of(error))) from error
    if len(raw) > _MOST:
        raise FileProblem(Message("{file} is larger than {limit}: no capture is.", file=name, limit=Size(_MOST)))
    return parse(decoded(raw), name)


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    capture = load(path)
    return [reading(document(capture), name_as_text(path), capture.taken_at)]


def _example(folder: Path) -> Path:
    path = folder / "one.capture"
    section = CaptureSection(COLLECTED, content='[{"Name":"ONE"}]')
    text = write(Capture(WINDOWS, "2026-11-30T17:26:22Z", {"computer-system": section}))
    save_whole(path, lambda file: file.write(text.encode()))
    return path


IMPORTER = Importer(
    "captures",
    Message("Capture"),
    Message("What the scripts for Windows and macOS wrote on a machine"),
    (".capture",),
    recognises,
    _read,
    _example,
    rank=40,
)
