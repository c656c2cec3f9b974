"""The form by which names are compared: in the register's indexes and when readings are reconciled."""

from __future__ import annotations


def name_key(name: str) -> str:
    """The form of a name by which names are compared and sorted: without case and extra spaces."""
    return " ".join(name.casefold().split())
