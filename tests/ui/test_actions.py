"""Actions: one record feeds menus and keys; no two share a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.settings import Settings
from ui.actions import MENUS, Action, ActionList, bind_shortcuts, fill_menu
from ui.context import Context
from ui.icons import FOLDER
from ui.pages import entries
from ui.run import make_window
from ui.theme import Theme


def nothing() -> None:
    pass


def test_an_id_or_a_shortcut_cannot_come_twice() -> None:
    found = ActionList([Action("a", "A", nothing, shortcut="Ctrl+A")])
    with pytest.raises(ValueError, match="'a'"):
        found.add(Action("a", "Another", nothing))
    with pytest.raises(ValueError, match=r"Ctrl\+A"):
        found.add(Action("b", "B", nothing, shortcut="ctrl+a"))
    with pytest.raises(ValueError, match="Nonsense"):
        found.add(Action("c", "C", nothing, shortcut="Nonsense"))


def test_a_menu_shows_what_is_enabled_and_checked(theme: Theme) -> None:
    ran: list[str] = []
    actions = [
        Action("one", "One", lambda: ran.append("one"), "plus", "Ctrl+1"),
        Action("two", "Two", lambda: ran.append("two"), enabled=lambda: False, separator=True),
        Action("three", "Three", lambda: ran.append("three"), checked=lambda: True),
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
    widget, ran, allowed = QWidget(), [], [False]
    bind_shortcuts(
        widget, [Action("x", "X", lambda: ran.append(1), shortcut="Ctrl+X", enabled=lambda: allowed[0])], theme
    )
    (bound,) = widget.actions()
    bound.trigger()
    allowed[0] = True
    bound.trigger()
    assert ran == [1]


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


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.id)
def test_a_page_s_actions_go_with_the_window_s(app: QApplication, context: Context, entry: object) -> None:
    window = make_window(app, Settings())
    from ui.page import PageEntry

    assert isinstance(entry, PageEntry)
    page = entry.load()(context)
    together = ActionList([*window.actions_list, *page.page_actions()])
    known = {path.stem for path in Path(FOLDER).glob("*.svg")}
    for action in page.page_actions():
        assert action.id.startswith(f"{entry.id}.")
        assert action.icon in known or not action.icon, action.id
        assert action.id in together
    page.deleteLater()
