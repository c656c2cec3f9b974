"""Tabs of one record that are read when they are shown; one about what was before scrolls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.widgets.layout import column, scroll_other, scrolled
from ui.widgets.page_states import PageStates

if TYPE_CHECKING:
    from app.question import Ask
    from cmdb.model.records import CI
    from ui.context import Context

T = TypeVar("T")


class LaterTab(QFrame):
    """Reads once, when it is wanted, what it shows of a record in ``content``. Subclasses ask in ``_ask``.

    ``kind`` is what it reads, for a page's questions.
    """

    def __init__(self, context: Context, page: str, kind: str, content: QWidget) -> None:
        super().__init__()
        self._context, self._key = context, (page, kind)
        self._ci: CI | None = None
        self._read = False
        self._states = PageStates(context.theme, content)
        self.setLayout(column(self._states, spacing=0))

    def show_of(self, ci: CI, *, now: bool) -> None:
        """Shows a record: at once, or when it is ``wanted``; another record's from its top on."""
        if self._ci is None or self._ci.uid != ci.uid:
            self._from_top()
        self._ci, self._read = ci, False
        if now:
            self.wanted()

    def _from_top(self) -> None:
        """Another record is shown next."""

    def wanted(self) -> None:
        """The tab is shown: it is read, if it was not read yet."""
        if self._ci is None or self._read:
            return
        self._read = True
        self._states.loading()
        self._ask(self._ci)

    def _ask(self, ci: CI) -> None:
        """Asks for what is shown, with ``_question``."""
        raise NotImplementedError

    def _question(self, ask: Ask[T], show: Callable[[T], None]) -> None:
        """Asks; a failure is shown in the tab, with a button to try again."""

        def failed(error: Exception) -> None:
            self._read = False
            self._states.failed(error, self.wanted)

        self._context.query(ask, show, failed, key=self._key, owner=self)


class PastTab(LaterTab):
    """A tab of lines that scroll: subclasses show them with ``_fill``."""

    def __init__(self, context: Context, page: str, kind: str) -> None:
        self._area: QScrollArea = scrolled(QWidget())
        super().__init__(context, page, kind, self._area)

    def _from_top(self) -> None:
        self._area.verticalScrollBar().setValue(0)

    def _fill(self, layout: QVBoxLayout) -> None:
        """Shows other lines, scrolled to the same place."""
        layout.addStretch(1)
        place = self._area.verticalScrollBar().value()
        scroll_other(self._area, layout)
        self._area.verticalScrollBar().setValue(place)
        self._states.content()


def lines_layout() -> QVBoxLayout:
    """An empty layout for lines below each other."""
    layout = QVBoxLayout()
    layout.setSpacing(3)
    layout.setContentsMargins(16, 8, 12, 12)
    return layout
