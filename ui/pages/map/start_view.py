"""The map without a question: its description, and where to begin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.map.starts import critical_services
from cmdb.model.messages import tr
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.flow_layout import FlowLayout, flow
from ui.widgets.labels import CentredText, Heading, Text
from ui.widgets.layout import STRETCH, clear, column, row
from ui.widgets.page_states import Icon
from ui.widgets.reference import ReferencePicker

if TYPE_CHECKING:
    from cmdb.model.records import CI

OFFERED = 5


class MapStartView(QWidget):
    """A search field and a few services to begin with. ``picked`` fires with a uid."""

    picked = Signal(str)

    def __init__(self, context: Context, text: str = "") -> None:
        super().__init__()
        heading = Heading(tr("Start from one item"), 2)
        words = CentredText(text or tr("The map shows what it is related to, and what breaks when it fails."), "muted")
        set_sizes(words, width=380)
        self.search = ReferencePicker(context, "ci", tr("Search by name, tag or serial number"))
        set_sizes(self.search, width=380)
        self.search.picked.connect(self.picked)
        offers = flow(spacing=6, centred=True)
        lines = offers.layout()
        assert isinstance(lines, FlowLayout)
        self._offers = lines
        self._hint = Text(tr("or from a service:"), "faint")
        for label in (heading, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.hide()
        parts = (Icon(context.theme, "map", "faint", 40), words, self.search)
        icon, *rest = (row(STRETCH, part, STRETCH) for part in parts)
        self.setLayout(column(STRETCH, icon, heading, *rest, self._hint, offers, STRETCH, spacing=10))
        self.setAccessibleName(tr("Start from one item"))
        if "service" in context.schema.classes:
            context.query(
                lambda reader: critical_services(reader, OFFERED),
                self._offer,
                key=("map services", id(self)),
                owner=self,
            )

    def _offer(self, found: list[CI]) -> None:
        clear(self._offers)
        self._hint.setVisible(bool(found))
        for one in found:
            uid = one.uid
            self._offers.addWidget(Button(one.name, partial(self.picked.emit, uid)))
