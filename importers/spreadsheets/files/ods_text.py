"""Tabs and line breaks in the cells of an OpenDocument spreadsheet.

They are elements of their own (ODF 1.2, part 1, sections 6.1.4 and 6.1.5), which the parser leaves out. They are made
characters before it reads the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

_CONTENT = "content.xml"
_ELEMENTS = (
    (re.compile(rb"<text:tab\b[^>]*?(?:/>|>\s*</text:tab>)"), b"&#9;"),
    (re.compile(rb"<text:line-break\b[^>]*?(?:/>|>\s*</text:line-break>)"), b"&#10;"),
)


def with_characters(given: zipfile.ZipFile) -> BinaryIO | None:
    """The file with those elements as characters; None where it has none and can be read as it is.

    It was looked through before (``container.look_through``), so it is known to be one that can be unpacked.
    """
    content = given.read(_CONTENT)
    if not any(pattern.search(content) for pattern, _ in _ELEMENTS):
        return None
    for pattern, character in _ELEMENTS:
        content = pattern.sub(character, content)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as changed:
        for name in given.namelist():
            changed.writestr(name, content if name == _CONTENT else given.read(name))
    made.seek(0)
    return made
