"""The detail panel: heading, tabs, and the verbs at the bottom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.assets.detail import (
    NOTE_KINDS,
    ItemFacts,
    ItemNotes,
    ItemParts,
    all_of,
    facts_depend_on,
    facts_of,
    parts_depend_on,
    parts_of,
)
from app.watching import note_seen
from app.work.about import CONCERNS
from app.work.concerning import can_be_concerned
from cmdb.model.messages import tr
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.records.detail.comments import CommentsTab
from ui.records.detail.custody import CustodyTab, has_custody
from ui.records.detail.drift import DriftTab
from ui.records.detail.facts import FactsTab
from ui.records.detail.files import FilesTab
from ui.records.detail.found_by import FoundByLine
from ui.records.detail.head_picture import HeadPicture
from ui.records.detail.past_tab import LaterTab
from ui.records.detail.relations import SHOWN, RelationsTab
from ui.records.detail.reported_names import ReportedNamesTab
from ui.records.detail.sections import SectionsTab
from ui.records.detail.software import SoftwareTab
from ui.records.detail.tasks import TasksTab
from ui.records.detail.timeline import Timeline
from ui.records.detail.verb_row import VerbRow
from ui.records.detail.whole_text import WholeText
from ui.widgets.buttons import IconButton
from ui.widgets.card import Card
from ui.widgets.labels import Heading
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.pill import Pill
from ui.widgets.tabs import FoldingTabs
from ui.widgets.values import text_of, tone_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.attachments.contents import AttachedFiles
    from app.question import Ask
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from ui.theme import Theme


T = TypeVar("T", bound=QWidget)

_PARTS = ("relations", "software")
"""The tabs that show the record's parts, which are read after its values."""


class DetailPanel(Card):
    """Shows one record. ``page`` is the page that has the panel, ``nothing`` what is shown while none is chosen.

    ``wanted`` fires with a verb's name for this CI; ``closed`` fires when it is closed. ``read`` fires with the values
    for ``follow``, ``unread`` with the id of a CI whose values could not be read.
    """

    wanted = Signal(str)
    closed = Signal()
    turned = Signal()
    """Another tab is opened, by an action say: the details must be seen."""
    read = Signal(object)
    unread = Signal(str)

    def __init__(self, context: Context, page: str, nothing: Callable[[Theme], EmptyState]) -> None:
        super().__init__(margins=(0, 14, 0, 0))
        self.context, self._page, self._nothing = context, page, nothing
        self.uid = ""
        self.loaded: ItemFacts | None = None
        self.parts: ItemParts | None = None
        self._parts_asked = False
        self._about = ""
        self.tabs = FoldingTabs(
            context.theme,
            (
                ("facts", tr("Details")),
                ("relations", tr("Relationships")),
                ("software", tr("Installed software")),
                ("names", tr("Reported as")),
                ("sections", tr("Sections")),
                ("drift", tr("Drift")),
                ("comments", tr("Comments")),
                ("files", tr("Files")),
                ("tasks", tr("Tasks")),
                ("custody", tr("Custody")),
                ("history", tr("History")),
            ),
        )
        self.tabs.chosen.connect(self._choose)
        self._stack = QStackedWidget()
        self._tabs: dict[str, QWidget] = {}
        """The tabs that were shown; the others are not built yet."""
        self._shown: dict[str, QWidget] = {}
        self._failure: Exception | None = None
        """Why the parts could not be read."""
        self._row: tuple[str, str] | None = None
        self.verbs = VerbRow(context)
        self.verbs.wanted.connect(self._wanted)
        content = Card(margins=(0, 0, 0, 0))
        content.setProperty("role", "plain")
        content.add(self._head())
        content.add(self._stack, 1)
        content.add(self.verbs)
        self._states = PageStates(context.theme, content)
        self.add(self._states, 1)
        self.setFocusProxy(self.tabs)
        self.setAcceptDrops(True)
        self.clear()

    def _head(self) -> QVBoxLayout:
        """What it is, in short, over the tabs."""
        theme = self.context.theme
        self._name, self._status, self._line = Heading("", 1), Pill(), WholeText("", "muted")
        self._name.setWordWrap(True)
        self.close_button = IconButton(theme, "close", tr("Close the details"), self.closed.emit, size=24)
        self.close_button.hide()
        self._picture = HeadPicture(self.context, self._page)
        self._picture.clicked.connect(self._preview_picture)
        self.watch = IconButton(theme, "eye", tr("Watch"), lambda: self.wanted.emit("watch"), size=24)
        self.watch.setCheckable(True)
        self.watch.hide()
        head = row(self._picture, self._name, self._status, STRETCH, self.watch, self.close_button)
        self._former = WholeText("", "muted")
        self._former.hide()
        self.found_by = FoundByLine(self.context, self._page)
        self.found_by.opened.connect(self.show_row)
        parts = (head, self._line, self._former, self.found_by, 4, self.tabs)
        return column(*parts, spacing=4, margins=(16, 0, 16, 0))

    # -- the tabs, by their names. Each is built when it is first shown or wanted, so that a page opens at once --------

    @cached_property
    def facts(self) -> FactsTab:
        """The values."""
        made = self._built("facts", FactsTab(self.context))
        if self.loaded is not None:
            made.show_loaded(self.loaded)
        return made

    @cached_property
    def relations(self) -> RelationsTab:
        """The relationships."""
        made = self._built("relations", RelationsTab(self.context, self._page))
        if self.loaded is not None and self.parts is not None:
            self._show_relations(made, self.loaded.ci.uid, self.parts)
        return made

    @cached_property
    def software(self) -> SoftwareTab:
        """The installed software, and its history."""
        made = self._built("software", SoftwareTab(self.context, self._page))
        if self.parts is not None:
            self._show_software(made, self.parts)
        return made

    @cached_property
    def names(self) -> ReportedNamesTab:
        """The names that a software product is reported by."""
        return self._built("names", ReportedNamesTab(self.context, self._page))

    @cached_property
    def sections(self) -> SectionsTab:
        """The sections."""
        return self._built("sections", SectionsTab(self.context, self._page))

    @cached_property
    def drift(self) -> DriftTab:
        """What is other than it was."""
        return self._built("drift", DriftTab(self.context, self._page))

    @cached_property
    def comments(self) -> CommentsTab:
        """What people say of it."""
        return self._built("comments", CommentsTab(self.context, self._page))

    @cached_property
    def files(self) -> FilesTab:
        """The files that are kept with it."""
        return self._built("files", FilesTab(self.context, self._page))

    @cached_property
    def tasks(self) -> TasksTab:
        """The tasks about it."""
        made = self._built("tasks", TasksTab(self.context, self._page))
        made.wanted_new.connect(lambda: self.wanted.emit("task"))
        return made

    @cached_property
    def custody(self) -> CustodyTab:
        """Who had it, and when."""
        return self._built("custody", CustodyTab(self.context, self._page))

    @cached_property
    def history(self) -> Timeline:
        """What happened to it."""
        return self._built("history", Timeline(self.context, self._page))

    def _built(self, name: str, tab: T) -> T:
        """A tab that was just built, told what the others were told of the record before."""
        shown: QWidget = tab
        if name in _PARTS:
            shown = states = PageStates(self.context.theme, tab)
            if self._failure is not None:
                states.failed(self._failure, self._ask_parts)
        self._tabs[name], self._shown[name] = tab, shown
        self._stack.addWidget(shown)
        if isinstance(tab, LaterTab | SoftwareTab) and self.loaded is not None:
            tab.show_of(self.loaded.ci, now=False)
        return tab

    def _tab(self, name: str) -> QWidget:
        """The tab of a name, built if it was not."""
        tab: QWidget = getattr(self, name)
        return tab

    def _is_built(self, name: str) -> bool:
        return name in vars(self)

    # -- keys and actions -------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Page down and Ctrl+Page up open the next tab, and the one before; Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.closed.emit()
            return
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        if not step or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        shown = self.tabs.shown
        self.show_tab(shown[(shown.index(self.tabs.current) + step) % len(shown)])
        self.tabs.setFocus()

    def _wanted(self, name: str) -> None:
        """What is done here, or else by who has the panel."""
        if name == "comment":
            self.begin_comment()
        else:
            self.wanted.emit(name)

    def begin_comment(self) -> None:
        """The field for a comment on the record that is shown."""
        self.show_tab("comments")
        self.comments.begin()

    # -- files ------------------------------------------------------------------------------------------------------

    def add_files(self) -> None:
        """Asks for files to be kept with the record that is shown."""
        self.show_tab("files")
        self.files.ask_for_files()

    def paste_file(self) -> None:
        """Keeps what is on the clipboard with the record that is shown."""
        self.show_tab("files")
        self.files.paste()

    def show_tab(self, name: str) -> None:
        """Opens a tab."""
        self.turned.emit()
        self.tabs.choose(name)
        self._choose(name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and pictures where they can be kept with a record."""
        data = event.mimeData()
        estates = any(url.path().endswith(".terrier") for url in data.urls())  # the window opens them
        if self.uid and self.files.ready and not estates and (data.hasUrls() or data.hasImage()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Keeps them."""
        event.acceptProposedAction()
        self.show_tab("files")
        self.files.add_from(event.mimeData())

    def show_row(self, section: str, key: str) -> None:
        """Opens a row of a section; see ``SectionsTab.choose_row``."""
        self.sections.choose_row(section, key)
        self.show_tab("sections")

    def _preview_picture(self) -> None:
        if self.loaded is not None and self.loaded.attached.picture is not None:
            self.files.preview(self.loaded.attached.picture)

    # -- showing ----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing is chosen."""
        self.uid, self.loaded, self.parts = "", None, None
        self._states.empty(self._nothing(self.context.theme))

    def show_ci(self, uid: str, row: tuple[str, str] | None = None) -> None:
        """Shows a CI: its facts, then its parts. The previous item stays until the values are read.

        ``row`` opens a row of one of its sections, by its key.
        """
        if uid != self.uid:
            self.found_by.clear()
        self._row = row
        if uid != self.uid and not self.loaded:
            self._states.loading()
        self.uid = uid

        def failed(error: Exception) -> None:
            self._states.failed(error, lambda: self.show_ci(uid))

        self._ask_facts(uid, failed)

    def _ask_facts(self, uid: str, failed: Callable[[Exception], None]) -> None:
        """Reads the facts, then the parts of the CI."""

        def done(loaded: ItemFacts) -> None:
            self._show(loaded)
            self._ask_parts()

        self.context.tasks.forget((self._page, "parts"))
        self.context.query(lambda reader: facts_of(reader, uid), done, failed, key=(self._page, "detail"), owner=self)

    def reload(self) -> None:
        """The shown CI may have changed."""
        if self.uid:
            self.show_ci(self.uid)

    def follow(self, applied: AppliedRevision) -> str:
        """A revision was applied: what it concerns is read again, nothing else.

        Returns the id of the CI whose facts are being read: ``read`` fires with them, or ``unread`` if this failed.
        """
        uid = self.uid
        if uid in applied.deleted:
            self.clear()
        if not self.uid:
            return ""
        if self.loaded is None or self.loaded.ci.uid != uid or self.parts is None:
            self.reload()  # it was being read, before this revision perhaps
            return ""
        facts = any(one.is_concerned(applied) for one in facts_depend_on(self.loaded))
        depends = parts_depend_on(self.context.schema, self.loaded.ci, self.parts)
        parts = bool(applied.deleted) or any(one.is_concerned(applied) for one in depends)
        if facts:
            files = None if "attachment" in applied.kinds else self.loaded.attached
            notes = None if NOTE_KINDS & applied.kinds or applied.deleted else self.parts.notes
            self._ask_again(uid, files, notes, parts=parts)
        elif parts:
            self._ask_parts()
        if uid in applied.touched and not facts:
            self._show_past(self.loaded.ci)
        elif self._is_built("names") and self.names.is_concerned(applied):
            self.names.show_of(self.loaded.ci, now=self.tabs.current == "names")
        elif self._is_built("tasks") and self.tasks.is_concerned(applied):
            self.tasks.show_of(self.loaded.ci, now=self.tabs.current == "tasks")
        return uid if facts else ""

    def _ask_again(self, uid: str, files: AttachedFiles | None, notes: ItemNotes | None, *, parts: bool) -> None:
        """Reads the values again, and the parts if they may have changed; the files and notes unless they are known."""

        def failed(error: Exception) -> None:
            self.unread.emit(uid)
            self._states.failed(error, lambda: self.show_ci(uid))

        def done(found: tuple[ItemFacts, ItemParts | None]) -> None:
            self._show(found[0])
            if found[1] is not None:
                self._show_parts(found[1])
            self.read.emit(found[0])

        # Parts that were asked for before, and whose answer this one makes late, are asked for with it.
        parts, notes = parts or self._parts_asked, None if self._parts_asked else notes
        self._parts_asked = parts
        if parts:
            self.context.tasks.forget((self._page, "parts"))
            who = self.context.author
            ask: Ask[tuple[ItemFacts, ItemParts | None]] = lambda reader: all_of(reader, uid, SHOWN, files, who, notes)  # noqa: E731
        else:
            ask = lambda reader: (facts_of(reader, uid, files), None)  # noqa: E731
        self.context.query(ask, done, failed, key=(self._page, "detail"), owner=self)

    def _ask_parts(self) -> None:
        uid, who = self.uid, self.context.author
        self._parts_asked = True

        def failed(error: Exception) -> None:
            self._parts_asked = False
            self._failure = error
            for state in self._part_states():
                state.failed(error, self._ask_parts)

        key = (self._page, "parts")
        self.context.query(
            lambda reader: parts_of(reader, uid, SHOWN, who), self._show_parts, failed, key=key, owner=self
        )

    def _state_of(self, name: str) -> PageStates:
        found = self._shown[name]
        assert isinstance(found, PageStates)
        return found

    def _part_states(self) -> Iterator[PageStates]:
        """The states of the tabs that show the parts, as far as they are built."""
        return (self._state_of(name) for name in _PARTS if self._is_built(name))

    def _show(self, loaded: ItemFacts) -> None:
        if self.loaded is None or self.loaded.ci.uid != loaded.ci.uid:
            self.parts, self._failure = None, None
            for state in self._part_states():
                state.restart()  # what is shown there is of another record
        self.loaded = loaded
        ci, schema = loaded.ci, self.context.schema
        cls = schema.cls(ci.cls)
        self._name.setText(ci.name)
        known = cls.standing
        status = ci.values.get(known.name)
        self._status.show_status(text_of(known, status, {}), tone_for(known, status) or "neutral")
        model = loaded.names.get(str(ci.values.get("model", "")), ("", ""))[1]
        tag = str(ci.values.get("asset_tag", "") or ci.values.get("number", ""))
        self._about = " · ".join(p for p in (cls.label, model, tag) if p)
        self._line.setText(self._about)
        if self.parts is not None:
            self._show_concerned(self.parts)
        self._former.setText(tr("Also known as {names}", names=loaded.former) if loaded.former else "")
        self._former.setVisible(bool(loaded.former))
        self.verbs.show_loaded(loaded)
        files = loaded.attached
        self._picture.show_of(files.picture)
        self._set_title("files", tr("Files"), tr("Files {count}", count=files.number) if files.number else "")
        if self._is_built("facts"):
            self.facts.show_loaded(loaded)
        self._states.content()
        self._show_past(ci)
        if self._row is not None:
            row, self._row = self._row, None
            self.show_row(*row)

    def _show_past(self, ci: CI) -> None:
        """What was before, and what is read later: at once where such a tab is open, else when it is opened."""
        schema = self.context.schema
        for name, shown in (
            ("custody", has_custody(schema, ci.cls)), ("tasks", can_be_concerned(schema, ci.cls)),
            ("names", schema.is_a(ci.cls, "software_product")),
        ):  # fmt: skip
            self.tabs.set_shown(name, shown)
            if not shown and self.tabs.current == name:
                self.tabs.choose("facts")
                self._choose("facts")
        self._tab(self.tabs.current)
        self._stack.setCurrentWidget(self._shown[self.tabs.current])
        for name, tab in self._tabs.items():
            if isinstance(tab, LaterTab | SoftwareTab):
                tab.show_of(ci, now=self.tabs.current == name)

    def _show_parts(self, parts: ItemParts) -> None:
        self._parts_asked, self._failure = False, None
        if self.loaded is None:
            return
        self.parts, ci = parts, self.loaded.ci
        number, installed = parts.number, len(parts.installations)
        computer = self.context.schema.is_a(ci.cls, "computer") or bool(installed)
        related = tr("Relationships {count}", count=number) if number else ""
        software = tr("Installed software {count}", count=installed) if installed else ""
        self.tabs.set_title("relations", related or tr("Relationships"), tr("Related"))
        self.tabs.set_title("software", software or tr("Installed software"), tr("Software"))
        self.tabs.set_shown("software", computer)
        for name in ("sections", "drift"):
            self.tabs.set_shown(name, parts.sections is not None)
        counted = tr("Sections {count}", count=parts.sections) if parts.sections else ""
        self._set_title("sections", tr("Sections"), counted)
        hidden = {"software": not computer, **dict.fromkeys(("sections", "drift"), parts.sections is None)}
        if hidden.get(self.tabs.current):
            self.tabs.choose("facts")
            self._choose("facts")
        comments = parts.notes.comments
        said = tr("Comments {count}", count=comments) if comments else ""
        self._set_title("comments", tr("Comments"), said)
        tasks = sum(one.number for one in parts.kinds if one.type == CONCERNS and one.inverse)
        self._set_title("tasks", tr("Tasks"), tr("Tasks {count}", count=tasks) if tasks else "")
        self._show_watched(parts)
        self._show_concerned(parts)
        if self._is_built("relations"):
            self._show_relations(self.relations, ci.uid, parts)
        if self._is_built("software"):
            self._show_software(self.software, parts)

    def _show_relations(self, tab: RelationsTab, uid: str, parts: ItemParts) -> None:
        tab.show_kinds(uid, parts.kinds)
        self._state_of("relations").content()

    def _show_software(self, tab: SoftwareTab, parts: ItemParts) -> None:
        tab.show_software(parts.installations, parts.sightings)
        nothing, state = tab.nothing(), self._state_of("software")
        if nothing is None:
            state.content()
        else:
            state.empty(nothing)

    def _show_watched(self, parts: ItemParts) -> None:
        """Whether one watches it; what one sees now is no news any more."""
        context = self.context
        self.watch.setVisible(self.loaded is not None and context.schema.root_of(self.loaded.ci.cls) == "ci")
        self.watch.setEnabled(context.editable)
        watched = parts.notes.watched
        self.watch.setChecked(watched)
        name = tr("You watch it; watch it no longer") if watched else tr("Watch: show what others change in it")
        self.watch.setToolTip(plain_tip(name))
        self.watch.setAccessibleName(name)
        if watched and context.editable and context.workspace.draft is None:  # a draft counts as a revision
            note_seen(context.workspace.settings, context.workspace.where, self.uid, parts.number_then)

    def _show_concerned(self, parts: ItemParts) -> None:
        """Of work, what it is about, beside its class and number."""
        if parts.about.number:
            self._line.setText(tr("{what} · about {records}", what=self._about, records=parts.about))

    def _set_title(self, name: str, title: str, counted: str) -> None:
        self.tabs.set_title(name, counted or title, title)

    def _choose(self, name: str) -> None:
        tab = self._tab(name)
        if isinstance(tab, LaterTab | SoftwareTab):
            tab.wanted()
        self._stack.setCurrentWidget(self._shown[name])
