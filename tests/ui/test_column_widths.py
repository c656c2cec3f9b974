"""Columns of tables: no narrower than their header and most of their values, and the name in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyledItemDelegate

from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.theme import Mode, Theme
from ui.widgets.column_widths import PILL, ColumnRoom, ColumnTexts, measured_room, shared_room
from ui.widgets.frozen_column import FrozenTable
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

Settle = Callable[..., None]


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), max_size=20), st.integers(0, 3000))
def test_columns_are_between_their_floor_and_what_they_need(pairs: list[tuple[int, int]], room: int) -> None:
    columns = [ColumnRoom(floor, floor + more) for floor, more in pairs]
    widths = shared_room(columns, room)
    assert all(one.floor <= width <= one.natural for one, width in zip(columns, widths, strict=True))
    if sum(one.floor for one in columns) <= room:
        assert sum(widths) <= room, "what fits is not scrolled"
    if sum(one.natural for one in columns) <= room:
        assert widths == [one.natural for one in columns], "what fits is left as it is"
    assert shared_room(columns, room + 50) >= widths
    with_last = shared_room(columns, room, 0)
    if columns and sum(with_last) > sum(one.floor for one in columns) and with_last[0] < columns[0].natural:
        assert all(width == one.floor for one, width in list(zip(columns, with_last, strict=True))[1:]) or (
            columns[0].natural + sum(one.floor for one in columns[1:]) > room
        ), "the last one shrinks only where the others' floors do not do"


@pytest.mark.parametrize("size", [13, 20])
def test_widths_come_from_the_font(app: QApplication, size: int) -> None:
    font = QFont(app.font())
    font.setPixelSize(size)
    names = [*(f"LT-{n}" for n in range(12)), "a name that is much longer than those of all other laptops"]
    name, status, empty = measured_room(
        font, [ColumnTexts("Name", names, is_name=True), ColumnTexts("Status", ["Lost", "In repair"], whole=True),
               ColumnTexts("Depreciation method")],
    )  # fmt: skip
    figure = size * 0.4
    assert name.floor < name.natural, "one long name does not set the floor"
    assert status.floor == status.natural, "a status is never cut"
    assert empty.floor == empty.natural >= len("Depreciation method") * figure, "a header without values is whole"


def test_numbers_are_measured_with_their_figures_of_one_width(app: QApplication, theme: Theme) -> None:
    amounts = ["111,111.11 EUR"]
    model = RowsModel(theme, [ViewColumn("Name", str), ViewColumn("Cost", str, right=True)])
    model.show_rows(amounts)
    table = TableView(theme, "Rows")
    table.setModel(model)
    table.fit_to_rows(0, (1,))
    table.resize(600, 200)
    table.show()
    app.processEvents()
    drawn = QFontMetrics(theme.font(tabular=True)).horizontalAdvance(amounts[0])
    assert drawn > QFontMetrics(theme.font()).horizontalAdvance(amounts[0]) + 4
    assert table.columnWidth(1) >= drawn + 22
    table.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_selected_cell_keeps_the_colour_of_its_tone(app: QApplication, theme: Theme, mode: Mode) -> None:
    theme.set_mode(mode)
    model = RowsModel(theme, [ViewColumn("Name", str), ViewColumn("Short", str, tone=lambda _: "bad")])
    model.show_rows(["MMMM"])
    table = TableView(theme, "Rows")
    table.setModel(model)
    table.resize(400, 120)
    table.show()
    table.selectRow(0)
    app.processEvents()
    for column, token in ((0, "text"), (1, "bad")):
        drawn = table.viewport().grab(table.visualRect(model.index(0, column))).toImage()
        colours = {drawn.pixelColor(x, y).rgb() for x in range(drawn.width()) for y in range(drawn.height())}
        assert theme.color(token).rgb() in colours
        assert theme.color("accent_ground").rgb() in colours, "and the row is seen to be selected"
    table.close()


def test_the_frozen_column_stays_and_answers_as_the_table_does(app: QApplication, theme: Theme) -> None:
    table = FrozenTable(theme, "Rows")
    model = RowsModel(theme, [ViewColumn(title, str) for title in ("Name", "Serial", "Price", "Place")])
    table.setModel(model)
    model.show_rows([1, 2, 3])
    header = table.horizontalHeader()
    header.setSortIndicatorShown(True)
    for place in range(4):
        table.setColumnWidth(place, 150)
    clicked: list[int] = []
    opened: list[int] = []
    header.sectionClicked.connect(clicked.append)
    table.opened.connect(opened.append)
    frozen = table.freeze(QStyledItemDelegate(table))
    table.resize(320, 200)
    table.show()
    app.processEvents()
    assert not frozen.isVisible(), "nothing is scrolled yet"
    table.horizontalScrollBar().setValue(200)
    app.processEvents()
    assert frozen.isVisible()
    assert frozen.width() <= 160, "it never covers more than half"
    QTest.mouseClick(frozen.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert clicked == [0]
    QTest.mouseDClick(frozen.viewport(), Qt.MouseButton.LeftButton, pos=frozen.visualRect(model.index(1, 0)).center())
    assert table.currentIndex().row() == 1
    assert table.horizontalScrollBar().value() == 200, "a click on a name does not scroll"
    table.setCurrentIndex(model.index(1, 1))
    app.processEvents()
    assert table.columnViewportPosition(1) >= frozen.room, "the current cell is not covered"
    table.close()


def test_given_widths_follow_the_size_of_the_text(app: QApplication, theme: Theme) -> None:
    table = TableView(theme, "Rows", compact=True)
    table.setModel(RowsModel(theme, [ViewColumn("Name", str), ViewColumn("Serial", str)]))
    before, font = app.font(), QFont(app.font())
    font.setPixelSize(26)
    app.setFont(font)
    set_widths(table, (0, 100))
    app.setFont(before)
    assert table.columnWidth(1) == 200
    table.deleteLater()


def test_columns_fit_their_rows_and_the_name_has_what_is_left(theme: Theme, settle: Settle) -> None:
    table = TableView(theme, "Rows")
    model = RowsModel(theme, [ViewColumn("Number", str, right=True), ViewColumn("What", lambda n: "word " * n)])
    table.setModel(model)
    table.fit_to_rows(1, whole=(0,))
    table.resize(600, 200)
    table.show()
    model.show_rows([3, 4])
    settle(lambda: table.columnWidth(0) + table.columnWidth(1) == table.viewport().width())
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    narrow = table.columnWidth(0)
    assert narrow < 150 < table.columnWidth(1)
    table.resize(320, 200)
    settle(lambda: table.columnWidth(1) == table.viewport().width() - narrow)
    assert table.columnWidth(0) == narrow
    table.close()


def test_room_that_is_left_is_shared_so_that_no_gap_parts_a_short_name_from_its_values(
    theme: Theme, settle: Settle
) -> None:
    table = TableView(theme, "Rows")
    model = RowsModel(theme, [ViewColumn(title, str) for title in ("Change", "Item", "Then", "Now")])
    table.setModel(model)
    table.fit_to_rows(1, whole=(0,))
    table.resize(900, 200)
    table.show()
    model.show_rows([1, 2])
    settle(lambda: sum(table.columnWidth(n) for n in range(4)) == table.viewport().width())
    change, item, then, now = (table.columnWidth(n) for n in range(4))
    assert max(item, then, now) - min(item, then, now) < 20
    assert change < then / 2
    table.close()


def test_given_widths_are_the_least_and_rows_have_the_room_that_is_there(theme: Theme, settle: Settle) -> None:
    table = TableView(theme, "Rows")
    long = "Reference to Manufacturer"
    columns = [
        ViewColumn("Name", str),
        ViewColumn("Type", lambda n: long),
        ViewColumn("Bold", lambda n: long, bold=True),
    ]
    model = RowsModel(theme, columns)
    table.setModel(model)
    set_widths(table, (0, 90, 90))
    assert [table.columnWidth(n) for n in (1, 2)] == [90, 90], "nothing stands in them yet"
    table.resize(800, 200)
    table.show()
    model.show_rows([1, 2])
    settle(lambda: table.columnWidth(1) > 90)
    need = table.fontMetrics().horizontalAdvance(long)
    assert table.columnWidth(1) > need + 16
    assert table.columnWidth(2) > table.columnWidth(1), "semibold is wider"
    assert sum(table.columnWidth(n) for n in range(3)) == table.viewport().width()
    table.resize(330, 200)
    settle(lambda: table.columnWidth(1) < need)
    assert sum(table.columnWidth(n) for n in range(3)) <= table.viewport().width(), "they give way before it scrolls"
    table.close()


def test_no_column_of_items_is_below_its_floor(context: Context, settle: Settle, app: QApplication) -> None:
    page = AssetsPage(context)
    page.opened(cls="laptop")
    page.show()
    listing = page.listing
    for width, height in ((1024, 700), (1366, 768), (2560, 1440)):
        page.resize(width, height)
        settle()
        listing.columns.room_changed()
        rooms = listing.columns._rooms()
        widths = [listing.table.columnWidth(place) for place in range(len(rooms))]
        assert all(given >= one.floor for given, one in zip(widths, rooms, strict=True)), width
        bar = listing.table.horizontalScrollBar()
        assert (bar.maximum() > 0) == (sum(one.floor for one in rooms) > listing.table.viewport().width())
    status = next(n for n, one in enumerate(listing.model.columns) if one.name == "status")
    words = [str(choice.label) for choice in listing.model.columns[status].choices]
    longest = max(listing.table.fontMetrics().horizontalAdvance(word) for word in words)
    assert listing.table.columnWidth(status) >= longest + PILL, "also of a status that no row of the first ones has"
    before = listing.table.columnWidth(0)
    page.theme.set_text_size(20)
    settle()
    assert listing.table.columnWidth(0) > before, "another size of text"
    page.theme.set_text_size(13)
    settle()
    page.close()
