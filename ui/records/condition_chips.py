"""The conditions of a filter as chips, joined by "and" or "or": each is changed and taken out by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.filter_conditions import Condition, Conditions
from cmdb.model.characters import marked
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn
from ui.plain_texts import plain_label, plain_tip
from ui.records.filters import FilterForm
from ui.widgets.buttons import Button, IconButton, LinkButton, MenuButton
from ui.widgets.labels import ElidedText
from ui.widgets.layout import row

if TYPE_CHECKING:
    from app.pasted_list import PastedList
    from ui.context import Context

#: The greatest width of a chip, in widths of an "x"; what is longer is cut, and whole in the tooltip.
_LONGEST = 44
_GAP = 4
#: Lines that were not found that a tooltip names.
_NAMED = 12


class ConditionChip(Button):
    """One condition. Enter or a click changes it, Del takes it out, Left and Right go to the next one."""

    def __init__(self, words: str, clicked: Callable[[], object], taken: Callable[[], object]) -> None:
        super().__init__(words, clicked, kind="chip")
        self._taken = taken
        room = self.fontMetrics().horizontalAdvance("x") * _LONGEST
        shown = self.fontMetrics().elidedText(marked(" ".join(words.split())), Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setAccessibleName(words)
        self.setAccessibleDescription(tr("Enter changes this condition, Del takes it out"))
        if shown != words:
            self.setToolTip(plain_tip(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del and Backspace take it out; Left and Right go on."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._taken()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            around = self.parentWidget()
            chips = around.findChildren(ConditionChip) if around is not None else [self]
            chips = [one for one in chips if one.isVisible()]
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            chips[(chips.index(self) + step) % len(chips)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class ListChip(Button):
    """The pasted list. Del takes it out."""

    def __init__(self, said: str, taken: Callable[[], object]) -> None:
        super().__init__(said, kind="chip")
        self._taken = taken
        self.setAccessibleDescription(tr("Del takes it out"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del and Backspace take it out."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._taken()
        else:
            super().keyPressEvent(event)


class ConditionChips(QWidget):
    """Shows the conditions that are applied. ``changed`` fires with the filter that the person makes of them,
    ``written`` with the query of a condition that is to be changed in the field, ``unpasted`` when the pasted list is
    taken out. What does not fit stands in a menu.
    """

    changed = Signal(str)
    written = Signal(str)
    unpasted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._cls = "ci"
        self.conditions = Conditions()
        self._hint = ElidedText(
            tr("No conditions. Down goes to the rows, Ctrl+Space offers what can be filtered by."), "muted"
        )
        self._more = MenuButton("", self._fill_more, kind="chip")
        self._list: list[QWidget] = []
        """The widgets of the pasted list."""
        self._groups: list[list[QWidget]] = []
        """The widgets of each condition."""
        self._row = row(self._hint, self._more, spacing=_GAP)
        self._row.addStretch(1)
        self.setLayout(self._row)
        self._more.hide()

    def show_conditions(self, cls: str, conditions: Conditions, pasted: PastedList | None = None) -> None:
        """Shows the conditions of a filter of a class, and the pasted list that it is of."""
        focused, had_list = self._focused(), self.window().focusWidget() in self._list
        self._cls, self.conditions = cls, conditions
        for widget in (*self._list, *(one for group in self._groups for one in group)):
            self._row.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._list = self._list_group(pasted) if pasted is not None else []
        self._groups = [self._group(place, one) for place, one in enumerate(conditions.parts)]
        for number, widget in enumerate((*self._list, *(one for group in self._groups for one in group))):
            self._row.insertWidget(number, widget)
        self._hint.setVisible(not conditions.parts and pasted is None)
        self._fit()
        if focused >= 0 and self._groups:
            self._chip(min(focused, len(self._groups) - 1)).setFocus(Qt.FocusReason.OtherFocusReason)
        elif focused >= 0 or had_list:
            (self._list or [self])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chips(self) -> list[ConditionChip]:
        """The chips, in order."""
        return [self._chip(place) for place in range(len(self._groups))]

    def _chip(self, place: int) -> ConditionChip:
        return next(one for one in self._groups[place] if isinstance(one, ConditionChip))

    def _focused(self) -> int:
        """The condition that has the focus, or -1."""
        focused = self.window().focusWidget()
        return next((n for n, group in enumerate(self._groups) if focused in group), -1)

    def _group(self, place: int, one: Condition) -> list[QWidget]:
        take = partial(self._take_out, place)
        close = IconButton(
            self._context.theme, "close", tr("Take out the condition “{condition}”", condition=one.words), take, size=20
        )
        found: list[QWidget] = [ConditionChip(one.words, partial(self._change, place), take), close]
        if place:
            word = tr("or") if self.conditions.any else tr("and")
            hint = tr("All conditions must hold: let one be enough")
            if self.conditions.any:
                hint = tr("One condition is enough: let all hold")
            found.insert(0, LinkButton(word, self._turn, hint=hint))
        return found

    def _list_group(self, pasted: PastedList) -> list[QWidget]:
        """How many lines of a pasted list were found, and those that were not, to be copied; or what the list is."""
        said = tr("Pasted list: {found} of {number} found", found=pasted.found, number=pasted.number)
        if pasted.title:
            said = tr("{list_name}: {number}", list_name=pasted.title, number=pasted.number)
        close = IconButton(self._context.theme, "close", tr("Take out this list"), self.unpasted.emit, size=20)
        group: list[QWidget] = [ListChip(said, self.unpasted.emit), close]
        if pasted.missing:
            missing = trn("{count} not found: copy", "{count} not found: copy", len(pasted.missing))
            hint = listing(pasted.missing[:_NAMED])
            group.append(LinkButton(missing, partial(self._copy, pasted.missing), hint=hint))
        return group

    def _copy(self, missing: Sequence[str]) -> None:
        QApplication.clipboard().setText("\n".join(missing))
        said = trn("{count} line that was not found is copied", "{count} lines that were not found are copied",
                   len(missing))  # fmt: skip
        self._context.shell.toast(said)

    # -- what fits --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Chips that do not fit go into the menu at the end."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font takes other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit)

    def minimumSizeHint(self) -> QSize:
        """Low demands: what does not fit is in the menu."""
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        self._more.setText(tr("and {count} more", count=len(self._groups)))
        widths = [sum(one.sizeHint().width() + _GAP for one in group) for group in self._groups]
        room = self.width() - sum(one.sizeHint().width() + _GAP for one in self._list)
        if sum(widths) > room:
            room -= self._more.sizeHint().width()
        shown = 0
        for width in widths:
            room -= width
            if room < 0:
                break
            shown += 1
        for number, group in enumerate(self._groups):
            for one in group:
                one.setVisible(number < shown)
        rest = len(self._groups) - shown
        self._more.setText(tr("and {count} more", count=rest) if shown else tr("{count} conditions", count=rest))
        self._more.setVisible(rest > 0)

    def _fill_more(self, menu: QMenu) -> None:
        for place, (one, group) in enumerate(zip(self.conditions.parts, self._groups, strict=True)):
            if not group[0].isVisibleTo(self):
                below = menu.addMenu(plain_label(one.words))
                below.addAction(tr("Change…"), partial(self.written.emit, one.text))
                below.addAction(tr("Take out"), partial(self._take_out, place))

    # -- what the person does ---------------------------------------------------------------------------------------

    def _take_out(self, place: int) -> None:
        self.changed.emit(self.conditions.without(place).text())

    def _turn(self) -> None:
        self.changed.emit(self.conditions.turned().text())

    def _change(self, place: int) -> None:
        """Opens the form with the condition, or leaves it to the field where the form has no place for it."""
        one = self.conditions.parts[place]
        form = FilterForm(self._context, self._cls)
        if one.leaf is None or not form.show_condition(one.leaf):
            form.deleteLater()
            self.written.emit(one.text)
            return
        chip = self._chip(place)
        menu = QMenu(chip)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.put_into(menu)

        def changed(text: str) -> None:
            menu.close()
            self.changed.emit(self.conditions.changed(place, text).text())

        form.added.connect(changed)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 2)))
        form.setFocus()
