"""The interface's font and the size of its text: everything follows, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetricsF,
    QKeySequence,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDateEdit,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QSpinBox,
    QStyle,
    QTableView,
    QToolButton,
    QTreeView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from app.settings import Settings
from ui.interface_font import FONTS, INTER, family, with_tabular_figures
from ui.pages import entries
from ui.shell.navigation import WIDTH
from ui.shell.top_bar import HEIGHT
from ui.shell.window import Window
from ui.text_size import BASE, LEAST, MOST, px, scaled_sheet, set_sizes
from ui.theme import Mode, Theme
from ui.widgets.labels import Heading
from ui.widgets.layout import row
from ui.widgets.search import SearchField
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn

UI = Path(__file__).resolve().parents[2] / "ui"


@pytest.fixture
def normal(theme: Theme) -> Iterator[Theme]:
    yield theme
    theme.set_font("inter")
    theme.set_text_size(0)


def test_inter_comes_with_the_program_in_all_its_weights(theme: Theme) -> None:
    assert theme.family == INTER
    assert {"Regular", "Medium", "SemiBold", "Bold"} <= set(QFontDatabase.styles(INTER))
    weights = (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold)
    widths = [QFontMetricsF(theme.font(40, weight)).horizontalAdvance("Serial number") for weight in weights]
    assert widths == sorted(set(widths))  # drawn in each weight, not one weight for all
    assert QFontInfo(theme.font(weight=QFont.Weight.DemiBold)).weight() == QFont.Weight.DemiBold


def test_the_system_s_font_can_be_chosen(app: QApplication, normal: Theme) -> None:
    assert family("system") != INTER
    label = QLabel("word")
    label.show()
    normal.set_font("system")
    assert app.font().family() == label.font().family() == normal.font().family() == family("system")
    normal.set_font("inter")
    assert label.font().family() == INTER


def test_characters_are_shown_as_they_are(theme: Theme) -> None:
    """Inter draws a serial number "4x4" as "4×4", and "->" as an arrow, unless it is told not to."""
    label = QLabel("one")
    label.setStyleSheet("font-weight: 600")
    label.ensurePolished()
    for font in (theme.font(40), theme.font(40, tabular=True), theme.drawing_font(40), label.font()):
        separate = sum(QFontMetricsF(font).horizontalAdvance(one) for one in "->")
        assert QFontMetricsF(font).horizontalAdvance("->") == pytest.approx(separate, abs=2)
        for text in ("4x4", "857 x86_64"):
            assert QFontMetricsF(font).horizontalAdvance(text) != QFontMetricsF(font).horizontalAdvance(
                text.replace("x", "×")
            )


@pytest.mark.parametrize("choice", FONTS)
def test_numbers_of_tables_have_figures_of_one_width_and_names_do_not(normal: Theme, choice: str) -> None:
    normal.set_font(choice)
    model = RowsModel(normal, [ViewColumn("Name", str), ViewColumn("Number", str, right=True)])
    model.show_rows(["LT-1"])
    assert not model.index(0, 0).data(Qt.ItemDataRole.FontRole)
    number = model.index(0, 1).data(Qt.ItemDataRole.FontRole)
    for font in (number, normal.font(tabular=True), with_tabular_figures(normal.font())):
        metrics = QFontMetricsF(font)
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


@pytest.mark.parametrize("size", [13, 16, 20])
def test_all_sizes_follow_the_size_of_text(app: QApplication, normal: Theme, size: int) -> None:
    table, button = TableView(normal, "Rows", compact=True), QPushButton("Save")
    set_sizes(button, text=19, icon=16, height=28)
    normal.set_text_size(size)
    assert app.font().pixelSize() == table.font().pixelSize() == normal.font().pixelSize() == size
    assert table.verticalHeader().defaultSectionSize() == px(26) == round(26 * size / BASE)
    assert (button.font().pixelSize(), button.iconSize().width(), button.height()) == (px(19), px(16), px(28))
    assert f"min-height: {int(26 * size / BASE)}px" in app.styleSheet()
    table.set_compact(False)
    assert table.verticalHeader().defaultSectionSize() == px(34)


def test_a_size_out_of_bounds_becomes_the_nearest_and_0_is_the_system_s(normal: Theme) -> None:
    for asked, got in ((3, LEAST), (90, MOST), (0, BASE)):
        normal.set_text_size(asked)
        assert normal.text_size == got


def test_lines_of_a_style_sheet_stay_thin() -> None:
    sheet = "QLabel { border: 1px solid; padding: 0 8px; min-height: 26px; border-radius: 9px; }"
    assert scaled_sheet(sheet, 20) == (
        "QLabel { border: 1px solid; padding: 0 12px; min-height: 40px; border-radius: 13px; }"
    )
    assert scaled_sheet(sheet, BASE) == sheet


def test_ctrl_plus_minus_and_0_change_the_size_of_text_and_keep_it(
    app: QApplication, normal: Theme, tmp_path: Path
) -> None:
    settings = Settings(tmp_path)
    window = Window(normal, settings, entries())
    window.show()
    window.resize(1600, 900)
    QTest.qWaitForWindowActive(window)
    for keys, size in (("Ctrl++", 14), ("Ctrl++", 15), ("Ctrl+=", 16), ("Ctrl+-", 15)):
        QTest.keySequence(window, QKeySequence(keys))
        assert (normal.text_size, settings.get("text_size", 0)) == (size, size)
    assert window.navigation.width() == px(WIDTH) == round(WIDTH * 15 / BASE)
    assert window.top.height() == px(HEIGHT)
    QTest.keySequence(window, QKeySequence("Ctrl+0"))
    assert (normal.text_size, settings.get("text_size", 0)) == (BASE, 0)
    window.close()


def test_no_size_in_pixels_goes_around_it() -> None:
    """Pixels of a widget or a font that would stay while the text grows. Drawings and the tour have theirs."""
    going_around = re.compile(
        r"\.set(Fixed|Minimum|Maximum)(Width|Height)\(\d{2,}\)|setIconSize\(QSize\(\d|setPixelSize\(\d|setFixedSize\(\d"
        r"|setIndentation\(\d|ActionPosition|setClearButtonEnabled"  # icons and arrows have the style's size
    )
    found = {
        str(path.relative_to(UI))
        for path in UI.rglob("*.py")
        if path.relative_to(UI).parts[0] not in ("graph", "tour") and going_around.search(path.read_text("utf-8"))
    }
    assert found == set()


def test_icons_in_rows_grow_with_the_text(app: QApplication, theme: Theme) -> None:
    table = TableView(theme, "Rows", compact=True)
    theme.set_text_size(20)
    assert table.iconSize().width() >= 22
    theme.set_text_size(13)
    assert table.iconSize().width() == 16


def test_no_round_corner_is_lost_at_any_size_of_text() -> None:
    sheet = (UI.parent / "resources" / "themes" / "window.qss").read_text("utf-8")
    for text in range(BASE, MOST + 1):
        for rule in scaled_sheet(sheet, text).split("}"):
            if radius := re.search(r"border-radius: (\d+)px", rule):
                height = re.search(r"min-height: (\d+)px", rule)
                assert height is None or 2 * int(radius[1]) <= int(height[1]) + 2, f"{rule.strip()} at {text} px"


def test_another_look_leaves_large_text_large(app: QApplication, normal: Theme) -> None:
    heading = Heading("Assets")
    heading.show()
    normal.set_text_size(BASE + 7)
    app.processEvents()
    large = heading.font().pixelSize()
    for mode in ("dark", "light"):
        normal.set_mode(mode)
        app.processEvents()
        assert heading.font().pixelSize() == large == px(19)
    heading.close()


@pytest.mark.parametrize("kind", [QListView, QTreeView, QTableView])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_empty_tick_box_in_a_list_has_an_edge(
    app: QApplication, theme: Theme, kind: type[QAbstractItemView], mode: Mode
) -> None:
    theme.set_mode(mode)
    model = QStandardItemModel()
    item = QStandardItem("Hardware")
    item.setCheckable(True)
    model.appendRow(item)
    view = kind()
    view.setModel(model)
    view.resize(300, 120)
    view.show()
    app.processEvents()
    image = view.viewport().grab().toImage()
    edge = theme.color("faint").rgb()
    drawn = [(x, y) for x in range(60) for y in range(60) if image.pixel(x, y) == edge]
    assert len(drawn) > 20, "the box has no edge of the theme's"
    view.close()


@pytest.mark.parametrize("size", [BASE, BASE + 7])
def test_controls_beside_each_other_are_of_one_height(app: QApplication, normal: Theme, size: int) -> None:
    normal.set_text_size(size)
    line = QWidget()
    controls = [QLineEdit(), QSpinBox(), QDateEdit(), QComboBox(), QPushButton("Save")]
    line.setLayout(row(*controls))
    line.show()
    app.processEvents()
    assert {one.height() for one in controls} == {int(26 * size / BASE) + 2}
    line.close()


@pytest.mark.parametrize("size", [BASE, BASE + 7])
def test_icons_in_fields_grow_with_the_text_which_keeps_clear_of_them(
    app: QApplication, normal: Theme, size: int
) -> None:
    field = SearchField(normal, "Search")
    field.resize(400, field.sizeHint().height())
    field.show()
    field.setText("")
    normal.set_text_size(size)
    app.processEvents()
    magnifier, clear = field.findChildren(QToolButton)
    assert magnifier.iconSize().width() == clear.iconSize().width() == px(16)
    assert field.rect().contains(magnifier.geometry())
    assert magnifier.isVisible()
    assert not clear.isVisible()
    assert field.textMargins().left() >= magnifier.geometry().right() - px(8)
    assert field.textMargins().right() == 0
    QTest.keyClicks(field, "sw")
    app.processEvents()
    assert clear.isVisible()
    assert field.rect().contains(clear.geometry())
    assert field.textMargins().right() >= clear.width() - px(8)
    clear.click()
    assert (field.text(), clear.isVisible(), field.textMargins().right()) == ("", False, 0)
    field.close()


def test_the_arrows_of_trees_grow_with_the_text(app: QApplication, normal: Theme) -> None:
    tree = QTreeWidget()
    set_sizes(tree, indent=14)
    above = QTreeWidgetItem(tree, ["Hardware"])
    QTreeWidgetItem(above, ["Computers"])
    tree.resize(300, 200)
    tree.show()
    high = []
    for size in (BASE, BASE + 7):
        normal.set_text_size(size)
        app.processEvents()
        assert tree.indentation() == px(14)
        image = tree.viewport().grab(QRect(0, 0, px(14), tree.visualItemRect(above).height())).toImage()
        ground = image.pixel(0, 0)
        rows = [y for y in range(image.height()) if any(image.pixel(x, y) != ground for x in range(image.width()))]
        high.append(rows[-1] - rows[0])
    assert high[1] >= 1.3 * high[0]
    tree.close()


def test_icons_of_menus_grow_with_the_text(app: QApplication, normal: Theme) -> None:
    menu = QMenu()
    normal.set_text_size(BASE + 7)
    menu.ensurePolished()
    assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) >= px(16) - 1


def test_the_areas_beside_a_list_grow_with_the_text(app: QApplication, normal: Theme) -> None:
    splitter = Splitter("Areas")
    for stretch in (0, 1, 0):
        splitter.addWidget(QWidget())
        splitter.setStretchFactor(splitter.count() - 1, stretch)
    splitter.resize(1000, 300)
    splitter.show()
    splitter.setSizes([200, 546, 230])
    before = splitter.sizes()
    normal.set_text_size(BASE + 2)
    app.processEvents()
    grown = splitter.sizes()
    assert grown[0] > before[0]
    assert grown[2] > before[2]
    assert sum(grown) == sum(before)
    assert grown[1] * 2 >= sum(grown) - 3, "half of the room stays to the list"
    splitter.close()
