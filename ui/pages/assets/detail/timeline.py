"""An item's history: who changed what, when, from which source."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cmdb.revision import Edit
from ui.context import Context
from ui.pages.assets.cells import Names, source_text, text_of
from ui.widgets.buttons import LinkButton
from ui.widgets.dates import ago, plural
from ui.widgets.labels import Line, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled

if TYPE_CHECKING:
    from cmdb.store import Version

LINES = 12
"""Lines of one revision before they are counted instead."""


class Timeline(QFrame):
    """Revisions of one CI, the newest first."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._area: QScrollArea = scrolled(QWidget())
        self.setLayout(column(self._area, spacing=0))

    def show_versions(self, versions: list[Version], names: Names, cls: str) -> None:
        """Shows the history."""
        layout = QVBoxLayout()
        layout.setSpacing(3)
        layout.setContentsMargins(16, 8, 12, 12)
        for version in versions[:200]:
            number = version.number
            opened = LinkButton(f"#{number}", partial(self._context.shell.go, "history", revision=number))
            opened.setToolTip("Open this revision in History")
            title = version.reason or source_text(version.source)
            layout.addLayout(row(Text(title, wrap=True).set_bold(), STRETCH, opened))
            layout.addWidget(Text(f"{ago(version.time)} · {version.author} · {source_text(version.source)}", "small"))
            for line in self._lines(version.edits, names, cls):
                layout.addWidget(Text(line, "muted", wrap=True))
            layout.addSpacing(4)
            layout.addWidget(Line())
            layout.addSpacing(4)
        layout.addStretch(1)
        old = self._area.takeWidget()
        content = box(layout)
        self._area.setWidget(content)
        content.setAutoFillBackground(False)
        if old is not None:
            old.deleteLater()

    def _lines(self, edits: list[Edit], names: Names, cls: str) -> list[str]:
        lines: list[str] = []
        counted: Counter[str] = Counter()
        for edit in edits:
            line = self._line(edit, names, cls)
            if line and len(lines) < LINES:
                lines.append(line)
            elif line:
                counted["more changes"] += 1
            elif edit.record.kind == "installation":
                counted["installed" if edit.before is None else "removed" if edit.after is None else "updated"] += 1
        lines += [
            f"{plural(n, 'program')} {what}" if what != "more changes" else f"and {n} more"
            for what, n in counted.items()
        ]
        return lines

    def _line(self, edit: Edit, names: Names, cls: str) -> str:
        schema = self._context.schema
        if edit.record.kind == "ci":
            if not edit.field:
                return "Created" if edit.before is None else "Deleted"
            if edit.field == "class":
                return f"Class: {schema.cls(edit.before).label} → {schema.cls(edit.after).label}"
            attribute = schema.all_attributes().get(edit.field)
            if attribute is None:
                return ""
            before, after = (text_of(attribute, v, names) or "—" for v in (edit.before, edit.after))
            return f"{attribute.label}: {before} → {after}"
        if edit.record.kind == "relationship" and not edit.field:
            kind, source, target = edit.record.key
            label = schema.relationships[kind].label if kind in schema.relationships else kind
            ends = [names.get(end, ("", "something deleted"))[1] for end in (source, target)]
            return f"{'Linked' if edit.before is None else 'Unlinked'}: {ends[0]} {label} {ends[1]}"
        if edit.record.kind == "assignment" and not edit.field:
            ends = [names.get(end, ("", "something deleted"))[1] for end in edit.record.key]
            return f"{'Assigned' if edit.before is None else 'Unassigned'}: {ends[0]} → {ends[1]}"
        return ""
