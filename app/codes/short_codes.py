"""The codes that labels of places and people hold: short, made of the record's id, so that they are the same on every
copy of the estate and nothing has to be kept.

They use only letters that a scanner types alike on every keyboard layout (no digits).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from cmdb.model.messages import Message
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

LETTERS = "BCDEFGHJKLNPRSTUX"
"""A, M, Q, W, Y and Z move between layouts; the Turkish I is another letter; O is read as 0, V as U. They are 17, a
prime number, so that the check letter finds each misread one and each two that are swapped.
"""
_PREFIXES = {"place": "XL", "person": "XP"}
_LENGTH = 8
"""17 letters to the power of 8: among 10,000 people, two have one code in one estate of 140. Both are then found."""


def short_code(schema: Schema, cls: str, uid: str) -> str:
    """The code of a place or a person; "" for what has none."""
    prefix = next((its for family, its in _PREFIXES.items() if schema.is_a(cls, family)), "")
    return _code(prefix, uid) if prefix else ""


def family_of(code: str) -> str:
    """The class whose records have codes of this form ("place", "person"); "" where it is none or was misread."""
    text = code.strip().upper()
    family = next((family for family, prefix in _PREFIXES.items() if text.startswith(prefix)), "")
    right = len(text) == len(_PREFIXES.get(family, "")) + _LENGTH + 1 and set(text) <= set(LETTERS)
    return family if right and text[-1] == _check(text[:-1]) else ""


def called_by(reader: Reader, codes: Iterable[str]) -> dict[str, list[str]]:
    """Code → the ids of the places or people that have it. It reads the ids of all of them, once."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for code in codes:
        if family := family_of(code):
            wanted.setdefault(family, {}).setdefault(code.strip().upper(), []).append(code)
    found: dict[str, list[str]] = {}
    for family, its in wanted.items():
        for uid, *_ in reader.outer(reader.ids(Selection(family))).values():
            for code in its.get(_code(_PREFIXES[family], uid), ()):
                found.setdefault(code, []).append(uid)
    return found


def _code(prefix: str, uid: str) -> str:
    number = int.from_bytes(blake2b(uid.encode(), digest_size=8).digest(), "big")
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    text = prefix + "".join(letters)
    return text + _check(text)


def _check(text: str) -> str:
    """A letter that is another one if a letter of the text is misread, or two beside each other are swapped."""
    total = sum(LETTERS.find(letter) * weight for weight, letter in enumerate(text, 1))
    return LETTERS[total % len(LETTERS)]


READ_AS = {"place": Message("code of the place"), "person": Message("code of the person")}
"""What such a code is called where it was read."""
