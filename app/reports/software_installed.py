"""What is installed: every product and version with how many computers carry it."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.licences.engine.catalogue import Catalogue

    catalogue = Catalogue.load()
    for publisher, product, edition, version, computers in question.reader.releases():
        question.control.check()
        what = catalogue.recognise(product, publisher or "", edition or "", version or "")
        known = what.product.name if what.kind == "product" and what.product.listed else ""
        kind = "" if known or what.kind == "product" else what.kind
        yield ReportRow((product, publisher, edition, version, computers, known or kind))


REPORT = Report(
    name="software_installed",
    title="Software installed",
    description="Every product and version that is installed, with the number of computers that carry it.",
    columns=(
        column("Product"), column("Publisher"), column("Edition"), column("Version"), column("Computers", "integer"),
        column("Recognised as"),
    ),
    rows=_rows,
    group="Software",
)  # fmt: skip
