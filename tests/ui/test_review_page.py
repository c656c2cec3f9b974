"""The review inbox: questions side by side, decided, undone, remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app import import_proposal
from app.import_proposal import mapping_named
from app.imports.mappings import keep_mapping
from app.reviews.inbox import gather
from app.workspace import Workspace
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register.merging import merge
from importers.importer import Options
from importers.spreadsheets.columns.mapping import ColumnUse, Mapping
from ui.context import Context
from ui.pages.review import PAGE
from ui.pages.review.page import ReviewPage
from ui.shell.navigation import FOLDED
from ui.widgets.buttons import PrimaryButton

Settle = Callable[..., None]

SHEET = "Asset Tag,Name,Serial number,Class,Status\nA9001,DT-1,SER-TWO-22,Desktop,Deployed\n"


@pytest.fixture
def doubtful(workspace: Workspace, tmp_path: Path) -> Path:
    """Two desktops; a row has the asset tag of the first and the serial number of the second."""
    one = {"class": "desktop", "name": "DT-1", "asset_tag": "A9001", "serial_number": "SER-ONE-11"}
    two = {"class": "desktop", "name": "DT-2", "asset_tag": "A9002", "serial_number": "SER-TWO-22"}
    known = [Edit(ci(new_id()), "", None, values) for values in (one, two)]
    workspace.apply(Revision(known, "anna", "import:Old list.xlsx"))
    path = tmp_path / "desktops.csv"
    path.write_text(SHEET)
    take(workspace, path)
    return path


def take(workspace: Workspace, path: Path) -> int:
    """Imports a file; how many questions it raises."""
    readings = import_proposal.read_files([path], workspace.schema)[0]
    proposal = import_proposal.propose(workspace.store, readings, "anna")
    workspace.apply(proposal.revision)
    return len(proposal.review)


@pytest.fixture
def page(context: Context, settle: Settle) -> ReviewPage:
    made = ReviewPage(context)
    made.resize(1100, 760)
    made.show()
    made.opened()
    settle(tasks=context.tasks)
    return made


def again(page: ReviewPage, settle: Settle) -> None:
    """As the window does after a revision."""
    settle(tasks=page.context.tasks)
    page.opened()
    settle(tasks=page.context.tasks)


def badge(workspace: Workspace) -> int:
    assert PAGE.badge is not None
    with workspace.store.read() as reader:
        return PAGE.badge(reader, "").number


def find(workspace: Workspace, name: str) -> dict[str, object]:
    with workspace.store.read() as reader:
        return dict(next(c for c in reader.page(Selection("desktop")) if c.name == name).values)


def test_without_questions_nothing_waits(page: ReviewPage, workspace: Workspace) -> None:
    assert page._states.name == "empty"
    assert any(label.text() == "No open questions" for label in page.findChildren(QLabel))
    assert badge(workspace) == 0


def test_a_question_shows_the_row_and_its_candidates(doubtful: Path, page: ReviewPage, workspace: Workspace) -> None:
    assert badge(workspace) == 1
    question = page.question
    assert question is not None
    assert "desktops.csv" in str(question.origins[0])
    read, a, b = question.sides
    assert read.values["serial_number"] == "SER-TWO-22"
    assert {a.title.partition("  ")[2], b.title.partition("  ")[2]} == {"DT-1", "DT-2"}
    assert {line.agrees for line in a.lines} == {True, False}
    assert list(page.buttons) == ["1", "2", "new", "ignore"]
    texts = {label.text(): label for label in page.findChildren(QLabel) if label.accessibleDescription()}
    first = next(side for side in (a, b) if side.title.endswith("DT-1"))
    assert first.values["serial_number"] == "SER-ONE-11"
    assert texts["SER-ONE-11"].accessibleDescription() == "differs"
    assert texts["SER-TWO-22"].accessibleDescription() == "the same"


def test_a_category_that_a_recipe_does_not_know_is_answered(
    page: ReviewPage, workspace: Workspace, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Serial number,Class\nS1,Laptopp\nS2,Laptopp\n")
    columns = (ColumnUse(0, "Serial number", "attribute", "serial_number"), ColumnUse(1, "Class", "class"))
    weekly = Mapping("class", "hardware", columns, name="weekly")
    with workspace.read() as reader:
        workspace.apply(keep_mapping(reader, weekly, "anna"))
    readings = import_proposal.read_files([path], workspace.schema, Options(mapping=weekly, answers=lambda *_: {}))[0]
    workspace.apply(import_proposal.propose(workspace.store, readings, "anna", ask_new=True).revision)
    again(page, settle)
    assert page.question is not None
    assert str(page.question.question) == "What is “Laptopp”? Its 2 rows wait."
    assert list(page.buttons) == ["laptop", "more", "ignore"]
    menu = page.buttons["more"].menu()
    assert menu is not None
    next(one for one in menu.actions() if one.text() == "Router").trigger()
    again(page, settle)
    assert badge(workspace) == 0
    assert ("Decided: Laptopp is Router",) in page.context.shell.said("toast")  # type: ignore[attr-defined]
    with workspace.read() as reader:
        assert mapping_named(reader, "weekly").class_words == {"laptopp": "router"}


def test_same_as_one_merges_into_it(doubtful: Path, page: ReviewPage, workspace: Workspace, settle: Settle) -> None:
    assert page.question is not None
    side = next(s for s in page.question.sides if s.title.endswith("DT-1"))
    page.buttons[side.choice].click()
    again(page, settle)
    left = [sorted(str(side.name) for side in question.sides) for question in page._inbox.questions]
    assert left == [["DT-1", "DT-2"]], "both have one serial number now: are they one thing?"
    assert badge(workspace) == 0
    with workspace.store.read() as reader:
        assert reader.get(side.uid).values["serial_number"] == "SER-TWO-22"
        assert len(reader.page(Selection("desktop"))) == 2
    assert ("Decided: it is DT-1",) in page.context.shell.said("toast")  # type: ignore[attr-defined]


def test_doubles_that_were_merged_are_asked_no_more(page: ReviewPage, workspace: Workspace, settle: Settle) -> None:
    alike = {"class": "desktop", "name": "DT-7", "serial_number": "SER-SEVEN-7"}
    one, other = new_id(), new_id()
    workspace.apply(Revision([Edit(ci(uid), "", None, alike) for uid in (one, other)], "anna"))
    again(page, settle)
    assert page.question is not None
    with workspace.read() as reader:
        applied = workspace.apply(merge(reader, [other], one, "anna"))
    assert any(its.is_concerned(applied) for its in page.depends_on()), "the window tells the page"
    page.changed(applied)
    settle(tasks=page.context.tasks)
    assert page._states.name == "empty"


def test_undo_asks_again(doubtful: Path, page: ReviewPage, workspace: Workspace, settle: Settle) -> None:
    page.buttons["ignore"].click()
    again(page, settle)
    assert badge(workspace) == 0
    workspace.undo_stack.undo()
    again(page, settle)
    assert page._states.name == "content"
    assert badge(workspace) == 1


def test_an_impossible_choice_is_refused_and_the_question_stays(
    doubtful: Path, page: ReviewPage, workspace: Workspace, settle: Settle
) -> None:
    page.buttons["new"].click()  # its asset tag is another's already
    again(page, settle)
    shell = page.context.shell
    assert "A9001" in str(shell.problems.pop())  # type: ignore[attr-defined]
    assert badge(workspace) == 1
    assert all(button.isEnabled() for button in page.buttons.values())


def test_a_new_record(page: ReviewPage, workspace: Workspace, tmp_path: Path, settle: Settle) -> None:
    one = {"class": "desktop", "name": "DT-1", "serial_number": "SER-ONE-11", "machine_id": "1" * 31 + "a"}
    two = {"class": "desktop", "name": "DT-2", "serial_number": "SER-TWO-22", "machine_id": "2" * 31 + "b"}
    known = [Edit(ci(new_id()), "", None, values) for values in (one, two)]
    workspace.apply(Revision(known, "anna", "import:Old list.xlsx"))
    path = tmp_path / "swapped.csv"
    path.write_text(f"Name,Serial number,Machine id,Class\nDT-3,SER-ONE-11,{two['machine_id']},Desktop\n")
    assert take(workspace, path) == 1
    again(page, settle)
    page.buttons["new"].click()
    again(page, settle)
    assert badge(workspace) == 0
    assert find(workspace, "DT-3")["serial_number"] == "SER-ONE-11"


def test_a_decided_question_is_not_asked_again(
    doubtful: Path, page: ReviewPage, workspace: Workspace, settle: Settle
) -> None:
    page.buttons["ignore"].click()
    again(page, settle)
    assert take(workspace, doubtful) == 0
    again(page, settle)
    assert page._states.name == "empty"
    assert find(workspace, "DT-1")["serial_number"] == "SER-ONE-11"


def test_rows_that_disagree_are_put_side_by_side(
    page: ReviewPage, workspace: Workspace, tmp_path: Path, settle: Settle
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Name,Serial number,Class,Memory\nDT-7,SER-SEVEN-7,Desktop,16 GB\nDT-7,SER-SEVEN-7,Desktop,32 GB\n")
    assert take(workspace, path) == 1
    again(page, settle)
    question = page.question
    assert question is not None
    assert [side.values["memory"] for side in question.sides] in ([16384, 32768], [32768, 16384])
    side = next(s for s in question.sides if s.values["memory"] == 32768)
    page.buttons[side.choice].click()
    again(page, settle)
    assert find(workspace, "DT-7")["memory"] == 32768


def test_a_question_that_another_process_decided_disappears(
    doubtful: Path, page: ReviewPage, workspace: Workspace, settle: Settle
) -> None:
    from cmdb.reconciliation import decide
    from cmdb.store.reading.lookup import StoreLookup

    assert page.question is not None
    with workspace.store.read() as reader:
        other = decide(StoreLookup(reader), reader.schema, page.question.id, "ignore", "tom")
    workspace.store.apply(other.revision)
    page.buttons["new"].click()
    settle(tasks=page.context.tasks)
    shell = page.context.shell
    assert "decided already" in str(shell.problems.pop())  # type: ignore[attr-defined]
    assert page._states.name == "empty"


def test_in_the_past_nothing_is_decided(
    doubtful: Path, page: ReviewPage, context: Context, workspace: Workspace, settle: Settle
) -> None:
    with workspace.store.read() as reader:
        number = reader.number
    context.moment.set(number, "then")
    again(page, settle)
    assert page.buttons
    assert not any(button.isEnabled() for button in page.buttons.values())


def test_the_latest_question_comes_first(workspace: Workspace, doubtful: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Name,Serial number,Class,Memory\nDT-7,SER-SEVEN-7,Desktop,16 GB\nDT-7,SER-SEVEN-7,Desktop,32 GB\n")
    take(workspace, path)
    with workspace.store.read() as reader:
        inbox = gather(reader)
    assert [q.name for q in inbox.questions] == ["DT-7", "DT-1"]


def test_a_question_becomes_a_task_about_its_records(
    doubtful: Path, page: ReviewPage, context: Context, settle: Settle
) -> None:
    again(page, settle)
    page.make_task()
    shell = context.shell
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()  # type: ignore[attr-defined]
    settle(tasks=context.tasks)
    with context.workspace.read() as reader:
        (task,) = reader.page(Selection("task"), limit=2)
        assert task.name.startswith("DT-1: ")
        assert [one.name for one in reader.relationships(task.uid)] == ["DT-1", "DT-2"]


TAGS = "Asset Tag,Name,Serial number,Class\nA700,DT-7,SER-SEVEN-7,Desktop\nA700,DT-8,SER-EIGHT-8,Desktop\n"


def test_two_rows_with_one_tag_are_both_kept_once_it_is_changed(
    page: ReviewPage, workspace: Workspace, tmp_path: Path, settle: Settle
) -> None:
    path = tmp_path / "tags.csv"
    path.write_text(TAGS)
    assert take(workspace, path) == 1
    again(page, settle)
    assert page.sides is not None
    assert page.question is not None
    fields = page.sides.fields["asset_tag"]
    assert page.minimumSizeHint().width() <= 1024 - FOLDED, "the answers take as many lines as they need"
    page.buttons["separate"].click()
    assert page.question is not None, "nothing was decided: the tags are the same"
    assert "must be one record’s only" in fields[1]._error.text()
    fields[1].fill("A701")
    page.buttons["separate"].click()
    again(page, settle)
    assert badge(workspace) == 0
    assert {find(workspace, name)["asset_tag"] for name in ("DT-7", "DT-8")} == {"A700", "A701"}
    assert take(workspace, path) == 0


def test_one_record_is_made_of_values_of_both_rows(
    page: ReviewPage, workspace: Workspace, tmp_path: Path, settle: Settle
) -> None:
    path = tmp_path / "twice.csv"
    rows = ("DT-7,SER-SEVEN-7,Desktop,16 GB,here", "DT-7,SER-SEVEN-7,Desktop,32 GB,there")
    path.write_text("\n".join(("Name,Serial number,Class,Memory,Notes", *rows)))
    assert take(workspace, path) == 1
    again(page, settle)
    assert page.sides is not None
    assert page.question is not None
    first, second = page.question.sides
    assert not page.buttons["mixed"].isEnabled()
    page.sides.choices["notes"].button(1).click()
    page.buttons["mixed"].click()
    again(page, settle)
    kept = find(workspace, "DT-7")
    assert (kept["memory"], kept["notes"]) == (first.values["memory"], second.values["notes"])


def test_questions_alike_are_decided_at_once_and_the_next_one_has_the_focus(
    page: ReviewPage, workspace: Workspace, tmp_path: Path, settle: Settle
) -> None:
    known = [
        {"class": "desktop", "name": f"DT-{n}{half}", "asset_tag": f"A{n}{half}", "serial_number": f"SER-{n}{half}-XX"}
        for n in range(3)
        for half in "19"
    ]
    workspace.apply(Revision([Edit(ci(new_id()), "", None, v) for v in known], "anna", "import:Old list.xlsx"))
    path = tmp_path / "desktops.csv"
    lines = [f"A{n}1,DT-{n}1,SER-{n}9-XX,Desktop,Deployed" for n in range(3)]
    path.write_text("\n".join((SHEET.partition("\n")[0], *lines)))
    assert take(workspace, path) == 3
    again(page, settle)
    like = page._like_shown()
    assert len(like) == 3
    first = page.question
    page.buttons["ignore"].setFocus()
    page.buttons["ignore"].click()
    again(page, settle)
    assert page.question not in (first, None)
    assert page.focusWidget() is page.list, "the next question has the focus, not the navigation"
    workspace.undo_stack.undo()
    again(page, settle)
    page.decide_alike()
    page._decide_all(like, "ignore")
    settle(tasks=page.context.tasks)
    assert badge(workspace) == 0
    workspace.undo_stack.undo()
    assert badge(workspace) == 3, "one change, taken back as one"
