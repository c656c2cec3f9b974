"""The operations on items, each as a form in the side sheet: new, edit many, link, and the register's verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from app.assets.new_records import tagged
from app.links import link
from app.receipts.signing import SIGN
from app.verbs import Uids, known_verbs
from app.watching import toggled, was_toggled
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.messages import Message, tr, trc
from ui.context import Context
from ui.records.bulk_edit import BulkEditForm
from ui.records.new_sheet import open_alike, open_new
from ui.records.settle_sheet import open_settle_sheet
from ui.records.sign_sheet import SignForm
from ui.records.split_sheet import open_split_sheet
from ui.records.task_sheet import make_task
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column
from ui.widgets.notice import InlineMessage
from ui.widgets.reference import ReferencePicker
from ui.widgets.verb_sheet import run_verb


class Verbs:
    """Opens the sheets. ``what`` describes the CIs ("LT-2055", "12 items")."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def run(self, name: str, uids: Uids, what: str, cls: str) -> None:
        """Opens the sheet of a verb, or of "edit", "link", "like", "tag" or "task", for some records of a class."""
        own = {"edit": self.edit_many, "link": self.link, "task": self.task, "split": self.split}
        own |= {"like": self.like, "tag": self.tag, "watch": self.watch, SIGN: self.sign, "settle": self.settle}
        if name in own:
            own[name](uids, what, cls)
        else:
            run_verb(self.context, known_verbs()[name], uids, what, cls)

    # -- making and editing -----------------------------------------------------------------------------------------

    def new(self, cls: str, then: Callable[[str], None]) -> None:
        """A new CI: the class, then the usual attributes; ``then`` gets its id."""
        open_new(self.context, cls, then)

    def like(self, uids: Uids, what: str, cls: str) -> None:
        """A new CI that shares with another one what alike things share."""
        open_alike(self.context, uids, self.context.shell.open_ci)

    def tag(self, uids: Uids, what: str, cls: str) -> None:
        """The next free asset tags for items without one."""
        author = self.context.author
        said = tr("Asset tags given to {items}", items=what)
        self.context.edit(lambda reader: tagged(reader, uids(reader), author), said)

    def watch(self, uids: Uids, what: str, cls: str) -> None:
        """The person watches items, or those that they all watch no longer. No draft holds it."""
        author = self.context.author

        def done(applied: AppliedRevision) -> None:
            # Which of both it was, the revision says.
            self.context.query(lambda reader: was_toggled(reader, applied), say)

        def say(text: Message | str) -> None:
            self.context.shell.toast(str(text), undo=True)

        self.context.edit(lambda reader: toggled(reader, uids(reader), author), done=done, beside_draft=True)

    def edit_many(self, uids: Uids, what: str, cls: str) -> None:
        """The same values for many items."""
        BulkEditForm(self.context, uids, what, cls).open_sheet()

    def task(self, uids: Uids, what: str, cls: str) -> None:
        """A task about the records: one for all of them."""
        make_task(self.context, about=uids, what=what)

    def split(self, uids: Uids, what: str, cls: str) -> None:
        """A record that was merged into this one comes back."""
        open_split_sheet(self.context, uids, what)

    def sign(self, uids: Uids, what: str, cls: str) -> None:
        """Receipts are signed, on the screen or on paper; of other records the sheet says why they can't be."""
        verb = known_verbs()[SIGN]
        if verb.applies_to(self.context.schema, cls):
            SignForm(self.context, uids, what, cls).open_sheet()
        else:
            run_verb(self.context, verb, uids, what, cls)

    def settle(self, uids: Uids, what: str, cls: str) -> None:
        """What somebody who leaves still has is settled by one sheet."""
        open_settle_sheet(self.context, uids, what)

    # -- the rest ---------------------------------------------------------------------------------------------------

    def link(self, uids: Uids, what: str, cls: str) -> None:
        """A relationship to another CI, of a type that both classes allow."""
        schema = self.context.schema
        kinds = QComboBox()
        kinds.setAccessibleName(tr("Type of relationship"))
        for kind in (one for one in schema.relationships.values() if not one.hidden):
            if any(schema.is_a(cls, c) for c in kind.subjects):
                kinds.addItem(kind.label, (kind.name, False))
            if not kind.symmetric and any(schema.is_a(cls, c) for c in kind.objects):
                kinds.addItem(kind.inverse, (kind.name, True))
        other = ReferencePicker(self.context, "ci", tr("What is it linked to?"))
        group, needs = QLineEdit(), QLineEdit()
        group.setPlaceholderText(tr("uplinks, power, hosts…"))
        needs.setPlaceholderText("1, 2, 50%")
        group.setAccessibleName(tr("Group"))
        needs.setAccessibleName(tr("Needs"))
        error = InlineMessage(self.context.theme)

        def save() -> None:
            if not other.uid:
                error.say(tr("Choose what it is linked to from the list."), "warning")
                return
            name, inverse = kinds.currentData()
            target, author, label, need = other.uid, self.context.author, group.text().strip(), needs.text().strip()
            said = tr("{item} {relationship} {other}", item=what, relationship=kinds.currentText(), other=other.text())
            self.context.shell.close_sheet()
            self.context.edit(
                lambda reader: link(
                    reader, uids(reader)[0], name, target, author, inverse=inverse, group=label, needs=need
                ),
                said,
            )

        text = tr(
            "Links of one group can replace each other: of two uplinks, one may be enough. "
            "Without a group, every link is needed."
        )
        parts = (
            Text(tr("Type of relationship"), "muted"), kinds, 4, Text(trc("link", "To"), "muted"), other, error, 8,
            SectionLabel(tr("Redundancy")), Text(text, "muted", wrap=True), Text(tr("Group"), "muted"), group,
            Text(tr("Needs"), "muted"), needs, STRETCH,
        )  # fmt: skip
        self._sheet(tr("Link {item}", item=what), column(*parts, spacing=4), trc("verb", "Link"), save)

    def _sheet(self, title: str, content: Any, button: str, save: Callable[[], None]) -> None:
        shell = self.context.shell
        shell.sheet(title, box(content), (Button(tr("Cancel"), shell.close_sheet), PrimaryButton(button, save)))
