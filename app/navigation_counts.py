"""The counts in the navigation: the number of items, and what waits on each page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader

Badge = Callable[["Reader"], int]
"""Counts what waits on a page."""


def waiting(workspace: Workspace, badges: Mapping[str, Badge]) -> tuple[int, dict[str, int]]:
    """The number of items, and what each of the ``badges`` counts. Not for the GUI's thread."""
    with workspace.read() as reader:
        return sum(reader.counts().values()), {page: badge(reader) for page, badge in badges.items()}
