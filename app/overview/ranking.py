"""How urgent what needs attention is: one table of weights, by what follows if nobody does anything.

Urgent findings come first, then those with more weight. What costs money or stops work now stands above what is late,
what is late above what is not known, and that above what only lacks a value.
"""

from __future__ import annotations

from typing import NamedTuple


class Consequence(NamedTuple):
    """How bad it is where nobody does anything: the tone, and the weight among findings of one tone."""

    tone: str
    weight: int


BAD, LATE = "bad", "warning"
RANKING = {
    # Work stops, or stops with the next failure. A service that a group carries adds one each.
    "no_spare_with_services": Consequence(BAD, 60),
    "no_spare": Consequence(LATE, 60),
    # An audit of the publisher costs money.
    "short_licences": Consequence(BAD, 56),
    "short_licence": Consequence(BAD, 55),
    # People see an error in their browsers: already, or within the month.
    "certificate_ended": Consequence(BAD, 51),
    "certificate_ends": Consequence(BAD, 50),
    # Things and the data on them are with people who may not have them.
    "leavers": Consequence(BAD, 40),
    "people_left": Consequence(BAD, 41),
    "returns_overdue": Consequence(BAD, 38),
    # What was promised, or what the law demands, is late.
    "maintenance_overdue": Consequence(BAD, 34),
    "tasks_overdue": Consequence(BAD, 33),
    "lost": Consequence(BAD, 30),
    # The register waits: values, codes and signatures count once somebody decides.
    "questions": Consequence(LATE, 35),
    "unsigned": Consequence(LATE, 32),
    "unknown_codes": Consequence(LATE, 31),
    "unjudged_licences": Consequence(LATE, 30),
    # A failure, or another year, would cost money.
    "no_warranty": Consequence(LATE, 25),
    "audits_due": Consequence(LATE, 22),
    "cancel": Consequence(LATE, 20),
    "end_of_life": Consequence(LATE, 18),
    "warranty_ends": Consequence(LATE, 16),
    # The register may be wrong.
    "stale": Consequence(LATE, 15),
    "no_serial_number": Consequence(LATE, 5),
}
