"""Lists of tasks and their reminders: whose they are, what is due, what is said once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assets.clipboard import table_text
from app.assets.columns import ABOUT, column_attributes, column_names
from app.assets.list_export import write_list
from app.assets.rows import first_rows
from app.overview.attention import records_of
from app.overview.figures import attention_items, base
from app.settings import Settings
from app.work import reminders
from app.work.lists import TaskList, numbers, owner_of, tasks_waiting
from app.work.new_task import new_task
from app.workspace import Workspace
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.errors import NotFound
from cmdb.model.revision import new_id
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small
from tests.app.work_estate import day, fill_tasks


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The small estate."""
    made = create_estate(tmp_path / "work.terrier")
    fill_small(made)
    yield made
    made.close()


def test_each_list_is_counted(store: Store) -> None:
    ids = fill_tasks(store)
    with store.read() as reader:
        anja, tom = (owner_of(reader, reader.find(name).uid) for name in ("Anja Vogt", "Tom Okafor"))
        assert anja is not None
        assert anja.teams == (ids["Field team"],)
        assert numbers(reader, anja) == {
            TaskList.MINE: 2, TaskList.TEAM: 1, TaskList.DUE: 1, TaskList.OVERDUE: 1, TaskList.OPEN: 4,
            TaskList.CLOSED: 2, TaskList.ALL: 6, TaskList.UNSIGNED: 0,
        }  # fmt: skip
        assert (numbers(reader, tom)[TaskList.MINE], numbers(reader, tom)[TaskList.TEAM]) == (0, 0)
        assert owner_of(reader, "") is None
        assert owner_of(reader, reader.find("host-a").uid) is None, "no person"
        assert tasks_waiting(reader, "").number == 4


def test_tasks_are_no_new_items(store: Store) -> None:
    with store.read() as reader:
        before = base(reader, clock.today()).new
    fill_tasks(store)
    with store.read() as reader:
        assert (base(reader, clock.today()).new, before) == (8, 7), "only the team is an item"
        assert reader.work_since(1) == 6
        assert reader.work_since(reader.number + 1) == 0
        assert reader.as_of(2).work_since(1) == 0


def test_overdue_tasks_need_attention(store: Store) -> None:
    fill_tasks(store)
    with store.read() as reader:
        found = next(one for one in attention_items(reader, clock.today()) if one.page == "tasks")
        assert (str(found.subject), str(found.text)) == ("Replace battery", "overdue")
        assert reader.count(Selection(str(found.params["cls"]), str(found.params["where"]))) == 1
        assert records_of(reader, found) == [], "a task is about items"


def test_rows_name_what_they_are_about(store: Store) -> None:
    ids = fill_tasks(store)
    with store.read() as reader:
        names = column_names(reader.schema, "task")
        assert names[:3] == ["number", "name", ABOUT]
        rows, _ = first_rows(reader, Selection("task", "", "due"), 10)
        about = {row.ci.name: str(row.about) for row in rows.values()}
    assert about["Renew <b>certificate</b>"] == "LT-2041, host-a"
    assert about["Plan move"] == ""
    with store.read() as reader:
        laptops = [one.uid for one in reader.all(Selection("laptop"))]
        store.apply(new_task(reader, {"name": "Wipe"}, [*laptops, ids["Field team"]], "anna"))
    with store.read() as reader:
        (row,) = first_rows(reader, Selection("task", "name = Wipe"), 10)[0].values()
        assert str(row.about) == "LT-2041, LT-2048, LT-2055 +1"
        before = reader.as_of(2)
        assert first_rows(before, Selection("task"), 10)[0] == {}


def test_a_list_is_exported_with_what_its_tasks_are_about(store: Store, tmp_path: Path) -> None:
    fill_tasks(store)
    columns = column_attributes(store.schema, "task", ["number", "name", ABOUT, "due"])
    workspace = Workspace(store, Settings())
    path = tmp_path / "tasks.csv"
    assert (
        write_list(Control(), workspace, Selection("task", "due < today", "number"), columns, (None, None), path) == 2
    )
    assert "TSK-1,Replace battery,LT-2041," in path.read_text("utf-8-sig")
    with store.read() as reader:
        ids = reader.ids(Selection("task", 'name = "Replace battery"'))
    copied = table_text(Control(), workspace, ids, columns, None, lambda _, value, *__: str(value or ""))
    assert copied.splitlines()[1].startswith("TSK-1\tReplace battery\tLT-2041\t")
    workspace.jobs.close()


def test_a_task_about_what_is_gone_is_not_made(store: Store) -> None:
    with store.read() as reader, pytest.raises(NotFound):
        new_task(reader, {"name": "Wipe"}, [new_id()], "anna")


def test_reminders_of_open_tasks_are_said_once(store: Store) -> None:
    fill_tasks(store)
    today = clock.today()
    with store.read() as reader:
        anja, tom = reader.find("Anja Vogt").uid, reader.find("Tom Okafor").uid

        def said(person: str, after: str = "") -> list[str]:
            return [one.name for one in reminders.came(reader, person, after, today)]

        assert said("") == ["Renew <b>certificate</b>"], "that of a task that is over is silent"
        assert said(anja) == ["Renew <b>certificate</b>"]
        assert said(tom) == [], "it is of another team"
        assert said("", day(-1)) == []
        assert said("", day(-2)) == ["Renew <b>certificate</b>"]
    workspace = Workspace(store, Settings())
    assert reminders.last_said(workspace) == ""
    reminders.keep_said(workspace, today)
    assert reminders.last_said(workspace) == today.isoformat()
    workspace.jobs.close()


def test_when_a_task_is_due_stands_before_whose_it_is() -> None:
    names = column_names(Schema.load(), "task")
    assert names.index("due") < names.index("assignee") < names.index("team"), (
        "what is urgent is seen without scrolling"
    )
