"""Dialogs for passphrases: to open an estate, and to set or change its passphrase."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar, QWidget

from cmdb.model.messages import Message, tr
from ui.plain_texts import plain_label
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import box, column

SHORTEST = 8
"""As the store has it, which is not imported yet when the first dialog is shown."""
_REMEMBER = Message("Remember on this computer")
_ASK = Message("Whoever has the file can read nothing of it without the passphrase.")
_WARN = Message(
    "There is no other way into the file: if you lose the passphrase, all that is in it is lost, backups included."
)
_BACKUPS = Message("The backups kept beside it are written anew, too.")


class _Secret(QLineEdit):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)


class UnlockDialog(Dialog):
    """Asks for the passphrase of an estate; ``answer`` gets it, and whether to remember it."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        name: str,
        answer: Callable[[str, bool], object],
        leave: Callable[[], object],
        *,
        wrong: bool = False,
        can_remember: bool = False,
    ) -> None:
        self.secret = _Secret(tr("Passphrase"))
        self.remember = QCheckBox(plain_label(str(_REMEMBER)))
        if not can_remember:
            self.remember.hide()
        problem = Text(
            tr("This passphrase does not open it. If you are sure of it, the file is damaged."), "small", "bad"
        )
        problem.setWordWrap(True)
        if not wrong:
            problem.hide()
        content = box(column(self.secret, problem, self.remember, spacing=8, margins=(0, 4, 0, 0)))
        super().__init__(
            theme,
            parent,
            tr("{estate} is encrypted", estate=name),
            tr("Its passphrase opens it."),
            content,
            icon="lock",
        )
        self._go = Button(tr("Open"), self.accept, kind="primary")
        self.add_button(Button(tr("Cancel"), self.reject))
        self.add_button(self._go, default=True)
        self.secret.textChanged.connect(lambda text: self._go.setEnabled(bool(text)))
        self._go.setEnabled(False)
        self.accepted.connect(lambda: answer(self.secret.text(), self.remember.isChecked()))
        self.rejected.connect(lambda: leave())
        self.secret.setFocus()


class EncryptDialog(Dialog):
    """Asks for a new passphrase, twice, and shows the progress; ``begin`` gets it (None: no encryption).

    It stays until ``done_working``: the estate is closed meanwhile. ``cancel`` is called where the person gives up.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        name: str,
        begin: Callable[[str | None, bool], object],
        cancel: Callable[[], object],
        *,
        encrypted: bool,
        can_remember: bool,
        remembered: bool = False,
    ) -> None:
        self._begin, self._cancel = begin, cancel
        self._working = False
        self.first, self.second = _Secret(tr("New passphrase")), _Secret(tr("The same again"))
        self.remember = QCheckBox(plain_label(str(_REMEMBER)))
        if not can_remember:
            self.remember.hide()
        self.remember.setChecked(remembered)
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.hide()
        self._asked = (self.first, self.second, self.remember)
        content = box(column(*self._asked, self.problem, self.bar, spacing=8, margins=(0, 4, 0, 0)))
        title = tr("A new passphrase for {estate}", estate=name) if encrypted else tr("Encrypt {estate}", estate=name)
        text = " ".join(map(str, (_WARN, _BACKUPS) if encrypted else (_ASK, _WARN, _BACKUPS)))
        super().__init__(theme, parent, title, text, content, icon="lock")
        self.add_button(Button(tr("Cancel"), self.reject))
        self._off = Button(tr("Take the encryption away"), lambda: self._start(None), kind="danger")
        if encrypted:
            self.add_button(self._off)
        self._go = Button(tr("Change the passphrase") if encrypted else tr("Encrypt"), self._take, kind="primary")
        self.add_button(self._go, default=True)
        self.first.setFocus()

    def _take(self) -> None:
        word = self.first.text()
        if len(word) < SHORTEST:
            self._complain(tr("At least {number} characters: several words are easy to remember.", number=SHORTEST))
        elif word != self.second.text():
            self._complain(tr("The two are not the same."))
        else:
            self._start(word)

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
        self._fit()

    def _start(self, word: str | None) -> None:
        self._working = True
        for widget in (*self._asked, self.problem, self._go, self._off):
            widget.hide()
        self.bar.setRange(0, 0)
        self.bar.show()
        self._fit()
        self._begin(word, self.remember.isChecked())

    def _fit(self) -> None:
        """Fits the height to what is shown."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def show_progress(self, done: int, total: int) -> None:
        """How far the work is."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def reject(self) -> None:
        """Esc and Cancel: running work is cancelled, and the dialog closes when it has stopped."""
        if self._working:
            self._cancel()
        else:
            super().reject()

    def done_working(self) -> None:
        """The estate is open again."""
        self._working = False
        self.accept()
