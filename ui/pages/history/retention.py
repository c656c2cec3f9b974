"""Retention in the side sheet: the rule, what it would remove, and the removal."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSpinBox

from app.history.retention import Retention, keep_history, prune_history, retention_of
from cmdb.model.control import Control
from cmdb.model.formats import moment
from cmdb.model.messages import Message, tr, trn
from cmdb.model.retention import PruningPlan, PruningResult, in_words
from ui.actions import IN_DRAFT
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.notice import InlineMessage

_ABOUT = Message(
    "Every change is kept for ever, unless you set a limit here. The rule is part of the estate and holds for all "
    "who open it. The present state, who changed what and when, and what baselines need are always kept."
)
_UNITS = (("", Message("for ever")), ("m", Message("months")), ("y", Message("years")))


class RetentionSheet:
    """The sheet. A new one is made each time it is opened."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.unit, self.number = QComboBox(), QSpinBox()
        self.unit.setAccessibleName(tr("Unit"))
        for key, title in _UNITS:
            self.unit.addItem(str(title), key)
        self.number.setAccessibleName(tr("How many"))
        self.number.setRange(1, 999)
        self.number.setValue(2)
        self.number.hide()  # until the rule is read: the focus of the sheet would be lost with it
        self.now, self.goes = Text("", "muted", wrap=True), InlineMessage(context.theme)
        self.save = PrimaryButton(tr("Save"), self._save)
        self.prune = Button(tr("Remove it now…"), self._ask, kind="danger")
        for button in (self.save, self.prune):
            button.setEnabled(False)
        self._rule: str | None = None
        self._plan: PruningPlan | None = None
        choice = row(Text(tr("Keep the history")), self.number, self.unit, STRETCH)
        self.content = box(
            column(Text(str(_ABOUT), "muted", wrap=True), 8, choice, 4, self.now, self.goes, STRETCH, spacing=8)
        )
        self.unit.currentIndexChanged.connect(lambda _: self._changed())
        self.number.valueChanged.connect(lambda _: self._changed())

    def show(self) -> None:
        """Opens the sheet."""
        self.context.shell.sheet(tr("How long history is kept"), self.content, (self.prune, self.save))
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
        """Asks for the rule (at first), and for what the chosen one would remove."""
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
            tr("The past can be shown from {time} on (revision {number}).", time=moment(found.recorded),
               number=str(found.first))
            if found.first else tr("All of the past can be shown: nothing was removed yet.")
        )  # fmt: skip
        plan = self._plan = found.plan
        editable = self.context.can_set_up
        if self.context.workspace.draft is not None:
            for button in (self.save, self.prune):
                button.setToolTip(plain_tip(str(IN_DRAFT)))
        self.save.setEnabled(editable and self.keep != self._rule)
        self.prune.setEnabled(editable and bool(plan and plan.versions) and self.keep == self._rule)
        if plan is None:
            self.goes.say("")
            return
        statements = []
        if not plan.versions:
            statements.append(tr("Nothing is older: nothing would be removed."))
        else:
            statements.append(_removal(plan))
            statements.append(tr("That cannot be undone. The space is used again; the file does not get smaller."))
        if plan.baseline:
            statements.append(
                tr("The baseline “{name}” keeps everything since then: remove it first to remove more.",
                   name=plan.baseline)
            )  # fmt: skip
        self.goes.say(" ".join(statements), "warning" if plan.versions else "neutral")

    def _save(self) -> None:
        keep, author = self.keep, self.context.author
        self.context.shell.close_sheet()
        said = tr("History is kept for {time} from now on", time=in_words(keep)) if keep else ""
        said = said or tr("History is kept for ever")
        self.context.edit(lambda reader: keep_history(reader, keep, author), said)

    def _ask(self) -> None:
        plan = self._plan
        if plan is None:
            return
        statements = [
            trn("{count} old version will be deleted.", "{count} old versions will be deleted.", plan.versions),
            tr("The estate can then no longer be shown, compared or undone before {time}.", time=moment(plan.recorded))
            if plan.recorded
            else tr("The estate can then no longer be shown, compared or undone."),
            tr("Make a backup first if you may need it."),
        ]
        shell = self.context.shell
        shell.confirm(tr("Remove old history?"), " ".join(statements), tr("Remove it"), self._prune, danger=True)

    def _prune(self) -> None:
        workspace, shell = self.context.workspace, self.context.shell
        shell.close_sheet()

        def done(found: PruningResult) -> None:
            removed = trn(
                "{count} old version was removed from the history.",
                "{count} old versions were removed from the history.",
                found.versions,
            )
            if found.left:
                left = trn("{count} is left for the next time.", "{count} are left for the next time.", found.left)
                shell.toast(f"{removed} {left}", tone="warning")
            else:
                shell.toast(removed, tone="good")

        def prune(control: Control) -> PruningResult:
            return prune_history(workspace, control)

        workspace.jobs.start(Message("Removing old history"), prune, done=done, failed=shell.problem)


def _removal(plan: PruningPlan) -> str:
    """The number of old versions that a rule would remove, and the time before which."""
    if not plan.recorded:
        return trn(
            "{count} old version would be removed, after the daily backup or at once.",
            "{count} old versions would be removed, after the daily backup or at once.",
            plan.versions,
        )
    return trn(
        "{count} old version from before {time} would be removed, after the daily backup or at once.",
        "{count} old versions from before {time} would be removed, after the daily backup or at once.",
        plan.versions,
        time=moment(plan.recorded),
    )
