"""The scan page: this very computer scanned, compared, put into the register, taken back; and files of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import scans as scanning
from app.agent_folder import write_agent_folder
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.messages import EMPTY, Message
from cmdb.model.selection import Selection
from importers.discovery import Inventory
from importers.discovery.linux.connections import COLLECTOR as CONNECTIONS
from tests.importers.agent_xml.requests import FUSION
from tests.ui.scan.scans import document, inventory, scanned
from ui.context import Context
from ui.pages.scan.findings import sections
from ui.pages.scan.page import ScanPage
from ui.widgets.file_dialog import FileDialog


def test_at_first_it_says_what_a_scan_is(page: ScanPage) -> None:
    assert page._stack.currentWidget() is page._idle
    assert page.scan_button.isVisible()
    assert page.put.isHidden()


def test_the_page_opens_without_the_view_of_a_result(page: ScanPage) -> None:
    assert "result" not in vars(page)


def test_a_scan_is_applied_and_undone(page: ScanPage, workspace: Workspace, idle: Callable[[], None]) -> None:
    heard: list[tuple[str, str]] = []
    shown = page.collectors.show_state
    page.collectors.show_state = lambda *a: (heard.append(a[:2]), shown(*a))[1]  # type: ignore[func-returns-value,method-assign]
    page.scan()
    idle()
    assert page.inventory is not None
    assert {state for _, state in heard} >= {"running", "read", "collected"}
    states = page.collectors.states()
    assert set(states) == {o.name for o in page.inventory.outcomes}
    assert states["operating system"].startswith("collected")
    assert page.verdict is not None
    assert page.verdict.kind == "new"
    assert "Nothing in the register has its" in page.result.why.text()
    with workspace.store.read() as reader:
        before = reader.counts()
    assert page.put.isEnabled()
    assert page.focusWidget() is page.put
    QTest.keyClick(page.put, Qt.Key.Key_Return)
    idle()
    assert page.focusWidget() is page.open
    with workspace.store.read() as reader:
        assert sum(reader.counts().values()) > sum(before.values())
        assert reader.get(page.verdict.uid).name == page.verdict.name
    page.open.click()
    assert page.context.shell.said("open_ci") == [(page.verdict.uid,)]  # type: ignore[attr-defined]
    page.scan()
    idle()
    assert page.verdict.kind == "same"
    assert "Recognised by its" in page.result.why.text()


def test_who_comes_to_the_page_is_at_the_next_thing_to_do(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    page.setFocus()
    assert page.window().focusWidget() is page.scan_button
    scanned(page, inventory(), idle, monkeypatch)
    page.result.tabs.setFocus()
    page.setFocus()  # as after a sheet
    assert page.window().focusWidget() is page.put


@pytest.mark.parametrize("how", ["button", "keys"])
def test_the_scan_is_taken_back_after_a_look(
    page: ScanPage, workspace: Workspace, context: Context, how: str, idle: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    workspace.store.subscribe(lambda applied: context.tasks.post(page.changed, applied))  # as the window does
    scanned(page, inventory(), idle, monkeypatch)
    with workspace.store.read() as reader:
        before = reader.counts()
    page.put.click()
    idle()
    assert page.undo.isVisibleTo(page)
    page.undo.click() if how == "button" else workspace.undo_stack.undo()
    idle()
    assert not page.undo.isVisibleTo(page)
    with workspace.store.read() as reader:
        assert reader.counts() == before
    assert page.verdict is not None
    assert page.verdict.kind == "new"
    assert page.put.isEnabled()


def test_the_keys_put_the_scan_in_or_say_what_is_missing(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = next(one for one in page.page_actions() if one.id == "scan.next")
    assert put.shortcut == "Ctrl+Return"
    assert str(put.refusal) == "Scan this computer first."
    scanned(page, inventory(), idle, monkeypatch)
    assert (put.refusal, page.put.toolTip()) == (EMPTY, "")
    put.run()
    idle()
    assert str(put.refusal) == "This scan is in the register."


def test_outcomes_and_data_that_only_an_administrator_can_read(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    states = page.collectors.states()
    assert states["system"].endswith("run elevated to get serial numbers")
    assert states["storage"] == "timed out · stopped after 5 s"
    assert states["memory"].startswith("not permitted")
    assert states["printers"] == "the machine has none"
    assert page.result.message._text.text() == "Run elevated to get: serial numbers, memory modules."


def test_what_was_found_is_readable() -> None:
    found = {section.title: section for section in sections(document())}
    assert ("Serial number", "PF9001XYZ") in found["System"].lines
    assert ("Installed", "32 GiB") in found["Memory"].lines
    assert found["Software"].figure == "3 packages"
    assert found["Software"].lines == (("deb", "2 packages"), ("pip", "1 package"))
    assert found["Listening ports"].lines == (("tcp 22", "0.0.0.0 · sshd"),)
    assert found["Services"].lines[0] == ("Running", "s0, s1, s2, s3, s4, s5 and 3 more")


@pytest.mark.parametrize("content", [{}, {"hardware": None, "cpus": 3, "terrier": []}, {"networks": [None, "x"]}])
def test_odd_documents_have_no_sections_but_no_errors(content: dict[str, Any]) -> None:
    assert sections({"content": content}) == []


def test_the_inventory_is_saved_and_taken_in_again(
    page: ScanPage, tmp_path: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    tmp_path /= "stick"
    tmp_path.mkdir()
    page.save_to(tmp_path / "lt-9001.json")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "notes.json").write_text('{"a": 1}')
    (tmp_path / "deeper" / "pc.json").write_text(json.dumps(document(name="pc")))
    (tmp_path / "deeper" / "win.capture").write_text("#terrier-capture 1 windows 2026-11-30T17:26:22Z\n#end\n")
    (tmp_path / "deeper" / "zoo.capture").write_text("a dog and a cat")
    (tmp_path / "deeper" / "fusion.ocs").write_text(FUSION)
    (tmp_path / "deeper" / "board.txt").write_text("# dmidecode 3.3\nSMBIOS 3.0 present.\n")
    (tmp_path / "empty.capture").touch()
    (tmp_path / "empty.capture.sig").write_text("its signature")
    write_agent_folder(tmp_path)
    idle()
    page.other_computers.take_folder(tmp_path)
    idle()
    ((target, params),) = page.context.shell.said("go")  # type: ignore[attr-defined]
    assert target == "import"
    assert [Path(name).name for name in params["files"]] == [
        "board.txt", "fusion.ocs", "pc.json", "win.capture", "zoo.capture", "empty.capture", "lt-9001.json",
    ]  # fmt: skip
    told = page.context.shell.said("toast")  # type: ignore[attr-defined]
    assert any("1 other file was left out" in str(one) for one in told)


def test_collectors_stand_in_the_order_of_their_names(page: ScanPage) -> None:
    page.collectors.begin(["ports and connections", "AppImages", "deb packages"])
    shown = [words.text() for _, words, _ in page.collectors._lines.values()]
    assert shown == ["AppImages", "Deb packages", "Ports and connections"]


def test_from_a_scan_that_is_done_the_way_leads_back_to_other_computers(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not page.others.isVisible()
    scanned(page, inventory(), idle, monkeypatch)
    assert not page.scan_button.isVisible()
    page.others.click()
    idle()
    assert page.inventory is None
    assert (page.scan_button.isVisible(), page.others.isVisible()) == (True, False)
    focused = page.window().focusWidget()
    assert focused is not None
    assert focused.text().strip() == "Choose files…"  # type: ignore[attr-defined]


def test_a_stick_is_prepared_in_a_folder_of_its_own(
    page: ScanPage, idle: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileDialog, "folder", lambda *_: str(tmp_path))
    page.other_computers.choose_stick()
    idle()
    names = {one.name for one in (tmp_path / "terrier-scan").iterdir()}
    assert names == {"terrier-agent.pyz", "terrier-scan.ps1", "terrier-scan.sh", "README.txt"}
    assert page.context.shell.said("toast")  # type: ignore[attr-defined]


def test_a_stopped_scan_leaves_nothing(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(control: Control, heard: Any, plugins: Any = (), watch: Any = None) -> Inventory:
        control.cancel()
        control.check()
        raise AssertionError

    monkeypatch.setattr(scanning, "scan", stopped)
    page.scan()
    idle()
    assert page._stack.currentWidget() is page._idle
    assert page.scan_button.isVisible()


def test_a_failing_scan_says_so_and_can_be_tried_again(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmdb.model.errors import FileProblem

    def failing(control: Control, heard: Any, plugins: Any = (), watch: Any = None) -> Inventory:
        raise FileProblem(Message("The disk cannot be read."))

    monkeypatch.setattr(scanning, "scan", failing)
    page.scan()
    idle()
    state = page._stack.currentWidget()
    assert state is not None
    assert state.accessibleName() == "The disk cannot be read."
    scanned(page, inventory(), idle, monkeypatch)
    assert page._stack.currentWidget() is page.result
    assert page.verdict is not None


def test_nothing_can_be_applied_to_the_past(
    page: ScanPage, context: Context, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(page, inventory(), idle, monkeypatch)
    context.moment.set(1, "yesterday")
    page.reload()
    assert not page.put.isEnabled()


def test_a_scan_that_somebody_else_put_in_meanwhile(
    page: ScanPage, workspace: Workspace, estate: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmdb.model.revision import Edit, Revision, ci, new_id
    from cmdb.store.upkeep import startup

    scanned(page, inventory(), idle, monkeypatch)
    known = {"class": "laptop", "name": "LT-9001", "serial_number": "PF9001XYZ"}
    other = startup.open_estate(estate)
    other.apply(Revision([Edit(ci(new_id()), "", None, known)], "tom"))
    other.close()
    page.put.click()
    idle()
    assert page.applied is None
    assert page.verdict is not None
    assert page.verdict.kind == "same"
    assert "by tom" in page.result.message._text.text()
    page.put.click()
    idle()
    assert page.applied is not None
    assert "by tom" not in page.result.message._text.text()
    with workspace.store.read() as reader:
        assert len([c for c in reader.page(Selection("laptop")) if c.values.get("serial_number") == "PF9001XYZ"]) == 1


def test_the_comparison_is_repeated_after_another_process_writes_to_the_register(
    page: ScanPage, workspace: Workspace, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cmdb.model.revision import Edit, Revision, ci, new_id

    scanned(page, inventory(), idle, monkeypatch)
    known = {"class": "laptop", "name": "LT-9001", "serial_number": "PF9001XYZ"}
    page.changed(workspace.store.apply(Revision([Edit(ci(new_id()), "", None, known)], "tom")))
    idle()
    assert page.verdict is not None
    assert page.verdict.kind == "same"
    with workspace.store.read() as reader:
        assert len([c for c in reader.page(Selection("laptop")) if c.name == "LT-9001"]) == 1


def test_connections_are_watched_for_as_long_as_is_chosen_or_until_it_is_ended(
    page: ScanPage, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.scans.names", lambda plugins=(): [])
    monkeypatch.setattr("importers.discovery.registry.collectors", lambda more=(): [CONNECTIONS])
    assert page.watch_for.watch(lambda passed: None) is None
    page.watch_for.setCurrentText("for 30 minutes")
    show = page._hear_watch

    def ended(passed: int) -> None:
        show(passed)
        if passed >= 0:
            assert not page.end_watch.isHidden()
            page.end_watch.click()

    monkeypatch.setattr(page, "_hear_watch", ended)
    page.scan()
    idle()
    assert page._watched.text() == "Watching connections: 0 of 1,800 s"
    assert page.inventory is not None
    assert page.inventory.document["content"]["terrier"]["looks"] >= 1


def test_what_was_found_of_windows_is_readable() -> None:
    from importers.captures.document import document as of_capture
    from tests.importers.captures.windows.machines import machine

    found = {section.title: section for section in sections(of_capture(machine("laptop")))}
    assert ("Main user", "Anna Example") in found["People"].lines
    assert ("Automatic start", "2") in found["Services"].lines
    security = found["Security"].lines
    assert [line for line in security if line[0] in ("Secure boot", "TPM", "Encrypted", "Screen locks after")] == [
        ("Screen locks after", "900 s"),
        ("Secure boot", "enabled"),
        ("TPM", "2"),
        ("Encrypted", "C:"),
    ]
    assert ("Firewall", "Windows Firewall · public · on") in security
