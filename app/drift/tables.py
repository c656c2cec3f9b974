"""Drift and the history of software as tables, to be written to files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.drift.differences import WORDS, counts_text
from app.drift.software_history import STEPS
from app.reports.model import column
from cmdb.model.claims import source_text
from cmdb.model.messages import Message, chain
from importers.tables import Table

if TYPE_CHECKING:
    from app.drift.differences import SectionDrift
    from app.drift.software_history import SoftwareStep


def drift_table(name: str, found: Sequence[SectionDrift]) -> Table:
    """What differs of a record; what was seen for the first time in a line for each section."""
    columns = (
        column(Message("Section")), column(Message("Change"), labels=WORDS), column(Message("What")),
        column(Message("Then")), column(Message("Now")),
    )  # fmt: skip
    rows = [(one.title, *line) for one in found for line in one.lines]
    rows += [(one.title, "", counts_text(one.first), "", "") for one in found if one.first]
    return Table(name, columns, rows)


def software_table(name: str, steps: Sequence[SoftwareStep]) -> Table:
    """The history of the software of a computer."""
    columns = (
        column(Message("Seen"), "date"), column(Message("What happened"), labels=STEPS), column(Message("Product")),
        column(Message("Version before")), column(Message("Version")), column(Message("Publisher")),
        column(Message("User")), column(Message("First seen"), "date"), column(Message("Last seen"), "date"),
        column(Message("Seen in part"), "date"), column(Message("Source")),
    )  # fmt: skip
    rows = [
        (one.seen[:10] or None, one.what, one.product, one.before, one.version, one.publisher, one.scope,
         one.first_seen[:10] or None, one.last_seen[:10] or None,
         one.seen_in_part[:10] or None, chain(map(source_text, one.sources)))
        for one in steps
    ]  # fmt: skip
    return Table(name, columns, rows)
