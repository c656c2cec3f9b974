"""Photographs of labels: the codes that stand in the pictures of a folder.

A picture is judged by its first bytes and its size in pixels before it is decoded. Decoding runs without holding the
interpreter, so it belongs in a job; between two pictures it is looked whether the person has cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model import regular_files
from cmdb.model.calendar_bounds import in_utc
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 64 << 20
"""Larger files are not opened."""
MOST_PIXELS = 150_000_000
"""Pictures of more pixels are not decoded: they would take a gigabyte of memory."""
MOST_PICTURES = 5_000
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".heic", ".heif", ".avif"})
_SIDE = 4_000
"""Longer pictures are read at half their size first: a label fills much of a photograph."""
_TAKEN, _TAKEN_FIRST = 0x0132, 0x9003
"""EXIF's tags of the moments when a picture was changed, and when it was taken."""
_DETAILS = 0x8769


@dataclass(frozen=True, slots=True)
class PhotographedLabel:
    """A picture: the codes that stand in it (none where it has none), when it was taken (ms since 1970 UTC, 0 for not
    known), and why it could not be read.
    """

    path: Path
    codes: tuple[str, ...] = ()
    at: int = 0
    problem: Message | None = None


def is_picture(path: Path) -> bool:
    """Whether a file calls itself a picture."""
    return path.suffix.lower() in _ENDINGS


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder, in the order of their names. Raises FileProblem."""
    try:
        found = sorted(one for one in folder.iterdir() if is_picture(one) and not one.name.startswith("."))
    except OSError as error:
        raise FileProblem(Message("{file} is no folder that can be read.", file=folder)) from error
    if len(found) > MOST_PICTURES:
        raise FileProblem(
            Message("{folder} has {count} pictures; at most {most} are read at once.", folder=folder.name,
                    count=len(found), most=MOST_PICTURES)
        )  # fmt: skip
    return found


def labels_in(paths: Sequence[Path], control: Control | None = None) -> Iterator[PhotographedLabel]:
    """What stands in each of the pictures. One that can't be read is told, the others are read. Raises Cancelled."""
    control = control or Control()
    for number, path in enumerate(paths):
        control.progress(number, len(paths), Message("Reading {file}", file=path.name))
        try:
            yield label_in(path)
        except FileProblem as error:
            yield PhotographedLabel(path, problem=error.message)
    control.progress(len(paths), len(paths))


def label_in(path: Path) -> PhotographedLabel:
    """What stands in one picture. Raises FileProblem for one that can't be read or is too large."""
    from PIL import Image, UnidentifiedImageError

    _refuse_unread(path)
    try:
        with regular_files.opened(path) as file, Image.open(file) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise FileProblem(
                    Message("{file} has {width} × {height} pixels, which are too many to read.", file=path.name,
                            width=width, height=height)
                )  # fmt: skip
            at = _taken(picture)
            picture.draft("L", (_SIDE, _SIDE))
            return PhotographedLabel(path, tuple(_codes(picture.convert("L"))), at)
    except Image.DecompressionBombError as error:
        raise FileProblem(Message("{file} has more pixels than can be read.", file=path.name)) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        text = Message("{file} is no picture that can be read, or it is cut short.", file=path.name)
        raise FileProblem(text) from error


def _refuse_unread(path: Path) -> None:
    """Raises FileProblem for what is not even opened: too large, HEIC, no regular file."""
    try:
        size = path.stat().st_size
        with regular_files.opened(path) as file:
            head = file.read(16)
    except OSError as error:
        raise FileProblem(Message("{file} cannot be read.", file=path.name)) from error
    if size > LARGEST:
        raise FileProblem(
            Message("{file} has {size}; pictures have at most {most}.", file=path.name, size=Size(size),
                    most=Size(LARGEST))
        )  # fmt: skip
    if head[4:8] == b"ftyp":
        raise FileProblem(
            Message("{file} is a HEIC or AVIF picture, which can't be read. Let the phone take JPEG instead.",
                    file=path.name)
        )  # fmt: skip


def _codes(picture: Image) -> list[str]:
    """The codes in a picture, from top to bottom, each once; at its own size where a smaller copy shows none."""
    import zxingcpp

    sizes = [picture]
    if max(picture.size) > _SIDE // 2:
        half = picture.copy()
        half.thumbnail((_SIDE // 2, _SIDE // 2))
        sizes.insert(0, half)
    for one in sizes:
        found = [code for code in zxingcpp.read_barcodes(one) if code.valid and code.text.strip()]
        if found:
            found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
            return list(dict.fromkeys(code.text for code in found))
    return []


def _taken(picture: Image) -> int:
    """When a picture was taken, as the camera's clock had it."""
    try:
        exif = picture.getexif()
        text = str(exif.get_ifd(_DETAILS).get(_TAKEN_FIRST) or exif.get(_TAKEN) or "")
        return int(in_utc(datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")).timestamp() * 1000)
    except (ValueError, OSError, SyntaxError, KeyError, TypeError):
        return 0
