"""The overview's licence card: what is needed of what is entitled, the worst first; counted after the rest stands."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.positions import positions_of
from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.charts import Bar, ShareBars
from ui.widgets.dates import count
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.states import EmptyState, States

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions

ROWS = 10
#: What took longer to count (seconds) is not counted anew after each change.
LONG = 10.0
#: Nor are licences counted unasked over so many items.
LARGE = 200_000
#: Verdicts from the worst on, with their tones.
TONES = {
    "short": "bad",
    "ineligible": "bad",
    "unknown": "warning",
    "over-licensed": "accent",
    "compliant": "good",
    "exempt": "neutral",
}


class LicenceCard(Card):
    """Needed against entitled per position. ``counted`` gets the positions, or None where there are none."""

    def __init__(self, context: Context, counted: Callable[[Positions | None], None]) -> None:
        super().__init__("Licences: needed and entitled")
        self._context, self._counted = context, counted
        self._took, self._began = 0.0, 0.0
        self._again = Button("Count again", lambda: self.refresh(asked=True), kind="link")
        self._again.setToolTip("The register has changed since these were counted.")
        self._again.hide()
        self.header.addWidget(self._again)
        self.header.addWidget(Button("All", lambda: context.shell.go("licences"), kind="link"))
        self._chart = ShareBars(context.theme, "Licences, needed and entitled", labels=0.6)
        self._chart.clicked.connect(lambda key: context.shell.go("licences", position=key))
        self._states = States(context.theme, box(column(self._chart, STRETCH)), rows=6)
        self.add(self._states, 1)

    @property
    def blank(self) -> bool:
        """Whether nothing was counted yet."""
        return self._states.name == "loading"

    def refresh(self, items: int = 0, *, asked: bool = False) -> None:
        """Computes the positions in a worker; of a large register of ``items``, only if the person asks for it."""
        if not asked and not self.blank and self._took > LONG:
            self._again.show()
            return
        if not asked and items > LARGE:
            now = Button("Count now", lambda: self.refresh(asked=True))
            text = "Of a register of this size that takes some minutes. You can go on working meanwhile."
            self._states.empty(EmptyState(self._context.theme, "licences", "Licences are not counted yet", text, now))
            self._counted(None)
            return
        self._again.hide()
        self._began = time.monotonic()
        self._states.loading()
        today, context = self._context.moment.day, self._context
        context.query(
            lambda reader: positions_of(context.remembered, reader, today, context.workspace.jobs),
            self._show,
            self._failed,
            key="overview licences",
            owner=self,
            lane="slow",
        )

    def _show(self, positions: Positions) -> None:
        self._took = time.monotonic() - self._began
        self._counted(positions)
        if not positions.positions:
            state = EmptyState(
                self._context.theme,
                "licences",
                "No licensed software yet",
                "Import your entitlements, and scan or import what is installed.",
            )
            self._states.empty(state)
            return
        order = list(TONES)
        ranked = sorted(positions.positions, key=lambda p: (order.index(p.verdict), -p.short, -p.needed, p.title))
        titles = Counter(position.title for position in ranked)
        self._chart.show_bars(tuple(_bar(one, titles[one.title] > 1) for one in ranked[:ROWS]))
        self._states.content()

    def _failed(self, error: Exception) -> None:
        self._counted(None)
        self._states.failed(error, self.refresh)


def _bar(position: Position, with_metric: bool) -> Bar:
    """Short: the covered part of what is needed. Else: the needed part of what is owned. Unknown: an empty track."""
    needed = "?" if position.verdict == "unknown" else count(position.needed)
    entitled = "∞" if position.unlimited else count(position.entitled)
    if position.verdict == "unknown":
        part, whole = 0, 1
    elif position.verdict in ("short", "ineligible"):
        part, whole = position.covered, position.needed
    else:
        part, whole = position.needed, position.needed if position.unlimited else position.entitled
    return Bar(
        f"{position.title} · {position.metric}" if with_metric else position.title,
        float(part),
        f"{needed} / {entitled}",
        TONES[position.verdict],
        f"{position.title}, {position.metric}: {position.verdict}\n{position.arithmetic}",
        [position.product, position.edition, position.version, position.metric],
        float(whole),
    )
