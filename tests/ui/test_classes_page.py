"""The Classes page: the estate's own schema, changed by forms, seen before it is applied, taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.model.selection import Selection
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.classes.choices_editor import ChoicesEditor
from ui.pages.classes.forms import AttributeEditor, ClassEditor, RelationshipEditor
from ui.pages.classes.life_cycle_editors import RequirementEditor
from ui.pages.classes.page import ClassesPage
from ui.pages.classes.preview import PreviewDialog
from ui.pages.classes.section_editor import SectionEditor

Settle = Callable[..., None]


@pytest.fixture
def page(show_page: ShowPage, settle: Settle) -> ClassesPage:
    """The page over the small estate, told of every revision."""
    found = show_page(ClassesPage, 1300, 760)
    found.opened(cls="laptop")
    settle()
    return found


def sheet(context: Context, kind: type[QWidget]) -> tuple[Any, QPushButton]:
    """The editor of the sheet that was opened last, and the button that goes on."""
    content, buttons = context.shell.content, context.shell.buttons  # type: ignore[attr-defined]
    found = content if isinstance(content, kind) else content.findChild(kind)
    return found, buttons[-1]


def preview(page: ClassesPage, settle: Settle, go: QPushButton | None = None) -> PreviewDialog:
    if go is not None:
        go.click()
    settle()
    found = page.sheets.preview
    assert found is not None
    return found


def texts(dialog: PreviewDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def choose(page: ClassesPage, tab: str, label: str) -> None:
    page.tabs._buttons[tab].click()
    rows = page.lists.models[tab].rows
    page.lists.tables[tab].selectRow(next(at for at, one in enumerate(rows) if one.label == label))


def value(context: Context, name: str, attribute: str) -> Any:
    with context.workspace.read() as reader:
        return reader.find(name).values.get(attribute)


def a_laptop(context: Context) -> str:
    with context.workspace.read() as reader:
        return reader.page(Selection("laptop"))[0].name


def test_the_line_that_stays_chosen_in_another_class_is_in_sight(page: ClassesPage, settle: Settle) -> None:
    page.opened(cls="ci")
    settle()
    choose(page, "attributes", "Name")
    page.tree.setCurrentItem(page.tree._items["hardware"])
    settle()
    table = page.lists.tables["attributes"]
    assert page.lists.chosen("attributes").label == "Name"
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_an_attribute_with_choices_is_made_used_renamed_and_taken_back(
    context: Context, page: ClassesPage, settle: Settle
) -> None:
    page.add.click()
    editor, go = sheet(context, AttributeEditor)
    QTest.keyClicks(editor.label, "Paint")
    editor.kind.setCurrentIndex(editor.kind.findData("choice"))
    for word in ("Red", "Green"):
        editor.choices.add()
        QTest.keyClicks(editor.choices.table.focusWidget() or editor.choices.table, word)
        editor.choices.table.item(editor.choices.table.rowCount() - 1, 0).setText(word)
    shown = preview(page, settle, go)
    assert "No value is changed." in texts(shown)
    shown.go.click()
    settle()
    assert page.lists.models["attributes"].rows[0].label == "Paint"
    assert page.lists.chosen("attributes").label == "Paint"
    name = a_laptop(context)
    with context.workspace.read() as reader:
        uid = reader.find(name).uid
    context.workspace.apply(Revision([Edit(ci(uid), "paint", None, "Red")], "tester"))
    settle()
    choose(page, "attributes", "Paint")
    page.lists.tables["attributes"].setFocus()
    QTest.keyClick(page.lists.tables["attributes"], Qt.Key.Key_Return)
    editor, go = sheet(context, AttributeEditor)
    editor.choices.table.setCurrentCell(0, 0)
    QTest.keyClick(editor.choices.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.choices.table.currentRow() == 1
    QTest.keyClick(editor.choices.table, Qt.Key.Key_Delete)
    shown = preview(page, settle, go)
    assert not shown.go.isEnabled()
    assert f"“Red” of 1 record: {name}." in texts(shown)
    (box,) = shown.boxes.values()
    box.setCurrentIndex(box.findData("Green"))
    assert shown.go.isEnabled()
    shown.go.click()
    settle()
    assert value(context, name, "paint") == "Green"
    context.workspace.undo_stack.undo()
    settle()
    assert value(context, name, "paint") == "Red"


def test_a_retired_attribute_says_what_becomes_of_its_values(
    context: Context, page: ClassesPage, settle: Settle
) -> None:
    choose(page, "attributes", "Name")
    QTest.keyClick(page.lists.tables["attributes"], Qt.Key.Key_W)  # the first that begins with it
    assert page.lists.chosen("attributes").label.startswith("W")
    choose(page, "attributes", "Warranty until")
    page.hide_line.click()
    dialog = QApplication.activeModalWidget() or page
    keep = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Keep the values…")
    keep.click()
    shown = preview(page, settle)
    assert "Its values are kept and come back when it is shown again." in texts(shown)
    shown.go.click()
    settle()
    assert context.schema.attribute("laptop", "warranty_until").hidden
    choose(page, "attributes", "Warranty until")
    assert page.hide_line.text().strip() == "Show again"


def test_a_class_a_status_and_a_relationship_type_are_made(context: Context, page: ClassesPage, settle: Settle) -> None:
    page.sheets.new_class("hardware")
    editor, go = sheet(context, ClassEditor)
    QTest.keyClicks(editor.label, "Forklift")
    QTest.keyClicks(editor.plural, "Forklifts")
    preview(page, settle, go).go.click()
    settle()
    assert "forklift" in context.schema.classes
    page.tree.choose("hardware")
    page._load()
    settle()
    page.tabs._buttons["statuses"].click()
    page.change.click()
    editor, go = sheet(context, ChoicesEditor)
    editor.add()
    line = editor.table.rowCount() - 1
    editor.table.item(line, 0).setText("On loan")
    phases = editor.table.cellWidget(line, 1)
    phases.setCurrentIndex(phases.findData("away"))
    preview(page, settle, go).go.click()
    settle()
    loan = context.schema.attribute("forklift", "status").choices[-1]
    assert (loan.value, str(loan.phase)) == ("On loan", "away")
    page.tabs._buttons["relationships"].click()
    page.add.click()
    editor, go = sheet(context, RelationshipEditor)
    QTest.keyClicks(editor.label, "lifts")
    go.click()
    settle()
    assert "in both directions" in page.sheets._said._text.text()  # type: ignore[union-attr]
    QTest.keyClicks(editor.inverse, "is lifted by")
    preview(page, settle, go).go.click()
    settle()
    assert context.schema.relationship("lifts").subjects == ("hardware",)


def test_a_section_is_made_changed_retired_and_shown_again(context: Context, page: ClassesPage, settle: Settle) -> None:
    page.tabs._buttons["sections"].click()
    page.add.click()
    editor, go = sheet(context, SectionEditor)
    QTest.keyClicks(editor.label, "Docks")
    for place, name in enumerate(("Port", "Serial number")):
        editor.add()
        editor.table.item(place, 0).setText(name)
    editor.table.cellWidget(0, 2).setChecked(True)
    preview(page, settle, go).go.click()
    settle()
    made = context.schema.section("docks")
    assert [one.label for one in made.columns.values()] == ["Port", "Serial number"]
    assert page.lists.chosen("sections").label == "Docks"
    page.change.click()
    editor, go = sheet(context, SectionEditor)
    editor.label.selectAll()
    QTest.keyClicks(editor.label, "Docking stations")
    editor.add()
    editor.table.item(2, 0).setText("Bought")
    kind = editor.table.cellWidget(2, 1)
    kind.setCurrentIndex(kind.findData("date"))
    preview(page, settle, go).go.click()
    settle()
    changed = context.schema.section("docks")
    assert (str(changed.label), changed.columns["bought"].type) == ("Docking stations", "date")
    with context.workspace.read() as reader:
        uid = reader.find(a_laptop(context)).uid
    row = Record("section", (uid, "docks", "person", "left"))
    context.workspace.apply(Revision([Edit(row, "", None, {"port": "left"})], "tester"))
    settle()
    page.hide_line.click()
    shown = preview(page, settle)
    assert "Its rows are kept" in texts(shown)
    shown.go.click()
    settle()
    assert context.schema.section("docks").hidden
    choose(page, "sections", "Docking stations")
    assert page.hide_line.text().strip() == "Show again"
    page.hide_line.click()
    preview(page, settle).go.click()
    settle()
    assert not context.schema.section("docks").hidden


def test_what_a_phase_needs_is_written_as_names(context: Context, page: ClassesPage, settle: Settle) -> None:
    page.tabs._buttons["life_cycle"].click()
    page.add.click()
    editor, go = sheet(context, RequirementEditor)
    QTest.keyClicks(editor.label, "a cost centre")
    editor.more.setCurrentIndex(editor.more.findText("Cost centre"))
    editor._add(editor.more.currentIndex())
    preview(page, settle, go).go.click()
    settle()
    row = next(one for one in page.lists.models["life_cycle"].rows if one.label == "a cost centre")
    assert (str(row.when), str(row.needs)) == ("To enter: Live", "Cost centre")
    choose(page, "life_cycle", "a cost centre")
    page.change.click()
    editor, go = sheet(context, RequirementEditor)
    editor.alternatives.clear()
    preview(page, settle, go).go.click()
    settle()
    assert context.schema.cls("laptop").requires["a_cost_centre"].any == ()


def test_a_draft_changes_no_schema_and_says_so(context: Context, page: ClassesPage, settle: Settle) -> None:
    context.workspace.make_draft("trial")
    page.opened()
    settle()
    assert not page.add.isEnabled()
    assert "A draft cannot hold this" in page.notice._text.text()
    context.workspace.close_draft()
    page.opened()
    settle()
    assert page.add.isEnabled()


def test_what_others_changed_meanwhile_is_said_in_one_line(context: Context, page: ClassesPage, settle: Settle) -> None:
    from app.schema.attributes import AttributeForm, new_attribute
    from app.schema.change import NO_ANSWERS
    from app.schema.plan import plan, revise

    choose(page, "attributes", "Warranty until")
    page.change.click()
    editor, go = sheet(context, AttributeEditor)
    editor.label.setText("Covered until")
    shown = preview(page, settle, go)
    with context.workspace.read() as reader:
        change = new_attribute(reader.schema, "person", AttributeForm("Badge"))[0]
        revision = revise(reader, plan(reader, change), NO_ANSWERS, "another")
    context.workspace.store.apply(revision)
    shown.go.click()
    settle()
    assert "The classes were changed meanwhile" in page.sheets._said._text.text()  # type: ignore[union-attr]
    assert context.schema.attribute("laptop", "warranty_until").label == "Warranty until"
    before = page.sheets.preview
    go.click()  # the form was filled from the schema as it was
    settle()
    assert "close this form and open it again" in page.sheets._said._text.text()  # type: ignore[union-attr]
    assert page.sheets.preview is before
