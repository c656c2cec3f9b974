"""A list in groups: counts and sums, opened and closed by mouse and keys, kept in views."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from cmdb.model.revision import Edit, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.widgets.buttons import IconButton
from ui.widgets.labels import SectionLabel, Text

Settle = Callable[..., None]


@pytest.fixture
def page(show_page: ShowPage, context: Context, shell: Any, settle: Settle) -> AssetsPage:
    found = show_page(AssetsPage)
    shell.go = lambda page, **params: found.opened(**params)
    price(context, "LT-2041", "1000.50", "EUR")
    price(context, "LT-2048", "20", "USD")
    found.opened(cls="laptop")
    settle()
    found.listing.columns.choose(["name", "status", "purchase_cost"])
    found.listing.group_by("status")
    settle()
    return found


def price(context: Context, name: str, cost: str, currency: str) -> None:
    with context.workspace.store.read() as reader:
        uid = reader.find(name).uid
    edits = [Edit(ci(uid), "purchase_cost", None, Decimal(cost)), Edit(ci(uid), "currency", None, currency)]
    context.workspace.store.apply(Revision(edits, "tester"))


def rows(page: AssetsPage, settle: Settle) -> list[str]:
    model = page.listing.model
    for row in range(model.rowCount()):
        model.index(row, 0).data()  # what is not here is asked for
    settle()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_groups_count_and_sum_and_open(page: AssetsPage, settle: Settle) -> None:
    listing, model = page.listing, page.listing.model
    assert rows(page, settle) == ["In stock  1", "Deployed  2"], "in the order of the choices"
    assert model.index(1, 2).data() == "1,000.50 EUR · 20.00 USD"
    assert (listing._count.text(), model.matching) == ("3", 3)
    assert listing.groups.isVisible()
    listing.table.setFocus()
    listing.table.setCurrentIndex(model.index(1, 0))
    assert "closed" in str(model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    QTest.keyClick(listing.table, Qt.Key.Key_Return)
    settle()
    assert rows(page, settle) == ["In stock  1", "Deployed  2", "LT-2041", "LT-2048"]
    listing.table.setCurrentIndex(model.index(3, 0))
    QTest.keyClick(listing.table, Qt.Key.Key_Left)
    assert listing.table.currentIndex().row() == 1, "to the group of the row"
    QTest.keyClick(listing.table, Qt.Key.Key_Left)
    assert model.rowCount() == 2
    QTest.mouseClick(
        listing.table.viewport(), Qt.MouseButton.LeftButton, pos=listing.table.visualRect(model.index(0, 0)).center()
    )
    settle()
    assert rows(page, settle)[1] == "LT-2055"
    model.open_all()
    settle()
    listing.table.selectAll()
    assert listing.selected_rows.number() == 3, "the rows of groups are none"
    found: list[int] = []
    listing.selected_rows.ids(lambda ids: found.append(len(ids)))
    assert found == [3]
    page.grab()
    model.open_all(opened=False)
    settle()
    assert model.rowCount() == 2


def test_groups_follow_changes_filters_and_sorts(page: AssetsPage, context: Context, settle: Settle) -> None:
    listing, model = page.listing, page.listing.model
    model.toggle(1)
    settle()
    listing.sort_by("-name")
    settle()
    assert rows(page, settle)[2:] == ["LT-2048", "LT-2041"], "open groups stay open"
    with context.workspace.store.read() as reader:
        uid = reader.find("LT-2055").uid
    context.workspace.store.apply(Revision([Edit(ci(uid), "status", "In stock", "Deployed")], "tester"))
    settle()
    assert rows(page, settle)[0] == "Deployed  3"
    page.opened(uid=uid)
    settle()
    assert rows(page, settle) == ["LT-2055", "LT-2048", "LT-2041"], "an item that is opened is in a plain list"
    menu = QMenu()
    listing.columns.fill_for(menu, 1)
    (by,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert next(a.text() for a in by.actions()) == "Status"
    listing.group_by("location")
    settle()
    assert rows(page, settle) == ["Rotterdam  3"]
    listing.groups.choose("")
    settle()
    assert (len(rows(page, settle)), listing.groups.isVisible()) == (3, False)


def test_what_is_shown_is_exported_by_button_and_action(
    page: AssetsPage, shell: Any, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_: object, title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "list"), next(kind for kind in kinds.split(";;") if "html" in kind)

    monkeypatch.setattr("ui.widgets.file_dialog.FileDialog.name_to_write", answer)
    jobs = page.context.workspace.jobs
    button = next(b for b in page.listing.findChildren(IconButton) if b.accessibleName() == "Export this list…")
    button.click()
    settle(lambda: not jobs.busy)
    written = (tmp_path / "list.html").read_text("utf-8")
    assert written.index("LT-2055") < written.index("LT-2041"), "in the order of the groups"
    action = next(one for one in page.page_actions() if one.id == "assets.export")
    action.run()
    settle(lambda: not jobs.busy)
    assert asked[1].startswith(str(tmp_path)), "in the folder of the last one"


def test_of_several_chosen_a_summary_stands_in_place_of_the_details(page: AssetsPage, settle: Settle) -> None:
    listing = page.listing
    listing.group_by("")
    settle()
    listing.table.selectRow(0)
    settle()
    assert not page.both.chosen.isVisible()
    ready = {one.id: one.enabled for one in page.page_actions()}
    assert ready["assets.attach"]()
    listing.table.selectAll()
    settle(lambda: bool(page.both.chosen.body.findChildren(SectionLabel)))
    assert page.both.chosen.isVisible()
    assert not page.detail._states.isVisible()
    shown = {label.text() for label in page.both.chosen.body.findChildren(Text)}
    assert {"Laptops", "Deployed", "2", "1,000.50 EUR · 20.00 USD"} <= shown
    assert not ready["assets.attach"](), "it would act on one that nobody sees"
    assert ready["assets.copy"]()
    listing.table.selectRow(1)
    settle()
    assert (page.both.chosen.isVisible(), page.detail._states.isVisible()) == (False, True)


def test_widths_are_of_records_not_of_groups(page: AssetsPage, settle: Settle) -> None:
    listing = page.listing
    listing.group_by("location")
    listing.columns.choose(["name", "status", "purchase_cost", "serial_number"])
    settle()
    closed = listing.table.columnWidth(0)
    listing.model.toggle(0)
    settle()
    rows(page, settle)
    settle()
    assert listing.table.columnWidth(0) > closed, "measured once rows are there"
    wide = [listing.table.columnWidth(place) for place in range(3)]
    listing.group_by("")
    settle()
    assert [listing.table.columnWidth(place) for place in range(3)] == wide, "nothing jumps"


def test_any_number_of_groups_is_opened_at_once(page: AssetsPage, context: Context, settle: Settle) -> None:
    made = [
        Edit(ci(new_id()), "", None, {"class": "laptop", "name": f"LX-{n:03d}", "asset_tag": f"X{n:03d}"})
        for n in range(300)
    ]
    context.workspace.store.apply(Revision(made, "tester"))
    settle()
    listing, model = page.listing, page.listing.model
    listing.group_by("asset_tag")
    settle()
    assert model.group_number > 300
    assert listing.groups._open.isVisible()
    listing.groups._open.click()
    settle()
    assert model.rowCount() == model.matching + model.group_number
    listing.groups._close.click()
    settle()
    assert model.rowCount() == model.group_number
