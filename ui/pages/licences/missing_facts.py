"""The facts that a verdict needs and that are missing, each with a field to fill it in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.licences.missing_facts import ASKED, NOTHING, FactGap, GapKey, MissingFacts, missing_facts, supply
from cmdb.licences.labels import FACTS, label
from cmdb.model.messages import tr, trn
from cmdb.model.values import Value
from ui.context import Context
from ui.pages.licences.evidence_list import EvidenceLine, EvidenceLines
from ui.widgets.buttons import Button, LinkButton
from ui.widgets.field_types import field_for
from ui.widgets.labels import Text, retone
from ui.widgets.layout import STRETCH, box, column, row, scrolled

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position
    from cmdb.model.records import CI


class MissingTab(QFrame):
    """The missing facts of one position. Typed text stays while positions are computed again.

    ``left`` fires where the field that has the focus is switched off: its fact is being counted.
    """

    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._position: Position | None = None
        self.rows: dict[GapKey, GapRow] = {}
        self._intro = Text("", "muted", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(14)
        self._more = Text("", "muted", wrap=True)
        body = column(self._rows, self._more, STRETCH, spacing=10, margins=(16, 4, 16, 12))
        self._area = scrolled(box(body))
        self._unseen = EvidenceLines(context.theme, tr("Computers whose software was never looked at"))
        self._unseen.opened.connect(context.shell.open_ci)
        self._scan = Button(tr("Scan…"), lambda: context.shell.go("scan"), icon="scan", theme=context.theme)
        self._import = Button(tr("Import…"), lambda: context.shell.go("import"), icon="import", theme=context.theme)
        self._offers = box(row(self._scan, self._import, STRETCH, margins=(16, 0, 16, 6)))
        layout = column(box(column(self._intro, margins=(16, 10, 16, 6))), self._offers, spacing=0)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._unseen, 1)
        self.setLayout(layout)

    def show_position(self, position: Position) -> None:
        """Shows the missing facts of a position."""
        self._position = position
        shown = frozenset(self.rows)
        if position.missing:
            self._context.query(
                lambda reader: missing_facts(reader, position, shown),
                partial(self._show, position),
                key=("licences", "missing"),
                owner=self,
            )
        else:
            self._show(position, NOTHING)

    def _show(self, position: Position, asked: MissingFacts) -> None:
        if position is not self._position:
            return
        typed = {gap.key: gap for gap in asked.gaps}
        for key in [key for key, line in self.rows.items() if key not in typed or line.position != position.title]:
            gone = self.rows.pop(key)
            self._rows.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for key, gap in list(typed.items())[:ASKED]:
            if key not in self.rows:
                self.rows[key] = GapRow(self._context, gap, position, asked.records.get(gap.missing.id))
                self.rows[key].stated.connect(self._apply)
                self._rows.addWidget(self.rows[key])
            else:
                self.rows[key].settle(self._context.editable)
        left = asked.facts - len(self.rows)
        more = trn(
            "{count} more fact will be asked for when these are known.",
            "{count} more facts will be asked for when these are known.",
            left,
        )
        self._more.setText(more if left > 0 else "")
        self._area.setVisible(bool(typed))
        self._unseen.setVisible(bool(asked.unseen))
        self._offers.setVisible(bool(asked.unseen))
        self._unseen.show_lines(_unseen(asked))
        self._intro.setText(_intro(asked.facts, asked.inventories))

    def _apply(self, gap: FactGap, value: Value | None) -> None:
        position, author = self._position, self._context.author
        if position is None:
            return
        line = self.rows[gap.key]
        focused = QApplication.focusWidget()
        if focused is not None and line.isAncestorOf(focused):
            self.left.emit()
        line.wait()

        def failed(error: Exception) -> None:
            line.settle(self._context.editable)
            self._context.shell.problem(error)

        what = gap.attribute.label if gap.attribute else tr("Answer")
        self._context.edit(
            lambda reader: supply(reader, gap, value, position, author),
            said=tr("{fact} of {name} stated", fact=what, name=gap.missing.of),
            failed=failed,
        )


def _unseen(found: MissingFacts) -> list[EvidenceLine]:
    lines = [EvidenceLine(one.of, "", tr("its software was never looked at"), uid=one.id) for one in found.unseen]
    if found.inventories > len(lines):
        lines.append(EvidenceLine(trn("and {count} more", "and {count} more", found.inventories - len(lines))))
    return lines


def _intro(facts: int, unseen: int) -> str:
    said = []
    if facts:
        said.append(
            trn(
                "The verdict waits for {count} fact. It is counted again as soon as it is known.",
                "The verdict waits for {count} facts. It is counted again as soon as one is known.",
                facts,
            )
        )
    if unseen:
        said.append(
            trn(
                "{count} computer may carry the product too: nobody ever looked at its software.",
                "{count} computers may carry the product too: nobody ever looked at their software.",
                unseen,
            )
        )
    return " ".join(said)


class GapRow(QWidget):
    """One missing fact. ``stated`` fires with the gap and the value that a person gave."""

    stated = Signal(object, object)

    def __init__(self, context: Context, gap: FactGap, position: Position, one: CI | None) -> None:
        super().__init__()
        self.gap = gap
        self.position = position.title
        self.note = Text("", "muted")
        self.note.hide()
        self.inputs: list[QWidget] = []
        if gap.how == "answer":
            title: QWidget = Text(gap.question, wrap=True)
            choices = ((tr("Yes"), True), (tr("No"), False))
            buttons = [Button(word, partial(self.stated.emit, gap, yes)) for word, yes in choices]
            self.inputs = [*buttons]
            entry: QWidget = box(row(*buttons, self.note, STRETCH))
        else:
            fact = gap.attribute.label if gap.attribute else label(FACTS, gap.missing.fact)
            link = LinkButton(gap.missing.of, lambda: context.shell.open_ci(gap.missing.id))
            retone(link, "accent")
            if not gap.missing.id:
                link.hide()
            whole = tr("{fact} of {name}", fact=fact, name=gap.missing.of)
            title = box(row(Text(tr("{fact}:", fact=fact) if gap.missing.id else whole), link, STRETCH, spacing=4))
            entry = self._entry(context, gap, one)
        self.setLayout(column(title, entry, spacing=4))
        self.settle(context.editable)

    def _entry(self, context: Context, gap: FactGap, one: CI | None) -> QWidget:
        if gap.attribute is None:
            return Text(tr("It cannot be typed here; it comes with an import or an assignment."), "muted", wrap=True)
        self.field = field_for(context, gap.attribute)
        self.field.set_value(one.values.get(gap.attribute.name) if one is not None else None)
        self.field.committed.connect(self._commit)
        self.inputs = [self.field]
        unit = Text(gap.attribute.unit, "muted")
        unit.setVisible(bool(gap.attribute.unit))
        if isinstance(self.field.editor, QLineEdit) and not self.field.editor.placeholderText():
            self.field.editor.setPlaceholderText(tr("Type it and press Enter"))
        made = row(self.field, unit, self.note, spacing=8)
        made.setStretch(0, 1)
        return box(made)

    def _commit(self) -> None:
        good, value = self.field.checked()
        if good and value is not None and self.field.dirty and self.field.isEnabled():
            self.stated.emit(self.gap, value)

    def wait(self) -> None:
        """The value is on its way."""
        for widget in self.inputs:
            widget.setEnabled(False)
        self.note.setText(tr("counting again…"))
        self.note.show()

    def settle(self, editable: bool) -> None:
        """Ready for a value."""
        for widget in self.inputs:
            widget.setEnabled(editable)
        self.note.hide()
