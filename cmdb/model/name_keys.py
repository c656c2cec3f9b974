"""The forms by which names are compared, in the register's indexes and when readings are reconciled, and values that
must be unique.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def name_key(name: str) -> str:
    """The form of a name by which names are compared and sorted: without case and extra spaces."""
    return " ".join(name.casefold().split())


def unique_key(attribute: str, value: T) -> T | str:
    """The form by which two values of an attribute that must be unique are the same: names as names are, other texts
    without the case of A to Z, as both databases compare them; numbers as they are.
    """
    if not isinstance(value, str):
        return value
    return name_key(value) if attribute == "name" else value.translate(_LOWER)
