"""A small table of another tool, and what must come out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cmdb.model.observation import NamedReference


@dataclass
class Case:
    """A table, and what is expected of it. ``rows``: class and values of each row, "Class:name" for references."""

    key: str
    text: str
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    """Attributes that no row may have."""
    unmapped: tuple[str, ...] = ()
    """Some of the headers that are listed as not used."""
    seats: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    software: list[tuple[str, str, str]] = field(default_factory=list)
    events: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    """Item, when it happened in local time, verb and holder."""
    mapped: tuple[str, ...] = ()
    """Some of the headers that are used, though no value comes of them."""
    number: str = ""
    """What identifies the first row in the tool's own database."""
    problems: tuple[str, ...] = ()
    """The kinds of the problems, in order."""


def told(value: Any) -> Any:
    if not isinstance(value, NamedReference):
        return value
    details = "".join(f" {name}={told(detail)}" for name, detail in value.values)
    return f"{value.cls}:{value.name}{details}"
