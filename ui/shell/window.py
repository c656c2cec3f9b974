"""The main window: navigation, top bar, pages and what floats over them. Its parts do the work."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from app.guide import page_place
from app.places import name_and_folder, without_password
from app.settings import Settings
from app.upkeep import back_up_daily, clear_staging
from cmdb.model.errors import Cancelled
from cmdb.model.messages import tr
from ui.actions import MENU_TITLES, MENUS, bind_shortcuts, fill_menu
from ui.context import Context
from ui.page import PageEntry
from ui.palette import Palette
from ui.plain_texts import plain_label
from ui.shell.appearance import Appearance
from ui.shell.backups import BackupActions
from ui.shell.commands import PALETTE_KEYS, WindowParts, window_actions
from ui.shell.drafts import DraftActions
from ui.shell.encryption import EncryptionActions
from ui.shell.estate import OpenEstate, OpeningProgress
from ui.shell.estate_counts import EstateCounts
from ui.shell.estate_transfer import TransferActions
from ui.shell.files import Files
from ui.shell.identity import IdentityActions
from ui.shell.index_builds import build_missing
from ui.shell.job_panel import JobPanel
from ui.shell.journal_question import ask_about_journal
from ui.shell.loading_page import LoadingPage
from ui.shell.main_menu import MainMenu
from ui.shell.navigation import Navigation
from ui.shell.page_actions import PageActions
from ui.shell.page_area import PageArea
from ui.shell.page_stack import PageStack
from ui.shell.palette_offers import PaletteOffers
from ui.shell.recent_estates import RecentEstates
from ui.shell.reminders import Reminders
from ui.shell.services import Services
from ui.shell.settings_opener import SettingsOpener
from ui.shell.start_page import FailedPage, StartPage
from ui.shell.top_bar import PastBanner, TopBar
from ui.tasks import Tasks
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.notice import Toast
from ui.widgets.side_sheet import SideSheet

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.first_look import FirstLook
    from cmdb.model.schema import Schema
    from ui.shell.guide_window import GuideWindow

SIZE = (1440, 900)
#: What the system draws around the window, which is no part of its size.
FRAME = (16, 48)
#: A narrower window shows the navigation's icons only.
NARROW = 1100
#: The estate's first page comes first; the others are imported after so long (milliseconds).
WARM_UP = 1500


class Window(QMainWindow):
    """The main window. Connects its parts, and remembers its size and the last page."""

    def __init__(self, theme: Theme, settings: Settings, entries: list[PageEntry]) -> None:
        super().__init__()
        self.theme, self.settings, self._entries = theme, settings, entries
        self.setWindowTitle("Terrier")
        self.setWindowIcon(QIcon(theme.pixmap("terrier", "accent", 64, 1.0)))
        self.tasks = Tasks(self)
        self.estate = OpenEstate(settings, self.tasks, self)
        self.navigation = Navigation(theme, entries)
        self.stack = PageStack(entries)
        self._main = _filled(PageArea(self.stack))
        self.sheet = SideSheet(theme, self._main)
        self.toast = Toast(theme)
        self.jobs = JobPanel(theme)
        self.navigation.add_foot(self.jobs)
        self.services = Services(theme, self, self.stack, self.toast, self.sheet)
        services, tasks, estate = self.services, self.tasks, self.estate
        self.reminders = Reminders(services, self)
        self.files = Files(self, settings, estate, services)
        self.encryption = EncryptionActions(theme, self, estate, tasks, services)
        self.backups = BackupActions(theme, self, estate, tasks, services)
        self.transfers = TransferActions(theme, self, settings, estate, tasks, services)
        self.identity = IdentityActions(settings, services, self)
        self.drafts = DraftActions(theme, services, self)
        self.appearance = Appearance(theme, settings, self.stack.reload, self.toast.say)
        self.recent = RecentEstates(settings, self.estate.recent, self.estate.open)
        self.counts = EstateCounts(self, entries, self.navigation, estate, self.recent, tasks)
        self.preferences = SettingsOpener(
            theme, self, settings, services, self.stack, self.appearance, self.identity, self.backups
        )
        parts = WindowParts(
            theme, self, self.appearance, self.preferences, self.files, self.backups, self.encryption, self.transfers,
            self.identity, self.drafts, services, self.stack,
        )  # fmt: skip
        self.actions_list = window_actions(parts, entries)
        self.page_actions = PageActions(entries, self.stack, services, tasks)
        self.main_menu = MainMenu(theme, self, self.actions_list, self.page_actions, entries, self.estate, self.recent)
        undo, redo = self.actions_list["edit.undo"], self.actions_list["edit.redo"]
        self.top = TopBar(theme, undo, redo, PALETTE_KEYS, self._fill_drafts)
        self.band = PastBanner(theme, services.back_to_now)
        self._right = self._lay_out()
        self.offers = PaletteOffers(services, self.actions_list, self.page_actions)
        self.palette_list = Palette(theme, self.top.field, self._right, self.offers.standing, self.offers.find)
        self._connect()
        self._leaving = False
        self._guide: GuideWindow | None = None
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self._restore()
        self.navigation.set_usable(False)
        self.top.set_usable(False)

    def _lay_out(self) -> QWidget:
        """Lays out the parts. Returns the widget right of the navigation."""
        right = _filled(self.top, self.band, self.drafts.band, self._main)
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.navigation)
        layout.addWidget(right, 1)
        self.setCentralWidget(whole)
        self.toast.lie_over(self.top, self.top.field)
        return right

    def _connect(self) -> None:
        self._main.installEventFilter(self)
        self.tasks.problem.connect(self.services.problem)
        self.stack.failed.connect(self.services.problem)
        self.services.actions_changed.connect(self.refresh)
        self.navigation.chosen.connect(lambda page: self.services.go(page))
        self.stack.shown.connect(self.navigation.show_current)
        self.stack.shown.connect(lambda _: self.refresh())
        self.stack.shown.connect(self.jobs.show_page)
        self.top.time.clicked.connect(self.choose_moment)
        self.top.menu.clicked.connect(lambda: self.main_menu.open(self.top.menu))
        self.drafts.changed.connect(self._draft_changed)
        self.drafts.counted.connect(self.refresh)
        self.estate.opening.connect(self._opening)
        self.estate.progressed.connect(self._progressed)
        self.estate.glanced.connect(self._glanced)
        self.estate.opened.connect(self._opened)
        self.estate.failed.connect(self._failed)
        self.estate.locked.connect(self.encryption.ask)
        self.estate.broken.connect(lambda question: ask_about_journal(self.theme, self, question))
        self.estate.closing.connect(self._keep_place)
        self.estate.closed.connect(self._closed)
        self.estate.published.connect(self._published)
        self.reminders.day_changed.connect(self.counts.count)
        self.theme.changed.connect(self._look_changed)
        if sys.platform == "darwin":
            for name in MENUS:
                fill_menu(
                    self.menuBar().addMenu(plain_label(str(MENU_TITLES[name]))),
                    self.actions_list.menu(name),
                    self.theme,
                )
        bind_shortcuts(self, self.actions_list, self.theme)
        # Where "+" needs Shift, its key alone is "=".
        QShortcut(QKeySequence("Ctrl+="), self, lambda: self.appearance.step_text_size(1))

    # -- the estate -------------------------------------------------------------------------------------------------

    def is_open(self) -> bool:
        """Whether an estate is open."""
        return self.estate.workspace is not None

    def show_start(self) -> None:
        """Shows the ways to begin."""
        more = [self.actions_list["file.new"], self.actions_list["file.open"]]
        begin = self.files.begin
        page = StartPage(
            self.theme,
            lambda: begin("scan", start=True),
            lambda: begin("import"),
            self.files.sample,
            more,
            [(where, self.recent.title(where)) for where in self.recent.found()],
            self.estate.open,
        )
        self.stack.show_other(page)

    def _opening(self, where: str, text: str) -> None:
        name = Path(where).stem if name_and_folder(where)[1] else ""
        place = self._last_place(where)[0]
        self.stack.show_other(LoadingPage(self.theme, place, name, text))
        self.navigation.show_estate(self.recent.title(without_password(where)) if name else "", "")
        self.navigation.show_current(place)
        self.navigation.set_usable(True)

    def _glanced(self, found: FirstLook, schema: Schema) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, LoadingPage):
            page.show_first_look(found, schema)

    def _progressed(self, step: OpeningProgress) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, LoadingPage):
            page.show_progress(step.text, step.done, step.total, step.stop)

    def _opened(self, workspace: Workspace) -> None:
        context = Context(workspace, self.theme, self.tasks, self.services)
        self.services.context = context
        self.stack.set_context(context)
        self.page_actions.know(workspace)
        context.moment.changed.connect(self._moment_changed)
        self.jobs.watch(workspace.jobs)
        self.drafts.watch(workspace)
        self.services.steps.watch(context)
        workspace.undo_stack.on_changed(lambda: self.tasks.post(self.refresh))
        workspace.notice = lambda text: self.tasks.post(lambda: self.toast.say(text, "warning"))
        self.navigation.set_usable(True)
        self.top.set_usable(True)
        self.counts.watch(context)
        page, params = self._last_place(str(workspace.where))
        self.services.go(page, **params)
        self.counts.show_moment(past=False)
        back_up_daily(workspace)
        clear_staging(workspace)
        if workspace.remark:
            self.toast.say(workspace.remark, "warning")
        build_missing(workspace, self.tasks, self.services)
        self.reminders.begin()
        workspace.on_identified(lambda: self.tasks.post(self._identified))
        QTimer.singleShot(WARM_UP, self, self._warm_up)

    def _identified(self) -> None:
        """The person said who they are: what is theirs is counted and shown anew."""
        self.counts.count()
        self.stack.reload()

    def _warm_up(self) -> None:
        """Imports the other pages' modules and the importers in a worker, one by one, so that no first visit waits."""

        def load() -> None:
            from importers.registry import all_importers

            for entry in self._entries:
                entry.load()
            all_importers()

        # An error is shown when the page is opened.
        self.tasks.run(load, failed=lambda _: None, key="warm-up")

    def _failed(self, again: Callable[[], None], error: Exception) -> None:
        if isinstance(error, Cancelled) and self.estate.workspace is None:
            self._closed()
        elif self.estate.workspace is not None:
            self.services.problem(error)
            self.services.go(self._entries[0].id)
        else:
            self.navigation.set_usable(False)
            self.navigation.show_estate("", "")
            self.stack.show_other(FailedPage(self.theme, error, again, self.show_start))

    def _closed(self) -> None:
        self.services.close_sheet()
        self.services.context = None
        self.reminders.end()
        self.stack.set_context(None)
        self.page_actions.know(None)
        self.drafts.forget()
        self.top.show_draft("")
        self.band.show_moment("")
        self.counts.forget()
        self.navigation.set_usable(False)
        self.navigation.show_estate("", "")
        self.top.set_usable(False)
        self.setWindowTitle("Terrier")
        if not self._leaving:
            self.show_start()

    def _published(self, applied: AppliedRevision) -> None:
        if self.services.context is not None and self.services.context.editable:
            self.stack.publish(applied)
            self.sheet.ask_again()
        self.counts.follow(applied)
        self.drafts.heard(applied)
        self.refresh()
        if "schema_entry" in applied.kinds and self.estate.workspace is not None:
            self.page_actions.know(self.estate.workspace)
            build_missing(self.estate.workspace, self.tasks, self.services)

    # -- what actions do --------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Asks again what is enabled."""
        self.top.refresh()

    def has_navigation(self) -> bool:
        """Whether the navigation is shown."""
        return self.navigation.isVisible()

    def toggle_navigation(self) -> None:
        """Shows or hides the navigation."""
        self.navigation.setVisible(not self.navigation.isVisible())

    def choose_moment(self) -> None:
        """Opens the time control."""
        from ui.widgets.time_control import TimePopup, show_moment

        context = self.services.context
        if context is not None:
            TimePopup(context, self, lambda resolve: show_moment(context, resolve)).pop_up(self.top.time)

    def choose_draft(self) -> None:
        """Opens the list of drafts."""
        self.top.draft.showMenu()

    def _fill_drafts(self, menu: QMenu) -> None:
        names = ("draft.new", "draft.show", "draft.apply", "draft.drop")
        self.drafts.fill(menu, [self.actions_list[name] for name in names])

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.palette_list.open()

    def show_guide(self) -> None:
        """Opens the guide in a window of its own, at the section about the page that is shown."""
        from ui.shell.guide_window import GuideWindow

        if self._guide is None:
            self._guide = GuideWindow(self.theme, self)
        self._guide.show_place(page_place(self.stack.current))

    def show_shortcuts(self) -> None:
        """The list of keys."""
        from ui.shell.about_dialog import show_shortcuts

        pages = self.page_actions
        titles = {"": "", **{page: title for page, title in pages.titles().items() if page != self.stack.current}}
        show_shortcuts(self.theme, self, [*self.actions_list, *pages.here(), *pages.elsewhere()], titles)

    def show_about(self) -> None:
        """Shows the name and the version of the program."""
        from ui.shell.about_dialog import show_about

        show_about(self.theme, self)

    def leave(self) -> None:
        """Closes the window."""
        self.close()

    def _moment_changed(self) -> None:
        context = self.services.context
        if context is not None:
            if context.moment.at is not None:
                self.drafts.past_shown()
            self.band.show_moment(context.moment.label if context.moment.at is not None else "")
            self.top.time.setText(context.moment.label.split(" (")[0] or tr("Now"))
            self.counts.show_moment(past=context.moment.at is not None)
            self.refresh()

    def _draft_changed(self) -> None:
        """Another draft is open, or none: all that is shown may be different."""
        draft = self.drafts.draft
        self.top.show_draft(draft.name if draft is not None else "")
        self.stack.reload()
        self.counts.recount()
        self.refresh()

    def _look_changed(self) -> None:
        self._fold()
        for widget in self.findChildren(QWidget):
            widget.update()

    # -- place and size ---------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        self.resize(QSize(*SIZE).boundedTo(self.screen().availableSize() - QSize(*FRAME)))
        kept = self.settings.get("window", "")
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode()))

    def _last_place(self, where: str) -> tuple[str, dict[str, Any]]:
        page, params = self.estate.place(where)
        return (page, params) if page in self.stack.names() else (self._entries[0].id, {})

    def _keep_place(self) -> None:
        self.estate.keep_place(*self.stack.state())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Places the side sheet again when the pages are resized."""
        if watched is self._main and isinstance(event, QResizeEvent) and self.sheet.isVisible():
            self.sheet.place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves the room to the pages."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        narrow = self.width() < px(NARROW)
        self.navigation.fold(narrow)
        self.jobs.fold(narrow)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """An estate is opened, other files go to the import page."""
        self.files.take([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keeps size and place, stops the jobs, closes the estate."""
        if self.stack.current and not self.stack.page(self.stack.current).leave():
            event.ignore()
            return
        self._leaving = True
        self.hide()
        if self._guide is not None:
            self._guide.close()
        self.settings.set("window", bytes(self.saveGeometry().toBase64().data()).decode())
        self.estate.close()
        self.tasks.finish()
        event.accept()
        # Also when it was the menu's Quit that closed it.
        QTimer.singleShot(0, QApplication.quit)


def _filled(*widgets: QWidget) -> QWidget:
    """A widget that its parts fill, one below the other without margins; the last gets the room that is left."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget, 1 if widget is widgets[-1] else 0)
    return made
