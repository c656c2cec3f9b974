"""The settings: what a person prefers on this computer, and what an estate's people share in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from app import preferences
from app.declared_settings import DeclaredSetting, SettingValue
from app.estate_settings import ESTATE_SETTINGS, change, estate_settings
from app.schema.source_orders import ESTATE_PLACES, order_words, present_order
from app.settings import Settings
from cmdb.model.errors import Cancelled, InvalidValue, UserError
from cmdb.model.messages import Message, tr
from ui.accessible import name_area
from ui.context import Context
from ui.plain_texts import plain_label
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.file_dialog import ask_for_folder
from ui.widgets.labels import Heading, SectionLabel, Text
from ui.widgets.layout import STRETCH, Item, box, column, row, scrolled
from ui.widgets.reading_order import order_tabs

_LINES = 4
_AT_START = Message("From the next start on.")
_SOURCES = Message(
    "Where sources disagree, the one that comes first in an order counts. Each value says where it is from. A class, "
    "an attribute or a section can have an order of its own: see the page of classes and attributes."
)
_NETWORK = Message(
    "Terrier opens no connection but the one to the database of a shared estate. A scan reads this computer alone."
)


class LinesField(QPlainTextEdit):
    """A text of lines; Tab leaves it, and ``left`` fires when it is left."""

    left = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + 14)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves the field is done with it."""
        super().focusOutEvent(event)
        self.left.emit()


class SettingField(QWidget):
    """One setting: its label, its field, its help, and what is wrong with what was typed. ``keep`` is given a value."""

    def __init__(
        self,
        setting: DeclaredSetting,
        value: SettingValue,
        keep: Callable[[SettingValue], object],
        ask: Callable[[], Path | None] | None = None,
    ) -> None:
        """``ask`` lets the person choose a folder, where the setting is one."""
        super().__init__()
        self.setting, self._keep = setting, keep
        self._value: SettingValue | None = value
        """What was given last; None where that could not be kept."""
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        self.editor = self._editor()
        label = Text(str(setting.label), "muted")
        label.setBuddy(self.editor)
        self.editor.setAccessibleName(str(setting.label))
        words = " ".join(str(text) for text in (setting.help, _AT_START if setting.at_start else "") if text)
        self.editor.setAccessibleDescription(words)
        beside: list[Item] = [Button(tr("Choose…"), lambda: self._choose(ask))] if ask is not None else []
        parts: list[Item] = [label, row(self.editor, *beside) if beside else self.editor, self.problem]
        if words:
            parts.append(Text(words, "small", wrap=True))
        self.setLayout(column(*parts, spacing=3))

    def _editor(self) -> QComboBox | QLineEdit | LinesField:
        if self.setting.choices is not None:
            return self._choice()
        if not self.setting.is_lines:
            return self._line()
        lines = LinesField(str(self._value))
        name_area(lines, str(self.setting.label))
        lines.left.connect(lambda: self._take(lines.toPlainText()))
        return lines

    def _choice(self) -> QComboBox:
        box = QComboBox()
        assert self.setting.choices is not None
        values = []
        for value, words in self.setting.choices():
            values.append(value)
            box.addItem(plain_label(str(words)))
        if self._value in values:
            box.setCurrentIndex(values.index(self._value))
        box.activated.connect(lambda index: self._take(values[index]))
        return box

    def _line(self) -> QLineEdit:
        line = QLineEdit(str(self._value))
        line.editingFinished.connect(lambda: self._take(line.text()))
        return line

    def _choose(self, ask: Callable[[], Path | None]) -> None:
        if (found := ask()) is not None:
            self._take(str(found))

    def _take(self, value: SettingValue) -> None:
        try:
            value = self.setting.checked(value)
        except InvalidValue as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.problem.hide()
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(str(value))
        elif isinstance(self.editor, LinesField):
            self.editor.setPlainText(str(value))
        if value != self._value:
            self._value = value
            self._keep(value)

    def refuse(self, why: str) -> None:
        """What was given last could not be kept: it stays in the field, and can be given again."""
        self._value = None
        self.problem.setText(why)
        self.problem.show()


@dataclass(frozen=True)
class SettingsActions:
    """What the settings call: ``apply`` makes a preference visible; the others open what is beside them."""

    apply: Callable[[DeclaredSetting], object]
    identity: Callable[[], object]
    backups: Callable[[], object]
    back_up: Callable[[], object]
    show_folder: Callable[[Path], object]
    classes: Callable[[], object] | None = None
    sources: Callable[[str], object] | None = None
    """Opens the form of one of the estate's orders of sources."""


class SettingsDialog(QDialog):
    """All settings, by subject. What is chosen holds at once; there is nothing to save."""

    def __init__(
        self, theme: Theme, parent: QWidget, settings: Settings, context: Context | None, actions: SettingsActions
    ) -> None:
        super().__init__(parent)
        self._settings, self._context, self._actions, self._theme = settings, context, actions, theme
        self.fields: dict[str, SettingField] = {}
        self.setWindowTitle(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._estate = box(column(spacing=12))
        content = box(column(*self._parts(), STRETCH, spacing=12, margins=(20, 16, 20, 16)))
        close = Button(tr("Close"), self.accept)
        self.setLayout(column(scrolled(content), row(STRETCH, close, margins=(20, 0, 20, 14)), spacing=8))
        set_sizes(self, least_width=460)
        room = parent.height() - 40
        self.resize(max(self.minimumWidth(), 560), min(room, content.sizeHint().height() + 80))
        if context is not None:
            self._estate.setAccessibleName(tr("This estate"))
            self._estate.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._estate.setFocus()  # until its fields are there: not on a button that does something
            context.query(estate_settings, self._fill_estate, owner=self, now=True, beside_draft=True)

    def _parts(self) -> list[Item]:
        parts: list[Item] = [Heading(tr("Settings"))]
        if self._context is not None:
            parts += [SectionLabel(tr("This estate")), self._estate, *self._copies()]
        parts += [SectionLabel(tr("Look")), *self._personal(
            preferences.LOOK, preferences.FONT, preferences.TEXT_SIZE, preferences.DENSITY)]  # fmt: skip
        parts += [SectionLabel(tr("Language")), *self._personal(preferences.LANGUAGE, preferences.LOCALE)]
        parts += [SectionLabel(tr("Files")), *self._personal(preferences.FOLDER)]
        parts += [SectionLabel(tr("Backups")), *self._personal(preferences.BACKUPS)]
        if self._context is not None:
            writer = tr("Your changes carry the name {name}.", name=self._context.workspace.author)
            parts += [SectionLabel(tr("You")), Text(writer, wrap=True), self._button(
                tr("Who you are…"), "person", self._leave(self._actions.identity))]  # fmt: skip
            if self._actions.classes is not None:
                parts += [SectionLabel(tr("Classes and life cycle")), self._button(
                    tr("Classes, attributes and states…"), "tree", self._leave(self._actions.classes))]  # fmt: skip
        if self._context is not None:
            about = Text(str(_SOURCES), "muted", wrap=True)
            parts += [SectionLabel(tr("Sources")), about, *self._orders(self._context)]
        parts += [SectionLabel(tr("Network")), Text(str(_NETWORK), "muted", wrap=True)]
        kept = Text(tr("Your settings are kept in {file}.", file=self._settings.path), "small", wrap=True)
        return [*parts, 4, kept]

    def _orders(self, context: Context) -> list[Item]:
        """The estate's orders of sources, each with a button that leads to its form."""
        parts: list[Item] = []
        for place in ESTATE_PLACES:
            about = str(place.label(context.schema))
            ranked = str(order_words(present_order(context.schema, place).ranked))
            parts.append(Text(tr("Of {place}: {sources}.", place=about, sources=ranked), wrap=True))
            change = self._actions.sources
            if change is not None and context.can_set_up and not context.workspace.read_only:
                words = tr("Change the order for {place}…", place=about)
                parts.append(self._button(words, "sort", self._leave(partial(change, place.name))))
        return parts

    def _copies(self) -> list[Item]:
        """Where the estate is, and its backups."""
        assert self._context is not None
        workspace = self._context.workspace
        where = Text(tr("It is kept in {file}.", file=str(workspace.where)), "small", wrap=True)
        if workspace.on_server:
            return []
        folder = Path(workspace.where).parent
        from app.estates import latest_backup  # the store's libraries are loaded by now: an estate is open

        latest = Text("", "small")
        self._context.tasks.run(
            lambda: latest_backup(workspace), lambda said: latest.setText(said), lambda _: None, owner=latest
        )
        return [where, latest, row(
            self._button(tr("Back up now"), "save", self._actions.back_up),
            self._button(tr("Backups…"), "history", self._leave(self._actions.backups)),
            self._button(tr("Show in folder"), "folder", lambda: self._actions.show_folder(folder)),
            STRETCH,
        )]  # fmt: skip

    def _button(self, text: str, icon: str, run: Callable[[], object]) -> Button:
        return Button(text, run, icon=icon, theme=self._theme)

    def _leave(self, then: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            self.accept()
            then()

        return run

    def _personal(self, *declared: DeclaredSetting) -> list[Item]:
        return [self._field(one, preferences.value_of(self._settings, one), self._keeper(one)) for one in declared]

    def _keeper(self, setting: DeclaredSetting) -> Callable[[SettingValue], object]:
        def keep(value: SettingValue) -> None:
            preferences.keep(self._settings, setting, value)
            self._actions.apply(setting)

        return keep

    def _field(
        self, setting: DeclaredSetting, value: SettingValue, keep: Callable[[SettingValue], object]
    ) -> SettingField:
        ask = (
            (lambda: ask_for_folder(self._settings, self, "settings", str(setting.label)))
            if setting.is_folder
            else None
        )
        made = self.fields[setting.name] = SettingField(setting, value, keep, ask)
        return made

    # -- the estate's -----------------------------------------------------------------------------------------------

    def _fill_estate(self, values: dict[str, str]) -> None:
        assert self._context is not None
        layout = self._estate.layout()
        assert layout is not None
        for setting in ESTATE_SETTINGS:
            field = self._field(setting, values[setting.name], self._writer(setting))
            field.setEnabled(self._context.editable and not self._context.workspace.read_only)
            layout.addWidget(field)
            field.show()  # at once, or a button gets the focus when the window becomes active
        if self.focusWidget() is self._estate:
            fields = (*(self.fields[one.name] for one in ESTATE_SETTINGS), *self.fields.values())
            next(field.editor for field in fields if field.isEnabled()).setFocus()
        self._estate.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the settings as they are read: those of the estate are filled in later."""
        order_tabs(self)
        return super().focusNextPrevChild(forward)

    def _writer(self, setting: DeclaredSetting) -> Callable[[SettingValue], object]:
        context = self._context
        assert context is not None

        def write(value: SettingValue) -> None:
            author = context.author
            context.edit(
                lambda reader: change(reader, setting, value, author),
                tr("{setting} changed", setting=setting.label),
                failed=lambda error: self._refused(setting, error),
                beside_draft=True,
            )

        return write

    def _refused(self, setting: DeclaredSetting, error: Exception) -> None:
        """An estate's setting could not be written: its field says why, while it is there."""
        if isValid(self) and isinstance(error, UserError) and not isinstance(error, Cancelled):
            self.fields[setting.name].refuse(str(error))
        else:
            assert self._context is not None
            self._context.shell.problem(error)
