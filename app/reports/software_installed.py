"""Installed software: every product and version with its number of computers."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.licences.labels import KINDS
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.licences.said_names import catalogue_of
    from cmdb.store.reading.reported_names import reported_names

    catalogue = catalogue_of(question.reader)
    origins = {(one.product, one.publisher): one.origin for one in reported_names(question.reader)}
    for publisher, product, edition, version, computers in question.reader.releases():
        question.control.check()
        what = catalogue.recognise(product, publisher or "", edition or "", version or "", origins[product, publisher])
        known = what.product.name if what.kind == "product" and (what.product.listed or what.confidence) else ""
        kind = "" if known or what.kind == "product" else what.kind
        yield ReportRow((product, publisher, edition, version, computers, known or kind))


REPORT = Report(
    name="software_installed",
    title=Message("Software installed"),
    description=Message("Every product and version that is installed, with the number of computers that carry it."),
    columns=(
        column(Message("Product")), column(Message("Publisher")), column(Message("Edition")),
        column(Message("Version")), column(Message("Computers"), "integer"),
        column(Message("Recognised as"), labels=KINDS),
    ),
    rows=_rows,
    group=Message("Software"),
)  # fmt: skip
