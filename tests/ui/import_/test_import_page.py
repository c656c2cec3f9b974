"""The import page: the whole way of real files, from checking them to taking the import back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.history.revisions import items_changed_by
from app.pasted_list import made_list
from app.reviews.decisions import decision_revision
from app.reviews.open_questions import open_decisions
from app.schema.change import NO_ANSWERS
from app.schema.plan import plan, revise
from app.schema.source_orders import OrderPlace, change_order
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.model.source_orders import RankedSource
from tests.ui.conftest import RecordingShell
from tests.ui.import_flow import compared, names, opened
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.import_.page import APPLY, CHECK, COMPARE, OPEN, ImportPage
from ui.pages.import_.steps import StepBar
from ui.proposals.job_progress import pace
from ui.records.condition_chips import ListChip
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


# -- apply ------------------------------------------------------------------------------------------------------------


def test_after_an_import_its_items_are_shown_as_a_list(
    page: ImportPage, sheet: Path, context: Context, shell: RecordingShell, workspace: Workspace,
    idle: Callable[[], None], settle: Callable[..., None],
) -> None:  # fmt: skip
    compared(page, sheet, idle)
    page.next()
    idle()
    result = page.result_view
    assert result.show_made.isVisibleTo(page)
    result.show_made.click()
    ((title, classes),) = shell.said("open_made")
    with workspace.read() as reader:
        header = reader.revisions(limit=1)[0]
        made = items_changed_by(reader, header.number)
    assert title == "Import of Laptops.csv"
    assert (len(classes), classes) == (header.created + header.updated, made)
    assert result.show_made.text().strip() == f"Show these {len(classes)} in Assets"
    assets = AssetsPage(context)
    assets.resize(1300, 760)
    assets.show()
    cls, listed = made_list(context.schema, Message("Import of Laptops.csv"), classes)
    assets.opened(cls=cls, made=listed)
    settle(lambda: assets.listing.model.rowCount() == len(classes))
    chips = assets.listing.filter.chips
    (chip,) = chips.findChildren(ListChip)
    assert chip.text() == f"Import of Laptops.csv: {len(classes)}"
    again = assets.state()
    assets.opened(cls="ci")
    assets.opened(**again)
    settle(lambda: assets.listing.model.rowCount() == len(classes))
    assets.close()
    result.undo.click()
    idle()
    assert result.show_made.isHidden()


def test_values_that_are_held_and_asked_about_are_counted_and_lead_to_where_they_are_decided(
    page: ImportPage, context: Context, shell: RecordingShell, workspace: Workspace, tmp_path: Path,
    idle: Callable[[], None],
) -> None:  # fmt: skip
    path = tmp_path / "more.csv"
    for notes, memory in (("A", 8), ("B", 16)):
        path.write_text(f"Class,Name,Serial number,Notes,Memory\nLaptop,LT-77,SER-77-X,{notes},{memory} GB\n")
        compared(page, path, idle)
        page.next()
        idle()
        shown = (page.result_view.held.isVisibleTo(page), page.result_view.review.isVisibleTo(page))
        assert shown == (notes == "B", notes == "B")
        for attribute, does in (("notes", "hold"), ("memory", "ask")):
            change = change_order(workspace.schema, OrderPlace("laptop", attribute), (RankedSource("sheet", does),))
            with workspace.read() as reader:
                workspace.apply(revise(reader, plan(reader, change), NO_ANSWERS, "anna"))
    assert "1 value held, 1 value asked about" in page.result_view._text.text()
    page.result_view.held.click()
    assert shell.said("sheet")[0][0] == "Deviations"
    idle()


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
    told = []
    for step in (workspace.undo_stack.undo, workspace.undo_stack.redo):  # of the undo
        step()
        idle()
        told.append((page.result_view._title.text(), page.result_view.undo.isVisibleTo(page.result_view)))
    assert told == [("Imported", True), ("Taken back", False)]


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


def test_each_step_fits_the_smallest_window_with_large_text(
    theme: Theme, page: ImportPage, sheet: Path, idle: Callable[[], None], app: QApplication
) -> None:
    """What is beside the page takes 86 pixels then; else the button that leads on is scrolled out of sight."""
    theme.set_text_size(20)
    try:
        page.resize(1024 - 86, 610)
        opened(page, sheet, idle)
        wide = {"map": page.minimumSizeHint().width()}
        for step, name in ((CHECK, "check"), (COMPARE, "compare")):
            page.go_to(step)
            idle()
            app.processEvents()
            wide[name] = page.minimumSizeHint().width()
        assert {name: width for name, width in wide.items() if width > page.width()} == {}
        assert page.next_button.mapTo(page, page.next_button.rect().bottomRight()).x() < page.width()
    finally:
        theme.set_text_size(0)


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


def test_a_question_that_was_answered_is_offered_no_more(
    page: ImportPage, tmp_path: Path, context: Context, workspace: Workspace, idle: Callable[[], None]
) -> None:
    workspace.store.subscribe(lambda applied: context.tasks.post(page.changed, applied))  # as the window does
    path = tmp_path / "twice.csv"
    rows = [f"DT-7,SER-SEVEN-7,Desktop,{size} GB" for size in (16, 32)]
    path.write_text("\n".join(["Name,Serial number,Class,Memory", *rows, "DT-8,SER-EIGHT-8,Desktop,8 GB"]))
    compared(page, path, idle)
    page.next()
    idle()
    assert page.result_view.review.text().strip() == "Review 1 question"
    with workspace.read() as reader:
        (decision,) = open_decisions(reader)
        revision = decision_revision(reader, decision, "1", "anna")
    workspace.apply(revision)
    idle()
    assert page.result_view.review.isHidden()
    workspace.undo_stack.undo()
    idle()
    assert not page.result_view.review.isHidden()
    workspace.undo_stack.redo()
    idle()
    assert page.result_view.review.isHidden()
    page.result_view.undo.click()
    idle()
    workspace.undo_stack.undo()
    idle()
    assert page.result_view._title.text() == "Imported"
    assert page.result_view.review.isHidden(), "its question stays decided"
