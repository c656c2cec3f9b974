"""What a search names exactly, as a scanned code does: those records come first, with what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.codes.resolve import resolve

if TYPE_CHECKING:
    from app.codes.keyboards import Typing
    from app.codes.known_values import NamedByCode
    from cmdb.store.reading.reader import Reader

_MOST_WORDS = 6
"""Longer searches are no codes."""


def named_by(reader: Reader, text: str, typing: Typing | None = None) -> tuple[NamedByCode, ...]:
    """The records that a search names by a tag, a number, an address or a web address; () for other words and in a past
    moment, whose indexes there are not.
    """
    return resolve(reader, text, typing).named if 0 < len(text.split()) <= _MOST_WORDS else ()
