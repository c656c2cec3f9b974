"""The fields for the address of a shared database; they are remembered without the password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as part

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from app.settings import Settings
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import box, column

_KEPT = "server"
_EXAMPLE = "db.example.org"


@dataclass(frozen=True)
class DatabaseAccess:
    """A database's address, and the user who opens it."""

    server: str
    database: str
    user: str
    password: str = part(repr=False)

    def url(self) -> str:
        """The URL for the store. Not to be called on the GUI thread: the first call is slow."""
        from app.estates import server_url

        return server_url(self.server, self.database, self.user, self.password)


class ServerFields(QWidget):
    """The fields, filled with the last values but for the password. ``changed`` fires when one changes."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        kept: dict[str, str] = settings.get(_KEPT, {})
        self.server = _field(
            tr("Server"),
            tr("{server} or {server_with_port}", server=_EXAMPLE, server_with_port=f"{_EXAMPLE}:5433"),
            kept.get("server"),
        )
        self.database = _field(tr("Database"), tr("its name on the server"), kept.get("database"))
        self.user = _field(tr("User"), "", kept.get("user"))
        self.password = _field(tr("Password"), tr("empty where the server asks for none"), "")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(8)
        for field in (self.server, self.database, self.user, self.password):
            field.textChanged.connect(self.changed)
            form.addRow(field.accessibleName(), field)

    @property
    def complete(self) -> bool:
        """Whether the required fields are filled."""
        return bool(self.server.text().strip() and self.database.text().strip())

    def first(self) -> QLineEdit:
        """The field that gets the focus."""
        return self.password if self.complete else self.server

    def access(self) -> DatabaseAccess:
        """The fields' values, which are remembered."""
        server, database, user = (f.text().strip() for f in (self.server, self.database, self.user))
        # A whole URL that was pasted here may have a password in it.
        self._settings.set(_KEPT, {"server": "" if "@" in server else server, "database": database, "user": user})
        return DatabaseAccess(server, database, user, self.password.text())


class ServerDialog(Dialog):
    """Asks which shared estate to open; ``answer`` gets it."""

    def __init__(
        self, theme: Theme, parent: QWidget, settings: Settings, answer: Callable[[DatabaseAccess], object]
    ) -> None:
        self.fields = ServerFields(settings)
        hint = Text(tr("The password is not kept. PostgreSQL reads it from your .pgpass, too."), "small")
        content = box(column(self.fields, hint, spacing=8, margins=(0, 4, 0, 0)))
        text = tr("It stands in a PostgreSQL database, where several people work on it at once.")
        super().__init__(theme, parent, tr("Open a shared estate"), text, content, icon="database")
        self._go = Button(tr("Open"), self.accept, kind="primary")
        self.add_button(Button(tr("Cancel"), self.reject))
        self.add_button(self._go, default=True)
        self.fields.changed.connect(self._look)
        self._look()
        self.accepted.connect(lambda: answer(self.fields.access()))
        self.fields.first().setFocus()

    def _look(self) -> None:
        self._go.setEnabled(self.fields.complete)


def _field(name: str, hint: str, text: str | None) -> QLineEdit:
    field = QLineEdit(text or "")
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setToolTip(plain_tip(hint))
    return field
