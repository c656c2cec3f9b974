"""Actions: one record feeds menus and keys; no two share a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.settings import Settings
from app.verbs import known_verbs
from cmdb.model.messages import EMPTY, Message
from ui.actions import MENUS, PAST, Action, ActionEntry, ActionList, Handler, bind, bind_shortcuts, fill_menu
from ui.context import Context
from ui.icons import FOLDER
from ui.pages import entries
from ui.run import make_window
from ui.theme import Theme


def nothing() -> None:
    pass


def test_an_id_or_a_shortcut_cannot_come_twice() -> None:
    found = ActionList([Action("a", Message("A"), nothing, shortcut="Ctrl+A")])
    with pytest.raises(ValueError, match="'a'"):
        found.add(Action("a", Message("Another"), nothing))
    with pytest.raises(ValueError, match=r"Ctrl\+A"):
        found.add(Action("b", Message("B"), nothing, shortcut="ctrl+a"))
    with pytest.raises(ValueError, match="Nonsense"):
        found.add(Action("c", Message("C"), nothing, shortcut="Nonsense"))


def test_a_menu_shows_what_is_enabled_and_checked(theme: Theme) -> None:
    ran: list[str] = []
    actions = [
        Action("one", Message("One"), lambda: ran.append("one"), "plus", "Ctrl+1"),
        Action("two", Message("Two"), lambda: ran.append("two"), enabled=lambda: False, separator=True),
        Action("three", Message("Three"), lambda: ran.append("three"), checked=lambda: True),
    ]
    menu = QMenu()
    fill_menu(menu, actions, theme)
    one, line, two, three = menu.actions()
    assert one.shortcut() == QKeySequence("Ctrl+1")
    assert "Ctrl+1" in one.toolTip()
    assert line.isSeparator()
    assert not two.isEnabled()
    assert three.isChecked()
    for each in (one, two, three):
        each.trigger()
    assert ran == ["one", "three"]


def test_a_bound_key_asks_again_whether_it_may_run(theme: Theme) -> None:
    widget, ran, allowed, said = QWidget(), [], [False], list[str]()
    action = Action(
        "x", Message("X"), lambda: ran.append(1), shortcut="Ctrl+X", enabled=lambda: allowed[0],
        why_not=lambda: Message("Choose one first."),
    )  # fmt: skip
    bind_shortcuts(widget, [action], theme, said.append)
    (bound,) = widget.actions()
    bound.trigger()
    assert said == ["Choose one first."]
    allowed[0] = True
    bound.trigger()
    assert (ran, len(said)) == ([1], 1)


def test_the_window_s_actions_are_complete(app: QApplication) -> None:
    window = make_window(app, Settings())
    known = {path.stem for path in Path(FOLDER).glob("*.svg")}
    actions = list(window.actions_list)
    assert len(actions) > 15
    for action in actions:
        assert action.title
        assert action.icon in known, action.id
        assert set(action.menus) <= set(MENUS), action.id
        assert action.menus, action.id
    assert {menu for action in actions for menu in action.menus} == set(MENUS)


def test_declared_actions_are_bound_once() -> None:
    entry = ActionEntry("lists.sort", Message("Sort…"), needs=Message("a list that has items"), edits=True)
    ready, now, ran = [False], [True], []
    (action,) = bind([entry], {"lists.sort": Handler(lambda: ran.append(1), lambda: ready[0])}, lambda: now[0])
    assert str(action.refusal) == "“Sort” needs a list that has items."
    assert not action.enabled()
    ready[0] = True
    assert (action.refusal, action.enabled()) == (EMPTY, True)
    now[0] = False
    assert (action.refusal, action.enabled()) == (PAST, False)
    action.run()
    assert ran == [1]
    for handlers in ({}, {"lists.sort": Handler(nothing), "lists.other": Handler(nothing)}):
        with pytest.raises(ValueError, match="declared and bound"):
            bind([entry], handlers, lambda: True)


def test_a_menu_says_why_something_cannot_be_done(theme: Theme) -> None:
    menu = QMenu()
    action = Action("x", Message("X"), nothing, enabled=lambda: False, why_not=lambda: Message("“X” needs a y."))
    fill_menu(menu, [action], theme)
    assert menu.toolTipsVisible()
    assert menu.actions()[0].toolTip() == "“X” needs a y."


def test_ids_and_keys_are_unique_across_the_window_and_all_pages(app: QApplication, context: Context) -> None:
    together = ActionList(make_window(app, Settings()).actions_list)
    acts: dict[str, str] = {}
    seen: set[str] = set()
    for page in entries():
        for entry in page.all_actions(context.workspace):
            assert entry.page == page.id
            # The same act on the records of two pages has one key: a new one, edit, delete.
            act = entry.id.partition(".")[2]
            same = bool(entry.shortcut) and acts.setdefault(entry.shortcut, act) == act and entry.shortcut in seen
            together.add(Action(entry.id, entry.title, nothing, entry.icon, "" if same else entry.shortcut))
            seen.add(entry.shortcut)


def test_a_new_item_of_every_class_and_every_verb_can_be_found(context: Context) -> None:
    ids = {entry.id for page in entries() for entry in page.all_actions(context.workspace)}
    assert {f"assets.new.{one.name}" for one in context.schema.tree() if not one.abstract} <= ids
    assert "tasks.new" in ids
    pages = {page.root: page.id for page in entries() if page.root}
    assert {f"{pages[root]}.{verb.name}" for verb in known_verbs().values() for root in verb.roots} <= ids


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.id)
def test_a_page_s_actions_go_with_the_window_s(app: QApplication, context: Context, entry: object) -> None:
    window = make_window(app, Settings())
    from ui.page import PageEntry

    assert isinstance(entry, PageEntry)
    page = entry.load()(context)
    assert {a.id for a in page.page_actions()} == {a.id for a in entry.all_actions(context.workspace)}
    together = ActionList([*window.actions_list, *page.page_actions()])
    known = {path.stem for path in Path(FOLDER).glob("*.svg")}
    for action in page.page_actions():
        assert action.id.startswith(f"{entry.id}.")
        assert action.icon in known or not action.icon, action.id
        assert action.id in together
    page.deleteLater()
