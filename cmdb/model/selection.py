"""Which records are asked for, and in which order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """Which CIs, in which order. ``where`` is the query language; ``sort`` an attribute, "-" before it descends."""

    cls: str = "ci"
    where: str = ""
    sort: str = "name"
    text: str = ""
