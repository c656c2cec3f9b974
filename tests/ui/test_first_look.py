"""What stands before the store has loaded: the window first, then a first look at the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app.places import look_into
from cmdb.model.first_look import FirstItem, FirstLook
from cmdb.model.schema import Schema
from cmdb.store.reading.first_look import first_look
from ui.shell.loading_page import LoadingPage
from ui.theme import Theme
from ui.widgets.table import TableView

ROOT = Path(__file__).resolve().parents[2]


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_window_is_shown_before_the_store_or_a_page_is_imported() -> None:
    program = """
import json, sys
from ui.run import application, make_window
from app.settings import Settings
app = application()
window = make_window(app, Settings())
window.show()
app.processEvents()
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "ui.pages.overview" in loaded
    assert not loaded & {"sqlalchemy", "numpy", "networkx", "openpyxl", "ui.pages.overview.page", "app.workspace"}


@pytest.mark.parametrize("place", ["overview", "assets", "map"])
def test_the_outline_takes_the_first_look(theme: Theme, estate: Path, place: str) -> None:
    found = first_look(estate)
    assert found is not None
    page = LoadingPage(theme, place, "small")
    page.resize(1200, 800)
    page.show_first_look(found, Schema.load())
    page.show()
    if place == "assets":
        (table,) = page.findChildren(TableView)
        assert table.model().index(0, 0).data() == "Anja Vogt"
    else:
        shown = texts(page)
        assert "7" in shown.splitlines()
        assert "Repaired" in shown


@pytest.mark.parametrize(
    ("place", "title", "rows"),
    [
        ({}, "All items", True),
        ({"cls": "ci", "sort": "name"}, "All items", True),
        ({"cls": "laptop", "sort": "name"}, "Laptops", True),
        ({"cls": "laptop", "where": "status = Lost"}, "", False),
        ({"cls": "laptop", "sort": "-status"}, "", False),
        ({"cls": "laptop", "group": "status"}, "", False),
    ],
)
def test_the_outline_shows_the_list_that_comes(
    theme: Theme, estate: Path, place: dict[str, str], title: str, rows: bool
) -> None:
    found = look_into(str(estate), place)
    assert found is not None
    page = LoadingPage(theme, "assets", "small")
    page.show_first_look(*found)
    tables = page.findChildren(TableView)
    assert bool(tables) == rows
    assert (title in texts(page).splitlines()) == bool(title)


def test_the_outline_s_title_is_of_what_was_asked_not_of_the_first_rows(theme: Theme) -> None:
    apps = tuple(FirstItem(str(one), "application", f"app-{one}", "Active", "", "") for one in range(3))
    page = LoadingPage(theme, "assets", "small")
    page.show_first_look(FirstLook("ci", 100, apps, ()), Schema.load())
    assert "All items" in texts(page)
