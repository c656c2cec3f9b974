"""Rows as text for the clipboard: tab-separated lines. A job reads them, as most of them are not in memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.assets.columns import ABOUT, CLASS
from app.assets.rows import rows_of

if TYPE_CHECKING:
    from app.item_search import Names
    from app.workspace import Workspace
    from cmdb.model.control import Control
    from cmdb.model.schema import Attribute

_BATCH = 500

ValueText = Callable[["Attribute", Any, "Names", str], str]
"""A value as a person reads it, from its attribute, the value, the names of referenced items, and the currency."""


def table_text(
    control: Control,
    workspace: Workspace,
    ids: array[int],
    columns: Sequence[Attribute],
    at: int | None,
    text_of: ValueText,
) -> str:
    """The rows (inner ids) as of revision ``at``, with headers; a tab in a value is a space. Raises Cancelled."""
    lines = ["\t".join(attribute.label for attribute in columns)]
    with workspace.read(at) as reader:
        for low in range(0, len(ids), _BATCH):
            control.check()
            control.progress(low, len(ids))
            for row in rows_of(reader, ids[low : low + _BATCH]).values():
                values, own = row.ci.values, reader.schema.cls(row.ci.cls).attributes
                extra = {CLASS: reader.schema.cls(row.ci.cls).label, ABOUT: str(row.about)}
                cells = [
                    extra[a.name]
                    if a.name in extra
                    else text_of(own.get(a.name, a), values.get(a.name), row.names, row.ci.text(a.currency))
                    for a in columns
                ]
                lines.append("\t".join(cell.replace("\t", " ") for cell in cells))
    return "\n".join(lines)
