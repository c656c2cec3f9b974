"""The widths that a person gave to a table's columns: kept in the settings until they are given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer

from app.settings import Settings
from ui.widgets.table import TableView

_PAUSE = 400


class KeptWidths(QObject):
    """Keeps the widths (pixels) to which columns are dragged, by the columns' ids.

    ``key`` says where in the settings they are, ``columns`` which columns the table has, in their order: both may
    change. ``older`` has the widths that an earlier version kept elsewhere. The last column always takes the rest of
    the width, so its own is not kept; of a column that is hidden, the earlier one stays.
    """

    def __init__(
        self,
        table: TableView,
        settings: Settings,
        key: Callable[[], str],
        columns: Callable[[], Sequence[str]],
        older: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        super().__init__(table)
        self._table, self._settings, self._key, self._columns, self._older = table, settings, key, columns, older
        self._dragged = ""
        """The key of the columns of which one was dragged."""
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self._remember)
        table.dragged.connect(self._resized)

    def kept(self) -> dict[str, int]:
        """The kept widths; empty where nobody gave any."""
        found: Mapping[str, int] = self._settings.get(self._key(), {}) or self._older()
        return {name: int(width) for name, width in found.items()}

    def forget(self) -> None:
        """Gives the widths up."""
        self._later.stop()
        self._settings.set(self._key(), None)

    def _resized(self, section: int) -> None:
        if section != self._table.horizontalHeader().count() - 1:
            self._dragged = self._key()
            self._later.start()

    def _remember(self) -> None:
        if self._dragged != self._key():
            return  # the table shows something else by now
        shown = {
            name: self._table.columnWidth(place)
            for place, name in enumerate(self._columns()[:-1])
            if not self._table.isColumnHidden(place)
        }
        self._settings.set(self._dragged, {**self.kept(), **shown})
