"""Patterns of asset tags: the text of a class's tags and where their number stands, such as LT-{n:05}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from cmdb.model.schema import Schema

_PATTERN = re.compile(r"(?P<prefix>[^{}]*)\{n(?::0(?P<width>[1-9]))?\}")
_EXAMPLE = "laptop: LT-{n:05}"


@dataclass(frozen=True, slots=True)
class TagPattern:
    """What stands before the number, and the least digits of it."""

    prefix: str
    width: int = 1


def tag_patterns(text: str) -> dict[str, TagPattern]:
    """Class (as it was written) → its pattern, from lines such as "laptop: LT-{n:05}".

    Raises InvalidValue for a line that is no pattern, and for what would be ambiguous: two patterns of one class, one
    beginning of two classes, digits before the number.
    """
    found: dict[str, TagPattern] = {}
    owners: dict[str, str] = {}
    for line in text.splitlines():
        cls, _, written = (part.strip() for part in line.partition(":"))
        pattern = _pattern(line, written)
        known = owners.setdefault(pattern.prefix.casefold(), cls)
        if cls.casefold() in map(str.casefold, found):
            raise InvalidValue(Message("“{cls}” has two patterns of tags: give it one.", cls=cls))
        if known != cls:
            raise InvalidValue(
                Message("The tags of “{cls}” and “{other}” would begin alike, with “{prefix}”: which is which?",
                        cls=known, other=cls, prefix=pattern.prefix)
            )  # fmt: skip
        found[cls] = pattern
    return found


def checked_patterns(text: str) -> str:
    """The lines, if all of them are patterns. Raises InvalidValue."""
    tag_patterns(text)
    return text


def pattern_of(schema: Schema, cls: str, patterns: Mapping[str, TagPattern]) -> TagPattern | None:
    """The pattern of a class, or of the nearest class above that has one."""
    words = {word.casefold(): one for word, one in patterns.items()}
    for name in schema.ancestors(cls):
        for word in (name, schema.cls(name).label, schema.cls(name).plural):
            if word.casefold() in words:
                return words[word.casefold()]
    return None


def _pattern(line: str, written: str) -> TagPattern:
    found = _PATTERN.fullmatch(written)
    if found is None or not found["prefix"]:
        raise InvalidValue(
            Message("“{line}” is no pattern of tags. Write a class and its pattern, such as: {example}",
                    line=line, example=_EXAMPLE)
        )  # fmt: skip
    if found["prefix"][-1].isdigit():
        raise InvalidValue(
            Message("In “{pattern}” a digit stands before the number: nobody could tell where the number begins.",
                    pattern=written)
        )  # fmt: skip
    return TagPattern(found["prefix"], int(found["width"] or 1))
