"""The step of ``check`` that concerns hierarchies: circles that an older program let in."""

from __future__ import annotations

from collections.abc import Iterator

from cmdb.model.hierarchies import finding
from cmdb.model.messages import Message
from cmdb.store.reading.hierarchies import all_circles, names_of
from cmdb.store.upkeep.audits import AuditContext


def check_hierarchies(look: AuditContext) -> Iterator[Message]:
    """Circles, each once."""
    found = all_circles(look.connection, look.schema)
    names = names_of(look.connection, {one for _, circle in found for one in circle})
    for hierarchy, circle in found:
        yield finding(hierarchy, [names[one] for one in circle])
