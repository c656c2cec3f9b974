"""The import page compares: what is new and changed, what is left out, and what is in doubt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import open_estate
from tests.ui.import_flow import compared, names
from ui.pages.import_.page import APPLY, CHECK, COMPARE, ImportPage
from ui.widgets.buttons import Button

Settle = Callable[..., None]


def test_the_comparison_says_what_is_new_changed_and_created(
    page: ImportPage, sheet: Path, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    prepared = page.flow.prepared
    assert prepared is not None
    assert {c.name for c in prepared.changed} == {"LT-2041", "LT-2048"}
    changed = next(c for c in prepared.changed if c.name == "LT-2041")
    assert ("warranty_until", "2026-12-12", "2027-12-31") in changed.cells
    assert prepared.proposal.rejected == 3
    assert "Creates" in page.compare_view.creates.text()
    assert "Hardware models (1)" in page.compare_view.creates.text()
    page.compare_view.show_created.click()
    shown = page.compare_view.view._pages["new"].model.rows
    assert shown
    assert all(change.reference for change in shown)


def test_creating_named_records_is_optional(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    compared(page, sheet, idle)
    page.compare_view.creating.setChecked(False)
    idle()
    prepared = page.flow.prepared
    assert prepared is not None
    assert not prepared.proposal.created_references
    assert any("Latitude 7440" in p.value for p in prepared.proposal.problems)


def test_all_or_nothing_refuses_while_rows_are_rejected(
    page: ImportPage, sheet: Path, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    assert page.next_button.isEnabled()
    page.compare_view.all.setChecked(True)
    assert not page.next_button.isEnabled()
    page.compare_view.all.setChecked(False)
    assert page.next_button.isEnabled()


def test_blank_cells_clear_only_when_asked(
    page: ImportPage, workspace: Workspace, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Laptops.csv"
    path.write_text("Asset Tag,Name,Warranty until\nA2041,LT-2041,\n")
    compared(page, path, idle)
    assert page.flow.prepared is not None
    assert not page.flow.prepared.changed
    page.compare_view.blanks.choose("clear")
    page.compare_view.blanks.chosen.emit("clear")
    idle()
    (changed,) = page.flow.prepared.changed
    assert [(c.attribute, c.after) for c in changed.cells] == [("warranty_until", None)]


def test_a_record_is_left_out_with_what_refers_to_it(
    page: ImportPage, sheet: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    view = page.compare_view.view
    view.tabs.choose("new")
    view._choose("new")
    model = view._pages["new"].model
    line = next(i for i, c in enumerate(model.rows) if c.name == "Latitude 7440")
    view.table.selectRow(line)
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    assert page.flow.prepared is not None
    out = {c.name for c in page.flow.prepared.proposal.changes if c.uid in view.left_out}
    assert out == {"Latitude 7440", "LT-2041", "LT-2048"}
    page.next()
    idle()
    assert page.step == APPLY
    with workspace.store.read() as reader:
        assert not [m.name for m in reader.page(Selection("hardware_model")) if m.name == "Latitude 7440"]
    assert names(workspace)["LT-2048"] == "Deployed"


def test_taking_in_again_takes_all_in_again(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    compared(page, sheet, idle)
    view = page.compare_view.view
    view._choose("new")
    view.table.selectRow(0)
    view.toggle()
    assert view.left_out
    view.toggle()
    assert not view.left_out


def test_the_comparison_is_repeated_after_another_process_writes(
    page: ImportPage, sheet: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    with workspace.store.read() as reader:
        laptop = reader.find("LT-2041")
    source = Edit(ci(laptop.uid), "warranty_until", "2026-12-12", "2027-12-31")
    page.changed(workspace.store.apply(Revision([source], "tom")))
    idle()
    assert page.flow.prepared is not None
    changed = {c.name: [cell.attribute for cell in c.cells] for c in page.flow.prepared.changed}
    assert "warranty_until" not in changed.get("LT-2041", [])


def leave_out(page: ImportPage, tab: str, name: str) -> None:
    view = page.compare_view.view
    view.tabs.choose(tab)
    view._choose(tab)
    line = next(i for i, c in enumerate(view._pages[tab].model.rows) if c.name == name)
    view.table.selectRow(line)
    view.toggle()


def left_out(page: ImportPage) -> set[str]:
    assert page.flow.prepared is not None
    return {c.name for c in page.flow.prepared.proposal.changes if c.uid in page.compare_view.view.left_out}


def test_what_others_wrote_meanwhile_is_shown_and_what_was_left_out_stays_out(
    page: ImportPage, sheet: Path, estate: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    leave_out(page, "changed", "LT-2041")
    assert left_out(page) == {"LT-2041"}
    model = Edit(ci(new_id()), "", None, {"class": "hardware_model", "name": "Latitude 7440"})
    other = open_estate(estate)
    other.apply(Revision([model], "tom", "sheet:models.csv"))
    other.close()
    page.next()
    idle()
    assert page.step == COMPARE
    assert page.next_button.isEnabled()
    said = page.compare_view._message._text.text()
    for words in ("by tom, from sheet models.csv", "Nothing was written", "Latitude 7440"):
        assert words in said, said
    assert left_out(page) == {"LT-2041"}
    page.next()
    idle()
    assert page.step == APPLY
    assert not page.flow.meanwhile
    with workspace.store.read() as reader:
        models = {one.uid: one.name for one in reader.page(Selection("hardware_model"))}
        used = {one.name: models.get(str(one.values.get("model")), "") for one in reader.page(Selection("laptop"))}
    assert list(models.values()).count("Latitude 7440") == 1
    assert (used["LT-2041"], used["LT-2048"]) == ("", "Latitude 7440")


def test_another_import_begins_with_nothing_left_out(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    compared(page, sheet, idle)
    leave_out(page, "new", "Latitude 7440")
    page.restart()
    compared(page, sheet, idle)
    assert not page.compare_view.view.left_out


def test_what_is_in_doubt_is_decided_before_it_is_applied(
    page: ImportPage, workspace: Workspace, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Laptops.csv"
    path.write_text("Asset Tag,Name,Status\nX1,nb-1,Deployed\nX1,nb-1,In stock\n")
    compared(page, path, idle)
    view = page.compare_view.view
    assert view.tabs.current == "doubt"
    buttons = {button.text(): button for button in view.detail.findChildren(Button) if button.isVisibleTo(view)}
    assert {"This row is right", "Ignore"} <= {text.strip() for text in buttons}
    assert not page.next_button.isEnabled() or "new" not in page.next_button.text()
    assert page.flow.prepared is not None
    (question,) = page.flow.prepared.proposal.review
    stock = next(one for one in question.options if "In stock" in str(one.text))
    view.detail.answered.emit(question, stock.choice)
    idle()
    assert page.step == COMPARE
    assert not page.flow.prepared.proposal.review
    steps = page.own_steps()
    assert steps is not None
    assert str(steps.undone) == "Answer about “nb-1”"
    page.next()
    idle()
    assert names(workspace)["nb-1"] == "In stock"


def test_two_rows_in_doubt_are_both_right_once_the_clashing_value_is_mended(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Laptops.csv"
    path.write_text("Asset Tag,Name,Status\nX1,nb-1,Deployed\nX1,nb-2,In stock\n")
    compared(page, path, idle)
    assert page.flow.prepared is not None
    (question,) = page.flow.prepared.proposal.review
    page.compare_view.view.detail.mend_wanted.emit(question)
    idle()
    view = page.check_view
    assert page.step == CHECK
    assert view.table.cell == (2, 0)
    view.put("X2", False)
    idle()
    assert page.flow.prepared is not None
    assert not page.flow.prepared.proposal.review
    assert {change.name for change in page.flow.prepared.new} == {"nb-1", "nb-2"}
