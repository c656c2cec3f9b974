"""What the Classes page asks in its side sheet, and the way of a change: form, preview, one revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget
from shiboken6 import isValid

from app.schema import attributes, classes, life_cycles, relationships, sections, source_orders
from app.schema.attributes import AttributeForm, form_of
from app.schema.change import Answers, PlanSummary, SchemaChange
from app.schema.life_cycles import RequirementForm
from app.schema.outline import AttributeRow, LifeCycleRow, RelationshipRow, SectionLine
from app.schema.plan import propose, revise
from app.schema.relationships import RelationshipForm, relationship_form
from app.schema.sections import ColumnForm, SectionForm, section_form
from app.schema.source_orders import OrderPlace, known_sources, present_order
from cmdb.model.errors import Conflict, UserError
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.pages.classes.choices_editor import ChoicesEditor
from ui.pages.classes.forms import AttributeEditor, ClassEditor, RelationshipEditor, labelled
from ui.pages.classes.life_cycle_editors import RequirementEditor, TransitionEditor, labels_of, states_of
from ui.pages.classes.preview import PreviewDialog
from ui.pages.classes.section_editor import SectionEditor
from ui.pages.classes.source_order_editor import SourceOrderEditor
from ui.widgets.buttons import Button, PrimaryButton
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, Item, box, column
from ui.widgets.notice import InlineMessage

if TYPE_CHECKING:
    from app.question import Ask


class SchemaSheets:
    """Opens the forms of a page, shows what their changes do, and applies them. ``parent`` is what dialogs are over."""

    def __init__(self, context: Context, parent: QWidget, applied: Callable[[], None]) -> None:
        """``applied`` is called after a change."""
        self._applied = applied
        self._context = context
        self._parent = parent
        self._said: InlineMessage | None = None
        self.preview: PreviewDialog | None = None
        """The preview that was opened last."""

    # -- attributes -------------------------------------------------------------------------------------------------

    def new_attribute(self, cls: str) -> None:
        """The form of a new attribute of a class."""
        schema = self._context.schema
        editor = AttributeEditor(self._context, cls)
        self._sheet(
            tr("New attribute of {cls}", cls=str(schema.cls(cls).label)),
            editor,
            lambda: attributes.new_attribute(self._context.schema, cls, editor.form())[0],
            tr("Records of this class, and of the classes below it, can have it."),
        )

    def change_attribute(self, line: AttributeRow) -> None:
        """The form of a present attribute, in the class in which it begins."""
        schema, cls = self._context.schema, line.owner
        present = schema.attribute(cls, line.name)
        built_in = attributes.is_built_in(cls, line.name)
        editor = AttributeEditor(self._context, cls, present, built_in=built_in)
        about = tr("It begins in {cls}: the change holds there and in all classes below it.", cls=line.owner_label)
        self._sheet(
            tr("Attribute {attribute}", attribute=line.label),
            editor,
            lambda: attributes.change_attribute(self._context.schema, cls, line.name, editor.form()),
            about,
        )

    def hide_attribute(self, line: AttributeRow) -> None:
        """Shows an attribute again; or asks what becomes of its values, and takes it out of forms and lists."""
        if line.hidden:
            self._propose(lambda: attributes.show_attribute(self._context.schema, line.owner, line.name))
            return
        text = tr(
            "It is taken out of forms, lists, filters and imports of {cls} and the classes below it. "
            "What becomes of the values that records have?",
            cls=line.owner_label,
        )
        dialog = Dialog(
            self._context.theme, self._parent, tr("Retire “{name}”?", name=line.label), text, icon="eye-off"
        )

        def go(clear: bool) -> None:
            dialog.accept()
            self.propose(lambda reader: attributes.hide_attribute(reader, line.owner, line.name, clear=clear))

        dialog.add_button(Button(tr("Cancel"), dialog.reject))
        dialog.add_button(Button(tr("Remove the values…"), lambda: go(True), kind="danger"))
        dialog.add_button(PrimaryButton(tr("Keep the values…"), lambda: go(False)), default=True)
        dialog.open()

    def change_statuses(self, cls: str) -> None:
        """The statuses of a class: their names, order, phases and verbs."""
        schema = self._context.schema
        standing = schema.cls(cls).standing
        form = form_of(standing)
        editor = ChoicesEditor(self._context, form.choices or (), with_meaning=standing.name == "status")

        def make() -> AttributeForm:
            return AttributeForm(form.label, "choice", choices=editor.choices())

        self._sheet(
            tr("Statuses of {cls}", cls=str(schema.cls(cls).label)),
            editor,
            lambda: attributes.change_attribute(self._context.schema, cls, standing.name, make()),
            tr("They hold for this class and for the classes below it that have none of their own."),
        )

    def new_requirement(self, cls: str) -> None:
        """The form of what a phase needs."""
        editor = RequirementEditor(RequirementForm("", "live"), labels_of(self._context.schema, cls))
        self._sheet(
            tr("What a phase needs of {cls}", cls=str(self._context.schema.cls(cls).label)),
            editor,
            lambda: life_cycles.new_requirement(self._context.schema, cls, editor.form()),
            "",
        )

    def change_life_cycle(self, cls: str, line: LifeCycleRow) -> None:
        """The form of what a phase needs, or of a line of a state table, from a class on downwards."""
        schema = self._context.schema
        about = tr("It holds for {cls} and for the classes below it.", cls=str(schema.cls(cls).label))
        if line.transition:
            way = TransitionEditor(life_cycles.transition_form(schema, cls, line.name), states_of(schema, cls))
            self._sheet(
                line.label,
                way,
                lambda: life_cycles.change_transition(self._context.schema, cls, line.name, way.form()),
                about,
            )
            return
        rule = schema.cls(cls).requires[line.name]
        needs = RequirementEditor(life_cycles.requirement_form(schema, cls, rule), labels_of(schema, cls))
        self._sheet(
            line.label,
            needs,
            lambda: life_cycles.change_requirement(self._context.schema, cls, line.name, needs.form()),
            about,
        )

    # -- classes ----------------------------------------------------------------------------------------------------

    def new_class(self, parent: str) -> None:
        """The form of a new class under another."""
        cls = self._context.schema.cls(parent)
        editor = ClassEditor(self._context, self._icons(), None, cls.icon)
        self._sheet(
            tr("New class under {cls}", cls=str(cls.label)),
            editor,
            lambda: classes.new_class(self._context.schema, parent, editor.form())[0],
            tr("It has all attributes of {cls}, and can get others.", cls=str(cls.label)),
        )

    def rename_class(self, name: str) -> None:
        """Other words and another icon for a class."""
        cls = self._context.schema.cls(name)
        editor = ClassEditor(self._context, self._icons(), cls, cls.icon)
        self._sheet(
            tr("Class {cls}", cls=str(cls.label)),
            editor,
            lambda: classes.change_class(self._context.schema, name, editor.form()),
            "",
        )

    def retire_class(self, name: str) -> None:
        """Shows a retired class again; or asks of which class its records are instead."""
        schema = self._context.schema
        cls = schema.cls(name)
        if cls.hidden:
            self._propose(lambda: classes.show_class(self._context.schema, name))
            return
        target = QComboBox()
        target.addItem(tr("No other: it has no records"), "")
        for one in schema.tree(schema.root_of(name)):
            if not (one.abstract or one.hidden or one.name == name):
                target.addItem(self._context.theme.icon(one.icon), str(one.label), one.name)
        self._sheet(
            tr("Retire {cls}", cls=str(cls.label)),
            box(column(*labelled(tr("Class of its records"), target), STRETCH)),
            None,
            tr("It is no longer offered. Its records become records of another class, with their history."),
            lambda: self._retire_into(name, str(target.currentData())),
        )

    def _retire_into(self, name: str, to: str) -> None:
        self.propose(lambda reader: classes.retire_class(reader, name, to))

    def _icons(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self._context.schema.classes.values():
            found.setdefault(one.icon, str(one.label))
        return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))

    # -- relationship types and sections ----------------------------------------------------------------------------

    def new_relationship(self, cls: str) -> None:
        """The form of a new relationship type, which begins at a class."""
        editor = RelationshipEditor(self._context, RelationshipForm("", "", (cls,), ("ci",)), built_in=False)
        self._sheet(
            tr("New relationship type"),
            editor,
            lambda: relationships.new_relationship(self._context.schema, editor.form())[0],
            "",
        )

    def change_relationship(self, line: RelationshipRow) -> None:
        """The form of a present relationship type."""
        present = self._context.schema.relationship(line.name)
        built_in = relationships.is_built_in_relationship(line.name)
        editor = RelationshipEditor(self._context, relationship_form(present), built_in=built_in)
        self._sheet(
            tr("Relationship type “{type}”", type=line.label),
            editor,
            lambda: relationships.change_relationship(self._context.schema, line.name, editor.form()),
            "",
        )

    def hide_relationship(self, line: RelationshipRow) -> None:
        """No longer offers a relationship type, or offers it again."""
        if line.hidden:
            self._propose(lambda: relationships.show_relationship(self._context.schema, line.name))
        else:
            self.propose(lambda reader: relationships.hide_relationship(reader, line.name))

    def new_section(self, cls: str) -> None:
        """The form of a new section of a class."""
        start = SectionForm("", (cls,), (ColumnForm(tr("Name"), identifies=True),))
        editor = SectionEditor(self._context, start, new=True)
        self._sheet(
            tr("New section of {cls}", cls=str(self._context.schema.cls(cls).label)),
            editor,
            lambda: sections.new_section(self._context.schema, editor.form())[0],
            tr("Rows of detail beside the attributes: imported from sheets, shown at the record."),
        )

    def change_section(self, line: SectionLine) -> None:
        """The form of a present section."""
        present = self._context.schema.section(line.name)
        editor = SectionEditor(self._context, section_form(present), new=False)
        self._sheet(
            tr("Section “{section}”", section=line.label),
            editor,
            lambda: sections.change_section(self._context.schema, line.name, editor.form()),
            "",
        )

    def hide_section(self, line: SectionLine) -> None:
        """No longer shows a section, or shows it again."""
        if line.hidden:
            self._propose(lambda: sections.show_section(self._context.schema, line.name))
        else:
            self.propose(lambda reader: sections.hide_section(reader, line.name))

    # -- sources ----------------------------------------------------------------------------------------------------

    def change_order(self, place: OrderPlace) -> None:
        """The order of sources for an attribute or section of a class, for a class, or for the whole estate."""
        context, schema = self._context, self._context.schema

        def inherit() -> None:
            self._propose(lambda: source_orders.inherit_order(context.schema, place))

        editor = SourceOrderEditor(
            context, present_order(schema, place), inherit, asks=source_orders.asks(schema, place)
        )
        about = tr("Which source counts where they differ. It holds for this class and the classes below it.")
        if not place.cls:
            about = tr("Which source counts where they differ, in all classes and attributes that say nothing else.")
        self._sheet(
            tr("Sources for {place}", place=str(place.label(schema))),
            editor,
            lambda: source_orders.change_order(context.schema, place, editor.ranked()),
            about,
        )
        context.query(
            known_sources, editor.offer, key=("classes", "sources"), owner=editor, lane="slow", beside_draft=True
        )

    # -- from the form to the revision ------------------------------------------------------------------------------

    def _sheet(
        self,
        title: str,
        editor: QWidget,
        make: Callable[[], SchemaChange] | None,
        about: str,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Opens a form. Its button reads it, on the window's thread, and shows what it would do; or calls ``then``.

        A form that was filled from a schema which is another by now would take back what others changed: it is refused.
        """
        context, opened_with = self._context, self._context.schema

        def go_on() -> None:
            if context.schema is not opened_with:
                text = Message("The classes were changed meanwhile: close this form and open it again.")
                self._refused(Conflict(text))
            elif then is not None:
                then()
            else:
                self._propose(make)

        self._said = InlineMessage(self._context.theme)
        parts: list[Item] = [Text(about, "muted", wrap=True)] if about else []
        content = box(column(*parts, self._said, editor, STRETCH))
        go = PrimaryButton(tr("See what it does…"), go_on)
        self._context.shell.sheet(title, content, (Button(tr("Cancel"), self._context.shell.close_sheet), go))

    def _propose(self, make: Callable[[], SchemaChange] | None) -> None:
        if make is None:
            return
        try:
            change = make()
        except UserError as error:
            self._refused(error)
            return
        self.propose(lambda _: change)

    def propose(self, make: Ask[SchemaChange]) -> None:
        """Works out what a change does, and shows it before anything is written."""
        if self._said is not None and isValid(self._said):
            self._said.say("")
        self._context.query(
            lambda reader: propose(reader, make),
            self._show,
            self._refused,
            key=("classes", "plan"),
            owner=self._parent,
            lane="slow",
            now=True,
            beside_draft=True,
        )

    def _refused(self, error: Exception) -> None:
        said = self._said
        if isinstance(error, UserError) and said is not None and isValid(said):
            said.say(str(error), "warning")
        else:
            self._context.shell.problem(error)

    def _show(self, summary: PlanSummary) -> None:
        if summary.change.is_empty:
            self._context.shell.toast(tr("Nothing is different."))
            return
        self.preview = PreviewDialog(
            self._context, self._parent, summary, lambda answers: self._apply(summary, answers)
        )
        self.preview.open()

    def _apply(self, summary: PlanSummary, answers: Answers) -> None:
        context = self._context

        def done(_: object) -> None:
            context.shell.close_sheet()
            self._applied()

        author = context.author
        context.edit(
            lambda reader: revise(reader, summary, answers, author), str(summary.change.title), done, self._refused
        )
