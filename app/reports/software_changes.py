"""What was installed, upgraded and removed on computers since another moment: product by product."""

from __future__ import annotations

from collections.abc import Iterator

from app.drift.software_history import FOUND, STEPS, SoftwareStep, software_histories
from app.reports.model import Report, ReportContext, ReportRow, column
from app.reports.two_moments import about_moments, compared_with
from cmdb.model.claims import source_text
from cmdb.model.messages import Message, chain

_AT_ONCE = 100
"""Computers whose history is read at once."""


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.store.reading.spans import changed_since
    from cmdb.store.rows.codec import chunks

    reader, then = question.reader, compared_with(question)
    names = reader.names(changed_since(reader, then))
    order = sorted(names, key=lambda uid: (names[uid][1].casefold(), uid))
    found: list[SoftwareStep] = []
    for batch in chunks(order, _AT_ONCE):
        question.control.check()
        for steps in software_histories(reader, batch).values():
            found += [one for one in steps if one.number > then and one.what != FOUND]
    found.sort(key=lambda one: (one.product.casefold(), names[one.uid][1].casefold(), -one.number))
    for one in found:
        cells = (one.called, one.publisher, names[one.uid][1], STEPS[one.what], one.before, one.version,
                 one.seen[:10] or None, one.first_seen[:10] or None, one.last_seen[:10] or None,
                 one.seen_in_part[:10] or None,
                 chain(source_text(source) for source in one.sources))  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="software_changes",
    title=Message("Software that came and went"),
    description=Message(
        "What was installed, upgraded, downgraded and removed on which computer between two moments, and when that was "
        "seen. What was there when a source first looked is left out. Where a later look did not see the whole list, "
        "its day is told, too: what it saw of it is not kept."
    ),
    columns=(
        column(Message("Product")), column(Message("Publisher")), column(Message("Computer")),
        column(Message("What happened")), column(Message("Version before")), column(Message("Version")),
        column(Message("Seen"), "date"), column(Message("First seen"), "date"), column(Message("Last seen"), "date"),
        column(Message("Seen in part"), "date"),
        column(Message("Source")),
    ),
    rows=_rows,
    group=Message("Software"),
    between=True,
    about=about_moments,
    subject=("computer", "what_happened", "version"),
)  # fmt: skip
