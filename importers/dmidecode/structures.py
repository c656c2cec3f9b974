"""The text of dmidecode as structures: each has a title, and fields with values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_VERSION = re.compile(r"# dmidecode (\d[\w.]*)")
_NOTHING = re.compile(
    r"(?:not (?:specified|provided|present|installed|available)|unknown|none|<out of spec>|<bad index>|n/a)?",
    re.IGNORECASE,
)


class DmiStructure(NamedTuple):
    """A structure: its title ("Memory Device"), and field → value. A field that lists values has them joined."""

    title: str
    fields: dict[str, str]

    def said(self, *names: str) -> str:
        """The value of the first field that says something; "" where none does."""
        return next((one for name in names if not _NOTHING.fullmatch(one := self.fields.get(name, ""))), "")


def version_of(text: str) -> str:
    """The version of dmidecode that wrote the text; "" where it does not say."""
    match = _VERSION.match(text)
    return match[1] if match else ""


def structures_of(text: str) -> Iterator[DmiStructure]:
    """The structures of a text, those of firmware's makers too; with or without the lines of handles."""
    one: DmiStructure | None = None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            if one is not None and one.fields:
                yield one
            one = DmiStructure(line.strip(), {})
        elif one is not None and not line.startswith(("\t\t", "  " * 4)):
            name, colon, value = line.strip().partition(":")
            if colon:
                one.fields.setdefault(name.strip(), value.strip())
    if one is not None and one.fields:
        yield one
