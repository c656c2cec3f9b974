"""What the comparison of two identities comes to. Types only."""

from __future__ import annotations

from typing import Literal, NamedTuple

Outcome = Literal["same", "review", "different", "none"]


class MatchEvidence(NamedTuple):
    """One piece of evidence, as a person reads it. ``weight`` is in points, for or against as ``agrees`` says."""

    kind: str
    agrees: bool
    text: str
    weight: int


class MatchVerdict(NamedTuple):
    """What two identities have to do with each other. "none": nothing comparable speaks for it.

    ``score`` is in points: what speaks for it less what speaks against it.
    """

    outcome: Outcome
    score: int
    lines: tuple[MatchEvidence, ...]
    clean: bool
    """Hardware and operating system both agree and nothing disagrees."""
