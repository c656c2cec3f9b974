"""The Licences page: what it shows and in which order, how facts are supplied in place, and what it counts anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QWidget

from app.licences.position_notes import notes
from app.licences.position_order import key_of
from app.licences.renewals import renewals
from cmdb.licences.engine.results import Position
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.licences import evidence
from ui.pages.licences.page import LicencesPage
from ui.widgets.file_dialog import FileDialog

Settle = Callable[..., None]
TODAY = date.today()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def new(cls: str, **values: Any) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, **values})


def uid(edit: Edit) -> str:
    return edit.record.key[0]


def installed(computer: Edit, product: str, publisher: str = "", edition: str = "", version: str = "") -> Edit:
    key = (uid(computer), "", publisher, product, edition, version)
    return Edit(Record("installation", key), "", None, {"origin": "scan"})


@pytest.fixture
def licensed(context: Context) -> dict[str, Edit]:
    """An estate with a short product, an unknown one, a spare one, an exempt one, and one asking a question."""
    pcs = [new("laptop", name=f"PC-{n}", status="Deployed", last_seen=f"{day(0)}T00:00:00Z") for n in range(3)]
    host = new("server", name="host-x", status="Deployed", processor_sockets=2, cores_per_processor=8)
    vm = new("virtual_machine", name="vm-sql", status="Deployed", host=uid(host))
    visio = new("entitlement", name="Visio licences", product="Visio", edition="Professional", version="2021",
                metric="device", quantity=1, unit_cost=Decimal(200), currency="EUR", purchase_order="PO-1")  # fmt: skip
    sql = new("entitlement", name="SQL cores", product="SQL Server", edition="Standard", version="2019",
              metric="sql server core", quantity=4, pack_size=2, channel="volume")  # fmt: skip
    rar = new("entitlement", name="WinRAR", product="WinRAR", metric="device", quantity=5, channel="subscription",
              start=day(-300), end=day(20), cost=Decimal(50), currency="EUR")  # fmt: skip
    edits = [*pcs, host, vm, visio, sql, rar]
    context.workspace.apply(Revision(edits, "anna"))
    software = [installed(pc, "Microsoft Visio Professional 2021", "Microsoft", "Professional", "2021") for pc in pcs]
    software += [installed(pc, "7-Zip", "Igor Pavlov") for pc in pcs[:2]]
    software += [installed(pcs[0], "WinRAR", "win.rar GmbH"), installed(pcs[1], "Docker Desktop", "Docker")]
    software += [installed(vm, "Microsoft SQL Server 2019", "Microsoft", "Standard", "2019")]
    context.workspace.apply(Revision(software, "anna", "scan"))
    return {"pc": pcs[0], "vm": vm, "visio": visio, "sql": sql, "rar": rar}


@pytest.fixture
def show(show_page: ShowPage, context: Context, settle: Settle) -> Callable[..., LicencesPage]:
    """Opens the page, counted; revisions reach it as in the window."""

    def open_page(**params: Any) -> LicencesPage:
        page = show_page(LicencesPage, 1240, 850)
        page.opened(**params)
        settle(tasks=context.tasks)
        return page

    return open_page


def products(page: LicencesPage) -> list[str]:
    return [row.product for row in page.listing.model.rows]


def shown(page: LicencesPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(page: LicencesPage, text: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()).click()


def line_of(widget: QWidget) -> QLineEdit:
    found = widget.findChild(QLineEdit)
    assert found is not None
    return found


def current(page: LicencesPage) -> Position:
    assert page.detail.position is not None
    return page.detail.position


# -- positions -----------------------------------------------------------------------------------------------------


def test_what_needs_action_comes_first(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    verdicts = [row.verdict for row in page.listing.model.rows]
    assert verdicts == ["short", "unknown", "unknown", "over-licensed", "exempt"]
    assert products(page)[0] == "Visio"
    assert current(page).product == "Visio"
    said = shown(page)
    assert "1 of the 3 devices is covered: 2 short." in said
    assert "Buying 2 devices would cost about 400.00 EUR." in said


def test_who_comes_to_the_page_is_in_the_list(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    page.setFocus()
    assert page.window().focusWidget() is page.listing.table


def test_verdicts_and_words_narrow_the_table(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    press(page, "Unknown 2")
    assert {row.verdict for row in page.listing.model.rows} == {"unknown"}
    press(page, "Short 1")
    assert {row.verdict for row in page.listing.model.rows} == {"unknown", "short"}
    press(page, "All 5")
    QTest.keyClicks(page.listing.search, "winrar")
    QTest.keyClick(page.listing.search, Qt.Key.Key_Return)
    assert products(page) == ["WinRAR"]
    assert current(page).product == "WinRAR"
    QTest.keyClicks(page.listing.search, " nothing")
    QTest.keyClick(page.listing.search, Qt.Key.Key_Return)
    assert "No position fits the filter" in shown(page)
    press(page, "Show all")
    assert len(products(page)) == 5


def test_links_lead_to_a_position_or_a_verdict(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["WinRAR", "", "", "device"])
    assert current(page).product == "WinRAR"
    assert page.state()["position"] == ["WinRAR", "", "", "device"]
    page.opened(verdict="unknown")
    settle(tasks=context.tasks)
    assert {row.verdict for row in page.listing.model.rows} == {"unknown"}
    page.opened(position=["Visio", "Professional", "2021", "device"])
    settle(tasks=context.tasks)
    assert current(page).product == "Visio"


def test_numbers_are_sorted_as_numbers_and_the_order_can_be_left(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit]
) -> None:
    page = show()
    page.listing.table.sortByColumn(6, Qt.SortOrder.DescendingOrder)
    needed = [row.needed for row in page.listing.model.rows]
    assert needed == sorted(needed, reverse=True)


def test_columns_can_be_chosen_and_stay(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    assert page.listing.table.isColumnHidden(2)
    menu = QMenu(page)
    page.listing.choice.fill(menu)
    next(action for action in menu.actions() if action.text() == "Edition").trigger()
    assert not page.listing.table.isColumnHidden(2)
    assert not show().listing.table.isColumnHidden(2)


def test_the_details_cover_the_table_in_a_narrow_window(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    page.resize(1000, 700)
    settle(until=lambda: page.detail.isHidden())
    page.listing.table.setFocus()
    QTest.keyClick(page.listing.table, Qt.Key.Key_Return)
    assert page.detail.isVisible()
    assert page.listing.isHidden()
    page.detail.close_button.click()
    assert page.listing.isVisible()


# -- evidence ------------------------------------------------------------------------------------------------------


def test_demand_supply_and_allocation_lead_to_their_records(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], context: Context
) -> None:
    page = show()
    demand = page.detail.lists["demand"]
    assert [line.amount for line in demand.lines] == ["1 device"] * 3
    assert sum(line.tone == "bad" for line in demand.lines) == 2
    place = next(i for i, line in enumerate(demand.lines) if line.title == "PC-0")
    QTest.mouseClick(demand.viewport(), Qt.MouseButton.LeftButton,
                     pos=demand.visualRect(demand.model().index(place, 0)).center())  # fmt: skip
    press(page, "Supply 1")
    supply = page.detail.lists["supply"]
    assert "PO-1" in supply.lines[0].why
    supply.setCurrentIndex(supply.model().index(0, 0))
    QTest.keyClick(supply, Qt.Key.Key_Return)
    press(page, "Allocation 1")
    assert "Visio licences" in page.detail.lists["allocation"].lines[0].title
    assert context.shell.said("open_ci") == [(uid(licensed["pc"]),), (uid(licensed["visio"]),)]  # type: ignore[attr-defined]


def test_the_lines_add_up(show: Callable[..., LicencesPage], licensed: dict[str, Edit]) -> None:
    page = show()
    for one in page.listing.model.rows:
        assert len(evidence.demand(one)) == len(one.demand)
        assert sum(line.quantity or 0 for line in one.demand) == one.needed


def test_exceptions_of_a_position_are_a_click_away(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], context: Context
) -> None:
    page = show(position=["7-Zip", "", "", ""])
    assert "It needs no licence" in shown(page)
    press(page, "2 exceptions")
    assert page.views.current == "exceptions"
    assert {row.product for row in page.exceptions.model.rows} == {"7-Zip"}
    page.exceptions.table.opened.emit(0)
    ((opened,),) = context.shell.said("open_ci")  # type: ignore[attr-defined]
    assert opened == page.exceptions.model.row_at(0).subject_id


def test_exempt_copies_are_left_out_until_they_are_asked_for(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit]
) -> None:
    page = show(view="exceptions")
    assert "exempt" not in {row.kind for row in page.exceptions.model.rows}
    press(page, "Exempt 2")
    assert "exempt" in {row.kind for row in page.exceptions.model.rows}


# -- missing facts -------------------------------------------------------------------------------------------------


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


# -- counting ------------------------------------------------------------------------------------------------------


def test_rights_are_judged_at_the_day_chosen(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["WinRAR", "", "", "device"])
    assert current(page).entitled == 5
    page.day.pick(day(21))
    settle(tasks=context.tasks)
    assert current(page).verdict == "short"
    assert page.state()["at"] == day(21)
    page.day.pick("")
    settle(tasks=context.tasks)
    assert current(page).verdict == "over-licensed"


def test_revisions_in_a_row_are_counted_once(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show()
    counted: list[object] = []
    page.counting.counted.connect(counted.append)
    visio = licensed["visio"].record
    for before, after in ((1, 2), (2, 3), (3, 8)):
        context.workspace.apply(Revision([Edit(visio, "quantity", before, after)], "anna"))
    settle(until=lambda: current(page).entitled == 8)
    assert len(counted) == 1
    assert current(page).verdict == "over-licensed"
    assert current(page).product == "Visio", "the cursor stays on its position"


def test_irrelevant_revisions_cause_no_new_computation(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show()
    busy: list[bool] = []
    page.counting.busy.connect(busy.append)
    context.workspace.apply(Revision([Edit(licensed["pc"].record, "notes", None, "scratched")], "anna"))
    QTest.qWait(450)
    settle(tasks=context.tasks)
    assert busy == []


def test_an_empty_estate_says_what_to_do(show: Callable[..., LicencesPage], context: Context) -> None:
    page = show()
    assert "Nothing to license yet" in shown(page)
    assert not page._export.isEnabled()
    press(page, "Import a spreadsheet")
    assert context.shell.said("go") == [("import", {})]  # type: ignore[attr-defined]


def test_a_failure_can_be_tried_again(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(known: object, reader: object, at: date, jobs: object) -> None:
        raise StoreProblem(Message("The estate cannot be read."), (Message("Its disk is gone."),))

    monkeypatch.setattr("ui.pages.licences.computation.positions_of", fail)
    page = show()
    assert "The estate cannot be read." in shown(page)
    monkeypatch.undo()
    press(page, "Try again")
    settle(tasks=context.tasks)
    assert len(products(page)) == 5


# -- export and renewals -------------------------------------------------------------------------------------------


def test_the_workbook_is_written_in_a_job(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = show()
    path = tmp_path / "position"
    monkeypatch.setattr(FileDialog, "name_to_write", lambda *_: (str(path), ""))
    press(page, "Export compliance workbook")
    said = context.shell.said  # type: ignore[attr-defined]
    settle(until=lambda: bool(said("written")))
    book = openpyxl.load_workbook(tmp_path / "position.xlsx")
    assert "Position" in " ".join(book.sheetnames)
    cells = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
    assert "Visio" in cells
    assert ("position.xlsx is written",) in said("toast")
    assert said("written") == [(tmp_path / "position.xlsx",)]


def test_the_calendar_lists_what_ends_within_a_year(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    agreement = new("agreement", name="Frame", end=day(200), cancel_by=day(100))
    maintained = new("entitlement", name="Kept", product="Visio", metric="device", quantity=1,
                     maintenance_until=day(200), agreement=uid(agreement))  # fmt: skip
    lease = new("lease", name="Laptops", end=day(120), notice_period=90)
    gone = new("lease", name="Old", end=day(50), status="Retired")
    far = new("lease", name="Far", end=day(500))
    context.workspace.apply(Revision([agreement, maintained, lease, gone, far], "anna"))
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        found = renewals(reader, TODAY)
    assert [(one.name, one.kind, one.act_by) for one in found] == [
        ("WinRAR", "Subscription", day(20)),
        ("Laptops", "Lease", day(30)),
        ("Frame", "Agreement", day(100)),
        ("Kept", "Maintenance", day(100)),
    ]
    page = show(view="renewals")
    settle(tasks=context.tasks)
    page.resize(1366 - 196, 700)
    settle()
    assert page.renewals.table.horizontalScrollBar().maximum() == 0, "all columns are in sight, with the cost"
    assert [row.name for row in page.renewals.model.rows] == [one.name for one in found]
    page.renewals.year.clicked.emit(day(20)[:7])
    assert {row.act_by[:7] for row in page.renewals.model.rows} == {day(20)[:7]}
    page.renewals.year.clicked.emit(day(20)[:7])
    assert len(page.renewals.model.rows) == 4
    page.renewals.table.opened.emit(0)
    assert context.shell.said("open_ci") == [(uid(licensed["rar"]),)]  # type: ignore[attr-defined]


def test_the_verdict_is_in_sight_with_and_without_a_draft_in_the_smallest_window(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle
) -> None:
    page = show()
    page.resize(1024 - 56, 600)
    for today in (None, page.found):
        page.listing.show_today(today)
        settle()
        assert page.listing.table.horizontalScrollBar().maximum() == 0


def test_no_renewals_is_shown(show: Callable[..., LicencesPage]) -> None:
    page = show(view="renewals")
    assert "Nothing ends in the next twelve months" in shown(page)


# -- what a position says --------------------------------------------------------------------------------------------


def test_what_needs_no_licence_never_contradicts_itself(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context
) -> None:
    page = show(position=["7-Zip", "", "", ""])
    settle(tasks=context.tasks)
    free = next(one for one in page.listing.model.rows if one.product == "7-Zip")
    page.detail.show_position(free, page.found)  # type: ignore[arg-type]
    for name in ("demand", "supply", "allocation"):
        page.detail._choose(name)
    said = shown(page)
    assert "2 installations on 2 devices" in said
    assert "nowhere" not in "\n".join(text.text() for text in page.detail._head.values())
    assert page.detail._head["demand"].text() == "Where it is installed, it needs no licence: nothing is counted."


def test_a_note_stands_beside_its_position(
    show: Callable[..., LicencesPage], licensed: dict[str, Edit], settle: Settle, context: Context, tmp_path: Path
) -> None:
    page = show()
    key = key_of(current(page))
    page.detail.note.keep("Accepted until March.")
    settle(tasks=context.tasks)
    assert "Accepted until March." in page.detail.note.text()
    with context.workspace.read() as reader:
        assert notes(reader) == {key: "Accepted until March."}
    page.detail.note.keep("")
    settle(tasks=context.tasks)
    assert page.detail.note.isHidden()
    with context.workspace.read() as reader:
        assert notes(reader) == {}
    context.workspace.undo_stack.undo()
    with context.workspace.read() as reader:
        assert notes(reader) == {key: "Accepted until March."}
