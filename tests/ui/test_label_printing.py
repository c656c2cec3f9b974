"""The sheet *Print labels*: what is chosen there is what its preview shows and what is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from app.labels.printer_offsets import offset_of
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records import label_printing
from ui.records.label_printing import LabelPrinting

Settle = Callable[..., None]


@pytest.fixture
def sheet(context: Context, shell: Any, settle: Settle) -> Any:
    page = AssetsPage(context)
    page.resize(1000, 700)
    page.show()
    page.opened(cls="hardware")
    settle()
    page.listing.table.selectAll()
    {action.id: action for action in page.page_actions()}["assets.labels"].run()
    content = shell.content
    assert isinstance(content, LabelPrinting)
    content.setParent(page)
    content.resize(400, 900)
    content.show()
    settle(lambda: content._plan is not None)
    yield content
    page.close()


def choose(sheet: LabelPrinting, name: str, settle: Settle) -> None:
    box = sheet._layout_box
    box.setCurrentIndex(box.findText(name))
    box.activated.emit(box.currentIndex())
    settle(lambda: sheet._plan is not None and sheet._plan.sheet.stock.label == name)


def test_what_is_chosen_is_shown_and_written(
    sheet: LabelPrinting, context: Context, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(sheet, "Avery L7160", settle)
    assert sheet._pages.text() == "3 labels on 1 page"
    assert sheet._untagged.isVisibleTo(sheet)  # the server has no tag
    assert [one.content for one in sheet._found.labels] == ["A2041", "A2048", "A2055"]
    twentieth = sheet._preview._label(20).center()
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress, twentieth, QPointF(), Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    sheet._preview.mousePressEvent(press)
    settle(lambda: sheet._pages.text() == "3 labels on 2 pages")
    assert sheet._start.value() == 21
    assert sheet._preview.accessibleName() == "First page: begins with label 21 of 21"
    QTest.keyClick(sheet._preview, Qt.Key.Key_Up)
    assert sheet._start.value() == 18
    sheet._right.setValue(1.5)
    settle(lambda: sheet._plan is not None and sheet._plan.sheet.offset == (1.5, 0.0))
    path = tmp_path / "labels.pdf"
    monkeypatch.setattr(label_printing, "ask_to_save", lambda *words, **more: path)
    sheet._save()
    settle(path.exists)
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))
    assert {"A2041", "A2048", "A2055"} <= set(text.split())
    assert offset_of(context.workspace.settings, "") == (1.5, 0.0)


def test_a_layout_is_kept_and_what_does_not_fit_is_said(sheet: LabelPrinting, context: Context, settle: Settle) -> None:
    choose(sheet, "Avery L7160", settle)
    sheet._toggle("serial_number", False)
    sheet._points.setValue(9)
    settle(lambda: sheet._plan is not None and sheet._plan.sheet.points == 9)
    sheet._name.setText("Small <i>ones</i>")
    sheet._save_layout()
    settle(lambda: sheet._layout_box.currentText() == "Small <i>ones</i>")
    assert sheet._layout_box.findText("Avery L7160") > 0
    settle(lambda: sheet._fields == ["name", "model"])
    sheet._points.setValue(14)
    choose(sheet, "Avery 5167", settle)
    sheet._points.setValue(14)
    settle(lambda: "fit" in sheet._error._text.text() or "room" in sheet._error._text.text())


def test_records_without_a_tag_are_given_one(sheet: LabelPrinting, settle: Settle) -> None:
    settle(lambda: sheet._plan is not None and len(sheet._plan.untagged) == 1)
    sheet._give_tags()
    settle(lambda: sheet._plan is not None and not sheet._plan.untagged)
    assert len(sheet._found.labels) == 4
    assert not sheet._untagged.isVisibleTo(sheet)
