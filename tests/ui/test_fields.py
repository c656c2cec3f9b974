"""Fields and forms: what they show, take, refuse and give back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit

from cmdb.model.errors import InvalidValue
from cmdb.model.schema import TYPES, Attribute, Choice, Schema
from cmdb.model.selection import Selection
from ui.context import Context
from ui.theme import Theme
from ui.widgets.calendar import Calendar
from ui.widgets.field_types import field_for
from ui.widgets.fields import DateField
from ui.widgets.form import Form
from ui.widgets.reference import ReferenceField

Settle = Callable[..., None]

VALUES = {
    "text": "rtm-esx-1",
    "long_text": "two\nlines",
    "integer": 512,
    "number": Decimal("1.5"),
    "money": Decimal("1389.00"),
    "date": "2026-12-12",
    "time": "2026-11-22T07:00:00Z",
    "boolean": False,
    "choice": "In repair",
    "uuid": "0191e0d2-7b4f-7000-8000-000000000001",
    "email": "anja@harbour.example",
    "url": "https://harbour.example/",
}


def attribute(kind: str, **more: Any) -> Attribute:
    choices = (Choice("Deployed", tone="good"), Choice("In repair", tone="warning")) if kind == "choice" else ()
    target = "person" if kind == "reference" else ""
    return Attribute("x", "Thing", kind, choices=choices, target=target, **more)


@pytest.mark.parametrize("kind", [t for t in TYPES if t != "reference"])
def test_a_field_returns_its_value(context: Context, kind: str) -> None:
    field = field_for(context, attribute(kind))
    for value in (VALUES[kind], None):
        field.set_value(value)
        assert field.value() == value
        assert not field.dirty


def test_what_stands_in_the_register_needs_no_other_form_before_it_is_changed(context: Context) -> None:
    field = field_for(context, Attribute("x", "IP address", form="ip"))
    field.set_value("10.0.0.2 / 10.0.1.2")
    assert (field.checked(), field.dirty) == ((True, "10.0.0.2 / 10.0.1.2"), False)
    field.set_value("10.0.0.2 ")
    assert field.value() == "10.0.0.2 "


def test_every_attribute_of_the_schema_has_a_field(context: Context) -> None:
    for one in Schema.load().all_attributes().values():
        field = field_for(context, one)
        assert field.editor.accessibleName() == one.label
        assert field.value() is None


def test_enter_commits_escape_reverts(context: Context) -> None:
    field = field_for(context, attribute("text"))
    field.set_value("old")
    heard: list[str] = []
    field.committed.connect(lambda: heard.append("committed"))
    field.reverted.connect(lambda: heard.append("reverted"))
    editor = field.editor
    assert isinstance(editor, QLineEdit)
    editor.setFocus()
    QTest.keyClicks(editor, "er")
    assert field.dirty
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert heard == ["committed", "reverted"]
    assert field.value() == "old"


def test_a_long_text_takes_enter_and_commits_with_ctrl_enter(context: Context) -> None:
    field = field_for(context, attribute("long_text"))
    heard: list[int] = []
    field.committed.connect(lambda: heard.append(1))
    assert isinstance(field.editor, QPlainTextEdit)
    QTest.keyClicks(field.editor, "a")
    QTest.keyClick(field.editor, Qt.Key.Key_Return)
    QTest.keyClicks(field.editor, "b")
    assert (field.value(), heard) == ("a\nb", [])
    QTest.keyClick(field.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard == [1]


def test_a_wrong_value_is_explained_under_the_field(context: Context) -> None:
    field = field_for(context, attribute("integer", unit="MiB"))
    assert isinstance(field.editor, QLineEdit)
    field.editor.setText("lots")
    good, _ = field.checked()
    assert not good
    complaint = next(label for label in field.findChildren(QLabel) if "a number" in label.text())
    assert complaint.isVisibleTo(field)
    field.editor.setText("16 GiB")
    assert field.checked() == (True, 16384)
    assert not complaint.isVisibleTo(field)


def test_missing_required_values_are_reported(context: Context) -> None:
    assert field_for(context, attribute("text", required=True)).checked() == (False, None)


def test_a_choice_commits_when_it_is_made(context: Context) -> None:
    field = field_for(context, attribute("choice"))
    heard: list[Any] = []
    field.committed.connect(lambda: heard.append(field.value()))
    combo = field.editor
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(i) for i in range(combo.count())] == ["–", "Deployed", "In repair"]
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert heard == ["Deployed"]


def test_a_date_is_picked_from_the_calendar(theme: Theme) -> None:
    field = DateField(theme, attribute("date"))
    field.set_value("2026-12-12")
    field.show()
    QTest.keyClick(field.editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    (calendar,) = field.findChildren(Calendar)
    days = calendar.focusProxy()
    assert days is not None
    QTest.keyClick(days, Qt.Key.Key_Down)
    QTest.keyClick(days, Qt.Key.Key_PageDown)
    QTest.keyClick(days, Qt.Key.Key_Return)
    assert field.value() == "2027-01-19"


def test_days_to_come_cannot_be_picked_where_only_the_past_is_asked_for(theme: Theme) -> None:
    calendar = Calendar(theme, latest=QDate(2026, 11, 22))
    picked: list[str] = []
    calendar.picked.connect(picked.append)
    calendar.show_date("2026-11-20")
    days = calendar.focusProxy()
    assert days is not None
    QTest.keyClick(days, Qt.Key.Key_PageDown)
    QTest.keyClick(days, Qt.Key.Key_Return)
    assert picked == ["2026-11-22"]
    QTest.keyClick(days, Qt.Key.Key_PageUp)
    QTest.keyClick(days, Qt.Key.Key_Return)
    assert picked[1:] == ["2026-10-22"]


def test_a_reference_is_found_while_typing(context: Context, settle: Settle) -> None:
    field = ReferenceField(context, attribute("reference"))
    field.show()
    heard: list[str] = []
    field.committed.connect(lambda: heard.append(field.value()))
    line = field.editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    QTest.keyClicks(line, "anj")
    with pytest.raises(InvalidValue, match="from the list"):
        field.value()
    finder = field._picker.finder
    settle(lambda: finder.isVisible() and finder._list.count() == 1)
    QTest.keyClick(line, Qt.Key.Key_Return)
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        anja = reader.page(Selection("person", text="anja"))[0].uid
    assert heard == [anja]
    assert line.text() == "Anja Vogt"


def test_a_reference_shows_the_name_of_what_it_refers_to(context: Context, settle: Settle) -> None:
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        tom = reader.find("Tom Okafor").uid
    field = ReferenceField(context, attribute("reference"))
    field.set_value(tom)
    settle(tasks=context.tasks)
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.text() == "Tom Okafor"
    assert field.value() == tom
    assert not field.dirty


def test_what_is_too_long_for_its_field_shows_its_beginning(context: Context, settle: Settle) -> None:
    with context.workspace.read() as reader:
        uid = reader.find("Anja Vogt").uid
    for kind, value in (("text", "long " * 40), ("reference", uid)):
        field = field_for(context, attribute(kind))
        field.set_value(value)
        settle()
        assert isinstance(field.editor, QLineEdit)
        assert field.editor.text()
        assert field.editor.cursorPosition() == 0


def test_a_form_returns_its_values_or_marks_errors(context: Context) -> None:
    laptop = Schema.load().classes["laptop"].attributes
    form = Form(context, [laptop[name] for name in ("name", "status", "purchase_cost", "warranty_until")])
    form.set_values({"name": "LT-1", "status": "Deployed"})
    assert form.values() == {"name": "LT-1", "status": "Deployed"}
    assert form.changes() == {}
    for name, text in (("purchase_cost", "1.389,50"), ("warranty_until", "31 Dec 2027")):
        line = form.fields[name].editor
        assert isinstance(line, QLineEdit)
        line.setText(text)
    assert form.changes() == {"purchase_cost": Decimal("1389.5"), "warranty_until": "2027-12-31"}
    name = form.fields["name"].editor
    assert isinstance(name, QLineEdit)
    name.clear()
    assert form.values() is None
    assert form.changes() is None


def test_a_date_is_shown_as_everywhere_and_typed_in_any_form(theme: Theme) -> None:
    field = DateField(theme, attribute("date"))
    field.set_value("2026-03-05")
    line = field.editor
    assert isinstance(line, QLineEdit)
    assert line.text() == "5 Mar 2026"
    assert not field.dirty
    for typed, expected in (("6 Mar 2026", "2026-03-06"), ("2026-03-07", "2026-03-07"), ("8/3/2026", "2026-03-08")):
        line.setText(typed)
        assert field.checked() == (True, expected), typed
    line.setText("some day")
    assert field.checked() == (False, None)


def test_what_nobody_sees_is_said_while_typed_and_left_out(context: Context) -> None:
    field = field_for(context, Attribute("name", "Name", "text"))
    line = field.editor
    assert isinstance(line, QLineEdit)
    line.setText("web\u202e")
    line.textEdited.emit(line.text())
    assert any("U+202E" in label.text() for label in field.findChildren(QLabel))
    assert field.checked() == (True, "web")
    assert line.text() == "web"
    line.textEdited.emit(line.text())
    assert not any("U+202E" in label.text() for label in field.findChildren(QLabel))
