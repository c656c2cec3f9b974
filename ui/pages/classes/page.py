"""The Classes page: the tree of classes, and what the schema says of the chosen one, to be changed by forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from app.dependence import Dependence
from app.schema.outline import ClassOutline, class_outline
from app.schema.source_orders import OrderPlace
from cmdb.model.messages import EMPTY, Message, tr
from ui.actions import IN_DRAFT, PAST, Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.classes.actions import ACTIONS
from ui.pages.classes.lists import NAMES, ClassLists
from ui.pages.classes.sheets import SchemaSheets
from ui.pages.classes.tree import SchemaTree
from ui.plain_texts import plain_label
from ui.text_size import set_sizes
from ui.widgets.buttons import Button, MenuButton, PrimaryButton
from ui.widgets.card import Card
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.splitter import Splitter
from ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

_NEVER_HIDDEN = ("statuses", "life_cycle")
"""The lists whose lines are not retired: a status is taken out in its form, a need is emptied."""
_WITH_SOURCES = ("attributes", "sections")
"""The lists whose lines have an order of sources."""
_SCHEMA = Dependence(kinds=frozenset({"schema_entry"}))


class ClassesPage(Page):
    """What the register knows of which things: looked at, made, changed, retired."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._outline: ClassOutline | None = None
        self.sheets = SchemaSheets(context, self, self._focus_list)
        self.tree = SchemaTree(context)
        self.tree.chosen.connect(lambda _: self._load())
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._class_menu_at)
        self.title, self.origin = Heading("", 1), Text("", "muted")
        self.notice = InlineMessage(context.theme)
        self.tabs = Tabs(
            (
                ("attributes", tr("Attributes")),
                ("statuses", tr("Statuses")),
                ("life_cycle", tr("Life cycle")),
                ("relationships", tr("Relationship types")),
                ("sections", tr("Sections")),
            )
        )
        self.tabs.chosen.connect(self._show_list)
        self.lists = ClassLists(context)
        for name in NAMES:
            self.lists.tables[name].opened.connect(lambda _: self._change())
            self.lists.tables[name].setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            self.lists.tables[name].customContextMenuRequested.connect(self._line_menu_at)
            self.lists.tables[name].selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self.add = PrimaryButton(tr("Add…"), self._add, icon="plus", theme=context.theme)
        self.change = Button(tr("Change…"), self._change, icon="edit", theme=context.theme)
        self.sources = Button(tr("Sources…"), self._change_sources, icon="sort", theme=context.theme)
        self.hide_line = Button(tr("Retire…"), self._hide, icon="eye-off", theme=context.theme)
        self.of_class = MenuButton(tr("This class"), self._fill_class_menu, icon="more", theme=context.theme)
        self._build()

    def _build(self) -> None:
        left = Card(margins=(8, 10, 8, 8))
        left.add(self.tree, 1)
        set_sizes(left, least_width=200)
        head = row(self.title, self.origin, STRETCH, self.of_class)
        right = Card(margins=(16, 12, 16, 12))
        right.add(
            box(
                column(
                    head, self.notice, self.tabs, flow(self.add, self.change, self.sources, self.hide_line), spacing=8,
                )
            )
        )  # fmt: skip
        right.add(self.lists, 1)
        split = Splitter(tr("Classes and the chosen one"))
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([250, 900])
        self.setLayout(column(split, margins=(16, 12, 16, 16)))
        self.setFocusProxy(self.tree)

    # -- the page ---------------------------------------------------------------------------------------------------

    def opened(self, cls: str = "", tab: str = "", sources: str = "", **params: Any) -> None:
        """Shows a class, and one of its lists; or the form of an order of ``sources`` of the estate."""
        self.tree.fill()
        if cls:
            self.tree.choose(cls)
        if tab in NAMES:
            self.tabs.choose(tab)
        self._load()
        if sources and self._can():
            self.sheets.change_order(OrderPlace(name=sources))

    def depends_on(self) -> Sequence[Dependence]:
        """Only what changes the schema."""
        return (_SCHEMA,)

    def changed(self, applied: AppliedRevision) -> None:
        """The schema is another: the tree and the lists are filled anew."""
        self.opened()

    def state(self) -> dict[str, Any]:
        """The class and the list."""
        return {"cls": self.tree.current, "tab": self.tabs.current}

    def page_actions(self) -> Sequence[Action]:
        """What can be done with the class and the chosen line."""
        handlers = {
            "classes.new_class": Handler(self._new_class, self._can, why=self._why_not),
            "classes.rename": Handler(self._rename_class, self._can, why=self._why_not),
            "classes.retire": Handler(self._retire_class, self._can_retire, why=self._why_not),
            "classes.new": Handler(self._add, self._can, why=self._why_not),
            "classes.edit": Handler(self._change, self._can_change, why=self._why_not),
            "classes.sources": Handler(self._change_sources, self._can_order, why=self._why_not),
            "classes.class_sources": Handler(self._change_class_sources, self._can, why=self._why_not),
            "classes.hide": Handler(self._hide, self._can_hide, why=self._why_not),
        }
        return bind(ACTIONS, handlers, lambda: self.context.editable)

    # -- showing ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        cls, schema = self.tree.current, self.context.schema
        self.context.query(
            lambda _: class_outline(schema, cls),
            self._show,
            key=("classes", "outline"),
            owner=self,
            now=True,
            beside_draft=True,
        )

    def _show(self, outline: ClassOutline) -> None:
        self._outline = outline
        known = self.context.schema.cls(outline.cls)
        self.title.setText(str(known.label))
        self.origin.setText(tr("from Terrier’s schema") if outline.built_in else tr("of this estate"))
        titles = {
            "attributes": (tr("Attributes"), len(outline.attributes)),
            "statuses": (tr("Statuses") if known.name == "ci" or "status" in known.attributes else tr("States"),
                         len(outline.statuses)),
            "life_cycle": (tr("Life cycle"), len(outline.life_cycle)),
            "relationships": (tr("Relationship types"), len(outline.relationships)),
            "sections": (tr("Sections"), len(outline.sections)),
        }  # fmt: skip
        for name, (title, number) in titles.items():
            self.tabs.set_title(name, tr("{title} {count}", title=title, count=number), title)
        self.lists.show_outline(outline)
        self._show_list(self.tabs.current)

    def _show_list(self, name: str) -> None:
        self.lists.choose(name)
        self._offer()

    def _offer(self) -> None:
        """Says what can be done now, and why not."""
        why = self._why_not()
        self.notice.say(str(why), "warning")
        chosen = self.lists.chosen(self.tabs.current)
        hidden = chosen is not None and getattr(chosen, "hidden", False)
        self.hide_line.setText(tr("Show again") if hidden else tr("Retire…"))
        self.hide_line.setVisible(self.tabs.current not in _NEVER_HIDDEN)
        self.add.setVisible(self.tabs.current != "statuses")
        self.add.setEnabled(self._can())
        self.change.setEnabled(self._can_change())
        self.hide_line.setEnabled(self._can_hide())
        self.sources.setVisible(self.tabs.current in _WITH_SOURCES)
        self.sources.setEnabled(self._can_order())
        self.context.shell.refresh_actions()

    def _focus_list(self) -> None:
        self.lists.tables[self.tabs.current].setFocus()

    # -- what can be done -------------------------------------------------------------------------------------------

    def _why_not(self) -> Message:
        if not self.context.editable:
            return PAST
        return IN_DRAFT if not self.context.can_set_up else EMPTY

    def _can(self) -> bool:
        return self.context.can_set_up and not self.context.workspace.read_only

    def _can_change(self) -> bool:
        return self._can() and self.lists.chosen(self.tabs.current) is not None

    def _can_order(self) -> bool:
        return self._can_change() and self.tabs.current in _WITH_SOURCES

    def _can_hide(self) -> bool:
        return self._can_change() and self.tabs.current not in _NEVER_HIDDEN

    def _can_retire(self) -> bool:
        return self._can() and bool(self.context.schema.cls(self.tree.current).parent)

    def _new_class(self) -> None:
        self.sheets.new_class(self.tree.current)

    def _rename_class(self) -> None:
        self.sheets.rename_class(self.tree.current)

    def _retire_class(self) -> None:
        self.sheets.retire_class(self.tree.current)

    def _add(self) -> None:
        if not self._can():
            return
        cls = self.tree.current
        adds = {
            "attributes": self.sheets.new_attribute,
            "statuses": self.sheets.change_statuses,
            "life_cycle": self.sheets.new_requirement,
            "relationships": self.sheets.new_relationship,
            "sections": self.sheets.new_section,
        }
        adds[self.tabs.current](cls)

    def _change(self) -> None:
        chosen = self.lists.chosen(self.tabs.current)
        if not self._can() or chosen is None:
            return
        match self.tabs.current:
            case "attributes":
                self.sheets.change_attribute(chosen)
            case "statuses":
                self.sheets.change_statuses(self.tree.current)
            case "life_cycle":
                self.sheets.change_life_cycle(self.tree.current, chosen)
            case "relationships":
                self.sheets.change_relationship(chosen)
            case _:
                self.sheets.change_section(chosen)

    def _change_sources(self) -> None:
        """The order of sources for the chosen attribute or section, in the chosen class."""
        chosen, cls = self.lists.chosen(self.tabs.current), self.tree.current
        if not self._can_order() or chosen is None:
            return
        self.sheets.change_order(OrderPlace(cls, chosen.name, of_section=self.tabs.current == "sections"))

    def _change_class_sources(self) -> None:
        self.sheets.change_order(OrderPlace(self.tree.current))

    def _hide(self) -> None:
        chosen = self.lists.chosen(self.tabs.current)
        if not self._can_hide() or chosen is None:
            return
        match self.tabs.current:
            case "attributes":
                self.sheets.hide_attribute(chosen)
            case "relationships":
                self.sheets.hide_relationship(chosen)
            case _:
                self.sheets.hide_section(chosen)

    def _line_menu_at(self, place: QPoint) -> None:
        """The menu of the chosen line: what the buttons above the list do."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        runs = (
            (self.add, self._add), (self.change, self._change), (self.sources, self._change_sources),
            (self.hide_line, self._hide),
        )  # fmt: skip
        for button, run in runs:
            if not button.isHidden():
                menu.addAction(button.icon(), plain_label(button.text().strip()), run).setEnabled(button.isEnabled())
        menu.popup(self.lists.tables[self.tabs.current].viewport().mapToGlobal(place))

    # -- the menu of a class ----------------------------------------------------------------------------------------

    def _fill_class_menu(self, menu: QMenu) -> None:
        retired = self.context.schema.cls(self.tree.current).hidden
        entries = (
            (tr("New class below this one…"), "plus", self._new_class, self._can()),
            (tr("Rename this class…"), "edit", self._rename_class, self._can()),
            (tr("Sources for this class…"), "sort", self._change_class_sources, self._can()),
            (
                tr("Show this class again") if retired else tr("Retire this class…"),
                "eye" if retired else "eye-off",
                self._retire_class,
                self._can_retire(),
            ),
        )
        for title, icon, run, enabled in entries:
            action = menu.addAction(self.theme.icon(icon), plain_label(title), run)
            action.setEnabled(enabled)

    def _class_menu_at(self, place: QPoint) -> None:
        menu = QMenu(self.tree)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_class_menu(menu)
        menu.popup(self.tree.viewport().mapToGlobal(place))
