"""The outcome of weighed evidence: tables of rules. The first rule that applies decides.

``docs/identification.md`` shows these tables. Points and thresholds are those of ``weights``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cmdb.model.messages import Message
from cmdb.reconciliation import weights as w
from cmdb.reconciliation.match_verdicts import MatchEvidence, Outcome


class EvidenceScore:
    """The sums of the evidence for and against a match, in points."""

    __slots__ = ("lines", "minus", "plus")

    def __init__(self, lines: list[MatchEvidence]) -> None:
        self.lines = lines
        self.plus = 0
        self.minus = 0

    def add(self, kind: str, agrees: bool, text: Message, points: int, compared: Message | None = None) -> None:
        """Adds a piece of evidence. Evidence with 0 points is only shown."""
        if agrees:
            self.plus += points
        else:
            self.minus += points
        self.lines.append(MatchEvidence(kind, agrees, text, points, compared))

    @property
    def total(self) -> int:
        """The points for a match minus the points against it."""
        return self.plus - self.minus


class MachineComparison(NamedTuple):
    """The evidence about two machines."""

    hard: EvidenceScore
    soft: EvidenceScore
    virtual: bool

    @property
    def carried(self) -> bool:
        """Whether more than its name identifies the operating system."""
        return any(line.agrees and line.kind in ("machine_id", "disk_serial") for line in self.soft.lines)

    @property
    def numbered(self) -> bool:
        """Whether a number that identifies hardware agrees, apart from the main board's."""
        return any(line.agrees and line.kind in w.HARDWARE and line.kind not in w.NOT_ALONE for line in self.hard.lines)


class MatchRule(NamedTuple):
    """A condition and its outcome. ``when`` is the condition in words, for the documentation."""

    when: str
    applies: Callable[[MachineComparison], bool]
    outcome: Outcome


#: The hardware agrees, and nothing of it differs.
AGREES = (
    MatchRule(f"by {w.SURE} points or more", lambda m: m.hard.plus >= w.SURE, "same"),
    MatchRule(
        f"by {w.LIKELY} points or more, and the operating system does not speak against it",
        lambda m: m.hard.plus >= w.LIKELY and m.soft.total >= 0,
        "same",
    ),
    MatchRule(
        f"by {w.LIKELY} points or more, but the operating system speaks against it",
        lambda m: m.hard.plus >= w.LIKELY,
        "review",
    ),
    MatchRule("by less, and the operating system speaks for it", lambda m: m.soft.total > 0, "same"),
    MatchRule("by less, and something of the operating system differs", lambda m: m.soft.minus > 0, "different"),
    MatchRule("by less, and nothing is known of the operating system", lambda m: True, "review"),
)
#: The hardware agrees in part: a board was swapped, or the data is wrong.
MIXED = (
    MatchRule(
        f"what agrees outweighs by {w.PARTLY} points, and the operating system does not speak against it",
        lambda m: m.hard.total >= w.PARTLY and m.soft.total >= 0,
        "same",
    ),
    MatchRule(
        f"what agrees outweighs by {w.PARTLY} points, but the operating system speaks against it",
        lambda m: m.hard.total >= w.PARTLY,
        "review",
    ),
    MatchRule(
        f"what differs outweighs by {w.PARTLY} points, nothing that agrees is a serial number, a UUID or an asset "
        "tag, and neither the machine id nor a disk agrees",
        lambda m: m.hard.total <= -w.PARTLY and not m.numbered and not m.carried,
        "different",
    ),
    MatchRule("neither", lambda m: True, "review"),
)
#: The hardware differs, and nothing of it agrees.
DIFFERS = (
    MatchRule(
        "one of them is virtual: a clone has the same machine id",
        lambda m: m.virtual,
        "different",
    ),
    MatchRule(
        f"by more than {w.MINOR} points, but the machine id or a disk agrees: a disk was moved",
        lambda m: m.hard.minus > w.MINOR and m.carried,
        "review",
    ),
    MatchRule(f"by more than {w.MINOR} points", lambda m: m.hard.minus > w.MINOR, "different"),
    MatchRule("by less, and the machine id or a disk agrees", lambda m: m.carried, "same"),
    MatchRule("by less, and the operating system speaks for it by its name", lambda m: m.soft.total > 0, "review"),
    MatchRule("by less, and nothing speaks for it", lambda m: True, "different"),
)
#: The hardware of one of them is unknown.
SYSTEM = (
    MatchRule("nothing agrees, something differs", lambda m: not m.soft.plus and m.soft.minus > 0, "different"),
    MatchRule("nothing can be compared", lambda m: not m.soft.plus, "none"),
    MatchRule(
        f"it agrees, and nothing differs or what agrees outweighs by {w.SYSTEM_SURE} points",
        lambda m: not m.soft.minus or m.soft.total >= w.SYSTEM_SURE,
        "same",
    ),
    MatchRule("it agrees in part", lambda m: True, "review"),
)
#: The tables, each with its condition on the hardware.
TABLES = (
    ("The hardware agrees in all that is known", AGREES),
    ("The hardware agrees in part", MIXED),
    ("The hardware differs", DIFFERS),
    ("Of the hardware nothing can be compared: the operating system", SYSTEM),
)


def machine(hard: EvidenceScore, soft: EvidenceScore, *, virtual: bool) -> Outcome:
    """The outcome for two machines, from the evidence of hardware and operating system."""
    table = (MIXED if hard.minus else AGREES) if hard.plus else DIFFERS if hard.minus else SYSTEM
    found = MachineComparison(hard, soft, virtual)
    return next(rule.outcome for rule in table if rule.applies(found))


def person(scale: EvidenceScore, *, numbered: bool) -> Outcome:
    """The outcome for two people. ``numbered``: an identifying value agrees, not only the name."""
    if numbered:
        return "same" if scale.total >= w.PERSON_SURE else "review"
    if scale.minus:
        return "different"
    return "same" if scale.plus else "none"


def record(scale: EvidenceScore, *, numbered: bool, named: bool, bought_again: bool) -> Outcome:
    """The outcome for two records of anything else. ``bought_again``: the differing one may be a second purchase."""
    if not scale.plus:
        return "different" if scale.minus else "none"
    if scale.minus:
        return "review" if numbered and named else "different"
    return "review" if bought_again else "same"
