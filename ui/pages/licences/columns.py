"""The columns of a table that are shown, and their widths: chosen by right click on the header, remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from ui.context import Context
from ui.plain_texts import plain_label
from ui.text_size import px
from ui.widgets.kept_widths import KeptWidths
from ui.widgets.table import TableView


class ColumnChoice:
    """Keeps a table's hidden columns and widths in the settings, by the columns' ids.

    ``widths`` has the ids of all columns, in order, with their widths (pixels) at first; ``hidden`` those that are
    hidden at first. Columns that are ``apart`` are shown and hidden by their owner.
    """

    def __init__(
        self, table: TableView, context: Context, name: str, widths: Mapping[str, int], hidden: Collection[str] = (),
        apart: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._table, self._settings, self._name = table, context.workspace.settings, name
        model, header = table.model(), table.horizontalHeader()
        self._hidden = list(hidden)
        self._titles = [
            str(model.headerData(i, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.DisplayRole)))
            for i in range(model.columnCount())
        ]
        self._ids, self._apart = list(widths), frozenset(apart)
        self._widths = KeptWidths(table, self._settings, lambda: f"{name}.column_widths", lambda: self._ids)
        kept = self._widths.kept()
        away = self._away()
        for place, (column, width) in enumerate(widths.items()):
            table.setColumnWidth(place, kept.get(column, max(px(width), header.sectionSizeHint(place))))
            table.setColumnHidden(place, column in away or column in self._apart)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._menu)

    def _away(self) -> list[str]:
        """The columns that the person has hidden."""
        return list(self._settings.get(f"{self._name}.hidden_columns", self._hidden))

    @property
    def has_own_widths(self) -> bool:
        """Whether the person gave widths to columns."""
        return bool(self._widths.kept())

    def fold(self, columns: Collection[str]) -> None:
        """Hides columns for which there is no room, and shows again those of the others that are chosen."""
        away = {*self._away(), *columns}
        for place, column in enumerate(self._ids):
            if column not in self._apart and self._table.isColumnHidden(place) != (column in away):
                self._table.setColumnHidden(place, column in away)

    def fill(self, menu: QMenu) -> None:
        """Adds one entry per column; the last one that is shown cannot be hidden."""
        chosen = [(i, title) for i, title in enumerate(self._titles) if self._ids[i] not in self._apart]
        shown = [i for i, _ in chosen if not self._table.isColumnHidden(i)]
        for place, title in chosen:
            action = menu.addAction(plain_label(title))
            action.setCheckable(True)
            action.setChecked(place in shown)
            action.setEnabled(shown != [place])
            action.toggled.connect(lambda on, place=place: self._show(place, on))

    def _show(self, place: int, on: bool) -> None:
        self._table.setColumnHidden(place, not on)
        column = self._ids[place]
        hidden = [one for one in self._away() if one != column] + ([] if on else [column])
        self._settings.set(f"{self._name}.hidden_columns", hidden)
        self._table.fit_soon()

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu)
        menu.popup(self._table.horizontalHeader().mapToGlobal(at))
