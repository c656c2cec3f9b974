"""The import page: open, map, check, compare, apply, as steps across the top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QWidget

from app.imports.draft import FileDraft, SheetDraft
from app.reviews.open_questions import DECISIONS
from cmdb.model.errors import Cancelled, Outdated
from cmdb.model.messages import EMPTY, Message, in_context, tr, trc
from ui.actions import PAST, Action, Handler, bind
from ui.context import Context
from ui.page import OwnSteps, Page
from ui.pages.import_.actions import ACTIONS
from ui.pages.import_.check_view import CheckView
from ui.pages.import_.compare_view import CompareView
from ui.pages.import_.drop_zone import DropZone
from ui.pages.import_.file_choice import FileChoice
from ui.pages.import_.file_views import Failures, InventoryView, SheetView
from ui.pages.import_.first_rows import FirstRowsView
from ui.pages.import_.flow import ImportFlow
from ui.pages.import_.mapping import MappingView
from ui.pages.import_.missing import all_or_nothing, missing_class
from ui.pages.import_.rejects_export import export_rejects, save_marked
from ui.pages.import_.result import ResultView
from ui.pages.import_.sheets import SheetTree
from ui.pages.import_.steps import StepBar
from ui.plain_texts import plain_tip
from ui.proposals.job_progress import JobProgress
from ui.proposals.sources import Sources
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import ErrorState
from ui.widgets.shown_stack import ShownStack

if TYPE_CHECKING:
    from app.jobs import Job
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Review

OPEN, MAP, CHECK, COMPARE, APPLY = range(5)
_TITLES = (
    in_context("verb", "Open"), in_context("verb", "Map"), in_context("verb", "Check"), in_context("verb", "Compare"),
    in_context("verb", "Apply"),
)  # fmt: skip


class ImportPage(Page):
    """One import at a time, kept while the person looks at other pages."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._arrival: QWidget | None = None
        """Where who comes to the page goes on."""
        self.step, self._reached = OPEN, OPEN
        self._applying = False
        self.flow = ImportFlow(context, self)
        self.sources = Sources(context)
        theme = self.theme
        self._bar = StepBar(theme, [str(title) for title in _TITLES])
        self._bar.chosen.connect(self.go_to)
        self.back_button = Button(tr("Back"), self.back, kind="plain", hint=tr("The previous step  (Ctrl+Backspace)"))
        self.next_button = PrimaryButton(tr("Continue"), self.next)
        self._past = Text(tr("You are looking at the past"), "muted")
        self._draft_shown = context.shown[1]
        self.choice = FileChoice(context, self, self.begin)
        self._drop = DropZone(theme, self.choice.choose, self.choice.paste, self.choice.show_formats)
        self.tree = SheetTree(context, self.flow)
        self.sheet_view, self.inventory_view = SheetView(context, self.flow), InventoryView(context)
        self.working = JobProgress(theme, "import", context.workspace.jobs)
        self.first_rows = FirstRowsView(theme)
        waiting = column(self.working, self.first_rows, spacing=12)
        waiting.setStretch(0, 1)
        waiting.setStretch(1, 2)
        self._wait_view = box(waiting)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._show()

    def _lay_out(self) -> None:
        self._sheet_stack = ShownStack()
        self._sheet_stack.addWidget(self.sheet_view)
        self._sheet_stack.addWidget(self.inventory_view)
        files = Card(tr("Files"))
        files.add(self.tree, 1)
        add = Button(tr("Add files…"), self.choice.choose, kind="plain", icon="plus", theme=self.theme)
        files.add(row(add, STRETCH))
        set_sizes(files, least_width=190, most_width=240)
        line = row(files, spacing=12)
        line.addWidget(self._sheet_stack, 1)
        self._draft = QWidget()
        self._draft.setLayout(line)
        self._stack = ShownStack()
        for widget in (self._drop, self._draft, self._wait_view):
            self._stack.addWidget(widget)
        self._error: QWidget | None = None
        steps = box(row(self.back_button, self.next_button))  # they wrap together
        head = flow(Heading(tr("Import")), self._bar, STRETCH, self._past, steps, spacing=12)
        whole = column(head, Failures(self.context, self.flow), self._stack, spacing=12, margins=(20, 14, 16, 16))
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        flow = self.flow
        flow.files_changed.connect(self._files_changed)
        flow.sheet_changed.connect(self._sheet_changed)
        flow.mending.connect(self._mending)
        flow.working.connect(self._wait)
        flow.first_rows.connect(self.first_rows.show_rows)
        flow.checked.connect(self._checked)
        flow.compared.connect(self._compared)
        flow.applied.connect(self._applied)
        flow.failed.connect(self._failed)
        self.working.stopped.connect(flow.give_up)
        self.tree.looked_at.connect(self._look_at)

    # -- the views of later steps: each is built when its step is reached, so that the page opens at once ------------

    @cached_property
    def mapping_view(self) -> MappingView:
        """The columns of a sheet."""
        made = MappingView(self.context, self.flow)
        self._sheet_stack.addWidget(made)
        return made

    @cached_property
    def check_view(self) -> CheckView:
        """The sheet's cells with their problems."""
        made = CheckView(self.context, self.flow)
        self._stack.addWidget(made)
        return made

    @cached_property
    def compare_view(self) -> CompareView:
        """What would change."""
        made = CompareView(self.context, self.flow)
        made.changed.connect(self._refresh_buttons)
        made.mend_wanted.connect(self._mend_rows)
        self._stack.addWidget(made)
        return made

    @cached_property
    def result_view(self) -> ResultView:
        """What was written."""
        made = ResultView(self.context, self.flow)
        self._stack.addWidget(made)
        return made

    # -- the page ---------------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """With ``files``, these are opened; without, the import is shown as it was left."""
        files = [Path(name) for name in params.get("files", ())]
        if files:
            self.begin(files)
        self._follow_draft()
        self._refresh_buttons()

    def changed(self, applied: AppliedRevision) -> None:
        """Another change was written: the comparison is made again; what was asked may be answered."""
        if self.step == APPLY and applied.undoes:
            self.result_view.follow_undo(applied)
        if self.step == APPLY and (applied.undoes or DECISIONS.is_concerned(applied)):
            self.result_view.recount()
        ours = self.flow.result is not None and self.flow.result.number == applied.number
        if not ours and self.flow.prepared is not None and self.step in (CHECK, COMPARE) and not self.flow.busy:
            self.flow.compare()

    def reload(self) -> None:
        """Another moment: nothing can be imported into the past. With another draft the comparison is another one."""
        self._follow_draft()
        self._refresh_buttons()

    def _follow_draft(self) -> None:
        """Compares again where another draft is open than the one that was compared with."""
        before, self._draft_shown = self._draft_shown, self.context.shown[1]
        if before != self._draft_shown and self.flow.prepared is not None and self.step in (CHECK, COMPARE):
            self.flow.compare()

    def page_actions(self) -> Sequence[Action]:
        """Files, steps, and a new start."""
        handlers = {
            "import.open": Handler(self.choice.choose),
            "import.folder": Handler(self.choice.choose_folder),
            "import.paste": Handler(self.choice.paste),
            "import.next": Handler(self.next, lambda: not self._missing(), why=self._missing),
            "import.back": Handler(self.back, lambda: self.step > OPEN),
            "import.next_problem": Handler(lambda: self.check_view.step(True), self._checking),
            "import.previous_problem": Handler(lambda: self.check_view.step(False), self._checking),
            "import.rejects": Handler(
                lambda: export_rejects(self.context, self.flow, self), lambda: bool(self.flow.rejects())
            ),
            "import.mark": Handler(
                lambda: save_marked(
                    self.context, self.flow, self, self.flow.workbooks[0], self.flow.result is not None
                ),
                lambda: self.flow.prepared is not None and bool(self.flow.workbooks),
            ),
            "import.sources": Handler(self.sources.show),
            "import.restart": Handler(self.restart, lambda: bool(self.flow.files)),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)

    def _checking(self) -> bool:
        return self.step == CHECK and self.check_view.group is not None

    def own_steps(self) -> OwnSteps | None:
        """While the sheet is checked and compared, Undo takes back corrections of its cells and answers."""
        if self.step not in (CHECK, COMPARE):
            return None
        flow = self.flow
        return OwnSteps(flow.undo_mend, flow.redo_mend, flow.mends.undo_label or EMPTY, flow.mends.redo_label or EMPTY)

    def focus_search(self) -> None:
        """The search in the sheet's cells, the filter of the comparison."""
        if self.step == CHECK and self.flow.taken:
            self.check_view.finder.open_search()
        elif self.step == COMPARE:
            self.compare_view.view.search.setFocus()

    # -- files ------------------------------------------------------------------------------------------------------

    def begin(self, paths: Iterable[Path]) -> None:
        """Opens files: more files for the present import, or the first of a new one."""
        found = list(paths)
        if not found:
            return
        if self.step == APPLY:
            self.restart()
        self.step = OPEN
        self.flow.open(found)

    def restart(self) -> None:
        """Forgets the import; if it was applied, its revision stays."""
        self.step = self._reached = OPEN
        self.flow.reset()
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accepts files anywhere on the page."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files were dragged away."""
        self._drop.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Opens the dropped files, and the files in dropped folders."""
        self._drop.set_over(False)
        event.acceptProposedAction()
        self.begin(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())

    # -- steps ------------------------------------------------------------------------------------------------------

    def next(self) -> None:
        """Goes to the next step, if nothing is missing."""
        if not self.next_button.isEnabled():
            return
        if self.step == COMPARE:
            self._applying = True
            self.flow.apply(self.compare_view.view.left_out)
        elif self.step == APPLY:
            self.restart()
        else:
            skip = self.step == OPEN and not self.flow.taken
            self.go_to(CHECK if skip else self.step + 1)

    def back(self) -> None:
        """Goes to the previous step."""
        if self.step == APPLY:
            self.restart()
        elif self.step > OPEN:
            self.go_to(OPEN if self.step == CHECK and not self.flow.taken else self.step - 1)

    def go_to(self, step: int) -> None:
        """Opens a step, or the mapping of a sheet that must be mapped first."""
        blocked = self.flow.blocked
        if step >= CHECK and blocked is not None:
            self.step = MAP
            self._show()
            self.tree.look_at(blocked)
            return
        self.step = step
        self._reached = max(self._reached, step)
        if step in (CHECK, COMPARE) and (self.flow.prepared is None or not self._read()) and not self.flow.busy:
            self.flow.check()
        self._show()

    def _read(self) -> bool:
        return all(sheet.reading is not None for sheet in self.flow.taken)

    def _show(self) -> None:
        """Shows the present step."""
        self._applying = False
        self._bar.show_step(self.step, self._reached if self.flow.files else OPEN)
        if self.step in (OPEN, MAP):
            self._show_widget(self._draft if self.flow.files else self._drop)
            self._look_at(self.tree.current)
        elif self.step == CHECK:
            if self.flow.busy and not self._read():
                self._show_widget(self._wait_view)
            else:
                self.check_view.refresh(comparing=self.flow.prepared is None)
                self._show_widget(self.check_view)
        elif self.step == COMPARE:
            if self.flow.prepared is None:
                self._show_widget(self._wait_view)
            else:
                self.compare_view.refresh()
                self._show_widget(self.compare_view)
        else:
            self._show_widget(self.result_view)
        self._refresh_buttons()
        self._focus()

    def _show_widget(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        if self._error is not None and self._error is not widget:
            self._stack.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes goes on where the step is worked on. With a proxy, Tab would pass over what stands before that."""
        super().focusInEvent(event)
        if self._arrival is not None:
            self._arrival.setFocus(event.reason())

    def _focus(self) -> None:
        self._arrival = self._worked_on()
        if self.isVisible():
            self._arrival.setFocus()

    def _worked_on(self) -> QWidget:
        """Where the step is worked on."""
        if self.step == MAP:
            return self.mapping_view.table
        if self.step == CHECK:
            return self.check_view.table
        if self.step == COMPARE:
            return self.compare_view.view.table
        if self.step == APPLY:
            return self.result_view.table
        return self.tree if self.flow.files else self._drop.choose

    def _look_at(self, what: SheetDraft | FileDraft | None) -> None:
        if isinstance(what, SheetDraft):
            if self.step == MAP and not what.sheet.empty:
                self.mapping_view.show_sheet(what)
                self._sheet_stack.setCurrentWidget(self.mapping_view)
            else:
                self.sheet_view.show_sheet(what)
                self._sheet_stack.setCurrentWidget(self.sheet_view)
        elif isinstance(what, FileDraft):
            self.inventory_view.show_file(what)
            self._sheet_stack.setCurrentWidget(self.inventory_view)
        self._refresh_buttons()

    def _verb(self, totals: str) -> str:
        """What the last button says: what is imported, and that it goes into the open draft."""
        if self.context.workspace.draft is not None:
            return tr("Into the draft: {totals}", totals=totals) if totals else tr("Into the draft")
        return tr("Import {totals}", totals=totals) if totals else trc("verb", "Import")

    def _missing(self) -> Message:
        """What is missing before the next step; empty where nothing is."""
        flow = self.flow
        if self.step == APPLY:
            return EMPTY
        if flow.files and flow.busy:
            return Message("This step is still being worked on.")
        if not flow.ready:
            return Message("Choose a sheet to import first.") if flow.files else Message("Open a file first.")
        if self.step == MAP and flow.blocked is not None and flow.blocked is self.tree.current:
            return missing_class(self.context.schema, flow.blocked.mapping)
        if self.step == CHECK and flow.prepared is None:
            return Message("The rows are not compared with the register yet.")
        return self._missing_to_apply() if self.step == COMPARE else EMPTY

    def _missing_to_apply(self) -> Message:
        prepared = self.flow.prepared
        if not self.context.editable:
            return PAST
        if self.flow.all_or_nothing and prepared is not None and prepared.proposal.rejected:
            return all_or_nothing(prepared.proposal.rejected)
        if prepared is None or prepared.empty:
            return Message("Nothing would change: there is nothing to import.")
        return EMPTY

    def _next_text(self) -> str:
        """What the button that goes on says."""
        flow = self.flow
        if self.step == OPEN:
            return tr("Map columns") if flow.taken else str(_TITLES[CHECK])
        if self.step == MAP:
            elsewhere = flow.blocked is not None and flow.blocked is not self.tree.current
            return tr("Next sheet") if elsewhere else str(_TITLES[CHECK])
        if self.step == COMPARE:
            return self._verb(self.compare_view.totals())
        return str(_TITLES[COMPARE]) if self.step == CHECK else tr("Import something else")

    def _refresh_buttons(self) -> None:
        flow, editable = self.flow, self.context.editable
        missing = self._missing()
        self.next_button.setText(self._next_text())
        self.next_button.setEnabled(not missing)
        self.next_button.setToolTip(plain_tip(str(missing)))
        self.next_button.setVisible(bool(flow.files) and not self._applying)
        self.back_button.setVisible(OPEN < self.step < APPLY and not self._applying)
        self._past.setVisible(not editable)
        if self.step == APPLY:
            self.result_view.undo.setEnabled(self.context.workspace.draft is None)
        self.context.shell.refresh_actions()

    # -- the flow's answers -----------------------------------------------------------------------------------------

    def _wait(self, job: Job) -> None:
        self.working.follow(job)
        self.first_rows.hide()
        if self._applying:
            self._bar.show_step(APPLY, OPEN)
        quiet = self.step == CHECK and self._stack.currentWidget() is self.check_view
        if quiet:
            self.check_view.refresh(comparing=True)
        else:
            self._show_widget(self._wait_view)
            if self.isVisible():
                self.working.setFocus()
        self._refresh_buttons()

    def _mending(self) -> None:
        self.check_view.set_stale()
        self.check_view.refresh_steps()

    def _mend_rows(self, question: Review) -> None:
        """Shows the first row of a question in Check, to be corrected there."""
        self.go_to(CHECK)
        self.check_view.go_to_row(question.origins[0])

    def _files_changed(self) -> None:
        self.step = OPEN
        self._reached = OPEN
        self._show()

    def _sheet_changed(self, _: SheetDraft) -> None:
        """A change that came in only when the sheets were being checked has stopped that: they are checked anew."""
        if self.step in (CHECK, COMPARE) and self.flow.prepared is None and not self.flow.busy:
            self.flow.check()
        self._refresh_buttons()

    def _checked(self) -> None:
        if self.step == CHECK:
            self.check_view.refresh(comparing=self.flow.prepared is None)
            self._show_widget(self.check_view)
            self._focus()
        self._refresh_buttons()

    def _compared(self) -> None:
        if self.step == CHECK and self._stack.currentWidget() is self.check_view:
            self.check_view.refresh(comparing=False)
            self._refresh_buttons()
        else:
            self._show()

    def _applied(self, applied: AppliedRevision) -> None:
        prepared = self.flow.prepared
        if prepared is None:
            return
        totals = self.compare_view.totals()
        self.step = self._reached = APPLY
        self.result_view.show_result(applied, prepared, totals, self.compare_view.view.left_out)
        self._show()
        self._bar.show_step(APPLY, OPEN)
        if applied.number:
            said = tr("Imported {totals}", totals=totals) if totals else tr("Imported")
            if applied.draft:
                said = tr("Imported into the draft “{name}”", name=applied.draft)
            self.context.shell.toast(said, undo=True)

    def _failed(self, what: str, error: Exception) -> None:
        if what == "apply":
            self._show()
            if isinstance(error, Outdated):
                self.flow.compare_anew(error)
            else:
                self.context.shell.problem(error)
            return
        if isinstance(error, Cancelled):
            self.step = MAP if what != "open" and self.flow.taken else OPEN
            self._show()
            self.context.shell.toast(tr("Stopped; nothing was changed."))
            return
        again = {"check": self.flow.check, "compare": self.flow.compare}.get(what, self.choice.choose)
        self._error = ErrorState(self.theme, error, tr("Try again"), again)
        self._stack.addWidget(self._error)
        self._stack.setCurrentWidget(self._error)
        self._refresh_buttons()
