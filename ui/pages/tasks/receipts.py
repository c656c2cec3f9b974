"""What is written of receipts: the sheet to sign on paper, and drafts of e-mails to those who have something open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.receipts.paper import receipt_paper
from app.receipts.unsigned import RECEIPT
from app.reminders.drafts import EML, ZIP, MailDraft, drafts, write_drafts
from app.reminders.open_points import open_points
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.messages import Message, counted, tr, trn
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.printing.paper import PaperDocument
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from ui.context import Context

_PDF = ".pdf"


def receipts_among(schema: Schema, records: Sequence[CI]) -> list[CI]:
    """The receipts among some records."""
    return [one for one in records if RECEIPT in schema.classes and schema.is_a(one.cls, RECEIPT)]


def save_receipt(context: Context, over: QWidget, receipt: CI) -> None:
    """Asks where to, and writes a receipt as a PDF."""
    name = receipt.text("number") or receipt.name

    def ask(document: PaperDocument) -> None:
        kinds = {_PDF: Message("PDF (*.pdf)")}
        path = ask_to_save(context.workspace.settings, over, "receipts", tr("Receipt as PDF"), name, kinds)
        if path is not None:
            context.workspace.jobs.start(
                Message("Writing {file}", file=path.name), _write, document, path, context.theme.family,
                done=lambda _: say_written(context.shell, path), failed=context.shell.problem,
            )  # fmt: skip

    context.query(lambda reader: receipt_paper(reader, receipt.uid), ask, key=("tasks", "receipt"), owner=over)


def _write(_: Control, document: PaperDocument, path: Path, family: str) -> None:
    from ui.printing.pdf import write_pdf

    write_pdf(document, path, family)


def save_drafts(context: Context, over: QWidget, people: Collection[str] = ()) -> None:
    """Asks where to, and writes drafts of e-mails for some people; without any for all who have something open."""

    def ask(found: list[MailDraft]) -> None:
        if not found:
            context.shell.toast(tr("Nobody has anything to sign, to return or to find."), tone="good")
            return
        title = trn("Draft for {count} person", "Drafts for {count} people", len(found))
        one, many = Message("E-mail draft (*.eml)"), Message("One draft for each person (*.zip)")
        kinds = {EML: one} if len(found) == 1 else {ZIP: many}
        name = found[0].points.person.name if len(found) == 1 else str(tr("Drafts"))
        path = ask_to_save(context.workspace.settings, over, "drafts", title, name, kinds)
        if path is not None:
            context.workspace.jobs.start(
                Message("Writing {file}", file=path.name), lambda _: write_drafts(path, found),
                done=lambda _: _say_drafts(context, path, found), failed=context.shell.problem,
            )  # fmt: skip

    today = clock.today()
    context.query(
        lambda reader: drafts(open_points(reader, today, people or None)), ask, key=("tasks", "drafts"), owner=over
    )


def _say_drafts(context: Context, path: Path, found: Sequence[MailDraft]) -> None:
    """That drafts are written, and how many of them have no address."""
    without = sum(1 for one in found if not one.address)
    if not without:
        say_written(context.shell, path)
        return
    lacks = counted(
        "{file} is written; {count} draft has no address.", "{file} is written; {count} drafts have no address.",
        without, file=path.name,
    )  # fmt: skip
    context.shell.toast(str(lacks), tone="warning", file=path)
