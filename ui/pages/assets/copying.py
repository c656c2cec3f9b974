"""Copying rows as a table: they are read in a job, as most of them are not in memory."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from cmdb.model.control import Control
from cmdb.model.schema import Attribute
from ui.pages.assets.model import CLASS
from ui.pages.assets.rows import shown
from ui.widgets.dates import count, plural

if TYPE_CHECKING:
    from ui.context import Context
    from ui.pages.assets.listing import Listing

#: A clipboard is no place for more rows.
MOST = 100_000
_BATCH = 500


def copy_rows(listing: Listing) -> None:
    """Puts the selected rows on the clipboard, tab-separated, with headers."""
    context, columns = listing.context, list(listing.model.columns)

    def start(ids: array[int]) -> None:
        if len(ids) > MOST:
            context.shell.toast(
                f"{plural(len(ids), 'row')} are too many for the clipboard; up to {count(MOST)} can be copied.",
                tone="warning",
            )
        elif ids:
            at = context.moment.at
            title = f"Copying {plural(len(ids), 'row')}"
            context.workspace.jobs.start(
                title, _read, context, ids, columns, at, done=QApplication.clipboard().setText,
                failed=context.shell.problem,
            )  # fmt: skip

    listing.selected_ids(start)


def _read(control: Control, context: Context, ids: array[int], columns: list[Attribute], at: int | None) -> str:
    lines = ["\t".join(attribute.label for attribute in columns)]
    with context.workspace.store.read(at) as reader:
        for low in range(0, len(ids), _BATCH):
            control.check()
            control.progress(low, len(ids))
            for row in shown(reader, reader.many(ids[low : low + _BATCH])).values():
                cells = [row.ci.cls if a is CLASS else row.text(a) for a in columns]
                if CLASS in columns:
                    cells[columns.index(CLASS)] = reader.schema.cls(row.ci.cls).label
                lines.append("\t".join(cell.replace("\t", " ") for cell in cells))
    return "\n".join(lines)
