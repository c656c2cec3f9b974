"""The building blocks: fields take and give canonical values, states switch, charts and tables answer keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStyleOptionHeader, QWidget
from pytestqt.qtbot import QtBot

from cmdb.model.errors import UserError
from cmdb.model.language import Language
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute, Choice, Schema
from tests.pseudo_locale import spoken
from ui.context import Context
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.charts import Bar, Bars, Chart, ShareBars, StackedShare
from ui.widgets.dialog import Dialog, confirm
from ui.widgets.fields import Field, TextField
from ui.widgets.form import Form
from ui.widgets.labels import ElidedText, Heading
from ui.widgets.layout import STRETCH, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, ErrorState, PageStates
from ui.widgets.pill import TONE_ROLE, Pill, tone_of
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn
from ui.widgets.tabs import FoldingTabs, Segments, Tabs

Settle = Callable[..., None]


# -- states, sheet, dialog ------------------------------------------------------------------------------------------


def test_states_start_loading_and_keep_the_content_while_reloading(theme: Theme) -> None:
    states = PageStates(theme, QLabel("content"))
    assert states.name == "loading"
    states.content()
    states.loading()
    assert states.name == "content"
    states.empty(EmptyState(theme, "box", "Nothing here", "Import something.", Button("Import")))
    assert states.name == "empty"
    tried: list[int] = []
    states.failed(UserError(Message("Cannot be read."), (Message("row 7"),)), lambda: tried.append(1), "Read again")
    assert states.name == "failed"
    next(b for b in states.findChildren(QPushButton) if "Read again" in b.text()).click()
    assert tried == [1]


@pytest.mark.parametrize(("danger", "key", "expected"), [
    (False, Qt.Key.Key_Return, ["done"]),
    (False, Qt.Key.Key_Escape, []),
    (True, Qt.Key.Key_Return, []),
])  # fmt: skip
def test_enter_confirms_only_safe_actions(
    theme: Theme, app: QApplication, danger: bool, key: Qt.Key, expected: list[str]
) -> None:
    host, done = QWidget(), []
    host.show()
    dialog = confirm(
        theme,
        host,
        "Retire 12 laptops?",
        "They keep their history.",
        "Retire",
        lambda: done.append("done"),
        danger=danger,
    )
    QTest.keyClick(dialog.focusWidget() or dialog, key)
    app.processEvents()
    assert done == expected


# -- charts ---------------------------------------------------------------------------------------------------------

BARS = (
    Bar("One", 4, key="one", whole=10),
    Bar("Two", 0, key="two", whole=10, tone="bad"),
    Bar("Three", 12, "12!", key=None, whole=10),
)


def click(chart: Chart, index: int) -> None:
    place = chart.area(index).center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonRelease, place, chart.mapToGlobal(place), left, left, none)
    QApplication.sendEvent(chart, event)


@pytest.mark.parametrize("kind", [Bars, ShareBars, StackedShare])
def test_a_chart_draws_answers_clicks_and_tells_its_numbers(theme: Theme, kind: type[Chart]) -> None:
    chart = kind(theme, "Things")
    chart.show_bars(BARS)
    chart.resize(400, 200)
    heard: list[Any] = []
    chart.clicked.connect(heard.append)
    empty = kind(theme, "Things")
    empty.resize(400, 200)
    assert chart.grab().toImage() != empty.grab().toImage()
    for index in range(3):
        click(chart, index)
    assert heard == ["one", "two"]
    assert chart.accessibleDescription() == "One: 4; Two: 0; Three: 12!"
    assert chart._at(QPointF(-5, -5)) == -1


def test_an_arrow_moves_and_enter_chooses(theme: Theme) -> None:
    chart = Bars(theme, "Things")
    chart.show_bars(BARS)
    heard: list[Any] = []
    chart.clicked.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Space):
        QTest.keyClick(chart, key)
    assert heard == ["two", "one"]


# -- tables ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def table(theme: Theme) -> tuple[TableView, RowsModel[dict[str, Any]]]:
    model: RowsModel[dict[str, Any]] = RowsModel(
        theme,
        [
            ViewColumn("Name", lambda r: r["name"], icon=lambda r: "laptop"),
            ViewColumn("Cost", lambda r: f"{r['cost']:,}", sort=lambda r: r["cost"], right=True),
            ViewColumn("Status", lambda r: r["status"], tone=lambda r: "bad" if r["status"] == "Lost" else "good"),
        ],
    )
    model.show_rows(
        [
            {"name": "b", "cost": 1200, "status": "Lost"},
            {"name": "a", "cost": 90, "status": "Deployed"},
            {"name": "c", "cost": 300, "status": "Deployed"},
        ]
    )
    view = TableView(theme, "Things")
    view.setModel(model)
    view.pills(2)
    view.resize(500, 300)
    view.show()
    return view, model


def test_rows_sort_by_value_and_stay_sorted(table: tuple[TableView, RowsModel[dict[str, Any]]]) -> None:
    _, model = table
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [r["cost"] for r in model.rows] == [1200, 300, 90]
    model.show_rows([*model.rows, {"name": "d", "cost": 500, "status": "Lost"}])
    assert [r["cost"] for r in model.rows] == [1200, 500, 300, 90]


def test_rows_sort_as_people_do(theme: Theme) -> None:
    model: RowsModel[str] = RowsModel(theme, [ViewColumn("Name", str)])
    model.show_rows(["Zoe", "api", "Mail", "éclair"])
    model.sort(0)
    assert model.rows == ["api", "Mail", "Zoe", "éclair"]


def test_keys_of_a_table(table: tuple[TableView, RowsModel[dict[str, Any]]], app: QApplication) -> None:
    view, model = table
    heard: list[Any] = []
    view.opened.connect(lambda row: heard.append(("opened", row)))
    view.previewed.connect(lambda row: heard.append(("previewed", row)))
    view.typed.connect(lambda text: heard.append(("typed", text)))
    view.selectRow(1)
    view.setCurrentIndex(model.index(1, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Space)
    QTest.keyClicks(view, "x")
    assert heard == [("opened", 1), ("previewed", 1), ("typed", "x")]
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    lines = QApplication.clipboard().text().split("\n")
    assert lines == ["Name\tCost\tStatus", "b\t1,200\tLost", "a\t90\tDeployed", "c\t300\tDeployed"]


def test_a_table_keeps_no_selection_of_the_models_before(
    table: tuple[TableView, RowsModel[dict[str, Any]]], app: QApplication, theme: Theme
) -> None:
    view, model = table
    other: RowsModel[dict[str, Any]] = RowsModel(theme, [ViewColumn("Name", lambda r: r["name"])])

    def selections() -> int:
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(view.findChildren(QItemSelectionModel))

    before = selections()
    for one in (other, model, other, model):
        view.setModel(one)
    assert selections() == before
    view.selectRow(1)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [1]


def test_a_pill_is_painted_in_its_tone(table: tuple[TableView, RowsModel[dict[str, Any]]], theme: Theme) -> None:
    view, model = table
    assert model.index(0, 2).data(TONE_ROLE) == "bad"
    image = view.viewport().grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(34)}
    assert theme.tone("bad")[1].name() in colours
    assert theme.tone("good")[1].name() not in colours


# -- small things ---------------------------------------------------------------------------------------------------


def test_the_search_field_waits_for_a_pause_and_clears_with_escape(theme: Theme, settle: Settle) -> None:
    heard: list[str] = []
    field = SearchField(theme, "Filter", heard.append)
    QTest.keyClicks(field, "lap")
    assert heard == []
    settle(lambda: heard == ["lap"])
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert heard == ["lap", ""]


@pytest.mark.parametrize("kind", [Tabs, Segments])
def test_tabs_are_chosen_by_click_and_arrow(theme: Theme, kind: Any) -> None:
    tabs = kind((("details", "Details"), ("software", "Software"), ("history", "History")))
    tabs.show()
    heard: list[str] = []
    tabs.chosen.connect(heard.append)
    first, second, _ = tabs.findChildren(QPushButton)
    second.click()
    QTest.keyClick(second, Qt.Key.Key_Left)
    assert heard == ["software", "details"]
    assert first.isChecked()
    tabs.choose("history")
    assert (tabs.current, heard) == ("history", ["software", "details"])


def test_icon_buttons_have_names(theme: Theme) -> None:
    button = IconButton(theme, "undo", "Undo")
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo"


def test_a_pill_takes_the_schema_s_tone(theme: Theme) -> None:
    choices = (Choice("Deployed", tone="good"), Choice("In repair", tone="warning"))
    status = Attribute("status", "Status", "choice", choices=choices)
    assert tone_of(status, "In repair") == "warning"
    assert tone_of(status, "gone") == "neutral"
    assert tone_of(None, "x") == "neutral"
    pill = Pill("In repair", "warning")
    pill.show_status("", "good")
    assert not pill.isVisibleTo(pill.parentWidget()) if pill.parentWidget() else pill.isHidden()


def test_elided_text_shows_itself_whole_where_it_is_cut(theme: Theme) -> None:
    label = ElidedText("A rather long name of a rather large computer")
    label.resize(80, 20)
    QApplication.sendEvent(label, QEvent(QEvent.Type.ToolTip))
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    QApplication.sendEvent(label, QEvent(QEvent.Type.ToolTip))
    assert label.toolTip() == ""


def test_fields_are_reached_by_tab(context: Context) -> None:
    laptop = Schema.load().classes["laptop"].attributes
    form = Form(context, [laptop["name"], laptop["status"], laptop["assigned_to"]])
    for field in form.fields.values():
        assert isinstance(field, Field)
        assert field.editor.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert json.dumps(list(form.fields)) == '["name", "status", "assigned_to"]'


def test_enter_presses_a_button(theme: Theme) -> None:
    pressed: list[str] = []
    go = Button("Go", lambda: pressed.append("go"))
    for button in (go, IconButton(theme, "plus", "Add", lambda: pressed.append("add"))):
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == ["go", "add"]
    QTest.keyClick(go, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == 2, "Ctrl+Enter is for the sheet around it"


def test_a_column_fills_what_the_others_leave_but_keeps_its_least(app: QApplication, theme: Theme) -> None:
    table = TableView(theme, "Rows")
    model = RowsModel(theme, [ViewColumn(title, str) for title in ("Name", "Metric", "Verdict")])
    table.setModel(model)
    for place in (1, 2):
        table.setColumnWidth(place, 100)
    table.fill_with(0, 150)
    table.resize(600, 200)
    table.show()
    app.processEvents()
    assert table.columnWidth(0) == table.viewport().width() - 200
    table.setColumnWidth(1, 250)
    assert table.columnWidth(0) == table.viewport().width() - 350
    table.resize(400, 200)
    app.processEvents()
    assert table.columnWidth(0) == 150
    table.setColumnHidden(1, True)
    assert table.columnWidth(0) == table.viewport().width() - 100
    table.close()


def test_tabs_give_way_to_the_width_the_counts_first(app: QApplication) -> None:
    host = QWidget()
    tabs = Tabs((("facts", "Details"), ("relations", "Relationships")))
    tabs.setParent(host)
    tabs.set_title("relations", "Relationships 21", "Relationships")

    def shown(width: int) -> list[str]:
        tabs.resize(width, 32)
        app.processEvents()
        return [button.text() for button in tabs.findChildren(QPushButton)]

    host.show()
    assert shown(600) == ["Details", "Relationships 21"]
    whole = sum(button.width() for button in tabs.findChildren(QPushButton)) + 12
    assert shown(whole - 4) == ["Details", "Relationships"]
    cut = shown(110)
    assert cut[1].endswith("…")
    assert tabs.findChildren(QPushButton)[1].toolTip() == "Relationships 21"
    assert tabs.findChildren(QPushButton)[1].accessibleName() == "Relationships 21"
    host.deleteLater()


def test_a_header_that_does_not_fit_is_cut_with_a_mark(
    table: tuple[TableView, RowsModel[dict[str, Any]]], app: QApplication
) -> None:
    view, model = table
    header = view.horizontalHeader()
    view.setColumnWidth(0, 300)
    option = QStyleOptionHeader()
    header.initStyleOptionForIndex(option, 0)
    title = str(model.headerData(0, Qt.Orientation.Horizontal))
    assert option.text == title
    view.setColumnWidth(0, 48)
    header.initStyleOptionForIndex(option, 0)
    assert option.text.endswith("…")
    assert title.startswith(option.text[:-1])


@pytest.mark.parametrize(
    ("locale", "typed", "stored", "shown"),
    [
        ("de", "1.234", "1234", "1234,00"),
        ("de", "1.234,50", "1234.50", "1234,50"),
        ("de", "1,239", "1.239", "1,239"),
        ("en_GB", "1,234", "1234", "1234.00"),
        ("en_GB", "1234.5", "1234.5", "1234.50"),
        ("fr", "1 234,5", "1234.5", "1234,50"),
    ],
)
def test_amounts_are_typed_as_the_locale_writes_them(
    app: QApplication, locale: str, typed: str, stored: str, shown: str
) -> None:
    field = TextField(Attribute("cost", "Cost", "money"))
    with spoken(Language(locale, locale)):
        field.editor.setText(typed)
        assert field.value() == Decimal(stored)
        field.set_value(Decimal(stored))
        assert field.raw() == shown
        assert not field.dirty


@given(st.decimals(-(10**9), 10**9, places=6))
def test_a_number_in_a_field_is_unchanged_until_it_is_typed(app: QApplication, value: Decimal) -> None:
    for locale in ("de", "en_GB", "fr", "ar"):
        with spoken(Language(locale, locale)):
            field = TextField(Attribute("size", "Size", "number"))
            field.set_value(value)
            assert not field.dirty


def test_a_heading_that_may_wrap_stays_on_one_line_where_there_is_room(qtbot: QtBot) -> None:
    holder, heading = QWidget(), Heading("Take back the laptops of those who left", 1)
    heading.setWordWrap(True)
    holder.setLayout(row(heading, STRETCH))
    qtbot.addWidget(holder)
    heights = []
    for width in (900, 200):
        holder.resize(width, 200)
        holder.show()
        heights.append(heading.heightForWidth(heading.width()))
    assert heights[0] < heading.fontMetrics().height() * 2 < heights[1] + 1


def test_tabs_without_room_are_in_a_menu_and_none_is_cut(theme: Theme, settle: Callable[..., None]) -> None:
    titles = ("Details", "Relationships", "Installed software", "Sections", "Comments", "Files", "Custody", "History")
    holder = QWidget()  # a window of its own is as wide as all of them
    tabs = FoldingTabs(theme, tuple((one.lower(), one) for one in titles))
    tabs.setParent(holder)
    tabs.resize(2000, 40)
    holder.show()
    tabs.show()
    settle()
    assert tabs.folded == []
    assert not tabs.more.isVisible()
    tabs.resize(sum(tabs._width(one.lower(), one) for one in titles) * 2 // 3, 40)
    settle()
    shown = [one for one in tabs.shown if one not in tabs.folded]
    assert shown[0] == "details"
    assert tabs.folded == [one.lower() for one in titles][len(shown) :]
    assert [tabs._buttons[one].text() for one in shown] == [one for one in titles if one.lower() in shown]
    assert tabs.more.geometry().right() <= tabs.width()
    chosen: list[str] = []
    tabs.chosen.connect(chosen.append)
    menu = tabs.more.menu()
    menu.aboutToShow.emit()
    assert [one.text() for one in menu.actions()] == list(titles[len(shown) :])
    menu.actions()[-1].trigger()
    assert (chosen, tabs.current) == (["history"], "history")
    assert "history" not in tabs.folded
    tabs.set_shown("history", False)
    assert "history" not in tabs.shown
    holder.deleteLater()


def test_what_is_made_is_no_window_before_it_has_a_place(theme: Theme, app: QApplication) -> None:
    app.processEvents()
    before = {one for one in app.topLevelWidgets() if one.isVisible()}
    error = UserError(Message("No"), (Message("a detail"),))
    dialog = Dialog(theme, None, "Sure?", "It goes.")
    made = (EmptyState(theme, "box", "None", "because"), ErrorState(theme, error), InlineMessage(theme, "Said"), dialog)
    assert {one for one in app.topLevelWidgets() if one.isVisible()} == before
    for one in made:
        one.deleteLater()
