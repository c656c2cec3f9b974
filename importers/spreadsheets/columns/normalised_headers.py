"""Headers without what programs do to the names of their columns."""

from __future__ import annotations

import re
import unicodedata

#: Where a new word begins in names such as ComputerName and IPAddress.
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def plain_header(header: str) -> str:
    """The words of a header: "SerialNumber0" is "Serial Number", "État" is "Etat"."""
    words = _WORDS.sub(" ", header.removesuffix("0") if header[-2:-1].isalpha() else header)
    return "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c))


_ORDINALS = re.compile(r"\b[Nn]\.?\s?[º°](?!\w)|№|\b[Nn][úu]m\.")
"""Signs for "number": Nº, N.º, №, Núm."""


def with_plain_number(header: str) -> str:
    """A header with "No" for the signs that mean number: "Nº de serie" is "No de serie"."""
    return " ".join(_ORDINALS.sub("No ", header).split())
