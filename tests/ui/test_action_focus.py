"""Where the keyboard is after every action: in the page or in what the action opened; never nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from app.settings import Settings
from tests.app.small_estate import fill_small
from ui.pages import entries
from ui.run import make_window
from ui.shell.window import Window
from ui.widgets.file_dialog import FileDialog

Settle = Callable[..., None]
PAGES = [entry.id for entry in entries()]


@pytest.fixture
def window(
    app: QApplication, settle: Settle, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    """The window over the small estate. Dialogs of the system are left by Esc, and nothing is opened outside.

    The sample estate that an action makes is as small.
    """
    monkeypatch.setattr("app.sample.load", lambda store, **_: fill_small(store))
    for asked in ("name_to_write", "getOpenFileName"):
        monkeypatch.setattr(FileDialog, asked, lambda *_, **__: ("", ""))
    monkeypatch.setattr(FileDialog, "names_to_read", lambda *_, **__: ([], ""))
    monkeypatch.setattr(FileDialog, "folder", lambda *_, **__: "")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)
    made = make_window(app, Settings(tmp_path / "settings"))
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    made.estate.open(str(estate))
    settle(made.is_open)
    settle(tasks=made.tasks)
    yield made
    made.services.close_sheet()
    made.close()
    settle(tasks=made.tasks)
    made.deleteLater()


def rest(window: Window, settle: Settle) -> None:
    settle(lambda: not window.page_actions._timer.isActive())
    settle(tasks=window.tasks)
    workspace = window.estate.workspace
    settle(lambda: workspace is None or not workspace.jobs.busy)
    settle(tasks=window.tasks)


def lost(window: Window) -> str:
    """What is wrong with where the focus is; "" if nothing is."""
    popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if popup is not None:
        return ""
    focused = window.focusWidget()
    if focused is None:
        return "nowhere"
    if not focused.isVisible() or not focused.isEnabled():
        return f"{focused!r}, which is hidden or disabled"
    places: list[QWidget] = [window.sheet] if window.sheet.isVisible() else [window.stack.page(window.stack.current)]
    places += [window.top.field] if window.palette_list.isVisible() else []
    return "" if any(place.isAncestorOf(focused) or place is focused for place in places) else f"{focused!r}"


@pytest.mark.parametrize("page", PAGES)
def test_after_every_action_of_a_page_the_focus_is_where_work_goes_on(
    window: Window, settle: Settle, page: str
) -> None:
    with window.estate.workspace.read() as reader:  # type: ignore[union-attr]
        server = reader.find("host-a").uid
    window.services.go(page, **({"uid": server, "impact": True} if page == "map" else {}))
    rest(window, settle)
    wrong, ran = {}, 0
    for name in [one.id for one in window.page_actions.here()]:
        begin(window, settle, page)
        action = next((one for one in window.page_actions.here() if one.id == name), None)
        if action is None or action.refusal:
            continue
        ran += 1
        action.run()
        rest(window, settle)
        if said := lost(window):
            wrong[name] = said
        close_what_stands(window, settle)
        if said := lost(window):
            wrong[f"{name}, closed again"] = said
    assert wrong == {}
    assert ran or not window.page_actions.here()


def test_after_every_action_of_the_window_the_focus_is_where_work_goes_on(window: Window, settle: Settle) -> None:
    wrong = {}
    last = ("file.close", "file.quit")
    for action in [one for one in window.actions_list if one.id not in last]:
        begin(window, settle, "assets")
        if action.refusal:
            continue
        action.run()
        rest(window, settle)
        if said := lost(window):
            wrong[action.id] = said
        close_what_stands(window, settle)
        if said := lost(window):
            wrong[f"{action.id}, closed again"] = said
    assert wrong == {}


def begin(window: Window, settle: Settle, page: str) -> None:
    """The page with its first row chosen, and the focus in it."""
    if window.stack.current != page:
        window.services.go(page)
        rest(window, settle)
    shown = window.stack.page(page)
    views = [one for one in shown.findChildren(QAbstractItemView) if one.isVisible() and one.model() is not None]
    view = next((one for one in views if one.model().rowCount()), None)
    if view is not None and view.focusPolicy():
        view.setFocus()
        if not view.currentIndex().isValid() or not view.selectionModel().hasSelection():
            view.setCurrentIndex(view.model().index(0, 0))
    rest(window, settle)


def close_what_stands(window: Window, settle: Settle) -> None:
    """Closes menus, dialogs and the sheet, as Esc does."""
    while (popup := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
        popup.close()
    window.services.close_sheet()
    if window.services.context is not None and not window.services.context.editable:
        window.services.back_to_now()
    rest(window, settle)
