"""What a CI hangs together with, grouped by how."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cmdb import edits
from ui.context import Context
from ui.widgets.buttons import Button, IconButton, LinkButton
from ui.widgets.dates import count
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.states import Icon

if TYPE_CHECKING:
    from cmdb.store import Related

_NOTHING = (
    "Nothing is linked to it yet. Links say what it runs on, what it needs and who uses it; "
    "the map and impact follow them."
)
SHOWN = 25
"""How many of one kind are listed before "Show all"."""


class Relations(QFrame):
    """Lists relationships; a click opens the other end, the cross takes the link away."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._uid = ""
        self._related: list[Related] = []
        self._open: set[str] = set()
        self._area: QScrollArea = scrolled(QWidget())
        self.setLayout(column(self._area, spacing=0))

    def show_related(self, uid: str, related: list[Related]) -> None:
        """Shows the relationships of a CI."""
        if uid != self._uid:
            self._open.clear()
        self._uid, self._related = uid, related
        layout = QVBoxLayout()
        layout.setSpacing(1)
        layout.setContentsMargins(16, 0, 12, 12)
        for label, several in groupby(related, key=lambda r: r.label):
            self._group(layout, label, list(several))
        if not related:
            layout.addSpacing(16)
            layout.addWidget(Text(_NOTHING, "muted", wrap=True))
            layout.addSpacing(8)
            layout.addWidget(Button("Show on the map", lambda: self.context.shell.open_on_map(self._uid)))
        layout.addStretch(1)
        old = self._area.takeWidget()
        content = box(layout)
        self._area.setWidget(content)
        content.setAutoFillBackground(False)
        if old is not None:
            old.deleteLater()

    def _group(self, layout: QVBoxLayout, label: str, several: list[Related]) -> None:
        layout.addSpacing(10)
        title = label if len(several) == 1 else f"{label} · {count(len(several))}"
        layout.addWidget(SectionLabel(title))
        layout.addSpacing(2)
        shown = several if label in self._open else several[:SHOWN]
        for one in shown:
            layout.addWidget(self._line(one))
        if len(shown) < len(several):
            layout.addWidget(LinkButton(f"Show all {count(len(several))}", lambda: self._unfold(label)))

    def _unfold(self, label: str) -> None:
        self._open.add(label)
        self.show_related(self._uid, self._related)

    def _line(self, one: Related) -> QWidget:
        cls = self.context.schema.cls(one.cls)
        name = LinkButton(one.name, lambda: self.context.shell.open_ci(one.uid), hint=f"Open {one.name}")
        note = Text(f"{one.group} (needs {one.needs})" if one.group else cls.label, "small")
        items: list[QWidget | None] = [Icon(self.context.theme, cls.icon, size=16), name, note, STRETCH]
        if self.context.editable:
            cut = IconButton(
                self.context.theme, "close", f"Take the link to {one.name} away", lambda: self._unlink(one), size=20
            )
            items.append(cut)
        return box(row(*items, spacing=6))

    def _unlink(self, one: Related) -> None:
        source, target = (one.uid, self._uid) if one.inverse else (self._uid, one.uid)
        author = self.context.author
        if one.type:
            self.context.edit(
                lambda r: edits.unlink(r, source, one.type, target, author), f"Link to {one.name} taken away"
            )
        else:
            self.context.edit(
                lambda r: edits.set_values(r, [source], {one.attribute: None}, author), f"Link to {one.name} taken away"
            )
