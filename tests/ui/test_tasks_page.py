"""The Tasks page: lists as tabs, the table, the details, verbs, a new task, whose tasks are mine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.assets.views import ShownList, save
from app.work.lists import TaskList
from cmdb.register.revision_titles import titled_revision
from tests.app.work_estate import fill_tasks
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.tasks import PAGE
from ui.pages.tasks.page import TasksPage
from ui.widgets.buttons import PrimaryButton
from ui.widgets.form import Form
from ui.widgets.reference import ReferencePicker

Settle = Callable[..., None]
OPEN = ["Replace battery", "Renew <b>certificate</b>", "Plan move", "Order toner"]


@pytest.fixture
def page(show_page: ShowPage, settle: Settle) -> TasksPage:
    """The page over the small estate, told of every revision."""
    found = show_page(TasksPage, 1500, 800)
    found.opened()
    settle()
    return found


@pytest.fixture
def ids(context: Context) -> dict[str, str]:
    """The tasks of the small estate."""
    return fill_tasks(context.workspace.store)


@pytest.fixture
def filled(ids: dict[str, str], page: TasksPage) -> TasksPage:
    """The page over an estate with tasks."""
    return page


def test_the_first_visit_focuses_the_list(filled: TasksPage) -> None:
    filled.activateWindow()
    filled.tabs.setFocus()
    filled.setFocus()
    assert filled.listing.table.hasFocus()


def test_the_focus_waits_for_the_rows(context: Context, ids: dict[str, str], settle: Settle) -> None:
    page = TasksPage(context)
    page.show()
    page.activateWindow()
    page.setFocus()
    page.opened()
    settle()
    assert page.listing.table.hasFocus()
    page.close()
    page.deleteLater()


def column(page: TasksPage, name: str) -> list[str]:
    model = page.listing.model
    place = [a.name for a in model.columns].index(name)
    return [str(model.index(row, place).data() or "") for row in range(model.rowCount())]


def choose(page: TasksPage, name: str, settle: Settle) -> None:
    page.listing.table.selectRow(column(page, "name").index(name))
    settle()


def tab(page: TasksPage, wanted: TaskList, settle: Settle) -> None:
    page.tabs._buttons[wanted.value].click()
    settle()


def press(shell: Any, settle: Settle) -> None:
    """Presses the primary button of the side sheet."""
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def values_of(context: Context, name: str) -> dict[str, Any]:
    with context.workspace.store.read() as reader:
        return dict(reader.find(name).values)


def said(page: TasksPage) -> str:
    return " ".join(label.text() for label in page.listing._states.findChildren(QLabel) if label.isVisibleTo(page))


def test_an_estate_without_tasks_says_what_they_are(page: TasksPage, shell: Any) -> None:
    assert page.shown is TaskList.OPEN
    assert "A task says what is to be done" in said(page)
    page.new_task()
    assert shell.said("sheet") == [("New task",)]


def test_each_list_has_its_tasks_and_its_number(filled: TasksPage, context: Context, settle: Settle) -> None:
    assert column(filled, "name") == OPEN, "by due date; those without one last"
    assert column(filled, "due")[:2] == ["3 days overdue", "in 2 days"]
    assert column(filled, "about") == ["LT-2041", "LT-2041, host-a", "", ""]
    assert column(filled, "number")[0] == "TSK-1"
    for wanted, expected in (
        (TaskList.DUE, ["Renew <b>certificate</b>"]),
        (TaskList.OVERDUE, ["Replace battery"]),
        (TaskList.CLOSED, ["Old chore", "Not needed"]),
    ):
        tab(filled, wanted, settle)
        assert column(filled, "name") == expected
    assert filled.tabs._titles["open"] == "All open 4"
    assert filled.tabs._titles["overdue"] == "Overdue 1"
    tab(filled, TaskList.MINE, settle)
    assert "Whose tasks?" in said(filled)


def test_after_another_state_it_is_said_when_and_still_about_what(
    filled: TasksPage, context: Context, ids: dict[str, str], settle: Settle
) -> None:
    (uid,) = (one for name, one in ids.items() if name == "Replace battery")
    filled.opened(uid=uid)
    settle()
    assert "about LT-2041" in filled.detail._line.text()
    filled.detail.facts.save(context.schema.all_attributes("task")["state"], "Done", "said")
    settle()
    assert filled.detail.loaded is not None
    assert filled.detail.loaded.ci.values["closed"]
    assert "about LT-2041" in filled.detail._line.text()
    with context.workspace.read() as reader:
        assert str(titled_revision(reader, reader.number).title) == "State of Replace battery changed"


def test_whose_tasks_are_mine_is_asked_once_and_kept(
    filled: TasksPage, context: Context, shell: Any, settle: Settle, ids: dict[str, str]
) -> None:
    filled.ask_owner()
    picker = shell.content.findChild(ReferencePicker)
    with context.workspace.read() as reader:
        anja = reader.find("Anja Vogt").uid
    picker.show_ci(anja, "Anja Vogt")
    press(shell, settle)
    assert context.workspace.writer.person == anja
    assert filled.shown is TaskList.MINE
    assert column(filled, "name") == ["Replace battery", "Order toner"]
    tab(filled, TaskList.TEAM, settle)
    assert column(filled, "name") == ["Renew <b>certificate</b>"], "of the team that she leads"
    filled.new_task()
    form = shell.content.findChild(Form)
    assert form.fields["assignee"].value() is None, "only a task made on the list of mine is mine"
    context.workspace.identify("anna", None)
    filled.opened()
    settle()
    tab(filled, TaskList.TEAM, settle)
    assert "Whose tasks?" in said(filled)


def test_a_filter_holds_within_the_list(filled: TasksPage, settle: Settle) -> None:
    filled.listing.search.setText("due > today")
    filled.listing.refresh()
    settle()
    assert column(filled, "name") == ["Renew <b>certificate</b>", "Plan move"]
    assert "2 of 4" in filled.listing._count.text()
    assert filled.listing.view().where.endswith("and (due > today)")
    filled.listing.search.setText("battery")
    filled.listing.refresh()
    settle()
    assert column(filled, "name") == ["Replace battery"]
    filled.opened(cls="task", where="state = Skipped")
    settle()
    assert (filled.shown, column(filled, "name")) == (TaskList.ALL, ["Not needed"])
    place = [a.name for a in filled.listing.model.columns].index("about")
    filled.listing._sort_by(place)
    settle()
    assert column(filled, "name") == ["Not needed"], "what a task is about is no order"


def test_keys_lead_to_the_details_and_verbs_follow_the_state(
    filled: TasksPage, context: Context, shell: Any, settle: Settle
) -> None:
    choose(filled, "Order toner", settle)
    QTest.keyClick(filled.listing.table, Qt.Key.Key_Return)
    settle()
    assert filled.detail.loaded is not None
    assert filled.detail.loaded.ci.name == "Order toner"
    assert filled.detail.facts.facts["reminder"]._shown.text().endswith("· in 5 days")
    shown = {name for name, button in filled.detail.verbs.main.items() if button.isVisibleTo(filled)}
    assert shown == {"start", "complete"}
    actions = {action.id: action for action in filled.page_actions()}
    assert actions["tasks.start"].enabled()
    assert "“Open”" in str(actions["tasks.put_back"].refusal)
    actions["tasks.start"].run()
    settle()
    press(shell, settle)
    assert values_of(context, "Order toner")["state"] == "In progress"
    assert "In progress" in column(filled, "state")
    filled.detail.wanted.emit("skip")
    settle()
    press(shell, settle)
    assert values_of(context, "Order toner")["state"] == "In progress", "it needs a reason"
    shell.content.fields["reason"].fill("bought already")
    press(shell, settle)
    assert values_of(context, "Order toner")["state"] == "Skipped"
    assert "Order toner" not in column(filled, "name")


def test_a_new_task_is_made_in_one_revision_and_shown(
    filled: TasksPage, context: Context, shell: Any, settle: Settle
) -> None:
    with context.workspace.read() as reader:
        before, laptop = reader.number, reader.find("LT-2055").uid
    filled.new_task()
    form = shell.content.findChild(Form)
    assert "number" not in form.fields
    press(shell, settle)
    assert shell.said("close_sheet") == [], "it needs a name"
    form.fields["name"].fill("Wipe disk")
    form.fields["due"].fill("2027-01-31")
    next(one for one in shell.content.findChildren(ReferencePicker) if one.cls == "ci").show_ci(laptop, "LT-2055")
    press(shell, settle)
    with context.workspace.read() as reader:
        assert reader.number == before + 1
        made = reader.find("Wipe disk")
        assert made.values["state"] == "Open"
        assert [r.name for r in reader.relationships(made.uid)] == ["LT-2055"]
    row = column(filled, "name").index("Wipe disk")
    assert column(filled, "about")[row] == "LT-2055"
    assert filled.listing.table.currentIndex().row() == row


def test_a_renamed_record_is_named_anew(filled: TasksPage, context: Context, settle: Settle) -> None:
    from app.assets.item_edits import set_values

    with context.workspace.read() as reader:
        uid = reader.find("LT-2041").uid
    context.edit(lambda reader: set_values(reader, [uid], {"name": "LT-1"}, "anna", ""))
    settle()
    filled.listing.table.viewport().grab()
    settle()
    assert column(filled, "about")[0] == "LT-1"


def test_the_count_is_amber_where_something_is_due(context: Context, ids: dict[str, str]) -> None:
    assert PAGE.badge is not None
    with context.workspace.read() as reader:
        assert PAGE.badge(reader, "").number == 4
        tom, anja = reader.find("Tom Okafor").uid, reader.find("Anja Vogt").uid
        assert PAGE.badge(reader, anja).due
        found = PAGE.badge(reader, tom)
        assert (found.number, found.due) == (0, False)


def test_a_past_moment_has_the_tasks_of_then(filled: TasksPage, context: Context, settle: Settle) -> None:
    context.moment.set(2, "before")
    filled.reload()
    settle()
    assert filled.listing.model.rowCount() == 0
    assert not filled.listing.new.isEnabled()


def test_back_restores_the_list_as_it_was(filled: TasksPage, ids: dict[str, str], settle: Settle) -> None:
    """Tab, filter, sort, grouping, columns, a pasted list and the shown task, as on Assets."""
    page, listing = filled, filled.listing
    page.show_list(TaskList.OPEN, "priority = High", "-name", ["name", "priority"])
    settle()
    listing.group_by("priority")
    listing.find_pasted("Plan move\nOrder toner")
    settle()
    page.detail.show_ci(ids["Plan move"])
    settle()
    state, asked = page.state(), listing.asked
    page.show_list(TaskList.CLOSED)
    page.detail.clear()
    settle()
    page.opened(**state)
    settle()
    assert (page.shown, listing.asked) == (TaskList.OPEN, asked)
    assert [one.name for one in listing.model.columns] == ["name", "priority"]
    page.opened()
    settle()
    assert (page.shown, listing.asked) == (TaskList.OPEN, asked), "another moment asks the same question"


def test_a_saved_view_of_tasks_is_open_once_its_list_stands(
    filled: TasksPage, context: Context, shell: Any, settle: Settle
) -> None:
    page, views = filled, filled.listing.views
    shell.go = lambda name, **params: page.opened(**params)
    view = ShownList("task", "priority = High", "name", ("name", "priority"), "state")
    context.edit(lambda reader: save(reader, "Urgent", view, "anna", "tasks"), "")
    settle()
    views.load()
    settle()
    (one,) = views._views
    views.show_view(one)
    settle()
    assert (views.name, views.is_changed, page.listing.heading.text()) == ("Urgent", False, "Urgent")
    state = page.state()
    page.show_list(TaskList.CLOSED)
    settle()
    assert not views.name
    views._views.clear()
    page.opened(**state)
    settle()
    assert (views.name, views.is_changed) == ("Urgent", False), "also where the views were not read yet"
