"""Dependencies that scans see, in the window: chosen, accepted, undone; unknown addresses become records."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.workspace import Workspace
from tests.app.connections.scanned_machines import scan_two_machines
from tests.app.connections.seen_neighbours import see_neighbours
from ui.context import Context
from ui.proposals.seen_dependencies import SeenDependencyList
from ui.theme import Theme
from ui.widgets.side_sheet import SideSheet

Settle = Callable[..., None]


def test_what_is_chosen_is_accepted_and_unknown_addresses_become_records(
    context: Context, workspace: Workspace, settle: Settle
) -> None:
    scan_two_machines(workspace.store)
    page = SeenDependencyList(context)
    page.ask()
    settle(lambda: page.rows.rowCount() > 0)

    def listed(index: int) -> list[str]:
        page.shown.setCurrentIndex(index)
        return [f"{page.rows.index(i, 0).data()} → {page.rows.index(i, 1).data()}" for i in range(page.rows.rowCount())]

    assert listed(1) == ["nginx on web1 → PostgreSQL on db1", "web1 → SSH on db1"]
    page.search.setText("ssh")
    page.search.searched.emit("ssh")
    assert listed(1) == ["web1 → SSH on db1"]
    page.search.setText("")
    assert listed(0) == ["nginx on web1 → PostgreSQL on db1"]
    assert not page.accept_button.isEnabled()
    page.table.selectRow(0)
    page.accept_button.click()
    settle(lambda: not page.rows.rowCount())
    assert listed(2) == ["nginx on web1 → PostgreSQL on db1"]
    assert page.accept_button.isHidden()
    workspace.undo_stack.undo()
    page.ask()
    settle(lambda: not page.rows.rowCount())
    assert listed(4) == ["web1 → Web service at 203.0.113.9"]
    page.table.selectAll()
    page.make_button.click()
    settle(lambda: not page.rows.rowCount())
    with workspace.store.read() as reader:
        assert reader.find("203.0.113.9").cls == "server"


def test_unknown_neighbours_are_accepted_with_their_links(
    context: Context, workspace: Workspace, settle: Settle
) -> None:
    see_neighbours(workspace.store)
    page = SeenDependencyList(context)
    page.ask()
    settle(lambda: page.found)
    assert page.shown.currentText() == "Unknown neighbours, open 3", "nothing else is open"
    assert page.rows.titles == ["Seen at", "Neighbour", "Last seen"]
    listed = {page.rows.index(i, 1).data(): page.rows.index(i, 0).data() for i in range(page.rows.rowCount())}
    assert listed == {
        "00:40:8c:11:22:33": "sw-1: Gi2", "printer-7": "sw-1: Gi3",
        "ap-1": "sw-1: Gi1, sw-2: Gi1",
    }  # fmt: skip
    page.table.selectAll()
    page.accept_button.click()
    settle(lambda: not page.rows.rowCount())
    with workspace.store.read() as reader:
        ap = reader.find("ap-1")
        assert (ap.cls, len(reader.relationships(ap.uid))) == ("access_point", 2)
    page.shown.setCurrentIndex(0)
    assert page.rows.titles[:2] == ["What uses it", "What is used"]


def test_the_focus_stays_in_the_sheet_when_the_last_one_is_answered(
    context: Context, workspace: Workspace, settle: Settle
) -> None:
    scan_two_machines(workspace.store)
    page = SeenDependencyList(context)
    page.show()
    page.ask()
    settle(lambda: page.rows.rowCount() > 0)
    page.table.selectAll()
    page.accept_button.click()
    assert page.focusWidget() is page.table
    settle(lambda: not page.rows.rowCount())
    assert page.focusWidget() is page.shown
    assert page.minimumWidth() >= 480, "the machines of both ends are in sight"
    page.close()


def test_ctrl_enter_in_the_list_accepts_what_is_chosen(
    context: Context, workspace: Workspace, theme: Theme, settle: Settle
) -> None:
    scan_two_machines(workspace.store)
    host = QWidget()
    host.resize(900, 600)
    sheet, page = SideSheet(theme, host), SeenDependencyList(context)
    host.show()
    sheet.open_sheet("Dependencies", page, page.buttons)
    page.ask()
    settle(lambda: page.rows.rowCount() > 0)
    page.table.selectRow(0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: not page.rows.rowCount())
    page.shown.setCurrentIndex(2)
    assert page.rows.rowCount() == 1, "accepted, not made a record of"
    page.table.selectRow(0)
    sheet.ask_again()
    settle()
    assert len(page.selected()) == 1, "what is chosen stays chosen where nothing is different"
    workspace.undo_stack.undo()
    sheet.ask_again()
    settle(lambda: not page.rows.rowCount())
    host.close()
