"""The bar under the table: how many are selected, what they cost, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from ui.context import Context
from ui.widgets.buttons import Button
from ui.widgets.dates import money, plural
from ui.widgets.labels import Elided, Text
from ui.widgets.layout import STRETCH, row

if TYPE_CHECKING:
    from cmdb.model.records import CI

_VERBS = (
    ("Edit…", "edit"),
    ("Hand over…", "hand_over"),
    ("Take back…", "take_back"),
    ("Move…", "move"),
    ("Retire…", "retire"),
)


class SelectionBar(QFrame):
    """Shown for two or more; ``wanted`` is called with a verb's name."""

    def __init__(self, context: Context, wanted: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "bar")
        self._text = Text("").set_bold()
        self._sum = Elided("", "muted", least=0)
        self._buttons = [Button(title, partial(wanted, name)) for title, name in _VERBS]
        self.setLayout(row(self._text, self._sum, STRETCH, *self._buttons, margins=(16, 8, 12, 8)))
        self.hide()

    def show_selection(self, number: int, cis: list[CI]) -> None:
        """How many, and those of them that are in memory: what they cost is said where that is all."""
        self.setVisible(number > 1)
        if number < 2:
            return
        self._text.setText(f"{plural(number, 'item')} selected")
        costs: dict[str, float] = {}
        for one in cis:
            if "purchase_cost" in one.values:
                currency = str(one.values.get("currency", ""))
                costs[currency] = costs.get(currency, 0.0) + float(one.values["purchase_cost"])
        parts = [money(total, currency) for currency, total in sorted(costs.items())]
        self._sum.setText("Σ " + " · ".join(parts) if parts and len(cis) == number else "")
        for button in self._buttons:
            button.setEnabled(self._context.editable)
