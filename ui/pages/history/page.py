"""The History page: revisions on the left; on the right what the chosen one changed, and its undo with a preview.

From here a person compares two moments, names moments, and sets how long the history is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QMenu

from app.history.revisions import JournalPage, RevisionUndo, journal_page, revision_undo
from app.moments import PointInTime, Resolve, after, before, what, who, word
from cmdb.model.claims import source_text
from cmdb.model.errors import UserError
from cmdb.model.formats import moment, number
from cmdb.model.messages import EMPTY, Message, tr, trn
from cmdb.model.relative_times import ago
from ui.actions import IN_DRAFT, Action, Handler, bind, fill_menu
from ui.context import Context
from ui.page import Page
from ui.pages.history.actions import ACTIONS
from ui.pages.history.baselines import Baselines
from ui.pages.history.comparison import DifferenceView
from ui.pages.history.head_line import HeadLine
from ui.pages.history.retention import RetentionSheet
from ui.pages.history.revision_card import RevisionCard
from ui.plain_texts import menu_label, plain_tip
from ui.proposals.sources import Sources
from ui.records.list_export import ask_and_export_table
from ui.text_size import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.card import Card
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.resize_watch import ResizeWatch
from ui.widgets.search import SearchField
from ui.widgets.shown_stack import ShownStack
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn
from ui.widgets.time_control import label_of, show_moment
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.journal import RevisionHeader

PAGE_SIZE = 300
#: The places of columns, and the widths of the list (pixels) below which the first and the second give way.
_NUMBER, _ITEMS = 0, 4
ROOMY, NARROW = 600, 520
#: While fewer rows fit the filter, more of the journal is read.
FILTERED = 100
#: The most authors that are offered.
PEOPLE = 40


class HistoryPage(Page):
    """The journal."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._all: list[RevisionHeader] = []
        self._complete = False
        self._wanted = 0
        self._undoing: RevisionUndo | None = None
        self.model = RowsModel(context.theme, self._columns())
        self.table = TableView(context.theme, tr("Revisions"))
        self.table.setModel(self.model)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.fit_to_rows(2, whole=(0, 1, 4))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._chosen())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.table.typed.connect(self._typed)
        self._search = SearchField(context.theme, tr("Filter by reason, author or source"), lambda _: self._filter())
        self._person = ""
        self._who = MenuButton(tr("Anyone"), self._people, kind="plain")
        self._who.setToolTip(plain_tip(tr("Only the changes of one person")))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._menu)
        self._count, self._gone = Text("", "muted"), InlineMessage(context.theme)
        self._list = PageStates(context.theme, self.table)
        self.setFocusProxy(self._list)
        self._head = HeadLine(context.theme)
        self.baselines = Baselines(context, self)
        self.sources = Sources(context)
        self.baselines.compared.connect(self.compare)
        left = Card(margins=(0, 12, 0, 0))
        compare = Button(tr("Compare…"), lambda: self.compare(None), icon="split", theme=context.theme)
        more = MenuButton(tr("More"), self._more, kind="plain")
        head = row(Heading(tr("History"), 1), self._count, STRETCH, compare, more)
        narrow = row(self._search, self._who, spacing=8)
        narrow.setStretch(0, 1)
        left.add(column(head, narrow, self._gone, margins=(16, 0, 12, 8)))
        left.add(self._list, 1)
        left.add(self._head)
        self.revision = RevisionCard(context)
        self.revision.undo_asked.connect(self._preview)
        self.revision.undo_confirmed.connect(self._undo)
        self.revision.before_asked.connect(lambda number: self._show(before(number)))
        self.revision.after_asked.connect(lambda number: self._show(after(number)))
        splitter = Splitter(tr("Revisions and the chosen one"))
        splitter.addWidget(left)
        splitter.addWidget(self.revision)
        splitter.setSizes([592, 608])
        ResizeWatch(self.table, self._fold)
        self._splitter = splitter
        self.comparison = DifferenceView(context)
        self.comparison.closed.connect(self._back)
        self._stack = ShownStack()
        self._stack.addWidget(splitter)
        self._stack.addWidget(self.comparison)
        self.setLayout(column(self._stack, margins=(16, 14, 16, 16)))

    @staticmethod
    def _columns() -> list[ViewColumn[RevisionHeader]]:
        return [
            ViewColumn("#", lambda h: str(h.number), sort=lambda h: h.number, right=True),
            ViewColumn(
                tr("When"), lambda h: ago(h.recorded), sort=lambda h: h.number, hint=lambda h: moment(h.recorded)
            ),
            ViewColumn(tr("What"), what, bold=True, hint=what, tone=lambda h: "neutral" if h.undone_by else ""),
            ViewColumn(tr("Who"), lambda h: h.author, hint=lambda h: f"{who(h)} · {source_text(h.source)}"),
            ViewColumn(tr("Items"), _counts, sort=lambda h: h.created + h.updated + h.deleted, hint=_counts_hint),
        ]

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(self, revision: int = 0, undo: bool = False, compare: Sequence[int | None] = (), **_: Any) -> None:
        """Shows the journal; with ``revision`` that one, with ``undo`` the preview of taking it back.

        With ``compare`` the difference between two revisions (None: now).
        """
        if compare:
            self._compare(*compare)
        elif revision:
            self._back()
        self._wanted = revision or self._wanted or 0
        if not self._all:
            self._list.loading()
        self._load(None)
        if revision:
            self.revision.show_revision(revision)
            if undo:
                self._preview(revision)

    def _fold(self) -> None:
        """Where the list is narrow, the number of items and the revision's number are left to the details."""
        room = self.table.viewport().width()
        for place, least in ((_ITEMS, ROOMY), (_NUMBER, NARROW)):
            if self.table.isColumnHidden(place) != (room < px(least)):
                self.table.setColumnHidden(place, room < px(least))

    def changed(self, applied: AppliedRevision) -> None:
        """Adds the new revision at the top."""
        self._load(None)
        if self.revision.number:
            self.revision.show_revision(self.revision.number)
        if self.comparing and None in (self.comparison.then.number, self.comparison.now.number):
            self.comparison.refresh()

    def reload(self) -> None:
        """Another moment: the journal up to then."""
        self._all = []
        self._load(None)

    def state(self) -> dict[str, Any]:
        """The revision that is shown, or the moments that are compared."""
        if self.comparing:
            return {"compare": [self.comparison.then.number, self.comparison.now.number]}
        return {"revision": self.revision.number} if self.revision.number else {}

    def focus_search(self) -> None:
        """The filter field."""
        (self.comparison.search if self.comparing else self._search).setFocus()

    def _load(self, before: int | None) -> None:
        def done(page: JournalPage) -> None:
            found = page.headers
            text = tr(
                "What was changed before {time} is no longer kept; who changed it, and when, still is.",
                time=moment(page.kept_from),
            )
            self._gone.say(text if page.kept_from else "")
            self._head.show_head(page.head)
            if self.context.workspace.draft is not None:
                self._head.hide()  # with the draft's revision it would be the head of no journal
            self._complete = len(found) < PAGE_SIZE
            known = {h.number for h in found}
            self._all = sorted([h for h in self._all if h.number not in known] + found, key=lambda h: -h.number)
            self._filter()

        self.context.query(
            lambda reader: journal_page(reader, PAGE_SIZE, before),
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
            h
            for h in self._all
            if (not self._person or h.author == self._person)
            and all(w in f"{what(h)} {who(h)} {h.source} {h.number}".casefold() for w in words)
        ]
        if (words or self._person) and len(shown) < FILTERED and not self._complete and self._all:
            self._complete = True  # until the answer is here
            self._load(self._all[-1].number)
        current = self._wanted or self.revision.number
        standing = self.table.standing
        self.table.selectionModel().blockSignals(True)
        self.model.show_rows(shown)
        row_now = next((i for i, h in enumerate(self.model.rows) if h.number == current), -1)
        self.table.selectionModel().blockSignals(False)
        self._count.setText(self._number(len(shown)))
        if not self._all:
            text = tr("Every change of the register is listed here: who, when, what and why. Each can be undone.")
            self._list.empty(EmptyState(self.theme, "history", tr("Nothing has changed yet"), text))
            self.revision.clear()
        elif not shown:
            clear = Button(tr("Clear the filter"), self._clear)
            self._list.empty(EmptyState(self.theme, "filter", tr("No revision matches this filter"), "", clear))
        else:
            self._list.content()
            self.table.selectRow(max(row_now, 0))
            if row_now >= 0 and not self._wanted:
                self.table.stand(standing)
        self._wanted = 0

    def _number(self, shown: int) -> str:
        """How many revisions are listed; "+" where more can be read."""
        if not self._all:
            return ""
        return number(shown) if self._complete else tr("{count}+", count=shown)

    def _people(self, menu: QMenu) -> None:
        """Everybody who has written one of the revisions that were read, the busiest first."""
        menu.addAction(tr("Anyone"), partial(self._of, ""))
        menu.addSeparator()
        for author, count in Counter(h.author for h in self._all).most_common(PEOPLE):
            menu.addAction(menu_label(tr("{person} ({count})", person=author, count=count)), partial(self._of, author))

    def _of(self, author: str) -> None:
        """Only the revisions of an author; "" for everybody's."""
        self._person = author
        self._who.setText(author or tr("Anyone"))
        self._filter()

    def _clear(self) -> None:
        self._search.setText("")
        self._person = ""
        self._who.setText(tr("Anyone"))
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
        def done(found: RevisionUndo) -> None:
            self._undoing = found
            self.revision.show_preview(found)

        def failed(error: Exception) -> None:
            self.context.shell.problem(error)

        author = self.context.author
        self.context.query(
            lambda reader: revision_undo(reader, number, author, text_of),
            done,
            failed,
            key=("history", "undo"),
            owner=self,
        )

    def _undo(self, number: int) -> None:
        workspace = self.context.workspace

        def done(applied: AppliedRevision) -> None:
            self.context.shell.refresh_actions()
            self.revision.end_preview()
            if not applied.number:
                nothing = tr("Nothing of revision {number} is left to undo.", number=str(number))
                self.context.shell.toast(nothing, tone="warning")
            elif applied.kept:
                kept = trn(
                    "Revision {number} undone; {count} later change kept.",
                    "Revision {number} undone; {count} later changes kept.",
                    len(applied.kept),
                    number=str(number),
                )
                self.context.shell.toast(kept, undo=True)
            else:
                self.context.shell.toast(tr("Revision {number} undone", number=str(number)), undo=True)

        workspace.jobs.start(
            Message("Undoing revision {number}", number=str(number)),
            lambda control: workspace.undo_revision(number, control),
            done=done,
            failed=self.context.shell.problem,
        )

    # -- moments ----------------------------------------------------------------------------------------------------

    @property
    def comparing(self) -> bool:
        """Whether two moments are compared."""
        return self._stack.currentWidget() is self.comparison

    def compare(self, then: PointInTime | None) -> None:
        """Compares a moment with now; without one, that before the chosen revision."""
        if then is not None:
            self._stack.setCurrentWidget(self.comparison)
            self.comparison.compare(then)
        elif self.revision.number:
            self._resolved(before(self.revision.number), self.compare)

    def _compare(self, then: int | None, now: int | None) -> None:
        """Compares two revisions (None: now)."""

        def found(one: PointInTime) -> None:
            if now is None:
                self.compare(one)
            else:
                self._resolved(word(str(now)), lambda other: self._show_both(one, other))

        if then is None:
            self._show_both(PointInTime(), PointInTime()) if now is None else self._compare(now, None)
        else:
            self._resolved(word(str(then)), found)

    def _show_both(self, then: PointInTime, now: PointInTime) -> None:
        self._stack.setCurrentWidget(self.comparison)
        self.comparison.compare(then, now)

    def _resolved(self, resolve: Resolve, take: Callable[[PointInTime], None]) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, UserError):  # a place that was kept may be one that is let go meanwhile
                self.context.shell.toast(str(error), tone="warning")
            else:
                self.context.shell.problem(error)

        self.context.query(resolve, take, failed, key=("history", "moment"), owner=self, now=True)

    def _back(self) -> None:
        """The journal again."""
        self._stack.setCurrentWidget(self._splitter)

    def _show(self, resolve: Resolve) -> None:
        show_moment(self.context, resolve)

    def _name(self) -> None:
        number = self.revision.number
        self._resolved(after(number), lambda then: self.baselines.name_moment(number, label_of(then)))

    def _menu(self, place: QPoint) -> None:
        index = self.table.indexAt(place)
        if not index.isValid():
            return
        self.table.selectRow(index.row())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, [a for a in self.page_actions() if "context" in a.menus], self.theme)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _more(self, menu: QMenu) -> None:
        fill_menu(menu, [a for a in self.page_actions() if "more" in a.menus], self.theme)

    def _can_undo(self) -> bool:
        return self.context.editable and self.revision.can_undo

    def _why_unnamed(self) -> Message:
        return IN_DRAFT if self.context.workspace.draft is not None else EMPTY

    def page_actions(self) -> Sequence[Action]:
        """Undo of the chosen revision, the estate before and after it, comparison, baselines, and retention."""
        one = self.revision

        def chosen() -> bool:
            return bool(one.number) and not self.comparing

        handlers = {
            "history.undo": Handler(lambda: self._preview(one.number), self._can_undo),
            "history.undo_record": Handler(lambda: one.take_back(value=False), lambda: one.can_take_back),
            "history.undo_value": Handler(
                lambda: one.take_back(value=True),
                lambda: one.can_take_back and one.chosen is not None and bool(one.chosen.attribute),
            ),
            "history.before": Handler(lambda: self._show(before(one.number)), chosen),
            "history.after": Handler(lambda: self._show(after(one.number)), lambda: chosen() and not one.drafted),
            "history.records": Handler(one.open_items, chosen),
            "history.compare": Handler(lambda: self.compare(None), chosen),
            "history.name": Handler(self._name, lambda: chosen() and self.context.can_set_up, why=self._why_unnamed),
            "history.export": Handler(
                lambda: ask_and_export_table(self.context, self, tr("History"), self.table),
                lambda: self.model.rowCount() > 0,
            ),
            "history.sources": Handler(self.sources.show),
            "history.baselines": Handler(self.baselines.show),
            "history.retention": Handler(lambda: RetentionSheet(self.context).show()),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)


def _counts(header: RevisionHeader) -> str:
    parts = [
        f"{sign}{number(n)}" for sign, n in (("+", header.created), ("~", header.updated), ("−", header.deleted)) if n
    ]
    return " ".join(parts)


def _counts_hint(header: RevisionHeader) -> str:
    return tr(
        "{created} created, {changed} changed, {deleted} deleted",
        created=header.created,
        changed=header.updated,
        deleted=header.deleted,
    )
