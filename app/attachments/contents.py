"""Contents of attached files for showing them: a bounded part in memory, never a file on the disk."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.attachments.file_types import PICTURES
from cmdb.model.attachments import Attachment
from cmdb.model.characters import marked

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

LARGEST_SHOWN = 64 << 20
"""The size in bytes of the largest file of which a picture is made."""
_TEXT = 64 << 10
"""The bytes at the beginning of a text that are shown."""
_LINES, _LINE = 1_000, 2_000


def files_of(reader: Reader, uid: str) -> list[Attachment]:
    """The files of a record, at the reader's moment."""
    from cmdb.store.reading.attachments import attachments_of

    return attachments_of(reader, [uid])


def content(reader: Reader, attachment: Attachment) -> bytes:
    """All of a file's content. Raises StoreProblem where it is not kept, or is damaged."""
    from cmdb.store.reading.attachments import content_of

    return b"".join(content_of(reader, attachment))


def beginning(reader: Reader, attachment: Attachment) -> str:
    """The beginning of a file as text: what cannot be read, or would act on what shows it, is marked."""
    from cmdb.store.reading.attachments import content_of

    data = next(content_of(reader, attachment), b"")[:_TEXT]
    lines = marked(_decoded(data)).splitlines()[:_LINES]
    return "\n".join(line[:_LINE] for line in lines)


def is_cut(attachment: Attachment) -> bool:
    """Whether ``beginning`` is less than the whole file."""
    return attachment.size > _TEXT


@dataclass(frozen=True, slots=True)
class AttachedFiles:
    """What a record's details show of files: their number, and its picture, its own or that of its ``model``."""

    model: str = ""
    number: int = 0
    picture: Attachment | None = None


NO_FILES = AttachedFiles()


def attached_to(reader: Reader, ci: CI, known: AttachedFiles | None = None) -> AttachedFiles:
    """The files of a record in short. ``known`` is what they were, where no files have changed since."""
    from cmdb.store.reading.attachments import attachments_of

    model = ci.text("model")
    if known is not None and known.model == model:
        return known
    found = attachments_of(reader, [ci.uid, model] if model else [ci.uid], dated=False)
    pictures = [one for one in found if one.type in PICTURES and 0 < one.size <= LARGEST_SHOWN]
    picture = next((one for owner in (ci.uid, model) for one in pictures if one.record == owner), None)
    return AttachedFiles(model, sum(one.record == ci.uid for one in found), picture)


def _decoded(data: bytes) -> str:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data.startswith(BOM_UTF8):
        return data.decode("utf-8-sig", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # a character that the end cuts in two
            return data[: error.start].decode("utf-8")
        return data.decode("cp1252", "replace")
