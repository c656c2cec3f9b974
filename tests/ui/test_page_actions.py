"""Every page's actions from everywhere: offered, reached and run there, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from app.other_names import TABLE
from tests.ui.conftest import open_in_window
from ui.actions import CLOSED, PAST
from ui.palette import PaletteEntry, rank
from ui.shell.window import Window
from ui.widgets.file_dialog import FileDialog

Settle = Callable[..., None]


@pytest.fixture
def window(window: Window, settle: Settle, estate: Path) -> Iterator[Window]:
    """The window with its own pages over the small estate, on the overview."""
    window.resize(1366, 768)
    open_in_window(window, estate, settle)
    window.services.go("overview")
    settle(tasks=window.tasks)
    yield window
    window.services.close_sheet()


def offered(window: Window, text: str) -> list[PaletteEntry]:
    return [one for one in rank(text, window.offers.standing()) if one.group == "Actions"]


def choose(window: Window, text: str, settle: Settle) -> None:
    offered(window, text)[0].run()
    settle(tasks=window.tasks)
    settle(lambda: not window.page_actions._timer.isActive())
    settle(tasks=window.tasks)


def said(window: Window) -> str:
    return window.toast._text.text()


def test_the_palette_finds_actions_of_pages_that_were_never_shown(window: Window) -> None:
    titles = {
        "export": "Export this list…",
        "new laptop": "New Laptop…",
        "hand over": "Hand over…",
        "scan this": "Scan this computer",
        "report: warrant": "Report: Warranties ending",
        "import a copied": "Import a copied table",
    }
    for text, title in titles.items():
        assert title in [one.title for one in offered(window, text)], text


def test_a_chosen_action_opens_its_page_and_runs_there(window: Window, settle: Settle) -> None:
    choose(window, "new laptop", settle)
    assert window.stack.current == "assets"
    assert window.sheet.isVisible()
    assert window.sheet.accessibleName() == "New Laptop"


def test_an_action_that_cannot_run_gives_the_reason_after_its_page_opens(window: Window, settle: Settle) -> None:
    choose(window, "hand over", settle)
    assert window.stack.current == "assets"
    assert said(window) == "“Hand over” needs a selection of hardware in Assets."
    assert not window.sheet.isVisible()


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("watch, or", "“Watch, or watch no longer” needs a selection of items in Assets."),
        ("next free tag", "“Give the next free tag” needs a selection of hardware in Assets."),
        ("paste a file", "“Paste a file or picture” needs an item that is shown."),
    ],
)
def test_nothing_is_done_with_the_first_row_of_a_page_that_nobody_has_seen(
    window: Window, settle: Settle, text: str, needs: str
) -> None:
    with window.estate.workspace.read() as reader:  # type: ignore[union-attr]
        before = reader.number
    choose(window, text, settle)
    assert window.stack.current == "assets"
    assert said(window) == needs
    with window.estate.workspace.read() as reader:  # type: ignore[union-attr]
        assert reader.number == before


def test_a_verb_runs_on_what_was_selected_before(window: Window, settle: Settle) -> None:
    window.services.go("assets", cls="laptop")
    settle(tasks=window.tasks)
    window.stack.page("assets").listing.table.selectRow(0)  # type: ignore[attr-defined]
    window.services.go("history")
    settle(tasks=window.tasks)
    choose(window, "hand over", settle)
    assert window.sheet.accessibleName() == "Hand over LT-2041"


def test_an_action_waits_until_its_page_has_loaded(
    window: Window, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "everything.csv"
    monkeypatch.setattr(FileDialog, "name_to_write", lambda *_: (str(path), ""))
    choose(window, "export this list", settle)
    settle(lambda: path.exists() and not window.estate.workspace.jobs.busy)  # type: ignore[union-attr]
    lines = path.read_text("utf-8-sig").splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("Name,Class,Status")
    assert "everything.csv is written: 7 rows" in said(window)


def test_nothing_is_changed_in_the_past(window: Window, settle: Settle) -> None:
    assert window.services.context is not None
    window.services.context.moment.set(1, "then")
    settle(tasks=window.tasks)
    assert offered(window, "new laptop")[0].note == str(PAST)
    choose(window, "new laptop", settle)
    assert window.stack.current == "overview"
    assert said(window) == str(PAST)


def test_without_an_estate_that_is_said(window: Window, settle: Settle) -> None:
    window.files.close()
    settle(tasks=window.tasks)
    (one, *_) = offered(window, "hand over")
    assert one.note == str(CLOSED)
    one.run()
    assert said(window) == str(CLOSED)
    assert not offered(window, "new laptop"), "which classes there are is not known"


def test_menus_have_the_other_pages_actions_with_reasons(window: Window) -> None:
    menu = QMenu()
    window.main_menu.fill_pages(menu)
    assets = next(a.menu() for a in menu.actions() if a.text() == "Assets")
    assert isinstance(assets, QMenu)
    titles = [a.text() for a in assets.actions()]
    assert {"Hand over…", "Retire…", "Export this list…"} <= set(titles)
    assert not any(title.startswith("New Laptop") for title in titles), "one for each class is for the palette"
    menu.deleteLater()


def test_the_palette_knows_other_names(window: Window) -> None:
    titles = {
        "check out": "Hand over…",
        "check in": "Take back…",
        "assign": "Hand over…",
        "deploy": "Hand over…",
        "decommission": "Retire…",
        "disposal": "Dispose of…",
        "accessories": "",
    }
    for text, title in titles.items():
        found = [one.title for one in rank(text, window.offers.standing())]
        assert title in found if title else found, text


@pytest.mark.parametrize("text", ["EULA", "requestable", "hold", "CAB"])
def test_the_palette_offers_alternatives_for_missing_features(window: Window, settle: Settle, text: str) -> None:
    window.palette_list.open()
    window.top.field.setText(text)
    settle(lambda: any(one.note.startswith("Terrier") for one in window.palette_list._shown()))
    found = next(one for one in window.palette_list._shown() if one.note.startswith("Terrier"))
    assert found.title == text
    window.palette_list.dismiss()


def test_the_actions_that_other_names_lead_to_exist(window: Window) -> None:
    pages = window.page_actions
    known = {one.id for one in (*window.actions_list, *pages.here(), *pages.elsewhere())}
    assert {one.action for one in TABLE if one.action} <= known
