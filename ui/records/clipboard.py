"""Copying rows as a table to the clipboard."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication

from app.assets.clipboard import table_text
from cmdb.model.messages import counted, trn
from cmdb.model.schema import Attribute
from ui.context import Context
from ui.widgets.values import text_of

#: More rows can't be copied.
MOST = 100_000


def copy_rows(context: Context, ids: array[int], columns: Sequence[Attribute]) -> None:
    """Puts rows (inner ids) on the clipboard, tab-separated, with headers. They are read in a job."""
    if len(ids) > MOST:
        context.shell.toast(
            trn(
                "{count} row is too many for the clipboard; up to {most} can be copied.",
                "{count} rows are too many for the clipboard; up to {most} can be copied.",
                len(ids),
                most=MOST,
            ),
            tone="warning",
        )
    elif ids:
        context.workspace.jobs.start(
            counted("Copying {count} row", "Copying {count} rows", len(ids)),
            table_text,
            context.workspace,
            ids,
            list(columns),
            context.moment.at,
            text_of,
            done=QApplication.clipboard().setText,
            failed=context.shell.problem,
        )
