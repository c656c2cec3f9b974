"""Texts in a column: those of the program as JSON, so that they can be worded again, those of people as they are.

``Message("Made a {cls}", cls="Laptop")`` is stored as ``{"text":"Made a {cls}","values":{"cls":"Laptop"}}``. What older
versions stored as words is read as words.
"""

from __future__ import annotations

import json

from cmdb.model.json_text import parsed
from cmdb.model.messages import Message, from_data, verbatim

_MARK = '{"text":'


def stored(text: Message | str) -> str:
    """The column's content for a text."""
    if isinstance(text, str):
        if not text.startswith(_MARK):
            return text
        text = verbatim(text)  # typed by a person, and would be read as a text of the program
    return json.dumps(text.data(), ensure_ascii=False, separators=(",", ":")) if text else ""


def from_stored(content: str) -> Message | str:
    """The text of a column's content: a Message, or the words that a person typed."""
    if not content.startswith(_MARK):
        return content
    try:
        return from_data(parsed(content))
    except ValueError:
        return content
