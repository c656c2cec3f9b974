"""Deviations: what sources say otherwise than what stands."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.claims import source_text
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from cmdb.model.section_words import shown_value
from cmdb.model.values import Value

_COUNTS = {"held": Message("held"), "less": Message("counts less")}


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.store.reading.deviations import deviations

    schema = question.schema
    found = []
    for one in deviations(question.reader):
        question.control.check()
        found.append(one)
    found.sort(key=lambda d: (d.source, d.cls, d.attribute, d.name, d.uid))
    for one in found:
        attribute = schema.attribute(one.cls, one.attribute)
        stands, said = (_shown(question, attribute, value) for value in (one.stands, one.said))
        cells = (source_text(one.source), question.label(one.cls), attribute.label, one.name, stands, said,
                 one.since[:10], "held" if one.held else "less")  # fmt: skip
        yield ReportRow(cells, one.uid)


def _shown(question: ReportContext, attribute: Attribute, value: Value | None) -> str:
    return question.name(value) if attribute.type == "reference" else shown_value(attribute, value)


REPORT = Report(
    name="deviations",
    title=Message("Deviations"),
    description=Message(
        "What sources say otherwise than what stands, since when, and whether what the source says is held or counts "
        "less."
    ),
    columns=(
        column(Message("Source")), column(Message("Class")), column(Message("Attribute")), column(Message("Item")),
        column(Message("Value")), column(Message("Source says")), column(Message("Since"), "date"),
        column(Message("Why"), labels=_COUNTS),
    ),
    rows=_rows,
    group=Message("Needs attention"),
    subject=("attribute", "item", "value", "source_says"),
)  # fmt: skip
