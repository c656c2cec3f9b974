"""The software on a computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from ui.context import Context
from ui.widgets.dates import ago, day, plural
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn

if TYPE_CHECKING:
    from cmdb.model.records import Installation, Sighting


class SoftwareTab(QFrame):
    """A filterable list of installations, and when it was last looked at."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._all: list[Installation] = []
        self._search = SearchField(context.theme, "Filter software", lambda _: self._filter())
        columns: list[ViewColumn[Installation]] = [
            ViewColumn("Product", lambda i: i.product, sort=lambda i: i.product.casefold(), hint=lambda i: i.publisher),
            ViewColumn("Version", lambda i: i.version),
            ViewColumn(
                "From",
                lambda i: i.origin or "—",
                hint=lambda i: f"installed {day(i.installed_on)}" if i.installed_on else "",
            ),
        ]
        self._model = RowsModel(context.theme, columns)
        self._table = TableView(context.theme, "Software", compact=True)
        self._table.setModel(self._model)
        self._table.setSortingEnabled(True)
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        self._table.setColumnWidth(0, 160)
        self._table.setColumnWidth(1, 110)
        self._note = Text("", "muted", wrap=True)
        self.setLayout(column(4, column(self._search, self._note, margins=(16, 8, 16, 0)), self._table, spacing=4))

    def show_software(self, installed: list[Installation], sightings: list[Sighting]) -> None:
        """Shows a computer's software."""
        self._all = installed
        seen = next((s for s in sightings if s.section == "software"), None)
        if seen is not None:
            self._note.setText(f"{plural(len(installed), 'installation')}, looked at {ago(seen.observed)}")
        elif installed:
            self._note.setText(f"{plural(len(installed), 'installation')}; the computer itself was never inventoried")
        else:
            self._note.setText(
                "Never inventoried: what runs on it is unknown. Scan it, or import a list of its software."
            )
        self._filter()

    def _filter(self) -> None:
        words = self._search.text().casefold().split()
        self._model.show_rows(
            [i for i in self._all if all(w in f"{i.product} {i.publisher} {i.version}".casefold() for w in words)]
        )
        self._table.setVisible(bool(self._all))
        self._search.setVisible(len(self._all) > 10)
