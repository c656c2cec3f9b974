"""Drafts in the window: a draft is opened, edited, applied and left; the band says what it holds and what conflicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.moments import on_day
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.startup import open_estate
from tests.ui.conftest import open_in_window
from ui.context import Context
from ui.pages.drafts.page import DraftPage
from ui.shell.window import Window
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.time_control import show_moment

Settle = Callable[..., None]


@pytest.fixture
def context(window: Window, estate: Path, settle: Settle) -> Context:
    """That of the window, the small estate open."""
    return open_in_window(window, estate, settle)


def make(window: Window, settle: Settle, name: str = "Summer") -> None:
    """Makes a draft and opens it, as a person does."""
    window.actions_list["draft.new"].run()
    field = next(one for one in window.sheet.findChildren(QLineEdit) if one.isVisible())
    field.setText(name)
    next(one for one in window.sheet.findChildren(PrimaryButton) if one.isVisible()).click()
    settle(lambda: window.drafts.is_open())
    settle()


def status(reader: Reader, name: str = "LT-2041") -> object:
    return reader.find(name).values.get("status")


def retire(context: Context, settle: Settle, name: str = "LT-2041") -> None:
    def change(reader: Reader) -> Revision:
        item = reader.find(name)
        return Revision([Edit(ci(item.uid), "status", item.values["status"], "Retired")], "anna")

    context.edit(change, "Status set to Retired")
    settle()


def said(window: Window) -> str:
    return window.drafts.band.text


def answer(app: QApplication, button: str) -> None:
    (dialog,) = (w for w in app.topLevelWidgets() if isinstance(w, Dialog) and w.isVisible())
    next(one for one in dialog.findChildren(Button) if one.text() == button).click()


def test_what_is_edited_goes_into_the_draft_and_is_applied_and_undone_as_one(
    window: Window, context: Context, settle: Settle, app: QApplication
) -> None:
    assert not window.drafts.band.isVisible()
    assert not window.actions_list["draft.apply"].enabled()
    make(window, settle)
    assert said(window) == "Draft “Summer”: nothing yet"
    assert window.top.draft.text().strip() == "Summer"
    retire(context, settle)
    assert said(window) == "Draft “Summer”: 1 changed"
    assert not window.actions_list["edit.undo"].enabled()
    assert "draft's page" in str(window.actions_list["edit.undo"].refusal)
    with context.workspace.read() as reader:
        assert status(reader) == "Retired"
        head = reader.head()
    assert context.file_name("Laptops") == "Laptops – Summer"
    with context.workspace.base.read() as reader:
        assert status(reader) == "Deployed"
        assert str(head) == f"{reader.head()}, with the draft “Summer”"
    window.actions_list["draft.leave"].run()
    settle()
    assert not window.drafts.band.isVisible()
    with context.workspace.read() as reader:
        assert status(reader) == "Deployed"
    window.drafts.open(window.drafts.known[0].id)
    settle(lambda: said(window) == "Draft “Summer”: 1 changed")
    window.actions_list["draft.apply"].run()
    answer(app, "Apply")
    settle(lambda: not window.drafts.is_open())
    settle()
    with context.workspace.read() as reader:
        assert status(reader) == "Retired"
    window.services.undo()
    settle()
    with context.workspace.read() as reader:
        assert status(reader) == "Deployed"
    assert [one.name for one in window.drafts.known] == ["Summer"]


def test_without_a_draft_the_page_offers_a_new_one(window: Window, context: Context, settle: Settle) -> None:
    window.services.go("drafts")
    settle()
    page = window.stack.page("drafts")
    offered = next(one for one in page.findChildren(Button) if one.isVisible() and one.text().strip() == "New draft…")
    offered.click()
    settle()
    assert window.sheet.isVisible()
    assert [one.accessibleName() for one in window.sheet.findChildren(QLineEdit)] == ["The draft's name"]


def test_what_another_process_changes_is_a_conflict_on_the_band(
    window: Window, context: Context, settle: Settle, estate: Path, app: QApplication
) -> None:
    make(window, settle)
    retire(context, settle)
    retire(context, settle, "LT-2048")
    other = open_estate(estate)
    with other.read() as reader:
        item = reader.find("LT-2041")
    other.apply(Revision([Edit(ci(item.uid), "status", "Deployed", "In stock")], "tom"))
    other.close()
    window.estate.hear()
    settle(lambda: window.drafts.band.conflicts.isVisible())
    assert said(window) == "Draft “Summer”: 1 changed"
    assert window.drafts.band.conflicts.text() == "1 conflict"
    window.drafts.band.apply_button.click()
    answer(app, "Apply")
    settle(lambda: said(window) == "Draft “Summer”: nothing yet")
    with context.workspace.base.read() as reader:
        assert (status(reader), status(reader, "LT-2048")) == ("In stock", "Retired")
    context.workspace.settle(keep_draft=True)
    settle(lambda: said(window) == "Draft “Summer”: 1 changed")
    assert not window.drafts.band.conflicts.isVisible()


def test_a_past_moment_leaves_the_draft_and_a_dropped_one_is_left(
    window: Window, context: Context, settle: Settle, app: QApplication
) -> None:
    make(window, settle)
    show_moment(context, on_day("2020-01-01"))
    settle(lambda: not window.drafts.is_open())
    settle()
    assert window.band.isVisible()
    assert not window.drafts.band.isVisible()
    window.drafts.open("Summer")
    settle(lambda: window.drafts.is_open())
    settle()
    assert context.moment.at is None
    assert not window.band.isVisible()
    window.actions_list["draft.drop"].run()
    answer(app, "Drop")
    settle(lambda: not window.drafts.is_open())
    settle()
    assert window.drafts.known == []


def test_the_page_takes_changes_out_of_the_draft_and_settles_conflicts(
    window: Window, context: Context, settle: Settle, estate: Path
) -> None:
    make(window, settle)
    for name in ("LT-2041", "LT-2048", "LT-2055"):
        retire(context, settle, name)
    window.actions_list["draft.show"].run()
    settle()
    page = window.stack.page("drafts")
    assert isinstance(page, DraftPage)
    assert [(line.item, line.before, line.after) for line in page.model.rows] == [
        ("LT-2041", "Deployed", "Retired"), ("LT-2048", "Deployed", "Retired"), ("LT-2055", "In stock", "Retired")
    ]  # fmt: skip
    assert "3 items go out of service" in page.losses._text.text()
    page.table.selectRow(2)
    page.take_out.click()
    settle(lambda: said(window) == "Draft “Summer”: 2 changed")
    other = open_estate(estate)
    for name in ("LT-2041", "LT-2048"):
        with other.read() as reader:
            item = reader.find(name)
        other.apply(Revision([Edit(ci(item.uid), "status", "Deployed", "In stock")], "tom"))
    other.close()
    window.estate.hear()
    settle(lambda: page.conflicts.isVisible() and len(page.conflicts.model.rows) == 2)
    lines = [(line.what, line.before, line.drafted, line.present) for line in page.conflicts.model.rows]
    assert lines == [("Status", "Deployed", "Retired", "In stock")] * 2
    kept = page.conflicts.model.row_at(0).item
    page.conflicts.keep.click()
    settle(lambda: len(page.conflicts.model.rows) == 1)
    page.conflicts.table.selectRow(0)
    page.conflicts.take.click()
    settle(lambda: not page.conflicts.isVisible() and said(window) == "Draft “Summer”: 1 changed")
    settle()
    (line,) = page.model.rows
    assert (line.before, line.after) == ("In stock", "Retired")
    assert line.item != kept
    window.actions_list["draft.leave"].run()
    settle()
    next(one for one in page.findChildren(Button) if one.isVisible() and one.text() == "Summer").click()
    settle(lambda: window.drafts.is_open())


def test_what_others_put_into_the_draft_and_that_they_apply_it_is_heard(
    window: Window, context: Context, settle: Settle, estate: Path
) -> None:
    make(window, settle)
    window.estate.hear()
    settle()
    other = Workspace.open(estate, Settings())
    other.open_draft("Summer")
    with other.read() as reader:
        item = reader.find("LT-2041")
    other.apply(Revision([Edit(ci(item.uid), "status", "Deployed", "Retired")], "tom"))
    window.estate.hear()
    settle(lambda: said(window) == "Draft “Summer”: 1 changed")
    other.apply_draft()
    other.close()
    window.estate.hear()
    settle(lambda: not window.drafts.is_open())
    settle()
    with context.workspace.read() as reader:
        assert status(reader) == "Retired"


def test_a_draft_of_details_alone_can_be_applied(window: Window, context: Context, settle: Settle) -> None:
    make(window, settle)
    with context.workspace.read() as reader:
        laptop = reader.find("LT-2041").uid
    software = Record("installation", (laptop, "", "Adobe", "Acrobat", "", ""))
    context.edit(lambda _: Revision([Edit(software, "", None, {})], "anna"))
    settle(lambda: said(window) == "Draft “Summer”: 1 in other details")
    assert window.drafts.band.apply_button.isEnabled()
