"""The keys of sources: a kind and a name ("sheet:stock.xlsx").

What a host says of its guests is another source, and so is what a source said before it was held.
"""

from __future__ import annotations

PERSON = "person"
"""The source of what people state by hand."""

KINDS = (PERSON, "sheet", "import", "scan")
"""The kinds of sources that say what records are like."""

_BESIDE = " (guests)"
_KEPT = " (kept)"
KEPT_KEYS = f"%{_KEPT}"
"""The keys of such sources, as a pattern of SQL."""


def kind_of(source: str) -> str:
    """The kind of a source's key: "sheet" of "sheet:stock.xlsx"."""
    return source.partition(":")[0]


def about_guests(source: str) -> str:
    """The key of what a source, which is a host, says about its guests: theirs is another word than their own.

    Of a kind it is the word for all such sources: "scan (guests)".
    """
    return source + _BESIDE


def of_guests(source: str) -> bool:
    """Whether a source is what a host says about its guests."""
    return source.endswith(_BESIDE)


def without_guests(source: str) -> str:
    """The key of the host of which a source is what it says about its guests; any other key as it is."""
    return source.removesuffix(_BESIDE)


def kept_word(source: str) -> str:
    """The key of what a source said before it was held, and what stands until somebody else says otherwise."""
    return source + _KEPT


def is_kept(source: str) -> bool:
    """Whether a source is what another one said before it was held."""
    return source.endswith(_KEPT)


def without_kept(source: str) -> str:
    """The key of the source of which one is the kept word; any other key as it is."""
    return source.removesuffix(_KEPT)
