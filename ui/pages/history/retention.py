"""How long the history is kept, in the side sheet: the rule, what would go by it, and pruning."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSpinBox

from app.history.retention import Retention, keep_history, retention_of
from cmdb.model.messages import Message
from cmdb.model.retention import PruningPlan, PruningResult, in_words
from ui.context import Context
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dates import count, moment, plural
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.notice import InlineMessage

_ABOUT = (
    "Every change is kept for ever, unless you say otherwise here. The rule is part of the estate and holds for all "
    "who open it. The present, who changed what and when, and what baselines need always stay."
)
_UNITS = (("", "for ever"), ("m", "months"), ("y", "years"))


class RetentionSheet:
    """The sheet, for one time that it is open."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.unit, self.number = QComboBox(), QSpinBox()
        self.unit.setAccessibleName("Unit")
        for key, title in _UNITS:
            self.unit.addItem(title, key)
        self.number.setAccessibleName("How many")
        self.number.setRange(1, 999)
        self.number.setValue(2)
        self.now, self.goes = Text("", "muted", wrap=True), InlineMessage(context.theme)
        self.save = PrimaryButton("Save", self._save)
        self.prune = Button("Take it out now…", self._ask, kind="danger")
        for button in (self.save, self.prune):
            button.setEnabled(False)
        self._rule: str | None = None
        self._plan: PruningPlan | None = None
        choice = row(Text("Keep the history"), self.number, self.unit, STRETCH)
        self.content = box(
            column(Text(_ABOUT, "muted", wrap=True), 8, choice, 4, self.now, self.goes, STRETCH, spacing=8)
        )
        self.unit.currentIndexChanged.connect(lambda _: self._changed())
        self.number.valueChanged.connect(lambda _: self._changed())

    def show(self) -> None:
        """Opens the sheet."""
        self.context.shell.sheet("How long history is kept", self.content, (self.prune, self.save))
        self._read(first=True)

    @property
    def keep(self) -> str:
        """The rule that is chosen."""
        unit = str(self.unit.currentData())
        return f"{self.number.value()}{unit}" if unit else ""

    def _changed(self) -> None:
        self.number.setVisible(bool(self.unit.currentData()))
        self._read(first=False)

    def _read(self, *, first: bool) -> None:
        """Asks what the rule is (at first), and what would go by the one that is chosen."""
        chosen = None if first else self.keep

        def show(found: Retention) -> None:
            if first:
                self._take(found.rule)
            self._show(found)

        self.context.query(
            lambda reader: retention_of(reader, chosen),
            show,
            key=("history", "retention"),
            owner=self.content,
            now=True,
        )

    def _take(self, rule: str) -> None:
        self._rule = rule
        for widget in (self.unit, self.number):
            widget.blockSignals(True)
        self.unit.setCurrentIndex(self.unit.findData(rule[-1:]))
        if rule:
            self.number.setValue(int(rule[:-1]))
        self.number.setVisible(bool(rule))
        for widget in (self.unit, self.number):
            widget.blockSignals(False)

    def _show(self, found: Retention) -> None:
        self.now.setText(
            f"The past can be shown from {moment(found.recorded)} on (revision {found.first})." if found.first else
            "All of the past can be shown: nothing was taken out yet."
        )  # fmt: skip
        plan = self._plan = found.plan
        editable = self.context.editable
        self.save.setEnabled(editable and self.keep != self._rule)
        self.prune.setEnabled(editable and bool(plan and plan.versions) and self.keep == self._rule)
        if plan is None:
            self.goes.say("")
            return
        bound = f" The baseline “{plan.baseline}” keeps everything since then: remove it to let more go." * bool(
            plan.baseline
        )
        if not plan.versions:
            self.goes.say(f"Nothing is older: nothing would go.{bound}")
        else:
            before = f" from before {moment(plan.recorded)}" if plan.recorded else ""
            text = f"{plural(plan.versions, 'old version')}{before} would go, after the daily backup or at once."
            room = " That cannot be undone. The room in the file is used again; the file gets no smaller."
            self.goes.say(text + room + bound, "warning")

    def _save(self) -> None:
        keep, author = self.keep, self.context.author
        self.context.shell.close_sheet()
        said = f"History is kept for {in_words(keep)} from now on" if keep else "History is kept for ever"
        self.context.edit(lambda reader: keep_history(reader, keep, author), said)

    def _ask(self) -> None:
        plan = self._plan
        if plan is None:
            return
        before = f" before {moment(plan.recorded)}" if plan.recorded else ""
        text = (
            f"{plural(plan.versions, 'old version')} will be deleted. The estate can then no longer be shown, compared "
            f"or undone{before}. Make a backup first if you may want to."
        )
        self.context.shell.confirm("Take old history out?", text, "Take it out", self._prune, danger=True)

    def _prune(self) -> None:
        workspace, shell = self.context.workspace, self.context.shell
        shell.close_sheet()

        def done(found: PruningResult) -> None:
            said = f"{plural(found.versions, 'old version')} taken out of the history"
            if found.left:
                shell.toast(f"{said}; {count(found.left)} are left for the next time.", tone="warning")
            else:
                shell.toast(f"{said}.", tone="good")

        workspace.jobs.start(
            Message("Taking out old history"), workspace.prune_history, done=done, failed=shell.problem
        )
