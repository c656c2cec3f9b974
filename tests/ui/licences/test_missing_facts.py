"""Facts that a position lacks are supplied in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.licences.position_order import key_of
from cmdb.model.revision import Edit, Revision
from tests.ui.licences.licences_user import (
    Settle,
    current,
    installed,
    line_of,
    new,
    press,
    shown,
    uid,
)
from ui.context import Context
from ui.pages.licences.page import LicencesPage


def test_a_missing_fact_is_filled_in_in_place(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["SQL Server", "Standard", "2019", "sql server core"])
    settle(until=lambda: bool(page.detail.missing.rows))
    assert current(page).verdict == "unknown"
    assert page.detail.tabs.current == "missing"
    line = next(row for key, row in page.detail.missing.rows.items() if key[0] == "virtual cores")
    field = line_of(line)
    QTest.keyClicks(field, "many")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle(tasks=context.tasks)
    assert current(page).verdict == "unknown", "no number: nothing is written"
    field.clear()
    QTest.keyClicks(field, "6")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle(until=lambda: current(page).verdict != "unknown")
    assert current(page).needed == 6
    assert current(page).verdict == "over-licensed"
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        assert reader.get(uid(licensed["vm"])).values["virtual_cores"] == 6
    settle(until=lambda: not page.detail.missing.rows)


def test_a_condition_of_free_use_is_answered_in_place(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["Docker Desktop", "", "", "named user"])
    settle(until=lambda: bool(page.detail.missing.rows))
    assert "fewer than 250 employees" in shown(page)
    press(page, "Yes")
    settle(until=lambda: any(p.product == "Docker Desktop" and p.verdict == "exempt" for p in page.listing.model.rows))
    context.workspace.undo_stack.undo()
    settle(until=lambda: any(p.product == "Docker Desktop" and p.verdict == "unknown" for p in page.listing.model.rows))


def focused_tab(page: LicencesPage) -> str:
    """The tab that has the focus, "" where it is elsewhere."""
    at = page.window().focusWidget()
    return next((name for name, button in page.detail.tabs._buttons.items() if button is at), "")


def test_an_installed_edition_is_supplied(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    vm = new("virtual_machine", name="vm-two", status="Deployed", virtual_cores=4)
    context.workspace.apply(Revision([vm], "anna"))
    context.workspace.apply(Revision([installed(vm, "Microsoft SQL Server 2019", "Microsoft")], "anna"))
    page = show()
    key = ("edition", "vm-two", uid(vm))
    place = next(p for p in page.found.positions if any((m.fact, m.of, m.id) == key for m in p.missing))  # type: ignore[union-attr]
    page.listing.select(key_of(place))
    settle(until=lambda: key in page.detail.missing.rows)
    field = line_of(page.detail.missing.rows[key])
    field.setFocus()
    QTest.keyClicks(field, "Standard")
    QTest.keyClick(field, Qt.Key.Key_Return)
    tabs = page.detail.tabs
    assert focused_tab(page) == tabs.current == "missing"

    def stated() -> bool:
        with context.workspace.read(context.moment.at, context.moment.today) as reader:
            return [i.edition for i in reader.installations(uid(vm))] == ["Standard"]

    settle(until=stated)
    settle(until=lambda: all((m.fact, m.of, m.id) != key for p in page.found.positions for m in p.missing))  # type: ignore[union-attr]
    assert focused_tab(page) == tabs.current


def test_computers_that_were_never_looked_at_are_listed(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    context.workspace.apply(Revision([Edit(licensed["visio"].record, "quantity", 1, 4)], "anna"))
    page = show(position=["Visio", "Professional", "2021", "device"])
    assert current(page).verdict == "unknown"
    assert "3 computers may carry the product too" in shown(page)
    assert [line.title for line in page.detail.missing._unseen.lines] == ["LT-2041", "LT-2048", "LT-2055"]
    press(page, "Scan…")
    assert context.shell.said("go") == [("scan", {})]  # type: ignore[attr-defined]


def test_the_past_cannot_be_filled_in(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        context.moment.set(reader.number, "12 Mar 2026")
    page = show(position=["SQL Server", "Standard", "2019", "sql server core"])
    settle(until=lambda: bool(page.detail.missing.rows))
    assert "As known on 12 Mar 2026" in shown(page)
    assert not any(w.isEnabled() for row in page.detail.missing.rows.values() for w in row.inputs)
