"""What is to be mended elsewhere: the rejected rows as a file, or the person's own workbook with marks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from app.imports.draft import FileDraft
from cmdb.model.messages import Message, tr, trn, verbatim
from ui.context import Context
from ui.pages.import_.flow import ImportFlow
from ui.plain_texts import plain_label
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.imports.marked_copies import MarkedCopy


def export_rejects(context: Context, flow: ImportFlow, parent: QWidget) -> None:
    """Asks for a file, and writes the rejected rows to it."""
    name = tr("{file} rejected", file=flow.files[0].path.stem) if flow.files else tr("Rejected")
    beside = flow.files[0].path.parent if flow.files else None
    kinds = {".xlsx": Message("Spreadsheets (*.xlsx *.csv *.ods)")}
    settings, title = context.workspace.settings, tr("Export rejected rows")
    path = ask_to_save(settings, parent, "mend", title, name, kinds, otherwise=beside)
    if path is not None:

        def done(rows: int) -> None:
            say_written(context.shell, path, rows)

        flow.saving.rejects(path, flow.rejects(), flow.taken, done)


def fill_marked_copies(context: Context, flow: ImportFlow, parent: QWidget, menu: QMenu) -> None:
    """The menu of what can be saved for mending: the rejected rows; each workbook marked, after an import with tags."""
    prepared = flow.prepared
    action = menu.addAction(tr("Rejected rows…"), lambda: export_rejects(context, flow, parent))
    action.setEnabled(prepared is not None and bool(prepared.proposal.rejected))
    applied = flow.result is not None and bool(flow.result.number)
    for file in flow.workbooks:
        names = [tr("{file} with marks…", file=file.path.name)]
        if applied:
            names.append(tr("{file} with marks, tags and ids…", file=file.path.name))
        for tags, name in enumerate(names):
            menu.addAction(plain_label(name), partial(save_marked, context, flow, parent, file, bool(tags)))


def save_marked(context: Context, flow: ImportFlow, parent: QWidget, file: FileDraft, tags: bool = False) -> None:
    """Asks for a file, and writes a workbook to it with what is wrong marked."""
    prepared = flow.prepared
    if prepared is None:
        return
    ending = ".xlsm" if file.path.suffix.casefold() == ".xlsm" else ".xlsx"
    name, kinds = tr("{file} marked", file=file.path.stem), {ending: verbatim(f"(*{ending})")}
    settings, title = context.workspace.settings, tr("Save a marked copy")
    path = ask_to_save(settings, parent, "mend", title, name, kinds, otherwise=file.path.parent)
    if path is None:
        return

    def done(copy: MarkedCopy) -> None:
        if copy.instead is None:
            text = trn("{count} row marked in {file}", "{count} rows marked in {file}", copy.rows, file=copy.path.name)
            context.shell.toast(text, file=copy.path)
            return
        said = trn(
            "{reason} {count} row is written to {file} instead.",
            "{reason} {count} rows are written to {file} instead.",
            copy.rows,
            reason=copy.instead,
            file=copy.path.name,
        )
        context.shell.toast(said, tone="warning", file=copy.path)

    flow.saving.marked(file, path, prepared.proposal, flow.result, tags, done)
