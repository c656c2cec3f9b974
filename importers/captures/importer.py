"""The importer of captures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.regular_files import name_as_text
from cmdb.model.schema import Schema
from cmdb.model.whole_files import save_whole
from importers.captures.capture import WINDOWS, Capture, CaptureSection, decoded, parse, recognises, write
from importers.captures.document import document
from importers.discovery.collector import COLLECTED
from importers.importer import Importer, Options
from importers.inventory import reading
from importers.source_documents import document_of, refuse_too_many_values


def load(path: Path) -> Capture:
    """The capture in a file. Raises FileProblem."""
    source = document_of(path)
    refuse_too_many_values(source)
    return parse(decoded(source.raw), source.name)


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
