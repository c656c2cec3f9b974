"""What a screen reader is told: the roles of the window's own widgets, and that silence is found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QToolButton,
    QWidget,
)

from tests.ui.accessible_tree import nameless
from ui.context import Context
from ui.page import Page
from ui.theme import Theme
from ui.widgets.charts import Bar, Bars
from ui.widgets.layout import column, row, scrolled
from ui.widgets.search import SearchField
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn

Text = QAccessible.Text


def test_silence_is_found(app: QApplication) -> None:
    host = QWidget()
    area, split = QScrollArea(), QSplitter()
    area.setWidget(QWidget())
    split.addWidget(QWidget())
    host.setLayout(column(QPushButton("\u00a0"), QLineEdit(), QToolButton(), area, split))
    host.show()
    said = {one.rpartition(" / ")[2] for one in nameless(host)}
    assert said == {
        "QPushButton: a Button without a name", "QLineEdit: a EditableText without a name",
        "QScrollArea: takes the focus and has no name",
        "QToolButton: a Button without a name", "QScrollBar: a ScrollBar without a name",
        "QSplitter: a Splitter without a name", "QSplitterHandle: a Grip without a name",
    }  # fmt: skip


def test_a_widget_that_takes_keys_has_a_role(app: QApplication) -> None:
    host = QWidget()
    chart = QWidget(host)
    chart.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    chart.setAccessibleName("Ages")
    assert nameless(host) == {"QWidget: takes the focus and has no role (Client)"}
    host.deleteLater()


def test_tab_goes_through_a_page_as_it_is_read(context: Context) -> None:
    """Also where its upper part is filled last."""
    page, upper, filling = Page(context), QWidget(), column()
    lower = [QPushButton("list"), QPushButton("detail")]
    upper.setLayout(filling)
    page.setLayout(column(upper, row(*lower)))
    filled = [QPushButton("back"), QPushButton("fail")]
    for one in filled:
        filling.addWidget(one)
    host = QWidget()
    host.setLayout(column(page))
    host.show()
    filled[0].setFocus()
    seen = []
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        seen.append(host.focusWidget())
        QTest.keyClick(host.focusWidget(), key)
    assert [*seen, host.focusWidget()] == [*filled, *lower, lower[0]]


def test_the_window_s_own_widgets_speak(theme: Theme) -> None:
    chart = Bars(theme, "Warranties ending")
    chart.show_bars((Bar("May", 4),))
    search = SearchField(theme, "Find")
    split = Splitter("Reports and the chosen one")
    split.addWidget(scrolled(QWidget()))
    split.addWidget(TableView(theme, "Items"))
    for one in (chart, search, split):
        assert nameless(one) == set()
    known = QAccessible.queryAccessibleInterface(chart)
    assert known.role() == QAccessible.Role.Chart
    assert (known.text(Text.Name), known.text(Text.Description)) == ("Warranties ending", "May: 4")


def test_cells_say_their_words_and_what_their_colour_means(theme: Theme) -> None:
    model: RowsModel[str] = RowsModel(
        theme,
        (ViewColumn("Warranty", str, tone=lambda _: "bad"), ViewColumn("", lambda _: "", hint=lambda _: "Locked")),
    )
    model.show_rows(["ended"])
    table = TableView(theme, "Items")
    table.setModel(model)
    cells = [[model.index(0, column).data(role) for column in (0, 1)] for role in (
        Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole)]  # fmt: skip
    assert cells == [["ended", "Locked"], ["needs action", "Locked"]]
    silent = QStandardItemModel(1, 1)
    silent.setItem(0, 0, QStandardItem(theme.icon("lock"), ""))
    other = QTableView()
    other.setAccessibleName("Silent")
    other.setModel(silent)
    assert any("says nothing" in one for one in nameless(other))
