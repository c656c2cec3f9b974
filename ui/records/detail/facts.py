"""The values of a CI, made from its class: each is editable in place and shows its source."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.assets.detail import ItemFacts
from app.assets.item_edits import set_value
from app.deviations import take_over_value
from cmdb.model.claims import PERSON, kind_of, kind_text, source_text
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import moment
from cmdb.model.messages import tr, trn
from cmdb.model.relative_times import ago
from cmdb.model.schema import Attribute, CIClass
from cmdb.model.source_keys import without_kept
from ui.context import Context
from ui.plain_texts import plain_tip
from ui.proposals.sources import Sources
from ui.records.detail.equipment import EquipmentList
from ui.records.detail.model_values import ModelValues
from ui.records.detail.whole_text import WholeText
from ui.records.special_cells import date_of_work
from ui.text_size import set_sizes
from ui.widgets.buttons import LinkButton
from ui.widgets.field_types import field_for
from ui.widgets.fields import Field
from ui.widgets.labels import SectionLabel, Text
from ui.widgets.layout import STRETCH, column, row, scrolled
from ui.widgets.values import text_of, tone_for

if TYPE_CHECKING:
    from cmdb.model.records import Claim

LABEL = 19
"""The width of a label, in letters: a longer one has more lines."""
_LINE = 22
"""The least height of a line, in pixels: that of the link to the value's source."""
_INSET = 3
"""Pixels beside a value that can be edited, which the style sheet gives labels that paint themselves."""
FORMS = 6
"""The number of classes whose forms are cached."""


class FactsTab(QFrame):
    """Sections of facts. Empty optional ones fold away behind "Show all"."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._all = False
        self._loaded: ItemFacts | None = None
        self._forms: OrderedDict[object, ClassForm] = OrderedDict()
        self._form: ClassForm | None = None
        self._area: QScrollArea = scrolled(QWidget())
        self.setLayout(column(self._area, spacing=0))

    @property
    def facts(self) -> dict[str, FactLine]:
        """The facts shown, by attribute."""
        return self._form.shown if self._form is not None else {}

    def show_loaded(self, loaded: ItemFacts) -> None:
        """Shows a CI's values. The form of its class is used again, as most of it is the same for the next CI."""
        same = self._loaded is not None and self._loaded.ci.uid == loaded.ci.uid
        editing = next((f for f in self.facts.values() if f.editing), None)
        self._loaded = loaded
        if editing is not None:
            if same:
                return  # the text that the person types stays; the values are shown afterwards
            editing.leave()
        place = self._area.verticalScrollBar().value() if same else 0
        form = self._form_of(loaded)
        grown = form.show_loaded(loaded, self._all)
        if form is not self._form:
            old = self._area.takeWidget()
            self._area.setWidget(form)
            form.setAutoFillBackground(False)
            form.show()
            if not isinstance(old, ClassForm) or old not in self._forms.values():
                old.deleteLater()
            self._form = form
            grown = True
        if grown:
            form.order_keys(self._area)
        self._area.verticalScrollBar().setValue(place)

    def _form_of(self, loaded: ItemFacts) -> ClassForm:
        """The form of the CI's class, for the schema and whether it can be edited; a few classes are cached."""
        key = (loaded.ci.cls, self._context.schema, self._context.editable)
        found = self._forms.get(key) or self._make_form(self._context.schema.cls(loaded.ci.cls))
        self._forms[key] = found
        self._forms.move_to_end(key)
        while len(self._forms) > FORMS:
            _, old = self._forms.popitem(last=False)
            if old is not self._form:
                old.deleteLater()
        return found

    def _make_form(self, cls: CIClass) -> ClassForm:
        form = ClassForm(self._context, cls)
        form.folded.connect(self.toggle_all)
        form.left.connect(self.refill)
        form.entered.connect(self.save)
        return form

    def toggle_all(self) -> None:
        """Unfolds the empty facts, or folds them away."""
        self._all = not self._all
        self.refill()

    def refill(self) -> None:
        """Shows the values as they are."""
        if self._loaded is not None:
            self.show_loaded(self._loaded)

    def edit(self, name: str) -> None:
        """Starts editing an attribute, unfolding it if need be."""
        if name not in self.facts and self._loaded is not None:
            self._all = True
            self.refill()
        if name in self.facts:
            self.facts[name].start()

    def save(self, attribute: Attribute, value: Any, said: str) -> None:
        """Writes one value. One that the register refuses stands in its field again, with the reason under it."""
        assert self._loaded is not None
        uid = self._loaded.ci.uid
        author = self._context.author

        def refused(error: Exception) -> None:
            line = self.facts.get(attribute.name)
            here = self._loaded is not None and self._loaded.ci.uid == uid
            if isinstance(error, InvalidValue) and line is not None and here:
                line.refuse(value, str(error))
            else:
                self._context.tasks.problem.emit(error)

        self._context.edit(lambda reader: set_value(reader, uid, attribute, value, author), said, failed=refused)


class ClassForm(QWidget):
    """The values of one class, section by section; they are made when first needed.

    ``folded`` fires when empty values are to be shown or hidden, ``entered`` with an attribute, a new value and a
    message, ``left`` when a field was left.
    """

    folded = Signal()
    entered = Signal(object, object, str)
    left = Signal()

    def __init__(self, context: Context, cls: CIClass) -> None:
        super().__init__()
        self._context = context
        self.shown: dict[str, FactLine] = {}
        self._made: dict[str, FactLine] = {}
        self._sections: dict[str, tuple[SectionLabel, QWidget, QVBoxLayout]] = {}
        self._attributes: dict[str, list[Attribute]] = {}
        for attribute in cls.shown_attributes.values():
            self._attributes.setdefault(attribute.section, []).append(attribute)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(16, 0, 12, 12)
        self._equipment: EquipmentList | None = None
        if "party" in context.schema.classes and context.schema.is_a(cls.name, "party"):
            self._equipment = EquipmentList(context)
            layout.addWidget(self._equipment)
        for title in self._attributes:
            label, holder, inner = SectionLabel(title), QWidget(), QVBoxLayout()
            label.setContentsMargins(0, 10, 0, 3)
            inner.setSpacing(0)
            inner.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(inner)
            layout.addWidget(label)
            layout.addWidget(holder)
            self._sections[title] = (label, holder, inner)
        self._by_model = ModelValues(context)
        layout.addWidget(self._by_model)
        layout.addSpacing(10)
        self._more = LinkButton("", self.folded.emit)
        layout.addWidget(self._more)
        layout.addStretch(1)

    def show_loaded(self, loaded: ItemFacts, everything: bool) -> bool:
        """Shows the values that there are; ``everything``: the others too. Whether widgets were created for it."""
        known = len(self._made)
        self.shown, hidden = {}, 0
        if self._equipment is not None:
            had = loaded.equipment
            # A supplier has nothing, and nobody asks; of a person it is what one looks for.
            self._equipment.setVisible(had is not None and (had.number > 0 or loaded.ci.cls == "person"))
            if had is not None:
                self._equipment.show_of(loaded.ci.uid, had)
        for title, attributes in self._attributes.items():
            label, holder, inner = self._sections[title]
            place = 0
            for attribute in attributes:
                held = _is_held(loaded.claims.get(attribute.name, ()))
                known_value = attribute.name in loaded.ci.values or attribute.name in loaded.inherited.dates
                there = known_value or attribute.required or everything or held
                hidden += not there
                if there and attribute.name not in self._made:
                    made = self._made[attribute.name] = FactLine(self._context, attribute)
                    made.entered.connect(self.entered)
                    made.left.connect(self.left)
                    inner.insertWidget(place, made)
                fact = self._made.get(attribute.name)
                place += fact is not None
                if fact is None:
                    continue
                fact.setVisible(there)
                if there:
                    fact.show_loaded(loaded)
                    self.shown[attribute.name] = fact
            filled = any(a.name in self.shown for a in attributes)
            label.setVisible(filled)
            holder.setVisible(filled)
        self._by_model.show_of(loaded)
        self._more.setText(
            tr("Show less") if everything else trn("Show all ({count} empty)", "Show all ({count} empty)", hidden)
        )
        self._more.setVisible(bool(hidden) or everything)
        return len(self._made) > known

    def order_keys(self, before: QWidget) -> None:
        """The Tab key visits the values after ``before``, because they were created after the widgets below them."""
        for widget in self._equipment.stops if self._equipment is not None else ():
            QWidget.setTabOrder(before, widget)
            before = widget
        for attributes in self._attributes.values():
            for attribute in attributes:
                fact = self._made.get(attribute.name)
                for widget in fact.stops if fact is not None else ():
                    QWidget.setTabOrder(before, widget)
                    before = widget
        QWidget.setTabOrder(before, self._more)


class FactLine(QFrame):
    """One line: label, value, source. A click on the value (or Enter) edits it in place.

    ``entered`` fires with the attribute, a new value and what to say of it; ``left`` when the field was left.
    """

    entered = Signal(object, object, str)
    left = Signal()

    def __init__(self, context: Context, attribute: Attribute) -> None:
        super().__init__()
        self._context, self._attribute = context, attribute
        self._loaded: ItemFacts | None = None
        self._field: Field | None = None
        self._value: Any = None
        self._claims: list[Claim] = []
        self._why: ProvenanceNote | None = None  # created on demand: most never are
        label = Text(attribute.label, "muted", wrap=True)
        label.setFixedWidth(label.fontMetrics().averageCharWidth() * LABEL)
        label.setToolTip(plain_tip(attribute.help))
        self._shown = self._value_label()
        self._source = LinkButton("", self._toggle_why, hint=tr("Why this value?"))
        self._source.setProperty("tone", "muted")
        self._line = row(label, self._shown, self._source, spacing=8, margins=(0, 2, 0, 2))
        self._line.setStretch(1, 1)
        for part in (label, self._shown):  # the first lines stand at one height, however many lines there are
            set_sizes(part, least_height=_LINE)
            self._line.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self._line.setAlignment(self._source, Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(self._line, spacing=2))

    @property
    def editing(self) -> bool:
        """Whether a field is shown in place of the value."""
        return self._field is not None

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """The widgets that the Tab key visits."""
        return self._shown, self._source

    def show_loaded(self, loaded: ItemFacts) -> None:
        """Shows a CI's value of the attribute."""
        if self._why is not None and (self._loaded is None or self._loaded.ci.uid != loaded.ci.uid):
            self._why.hide()
            self._why.deleteLater()
            self._why = None
        attribute, self._loaded = self._attribute, loaded
        self._value = loaded.ci.values.get(attribute.name)
        currency = loaded.ci.text(attribute.currency)
        shown = loaded.inherited.dates.get(attribute.name) if self._value is None else self._value
        text = text_of(attribute, shown, loaded.names, currency) or "—"
        today = self._context.moment.day
        tone = "" if attribute.type == "choice" else tone_for(attribute, shown, today)
        far = date_of_work(self._context.schema, loaded.ci, attribute, today)
        if far is not None:
            text, tone = text if far[0] in text else tr("{date} · {distance}", date=text, distance=far[0]), far[1]
        if text != self._shown.text():
            self._shown.setText(text)
        self._shown.set_tone(tone)
        self._shown.setAccessibleName(tr("{attribute}: {value}", attribute=attribute.label, value=text))
        self._show_source(loaded.claims.get(attribute.name, []))
        if self._value is None and attribute.name in loaded.inherited.dates:
            self._source.setText(tr("from the model"))
            self._source.setAccessibleName(tr("{attribute}: from the model", attribute=attribute.label))
            self._source.show()

    def _value_label(self) -> Text:
        shown: Text = Text("", wrap=True) if self._attribute.type == "long_text" else WholeText("")
        editable = self._context.editable
        shown.setProperty("editable", editable)
        if not isinstance(shown, WholeText):
            shown.setSizePolicy(QSizePolicy.Policy.Expanding, shown.sizePolicy().verticalPolicy())
        if editable:
            if isinstance(shown, WholeText):
                shown.setContentsMargins(_INSET, 0, _INSET, 0)
            shown.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            shown.setCursor(Qt.CursorShape.IBeamCursor)
            shown.installEventFilter(self)
        return shown

    def _show_source(self, claims: list[Claim]) -> None:
        self._claims = claims
        self._source.setVisible(bool(claims))
        if claims:
            differ = any(c.value != claims[0].value for c in claims[1:])
            text = str(kind_text(kind_of(claims[0].source))) + (" ≠" if differ else "")
            if _is_held(claims):
                text = tr("held")
            if text != self._source.text():
                self._source.setText(text)
            why = tr("Why this value: {source}", source=source_text(claims[0].source))
            self._source.setAccessibleName(why)

    def _toggle_why(self) -> None:
        assert self._loaded is not None
        model = self._loaded.inherited.model
        if self._value is None and model is not None and self._attribute.name in self._loaded.inherited.dates:
            self._context.shell.open_ci(model.uid, model.cls)
        elif self._why is None:
            take = self._take_over if self._context.editable else None
            self._why = ProvenanceNote(self._attribute, self._loaded, self._claims, Sources(self._context).ask, take)
            body = self.layout()
            assert body is not None
            body.addWidget(self._why)
        else:
            self._why.setVisible(not self._why.isVisible())

    def _take_over(self, claim: Claim) -> None:
        """What a source says becomes the value."""
        assert self._loaded is not None
        one, name = self._loaded.ci, self._attribute.name
        author, said = self._context.author, tr("{attribute} taken over", attribute=self._attribute.label)
        self._context.edit(lambda reader: take_over_value(reader, one.uid, name, claim.source, author), said)

    # -- editing in place -------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click, Enter or F2 on the value starts editing."""
        pressed = event.type() == QEvent.Type.MouseButtonRelease
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Space)
        if pressed and self._field is None:
            if self._attribute.type == "reference" and self._value and _with_control(event):
                self._context.shell.open_ci(self._value)
            else:
                self.start()
            return True
        return super().eventFilter(watched, event)

    def start(self) -> None:
        """Replaces the value by a field."""
        if self._field is not None or not self._context.editable:
            return
        field = field_for(self._context, self._attribute)
        field.set_value(self._value)
        field.committed.connect(self._commit)
        field.reverted.connect(self.leave)
        self._field = field
        self._shown.hide()
        self._line.insertWidget(1, field, 1)
        field.setFocus()
        if isinstance(field.editor, QLineEdit):
            field.editor.end(False)

    def refuse(self, value: Any, why: str) -> None:
        """Shows a value that was refused in the field again, with the reason."""
        self.start()
        if self._field is not None:
            self._field.fill(value)
            self._field.complain(why)

    def _commit(self) -> None:
        field = self._field
        if field is None:
            return
        good, value = field.checked()
        if not good:
            return
        changed = value != self._value
        self.leave()
        if changed and self._loaded is not None:
            name = self._loaded.ci.name
            shown = text_of(self._attribute, value, self._loaded.names) if self._attribute.type != "reference" else ""
            self.entered.emit(self._attribute, value, _said(name, self._attribute.label, value, shown))

    def leave(self) -> None:
        """Replaces the field by the value."""
        field, self._field = self._field, None
        if field is not None:
            field.blockSignals(True)
            self._line.removeWidget(field)
            field.hide()
            field.deleteLater()
            self._shown.show()
            self._shown.setFocus()
            self.left.emit()


class ProvenanceNote(QFrame):
    """The claims about a value, the winner first, and the rule that decided. ``forget`` is called with the key of a
    source that is to be forgotten, after a preview; ``take`` with a claim that is to be what stands.
    """

    def __init__(
        self,
        attribute: Attribute,
        loaded: ItemFacts,
        claims: list[Claim],
        forget: Callable[[str], None],
        take: Callable[[Claim], None] | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.setProperty("tone", "neutral")
        lines: list[QWidget | QLayout] = []
        for claim in claims:
            said = text_of(attribute, claim.value, loaded.names) or tr("blank")
            parts = (said, str(source_text(claim.source)), ago(claim.observed))
            line = Text(("✓ " if claim.wins else "    ") + " · ".join(parts), wrap=True)
            line.setToolTip(plain_tip(moment(claim.observed)))
            line.set_bold(claim.wins)
            stands = loaded.ci.values.get(attribute.name)
            if kind_of(claim.source) == PERSON:
                lines.append(line)
            else:
                about = tr("See what would go without what this source said, here and elsewhere")
                button = LinkButton(tr("Forget this source…"), partial(forget, without_kept(claim.source)), hint=about)
                links = [button]
                if take is not None and not claim.wins and claim.value is not None and claim.value != stands:
                    hint = tr("It becomes the value that stands; this is one revision, which can be undone")
                    links.insert(0, LinkButton(tr("Take over"), partial(take, claim), hint=hint))
                if len(links) == 1:
                    both = row(line, *links, spacing=6)
                    both.setStretch(0, 1)
                    lines.append(both)
                else:  # beside both links a value would have the room of a word
                    lines += [line, row(STRETCH, *links, spacing=6)]
        if claims:
            lines.append(Text(str(claims[0].rule), "muted", wrap=True))
        self.setLayout(column(*lines, spacing=3, margins=(10, 8, 10, 8)))


def _is_held(claims: Sequence[Claim]) -> bool:
    """Whether sources say a value, and none of them counts by itself."""
    return any(one.value is not None for one in claims) and not any(one.wins for one in claims)


def _said(name: str, attribute: str, value: object, shown: str) -> str:
    """The message after an edit of an item's attribute; ``shown`` is "" where the new value is not named."""
    if value is None:
        return tr("{name}: {attribute} cleared", name=name, attribute=attribute)
    if shown:
        return tr("{name}: {attribute} is {value}", name=name, attribute=attribute, value=shown)
    return tr("{name}: {attribute} changed", name=name, attribute=attribute)


def _with_control(event: QEvent) -> bool:
    modifiers = getattr(event, "modifiers", None)
    return modifiers is not None and bool(modifiers() & Qt.KeyboardModifier.ControlModifier)
