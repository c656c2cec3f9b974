"""Goes through every page, dialog, menu and message of the window, and collects the texts that it meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget
from shiboken6 import isValid

from app.jobs import Job
from app.licences.position_order import key_of
from app.moments import PointInTime
from app.settings import Settings
from app.verbs import known_verbs
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from tests.ui.audit_walk import walk_audits
from tests.ui.collection_walk import walk_import, walk_review, walk_scan
from tests.ui.draft_walk import walk_drafts
from tests.ui.schema_walk import walk_classes
from tests.ui.shown_texts import Held, held_in, texts_of
from ui.pages import entries
from ui.pages.assets.page import AssetsPage
from ui.pages.history.page import HistoryPage
from ui.pages.import_.page import ImportPage
from ui.pages.licences.detail import TABS
from ui.pages.licences.page import LicencesPage
from ui.pages.map.page import MapPage
from ui.pages.reports.page import ReportsPage
from ui.pages.tasks.page import TasksPage
from ui.run import make_window
from ui.shell.window import Window
from ui.widgets.tabs import _Tab
from ui.widgets.time_control import label_of


class Σφάλμα(Exception):
    """A bug."""

    __module__ = "σφάλματα"


class WindowWalk:
    """Goes through a window and collects its texts by part of the window."""

    def __init__(
        self, app: QApplication, folder: Path, patch: pytest.MonkeyPatch, renamed: Callable[[str], str]
    ) -> None:
        """``renamed`` is what the estate calls a record of the sample estate."""
        self.app, self.folder, self.renamed = app, folder, renamed
        self.window: Window = make_window(app, Settings(folder / "settings"))
        self.window.resize(1366, 768)
        self.texts: dict[str, dict[str, str]] = defaultdict(dict)
        """By part: the text, and where it stands."""
        self._part = ""
        draw = QPainter.drawText

        def painted(painter: QPainter, *args: Any) -> Any:
            for text in args:
                if isinstance(text, str):
                    self.texts[self._part].setdefault(text, "painted")
            return draw(painter, *args)

        patch.setattr(QPainter, "drawText", painted)
        self.window.services.problem = self._problem  # type: ignore[method-assign]
        self.window.show()

    def _problem(self, error: BaseException) -> None:
        raise error

    def rest(self, until: Callable[[], bool] | None = None) -> None:
        """Waits until nothing is asked or counted any more."""
        import time

        end, quiet = time.monotonic() + 60, 0
        while quiet < 3:
            assert time.monotonic() < end, "waited in vain"
            self.app.processEvents()
            workspace = self.window.estate.workspace
            busy = self.window.tasks.busy or (workspace is not None and workspace.jobs.busy)
            quiet = 0 if busy or (until is not None and not until()) else quiet + 1
            time.sleep(0.001)

    def forget(self) -> None:
        """Lets go of what was collected."""
        self.texts.clear()

    def look(self, part: str, *widgets: QWidget) -> None:
        """Collects the texts of widgets, shown and painted."""
        self._part = part
        for widget in widgets:
            if not isinstance(widget, QMenu):  # Qt paints them from their texts
                widget.grab()
            held = held_in(widget)
            for place, text in texts_of(widget, held):
                self.texts[part].setdefault(text.replace(str(self.folder), ""), place)
            self.judge(part, held)
        self._part = ""

    def judge(self, part: str, held: Held) -> None:
        """Is told what was looked at."""

    def click_tabs(self, page: str) -> None:
        """Chooses the shown tabs and segments of a page one after the other, and collects its texts each time."""
        shown = self.window.stack.page(page)
        for button in shown.findChildren(QAbstractButton):
            if isinstance(button, _Tab) and button.isVisible():
                button.click()
                self.rest()
                self.look_at_page(page)

    def hear(self, part: str, *texts: str) -> None:
        """Collects texts that are shown by something that passes."""
        for text in texts:
            self.texts[part].setdefault(text, "said")

    def look_at_others(self, part: str) -> None:
        """Collects the texts of all dialogs, popups and menus that stand, and closes them."""
        for widget in self.app.topLevelWidgets():
            if isValid(widget) and widget is not self.window and widget.isVisible():
                self.look(part, widget)
                widget.close()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.rest()

    def look_at_shell(self, part: str = "shell") -> None:
        """Collects the texts of what stands around the pages."""
        window = self.window
        self.look(part, window.navigation, window.top, window.band, window.toast, window.sheet, window.jobs)
        self.texts[part].setdefault(window.windowTitle(), "title")

    def page(self, name: str, **params: Any) -> QWidget:
        """Opens a page and collects its texts."""
        self.window.services.go(name, **params)
        self.rest()
        self.look_at_page(name)
        return self.window.stack.page(name)

    def look_at_page(self, name: str) -> None:
        """Collects the texts of a page as it is, with those of its menus and actions."""
        shown = self.window.stack.page(name)
        self.look(name, shown)
        for menu in shown.findChildren(QMenu):
            menu.aboutToShow.emit()
            self.look(name, menu)
        for action in self.window.page_actions.of(name):
            self.texts[name].setdefault(str(action.title), "action")
            self.texts[name].setdefault(action.tooltip, "action's tip")
            self.texts[name].setdefault(str(action.refusal), "action's refusal")


#: The parts of the window that are gone through one after the other: what stands around the pages, and each page.
PARTS = ("shell", *(entry.id for entry in entries()))


def walk_window(walk: WindowWalk, where: Path, *, empty: bool = True) -> None:
    """Goes through the window with an estate, and with ``empty`` also with one that holds nothing."""
    for part in PARTS:
        walk_part(walk, where, part)
    if empty:
        for part in PARTS:
            walk_empty_part(walk, part)
        close_estate(walk)


def walk_part(walk: WindowWalk, where: Path, part: str) -> None:
    """Goes through one part with an estate, which is opened with the first part."""
    window = walk.window
    if window.estate.workspace is None:
        window.show_start()
        walk.look(part, window.stack)
        walk.look_at_shell(part)
        window.estate.open(str(where))
        walk.look(part, window.stack)
        walk.rest(lambda: window.services.context is not None)
    if part == "shell":
        _shell(walk)
        return
    walk.page(part)
    _PAGES.get(part, lambda walk: None)(walk)
    window.services.close_sheet()


def walk_empty_part(walk: WindowWalk, part: str) -> None:
    """Goes through one part with an estate that holds nothing, which is made with the first part."""
    window = walk.window
    if "κενό" not in window.windowTitle():
        window.estate.create(str(walk.folder / "κενό.terrier"))
        walk.rest(lambda: window.services.context is not None and "κενό" in window.windowTitle())
    if part != "shell":
        walk.page(part)
        return
    window.backups.show_backups()
    walk.rest()
    walk.look("shell", window.sheet)
    window.services.close_sheet()


def close_estate(walk: WindowWalk) -> None:
    """Closes what is open, and waits until nothing is asked any more."""
    walk.window.estate.close()
    walk.rest()


def _class_of(schema: Schema, verb: str) -> str:
    """A class that has a verb; that of laptops where it has it."""
    known = known_verbs().get(verb)
    return next(
        (cls for cls in ("laptop", *schema.classes) if known is None or known.applies_to(schema, cls)), "laptop"
    )


def _assets(walk: WindowWalk) -> None:
    """Each kind of item with its tabs, the forms, the sheets of all verbs, the filters and columns."""
    window, services = walk.window, walk.window.services
    page = window.stack.page("assets")
    assert isinstance(page, AssetsPage)
    workspace = window.estate.workspace
    assert workspace is not None
    with workspace.store.read() as reader:
        found = {cls: reader.page(Selection(cls), limit=2) for cls in ("laptop", "server", "person", "entitlement")}
    for some in found.values():
        walk.page("assets", uid=some[0].uid)
        walk.click_tabs("assets")
    page.new_item("laptop")
    walk.look("assets", window.sheet)
    services.close_sheet()
    uids = [one.uid for one in found["laptop"]]
    for name in [*known_verbs(), "edit", "link"]:
        page.verbs.run(name, lambda _: uids, "δύο", _class_of(workspace.schema, name))
        walk.rest()
        walk.look("assets", window.sheet)
        services.close_sheet()
        walk.look_at_others("assets")
    page.listing.table.selectAll()
    walk.rest()
    walk.look_at_page("assets")
    actions = {one.id: one for one in page.page_actions()}
    for name in ("assets.compare", "assets.columns", "assets.find_list", "assets.watched"):
        actions[name].run()
        walk.rest()
        walk.look("assets", window.sheet)
        services.close_sheet()
        walk.look_at_others("assets")
    page.listing.views._save()
    walk.look("assets", window.sheet)
    services.close_sheet()
    walk.page("assets", cls="laptop", where="name = ουδέν")


def _tasks(walk: WindowWalk) -> None:
    """The lists of tasks, a task with its tabs, the form of a new one, and the sheet in which receipts are signed."""
    window, services = walk.window, walk.window.services
    page = window.stack.page("tasks")
    assert isinstance(page, TasksPage)
    assert window.estate.workspace is not None
    with window.estate.workspace.store.read() as reader:
        (one,) = reader.page(Selection("task"), limit=1)
    walk.click_tabs("tasks")
    walk.page("tasks", uid=one.uid)
    walk.click_tabs("tasks")
    page.new_task()
    walk.look("tasks", window.sheet)
    services.close_sheet()
    page.verbs.run("sign", lambda _: [one.uid], "δύο", "receipt")
    walk.rest()
    walk.look("tasks", window.sheet)
    services.close_sheet()


def _map(walk: WindowWalk) -> None:
    """A failure with its proofs, its outline and its legend; an item and what it needs; the form of a new link."""
    page = walk.window.stack.page("map")
    assert isinstance(page, MapPage)
    assert walk.window.services.context is not None
    with walk.window.services.context.workspace.store.read() as reader:
        uid = reader.find(walk.renamed("sw-1")).uid
    for impact in (False, True):
        walk.window.services.open_on_map(uid, impact=impact)
        walk.rest()
        for tab in ("why", "outline"):
            page.panel.show_tab(tab)
            walk.rest()
            walk.look("map", page)
    assert page.answer is not None
    for node in page.answer.picture.nodes.values():
        walk.hear("map", node.text, node.label, node.detail)
    for edge in page.answer.picture.edges:
        walk.hear("map", edge.text)
    page.choose(next(ci for ci, one in page.answer.uids.items() if one == uid))
    page.panel.show_tab("why")
    walk.rest()
    walk.look("map", page)
    page.connect_chosen()
    walk.rest()
    walk.look("map", walk.window.sheet)
    walk.window.services.close_sheet()


def _licences(walk: WindowWalk) -> None:
    """Positions of every verdict with all their tabs; exceptions; renewals."""
    page = walk.page("licences")
    assert isinstance(page, LicencesPage)
    assert page.found is not None
    first = {position.verdict: position for position in page.found.positions}
    for position in first.values():
        page.listing.select(key_of(position))
        walk.rest()
        for name, _ in TABS:
            page.detail.tabs.choose(name)
            page.detail.tabs.chosen.emit(name)
            walk.rest()
            walk.look("licences", page.detail)
    for view in ("exceptions", "renewals"):
        page.show_view(view)
        walk.rest()
        walk.look("licences", page)


def _reports(walk: WindowWalk) -> None:
    """Every report."""
    page = walk.window.stack.page("reports")
    assert isinstance(page, ReportsPage)
    for name in page.list.names:
        walk.page("reports", report=name)


def _history(walk: WindowWalk) -> None:
    """Revisions, what differs from an earlier moment, baselines, how long history is kept."""
    page = walk.window.stack.page("history")
    assert isinstance(page, HistoryPage)
    for row in range(0, 40, 8):
        page.table.selectRow(row)
        walk.rest()
        walk.look_at_page("history")
    for name in ("history.baselines", "history.retention", "history.name", "history.undo", "history.compare"):
        next(one for one in page.page_actions() if one.id == name).run()
        walk.rest()
        walk.look("history", walk.window.sheet)
        walk.look_at_page("history")
        walk.window.services.close_sheet()
        walk.look_at_others("history")


def _import(walk: WindowWalk) -> None:
    """A sheet with faults, from opening to comparing."""
    page = walk.window.stack.page("import")
    assert isinstance(page, ImportPage)
    sheet = walk.folder / "φύλλο.csv"
    laptop = page.context.schema.cls("laptop")
    names = ("asset_tag", "name", "serial_number", "status", "assigned_to", "warranty_until", "purchase_cost")
    labels = [laptop.attributes[name].label for name in names]
    status = laptop.attributes["status"].choices[0].label
    rows = (
        ["Α2041", "ΛΤ-2041", "Σ1", status, "Άννα", "31/12/2027", "1.200,50", "γκρι"],
        ["Α2042", "ΛΤ-2042", "Σ2", "δεν", "Άννα", "31/02/2028", "1.200,50", "γκρι"],
        ["Α2041", "ΛΤ-2043", "Σ1", status, "", "31/12/2027", "πολύ", "γκρι"],
    )
    sheet.write_text("\n".join(";".join(row) for row in ([*labels, "Χρώμα"], *rows)), "utf-8")
    page.opened(files=[str(sheet)])
    walk.rest()
    walk.look_at_page("import")
    for _ in range(3):
        page.next()
        walk.rest()
        walk.look_at_page("import")
        walk.click_tabs("import")
    page.restart()
    walk.rest()
    walk_import(walk)


_PAGES: dict[str, Callable[[WindowWalk], None]] = {
    "assets": _assets,
    "tasks": _tasks,
    "map": _map,
    "licences": _licences,
    "reports": _reports,
    "history": _history,
    "import": _import,
    "review": walk_review,
    "scan": walk_scan,
    "drafts": walk_drafts,
    "audits": walk_audits,
    "classes": walk_classes,
}


def _shell(walk: WindowWalk) -> None:
    """What stands around the pages: menus, the palette, popups, dialogs, the side sheet, messages."""
    window, part = walk.window, "shell"
    services, tasks = window.services, window.tasks
    walk.look_at_shell()
    for action in window.actions_list:
        walk.hear(part, str(action.title), action.tooltip, str(action.refusal))
        if action.why_not is not None:
            walk.hear(part, str(action.why_not()))
    window.main_menu.open(window.top.menu)
    for menu in window.findChildren(QMenu):
        walk.look(part, menu)
    walk.look_at_others(part)
    for typed in ("", "ν", "ζζζ"):
        window.palette_list.open()
        window.top.field.setText(typed)
        walk.rest()
        walk.look(part, window.palette_list)
        window.palette_list.dismiss()
    window.choose_moment()
    walk.rest()
    walk.look_at_others(part)
    for run in (window.show_shortcuts, window.show_about, window.transfers.ask, window.transfers.open_shared,
                window.encryption.change, window.preferences.open):  # fmt: skip
        run()
        walk.rest()
        walk.look_at_others(part)
    window.backups.show_backups()
    walk.rest()
    window.backups.check()
    walk.rest()
    walk.look_at_shell()
    services.close_sheet()
    services.toast("νέα", undo=True)
    walk.look_at_shell()
    for error in (UserError(Message("It is not there.")), Σφάλμα("κακό"), Cancelled()):
        type(services).problem(services, error)
        walk.look_at_others(part)
    assert services.context is not None
    services.context.moment.set(1, label_of(PointInTime(1, recorded="2026-01-31T08:00:00Z")), date(2026, 1, 31))
    walk.rest()
    walk.look_at_shell()
    services.back_to_now()
    walk.rest()
    window.jobs._heard(job := Job(1, Message("Checking the estate")))
    job.done, job.total = 2000, 30000
    window.jobs._reveal(1)
    window.jobs._rows[1].refresh()
    walk.look_at_shell()
    window.jobs._remove(1)
    tasks.finish()
