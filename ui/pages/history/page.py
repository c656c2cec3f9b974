"""The History page: revisions on the left, what the chosen one changed on the right, and its undo, previewed first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSplitter

from ui.actions import Action
from ui.context import Context
from ui.page import Page
from ui.pages.assets.cells import source_text
from ui.pages.history import reading
from ui.pages.history.reading import Change, Changes, UndoPreview
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.dates import ago, count, moment, plural
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.search import SearchField
from ui.widgets.states import EmptyState, States
from ui.widgets.table import Column, RowsModel, Table

if TYPE_CHECKING:
    from cmdb.store import Applied, Header

PAGE_SIZE = 300


class HistoryPage(Page):
    """The journal."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._all: list[Header] = []
        self._complete = False
        self._wanted = 0
        self._undoing: UndoPreview | None = None
        self.model = RowsModel(context.theme, self._columns())
        self.table = Table(context.theme, "Revisions")
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.table.typed.connect(self._typed)
        self._search = SearchField(context.theme, "Filter by reason, author or source", lambda _: self._filter())
        self._count = Text("", "muted")
        self._list = States(context.theme, self.table)
        left = Card(margins=(0, 12, 0, 0))
        left.add(column(row(Heading("History", 1), self._count, STRETCH), self._search, margins=(16, 0, 12, 8)))
        left.add(self._list, 1)
        self.revision = RevisionCard(context, self._preview, self._undo, self._show_then)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.revision)
        splitter.setHandleWidth(12)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([592, 608])
        self.setLayout(column(splitter, margins=(16, 14, 16, 16)))

    @staticmethod
    def _columns() -> list[Column[Header]]:
        return [
            Column("#", lambda h: str(h.number), sort=lambda h: h.number, right=True),
            Column("When", lambda h: ago(h.recorded), sort=lambda h: h.number, hint=lambda h: moment(h.recorded)),
            Column("What", _what, bold=True, tone=lambda h: "neutral" if h.undone_by else ""),
            Column("Who", lambda h: h.author, hint=lambda h: source_text(h.source)),
            Column("Items", _counts, sort=lambda h: h.created + h.updated + h.deleted, hint=_counts_hint),
        ]

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(self, revision: int = 0, undo: bool = False, **_: Any) -> None:
        """Shows the journal; with ``revision`` that one, with ``undo`` the preview of taking it back."""
        self._wanted = revision or self._wanted or 0
        if not self._all:
            self._list.loading()
        self._load(None)
        if revision:
            self.revision.show_revision(revision)
            if undo:
                self._preview(revision)

    def changed(self, applied: Applied) -> None:
        """A new revision stands on top."""
        self._load(None)
        if self.revision.number:
            self.revision.show_revision(self.revision.number)

    def reload(self) -> None:
        """Another moment: the journal up to then."""
        self._all = []
        self._load(None)

    def state(self) -> dict[str, Any]:
        """The revision that is shown."""
        return {"revision": self.revision.number} if self.revision.number else {}

    def focus_search(self) -> None:
        """The filter field."""
        self._search.setFocus()

    def _load(self, before: int | None) -> None:
        def done(found: list[Header]) -> None:
            self._complete = len(found) < PAGE_SIZE
            known = {h.number for h in found}
            self._all = sorted([h for h in self._all if h.number not in known] + found, key=lambda h: -h.number)
            self._filter()

        self.context.query(
            lambda r: reading.headers(r, PAGE_SIZE, before),
            done,
            lambda e: self._list.failed(e, self.opened),
            key=("history", "list"),
            owner=self,
        )

    def _scrolled(self, value: int) -> None:
        bar = self.table.verticalScrollBar()
        if not self._complete and self._all and value > bar.maximum() - 400:
            self._complete = True  # until the answer is here
            self._load(self._all[-1].number)

    def _filter(self) -> None:
        words = self._search.text().casefold().split()
        shown = [
            h for h in self._all if all(w in f"{_what(h)} {h.author} {h.source} {h.number}".casefold() for w in words)
        ]
        current = self._wanted or self.revision.number
        self.table.selectionModel().blockSignals(True)
        self.model.show_rows(shown)
        for place, width in enumerate((48, 124, 208, 112, 60)):
            if not self.table.property("sized"):
                self.table.setColumnWidth(place, width)
        self.table.setProperty("sized", True)
        row_now = next((i for i, h in enumerate(self.model.rows) if h.number == current), -1)
        self.table.selectionModel().blockSignals(False)
        self._count.setText(count(len(shown)) + ("+" if not self._complete else "") if self._all else "")
        if not self._all:
            text = "Every change of the register will stand here: who, when, what and why, each with a way back."
            self._list.empty(EmptyState(self.theme, "history", "Nothing has happened yet", text))
            self.revision.clear()
        elif not shown:
            self._list.empty(
                EmptyState(
                    self.theme, "filter", "No revision answers this filter", "", Button("Clear the filter", self._clear)
                )
            )
        else:
            self._list.content()
            self.table.selectRow(max(row_now, 0))
        self._wanted = 0

    def _clear(self) -> None:
        self._search.setText("")
        self._filter()

    def _typed(self, letter: str) -> None:
        self._search.setFocus()
        self._search.setText(self._search.text() + letter)
        self._filter()

    def _chosen(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            number = self.model.row_at(index.row()).number
            if number != self.revision.number:
                self.revision.show_revision(number)

    # -- undoing ----------------------------------------------------------------------------------------------------

    def _preview(self, number: int) -> None:
        def done(found: UndoPreview) -> None:
            self._undoing = found
            self.revision.show_preview(found)

        def failed(error: Exception) -> None:
            self.context.shell.problem(error)

        author = self.context.author
        self.context.query(
            lambda r: reading.undo_preview(r, number, author), done, failed, key=("history", "undo"), owner=self
        )

    def _undo(self, number: int) -> None:
        workspace = self.context.workspace

        def done(applied: Applied) -> None:
            self.context.shell.refresh_actions()
            self.revision.end_preview()
            if not applied.number:
                self.context.shell.toast(f"Nothing was left of revision {number} to take back.", tone="warning")
            elif applied.kept:
                self.context.shell.toast(
                    f"Revision {number} taken back; {plural(len(applied.kept), 'later change')} kept.", undo=True
                )
            else:
                self.context.shell.toast(f"Revision {number} taken back", undo=True)

        workspace.jobs.start(
            f"Taking back revision {number}",
            lambda control: workspace.undo_revision(number, control),
            done=done,
            failed=self.context.shell.problem,
        )

    def _show_then(self, header: Header) -> None:
        self.context.moment.set(header.number, moment(header.recorded))

    def _can_undo(self) -> bool:
        return self.context.editable and bool(self.revision.number) and not self.revision.undone

    def page_actions(self) -> Sequence[Action]:
        """Undoing the chosen revision."""
        return [
            Action(
                "history.undo",
                "Undo this revision…",
                lambda: self._preview(self.revision.number),
                "undo",
                "",
                ("Edit", "context"),
                self._can_undo,
            )
        ]


class RevisionCard(Card):
    """One revision: its header, its changes, and its undo with what would be kept."""

    def __init__(self, context: Context, preview: Any, undo: Any, show_then: Any) -> None:
        super().__init__(margins=(0, 12, 0, 0))
        self.context = context
        self.number = 0
        self.undone = False
        self._header: Header | None = None
        self._title, self._line = Heading("", 1), Text("", "muted", wrap=True)
        self._title.setWordWrap(True)
        theme = context.theme
        self._undo = Button("Undo…", lambda: preview(self.number), icon="undo", theme=theme)
        self._then = Button(
            "Show the estate then", lambda: self._header and show_then(self._header), icon="clock", theme=theme
        )
        self._confirm = Button("Take it back", lambda: undo(self.number), kind="danger")
        self._cancel = Button("Cancel", self.end_preview)
        self._note = InlineMessage(theme, "", "accent")
        self._rest = Text("", "muted", wrap=True)
        self._model = RowsModel(theme, self._columns())
        self._table = Table(theme, "Changes", compact=True)
        self._table.setModel(self._model)
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        for place, width in enumerate((180, 130, 150)):
            self._table.setColumnWidth(place, width)
        self._table.opened.connect(self._open)
        buttons = row(self._undo, self._then, self._confirm, self._cancel, STRETCH)
        content = Card(margins=(0, 0, 0, 0))
        content.setProperty("role", "plain")
        content.add(column(self._title, self._line, buttons, self._note, spacing=8, margins=(16, 0, 16, 8)))
        content.add(self._table, 1)
        content.add(column(self._rest, margins=(16, 6, 16, 12)))
        self._states = States(theme, content)
        self.add(self._states, 1)
        self.clear()
        self.end_preview()

    @staticmethod
    def _columns() -> list[Column[Change]]:
        return [
            Column("Item", lambda c: c.item, sort=lambda c: c.item.casefold(), icon=lambda c: c.icon),
            Column("What", lambda c: c.what),
            Column("Before", lambda c: c.before, hint=lambda c: c.before),
            Column("After", lambda c: c.after, hint=lambda c: c.after),
        ]

    def clear(self) -> None:
        """No revision is chosen."""
        self.number = 0
        self._states.empty(
            EmptyState(self.context.theme, "history", "No revision chosen", "Choose one to see what it changed.")
        )

    def show_revision(self, number: int) -> None:
        """Reads and shows a revision."""
        self.number = number
        self.context.query(
            lambda r: reading.changes(r, number),
            self._show,
            lambda e: self._states.failed(e, lambda: self.show_revision(number)),
            key=("history", "revision"),
            owner=self,
        )

    def _show(self, found: Changes) -> None:
        header = found.header
        self._header, self.undone = header, bool(header.undone_by)
        self._title.setText(_what(header))
        parts = [f"Revision {header.number}", moment(header.recorded), header.author, source_text(header.source)]
        self._line.setText(
            " · ".join(parts) + (f" · taken back by revision {header.undone_by}" if header.undone_by else "")
        )
        self._fill(found.lines, found.counted)
        self._undo.setEnabled(self.context.editable and not self.undone)
        self._states.content()
        self.end_preview()

    def _fill(self, lines: list[Change], counted: str) -> None:
        self._model.show_rows(lines)
        self._rest.setText(f"and {counted}" if counted and lines else counted)
        self._rest.setVisible(bool(counted))

    def show_preview(self, found: UndoPreview) -> None:
        """What taking it back would do."""
        if found.header.number != self.number:
            self.show_revision(found.header.number)
        self._fill(found.lines, found.counted)
        if not found.lines and not found.counted:
            text = "Nothing is left of it to take back: everything it changed was changed again since."
        elif found.kept:
            names = ", ".join(dict.fromkeys(k.name for k in found.kept if k.name))
            text = f"This is what would change. {plural(len(found.kept), 'later change')} would stay: {names[:160]}"
        else:
            text = "This is what would change. Taking it back is a revision of its own, and can be undone too."
        self._note.say(text, "warning" if found.kept else "accent")
        self._confirm.setEnabled(bool(found.lines or found.counted))
        for widget, shown in ((self._undo, False), (self._then, False), (self._confirm, True), (self._cancel, True)):
            widget.setVisible(shown)
        self._states.content()
        self._confirm.setFocus()

    def end_preview(self) -> None:
        """Back to what the revision did."""
        previewing = self._confirm.isVisibleTo(self)
        self._note.say("")
        for widget, shown in ((self._undo, True), (self._then, True), (self._confirm, False), (self._cancel, False)):
            widget.setVisible(shown)
        if previewing and self.number:
            self.show_revision(self.number)

    def _open(self, place: int) -> None:
        uid = self._model.row_at(place).uid
        if uid:
            self.context.shell.open_ci(uid)


def _what(header: Header) -> str:
    return header.reason or source_text(header.source)


def _counts(header: Header) -> str:
    parts = [
        f"{sign}{count(n)}" for sign, n in (("+", header.created), ("~", header.updated), ("−", header.deleted)) if n
    ]
    return " ".join(parts)


def _counts_hint(header: Header) -> str:
    return f"{count(header.created)} created, {count(header.updated)} changed, {count(header.deleted)} deleted"
