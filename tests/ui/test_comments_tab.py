"""Comments in the window: written, changed and deleted; and watching an item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.assets.item_edits import set_values
from app.comments import comments_of, write
from app.watching import is_watched, seen_of, watched
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records import watched as watched_items
from ui.records.watched import WatchedCard, WatchedLine
from ui.widgets.buttons import Button
from ui.widgets.table import TableView

Settle = Callable[..., None]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(show_page: ShowPage, context: Context, settle: Settle) -> AssetsPage:
    """The page over the small estate with one laptop's details, told of every revision."""
    found = show_page(AssetsPage)
    with context.workspace.read() as reader:
        found.opened(uid=reader.find("LT-2041").uid)
    settle()
    return found


def said(context: Context, uid: str) -> list[str]:
    with context.workspace.read() as reader:
        return [one.text for one in comments_of(reader, uid)]


def test_where_the_list_covers_the_details_they_are_opened_for_a_comment(
    page: AssetsPage, context: Context, settle: Settle
) -> None:
    page.resize(900, 700)
    settle()
    page.listing.enter_rows()
    assert not page.detail.isVisible()
    {one.id: one for one in page.page_actions()}["assets.comment"].run()
    settle()
    assert page.detail.comments.field.isVisible()
    assert page.window().focusWidget() is page.detail.comments.field


def test_a_comment_is_written_changed_deleted_and_told(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    detail, uid = page.detail, page.detail.uid
    {one.id: one for one in page.page_actions()}["assets.comment"].run()
    settle()
    tab = detail.comments
    assert tab.isVisible()
    assert tab.lines == []
    tab.field.setPlainText("The fan is loud.")
    QTest.keyClick(tab.field, Qt.Key.Key_Return, CONTROL)
    settle()
    assert said(context, uid) == ["The fan is loud."]
    assert tab.field.toPlainText() == ""
    assert detail.tabs._titles["comments"] == "Comments 1"
    [line] = tab.lines
    assert line.text.text() == "The fan is loud."
    line.start()
    line._field.setPlainText("Quiet again.")  # type: ignore[union-attr]
    QTest.keyClick(line._field, Qt.Key.Key_Return, CONTROL)
    settle()
    assert said(context, uid) == ["Quiet again."]
    context.workspace.edit(lambda reader: write(reader, uid, "Not quite <b>so</b>", "somebody else"))
    settle()
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not page.window()] == []
    mine, others = tab.lines
    assert (mine.edit.isVisibleTo(tab), others.edit.isVisibleTo(tab)) == (True, False)
    assert others.text.text() == "Not quite <b>so</b>"
    mine.delete.click()
    settle()
    assert said(context, uid) == ["Not quite <b>so</b>"]
    detail.show_tab("history")
    settle()
    told = "\n".join(one.text() for one in detail.history.findChildren(QLabel))
    assert "Comment: The fan is loud." in told
    assert "Comment changed: Quiet again." in told
    assert "Comment deleted: Quiet again." in told
    assert shell.problems == []


def test_the_focus_stays_where_work_goes_on(page: AssetsPage, context: Context, settle: Settle) -> None:
    tab, uid = page.detail.comments, page.detail.uid

    def focused() -> QWidget | None:
        settle()
        return page.window().focusWidget()

    {one.id: one for one in page.page_actions()}["assets.comment"].run()
    settle()
    for number, send in enumerate((lambda: QTest.keyClick(tab.field, Qt.Key.Key_Return, CONTROL), tab.send.click)):
        tab.field.setPlainText(f"Comment {number}")
        (tab.send if number else tab.field).setFocus()
        send()
        assert focused() is tab.field, "the next comment"
    first = tab.lines[0]
    first.start()
    field = first._field
    assert field is not None
    field.setPlainText("Another text")
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)
    assert focused() is tab.lines[0].edit
    tab.lines[0].delete.setFocus()
    tab.lines[0].delete.click()
    assert focused() is tab.lines[0].delete
    assert said(context, uid) == ["Comment 1"]
    tab.lines[0].delete.click()
    assert focused() is tab.field


def test_what_is_not_sent_stays_with_its_record(page: AssetsPage, context: Context, settle: Settle) -> None:
    uid = page.detail.uid
    with context.workspace.read() as reader:
        other = reader.find("LT-2048").uid
    page.detail.begin_comment()
    page.detail.comments.field.setPlainText("half a")
    page.detail.show_ci(other)
    settle()
    assert page.detail.comments.field.toPlainText() == ""
    page.detail.show_ci(uid)
    settle()
    assert page.detail.comments.field.toPlainText() == "half a"


def test_an_item_is_watched_until_it_was_looked_at(page: AssetsPage, context: Context, settle: Settle) -> None:
    uid, author = page.detail.uid, context.author
    assert page.detail.watch.isVisible()
    page.detail.watch.click()
    settle()
    with context.workspace.read() as reader:
        assert is_watched(reader, uid, author)
    assert page.detail.watch.isChecked()
    context.workspace.edit(lambda reader: set_values(reader, [uid], {"notes": "x"}, "somebody else", ""))
    page.detail.show_ci(uid)
    settle()
    seen = seen_of(context.workspace.settings, context.workspace.where)
    with context.workspace.read() as reader:
        assert seen == {uid: reader.number}
        assert [(one.uid, one.number) for one in watched(reader, author, seen).first] == [(uid, 0)]
    page.detail.watch.click()
    settle()
    with context.workspace.read() as reader:
        assert not is_watched(reader, uid, author)
    assert not page.detail.watch.isChecked()


def test_every_tab_is_reached_by_keys(page: AssetsPage, settle: Settle) -> None:
    detail = page.detail
    detail.tabs.setFocus()
    seen = [detail.tabs.current]
    for _ in detail.tabs.shown[1:]:
        QTest.keyClick(detail, Qt.Key.Key_PageDown, CONTROL)
        settle()
        seen.append(detail.tabs.current)
    assert seen == detail.tabs.shown
    assert {"facts", "relations", "sections", "comments", "files", "tasks", "custody", "history"} <= set(seen)
    QTest.keyClick(detail, Qt.Key.Key_PageUp, CONTROL)
    assert detail.tabs.current == seen[-2]


def test_parts_of_another_record_are_never_shown_and_a_failure_can_be_tried_again(
    page: AssetsPage, context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    detail = page.detail
    detail.show_tab("relations")
    state = detail._state_of("relations")
    assert state.name == "content"

    def broken(*_: Any) -> Any:
        raise InvalidValue(Message("The disk is gone."))

    with monkeypatch.context() as patched, context.workspace.read() as reader:
        patched.setattr("ui.records.detail.panel.parts_of", broken)
        detail.show_ci(reader.find("LT-2048").uid)
        settle(lambda: state.name == "failed")
    assert [one.text() for one in state.findChildren(QLabel) if "disk" in one.text()] == ["The disk is gone."]
    next(one for one in state.findChildren(Button) if one.text().strip() == "Try again").click()
    settle()
    assert state.name == "content"
    assert detail.relations.kinds


def test_watched_items_are_listed_with_what_others_changed(
    page: AssetsPage, context: Context, shell: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = WatchedCard(context)
    card.ask()
    settle()
    assert not card.isVisibleTo(None)
    with context.workspace.read() as reader:
        uids = [reader.find(name).uid for name in ("LT-2041", "LT-2048")]
    page.verbs.run("watch", lambda _: uids, "2 items", "laptop")
    settle()
    assert ("toast", "2 items are watched") in shell.calls
    card.ask()
    settle()
    assert not card.isVisibleTo(None)  # they are watched, and nobody changed anything
    with monkeypatch.context() as patched:
        patched.setattr(context.workspace, "writer", replace(context.workspace.writer, name="Tom"))
        context.workspace.edit(lambda reader: set_values(reader, uids[1:], {"notes": "x"}, "Tom", ""))
    card.ask()
    settle()
    assert card.isVisibleTo(None)
    [first] = card.lines
    assert (first.item.name, first.news.text()) == ("LT-2048", "1 change")
    assert "Tom" in first.last.text()
    first.link.click()
    assert shell.calls[-1] == ("open_ci", uids[1])
    {one.id: one for one in page.page_actions()}["assets.watched"].run()
    settle()
    (table,) = shell.content.findChildren(TableView)
    model = table.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["LT-2048", "LT-2041"]
    assert shell.content.findChildren(WatchedLine) == [], "no widgets for each of many"
    table.opened.emit(1)
    assert shell.calls[-1] == ("open_ci", uids[0])
    with monkeypatch.context() as patched:
        patched.setattr(watched_items, "watched", partial(watched, most=1))
        watched_items.open_watched(context)
        card.ask()
        settle()
    assert "The first 1 of 2: what others changed last." in [one.text() for one in shell.content.findChildren(QLabel)]
    assert card.all.text() == "All 2"
    card.deleteLater()


def test_tabs_are_built_when_they_are_shown_and_then_know_the_record_and_what_failed(
    page: AssetsPage, context: Context, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    detail = page.detail
    assert [*detail._tabs] == ["facts"]
    detail.show_tab("relations")
    assert detail._state_of("relations").name == "content"
    assert detail.relations.kinds
    assert [*detail._tabs] == ["facts", "relations"]

    def broken(*_: Any) -> Any:
        raise InvalidValue(Message("The disk is gone."))

    with monkeypatch.context() as patched, context.workspace.read() as reader:
        patched.setattr("ui.records.detail.panel.parts_of", broken)
        detail.show_ci(reader.find("LT-2048").uid)
        settle(lambda: detail._state_of("relations").name == "failed")
        detail.show_tab("software")
        assert detail._state_of("software").name == "failed"
    detail.reload()
    settle(lambda: detail._state_of("software").name != "failed")
    assert detail._state_of("relations").name == "content"
