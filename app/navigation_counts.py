"""The counts in the navigation: the number of items, and what waits on each page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class PageCount:
    """What waits on a page; ``due`` where some of it calls for attention now."""

    number: int
    due: bool


Badge = Callable[["Reader", str], PageCount]
"""Counts what waits on a page for a person (their id; "" where nobody said who they are)."""


def waiting(workspace: Workspace, badges: Mapping[str, Badge]) -> tuple[int, dict[str, PageCount]]:
    """The number of items, and what each of the ``badges`` counts. Not for the GUI's thread."""
    person = workspace.writer.person
    with workspace.read() as reader:
        return sum(reader.counts().values()), {page: badge(reader, person) for page, badge in badges.items()}
