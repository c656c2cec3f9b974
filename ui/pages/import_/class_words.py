"""What somebody's own words for classes mean: the words that are not known, and the class of each."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.imports.class_questions import ClassQuestion, class_questions
from app.imports.draft import SheetDraft
from app.imports.targets import ColumnTarget, class_targets
from cmdb.model.formats import listing, number
from cmdb.model.messages import EMPTY, Message, tr, trn
from importers.spreadsheets.columns.mapping import LEFT_OUT
from ui.context import Context
from ui.pages.import_.chooser import Chooser
from ui.widgets.labels import Text
from ui.widgets.layout import column
from ui.widgets.table import COMPACT, RowsModel, TableView, ViewColumn, set_widths

#: The most lines that are shown without scrolling, and the column of the classes.
_LINES, _CLASS = 5, 2
_LEAVE_OUT = ColumnTarget(Message("Leave its rows out"), EMPTY, "class", LEFT_OUT)


class ClassWords(QWidget):
    """The words, each with its rows and its class. ``settled`` (word, class or "") fires when the person decides.

    Hidden where nothing is asked.
    """

    settled = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._title = Text("", wrap=True).set_bold()
        columns: list[ViewColumn[ClassQuestion]] = [
            ViewColumn(tr("Word"), lambda q: tr("All others") if q.rest else q.word, bold=True),
            ViewColumn(tr("Rows"), lambda q: number(q.rows) if q.rows else "", lambda q: q.rows, right=True),
            ViewColumn(
                tr("Is"), self._answer, icon=lambda _: "chevron-down", tone=lambda q: "" if q.cls else "warning"
            ),
        ]
        self._model = RowsModel(context.theme, columns)
        self.table = TableView(context.theme, tr("Words for classes"), compact=True)
        self.table.setModel(self._model)
        set_widths(self.table, (220, 70, 0))
        self.table.opened.connect(self.choose)
        self.table.previewed.connect(self.choose)
        self.table.clicked.connect(lambda index: self.choose(index.row()) if index.column() == _CLASS else None)
        self.setLayout(column(self._title, self.table, spacing=4))
        self.hide()

    def show_sheet(self, sheet: SheetDraft) -> None:
        """Shows the words of another sheet, or of the same after a change."""
        schema = self._context.schema
        self._context.tasks.run(
            lambda: class_questions(sheet, schema), self.show_questions, key=(id(self), "words"), owner=self
        )

    def show_questions(self, questions: list[ClassQuestion]) -> None:
        """Shows these words."""
        line = max(self.table.currentIndex().row(), 0)
        self._model.show_rows(questions)
        left = sum(1 for one in questions if not one.cls and not one.rest)
        self._title.setText(
            trn("{count} word is not known as a class.", "{count} words are not known as classes.", left)
            if left
            else tr("All words for classes are known.")
        )
        lines = min(len(questions), _LINES)
        self.table.setFixedHeight(self.table.horizontalHeader().height() + lines * COMPACT + 4)
        self.setVisible(bool(questions))
        if questions:
            self.table.selectRow(min(line, len(questions) - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del takes an answer back."""
        line = self.table.currentIndex().row()
        if event.key() == Qt.Key.Key_Delete and 0 <= line < self._model.rowCount():
            self.settled.emit(self._model.row_at(line).word, "")
        else:
            super().keyPressEvent(event)

    def choose(self, line: int) -> None:
        """Opens the list of classes for a word."""
        if not 0 <= line < self._model.rowCount():
            return
        question = self._model.row_at(line)
        classes = self._context.schema.classes
        offers = [one for one in class_targets(self._context.schema) if one.name in classes]
        offers = [one for one in offers if not classes[one.name].abstract]
        likely = [replace(one, section=Message("Suggested")) for one in offers if str(one.title) in question.suggested]
        likely.sort(key=lambda one: question.suggested.index(str(one.title)))
        if not question.rest:
            offers.append(_LEAVE_OUT)
        current = next((one for one in offers if one.name == question.cls), None)
        chooser = Chooser(
            self._context.theme,
            self,
            [*likely, *offers],
            current,
            lambda one: self.settled.emit(question.word, one.name),
        )
        word = tr("All others") if question.rest else question.word
        chooser.say(tr("What is “{word}”?", word=word))
        corner = self.table.visualRect(self._model.index(line, _CLASS)).bottomLeft()
        chooser.pop_up(self.table.viewport().mapToGlobal(corner))

    def _answer(self, question: ClassQuestion) -> str:
        if question.cls == LEFT_OUT:
            return tr("Left out")
        cls = self._context.schema.classes.get(question.cls)
        if cls is not None:
            return cls.label
        if question.suggested:
            return tr("Choose: {classes}", classes=listing(question.suggested[:2], "or"))
        return tr("Choose…")
