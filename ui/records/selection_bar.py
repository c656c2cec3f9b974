"""The bar under the table: how many are selected, what they cost, and what can be done with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu

from app.assets.bulk_edits import selected_records
from app.verbs import known_verbs
from cmdb.model.messages import tr, trc, trn
from cmdb.model.money import CurrencyTotals
from ui.context import Context
from ui.plain_texts import plain_label
from ui.records.list_selection import FEW, ListSelection
from ui.text_size import px
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.labels import ElidedText
from ui.widgets.layout import STRETCH, row
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.model.records import CI


#: Room for how many are selected and for the margins, and between two buttons.
_TEXT, _GAP = 190, 8
#: The classes and the statuses of which the number is told.
_TOLD = 4


class SelectionBar(QFrame):
    """Shown for two or more records of a root; ``wanted`` is called with a verb's name. Frequent verbs have separate
    buttons.

    It follows what is ``selected``, and asks for the records that are not in memory under the name of the ``page``.
    """

    def __init__(
        self, context: Context, page: str, selected: ListSelection, wanted: Callable[[str], None], root: str = "ci"
    ) -> None:
        super().__init__()
        self._context, self._page, self._selected = context, page, selected
        self._wanted, self._root = wanted, root
        self._verbs = [verb for verb in known_verbs().values() if root in verb.roots]
        self.classes: frozenset[str] = frozenset()
        """The classes of the selected; none while they are not known."""
        self.setProperty("role", "bar")
        self._text = ElidedText("", least=60)
        self._text.set_bold()
        self._sum = ElidedText("", "muted", least=0)
        self._edit = Button(trc("verb", "Edit…"), partial(wanted, "edit"))
        common = [verb for verb in self._verbs if verb.common]
        self.buttons = {
            verb.name: Button(tr("{verb}…", verb=verb.title), partial(wanted, verb.name)) for verb in common
        }
        self.more = MenuButton(tr("More"), self._fill_more)
        buttons = (self._edit, *self.buttons.values(), self.more)
        self.setLayout(row(self._text, self._sum, STRETCH, *buttons, margins=(16, 8, 12, 8)))
        self.hide()
        selected.changed.connect(self._follow)

    def _follow(self, number: int) -> None:
        """Shows another selection, and asks for its records where not all of them are in memory."""
        known, key = self._selected.records(), (self._page, "selected")
        self.show_selection(number, known)
        self._context.tasks.forget(key)
        if 1 < number <= FEW and not known and (ids := self._selected.reached()):
            self._context.query(
                lambda reader: selected_records(reader, ids), partial(self.show_selection, number),
                key=key, owner=self, lane="slow",
            )  # fmt: skip

    def show_selection(self, number: int, cis: list[CI]) -> None:
        """Shows how many are selected, and if all of them are known (``cis``) their total cost and their statuses."""
        self.setVisible(number > 1)
        if number < 2:
            self.classes = frozenset()
            return
        self._text.setText(
            trn("{count} item selected", "{count} items selected", number)
            if self._root == "ci"
            else trn("{count} task selected", "{count} tasks selected", number)
        )
        # The number is never cut: the rest gives way.
        room = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 4
        self._text.setMinimumWidth(min(room, px(_TEXT)))
        costs = CurrencyTotals()
        for one in cis:
            if isinstance(cost := one.values.get("purchase_cost"), Decimal):
                costs.add(cost, one.text("currency"))
        parts = [str(cost) if cost.currency else tr("{amount} without a currency", amount=cost) for cost in costs]
        said = ["Σ " + " · ".join(parts)] if parts else []
        self._sum.setText(" · ".join([*said, *self._statuses(cis)]) if len(cis) == number else "")
        self.classes = frozenset(one.cls for one in cis) if len(cis) == number else frozenset()
        for button in (self._edit, self.more, *self.buttons.values()):
            button.setEnabled(self._context.editable)
        self._fit()

    def _statuses(self, cis: list[CI]) -> list[str]:
        """How many of each class and status there are, the most frequent first: "12 Deployed"."""
        schema = self._context.schema
        of_class = Counter(one.cls for one in cis)
        classes = Counter(
            {schema.cls(cls).label if count == 1 else schema.cls(cls).plural: count for cls, count in of_class.items()}
        )
        standing = ((schema.cls(one.cls).standing, one) for one in cis)
        statuses = Counter(text_of(known, one.values.get(known.name), {}) for known, one in standing)
        told = [*(classes.most_common(_TOLD) if len(classes) > 1 else ()), *statuses.most_common(_TOLD)]
        return [tr("{count} {what}", count=count, what=what) for what, count in told if what]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Verbs whose buttons do not fit are in the menu, the last ones first."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Low demands: buttons fold away."""
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        room = self.width() - self._edit.sizeHint().width() - self.more.sizeHint().width() - _TEXT
        for name, button in self.buttons.items():
            applies = self._applies(name)
            room -= button.sizeHint().width() + _GAP if applies else 0
            button.setVisible(applies and room >= 0)

    def _applies(self, name: str) -> bool:
        schema, verb = self._context.schema, known_verbs()[name]
        return not self.classes or any(verb.applies_to(schema, cls) for cls in self.classes)

    def _fill_more(self, menu: QMenu) -> None:
        for verb in self._verbs:
            if self._applies(verb.name) and (verb.name not in self.buttons or self.buttons[verb.name].isHidden()):
                menu.addAction(
                    self._context.theme.icon(verb.icon),
                    plain_label(tr("{verb}…", verb=verb.title)),
                    partial(self._wanted, verb.name),
                ).setIconVisibleInMenu(True)
        if self._root == "ci":
            menu.addSeparator()
            menu.addAction(
                self._context.theme.icon("check"), tr("Make a task…"), partial(self._wanted, "task")
            ).setIconVisibleInMenu(True)
