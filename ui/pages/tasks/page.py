"""The Tasks page: the lists as tabs over the table, the details beside it; at small widths they fold over the table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu

from app.dependence import Dependence
from app.item_search import item
from app.work.lists import (
    LIST_DEPENDENCE,
    TASK,
    WORK,
    TaskList,
    TaskOwner,
    class_of,
    filter_of,
    numbers,
    owner_of,
)
from app.work.templates import write_task_template
from cmdb.model import query
from cmdb.model.messages import EMPTY, Message, in_context, tr, trn
from cmdb.model.state_tables import STATE, is_closed
from ui.actions import Action, Handler, bind, fill_menu
from ui.context import Context
from ui.page import Page
from ui.pages.tasks.actions import ACTIONS
from ui.pages.tasks.empty_lists import empty_list, no_task_chosen
from ui.pages.tasks.owner_sheet import ask_owner
from ui.pages.tasks.receipts import receipts_among, save_drafts, save_receipt
from ui.records.detail.panel import DetailPanel
from ui.records.list_and_details import ListAndDetails
from ui.records.listing import ListKind, RecordListing
from ui.records.task_sheet import make_task
from ui.records.verb_actions import verbs_of
from ui.records.verbs import Verbs
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.layout import column
from ui.widgets.page_states import EmptyState
from ui.widgets.splitter import Splitter
from ui.widgets.tabs import Tabs
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.pasted_list import PastedList
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from cmdb.model.verb import Verb

_WHO = "assignee"
NOBODYS = query.text(query.And((query.Empty((_WHO,)), query.Empty((_WHO,), negated=True))))
"""A filter that no task answers: while nobody is "me", nothing is mine."""

_LIST = ListKind(
    "tasks",
    "work",
    Message("Tasks"),
    Message("Tasks"),
    in_context("task", "New"),
    Message("Filter: words, or {example}", example="due < today+7d and priority = High"),
    "due",
)
_TITLES: dict[TaskList, Message] = {
    TaskList.MINE: in_context("tasks", "Mine"),
    TaskList.TEAM: Message("My team's"),
    TaskList.DUE: in_context("tasks", "Due"),
    TaskList.OVERDUE: Message("Overdue"),
    TaskList.OPEN: in_context("tasks", "All open"),
    TaskList.CLOSED: in_context("tasks", "Closed"),
    TaskList.ALL: in_context("tasks", "All"),
    TaskList.UNSIGNED: in_context("receipts", "To be signed"),
}


class TasksPage(Page):
    """What is to be done: one list at a time."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.owner: TaskOwner | None = None
        self.numbers: dict[TaskList, int] = {}
        self._known = False
        """Whether it was asked who is "me"."""
        self.tabs = Tabs(tuple((one.value, str(title)) for one, title in _TITLES.items()))
        self.listing = RecordListing(context, _LIST, self._empty, self.tabs, self._fill_sheets)
        self.detail = DetailPanel(context, "tasks", no_task_chosen)
        self.verbs = Verbs(context)
        self._splitter = Splitter(tr("Tasks and the chosen one"))
        for place, widget in enumerate((self.listing, self.detail)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(place, 1 - place)
        self._detail_width = context.workspace.settings.get("tasks.detail", 380)
        self._splitter.splitterMoved.connect(lambda *_: self._remember())
        self.setLayout(column(self._splitter, margins=(16, 14, 16, 16)))
        self.setFocusProxy(self.listing)
        self.both = ListAndDetails(context, self.listing, self.detail, self.verbs, self.page_actions, self)
        self._connect()

    def _connect(self) -> None:
        self.tabs.chosen.connect(lambda name: self.show_list(TaskList(name)))
        self.listing.selected_rows.current.connect(self._current)
        self.listing.wanted.connect(self._act)
        # Afterwards: the splitter has not got its new size yet.
        self.both.folding.beside.connect(lambda: QTimer.singleShot(0, self, self._share))

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(
        self,
        uid: str = "",
        cls: str = "",
        where: str = "",
        sort: str = "",
        columns: list[str] | None = None,
        shown: str = "",
        pasted: str = "",
        view: str = "",
        group: str = "",
        **_: Any,
    ) -> None:
        """Shows a list (``shown``), the tasks that answer a filter, one task, or (with both) one task in a list.

        The list is grouped by an attribute (``group``), and is that of a saved view (its id). First it is asked who is
        "me".
        """
        self.listing.new.setEnabled(self.context.editable)
        first = not self._known

        def then() -> None:
            listed = where or cls or shown in set(TaskList)
            if listed and (view or group):
                self.listing.views.expect(view, group)
            if listed:
                if uid:
                    self.listing.go_to(uid)
                one = TaskList(shown) if shown in set(TaskList) else TaskList.ALL
                self.show_list(one, where, sort, columns, self.both.pasted_before(pasted), cls)
                if uid:
                    self.both.show_if_listed(uid)
            elif uid:
                self.context.query(lambda reader: item(reader, uid), self._show_one, key=("tasks", "open"), owner=self)
            elif first or self.listing.model.selection is None:
                self.show_list(self._usual())
            else:
                asked, views = self.listing.asked, self.listing.views
                views.expect(views.id, asked.group)
                self.show_list(
                    self.shown, asked.typed, asked.sort, self.listing.columns.of_view, asked.pasted, asked.cls
                )
                self.detail.reload()

        self._ask_numbers(then)

    def _usual(self) -> TaskList:
        """The list to begin with: mine, or all that are open while nobody is "me"."""
        return TaskList.MINE if self.owner is not None else TaskList.OPEN

    def _ask_numbers(self, then: Any = None) -> None:
        """Asks who is "me" and how many tasks each list has."""
        person = self.context.workspace.writer.person

        def done(found: tuple[TaskOwner | None, dict[TaskList, int]]) -> None:
            same = self.owner == found[0]
            (self.owner, self.numbers), self._known = found, True
            for one, title in _TITLES.items():
                number = self.numbers.get(one, 0)
                text = tr("{list} {count}", list=title, count=number) if number else str(title)
                self.tabs.set_title(one.value, text, str(title))
            if then is not None:
                then()
            elif not same:
                self.show_list(self.shown)

        self.context.query(
            lambda reader: (owner := owner_of(reader, person), numbers(reader, owner)),
            done,
            key=("tasks", "numbers"),
            owner=self,
        )

    @property
    def shown(self) -> TaskList:
        """The list that is shown."""
        return TaskList(self.tabs.current)

    def show_list(
        self,
        wanted: TaskList,
        where: str = "",
        sort: str = "",
        columns: list[str] | None = None,
        pasted: PastedList | None = None,
        cls: str = "",
    ) -> None:
        """Shows a list of a class of work (of tasks by default), with a filter and a sort."""
        schema = self.context.schema
        self.tabs.choose(wanted.value)
        cls = cls if cls and schema.root_of(cls) == WORK else class_of(schema, wanted)
        scope = filter_of(schema, wanted, self.owner, cls)
        self.listing.show_class(cls, where, sort, columns, NOBODYS if scope is None else scope, pasted)

    def _show_one(self, found: CI | None) -> None:
        if found is None:
            self.context.shell.toast(tr("That task does not exist at this moment."), tone="warning")
            if self.listing.model.selection is None:
                self.show_list(self._usual())
            return
        self.listing.go_to(found.uid)
        over = is_closed(self.context.schema, found.cls, found.values.get(STATE))
        self.show_list(TaskList.CLOSED if over else TaskList.OPEN)
        self.detail.show_ci(found.uid)
        self.both.folding.open()

    def depends_on(self) -> Sequence[Dependence]:
        """Tasks, and whatever they show of other records: their names."""
        return (Dependence(None, frozenset({"relationship", "attachment"}), None),)

    def changed(self, applied: AppliedRevision) -> None:
        """A revision was applied: the table, the numbers and the details are read again as far as it concerns them."""
        if LIST_DEPENDENCE.is_concerned(applied):
            self._ask_numbers()
        self.detail.follow(applied)
        self.listing.follow(applied)

    def reload(self) -> None:
        """Another moment, or many revisions."""
        self.opened()

    def state(self) -> dict[str, Any]:
        """The list that is asked for, and the task that is shown."""
        return {**self.both.state(), "shown": self.shown.value}

    def focus_search(self) -> None:
        """The filter bar."""
        self.listing.enter_filter()

    def _empty(self, _title: str) -> EmptyState:
        total = self.numbers.get(TaskList.ALL, 0)
        new = self.new_task if self.context.editable else None
        return empty_list(self.theme, self.shown, self.owner, total, new, self.ask_owner)

    # -- details ----------------------------------------------------------------------------------------------------

    def _current(self, found: CI | None) -> None:
        if found is None or found.uid == self.detail.uid:
            return
        self.detail.show_ci(found.uid)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the details over the table if there is no room for both."""
        super().resizeEvent(event)
        self.both.folding.fit(self.width())

    def _share(self) -> None:
        """Gives the details the width that the person chose, and the table the rest."""
        self._splitter.setSizes([max(self._splitter.width() - self._detail_width, 0), self._detail_width])

    def _remember(self) -> None:
        if self.both.folding.are_beside:
            self._detail_width = self._splitter.sizes()[1]
            self.context.workspace.settings.set("tasks.detail", self._detail_width)

    # -- doing ------------------------------------------------------------------------------------------------------

    def new_task(self) -> None:
        """Opens the sheet for a new task; on the list of my tasks it is mine to begin with."""
        if self.context.editable:
            mine = {"assignee": self.owner.person} if self.owner is not None and self.shown is TaskList.MINE else {}
            make_task(self.context, mine, then=self._show_new)

    def _show_new(self, uid: str) -> None:
        """Shows a task that was just made: its details, and its row if the list has it."""
        self.listing.go_to(uid)
        self.listing.refresh()
        self.detail.show_ci(uid)

    def ask_owner(self) -> None:
        """Asks whose tasks are "mine", and shows them."""
        ask_owner(self.context, self.owner, lambda: self._ask_numbers(partial(self.show_list, TaskList.MINE)))

    def _act(self, name: str) -> None:
        if name == "new":
            self.new_task()
            return
        self.both.run_on_selected(name, lambda n: trn("{count} task", "{count} tasks", n), lambda: self.listing.cls)

    def _fill_sheets(self, menu: QMenu) -> None:
        """What is done with spreadsheets of tasks."""
        wanted = ("tasks.import", "tasks.template", "tasks.export")
        fill_menu(menu, [action for action in self.page_actions() if action.id in wanted], self.theme)

    def _why_not(self, verb: Verb) -> Message:
        """Why a verb can't be done with any of the selected tasks that are in memory."""
        selected = self.listing.selected_rows.records()
        if not selected:
            return EMPTY
        reasons = [verb.reason(self.context.schema, one) for one in selected]
        return Message("{reason}.", reason=reasons[0]) if all(reasons) else EMPTY

    def _can_act(self, verb: Verb) -> bool:
        return self.both.has_selection() and not self._why_not(verb)

    def _template(self) -> None:
        """Asks where to, and writes a sheet with the columns of tasks."""
        title = tr("Template for tasks")
        kinds = {".xlsx": Message("Excel workbook (*.xlsx)"), ".ods": Message("OpenDocument spreadsheet (*.ods)")}
        name = self.context.schema.cls(TASK).plural
        path = ask_to_save(self.context.workspace.settings, self, "export", title, name, kinds)
        if path is not None:
            shell = self.context.shell
            self.context.workspace.jobs.start(
                Message("Writing {file}", file=path.name),
                write_task_template,
                self.context.schema,
                path,
                done=lambda _: say_written(shell, path),
                failed=shell.problem,
            )

    def _receipts(self) -> list[CI]:
        """The selected receipts that are in memory."""
        return receipts_among(self.context.schema, self.listing.selected_rows.records())

    def _save_receipt(self) -> None:
        for receipt in self._receipts()[:1]:
            save_receipt(self.context, self, receipt)

    def _save_drafts(self) -> None:
        """Drafts for those who sign the selected receipts; for all people where none is selected."""
        save_drafts(self.context, self, {person for one in self._receipts() if (person := one.text("signer"))})

    def page_actions(self) -> Sequence[Action]:
        """The actions on tasks."""
        handlers = {
            "tasks.new": Handler(self.new_task),
            "tasks.edit": Handler(partial(self._act, "edit"), self.both.has_selection),
            **{
                f"tasks.{verb.name}": Handler(
                    partial(self._act, verb.name), partial(self._can_act, verb), why=partial(self._why_not, verb)
                )
                for verb in verbs_of("work")
            },
            "tasks.link": Handler(partial(self.both.run_on_shown, "link"), self.both.has_shown),
            "tasks.comment": Handler(self.detail.begin_comment, self.both.has_shown),
            "tasks.attach": Handler(self.detail.add_files, self.both.has_shown),
            "tasks.paste": Handler(self.detail.paste_file, self.both.has_shown),
            "tasks.copy": Handler(self.listing.table.copy, self.both.has_selection),
            "tasks.import": Handler(lambda: self.context.shell.go("import")),
            "tasks.template": Handler(self._template),
            "tasks.columns": Handler(self.listing.columns.open_sheet),
            "tasks.export": Handler(self.listing.export, lambda: self.listing.model.rowCount() > 0),
            "tasks.receipt": Handler(self._save_receipt, lambda: len(self._receipts()) == 1),
            "tasks.drafts": Handler(self._save_drafts),
            "tasks.whose": Handler(self.ask_owner),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)
