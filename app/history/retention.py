"""Retention: the rule, the history that is kept, and what a rule would remove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.register import retention

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.control import Control
    from cmdb.model.retention import PruningPlan, PruningResult
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

OFF = "off"
"""The word for keeping the history for ever."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The retention of an estate.

    ``rule`` is the estate's ("24m", "2y", or "" for ever). The past can be shown from revision ``first`` on, which was
    ``recorded`` then (ISO UTC; 0 and "" where all of it can). ``plan`` is what the rule that was asked about
    would remove; None where it keeps everything.
    """

    rule: str
    first: int
    recorded: str
    plan: PruningPlan | None


def retention_of(reader: Reader, keep: str | None = None) -> Retention:
    """The retention, and what ``keep`` would remove (None: the estate's own rule). Raises InvalidValue."""
    rule = retention.rule(reader)
    asked = rule if keep is None else keep
    return Retention(rule, *retention.remaining(reader), retention.plan(reader, asked) if asked else None)


def keep_history(reader: Reader, keep: str, author: str) -> Revision:
    """Keeps the history for a time ("24m", "2y"), or for ever ("" or ``OFF``). Nothing is removed yet.

    Raises InvalidValue.
    """
    return retention.set_rule(reader, "" if keep.casefold() == OFF else keep, author)


def prune_history(workspace: Workspace, control: Control) -> PruningResult:
    """Removes for good the history that the estate's rule no longer keeps. Raises StoreProblem, Cancelled."""
    return retention.prune(workspace.base, workspace.author, control)
