"""The page that is shown while an estate is opened: an outline, with the first rows once they are known."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.fact_rules import STALE_DAYS
from cmdb.model.first_look import FirstItem, FirstLook
from cmdb.model.formats import number
from cmdb.model.messages import tr, trn
from cmdb.model.schema import CIClass, Schema
from cmdb.model.values import show
from ui.pages.overview.rows import FittingRows, change_line
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.card import Card, Tile
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import box, clear, column, row
from ui.widgets.page_states import Skeleton
from ui.widgets.pill import tone_of
from ui.widgets.table import RowsModel, TableView, ViewColumn


class LoadingPage(QWidget):
    """The outline of the overview, of the assets, or of any other page; ``text`` says what is being done."""

    def __init__(self, theme: Theme, page: str = "overview", name: str = "", text: str = "") -> None:
        super().__init__()
        self._theme = theme
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._recent: FittingRows | None = None
        self._tile: Tile | None = None
        self._table: Card | None = None
        self._progress = ProgressStrip()
        layout.addWidget(self._progress)
        layout.addWidget(self._assets() if page == "assets" and not text else self._overview(text or name))
        self.setAccessibleName(tr("Opening"))

    def _overview(self, title: str) -> QWidget:
        tiles = []
        for words in (
            tr("Items"),
            trn("Scanned in {count} day", "Scanned in {count} days", STALE_DAYS),
            tr("Licence positions"),
            tr("Needs attention"),
        ):
            tile = Tile(words)
            tile.setEnabled(False)
            tiles.append(tile)
        self._tile = tiles[0]
        middle = [
            self._card(words, 10)
            for words in (tr("Ending in 12 months"), tr("Inventory"), tr("Licences: needed and entitled"))
        ]
        self._recent = FittingRows()
        recent = Card(tr("Recent changes"))
        recent.add(self._recent, 1)
        bottom = [self._card(tr("Needs attention"), 6), recent]
        inner = QWidget()
        whole = column(Heading(title), row(*tiles, spacing=12), spacing=12, margins=(20, 14, 16, 16))
        for cards, shares, share in ((middle, (4, 3, 4), 5), (bottom, (1, 1), 4)):
            line = row(spacing=12)
            for card, width in zip(cards, shares, strict=True):
                line.addWidget(card, width)
            whole.addLayout(line, share)
        inner.setLayout(whole)
        return inner

    def _assets(self) -> QWidget:
        tree, detail = self._card("", 14, 27), self._card("", 10, 22)
        self._table = Card(margins=(1, 10, 1, 0))
        self._table.add(box(column(Skeleton(self._theme, 20), margins=(16, 0, 16, 0))), 1)
        set_sizes(tree, width=214)
        set_sizes(detail, width=346)
        inner = QWidget()
        layout = row(tree, spacing=12, margins=(16, 14, 16, 16))
        layout.addWidget(self._table, 1)
        layout.addWidget(detail)
        inner.setLayout(layout)
        return inner

    def _card(self, title: str, rows: int, height: int = 34) -> Card:
        card = Card(title)
        card.add(Skeleton(self._theme, rows, height), 1)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return card

    def show_progress(self, text: str, done: int, total: int, stop: Callable[[], None]) -> None:
        """Says how far an estate of an older format is brought up to date; ``stop`` is for its button."""
        self._progress.show_progress(text, done, total, stop)

    def show_first_look(self, found: FirstLook, schema: Schema) -> None:
        """Puts the first rows into the outline."""
        if self._tile is not None:
            self._tile.show_figure(number(found.count))
        if self._recent is not None:
            self._recent.fill([change_line(happening, lambda: None, False) for happening in found.recent])
        if self._table is not None and found.items:
            clear(self._table.body)
            heading = Heading(_title(found, schema))
            set_sizes(heading, height=32)
            self._table.add(row(heading, margins=(16, 0, 16, 42)))
            self._table.add(first_table(self._theme, found, schema), 1)
            self._table = None


class ProgressStrip(QFrame):
    """What is being done, how far it is, and a button that stops it. Hidden until there is something to say."""

    def __init__(self) -> None:
        super().__init__()
        self._text = Text()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._stop = Button(tr("Stop"), self._clicked, hint=tr("Stops the work; the estate stays as it was"))
        self._stops: Callable[[], None] = lambda: None
        layout = row(spacing=12, margins=(20, 12, 16, 0))
        layout.addLayout(column(self._text, self._bar, spacing=4), 1)
        layout.addWidget(self._stop)
        self.setLayout(layout)
        self.hide()

    def show_progress(self, text: str, done: int, total: int, stop: Callable[[], None]) -> None:
        """Shows a step: ``done`` of ``total`` (0: unknown)."""
        self._stops = stop
        self._text.setText(text)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self.show()

    def _clicked(self) -> None:
        self._stop.setEnabled(False)
        self._stops()


def _title(found: FirstLook, schema: Schema) -> str:
    return tr("All items") if found.cls == "ci" else _class(schema, found.cls).plural


def _class(schema: Schema, name: str) -> CIClass:
    """The class, or ``ci`` for a class of the estate's own, which only the store knows."""
    return schema.classes.get(name, schema.classes["ci"])


def first_table(theme: Theme, found: FirstLook, schema: Schema) -> TableView:
    """A table of the first items."""

    def tone(item: FirstItem) -> str:
        return tone_of(_class(schema, item.cls).attributes.get("status"), item.status)

    def status(item: FirstItem) -> str:
        known = _class(schema, item.cls).attributes.get("status")
        return show(known, item.status) if known is not None else item.status

    model: RowsModel[FirstItem] = RowsModel(
        theme,
        [
            ViewColumn(tr("Name"), lambda item: item.name, icon=lambda item: _class(schema, item.cls).icon),
            ViewColumn(tr("Class"), lambda item: _class(schema, item.cls).label),
            ViewColumn(tr("Status"), status, tone=tone),
            ViewColumn(tr("Notes"), lambda item: item.notes),
        ],
    )
    model.show_rows(found.items)
    table = TableView(theme, tr("First items"))
    table.setModel(model)
    table.pills(2)
    for place, width in enumerate((170, 120, 104)):
        table.setColumnWidth(place, width)
    model.setParent(table)
    return table
