from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest

from app.settings import Settings
from ui.theme import Theme
from ui.widgets.kept_widths import KeptWidths
from ui.widgets.table import RowsModel, TableView, ViewColumn

LEFT = Qt.MouseButton.LeftButton


def drag(table: TableView, section: int, by: int) -> None:
    """Drags the right edge of a column's header, as a person does: the window hears of the button."""
    header, window = table.horizontalHeader(), table.window().windowHandle()
    assert window is not None
    edge = QPoint(header.sectionViewportPosition(section) + header.sectionSize(section) - 1, header.height() // 2)
    start = header.viewport().mapTo(table.window(), edge)
    QTest.mousePress(window, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(window, start + QPoint(by, 0))
    QTest.mouseRelease(window, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(by, 0))


@pytest.fixture
def table(theme: Theme) -> Any:
    made = TableView(theme, "Rows")
    made.setModel(RowsModel(theme, [ViewColumn(name, str) for name in ("One", "Two", "Three")]))
    made.resize(900, 200)
    made.show()
    yield made
    made.close()


def test_what_a_person_drags_is_kept_and_nothing_else(
    table: TableView, tmp_path: Path, settle: Callable[..., None]
) -> None:
    settings, shown = Settings(tmp_path), ["first"]
    settings.set("old", {"one": 90})
    widths = KeptWidths(
        table, settings, lambda: f"widths.{shown[0]}", lambda: ["one", "two", "three"],
        lambda: settings.get("old", {}),
    )  # fmt: skip
    assert widths.kept() == {"one": 90}, "what an earlier version kept"
    widths._later.setInterval(1)
    elsewhere = QWindow()
    elsewhere.resize(10, 10)
    QTest.mousePress(elsewhere, LEFT)  # a splitter's handle, say, whose move gives the columns other widths
    table.setColumnWidth(0, 140)
    table.setColumnWidth(1, 160)
    QTest.mouseRelease(elsewhere, LEFT)
    assert not widths._later.isActive(), "nobody dragged"
    drag(table, 1, 40)
    settle(lambda: not widths._later.isActive())
    assert (widths.kept(), settings.get("widths.first", None)) == ({"one": 140, "two": 200},) * 2
    table.setColumnHidden(1, True)
    drag(table, 0, 20)
    settle(lambda: not widths._later.isActive())
    assert widths.kept() == {"one": 160, "two": 200}, "of a hidden column the earlier one"
    drag(table, 0, 20)
    shown[0] = "second"
    settle(lambda: not widths._later.isActive())
    assert settings.get("widths.second", None) is None, "it was another table's column"
    shown[0] = "first"
    widths.forget()
    assert widths.kept() == {"one": 90}
