"""The counts in the navigation: the number of items, and what waits on each page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dependence import Dependence

if TYPE_CHECKING:
    from app.answer_cache import AnswerCache
    from app.jobs import Jobs
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class PageCount:
    """What waits on a page; ``due`` where some of it calls for attention now."""

    number: int
    due: bool


Badge = Callable[["Reader", str], PageCount]
"""Counts what waits on a page for a person (their id; "" where nobody said who they are)."""


@dataclass(frozen=True, slots=True)
class LateBadge:
    """What else waits on a page, where counting it takes long: it is added to its ``Badge`` once it is known.

    ``count`` runs as a job that can be stopped, and raises Cancelled then; ``of`` is its dependence.
    """

    count: Callable[[AnswerCache, Reader, Jobs], int]
    of: Dependence


def waiting(workspace: Workspace, badges: Mapping[str, Badge]) -> tuple[int, dict[str, PageCount]]:
    """The number of items, and what each of the ``badges`` counts. Not for the GUI's thread."""
    person = workspace.writer.person
    with workspace.read() as reader:
        return sum(reader.counts().values()), {page: badge(reader, person) for page, badge in badges.items()}
