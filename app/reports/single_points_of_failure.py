"""Services with their single points of failure: every single record whose loss takes the service down."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message, verbatim


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.graph.risk import spof
    from cmdb.register.live_graph import graph_of

    graph = graph_of(question.reader, question.control)
    services = [one for one in question.all("service") if not question.left(one)]
    for done, service in enumerate(services):
        question.control.progress(done, len(services), verbatim(service.name))
        found = spof(graph, service.id, question.control)
        for one in sorted(question.reader.many(found), key=lambda c: (c.name.casefold(), c.uid)):
            cells = (service.name, one.name, question.label(one.cls), question.name(one.values.get("location")))
            yield ReportRow(cells, one.uid)


REPORT = Report(
    name="single_points_of_failure",
    title=Message("Single points of failure"),
    description=Message("For every service, the single records whose loss takes it down."),
    columns=(
        column(Message("Service")), column(Message("Single point of failure")), column(Message("Class")),
        column(Message("Location")),
    ),
    rows=_rows,
    group=Message("Risk"),
)  # fmt: skip
