"""Orders of sources and deviations in the window: seen before they are applied, taken over one by one and together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from app.schema.change import Answers
from app.schema.plan import plan, revise
from app.schema.source_orders import OrderPlace, change_order
from app.workspace import Workspace
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.source_orders import HOLD, RankedSource
from tests.ui.conftest import ShowPage
from tests.ui.test_classes_page import choose, preview, sheet, texts
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.classes.page import ClassesPage
from ui.pages.classes.source_order_editor import SourceOrderEditor
from ui.proposals.deviations import DeviationList
from ui.records.detail.facts import ProvenanceNote
from ui.widgets.buttons import LinkButton

Settle = Callable[..., None]
NAMES = ("LT-2041", "LT-2048")


@pytest.fixture
def said(workspace: Workspace) -> list[str]:
    """Two laptops of which a scan and a sheet say another memory; their ids."""
    with workspace.read() as reader:
        uids = [reader.find(name).uid for name in NAMES]
    edits = [
        Edit(Record("claim", (uid, source)), "memory", None, [value, f"2026-01-0{day}T00:00:00.000Z"])
        for uid in uids
        for source, value, day in (("scan:agent", 16384, 1), ("sheet:list.xlsx", 8192, 2))
    ]
    workspace.store.apply(Revision(edits, "tester"))
    return uids


def memory(workspace: Workspace) -> list[Any]:
    with workspace.read() as reader:
        return [reader.find(name).values.get("memory") for name in NAMES]


def test_an_order_is_changed_by_keys_seen_before_it_is_applied_and_inherited_again(
    context: Context, workspace: Workspace, show_page: ShowPage, settle: Settle, said: list[str]
) -> None:
    page = show_page(ClassesPage, 1300, 760)
    page.opened(cls="laptop")
    settle()
    assert not page.sources.isHidden()
    choose(page, "attributes", "Memory")
    page.sources.click()
    editor, go = sheet(context, SourceOrderEditor)
    settle()
    assert [one.source for one in editor.ranked()] == ["person", "scan", "import", "sheet"]
    assert not editor.back.isVisible()
    box = editor.table.cellWidget(0, 0)
    assert isinstance(box, QComboBox)
    assert box.findData("sheet:list.xlsx") > 0, "the sources of the estate are offered"
    editor.table.setCurrentCell(2, 0)
    for _ in range(2):
        QTest.keyClick(editor.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one.source for one in editor.ranked()] == ["person", "sheet", "scan", "import"]
    QTest.keyClick(editor.table, Qt.Key.Key_Down)
    does = editor.table.cellWidget(1, 1)
    assert isinstance(does, QComboBox)
    does.setCurrentIndex(does.findData(HOLD))
    editor.add()
    typed = editor.table.cellWidget(3, 0)
    assert isinstance(typed, QComboBox)
    typed.setEditText("sheet:HR *")
    assert editor.ranked()[2:] == (RankedSource("scan", HOLD), RankedSource("import"), RankedSource("sheet:HR *"))
    shown = preview(page, settle, go)
    assert "Memory of Laptop: 2 records get another value (" in texts(shown)
    assert "LT-2041: 16 GiB → 8 GiB" in texts(shown)
    shown.go.click()
    settle()
    assert memory(workspace) == [8192, 8192]
    page.sources.click()
    editor, _ = sheet(context, SourceOrderEditor)
    settle()
    assert any("It comes from: Laptop." in one.text() for one in editor.findChildren(QLabel))
    page.sheets.preview = None
    editor.back.click()
    shown = preview(page, settle)
    shown.go.click()
    settle()
    assert memory(workspace) == [16384, 16384]
    page.opened(sources="general")
    settle()
    editor, _ = sheet(context, SourceOrderEditor)
    assert [one.source for one in editor.ranked()] == ["person", "sheet", "import", "scan"]
    page.tabs._buttons["relationships"].click()
    assert page.sources.isHidden()


def test_deviations_are_listed_and_taken_over(
    context: Context, workspace: Workspace, settle: Settle, said: list[str]
) -> None:
    listed = DeviationList(context)
    listed.ask()
    settle()
    assert [(one.name, one.said, one.source) for one in listed.rows.rows] == [
        (name, 8192, "sheet:list.xlsx") for name in NAMES
    ]
    assert listed.take_button.text() == "Take over 1"
    listed.source.setCurrentIndex(listed.source.findData("scan"))
    listed.source.activated.emit(0)
    settle()
    assert listed.rows.rowCount() == 0
    assert not listed.take_button.isEnabled()
    listed.source.setCurrentIndex(0)
    listed.cls.setCurrentIndex(listed.cls.findData("laptop"))
    listed.cls.activated.emit(0)
    settle()
    listed.attribute.setCurrentIndex(listed.attribute.findData("memory"))
    listed.attribute.activated.emit(0)
    settle()
    listed.all_button.click()
    listed.take_button.click()
    settle()
    assert memory(workspace) == [8192, 8192]
    settle()
    workspace.undo_stack.undo()
    settle()
    assert memory(workspace) == [16384, 16384]


def test_a_value_s_note_takes_over_what_another_source_says(
    workspace: Workspace, show_page: ShowPage, settle: Settle, said: list[str]
) -> None:
    page = show_page(AssetsPage)
    page.opened()
    settle()
    page.detail.show_ci(said[0])
    settle()
    fact = page.detail.facts.facts["memory"]
    fact._toggle_why()
    note = fact.findChild(ProvenanceNote)
    assert note is not None
    links = [one for one in note.findChildren(LinkButton) if one.text() == "Take over"]
    assert len(links) == 1
    links[0].click()
    settle()
    assert memory(workspace) == [8192, 16384]
    change = change_order(workspace.store.schema, OrderPlace("laptop", "memory"), (RankedSource("scan", HOLD),))
    with workspace.read() as reader:
        revision = revise(reader, plan(reader, change), Answers(), "tester")
    workspace.store.apply(revision)
    with workspace.read() as reader:
        (sheet_says,) = [c for c in reader.claims(said[1])["memory"] if c.source == "sheet:list.xlsx"]
    record = Record("claim", (said[1], "sheet:list.xlsx"))
    workspace.store.apply(Revision([Edit(record, "memory", [sheet_says.value, sheet_says.observed], None)], "tester"))
    page.detail.show_ci(said[1])
    settle()
    assert page.detail.facts.facts["memory"]._source.text() == "held", "a value that waits is seen, though none stands"
