"""Invisible characters: they are removed from new texts, and shown safely in stored ones.

Control characters and terminal sequences can control the program that shows them. Marks and overrides of direction,
zero-width and other invisible characters make two texts look alike, or one text look like another. A text is canonical
without them. Characters that writing systems need stay: joiners in Arabic, Persian and Indic words and in emoji, marks
of direction beside right-to-left letters, variation selectors after their base characters, line breaks and tabs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

# Patterns are compiled when they are first used: every command imports this module, and few texts have such characters.
_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, the cursor's place
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # titles, links, the clipboard
)
"""Whole sequences of a terminal, with the text that is meant for the terminal only."""

_LINE_BREAKS = "[\x0b\x0c\x85\u2028\u2029]|\r(?!\n)"
"""What breaks a line besides a newline."""

_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_DIRECTIONS = "\u061c\u200e\u200f"
_UNSEEN = (
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # a flag of a region, spelled in tags: kept
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u115f\u1160\u180e\u200b-\u200f\u061c\u202a-\u202e\u2028\u2029\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    f"{_SELECTORS}\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
    "|\r(?!\n)"
)
"""Candidates; ``_belongs`` decides about those that a script needs."""

_JOINED = (
    "[\u0590-\u109f\u1780-\u18af\ua800-\uabff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00011fff\U0001e800-\U0001efff"
    "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
"""Scripts whose letters are joined or kept apart, and pictures that are joined into one."""
_UNSPACED = "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]"
"""Scripts without blanks between words, where a zero-width one says where a line may break."""
_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_PRINTABLE = f"[\u115f\u1160\u3164\uffa0{_SELECTORS}]"
"""Candidates that Python counts as printable."""
_SKIPPED = f"[{_SELECTORS}]"
_SURROGATE = "[\ud800-\udfff]"
_NOT_IN_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
LOST = "\ufffd"
"""The replacement character: it stands for a character that is lost."""


def visible(text: str) -> str:
    """The text without invisible characters. Other line breaks become newlines.

    Half a surrogate pair, which no encoding can store, is what is left of a character: the replacement character
    stands in its place.
    """
    if _is_seen(text):
        return text
    text = re.sub(_LINE_BREAKS, "\n", re.sub(_SEQUENCE, "", text))
    return _replaced(text, lambda one: LOST if re.match(_SURROGATE, one) else "")


def has_lost_characters(text: str) -> bool:
    """Whether characters of the text are lost: replaced already, or halves of surrogate pairs, which ``visible``
    replaces.
    """
    return LOST in text or (not _is_seen(text) and re.search(_SURROGATE, text) is not None)


def without_halves(text: str) -> str:
    """The text with the replacement character for each half of a surrogate pair, which no encoding can store."""
    return text if text.isascii() else re.sub(_SURROGATE, LOST, text)


def in_xml(text: str) -> str:
    """The text without what XML cannot hold, not even escaped."""
    return re.sub(_NOT_IN_XML, "", text)


def storable(text: str) -> str:
    """A text to be looked for, with the replacement character for what no database takes: NUL, halves of pairs."""
    return without_halves(text).replace("\x00", LOST)


def unseen(text: str) -> tuple[str, ...]:
    """The codes that ``visible`` removes or replaces, each once: "U+202E"."""
    if _is_seen(text):
        return ()
    found: dict[str, None] = {}

    def note(one: str) -> str:
        found[f"U+{ord(one):04X}"] = None
        return ""

    _replaced(text, note)
    return tuple(found)


def escaped(text: str) -> str:
    r"""The text in a form that is safe for a terminal: invisible characters as ``\x1b``, ``\u202e``."""
    return text if _is_seen(text) else _replaced(text, _code)


def as_json_escapes(document: str) -> str:
    """A JSON text with invisible characters as JSON escapes, which has the same meaning."""
    return document if _is_seen(document) else _replaced(document, lambda one: json.dumps(one)[1:-1])


def one_line(text: str) -> str:
    """A name or a title in stored form: without invisible characters, single-spaced."""
    return " ".join(visible(text).split())


def marked(text: str) -> str:
    """The text in a form that is safe for a window: with the replacement character for each invisible one."""
    return text if _is_seen(text) else _replaced(text, lambda _: LOST)


def _is_seen(text: str) -> bool:
    """Whether all characters are visible, which is nearly always the case."""
    return text.isprintable() and (text.isascii() or re.search(_PRINTABLE, text) is None)


def _code(one: str) -> str:
    number = ord(one)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _replaced(text: str, stands_for: Callable[[str], str]) -> str:
    def one(match: re.Match[str]) -> str:
        found = match[0]
        return found if len(found) > 1 or _belongs(text, match.start()) else stands_for(found)

    return re.sub(_UNSEEN, one, text)


def _belongs(text: str, at: int) -> bool:
    """Whether a script needs the character at this place."""
    one = text[at]
    before = text[at - 1] if at else ""
    after = text[at + 1 : at + 2]
    if one in "\u200c\u200d":
        base = before
        if re.match(_SKIPPED, base) and at > 1 and _belongs(text, at - 1):
            base = text[at - 2]
        return bool(after and re.match(_JOINED, base))
    if one == "\u200b":
        return bool(re.match(_UNSPACED, before) and re.match(_UNSPACED, after))
    if one in _DIRECTIONS:
        return re.search(_RIGHT_TO_LEFT, text) is not None
    if one in "\u115f\u1160":
        return "\u1100" <= before < "\u115f" or "\u1160" < after <= "\u11ff"
    if one == "\u180e":
        return "\u1820" <= before <= "\u18aa"
    if re.match(_SKIPPED, one):
        keycap = one in "\ufe0e\ufe0f" and before in "0123456789#*"
        return bool(before) and (keycap or (before > "\xa0" and not re.match(_UNSEEN, before)))
    return False
