"""Names of attached files: cleaned when they are attached, so that they can be written out on every system."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath

from cmdb.model.characters import one_line

LONGEST = 200
"""Bytes of a name in UTF-8; systems take 255, and some is needed while a file is being written."""
_REFUSED = re.compile('[<>:"|?*\x00-\x1f]')
"""What Windows takes in no name."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Names of devices of Windows, with any ending."""


def cleaned(name: str) -> str:
    """The name as it is kept: the last part of a path, without invisible characters or what systems take otherwise."""
    text = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    text = _REFUSED.sub("_", one_line(text)).strip().rstrip(". ")
    if not text.strip("."):
        return "file"
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    return _shortened(text)


def ending(name: str) -> str:
    """The ending of a name in lower case, with its dot; "" for none."""
    return PurePosixPath(name).suffix.casefold()


def unused(name: str, used: Collection[str]) -> str:
    """The name, or the name with a number where that is in use: "photo (2).jpg". Case makes no difference."""
    taken = {one.casefold() for one in used}
    found, number = name, 1
    path = PurePosixPath(name)
    while found.casefold() in taken:
        number += 1
        found = f"{path.stem} ({number}){path.suffix}"
    return found


def _shortened(text: str) -> str:
    """The text with at most ``LONGEST`` bytes; its ending stays."""
    if len(text.encode()) <= LONGEST:
        return text
    suffix = PurePosixPath(text).suffix
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    stem = text.removesuffix(suffix).encode()[: LONGEST - len(suffix.encode())].decode("utf-8", "ignore")
    return stem.rstrip(". ") + suffix
