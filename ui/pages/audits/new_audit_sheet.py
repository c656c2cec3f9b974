"""The sheet that starts an audit: of what, and how many items it will expect."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.audits.running import number_expected, start
from cmdb.model.audits import AuditScope
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import tr, trn
from ui.context import Context
from ui.pages.audits.scanner_keys import OWN
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column
from ui.widgets.notice import InlineMessage
from ui.widgets.reference import ReferencePicker

PAUSE = 200
_HOLDERS = "class = person or class = team or class = department"


class NewAuditSheet(QWidget):
    """The form. ``then`` gets the id of the audit that was started."""

    def __init__(self, context: Context, then: Callable[[str], None], scope: AuditScope | None = None) -> None:
        super().__init__()
        self._context, self._then = context, then
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Named after its place, unless you name it"))
        self.name.setAccessibleName(tr("Name"))
        self.place = ReferencePicker(context, "place", tr("Everywhere"))
        self.owner = ReferencePicker(context, "ci", tr("Whoever has it"), _HOLDERS)
        self.cls = QComboBox()
        self.cls.setAccessibleName(tr("Class"))
        self.cls.addItem(tr("All hardware"), "")
        for one in context.schema.tree():
            if context.schema.is_a(one.name, "hardware") and not one.hidden:
                self.cls.addItem(context.theme.icon(one.icon), one.plural, one.name)
        self.where = QLineEdit()
        self.where.setPlaceholderText(tr("A filter as in Assets, such as {example}", example="model ~ latitude"))
        self.where.setAccessibleName(tr("Filter"))
        self.blind = QCheckBox(tr("Blind: hide the list, the numbers and the results until it is finished"))
        self.expected = InlineMessage(context.theme)
        self.problem = InlineMessage(context.theme)
        self.button = PrimaryButton(tr("Start the audit"), self.save)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.count)
        self._lay_out()
        self._connect()
        if scope is not None:
            self.show_scope(scope)
        self.count()

    def _lay_out(self) -> None:
        parts: list[QWidget | int | None] = []
        for words, field in (
            (tr("Place"), self.place), (tr("Class"), self.cls), (tr("Owner"), self.owner), (tr("Filter"), self.where),
            (tr("Name"), self.name),
        ):  # fmt: skip
            label = Text(words, "muted")
            label.setBuddy(field)
            parts += [label, field, 6]
            field.setProperty(OWN, True)
        about = tr("What is in stock, in use or leaving there is expected. The list is fixed when the audit starts.")
        self.setLayout(
            column(
                Text(about, "muted", wrap=True),
                6,
                *parts,
                self.blind,
                6,
                self.expected,
                self.problem,
                STRETCH,
                spacing=4,
            )
        )

    def _connect(self) -> None:
        for picker in (self.place, self.owner):
            picker.picked.connect(lambda _: self.count())
            picker.textEdited.connect(lambda _: self._timer.start())
        self.cls.currentIndexChanged.connect(lambda _: self.count())
        self.where.textEdited.connect(lambda _: self._timer.start())

    def show_scope(self, scope: AuditScope) -> None:
        """Begins with a scope; the names of its place and owner are looked up."""
        from app.item_search import names_of

        self.where.setText(scope.where)
        classes = self._context.schema.classes
        if scope.cls in classes and scope.cls != "ci" and self.cls.findData(scope.cls) < 0:
            self.cls.addItem(self._context.theme.icon(classes[scope.cls].icon), classes[scope.cls].plural, scope.cls)
        self.cls.setCurrentIndex(max(self.cls.findData(scope.cls), 0))
        uids = [uid for uid in (scope.place, scope.owner) if uid]

        def named(found: object) -> None:
            names: dict[str, tuple[str, str]] = dict(found)  # type: ignore[call-overload]
            for picker, uid in ((self.place, scope.place), (self.owner, scope.owner)):
                if uid:
                    picker.show_ci(uid, names.get(uid, ("", uid))[1])
            self.count()

        if uids:
            self._context.query(lambda reader: names_of(reader, uids), named, key=("audits", "named"), owner=self)

    @property
    def scope(self) -> AuditScope:
        """What is asked for."""
        return AuditScope(self.place.uid, str(self.cls.currentData() or ""), self.owner.uid, self.where.text().strip())

    def count(self) -> None:
        """Says how many items it would expect."""
        self._timer.stop()
        scope = self.scope

        def done(number: int) -> None:
            none = tr("Nothing is there in stock, in use or leaving: there is nothing to look for.")
            text = trn("{count} item is expected.", "{count} items are expected.", number) if number else none
            self.expected.say(text, "accent" if number else "warning")
            self.button.setEnabled(bool(number))

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self.expected.say(str(error), "bad")
                self.button.setEnabled(False)
            else:
                self._context.shell.problem(error)

        self._context.query(
            lambda reader: number_expected(reader, scope), done, failed, key=("audits", "number"), owner=self
        )

    def open_sheet(self) -> None:
        """Shows it at the side."""
        shell = self._context.shell
        shell.sheet(tr("New audit"), self, (Button(tr("Cancel"), shell.close_sheet), self.button))

    def save(self) -> None:
        """Starts the audit."""
        if self.place.unsettled or self.owner.unsettled:
            self.problem.say(tr("Choose the place and the owner from the list, or leave them empty."), "warning")
            return
        scope, author, name, blind = self.scope, self._context.author, self.name.text().strip(), self.blind.isChecked()
        self.button.setEnabled(False)

        def done(applied: object) -> None:
            made: str = next(iter(applied.created))  # type: ignore[attr-defined]
            self._context.shell.close_sheet()
            self._then(made)

        def failed(error: Exception) -> None:
            self.button.setEnabled(True)
            if isinstance(error, UserError) and not isinstance(error, Cancelled):
                self.problem.say(str(error), "bad")
            else:
                self._context.shell.problem(error)

        self._context.edit(
            lambda reader: start(reader, scope, author, name=name, blind=blind), tr("Audit started"), done, failed
        )
