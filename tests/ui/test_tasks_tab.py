"""The tasks of a record are in a tab of their own: the open ones first, each a way to it, and a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.assets.item_edits import set_values
from app.work.concerning import concerning
from tests.app.work_estate import fill_tasks
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.widgets.buttons import PrimaryButton
from ui.widgets.form import Form

Settle = Callable[..., None]


@pytest.fixture
def ids(context: Context) -> dict[str, str]:
    """The tasks of the small estate by name."""
    return fill_tasks(context.workspace.store)


@pytest.fixture
def page(ids: dict[str, str], show_page: ShowPage, context: Context, settle: Settle) -> AssetsPage:
    """The page with a laptop's details on the tab of its tasks."""
    found = show_page(AssetsPage)
    with context.workspace.read() as reader:
        found.opened(uid=reader.find("LT-2041").uid)
    settle()
    found.detail.show_tab("tasks")
    settle()
    return found


def names(page: AssetsPage) -> list[str]:
    return [line.task.name for line in page.detail.tasks.lines]


def test_they_are_counted_and_the_open_ones_come_first(
    page: AssetsPage, ids: dict[str, str], context: Context, shell: Any, settle: Settle
) -> None:
    detail = page.detail
    assert names(page) == ["Replace battery", "Renew <b>certificate</b>"]
    assert detail.tabs._titles["tasks"] == "Tasks 2"
    assert "Anja Vogt" in detail.tasks.lines[0].link.accessibleName()
    detail.tasks.lines[0].link.setFocus()
    context.workspace.edit(lambda reader: set_values(reader, [ids["Replace battery"]], {"state": "Done"}, "tom", ""))
    settle()
    assert names(page) == ["Renew <b>certificate</b>", "Replace battery"], "another one closed it"
    assert [line.over for line in detail.tasks.lines] == [False, True]
    assert detail.tasks.lines[1].link.hasFocus() or not page.isActiveWindow()
    QTest.keyClick(detail.tasks.lines[0].link, Qt.Key.Key_Return)
    assert shell.calls[-1] == ("open_ci", ids["Renew <b>certificate</b>"])


def test_a_new_one_is_about_the_record_that_is_shown(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    page.detail.tasks.new.click()
    settle()
    shell.content.findChild(Form).fields["name"].fill("Clean the fan")
    next(one for one in shell.buttons if isinstance(one, PrimaryButton)).click()
    settle()
    assert sorted(names(page)) == ["Clean the fan", "Renew <b>certificate</b>", "Replace battery"]
    assert page.detail.tabs._titles["tasks"] == "Tasks 3"
    with context.workspace.read() as reader:
        uid = page.detail.uid
        few = concerning(reader, uid, 1)
        assert (len(few.first), few.number) == (1, 3)


def test_a_record_without_tasks_says_so(page: AssetsPage, context: Context, settle: Settle) -> None:
    with context.workspace.read() as reader:
        page.detail.show_ci(reader.find("LT-2048").uid)
    settle()
    assert names(page) == []
    assert page.detail.tabs._titles["tasks"] == "Tasks"
    assert page.detail.tasks.new.isVisible()
