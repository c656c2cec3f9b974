"""Editing many items: what they have is shown, what will change is counted, and nothing is cleared by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from app.assets.bulk_edits import PresentValue, number_changed, present_values
from ui.context import Context
from ui.records.bulk_edit import BulkEditForm, TickedField
from ui.widgets.side_sheet import SideSheet

Settle = Callable[..., None]
LAPTOPS = ("LT-2041", "LT-2048", "LT-2055")


@pytest.fixture
def uids(context: Context) -> list[str]:
    with context.workspace.store.read() as reader:
        return [reader.find(name).uid for name in LAPTOPS]


@pytest.fixture
def form(context: Context, uids: list[str], settle: Settle) -> Iterator[BulkEditForm]:
    window = QWidget()
    window.resize(900, 700)
    QVBoxLayout(window)
    sheet = SideSheet(context.theme, window)
    shell: Any = context.shell
    shell.sheet, shell.close_sheet = sheet.open_sheet, sheet.close_sheet
    found = BulkEditForm(context, lambda _: uids, "3 items", "laptop")
    window.show()
    found.open_sheet()
    settle()
    yield found
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, int(QEvent.Type.DeferredDelete.value))


def row(form: BulkEditForm, name: str) -> TickedField:
    return next(one for one in form.rows if one.field.attribute.name == name)


def values(context: Context, uids: list[str], name: str) -> list[Any]:
    with context.workspace.store.read() as reader:
        found = reader.by_uid(uids)
        return [found[uid].values.get(name) for uid in uids]


def test_what_many_items_have(context: Context, uids: list[str]) -> None:
    with context.workspace.store.read() as reader:
        found = present_values(reader, uids, ["location", "status", "assigned_to", "notes"])
        site = reader.find("Rotterdam").uid
        assert found["location"] == PresentValue(site, "Rotterdam", 1, 0)
        assert found["status"] == PresentValue(None, "", 2, 0)
        assert found["assigned_to"] == PresentValue(None, "", 2, 0)
        assert found["notes"] == PresentValue(None, "", 0, 3)
        assert number_changed(reader, uids, {"status": "Deployed"}) == 1
        assert number_changed(reader, uids, {"location": site}) == 0


def test_present_and_mixed_values_are_shown_and_changes_counted(
    form: BulkEditForm, context: Context, uids: list[str], settle: Settle
) -> None:
    assert row(form, "location")._present.text() == "now: Rotterdam for all"
    assert row(form, "assigned_to")._present.text() == "now: 2 different values"
    assert row(form, "cost_centre")._present.text() == "now: empty for all"
    assert form.count.text() == "Nothing is set yet."
    row(form, "location")._tick.setChecked(True)
    settle(lambda: bool(form.count.text()) and not form._later.isActive())
    settle()
    assert form.count.text() == "Nothing will change: all have these values already."
    QTest.keyClicks(row(form, "cost_centre").field.editor, "4711")
    settle(lambda: not form._later.isActive())
    settle()
    assert form.count.text() == "3 items will change."


@pytest.mark.parametrize("keys", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_enter_and_control_enter_apply_once(
    form: BulkEditForm, context: Context, uids: list[str], settle: Settle, keys: Qt.KeyboardModifier
) -> None:
    editor = row(form, "cost_centre").field.editor
    editor.setFocus()
    QTest.keyClicks(editor, "4711")
    QTest.keyClick(editor, Qt.Key.Key_Return, keys)
    settle()
    assert values(context, uids, "cost_centre") == ["4711"] * 3
    with context.workspace.store.read() as reader:
        assert reader.number == 3


def test_only_its_button_clears_a_value(form: BulkEditForm, context: Context, uids: list[str], settle: Settle) -> None:
    before = values(context, uids, "location")
    location = row(form, "location")
    editor = location.field.editor
    assert isinstance(editor, QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    form.save()
    settle()
    assert values(context, uids, "location") == before
    assert "press the button" in location.field._error.text()
    location.clear.click()
    form.save()
    settle()
    assert values(context, uids, "location") == [None] * 3
