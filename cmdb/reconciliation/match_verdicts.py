"""The result of comparing two identities. Types only."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cmdb.model.messages import Message

Outcome = Literal["same", "review", "different", "none"]


class MatchEvidence(NamedTuple):
    """One piece of evidence. ``weight`` is in points; ``agrees`` says whether they count for or against a match."""

    kind: str
    agrees: bool
    text: Message
    weight: int
    compared: Message | None = None
    """The text with its values as they are compared, where it shows them as read. A decision's id has it."""


class MatchVerdict(NamedTuple):
    """Whether two identities are the same thing. "none": nothing could be compared.

    ``score`` is in points: the evidence for a match minus the evidence against it.
    """

    outcome: Outcome
    score: int
    lines: tuple[MatchEvidence, ...]
    clean: bool
    """Whether hardware and operating system both agree and nothing differs."""
