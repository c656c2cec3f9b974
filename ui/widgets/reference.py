"""A field for a reference: type a few letters, choose from what is found; or leave it empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from app.item_search import Names, matching, names_of
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute
from ui.accessible import name_area
from ui.context import Context
from ui.widgets.fields import Field
from ui.widgets.search import add_magnifier

if TYPE_CHECKING:
    from cmdb.model.records import CI

_UID = int(Qt.ItemDataRole.UserRole)
_LIMIT = 12


class ReferenceFinder(QFrame):
    """The list of what was found, under a line edit that keeps the focus. ``picked`` fires with uid and name."""

    picked = Signal(str, str)

    def __init__(self, context: Context, line: QLineEdit, cls: Callable[[], str], where: str = "") -> None:
        super().__init__(line.window(), Qt.WindowType.ToolTip)
        self._context, self._line, self._cls, self._where = context, line, cls, where
        self.setProperty("role", "raised")
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        name_area(self._list, tr("Search results"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._list)
        self._timer = QTimer(self, singleShot=True, interval=120)
        self._timer.timeout.connect(self._search)
        line.textEdited.connect(lambda: self._timer.start())
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line's Down and Up move in the list, Enter takes, Esc closes; leaving the line closes."""
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Down and not self.isVisible():
                self._search()
                return True
            if self.isVisible() and self._key(key):
                return True
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(key)
        if step is not None:
            self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + step)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._list.currentItem() is not None:
            self._take(self._list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _search(self) -> None:
        self._timer.stop()
        text, cls, where = self._line.text().strip(), self._cls(), self._where

        self._context.query(
            lambda reader: matching(reader, cls, text, _LIMIT, where),
            self._show,
            key=("finder", id(self)),
            owner=self,
        )

    def _show(self, found: list[CI]) -> None:
        self._list.clear()
        for one in found:
            cls = self._context.schema.cls(one.cls)
            extra = one.values.get("asset_tag") or one.values.get("email") or cls.label
            item = QListWidgetItem(self._context.theme.icon(cls.icon), f"{one.name}   {extra}")
            item.setData(_UID, (one.uid, one.name))
            self._list.addItem(item)
        if not found:
            item = QListWidgetItem(tr("Nothing found"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        elif self._line.text().strip():
            self._list.setCurrentRow(0)
        self.resize(max(self._line.width(), 260), min(self._list.count(), 8) * 28 + 12)
        self.move(self._line.mapToGlobal(QPoint(0, self._line.height() + 2)))
        if self._line.hasFocus() or not self._line.window().isActiveWindow():
            self.show()

    def _take(self, item: QListWidgetItem) -> None:
        data = item.data(_UID)
        if data:
            self.hide()
            self.picked.emit(*data)


class ReferencePicker(QLineEdit):
    """A line edit that finds CIs of a class that answer a filter; ``uid`` is the chosen one ("" for none)."""

    picked = Signal(str)

    def __init__(self, context: Context, cls: str = "ci", hint: str = "", where: str = "") -> None:
        super().__init__()
        self.uid = ""
        self._name = ""
        self.cls = cls
        hint = hint or tr("Search: {classes}", classes=context.schema.cls(cls).plural)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        add_magnifier(self, context.theme)
        self.finder = ReferenceFinder(context, self, lambda: self.cls, where)
        self.finder.picked.connect(self._picked)
        self.textEdited.connect(self._typed)

    def show_ci(self, uid: str, name: str) -> None:
        """Shows a chosen CI; "" for none."""
        self.uid, self._name = uid, name
        self.setText(name)
        if not self.hasFocus():
            self.setCursorPosition(0)  # what is too long shows its beginning

    @property
    def unsettled(self) -> bool:
        """Whether something is typed that no CI was chosen for."""
        return bool(self.text().strip()) and not self.uid

    def _typed(self, text: str) -> None:
        if text != self._name:
            self.uid = ""

    def _picked(self, uid: str, name: str) -> None:
        self.show_ci(uid, name)
        self.picked.emit(uid)


class ReferenceField(Field):
    """A reference to a CI of the attribute's target class; with ``classes``, of one of these."""

    def __init__(self, context: Context, attribute: Attribute, classes: Sequence[str] = ()) -> None:
        classes = classes or (attribute.targets if attribute.also else ())
        labels = listing((context.schema.cls(cls).plural for cls in classes), "or") if classes else ""
        where = " or ".join(f"class = {cls}" for cls in classes) if len(classes) > 1 else ""
        hint = tr("Search: {classes}", classes=labels) if labels else ""
        self._picker = ReferencePicker(context, "ci" if len(classes) > 1 else attribute.target, hint, where)
        self._context = context
        super().__init__(attribute, self._picker)
        self._picker.textEdited.connect(lambda: self.edited.emit())
        self._picker.picked.connect(self._picked)
        # The list of results handles keys before the field does.
        self._picker.removeEventFilter(self._picker.finder)
        self._picker.installEventFilter(self._picker.finder)

    def raw(self) -> Any:
        """The chosen CI's id."""
        return self._picker.uid

    def value(self) -> Any:
        """The chosen CI's id, or None. Raises InvalidValue where nothing was chosen for what is typed."""
        if self._picker.unsettled:
            raise InvalidValue(
                Message(
                    "Choose a value of “{attribute}” from the list; “{typed}” is not in it.",
                    attribute=self.attribute.label,
                    typed=self._picker.text(),
                )
            )
        return self._picker.uid or None

    def fill(self, value: Any) -> None:
        """Shows the CI's name, looked up in a worker."""
        self._picker.show_ci(value or "", "")
        if value:

            def named(names: Names) -> None:
                if self._picker.uid == value:
                    self._picker.show_ci(value, names.get(value, ("", value))[1])

            self._context.query(lambda reader: names_of(reader, [value]), named, key=("named", id(self)), owner=self)

    def show_ci(self, uid: str, name: str) -> None:
        """Shows a CI whose name is known; it counts as unchanged."""
        self._initial = uid or None
        self._picker.show_ci(uid, name)

    def text(self) -> str:
        """The chosen CI's name, as it is shown."""
        return self._picker.text()

    def _picked(self) -> None:
        self.edited.emit()
        self.committed.emit()
