"""The facts of a CI, made from its class: value by value, editable in place, each with where it is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cmdb import edits
from cmdb.schema import Attribute
from ui.context import Context
from ui.pages.assets.cells import source_text, source_word, text_of, tone_for
from ui.widgets.buttons import LinkButton
from ui.widgets.dates import ago, moment
from ui.widgets.fields import Field, field_for
from ui.widgets.labels import Elided, SectionLabel, Text, retone
from ui.widgets.layout import box, column, row, scrolled

if TYPE_CHECKING:
    from cmdb.store import Claim
    from ui.pages.assets.detail.panel import Loaded

LABEL = 124


class Facts(QFrame):
    """Sections of facts. Empty optional ones fold away behind "Show all"."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._all = False
        self._loaded: Loaded | None = None
        self.facts: dict[str, Fact] = {}
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._body.setContentsMargins(16, 0, 12, 12)
        self._area: QScrollArea = scrolled(box(self._body))
        self.setLayout(column(self._area, spacing=0))

    def show_loaded(self, loaded: Loaded) -> None:
        """Shows a CI's values."""
        same = self._loaded is not None and self._loaded.ci.uid == loaded.ci.uid
        editing = next((f for f in self.facts.values() if f.editing), None) if same else None
        self._loaded = loaded
        if editing is not None:
            return  # what the person is typing stays; the values come when it is done
        place = self._area.verticalScrollBar().value() if same else 0
        content = QWidget()
        self._body = QVBoxLayout(content)
        self._body.setSpacing(0)
        self._body.setContentsMargins(16, 0, 12, 12)
        self._fill(loaded)
        old = self._area.takeWidget()
        self._area.setWidget(content)
        content.setAutoFillBackground(False)
        self._order_keys(content)
        if old is not None:
            old.deleteLater()
        self._area.verticalScrollBar().setValue(place)

    def _order_keys(self, content: QWidget) -> None:
        """The Tab key goes from the tabs through the facts: they are newer than what stands below them."""
        before: QWidget = self._area
        for widget in content.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, widget)
                before = widget

    def _fill(self, loaded: Loaded) -> None:
        self.facts.clear()
        cls = self.context.schema.cls(loaded.ci.cls)
        sections: dict[str, list[Attribute]] = {}
        hidden = 0
        for attribute in cls.attributes.values():
            if attribute.name in loaded.ci.values or attribute.required or self._all:
                sections.setdefault(attribute.section, []).append(attribute)
            else:
                hidden += 1
        for title, attributes in sections.items():
            self._body.addSpacing(10)
            self._body.addWidget(SectionLabel(title))
            self._body.addSpacing(3)
            for attribute in attributes:
                fact = Fact(self, attribute, loaded)
                fact.left.connect(self._refill)
                self._body.addWidget(fact)
                self.facts[attribute.name] = fact
        self._body.addSpacing(10)
        if hidden or self._all:
            text = "Show less" if self._all else f"Show all ({hidden} empty)"
            self._body.addWidget(LinkButton(text, self._toggle))
        self._body.addStretch(1)

    def _toggle(self) -> None:
        self._all = not self._all
        self._refill()

    def _refill(self) -> None:
        if self._loaded is not None:
            self.show_loaded(self._loaded)

    def edit(self, name: str) -> None:
        """Starts editing an attribute, unfolding it if need be."""
        if name not in self.facts and self._loaded is not None:
            self._all = True
            self._refill()
        if name in self.facts:
            self.facts[name].start()

    def save(self, attribute: Attribute, value: Any, said: str) -> None:
        """Writes one value."""
        assert self._loaded is not None
        uid = self._loaded.ci.uid
        self.context.edit(
            lambda r: edits.set_values(
                r, [uid], {attribute.name: value}, self.context.author, f"{attribute.label} changed"
            ),
            said,
        )


class Fact(QFrame):
    """One line: label, value, source. A click on the value (or Enter) edits it in place."""

    left = Signal()

    def __init__(self, facts: Facts, attribute: Attribute, loaded: Loaded) -> None:
        super().__init__()
        self._facts, self._attribute, self._loaded = facts, attribute, loaded
        self._field: Field | None = None
        self._value = loaded.ci.values.get(attribute.name)
        label = Text(attribute.label, "muted")
        label.setFixedWidth(LABEL)
        label.setToolTip(attribute.help)
        self._shown = self._value_label()
        claims = loaded.claims.get(attribute.name, [])
        self._line = row(label, self._shown, self._source(claims), spacing=8, margins=(0, 2, 0, 2))
        self._line.setStretch(1, 1)
        if attribute.type == "long_text":
            self._line.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        self._claims = claims
        self._why: WhyNote | None = None  # made when it is asked for: most never are
        self.setLayout(column(self._line, spacing=2))

    @property
    def editing(self) -> bool:
        """Whether a field stands in place of the value."""
        return self._field is not None

    def _value_label(self) -> Text:
        context, attribute = self._facts.context, self._attribute
        currency = str(self._loaded.ci.values.get("currency", ""))
        text = text_of(attribute, self._value, self._loaded.names, currency) or "—"
        shown = Text(text, wrap=True) if attribute.type == "long_text" else Elided(text)
        tone = tone_for(attribute, self._value)
        if attribute.type != "choice":
            shown.set_tone(tone)
        elif self._value is None:
            shown.set_tone("")
        shown.setProperty("editable", context.editable)
        shown.setSizePolicy(QSizePolicy.Policy.Expanding, shown.sizePolicy().verticalPolicy())
        if context.editable:
            shown.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            shown.setCursor(Qt.CursorShape.IBeamCursor)
            shown.installEventFilter(self)
        shown.setAccessibleName(f"{attribute.label}: {shown.text()}")
        return shown

    def _source(self, claims: list[Claim]) -> QWidget:
        if not claims:
            return Text("")
        winner = claims[0]
        differ = any(c.value != winner.value for c in claims[1:])
        button = LinkButton(
            source_word(winner.source) + (" ≠" if differ else ""), self._toggle_why, hint="Why this value?"
        )
        retone(button, "muted")
        button.setAccessibleName(f"Why this value: {source_text(winner.source)}")
        return button

    def _toggle_why(self) -> None:
        if self._why is None:
            self._why = WhyNote(self._facts.context, self._attribute, self._loaded, self._claims)
            body = self.layout()
            assert body is not None
            body.addWidget(self._why)
        else:
            self._why.setVisible(not self._why.isVisible())

    # -- editing in place -------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click, Enter or F2 on the value starts editing."""
        pressed = event.type() == QEvent.Type.MouseButtonRelease
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space)
        if pressed and self._field is None:
            if self._attribute.type == "reference" and self._value and _with_control(event):
                self._facts.context.shell.open_ci(self._value)
            else:
                self.start()
            return True
        return super().eventFilter(watched, event)

    def start(self) -> None:
        """Puts a field in the place of the value."""
        if self._field is not None or not self._facts.context.editable:
            return
        field = field_for(self._facts.context, self._attribute)
        field.set_value(self._value)
        field.committed.connect(self._commit)
        field.reverted.connect(self._leave)
        self._field = field
        self._shown.hide()
        self._line.insertWidget(1, field, 1)
        field.setFocus()

    def _commit(self) -> None:
        field = self._field
        if field is None:
            return
        good, value = field.checked()
        if not good:
            return
        changed = value != self._value
        self._leave()
        if changed:
            name = self._loaded.ci.name
            shown = text_of(self._attribute, value, self._loaded.names) if self._attribute.type != "reference" else ""
            what = "cleared" if value is None else f"is {shown}" if shown else "changed"
            self._facts.save(self._attribute, value, f"{name}: {self._attribute.label} {what}")

    def _leave(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.blockSignals(True)
            self._line.removeWidget(field)
            field.hide()
            field.deleteLater()
            self._shown.show()
            self._shown.setFocus()
            self.left.emit()


class WhyNote(QFrame):
    """What the sources say of a value, the winner first, and the rule that decided."""

    def __init__(self, context: Context, attribute: Attribute, loaded: Loaded, claims: list[Claim]) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.setProperty("tone", "neutral")
        lines: list[QWidget] = []
        for claim in claims:
            said = text_of(attribute, claim.value, loaded.names) or "blank"
            line = Text(
                f"{'✓ ' if claim.wins else '    '}{said} · {source_text(claim.source)} · {ago(claim.observed)}",
                wrap=True,
            )
            line.setToolTip(moment(claim.observed))
            line.set_bold(claim.wins)
            lines.append(line)
        if claims:
            lines.append(Text(claims[0].rule, "muted", wrap=True))
        self.setLayout(column(*lines, spacing=3, margins=(10, 8, 10, 8)))


def _with_control(event: QEvent) -> bool:
    modifiers = getattr(event, "modifiers", None)
    return modifiers is not None and bool(modifiers() & Qt.KeyboardModifier.ControlModifier)
