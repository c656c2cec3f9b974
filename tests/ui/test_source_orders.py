"""Orders of sources and deviations in the window: seen before they are applied, taken over one by one and together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from app.reviews.inbox import gather
from app.schema.change import Answers
from app.schema.plan import plan, revise
from app.schema.source_orders import OrderPlace, change_order
from app.workspace import Workspace
from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.source_orders import ASK, HOLD, RankedSource
from cmdb.reconciliation import reconcile
from cmdb.store.reading.lookup import StoreLookup
from tests.ui.conftest import ShowPage
from tests.ui.test_classes_page import choose, preview, sheet, texts
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.classes.page import ClassesPage
from ui.pages.classes.source_order_editor import SourceOrderEditor
from ui.pages.review.page import ReviewPage
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


def test_rows_of_a_section_are_asked_about_and_answered_one_and_all(
    context: Context, workspace: Workspace, show_page: ShowPage, settle: Settle
) -> None:
    look(workspace, 1, {0: 8192, 1: 8192})
    page = show_page(ClassesPage, 1300, 760)
    page.opened(cls="laptop")
    settle()
    page.sheets.change_order(OrderPlace("laptop", "memory_modules", of_section=True))
    editor, go = sheet(context, SourceOrderEditor)
    settle()
    does = editor.table.cellWidget(0, 1)
    assert isinstance(does, QComboBox)
    does.setCurrentIndex(does.findData(ASK))
    shown = preview(page, settle, go)
    assert "Memory modules: 2 rows stay as they are: a change of them is asked about." in texts(shown)
    shown.go.click()
    settle()
    look(workspace, 2, {0: 16384, 2: 4096})
    review = show_page(ReviewPage, 1300, 760)
    review.opened()
    settle()
    asked = [one for one in review._inbox.questions if one.section]
    assert len(asked) == 3
    changed = next(one for one in asked if "instead of" in str(one.question))
    review.opened(id=changed.id)
    settle()
    assert review.sides is not None
    told = " ".join(label.text() for label in review.sides.findChildren(QLabel))
    for words in ("16 GiB", "8 GiB", "Size", "Slot", "the row that stands"):
        assert words in told
    review.decide("take")
    settle()
    review.opened(id=next(one.id for one in asked if one is not changed))
    settle()
    assert len(review._like_shown()) == 2
    review._decide_all(review._like_shown(), "keep")
    settle()
    with workspace.read() as reader:
        uid = reader.find("LT-9").uid
        rows = reader.sections_of([uid])[uid]["memory_modules"]
        assert {row.columns["slot"]: row.columns["size"] for row in rows} == {0: 16384, 1: 8192}
        assert not [one for one in gather(reader).questions if one.section]


def look(workspace: Workspace, day: int, slots: dict[int, int]) -> None:
    """A scan that sees the memory modules of a laptop: slot → MiB."""
    with workspace.read() as reader:
        one = Observation("laptop", {"name": "LT-9", "serial_number": "PF9ABC01"})
        one.sections = ("memory_modules",)
        one.details = {"memory_modules": [{"slot": slot, "size": size} for slot, size in slots.items()]}
        reading = Reading(Source("scan", "LT-9"), f"2026-03-0{day}T08:00:00.000Z", [one])
        proposal = reconcile([reading], StoreLookup(reader), reader.schema, "tester")
    workspace.store.apply(proposal.revision)


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
