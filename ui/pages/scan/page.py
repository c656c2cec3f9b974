"""The scan page: this computer is inventoried, compared with the register, and put into it; or saved to a file."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from app import scans as scanning
from app.imports.proposal_details import ProposalDetails, apply
from app.reviews.open_questions import DECISIONS
from app.scans import ScanVerdict
from cmdb.model.errors import Cancelled, Outdated
from cmdb.model.messages import EMPTY, Message, tr, verbatim
from ui.actions import PAST, Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.scan.actions import ACTIONS
from ui.pages.scan.findings import name_of
from ui.pages.scan.other_computers import OtherComputers
from ui.pages.scan.panels import Collectors
from ui.pages.scan.result import ScanResult
from ui.pages.scan.watch_choice import WatchChoice
from ui.plain_texts import plain_tip
from ui.proposals.review_button import ReviewButton
from ui.proposals.undo_preview import undo_revision
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import ErrorState, Icon
from ui.widgets.shown_stack import ShownStack
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from app.jobs import Job
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.control import Control
    from importers.discovery import Inventory
    from importers.discovery.watch import Watch

_PROMISE = Message(
    "Reads its hardware, operating system, software, services and open ports. It needs no network and no "
    "administrator, changes nothing on it, and takes a few seconds."
)


class ScanPage(Page):
    """First explains what a scan is; then shows the collectors as they run; then what was found and would change."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.inventory: Inventory | None = None
        self.prepared: ProposalDetails | None = None
        self.verdict: ScanVerdict | None = None
        self.applied: AppliedRevision | None = None
        self._meanwhile: Message = EMPTY
        """What others wrote meanwhile, where the scan was refused because of it."""
        self._job: Job | None = None
        self._turn = 0
        self._handed: QWidget | None = None
        """What has the focus only because what had it is gone."""
        theme = self.theme
        self.scan_button = PrimaryButton(tr("Scan this computer"), self.scan, icon="scan", theme=theme)
        self.again = Button(tr("Scan again"), self.scan, icon="refresh", theme=theme)
        self.save = Button(tr("Save the inventory…"), self._save, icon="save", theme=theme)
        self._draft_shown = context.shown[1]
        self.put = PrimaryButton(tr("Put into the register"), self.apply)
        self.others = Button(tr("Other computers…"), self.show_others, icon="folder", theme=theme)
        self.cancel = Button(tr("Cancel"), self._stop)
        self.end_watch = Button(tr("End the watch"), self._end_watch)
        self.end_watch.setToolTip(plain_tip(tr("Keeps what was seen of the connections until now")))
        self.watch_for = WatchChoice()
        self._watch: Watch | None = None
        self._watched = Text("", "muted")
        self.undo = Button(tr("Undo this scan…"), self._undo, icon="undo", theme=theme)
        self.open = Button(tr("Open it in Assets"), self._open, icon="arrow-right", theme=theme)
        self.review = ReviewButton(context)
        self.collectors = Collectors(theme)
        self._stack = ShownStack()
        self.other_computers = OtherComputers(context)
        self._idle = self._make_idle()
        self._running = Card(tr("Scanning this computer"))
        self._running.header.addWidget(self.cancel)
        self._running.add(row(self._watched, self.end_watch, STRETCH, spacing=10))
        self._stack.addWidget(self._idle)
        self._stack.addWidget(self._running)
        self._error: QWidget | None = None
        buttons = (self.others, self.again, self.save, self.undo, self.review, self.open, self.put)
        head = flow(Heading(tr("Scan")), STRETCH, *buttons, spacing=8)
        whole = column(head, self._stack, spacing=12, margins=(20, 14, 16, 16))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.review.counted.connect(self._counted)
        self._refresh()

    @cached_property
    def result(self) -> ScanResult:
        """What a scan found; built when there is one, so that the page opens at once."""
        made = ScanResult(self.context)
        made.trimmed.connect(self._refresh)
        self._stack.addWidget(made)
        return made

    @property
    def _shows_result(self) -> bool:
        return self.inventory is not None and self._stack.currentWidget() is self.result

    def _make_idle(self) -> QWidget:
        theme = self.theme
        this = Card(margins=(24, 22, 24, 22))
        node, system = platform.node() or tr("This computer"), f"{platform.system()} {platform.release()}"
        this.add(row(Icon(theme, "scan", "accent", 32), STRETCH))
        this.body.addSpacing(6)
        this.add(Heading(tr("This computer"), 2))
        this.add(Text(f"{node} · {system}", "muted"))
        this.body.addSpacing(4)
        this.add(Text(str(_PROMISE), wrap=True))
        this.body.addSpacing(10)
        watch = box(row(Text(tr("Watch connections")), self.watch_for, spacing=8))
        this.add(flow(self.scan_button, watch, spacing=8))
        this.body.addStretch(1)
        line = row(spacing=12)
        line.addWidget(this, 1)
        line.addWidget(self.other_computers, 1)
        set_sizes(this, least_height=250)
        return box(column(line, STRETCH))

    # -- the page ---------------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Shows the page as it was left; with ``start``, scans at once."""
        if params.get("start") and self._job is None:
            self.scan()
        self._follow_draft()
        self._refresh()

    def changed(self, applied: AppliedRevision) -> None:
        """Another change was written, such as an undo of the scan: what it would change is computed again, or which of
        its questions wait.
        """
        if self.applied is not None and self.applied.number and applied.undoes == self.applied.number:
            self._undone(applied)
        elif self.applied is not None and DECISIONS.is_concerned(applied):
            self.review.recount()
        elif self.prepared is not None and self.applied is None and self._job is None:
            self._compare()

    def reload(self) -> None:
        """Another moment is shown: a scan can't be applied to the past. With another draft it changes other things."""
        self._follow_draft()
        self._refresh()

    def _follow_draft(self) -> None:
        """Computes again what the scan would change where another draft is open than before."""
        before, self._draft_shown = self._draft_shown, self.context.shown[1]
        if before != self._draft_shown and self.applied is None and self.prepared is not None and self._job is None:
            self._compare()

    def page_actions(self) -> Sequence[Action]:
        """Scanning, saving, importing files."""
        handlers = {
            "scan.start": Handler(self.scan),
            "scan.save": Handler(self._save, lambda: self.inventory is not None),
            "scan.next": Handler(self.apply, lambda: not self._missing(), why=self._missing),
            "scan.files": Handler(self.other_computers.choose_files),
            "scan.folder": Handler(self.other_computers.choose_folder),
            "scan.stick": Handler(self.other_computers.choose_stick),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)

    # -- scanning ---------------------------------------------------------------------------------------------------

    def scan(self) -> None:
        """Inventories this computer, in a job."""
        if self._job is not None:
            return
        self._forget()
        self._running.add(self.collectors, 1)
        plugins = self.context.workspace.plugins.collectors()
        self.collectors.begin(scanning.names(plugins))
        self._show(self._running)
        tasks, collectors = self.context.tasks, self.collectors

        def heard(name: str, state: str) -> None:
            tasks.post(self._hear, collectors, name, state)

        watch = self._watch = self.watch_for.watch(lambda passed: tasks.post(self._hear_watch, passed))
        self._hear_watch(-1)
        self._start(
            Message("Scanning this computer"),
            lambda control: scanning.scan(control, heard, plugins, watch=watch),
            self._scanned,
        )

    def _forget(self) -> None:
        if self.inventory is not None:
            self.result.forget()
        self.inventory = self.prepared = self.verdict = self.applied = None
        self.review.forget()
        self._meanwhile = EMPTY

    def show_others(self) -> None:
        """Goes back to where files of other computers are chosen and sticks are prepared."""
        self._forget()
        self._show(self._idle)
        self._refresh()
        self.other_computers.setFocus()

    def _hear_watch(self, passed: int) -> None:
        """Shows how long connections are watched already; -1: not yet."""
        from shiboken6 import isValid

        if not isValid(self):
            return
        watching = self._watch is not None and passed >= 0
        self.end_watch.setVisible(watching)
        self._watched.setVisible(watching)
        if self._watch is not None and watching:
            self._watched.setText(
                tr("Watching connections: {passed} of {all} s", passed=passed, all=int(self._watch.seconds))
            )

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.end()

    @staticmethod
    def _hear(collectors: Collectors, name: str, state: str) -> None:
        from shiboken6 import isValid

        if isValid(collectors):
            collectors.show_state(name, state)

    def _scanned(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.collectors.show_outcomes(inventory.outcomes, inventory.elevate)
        self.result.show_inventory(inventory, self.collectors)
        self._show(self.result)
        self._compare()

    def _compare(self) -> None:
        inventory, workspace = self.inventory, self.context.workspace
        if inventory is None:
            return
        self.prepared = None
        self.result.show_waiting()
        document = inventory.document
        self._start(
            Message("Comparing with the register"), lambda c: scanning.compare(c, workspace, document), self._compared
        )

    def _compared(self, found: tuple[ProposalDetails, ScanVerdict]) -> None:
        self.prepared, self.verdict = found
        may_trim = self.context.editable
        self.result.show_compared(self.prepared, self.verdict, self._meanwhile, may_trim=may_trim)
        self._refresh()
        self._focus()

    def apply(self) -> None:
        """Puts the scan into the register, in a job."""
        prepared, workspace, left_out = self.prepared, self.context.workspace, self.result.left_out
        if prepared is None or self._job is not None or not self.put.isEnabled():
            return
        into = workspace.written_to()

        def work(control: Control) -> AppliedRevision:
            return apply(control, workspace, prepared.proposal, left_out, into)

        self._start(Message("Putting the scan into the register"), work, self._done)

    def _done(self, applied: AppliedRevision) -> None:
        self.applied = applied
        if self.prepared is not None:
            self.review.ask_about(question.id for question in self.prepared.proposal.review)
        if self._meanwhile:
            self._meanwhile = EMPTY
            self.result.say_elevated()
        self.context.shell.refresh_actions()
        self.result.show_applied(applied, self.verdict)
        if applied.number:
            said = tr("{name} is in the register", name=self.result.name)
            if applied.draft:
                said = tr("{name} is in the draft “{draft}”", name=self.result.name, draft=applied.draft)
            self.context.shell.toast(said, undo=True)
        self._refresh()
        self._focus()

    def _undo(self) -> None:
        if self.applied is not None:
            undo_revision(self.context, self, self.applied.number, Message("this scan"), self._undone)

    def _undone(self, _: AppliedRevision) -> None:
        if self.applied is not None:
            self.applied = None
            self.review.forget()
            self._compare()

    def _counted(self) -> None:
        """Where none of its questions waits any longer, something else is the next thing to do."""
        self._refresh()
        self._focus()

    def _open(self) -> None:
        if self.verdict is not None and self.verdict.uid:
            self.context.shell.open_ci(self.verdict.uid)

    def _save(self) -> None:
        if self.inventory is None:
            return
        kinds = {".json": Message("Inventory files (*.json)")}
        name, settings = name_of(self.inventory.document), self.context.workspace.settings
        path = ask_to_save(settings, self, "inventory", tr("Save the inventory"), name, kinds)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Writes the inventory to a file, off the GUI thread."""
        if self.inventory is None:
            return
        document = self.inventory.document

        def work() -> None:
            from importers.inventory import write

            write(path, document)

        self.context.tasks.run(work, lambda _: say_written(self.context.shell, path), owner=self)

    # -- jobs and states --------------------------------------------------------------------------------------------

    def _start(self, title: Message, work: Callable[[Control], Any], done: Callable[[Any], None]) -> None:
        self._turn += 1
        turn = self._turn

        def finished(value: Any) -> None:
            if turn == self._turn:
                self._job = None
                done(value)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self._job = None
                self._failed(error)

        self._job = self.context.workspace.jobs.start(title, work, done=finished, failed=failed, place="scan")
        self._refresh()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self._show(self._idle if self.inventory is None else self.result)
            self.context.shell.toast(tr("Stopped; nothing was changed."))
        elif isinstance(error, Outdated):
            self._meanwhile = error.message
            self._compare()
        elif self.prepared is not None:
            self.context.shell.problem(error)
            self._compare()
        else:
            again = self.scan if self.inventory is None else self._compare_again
            state = ErrorState(self.theme, error, tr("Try again"), again)
            self._stack.addWidget(state)
            self._show(state)
            self._error = state
        self._refresh()

    def _compare_again(self) -> None:
        self._show(self.result)
        self._compare()

    def _show(self, widget: QWidget) -> None:
        before = self._focused()
        self._stack.setCurrentWidget(widget)
        if self._error is not None and self._error is not widget:
            self._stack.removeWidget(self._error)
            self._error.deleteLater()
            self._error = None
        self._note_focus(before)
        self._refresh()

    def _focus(self) -> None:
        """The next thing to do has the focus, unless the person has gone to something else meanwhile."""
        focused = self._focused()
        if self.isVisible() and (focused in (None, self, self._handed) or not focused.isVisible()):
            offered = (self.put, self.review, self.open, self.cancel, self.again, self.scan_button)
            ready = (one for one in offered if one.isVisible() and one.isEnabled())
            next(ready, self.again).setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes to the page, or back from a sheet over it, is at the next thing to do."""
        super().focusInEvent(event)
        self._focus()

    def _focused(self) -> QWidget | None:
        focused: QWidget | None = self.window().focusWidget()
        return focused

    def _note_focus(self, before: QWidget | None) -> None:
        """Qt hands the focus on where what had it is hidden or disabled: to no place that the person chose."""
        if self._focused() is not before:
            self._handed = self._focused()

    def _missing(self) -> Message:
        """What is missing before the scan can be put into the register; empty where nothing is."""
        if not self._shows_result:
            return Message("Scan this computer first.")
        if self._job is not None or self.prepared is None or self.verdict is None:
            return Message("This step is still being worked on.")
        if self.applied is not None:
            return Message("This scan is in the register.")
        if not self.context.editable:
            return PAST
        if self.verdict.kind == "refused":
            return verbatim(self.verdict.text)
        return Message("The register already holds all of this.") if self.prepared.empty else EMPTY

    def _refresh(self) -> None:
        result = self._shows_result
        idle, before = self._job is None, self._focused()
        for button in (self.again, self.others):
            button.setVisible(result)
            button.setEnabled(idle)
        self.save.setVisible(result)
        applied = self.applied is not None
        self.put.setVisible(result and not applied)
        missing = self._missing()
        self.put.setEnabled(not missing)
        self.put.setToolTip(plain_tip(str(missing)))
        self.put.setText(tr("Put into the draft") if self.context.workspace.draft else tr("Put into the register"))
        taken = self.applied is not None and bool(self.applied.number) and not self.applied.draft
        self.undo.setVisible(result and taken)
        self.undo.setEnabled(self.context.workspace.draft is None)
        self.review.setVisible(result and bool(self.review.waiting))
        known = self.verdict is not None and self.verdict.kind in ("same", "new")
        self.open.setVisible(result and applied and known)
        self._note_focus(before)
        self.context.shell.refresh_actions()
