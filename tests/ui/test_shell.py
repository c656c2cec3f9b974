"""The window: starting, opening estates, going from page to page, time, undo, errors, jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.moments import on_day
from app.navigation_counts import PageCount
from app.places import default_estate
from app.settings import Settings
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from ui.context import Context
from ui.page import Page, PageEntry
from ui.run import begin, make_window
from ui.shell.start_page import FailedPage, StartPage, StartTile
from ui.shell.window import Window
from ui.widgets.dialog import Dialog
from ui.widgets.time_control import TimePopup, show_moment

ROOT = Path(__file__).resolve().parents[2]
Settle = Callable[..., None]


class RecordingPage(Page):
    """A page that writes down what happens to it."""

    heard: list[Any]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.heard = []
        QPushButton("Sheets", self)

    def opened(self, **params: Any) -> None:
        self.heard.append(("opened", params))

    def changed(self, applied: AppliedRevision) -> None:
        self.heard.append(("changed", applied.number))

    def reload(self) -> None:
        self.heard.append(("reload",))

    def state(self) -> dict[str, Any]:
        return {"seen": len(self.heard)}


def entry(name: str, badge: Any = None) -> PageEntry:
    return PageEntry(name, Message(name.capitalize()), "box", "estate", 1, lambda: RecordingPage, badge)


@pytest.fixture
def window(app: QApplication, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    pages = [entry("first"), entry("second", lambda reader, person: PageCount(7, False))]
    monkeypatch.setattr("ui.run.entries", lambda: pages)
    made = make_window(app, Settings())
    made.show()
    yield made
    made.close()
    settle(tasks=made.tasks)
    made.deleteLater()


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def dialog(app: QApplication) -> Dialog:
    (found,) = (w for w in app.topLevelWidgets() if isinstance(w, Dialog) and w.isVisible())
    return found


def open_estate(window: Window, where: Path, settle: Settle) -> Context:
    window.estate.open(str(where))
    settle(lambda: window.services.context is not None)
    settle()
    assert window.services.context is not None
    return window.services.context


def probe(window: Window, name: str) -> RecordingPage:
    page = window.stack.page(name)
    assert isinstance(page, RecordingPage)
    return page


# -- starting -------------------------------------------------------------------------------------------------------


def test_without_an_estate_there_are_three_ways_to_begin(window: Window) -> None:
    begin(window, None)
    page = window.stack.currentWidget()
    assert isinstance(page, StartPage)
    assert [o.accessibleName() for o in page.findChildren(StartTile)] == [
        "Scan this computer",
        "Import a spreadsheet",
        "Open the sample estate",
    ]
    assert not window.actions_list["go.first"].enabled()


def test_the_first_tile_scans_at_once(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(window.files, "begin", lambda page, **params: begun.append((page, params)))
    begin(window, None)
    window.stack.currentWidget().findChildren(StartTile)[0].click()
    assert begun == [("scan", {"start": True})]


def test_a_first_action_creates_the_default_estate_and_opens_its_page(window: Window, settle: Settle) -> None:
    window.files.begin("second")
    settle(lambda: window.stack.current == "second")
    assert default_estate().exists()
    assert window.estate.recent() == [str(default_estate())]


def test_the_last_estate_and_place_are_come_back_to(
    window: Window, estate: Path, settle: Settle, app: QApplication
) -> None:
    open_estate(window, estate, settle)
    window.services.go("second", a=1)
    window.close()
    again = make_window(app, Settings())
    begin(again, None)
    settle(lambda: again.stack.current == "second")
    assert probe(again, "second").heard == [("opened", {"seen": 1})]
    again.close()


def test_a_file_that_is_no_estate_is_reported_with_alternatives(window: Window, tmp_path: Path, settle: Settle) -> None:
    wrong = tmp_path / "notes.terrier"
    wrong.write_text("not an estate, just some words in a file, and rather many of them, so that it looks like one")
    window.estate.open(str(wrong))
    settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    page = window.stack.currentWidget()
    assert "notes.terrier" in texts(page)
    back = next(b for b in page.findChildren(QPushButton) if "start" in b.text())
    back.click()
    assert isinstance(window.stack.currentWidget(), StartPage)


def test_a_failed_creation_can_be_repeated(window: Window, tmp_path: Path, settle: Settle) -> None:
    where = tmp_path / "taken"
    where.write_text("a file where a folder should be")
    window.estate.create(str(where / "new.terrier"))
    settle(lambda: isinstance(window.stack.currentWidget(), FailedPage))
    where.unlink()
    again = next(b for b in window.stack.currentWidget().findChildren(QPushButton) if "again" in b.text())
    again.click()
    settle(lambda: window.is_open())
    assert (where / "new.terrier").exists()


def test_deleting_an_open_file_is_reported_once(window: Window, estate: Path, settle: Settle) -> None:
    said: list[str] = []
    open_estate(window, estate, settle)
    window.tasks.problem.disconnect(window.services.problem)
    window.tasks.problem.connect(lambda error: said.append(str(error)))
    aside = estate.with_name("aside.terrier")
    estate.rename(aside)
    for _ in range(2):
        window.estate.hear()
        settle(lambda: not window.tasks.busy)
    assert said == [f"{estate.name} was moved or deleted while it was open."]
    aside.rename(estate)
    window.estate.hear()
    settle(lambda: not window.tasks.busy)
    estate.rename(aside)
    window.estate.hear()
    settle(lambda: not window.tasks.busy)
    assert len(said) == 2
    window.close()


def test_a_past_day_is_chosen_with_the_keyboard(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.choose_moment()
    (popup,) = window.findChildren(TimePopup)
    field = popup.focusWidget()
    assert field is not None, "the calendar has the focus"
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    QTest.keyClick(field, Qt.Key.Key_Return)
    context = window.services.context
    assert context is not None
    settle(lambda: context.moment.at is not None)
    assert (date.today() - context.moment.day).days >= 28
    window.services.back_to_now()
    assert context.moment.day == date.today()
    window.close()


def drop(window: Window, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for kind in (QDragEnterEvent, QDropEvent):
        place = QPoint(400, 400) if kind is QDragEnterEvent else QPointF(400, 400)
        QApplication.sendEvent(window, kind(place, Qt.DropAction.CopyAction, data, left, none))


def test_an_estate_that_is_dropped_is_opened(window: Window, estate: Path, settle: Settle) -> None:
    drop(window, estate)
    settle(window.is_open)
    assert window.estate.recent() == [str(estate)]


def test_other_files_that_are_dropped_go_to_the_import(
    window: Window, tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Any] = []
    monkeypatch.setattr(window.services, "go", lambda page, **params: gone.append((page, params)))
    sheets = [tmp_path / "a.csv", tmp_path / "b.xlsx"]
    for sheet in sheets:
        sheet.write_text("Name\nLT-1\n")
    drop(window, *sheets)
    settle(lambda: ("import", {"files": [str(s) for s in sheets]}) in gone)
    assert default_estate().exists()


def test_the_first_look_is_shown_before_the_store_is_loaded(window: Window, estate: Path, settle: Settle) -> None:
    window.settings.set("place", {"estate": str(estate), "page": "assets", "params": {"cls": "laptop"}})
    seen: list[Any] = []
    window.estate.glanced.connect(lambda found, schema: seen.append((window.is_open(), [i.name for i in found.items])))
    open_estate(window, estate, settle)
    assert seen == [(False, ["LT-2041", "LT-2048", "LT-2055"])]


# -- pages ----------------------------------------------------------------------------------------------------------


def test_the_footer_counts_and_the_navigation_shows_badges(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    assert "7 items · saved" in texts(window.navigation)
    button = next(b for b in window.navigation.findChildren(QPushButton) if b.accessibleName() == "Second")
    assert button.accessibleDescription() == "7 waiting"
    context = window.services.context
    assert context is not None
    context.moment.set(1, "12 Mar 2026")
    settle(lambda: "7 items now" in texts(window.navigation))  # what is shown may be another number
    context.moment.set(None, "")
    settle(lambda: "7 items · saved" in texts(window.navigation))


def test_going_back_and_forward_returns_to_the_state(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.services.go("second", cls="laptop")
    window.services.go("first")
    assert not window.stack.can_step(1)
    window.stack.step(-1)
    assert window.stack.current == "second"
    assert probe(window, "second").heard == [("opened", {"cls": "laptop"}), ("opened", {"seen": 1})]
    window.stack.step(1)
    assert window.stack.current == "first"


def test_keys_and_clicks_go_to_pages(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.current == "second"
    button = next(b for b in window.navigation.findChildren(QPushButton) if b.accessibleName() == "First")
    button.click()
    assert window.stack.current == "first"


def test_keys_work_with_the_focus_anywhere(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.activateWindow()
    for leave in (lambda: window.focusWidget().clearFocus(), lambda: window.top.field.setFocus()):
        leave()
        QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        assert window.stack.current == "second"
        assert probe(window, "second").hasFocus(), "so that the page's own keys are heard"
        window.services.go("first")


def test_the_first_visit_focuses_the_page_not_its_first_button(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.activateWindow()
    probe(window, "first").setFocus()
    window.services.go("second")
    assert probe(window, "second").hasFocus()


def test_a_revision_reaches_the_shown_page_at_once_and_the_hidden_one_when_shown(
    window: Window, estate: Path, settle: Settle
) -> None:
    context = open_estate(window, estate, settle)
    window.services.go("second")
    window.services.go("first")
    first, second = probe(window, "first"), probe(window, "second")
    rename(context, "host-a", "host-b")
    settle(lambda: ("changed", 3) in first.heard)
    assert ("changed", 3) not in second.heard
    window.services.go("second")
    assert second.heard[-1] == ("changed", 3)


def test_changes_for_a_hidden_page_are_combined(
    window: Window, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_estate(window, estate, settle)
    window.services.go("second")
    window.services.go("first")
    second = probe(window, "second")
    names = [f"host-{n}" for n in range(30)]
    for old, new in zip(["host-a", *names], names, strict=False):
        rename(context, old, new)
        settle()
    assert len(window.stack._missed) == 1, "however many there were"
    window.services.go("second")
    assert second.heard[-2:] == [("opened", {}), ("changed", 32)]
    window.services.go("first")
    monkeypatch.setattr("ui.shell.page_stack.MISSED", 0)
    for old, new in ((names[-1], "host-x"), ("host-x", "host-y")):
        rename(context, old, new)
        settle()
    window.services.go("second")
    assert second.heard[-1] == ("reload",), "of too much it is told nothing: it reads all anew"


def rename(context: Context, old: str, new: str) -> None:
    with context.workspace.store.read() as reader:
        one = reader.find(old)
    context.edit(lambda reader: Revision([Edit(ci(one.uid), "name", old, new)], "anna"), said=f"Renamed to {new}")


def name_of_server(context: Context) -> str:
    with context.workspace.store.read() as reader:
        return reader.page(Selection("server"))[0].name


def test_revisions_of_another_process_are_noticed(window: Window, estate: Path, settle: Settle) -> None:
    from cmdb.store.upkeep import startup

    context = open_estate(window, estate, settle)
    with context.workspace.store.read() as reader:
        one = reader.find("host-a")
    other = startup.open_estate(estate)
    other.apply(Revision([Edit(ci(one.uid), "name", "host-a", "host-x")], "tom"))
    other.close()
    settle(lambda: ("changed", 3) in probe(window, "first").heard)


def test_a_page_that_cannot_be_built_is_an_error_not_a_crash(
    window: Window, estate: Path, settle: Settle, app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_estate(window, estate, settle)

    def broken(self: RecordingPage, context: Context) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(RecordingPage, "__init__", broken)
    window.services.go("second")
    assert window.stack.current == "first"
    assert "RuntimeError" in texts(dialog(app))


# -- undo and time --------------------------------------------------------------------------------------------------


def test_undo_and_redo_of_the_last_change(window: Window, estate: Path, settle: Settle) -> None:
    context = open_estate(window, estate, settle)
    undo, redo = window.actions_list["edit.undo"], window.actions_list["edit.redo"]
    assert not undo.enabled()
    rename(context, "host-a", "host-b")
    settle()
    assert "Renamed to host-b" in texts(window.toast)
    assert undo.enabled()
    undo.run()
    settle()
    assert name_of_server(context) == "host-a"
    redo.run()
    settle()
    assert name_of_server(context) == "host-b"


def test_undo_says_what_it_takes_back_and_asks_before_it_leaves_the_page(
    window: Window, app: QApplication, estate: Path, settle: Settle
) -> None:
    context = open_estate(window, estate, settle)
    rename(context, "host-a", "host-b")
    settle()
    undo = window.actions_list["edit.undo"]
    settle(lambda: str(undo.caption) == "Undo: Name of host-b changed")
    window.services.go("second")
    settle()
    undo.run()
    settle()
    assert name_of_server(context) == "host-b"
    asked = dialog(app)
    assert "Take back: Name of host-b changed?" in texts(asked)
    next(b for b in asked.findChildren(QPushButton) if b.text() == "Take back").click()
    settle()
    assert name_of_server(context) == "host-a"
    assert "Taken back: Name of host-b changed" in texts(window.toast)


def test_the_toast_s_button_takes_back(window: Window, estate: Path, settle: Settle) -> None:
    context = open_estate(window, estate, settle)
    rename(context, "host-a", "host-b")
    settle()
    next(b for b in window.toast.findChildren(QPushButton) if b.text() == "Undo").click()
    settle()
    assert name_of_server(context) == "host-a"


def test_the_past_is_marked_and_cannot_be_edited(window: Window, estate: Path, settle: Settle) -> None:
    context = open_estate(window, estate, settle)
    context.moment.set(1, "12 Mar 2026")
    assert window.band.isVisible()
    assert "12 Mar 2026" in texts(window.band)
    assert window.top.time.text().strip() == "12 Mar 2026"
    assert ("reload",) in probe(window, "first").heard
    rename(context, "host-a", "host-b")
    settle()
    assert name_of_server(context) == "host-a"
    assert "past" in texts(window.toast)
    window.services.back_to_now()
    assert not window.band.isVisible()
    assert context.editable


def test_a_date_before_the_first_record_shows_an_empty_estate(window: Window, estate: Path, settle: Settle) -> None:
    context = open_estate(window, estate, settle)
    show_moment(context, on_day("2020-01-31"))
    settle()
    assert context.moment.at == 0
    assert window.band.isVisible()


# -- errors and jobs ------------------------------------------------------------------------------------------------


def test_a_user_s_error_is_its_text_with_details(window: Window, app: QApplication) -> None:
    window.services.problem(
        UserError(Message("Two records are called sw-1."), (Message("Switch sw-1"), Message("Router sw-1")))
    )
    shown = texts(dialog(app))
    assert "Two records are called sw-1." in shown
    assert "Router sw-1" in shown
    assert "bug" not in shown


def test_a_bug_is_called_one_and_its_trace_is_kept(window: Window, app: QApplication, tmp_path: Path) -> None:
    try:
        raise ZeroDivisionError(str(tmp_path))
    except ZeroDivisionError as error:
        window.services.problem(error)
    shown = dialog(app)
    assert "bug in Terrier" in texts(shown)
    (saved,) = (Settings().path.parent / "faults").glob("*.txt")
    text = saved.read_text()
    assert "ZeroDivisionError" in text
    assert "test_a_bug_is_called_one" in text, "where it was"
    assert str(tmp_path) not in text, "an error's words may quote the estate"
    next(b for b in shown.findChildren(QPushButton) if "Copy" in b.text()).click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    window.services.problem(UserError(Message("Another one.")))
    assert "Another one." in texts(window.toast), "a second error does not pile up dialogs"


def test_a_job_shows_its_progress_and_can_be_stopped(window: Window, estate: Path, settle: Settle) -> None:
    context = open_estate(window, estate, settle)
    failures: list[Exception] = []
    ready = threading.Event()

    def work(control: Control) -> None:
        while True:
            control.progress(3, 10, "reading")
            ready.wait(0.01)

    context.workspace.jobs.start(Message("Importing laptops.xlsx"), work, failed=failures.append)
    settle(lambda: window.jobs.isVisible())
    assert "Importing laptops.xlsx" in texts(window.jobs)
    settle(lambda: "3 of 10 · reading" in texts(window.jobs))
    stop = next(b for b in window.jobs.findChildren(QPushButton.__bases__[0]) if b.accessibleName().startswith("Stop"))
    stop.click()
    settle(lambda: bool(failures))
    assert "Cancelled" in str(failures[0])


def test_closing_the_estate_returns_to_the_start(window: Window, estate: Path, settle: Settle) -> None:
    open_estate(window, estate, settle)
    window.actions_list["file.close"].run()
    assert isinstance(window.stack.currentWidget(), StartPage)
    assert not window.is_open()
    assert "small.terrier" in "".join(b.text() for b in window.stack.currentWidget().findChildren(QPushButton))


def test_look_and_rows_are_kept(window: Window, app: QApplication) -> None:
    window.actions_list["view.dark"].run()
    window.actions_list["view.compact"].run()
    assert window.theme.tokens.dark
    again = make_window(app, Settings())
    assert again.theme.tokens.dark
    assert again.appearance.is_compact()
    window.actions_list["view.light"].run()
    again.close()
