"""The overview's licence card: needed and entitled, the worst positions first; counted after the rest is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.overview.licences import LicenceShare, worst_licences
from app.positions import positions_of
from cmdb.licences.labels import METRICS, VERDICTS, label
from cmdb.model.formats import number
from cmdb.model.messages import tr
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.charts import Bar, ShareBars
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.page_states import EmptyState, PageStates

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Positions

ROWS = 10
#: If counting took longer (seconds), it is not repeated after each change.
LONG = 10.0
#: With more items than this, licences are counted only when the person asks for it.
LARGE = 200_000


class LicenceCard(Card):
    """Needed against entitled per position. ``counted`` gets the positions, or None where there are none."""

    def __init__(self, context: Context, counted: Callable[[Positions | None], None]) -> None:
        super().__init__(tr("Licences: needed and entitled"))
        self._context, self._counted = context, counted
        self._took, self._began = 0.0, 0.0
        self._again = Button(tr("Count again"), lambda: self.refresh(asked=True), kind="link")
        self._again.setToolTip(plain_tip(tr("The register has changed since these were counted.")))
        self._again.hide()
        self.header.addWidget(self._again)
        self.header.addWidget(Button(tr("All"), lambda: context.shell.go("licences"), kind="link"))
        self._chart = ShareBars(context.theme, tr("Licences, needed and entitled"), labels=0.6)
        self._chart.clicked.connect(lambda key: context.shell.go("licences", position=key))
        self._states = PageStates(context.theme, box(column(self._chart, STRETCH)), rows=6)
        self.add(self._states, 1)

    @property
    def blank(self) -> bool:
        """Whether nothing was counted yet."""
        return self._states.name == "loading"

    def forget(self) -> None:
        """What was counted is of another moment: it goes."""
        self._took = 0.0
        self._again.hide()
        self._states.restart()

    def refresh(self, items: int = 0, *, asked: bool = False) -> None:
        """Computes the positions in a worker; of a large register of ``items``, only if the person asks for it."""
        if not asked and not self.blank and self._took > LONG:
            self._again.show()
            return
        if not asked and items > LARGE:
            now = Button(tr("Count now"), lambda: self.refresh(asked=True))
            text = tr("This takes some minutes for a register of this size. You can continue to work.")
            self._states.empty(
                EmptyState(self._context.theme, "licences", tr("Licences are not counted yet"), text, now)
            )
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
        shares = worst_licences(positions, ROWS)
        if not shares:
            state = EmptyState(
                self._context.theme,
                "licences",
                tr("No software that needs a licence") if positions.positions else tr("No licensed software yet"),
                tr("Import your entitlements, and scan or import what is installed."),
            )
            self._states.empty(state)
            return
        self._chart.show_bars(tuple(licence_bar(one) for one in shares))
        self._states.content()

    def _failed(self, error: Exception) -> None:
        self._counted(None)
        self._states.failed(error, self.refresh)


def licence_bar(share: LicenceShare) -> Bar:
    """The bar of a position: what is needed and entitled, its verdict as tone and in words."""
    needed = "?" if share.needed is None else number(share.needed)
    entitled = "∞" if share.entitled is None else number(share.entitled)
    hint = tr(
        "{title}, {metric}: {verdict}",
        title=share.title,
        metric=label(METRICS, share.metric),
        verdict=label(VERDICTS, share.verdict),
    )
    return Bar(
        share.label,
        share.part,
        f"{needed} / {entitled}",
        share.tone,
        f"{hint}\n{share.arithmetic}",
        list(share.key),
        share.whole,
        label(VERDICTS, share.verdict),
    )
