"""The import page: the whole way of real files, from checking them to taking the import back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import open_estate
from tests.ui.import_flow import compared, names, opened
from ui.context import Context
from ui.pages.import_.page import APPLY, CHECK, COMPARE, OPEN, ImportPage
from ui.pages.import_.steps import StepBar
from ui.proposals.job_progress import pace
from ui.theme import Theme
from ui.widgets.buttons import Button

Settle = Callable[..., None]

# -- check ------------------------------------------------------------------------------------------------------------


def test_every_problem_is_listed_by_kind_and_mended_in_place(
    page: ImportPage, sheet: Path, idle: Callable[[], None], settle: Settle
) -> None:
    opened(page, sheet, idle)
    page.go_to(CHECK)
    idle()
    view = page.check_view
    errors = {group.kind: len(group.problems) for group in view._groups if group.severity == "error"}
    assert errors == {"choice": 2, "date": 1}
    assert view.group is not None
    assert view.group.kind == "choice"
    assert view.field.text() == "Deployd"
    settle(lambda: view.all.text() == "All 2 like it")  # counted once the cell has been looked at for a moment
    chips = [button for button in view.bar.findChildren(Button) if button.property("kind") == "chip"]
    assert chips[0].text() == "Deployed"
    QTest.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    idle()
    assert {g.kind for g in view._groups if g.severity == "error"} == {"date"}
    assert page.flow.mended == 2
    view.field.setText("29/02/2028")
    QTest.keyClick(view.field, Qt.Key.Key_Return)
    idle()
    assert not [g for g in view._groups if g.severity == "error"]
    page.flow.forget_mends()
    idle()
    assert page.flow.mended == 0
    assert {g.kind for g in view._groups if g.severity == "error"} == {"choice", "date"}


def test_rejected_rows_go_to_a_file_that_can_be_imported(
    page: ImportPage, sheet: Path, tmp_path: Path, idle: Callable[[], None]
) -> None:
    opened(page, sheet, idle)
    page.go_to(CHECK)
    idle()
    written: list[int] = []
    out = tmp_path / "Laptops rejected.csv"
    page.flow.saving.rejects(out, page.flow.rejects(), page.flow.taken, written.append)
    idle()
    assert written == [3]
    text = out.read_text("utf-8-sig")
    assert "LT-3002" in text
    assert "31/02/2028" in text
    assert "LT-2041" not in text
    page.restart()
    again = opened(page, out, idle)
    assert again.mapping.cls == "laptop"
    assert again.rows == 3


# -- compare and apply ------------------------------------------------------------------------------------------------


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


def test_import_then_undo_it_after_a_look(
    page: ImportPage, sheet: Path, context: Context, workspace: Workspace, idle: Callable[[], None]
) -> None:
    before = names(workspace)
    compared(page, sheet, idle)
    page.flow.mend(page.flow.sheets[0], [5, 6], 2, "Deployed")
    idle()
    assert "Import 5 new" in page.next_button.text()
    page.next()
    idle()
    assert page.step == APPLY
    assert set(names(workspace)) - set(before) == {"LT-3000", "LT-3001"}
    assert names(workspace)["LT-3000"] == "Deployed"
    result = page.result_view
    assert result.table.model().rowCount() == 5
    result.undo.click()
    idle()
    assert names(workspace) == before
    assert "Taken back" in result._title.text()
    shell = context.shell
    assert shell.said("confirm")[0][0] == "Undo this import?"  # type: ignore[attr-defined]


def test_an_import_is_undone_around_two_edits_that_came_after_it(
    page: ImportPage, sheet: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    page.flow.mend(page.flow.sheets[0], [5, 6], 2, "Deployed")
    idle()
    page.next()
    idle()
    with workspace.store.read() as reader:
        changed, new = reader.find("LT-2041"), reader.find("LT-3000")
    workspace.apply(Revision([Edit(ci(changed.uid), "warranty_until", "2027-12-31", "2029-01-01")], "tom"))
    workspace.apply(Revision([Edit(ci(new.uid), "status", "Deployed", "In stock")], "tom"))
    page.result_view.undo.click()
    idle()
    kept = {"LT-2041: Warranty until", "LT-3000"}
    assert all(one in page.result_view._text.text() for one in kept), page.result_view._text.text()
    with workspace.store.read() as reader:
        values = {one.name: one.values for one in reader.page(Selection("laptop"))}
    assert values["LT-2041"]["warranty_until"] == "2029-01-01"
    assert values["LT-3000"]["status"] == "In stock"
    assert "LT-3001" not in values


def test_the_same_file_again_changes_nothing(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    compared(page, sheet, idle)
    page.next()
    idle()
    compared(page, sheet, idle)
    assert page.flow.prepared is not None
    assert not page.flow.prepared.new
    assert not page.flow.prepared.changed
    assert not page.next_button.isEnabled()


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


def test_its_own_revision_leaves_the_page_at_its_result(
    page: ImportPage, sheet: Path, context: Context, workspace: Workspace, idle: Callable[[], None]
) -> None:
    workspace.store.subscribe(lambda applied: context.tasks.post(page.changed, applied))  # as the window does
    compared(page, sheet, idle)
    page.next()
    idle()
    assert page.step == APPLY
    assert page._stack.currentWidget() is page.result_view
    page.result_view.undo.click()
    idle()
    assert page.step == APPLY
    assert "Taken back" in page.result_view._title.text()


def test_cancelled_nothing_is_kept(
    page: ImportPage, sheet: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    before = names(workspace)

    def stopped(control: Control, *rest: object) -> None:
        control.cancel()
        control.check()

    monkeypatch.setattr("ui.pages.import_.flow.apply", stopped)
    page.next()
    idle()
    assert page.step == COMPARE
    assert names(workspace) == before
    problems = page.context.shell.problems  # type: ignore[attr-defined]
    assert isinstance(problems.pop(), Cancelled)


def test_into_the_past_nothing_is_imported(
    page: ImportPage, sheet: Path, context: Context, idle: Callable[[], None]
) -> None:
    compared(page, sheet, idle)
    context.moment.set(1, "yesterday")
    page.reload()
    assert not page.next_button.isEnabled()
    context.moment.set(None)
    page.reload()
    assert page.next_button.isEnabled()


def test_steps_that_were_reached_can_be_gone_back_to(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    compared(page, sheet, idle)
    page._bar.steps[0].click()
    assert page.step == OPEN
    assert page.flow.prepared is not None
    page._bar.steps[3].click()
    idle()
    assert page.step == COMPARE
    assert page.flow.prepared is not None


def test_lines_between_steps_give_way_before_their_names(app: QApplication, theme: Theme) -> None:
    bar = StepBar(theme, ["Open", "Map", "Compare"])
    bar.show()
    for less in (0, 20, 0):
        bar.resize(bar.sizeHint().width() - less, 28)
        app.processEvents()
        assert [step.width() for step in bar.steps] == [step.sizeHint().width() for step in bar.steps]
    bar.deleteLater()


def test_the_speed_is_shown_when_it_is_known() -> None:
    assert pace(10, 100, 0.1) == "10 of 100"
    assert pace(1_000, 5_000, 2.0) == "1,000 of 5,000 · 500 a second · 8 s left"
    assert pace(1_000, 200_000, 2.0).endswith("7 min left")


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


def test_the_own_workbook_comes_back_marked_and_only_what_is_mended_goes_in_again(
    page: ImportPage, workspace: Workspace, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path, copy = tmp_path / "Laptops.xlsx", tmp_path / "Laptops marked.xlsx"
    book = openpyxl.Workbook()
    for line in (("Asset Tag", "Name", "Status"), ("M1", "nb-1", "Deployed"), ("M2", "nb-2", "Deployd")):
        book.active.append(line)
    book.save(path)
    compared(page, path, idle)
    page.next()
    idle()
    applied = page.flow.result
    assert applied is not None
    assert set(names(workspace)) & {"nb-1", "nb-2"} == {"nb-1"}
    written: list[int] = []
    prepared = page.flow.prepared
    assert prepared is not None
    page.flow.saving.marked(
        page.flow.workbooks[0], copy, prepared.proposal, applied, True, lambda made: written.append(made.rows)
    )
    idle()
    assert written == [1]
    marked = openpyxl.load_workbook(copy)
    marked.worksheets[0]["C3"] = "Deployed"
    marked.save(copy)
    page.restart()
    compared(page, copy, idle)
    assert page.flow.prepared is not None
    assert [change.name for change in page.flow.prepared.new] == ["nb-2"]
    workspace.undo_revision(applied.number)
    page.restart()
    compared(page, copy, idle)
    assert {change.name for change in page.flow.prepared.new} == {"nb-1", "nb-2"}


def test_a_group_that_needs_more_members_is_counted_and_shown(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Relationships.csv"
    lines = "".join(f"LT-2041,depends on,{other},links,{{needs}}\n" for other in ("LT-2048", "host-a"))
    shown = []
    for needs in (1, 2):
        path.write_text("Source,Relationship,Target,Group,Needs\n" + lines.format(needs=needs))
        compared(page, path, idle)
        shown.append(page.next_button.text().strip())
        assert page.flow.prepared is not None
        shown += [f"{one.left} {one.verb} {one.right}" for one in page.flow.prepared.links if "→" in one.right]
        page.next()
        idle()
        assert page.step == APPLY
    assert shown == ["Import 2 links", "Import 1 changed", "LT-2041 needs of links 1 → 2"]
    assert "1 redundancy group changed" in page.result_view._text.text()
