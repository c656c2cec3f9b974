"""The sheet as a grid: its problems at their cells, corrections in place, their undo and redo."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from importers.spreadsheets.columns.mapping import NameChoice
from tests.importers.inventory.documents import laptop
from tests.ui.import_flow import opened
from ui.context import Context
from ui.pages.import_.check_view import CheckView
from ui.pages.import_.mend_bar import SuggestingField
from ui.pages.import_.page import CHECK, ImportPage
from ui.pages.import_.sheet_grid_model import CELL_TONE


@pytest.fixture
def view(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> CheckView:
    opened(page, sheet, idle)
    page.go_to(CHECK)
    idle()
    return page.check_view


def tone(view: CheckView, row: int, index: int) -> str:
    model = view.table.model()
    return str(model.index(view._model.line_of(row), index).data(CELL_TONE))


def header(view: CheckView, line: int) -> str:
    return str(view._model.headerData(line, Qt.Orientation.Vertical, int(Qt.ItemDataRole.DisplayRole)))


def test_cells_stand_where_the_spreadsheet_has_them_and_problems_are_gone_through(
    page: ImportPage, view: CheckView
) -> None:
    assert [header(view, line) for line in range(5)] == ["3", "4", "5 ×", "6 ×", "7 ×"]
    assert view._model.headerData(2, Qt.Orientation.Horizontal, int(Qt.ItemDataRole.DisplayRole)) == "C  Status"
    assert (tone(view, 3, 2), tone(view, 5, 2), tone(view, 7, 5)) == ("", "bad", "bad")
    tip = str(view._model.index(2, 2).data(Qt.ItemDataRole.ToolTipRole))
    assert "Deployd" in tip
    assert view.table.cell == (5, 2)
    assert view._model.words(2, 2)[0] == "Deployed"
    assert {"Deployed", "In stock", "Retired"} <= set(view._model.words(0, 2))  # a cell without a problem, too
    assert view._model.words(0, 1) == []
    steps = []
    for forward in (True, True, True, False, False, False):
        view.step(forward)
        steps.append((view.table.cell, view.group.key if view.group is not None else None))
    choice, date = view.side.list.shown[0].key, view.side.list.shown[1].key
    assert steps == [
        ((6, 2), choice), ((7, 5), date), ((5, 2), choice),  # the kinds follow each other, round and round
        ((7, 5), date), ((6, 2), choice), ((5, 2), choice),
    ]  # fmt: skip
    view.step(True)
    view.only.setChecked(True)
    assert [header(view, line) for line in range(view._model.rowCount())] == ["5 ×", "6 ×", "7 ×"]
    assert view.table.cell == (6, 2)
    view.only.setChecked(False)
    view.table.go_to(3, 0)
    view.only.setChecked(True)
    assert view.table.cell == (5, 0)
    view.side.list.values.clicked.emit(view.side.list.values.currentIndex())
    assert view.table.cell == (5, 2)


def test_a_cell_without_a_problem_is_not_offered_what_its_neighbour_lacks(view: CheckView) -> None:
    assert view.table.cell == (5, 2)
    offered = {one.text() for one in view.bar.findChildren(QPushButton) if one.property("kind") == "chip"}
    assert "Deployd" in view.bar._message.text()
    assert "Deployed" in offered
    view.table.go_to(5, 1)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert "Deployd" not in view.bar._message.text()
    assert not [one for one in view.bar.findChildren(QPushButton) if one.property("kind") == "chip"]


def test_a_bad_cell_that_a_row_can_do_without_rejects_it_only_if_asked(
    page: ImportPage, view: CheckView, idle: Callable[[], None]
) -> None:
    rejected = []
    for strict in (False, True):
        view.side.strict.setChecked(strict)
        idle()
        assert page.flow.prepared is not None
        rejected.append((page.flow.prepared.proposal.rejected, page.flow.prepared.proposal.left_out))
    assert rejected == [(0, 3), (3, 0)]


def test_corrections_are_steps_that_are_undone_and_redone_where_one_is(
    page: ImportPage, view: CheckView, idle: Callable[[], None]
) -> None:
    sheet = page.flow.sheets[0]
    view.table.go_to(7, 5)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    (editor,) = view.table.findChildren(SuggestingField)
    editor.setText("28/02/2028")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    idle()
    assert view.table.cell == (7, 5)
    assert tone(view, 7, 5) == "good"
    view.table.go_to(5, 2)
    view.put("Deployed", True)
    idle()
    assert [sheet.cell(row, 2) for row in (5, 6)] == ["Deployed", "Deployed"]
    assert not [g for g in view._groups if g.severity == "error"]
    steps = page.own_steps()
    assert steps is not None
    assert str(steps.undone) == "Replace “Deployd” by “Deployed”"
    steps.undo()
    steps.undo()
    idle()
    assert (sheet.cell(5, 2), sheet.cell(6, 2), sheet.cell(7, 5)) == ("Deployd", "Deployd", "31/02/2028")
    assert not sheet.mends
    assert {g.kind for g in view._groups if g.severity == "error"} == {"choice", "date"}
    again = page.own_steps()
    assert again is not None
    assert str(again.redone) == "Correct 1 cell of Warranty until"
    again.redo()
    idle()
    assert sheet.cell(7, 5) == "28/02/2028"
    view.table.go_to(3, 2)
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    idle()
    assert sheet.cell(3, 2) == ""
    left = page.own_steps()
    assert left is not None
    assert not left.redone
    page.go_to(CHECK - 1)
    assert page.own_steps() is None


def test_a_new_name_is_matched_or_left_out_before_anything_is_created(
    page: ImportPage, context: Context, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Laptops.csv"
    path.write_text(
        "Asset Tag,Name,Status,Model,Owner\nN1,nb-1,Deployed,Thinkbad 14,Anja Vogt\nN2,nb-2,Deployed,Thinkbad 14,"
        '"Vogtt, Anja"\nN3,nb-3,Deployed,Thinkbad 15,Nobody Known\n'
    )
    opened(page, path, idle)
    page.go_to(CHECK)
    idle()
    names = page.check_view.side.names
    found = {one.name: one for one in page.flow.new_names}
    assert {name: one.rows for name, one in found.items()} == {
        "Thinkbad 14": 2, "Thinkbad 15": 1, "Anja Vogtt": 1, "Nobody Known": 1
    }  # fmt: skip
    assert all(one.decidable for one in found.values())
    assert found["Anja Vogtt"].suggested[:1] == ("Anja Vogt",)
    origin = found["Anja Vogtt"].origin
    assert origin is not None
    assert origin.row == 3
    with context.workspace.read() as reader:
        anja = reader.find("Anja Vogt")
        uid = anja.uid
    names.decided.emit([found["Anja Vogtt"]], NameChoice("", "", uid, "Anja Vogt"))
    names.decided.emit([found["Thinkbad 14"], found["Nobody Known"]], NameChoice("", ""))
    idle()
    prepared = page.flow.prepared
    assert prepared is not None
    assert [name for _, name in prepared.proposal.created_references] == ["Thinkbad 15"]
    values = {change.name: {cell.attribute: cell.after for cell in change.cells} for change in prepared.new}
    assert "model" not in values["nb-1"]
    assert uid in values["nb-2"].values()
    assert [str(names._model.index(line, 2).data()) for line in range(4)] == ["left out", "created", "= Anja Vogt",
                                                                              "left out"]  # fmt: skip
    page.flow.undo_mend()
    idle()
    assert prepared is not page.flow.prepared
    assert page.flow.prepared is not None
    assert len(page.flow.prepared.proposal.created_references) == 3

    kept = dict(page.flow.choices)
    assert [one.name for one in kept.values()] == ["Anja Vogt"]
    page.flow.saving.mapping(page.flow.sheets[0], "weekly", kept)
    idle()
    page.flow.reset()
    opened(page, path, idle)
    assert page.flow.choices == kept, "a recipe brings its answers along"


def test_near_equal_values_are_merged_into_the_one_to_keep_as_one_step(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Laptops.csv"
    rows = [("Dell", "Anja Vogt"), ("DELL ", "Vogt, Anja"), ("Dell", "Tom Okafor"), ("HP", "Tom Okafor"), ("hp", "")]
    lines = [f'T{n},nb-{n},{maker},"{owner}"' for n, (maker, owner) in enumerate(rows)]
    path.write_text("\n".join(["Asset Tag,Name,Manufacturer,Owner", *lines]) + "\n")
    sheet = opened(page, path, idle)
    page.go_to(CHECK)
    idle()
    near = page.check_view.side.near
    found = [[(s.text, s.cells) for s in group.spellings] for group in page.flow.near]
    assert found == [[("Dell", 2), ("DELL ", 1)], [("HP", 1), ("hp", 1)], [("Anja Vogt", 1), ("Vogt, Anja", 1)]]
    near.spellings.selectRow(1)
    assert near._spellings.rows[1].text == "DELL "
    near.table.selectRow(1)
    near.spellings.selectRow(1)
    near.keep()
    near.merge_all()
    idle()
    assert [sheet.cell(row, 2) for row in range(2, 7)] == ["Dell", "Dell", "Dell", "hp", "hp"]
    assert sheet.cell(3, 3) == "Anja Vogt"
    assert not page.flow.near
    page.flow.undo_mend()
    idle()
    assert [sheet.cell(row, 2) for row in range(2, 7)] == [maker for maker, _ in rows]
    assert len(page.flow.near) == 3


def test_a_text_is_found_in_the_cells_and_a_copied_block_goes_in_as_one_step(
    page: ImportPage, view: CheckView, idle: Callable[[], None], app: QApplication
) -> None:
    page.focus_search()
    QTest.keyClicks(view.finder.field, "ELITEBOOK")
    QTest.keyClick(view.finder.field, Qt.Key.Key_Return)
    idle()
    found = [view.table.cell]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Return):
        QTest.keyClick(view.finder.field, key)
        found.append(view.table.cell)
    assert found == [(5, 3), (6, 3), (7, 3), (5, 3)]
    assert view.finder._said.text() == "1 of 3"
    QTest.keyClick(view.finder.field, Qt.Key.Key_Escape)
    assert view.finder.isHidden()
    view.table.go_to(5, 2)
    app.clipboard().setText("Deployed\tLatitude 7450\nRetired\tLatitude 7450\n")
    QTest.keyClick(view.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    idle()
    draft = page.flow.sheets[0]
    assert [(draft.cell(row, 2), draft.cell(row, 3)) for row in (5, 6, 7)] == [
        ("Deployed", "Latitude 7450"), ("Retired", "Latitude 7450"), ("In stock", "EliteBook 840"),
    ]  # fmt: skip
    assert (page.step, view.table.cell, str(page.flow.mends.undo_label)) == (CHECK, (5, 2), "Paste 4 cells")
    page.flow.undo_mend()
    idle()
    assert [draft.cell(row, 3) for row in (5, 6)] == ["EliteBook 840", "EliteBook 840"]


def test_the_names_stay_in_sight_while_other_columns_are_looked_at(page: ImportPage, view: CheckView) -> None:
    page.resize(900, 600)
    frozen = view.table._frozen
    assert frozen is not None
    seen = []
    for index in (0, 7, 1, 0):
        view.table.go_to(4, index)
        seen.append((frozen.isVisible(), view.table.columnViewportPosition(index) >= frozen.room))
    assert seen == [(False, True), (True, True), (True, False), (False, True)]
    view.table.go_to(4, 7)
    view.table.go_to(4, 1)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    (editor,) = view.table.findChildren(SuggestingField)
    assert (frozen.isVisible(), editor.parent(), editor.text()) == (False, view.table.viewport(), "LT-2048")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert frozen.model().headerData(frozen.column, Qt.Orientation.Horizontal) == "B  Name"


def test_a_problem_of_an_inventory_says_of_which_file_it_is(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    """It is in no cell of a sheet: without a sheet, its sentence is all that there is to see."""
    path = tmp_path / "pc.json"
    path.write_text(json.dumps(laptop(hardware={"name": "pc-17", "uuid": "no-uuid"})), "utf-8")
    page.opened(files=[str(path)])
    idle()
    page.go_to(CHECK)
    idle()
    view = page.check_view
    texts = [one.text() for one in view.bar.findChildren(QLabel) if one.isVisibleTo(page)]
    assert "pc.json" in texts
    assert any("no-uuid" in text and "left out" in text for text in texts)
    assert not view._undo.isVisibleTo(page)
