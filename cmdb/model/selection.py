"""A selection of records, and their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter of CIs, and their order. ``where`` is a query; ``sort`` is an attribute, "-" before it reverses."""

    cls: str = "ci"
    where: str = ""
    sort: str = "name"
    text: str = ""
