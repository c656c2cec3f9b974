"""The drift of a record: what differs since an earlier scan, section by section, counts first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QScrollArea, QWidget

from app.drift.differences import SectionDrift, line_text
from app.drift.record_drift import RecordDrift, record_drift
from app.moments import PointInTime, Resolve, fixed
from cmdb.model.characters import marked
from cmdb.model.claims import source_text
from cmdb.model.formats import listing, moment
from cmdb.model.messages import tr
from ui.records.detail.past_tab import LaterTab, lines_layout
from ui.widgets.buttons import IconButton, LinkButton
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import box, column, row, scroll_other, scrolled
from ui.widgets.page_states import EmptyState
from ui.widgets.time_control import TimePopup
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from app.drift.scan_history import RecordScan
    from cmdb.model.records import CI
    from ui.context import Context

LINES = 8
"""Lines of a section that are shown at first."""


class DriftTab(LaterTab):
    """What differs of a record since the scan before the last one, or since the one that is chosen."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Compare with"))
        self.chooser.setMaxVisibleItems(24)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.other = IconButton(context.theme, "clock", tr("Compare with another moment"), self._open, size=24)
        head = row(Text(tr("Since the"), "muted"), self.chooser, self.other)
        head.setStretch(1, 1)
        self._area: QScrollArea = scrolled(QWidget())
        content = box(column(column(head, margins=(16, 8, 12, 0)), self._area, spacing=4))
        content.setFocusProxy(self.chooser)
        super().__init__(context, page, "drift", content)
        self._since: int | None = None
        self._whole: set[str] = set()
        self.found: RecordDrift | None = None
        self.chooser.activated.connect(lambda _: self._compare_with())

    def _from_top(self) -> None:
        self._since, self.found = None, None
        self._whole.clear()
        self._area.verticalScrollBar().setValue(0)

    def _ask(self, ci: CI) -> None:
        since = self._since
        self._question(lambda reader: record_drift(reader, ci.uid, since, text_of), self._show)

    def _compare_with(self) -> None:
        self._since, self._read = self.chooser.currentData(), False
        self.wanted()

    def _open(self) -> None:
        """Asks for a day, a revision or a baseline to compare with."""

        def chosen(resolve: Resolve) -> None:
            self._context.query(fixed(resolve), self._take, key=(*self._key, "moment"), owner=self, now=True)

        TimePopup(self._context, self, chosen, tr("Compare with")).pop_up(self.other)

    def _take(self, then: PointInTime) -> None:
        self._since, self._read = then.number, False
        self.wanted()

    def _show(self, found: RecordDrift) -> None:
        self.found = found
        if found.then is None:
            self._states.empty(self._nothing(found))
            return
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for one in found.scans:
            self.chooser.addItem(marked(_title(one)), one.number)
        if found.compared is None:
            self.chooser.addItem(tr("revision {number}", number=str(found.then)), found.then)
        self.chooser.setCurrentIndex(self.chooser.findData(found.then))
        self.chooser.blockSignals(False)
        self._fill()
        self._states.content()

    def _nothing(self, found: RecordDrift) -> EmptyState:
        theme = self._context.theme
        if not found.scans:
            said = tr("Scan it, or import an inventory of it; the next one is compared with that.")
            return EmptyState(theme, "scan", tr("No scan has looked inside it"), said)
        said = tr("That was {time}. The next scan is compared with it.", time=moment(found.scans[0].observed))
        return EmptyState(theme, "scan", tr("It was scanned once"), said)

    def _fill(self) -> None:
        """Shows the sections that differ, scrolled to the same place."""
        layout = lines_layout()
        sections = self.found.sections if self.found is not None else ()
        if not sections:
            layout.addWidget(Text(tr("Nothing differs."), "muted"))
        for place, one in enumerate(sections):
            if place:
                layout.addSpacing(4)
                layout.addWidget(Hairline())
                layout.addSpacing(4)
            title = row(Text(one.title, wrap=True).set_bold(), Text(one.counts_text, "small", wrap=True))
            title.setStretch(1, 1)
            layout.addLayout(title)
            shown = one.lines if one.name in self._whole else one.lines[:LINES]
            for line in shown:
                layout.addWidget(Text(line_text(line), "muted", wrap=True))
            if len(shown) < len(one.lines):
                text = tr("Show all {count}", count=len(one.lines))
                layout.addWidget(LinkButton(text, partial(self._unfold, one)))
        layout.addStretch(1)
        place = self._area.verticalScrollBar().value()
        scroll_other(self._area, layout)
        self._area.verticalScrollBar().setValue(place)

    def _unfold(self, section: SectionDrift) -> None:
        self._whole.add(section.name)
        self._fill()


def _title(one: RecordScan) -> str:
    sources = listing(str(source_text(source)) for source in one.sources)
    return tr("{source}, {time}", source=sources, time=moment(one.observed))
