"""The widths that a person gave to a table's columns: kept in the settings until they are given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from app.settings import Settings

_PAUSE = 400


class KeptWidths(QObject):
    """Keeps the widths (pixels) to which columns are dragged, by the columns' ids.

    ``key`` says where in the settings they are, ``columns`` which columns the table has, in their order: both may
    change. ``older`` has the widths that an earlier version kept elsewhere. The last column always takes the rest of
    the width, so its own is not kept; of a column that is hidden, the earlier one stays.
    """

    def __init__(
        self,
        table: QTableView,
        settings: Settings,
        key: Callable[[], str],
        columns: Callable[[], Sequence[str]],
        older: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        super().__init__(table)
        self._table, self._settings, self._key, self._columns, self._older = table, settings, key, columns, older
        self._fitting = False
        self._dragged = ""
        """The key of the columns of which one was dragged."""
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self._remember)
        table.horizontalHeader().sectionResized.connect(lambda section, *_: self._resized(section))

    def kept(self) -> dict[str, int]:
        """The kept widths; empty where nobody gave any."""
        found: Mapping[str, int] = self._settings.get(self._key(), {}) or self._older()
        return {name: int(width) for name, width in found.items()}

    def forget(self) -> None:
        """Gives the widths up."""
        self._later.stop()
        self._settings.set(self._key(), None)

    @contextmanager
    def fitting(self) -> Iterator[None]:
        """Widths that are set meanwhile are the program's: a splitter is dragged with the same button as a column."""
        before, self._fitting = self._fitting, True
        try:
            yield
        finally:
            self._fitting = before

    def _resized(self, section: int) -> None:
        last = self._table.horizontalHeader().count() - 1
        if not self._fitting and section != last and QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
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
