"""Dependencies that scans see in connections, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterator

from app.connections.seen_dependencies import ACCEPTED, DISMISSED, OPEN, seen_connections
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message, in_context

_STATES = {
    OPEN: in_context("dependency", "open"), ACCEPTED: in_context("dependency", "accepted"),
    DISMISSED: in_context("dependency", "dismissed"),
}  # fmt: skip


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in seen_connections(question.reader, question.control).dependencies:
        client, server = one.client, one.server
        cells = (client.name, question.label(client.cls), server.name, question.label(server.cls), ", ".join(one.ports),
                 one.seen[:10], one.state, client.uid, server.uid)  # fmt: skip
        yield ReportRow(cells, client.uid or client.end.machine)


REPORT = Report(
    name="dependencies_seen",
    title=Message("Dependencies seen in connections"),
    description=Message(
        "What uses what over the network, as the connections and listening ports of scanned machines say; accepted, "
        "dismissed, or open."
    ),
    columns=(
        column(Message("What uses it")), column(Message("Class")), column(Message("What is used")),
        column(Message("Its class")), column(Message("Ports")), column(Message("Last seen"), "date"),
        column(Message("State"), labels=_STATES), column(Message("Id")), column(Message("Its id")),
    ),
    rows=_rows,
    group=Message("Risk"),
)  # fmt: skip
