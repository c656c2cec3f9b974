"""A selection of records, and their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter of CIs, and their order. ``where`` is a query; ``sort`` is an attribute, "-" before it reverses.

    ``among`` are the ids of the records that it is of; None: of all. There may be many thousands of them.
    """

    cls: str = "ci"
    where: str = ""
    sort: str = "name"
    text: str = ""
    among: tuple[str, ...] | None = None
