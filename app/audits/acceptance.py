"""Accepting an audit: one revision sets where and when everything was seen, and moves what was elsewhere.

Seeing is not taking: holder, home place and status stay. What that would change is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.model.audits import AuditResult
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class AuditProposal:
    """A verb that an audit suggests for a record: back to stock, report lost."""

    verb: str
    """The verb's name, or "" where a person has to look."""
    result: AuditResult
    times: int = 1
    """How many audits running it was missing in."""


@dataclass(frozen=True, slots=True)
class AcceptancePlan:
    """What accepting would do, to be shown before."""

    seen: int
    moved: tuple[AuditResult, ...]
    """What was elsewhere and is moved to where it was scanned."""
    only_seen: tuple[AuditResult, ...]
    missing: tuple[AuditResult, ...]
    tasks: int
    """How many tasks list what is missing: one per holder, else per place."""
    proposals: tuple[AuditProposal, ...]


def plan_acceptance(reader: Reader, audit: str, choices: Mapping[str, str] | None = None) -> AcceptancePlan:
    """What accepting an audit would do. ``choices``: record → MOVE or SEEN, in place of what its scan says."""
    raise NotImplementedError


def accept(
    reader: Reader, audit: str, author: str, *, choices: Mapping[str, str] | None = None, tasks: bool = True
) -> Revision:
    """A revision that accepts a finished audit. Raises InvalidValue where it is not finished, or accepted already."""
    raise NotImplementedError


def proposals(reader: Reader, audit: str) -> list[AuditProposal]:
    """What an audit that is finished suggests besides."""
    raise NotImplementedError
