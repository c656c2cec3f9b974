"""Keyboard layouts: what a computer types where its scanner counts on another layout, and what was meant.

A scanner sends places of keys. One for US keyboards at a German computer so types ß for - and Z for Y. A test code that
is scanned once shows which layouts the two have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from unicodedata import combining, normalize

from cmdb.model.messages import Message, tr
from cmdb.model.resources import RESOURCES

FILE = RESOURCES / "codes" / "keyboards.toml"
TEST_BEGINS = "XTEST"
TEST_CODE = TEST_BEGINS + "1234567890-_:/.,?()%!QWAZYMIqwazymi&*;$#@<>"
"""What is scanned once at each computer: characters that layouts type apart, but none of keys that wait for a letter.
Those that some layouts have on a third level of a key come last.
"""
_ACCENTS = {"^": "\u0302", "´": "\u0301", "`": "\u0300", "¨": "\u0308", "~": "\u0303", "ˇ": "\u030c", "°": "\u030a"}
_Place = tuple[int, int, bool]
"""A key: its row, its place in the row, and whether shift is held."""


@dataclass(frozen=True, slots=True)
class KeyboardLayout:
    """A layout: the character of each place, the places of the characters, and which of them wait for a letter."""

    name: str
    characters: Mapping[_Place, str]
    places: Mapping[str, _Place]
    dead: frozenset[str]

    @property
    def label(self) -> str:
        """What people call it."""
        return _words()[self.name]


@dataclass(frozen=True, slots=True)
class Typing:
    """How a computer types what its scanner reads: the names of the layouts that the two have."""

    scanner: str
    computer: str

    @property
    def said(self) -> Message:
        """How it types, for people."""
        known = layouts()
        return Message(
            "the scanner types as on a keyboard that is {scanner}, the computer's is {computer}",
            scanner=known[self.scanner].label,
            computer=known[self.computer].label,
        )

    def typed(self, code: str) -> str:
        """What the computer types of a code. Characters that the scanner's layout doesn't have stay."""
        scanner, computer = layouts()[self.scanner], layouts()[self.computer]
        letters: list[str] = []
        accent = ""
        for character in code:
            place = scanner.places.get(character)
            typed = character if place is None else computer.characters.get(place, character)
            if accent:
                letters.append("" if typed == " " else _accented(typed, accent))
                if not letters[-1]:
                    letters[-1] = accent + ("" if typed == " " or typed in computer.dead else typed)
                accent = ""
                if typed not in computer.dead:
                    continue
            if typed in computer.dead:
                accent = typed
            else:
                letters.append(typed)
        return "".join(letters) + accent

    def meant(self, typed: str) -> str:
        """What the scanner read, of what the computer typed."""
        scanner, computer = layouts()[self.scanner], layouts()[self.computer]

        def read(character: str) -> str:
            place = computer.places.get(character)
            return character if place is None else scanner.characters.get(place, character)

        letters: list[str] = []
        for character in normalize("NFC", typed):
            parts = normalize("NFD", character)
            accent = _KEYS.get(parts[1:], "")
            if character not in computer.places and accent in computer.dead and parts[0] in computer.places:
                letters.append(read(accent) + read(parts[0]))
            else:
                letters.append(read(character))
        return "".join(letters)


@dataclass(frozen=True, slots=True)
class ReadTest:
    """What a scanned test code shows: how the computer types, or None where no known pair of layouts types so.

    ``same``: it types what the scanner reads, so nothing is translated.
    """

    typing: Typing | None
    same: bool = False
    caps_lock: bool = False

    @property
    def words(self) -> Message:
        """What is said about it."""
        if self.caps_lock:
            return Message("Caps Lock is on; switch it off and scan the test code again.")
        if self.same:
            return Message("The scanner and this computer agree about the keyboard; nothing is translated.")
        if self.typing is None:
            return Message(
                "The scanner types the test code as no known keyboard does. Set it to the layout of this computer, as "
                "its manual says, and scan the test code again."
            )
        return Message("What is scanned is translated from now on: {typing}.", typing=self.typing.said)


def is_test_code(code: str) -> bool:
    """Whether a code is the test code, whichever layouts typed it."""
    return code.strip().upper().startswith(TEST_BEGINS)


def read_test(code: str) -> ReadTest:
    """Which layouts typed a test code."""
    typed = code.strip()
    if typed == TEST_CODE:
        return ReadTest(None, same=True)
    pairs = [Typing(scanner, computer) for scanner in layouts() for computer in layouts() if scanner != computer]
    for one in pairs:
        if _typed_by(one, typed):
            return ReadTest(one)
    return ReadTest(None, caps_lock=typed.startswith(TEST_BEGINS.swapcase()))


def _typed_by(typing: Typing, typed: str) -> bool:
    """Whether a computer types the test code so. What the scanner's layout has on a third level may be anything."""
    known = layouts()[typing.scanner].places
    part = "".join(takewhile(known.__contains__, TEST_CODE))
    expected = typing.typed(part)
    return typed == expected if part == TEST_CODE else typed.startswith(expected)


@cache
def layouts() -> Mapping[str, KeyboardLayout]:
    """The layouts by name, the most usual scanner's first."""
    return {one["name"]: _layout(one) for one in tomllib.loads(FILE.read_text("utf-8"))["layout"]}


def _layout(entry: Mapping[str, object]) -> KeyboardLayout:
    characters: dict[_Place, str] = {}
    for shifted, key in ((False, "plain"), (True, "shift")):
        rows = entry[key]
        assert isinstance(rows, list)
        for number, row in enumerate(rows):
            characters.update(((number, place, shifted), character) for place, character in enumerate(row))
    places: dict[str, _Place] = {}
    for place, character in characters.items():
        places.setdefault(character, place)
    return KeyboardLayout(str(entry["name"]), characters, places, frozenset(str(entry.get("dead", ""))))


def _accented(letter: str, accent: str) -> str:
    """A letter with an accent as one character; "" where there is none."""
    found = normalize("NFC", letter + _ACCENTS[accent])
    return found if len(found) == 1 and not combining(found) else ""


_KEYS = {mark: key for key, mark in _ACCENTS.items()}


def _words() -> Mapping[str, str]:
    """What the layouts are called."""
    return {
        "us": tr("US English"), "gb": tr("British"), "de": tr("German"), "ch": tr("Swiss German"),
        "ch-fr": tr("Swiss French"), "fr": tr("French"), "be": tr("Belgian"), "es": tr("Spanish"),
        "pt": tr("Portuguese"), "it": tr("Italian"), "dk": tr("Danish"), "no": tr("Norwegian"),
        "se": tr("Swedish or Finnish"), "cz": tr("Czech"), "hu": tr("Hungarian"), "tr": tr("Turkish"),
    }  # fmt: skip
