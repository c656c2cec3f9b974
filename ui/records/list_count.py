"""How many records a list shows, and of how many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.assets.rows import number_of
from cmdb.model.formats import number
from cmdb.model.messages import tr
from ui.context import Context
from ui.widgets.labels import Text

if TYPE_CHECKING:
    from app.asked_list import AskedList
    from ui.records.grouped_model import GroupedModel


class ListCount(Text):
    """The number of records in the rows, and without the filter; asked under the name of the ``page``."""

    def __init__(self, context: Context, page: str, model: GroupedModel) -> None:
        super().__init__("", "muted")
        self._context, self._page, self._model = context, page, model
        self._shown: AskedList | None = None
        self._total: tuple[AskedList, int] | None = None
        """A list without its filter, and the number of its records."""

    def ask(self, asked: AskedList) -> None:
        """Asks how many records a list has without its filter."""
        every = asked.unfiltered()

        def done(total: int) -> None:
            self._total = (every, total)
            self.show_of(self._shown)

        if asked.is_filtered:
            selection, key = every.selection(), (self._page, "total")
            self._context.query(lambda reader: number_of(reader, selection), done, key=key, owner=self)

    def show_of(self, shown: AskedList | None) -> None:
        """Says how many records the rows are, which answer ``shown``."""
        self._shown = shown
        if not self._model.exact or shown is None:
            self.setText(tr("counting…") if self._model.rowCount() else "")
            return
        here, total = self._model.matching, -1
        if self._total is not None and replace(self._total[0], sort="") == replace(shown.unfiltered(), sort=""):
            total = self._total[1]
        filtered = shown.is_filtered and total >= here
        self.setText(tr("{shown} of {total}", shown=here, total=total) if filtered else number(here))
