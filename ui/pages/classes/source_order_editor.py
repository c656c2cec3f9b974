"""An order of sources that is edited in place: the best source first, and what becomes of what each says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from app.schema.source_orders import DOES, PresentOrder, order_words
from cmdb.model.characters import marked
from cmdb.model.claims import entry_text
from cmdb.model.messages import tr
from cmdb.model.source_keys import PERSON, about_guests
from cmdb.model.source_orders import APPLY, ASK, RankedSource
from ui.context import Context
from ui.pages.classes.edited_lines import EditedLines
from ui.text_size import set_sizes
from ui.widgets.buttons import LinkButton
from ui.widgets.column_widths import fit_box
from ui.widgets.labels import Text
from ui.widgets.layout import column

_KINDS = ("sheet", "import", "scan", about_guests("scan"), about_guests("import"))
"""What is offered besides the sources that the estate knows."""


class SourceOrderEditor(QWidget):
    """The order of one place. ``inherit`` is called where it is to be as inherited."""

    def __init__(
        self,
        context: Context,
        present: PresentOrder,
        inherit: Callable[[], None] | None,
        *,
        asks: bool = True,
    ) -> None:
        super().__init__()
        self._asks = asks
        self._known = tuple(dict.fromkeys((*_KINDS, *(one.source for one in present.ranked if one.source != PERSON))))
        columns = (tr("Source"), tr("What it says is"))
        self.table = EditedLines(tr("Order of sources"), columns, self._line, self._insert)
        first = tr("What a person says always counts most. Then, from top to bottom:")
        rest = tr("Sources that are not listed come last. Of several that rank equally the later observation counts.")
        buttons = self.table.buttons(context.theme, (tr("Add a source"), self.add), tr("Remove this source"))
        origin = Text(tr("It comes from: {origin}.", origin=str(present.origin)), "muted", wrap=True)
        self.back = LinkButton(tr("As inherited…"), inherit or (lambda: None))
        self.back.setVisible(present.here and inherit is not None)
        self.setLayout(
            column(
                origin, self.back, 6, Text(first, wrap=True), self.table, buttons, Text(rest, "muted", wrap=True),
                spacing=4,
            )
        )  # fmt: skip
        for one in present.ranked:
            if one.source != PERSON:
                self._insert(self.table.rowCount(), one)
        set_sizes(self.table, least_height=36 * (1 + min(max(self.table.rowCount(), 4), 8)))
        if self.table.rowCount():
            self.table.setCurrentCell(0, 0)
        self.setFocusProxy(self.table)
        self.setAccessibleDescription(str(order_words(present.ranked)))

    def _insert(self, line: int, one: RankedSource) -> None:
        self.table.insertRow(line)
        boxes = (self._sources(one.source), self._does(one.does))
        for place, box in enumerate(boxes):
            self.table.setCellWidget(line, place, box)
        fit_box(self.table, 1, boxes[1])

    def _sources(self, chosen: str) -> QComboBox:
        """What the line is about; any other source can be typed, as "sheet:HR export.xlsx" or "sheet:HR *"."""
        box = QComboBox()
        box.setAccessibleName(tr("Source"))
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for key in self._known:
            box.addItem(marked(str(entry_text(key))), key)
        box.setCurrentIndex(box.findData(chosen))
        if not chosen:
            box.setCurrentIndex(-1)
            box.setEditText("")
        line = box.lineEdit()
        assert line is not None
        line.setPlaceholderText(tr("such as sheet:HR export *.xlsx"))
        line.setCursorPosition(0)
        return box

    def _does(self, chosen: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr("What it says is"))
        for does, words in DOES.items():
            if does != ASK or self._asks:
                box.addItem(str(words), does)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        return box

    def offer(self, known: Sequence[str]) -> None:
        """Offers sources that the estate knows, by their keys."""
        new = [key for key in known if key not in self._known]
        self._known = (*self._known, *new)
        for line in range(self.table.rowCount()):
            box = self.table.cellWidget(line, 0)
            if isinstance(box, QComboBox):
                for key in new:
                    box.addItem(marked(str(entry_text(key))), key)

    def add(self) -> None:
        """A new line, with the first kind that is not listed."""
        listed = {one.source for one in self.ranked()}
        line = self.table.rowCount()
        self._insert(line, RankedSource(next((key for key in self._known if key not in listed), "")))
        self.table.setCurrentCell(line, 0)
        if (box := self.table.cellWidget(line, 0)) is not None:
            box.setFocus()

    def ranked(self) -> tuple[RankedSource, ...]:
        """The order as it is now, with the person first; lines without a source are left out."""
        lines = (self._line(line) for line in range(self.table.rowCount()))
        return (RankedSource(PERSON), *(one for one in lines if one.source))

    def _line(self, line: int) -> RankedSource:
        source, does = self.table.cellWidget(line, 0), self.table.cellWidget(line, 1)
        if not isinstance(source, QComboBox) or not isinstance(does, QComboBox):
            return RankedSource("")
        text = source.currentText().strip()
        at = source.findText(text, Qt.MatchFlag.MatchFixedString)
        return RankedSource(str(source.itemData(at)) if at >= 0 else text, str(does.currentData() or APPLY))
