"""The sources of the register in the side sheet: what each said, when last, and forgetting one after a preview."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from app.sources import SourceSummary, caution, effects, forget_preview, sources
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.claims import source_text
from cmdb.model.forgetting import ForgottenSource
from cmdb.model.formats import moment
from cmdb.model.messages import Message, counted, tr, trc
from ui.context import Context
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.labels import Hairline, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, clear, column, row

_ABOUT = Message(
    "What the register knows comes from these sources and from people. Forgetting a source takes back what it said: "
    "its values go, and the next best ones show again. What people entered stays."
)
_MOST = 200
"""Sources that are listed; a source of each scanned computer may be thousands."""


class Sources:
    """Opens the sheets: the list of sources, and the preview of forgetting one."""

    def __init__(self, context: Context) -> None:
        self.context = context

    # -- the list ---------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Lists the sources, the latest first."""
        rows = QVBoxLayout()
        rows.setSpacing(6)
        rows.addWidget(Text(tr("Reading what the sources say…"), "muted"))
        content = box(column(Text(str(_ABOUT), "muted", wrap=True), 8, SectionLabel(tr("Sources")), rows, STRETCH))
        self.context.shell.sheet(tr("Sources"), content, ())
        self.context.query(
            sources, partial(self._fill, rows), key=("sources", "list"), owner=content, lane="slow", now=True
        )

    def _fill(self, rows: QVBoxLayout, found: list[SourceSummary]) -> None:
        clear(rows)
        if not found:
            rows.addWidget(Text(tr("No source but people has said anything yet."), "muted", wrap=True))
        for one in found[:_MOST]:
            parts = (
                counted("{count} record", "{count} records", one.records),
                counted("{count} link", "{count} links", one.links),
                Message("last {time}", time=moment(one.recorded)),
            )
            rows.addWidget(Text(str(one.title), wrap=True).set_bold())
            rows.addWidget(Text(" · ".join(map(str, parts)), "small", wrap=True))
            opened = partial(self.context.shell.go, "history", revision=one.revision)
            forgotten = Button(tr("Forget…"), partial(self.ask, one.source), kind="plain")
            forgotten.setEnabled(self.context.editable)
            last = LinkButton(tr("Its latest revision"), opened)
            rows.addLayout(row(forgotten, last, STRETCH, spacing=2))
            rows.addWidget(Hairline())
        if len(found) > _MOST:
            rows.addWidget(Text(tr("and {count} more sources", count=len(found) - _MOST), "muted"))

    # -- forgetting -------------------------------------------------------------------------------------------------

    def ask(self, source: str) -> None:
        """Shows what forgetting a source (its key) would do, of all records or of those that match a filter."""
        where = QLineEdit()
        where.setAccessibleName(tr("Only of records that match"))
        where.setPlaceholderText(tr("all records; or a filter: location within Rotterdam"))
        preview = Text("", wrap=True)
        note = Text("", "muted", wrap=True)
        sure = Button(tr("Forget it"), lambda: self._run(source, where.text()), kind="danger")
        sure.setEnabled(False)
        content = box(
            column(
                Text(str(source_text(source)), wrap=True).set_bold(), 4,
                Text(tr("Only of records that match"), "muted"), where, 8,
                SectionLabel(tr("What would go")), preview, note, STRETCH,
            )
        )  # fmt: skip

        def look() -> None:
            text = where.text()
            sure.setEnabled(False)
            preview.setText(tr("Working out what would go…"))

            def shown(found: ForgottenSource) -> None:
                if where.text() == text:
                    lines = [f"• {line}" for line in effects(found)]
                    lines += [f"• {kept.name}: {kept.reason}" for kept in found.kept]
                    preview.setText("\n".join(lines) or tr("Nothing: it says nothing of these records."))
                    sure.setEnabled(bool(found) and self.context.editable)

            self.context.query(
                lambda reader: forget_preview(reader, source, text), shown,
                lambda error: preview.setText(str(error)),
                key=("sources", "preview"), owner=content, lane="slow", now=True,
            )  # fmt: skip

        where.editingFinished.connect(look)
        where.textEdited.connect(lambda _: sure.setEnabled(False))
        undo = tr("It is one revision, and can be undone.")
        note.setText(f"{undo} {caution(source)}".strip())
        back = Button(trc("verb", "Back"), self.show)
        self.context.shell.sheet(tr("Forget a source"), content, (back, sure))
        look()

    def _run(self, source: str, where: str) -> None:
        workspace = self.context.workspace
        self.context.shell.close_sheet()
        workspace.jobs.start(
            Message("Forgetting {source}", source=source_text(source)),
            lambda control: workspace.forget(source, where, control),
            done=partial(self._done, source),
            failed=self.context.shell.problem,
        )

    def _done(self, source: str, applied: AppliedRevision) -> None:
        self.context.shell.refresh_actions()
        if applied.number:
            self.context.shell.toast(tr("Forgotten: {source}", source=source_text(source)), undo=True)
        else:
            self.context.shell.toast(
                tr("Nothing of {source} is left to forget.", source=source_text(source)), tone="warning"
            )
