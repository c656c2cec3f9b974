"""The Assets page: trees, table and details side by side; at small widths the details fold over the table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent

from app.assets.places import counts, places
from app.assets.rows import item_of, uids_in
from app.dependence import Dependence
from app.item_search import item
from app.leavers.remaining import PERSON
from cmdb.model.messages import EMPTY, Message, in_context, tr, trn
from ui.actions import Action, Handler, bind
from ui.context import Context
from ui.page import Page
from ui.pages.assets.actions import ACTIONS, new_actions
from ui.pages.assets.tree import ClassTree
from ui.records.comparison import compare
from ui.records.detail.panel import DetailPanel
from ui.records.label_printing import LabelPrinting
from ui.records.list_and_details import ListAndDetails, by_ids
from ui.records.listing import ListKind, RecordListing
from ui.records.pasted_sheet import PastedSheet
from ui.records.verb_actions import verbs_of
from ui.records.verbs import Verbs
from ui.records.watched import open_watched
from ui.text_size import px, set_sizes
from ui.widgets.buttons import Button
from ui.widgets.layout import column
from ui.widgets.page_states import EmptyState
from ui.widgets.splitter import Splitter

if TYPE_CHECKING:
    from app.pasted_list import PastedList
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.model.verb import Verb
    from ui.theme import Theme


_CLASSES = Dependence(classes=None)
_PLACES = Dependence(fields=frozenset({"location"}))
"""The dependence of the numbers in the trees."""


_LIST = ListKind(
    "assets",
    "ci",
    Message("All items"),
    Message("Items"),
    in_context("item", "New"),
    Message("Filter: words, or {example}", example="phase = live and warranty_until < today+90d"),
)


def _nothing_chosen(theme: Theme) -> EmptyState:
    text = tr(
        "Choose one in the table to see where it is, who has it, what it depends on, and the source of each value."
    )
    return EmptyState(theme, "assets", tr("No item chosen"), text)


class AssetsPage(Page):
    """Everything in the register, by class."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.tree, self.detail = ClassTree(context), DetailPanel(context, "assets", _nothing_chosen)
        self.listing = RecordListing(context, _LIST, self._none_yet)
        set_sizes(self.tree, most_width=340)
        self.verbs = Verbs(context)
        self._splitter = Splitter(tr("Classes, items and the chosen one"))
        for widget, stretch in ((self.tree, 0), (self.listing, 1), (self.detail, 0)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(self._splitter.count() - 1, stretch)
        sizes = context.workspace.settings.get("assets.splitter", [px(228), 572, px(400)])
        self._splitter.setSizes([int(s) for s in sizes])
        self._splitter.splitterMoved.connect(lambda *_: self._remember())
        self.setLayout(column(self._splitter, margins=(16, 14, 16, 16)))
        self.setFocusProxy(self.listing)
        self.both = ListAndDetails(context, self.listing, self.detail, self.verbs, self.page_actions, self)
        self._counted: tuple[int | None, str, Schema] | None = None
        """The moment and the schema that the trees show."""
        self._connect()

    def _connect(self) -> None:
        self.tree.chosen.connect(self._choose)
        self.tree.places_wanted.connect(self._refresh_places)
        self.tree.schema_wanted.connect(lambda cls: self.context.shell.go("classes", cls=cls))
        self.tree.placed.connect(lambda where: self._choose("hardware", where))
        self.listing.questioned.connect(lambda: self.tree.show_asked(self.listing.cls, self.listing.asked.typed))
        self.listing.selected_rows.current.connect(self._current)
        self.listing.wanted.connect(self._act)
        self.detail.read.connect(lambda facts: self.listing.model.take_item(item_of(facts)))
        self.detail.unread.connect(self.listing.model.read_again)

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(
        self,
        uid: str = "",
        cls: str = "",
        where: str = "",
        sort: str = "",
        columns: list[str] | None = None,
        row: tuple[str, str] | None = None,
        pasted: str = "",
        made: PastedList | None = None,
        view: str = "",
        group: str = "",
        **_: Any,
    ) -> None:
        """Shows a class, a filtered list, one CI in its class, or (with both) one CI in a list. The list is grouped by
        an attribute (``group``), and is that of a saved view (its id).

        ``row``: with a row of a section, by its key. ``made``: only the items of a list, of an import, say.
        """
        if self._counted != (*self.context.shown, self.context.schema):
            self._refresh_trees()
        self.listing.new.setEnabled(self.context.editable)
        if cls and (view or group):
            self.listing.views.expect(view, group)
        if uid and cls:
            self.listing.go_to(uid)
            self._show(cls, where, sort, columns, self.both.pasted_before(pasted))
            self.both.show_if_listed(uid, row)
        elif uid:
            self.context.query(
                lambda reader: item(reader, uid), partial(self._show_one, row), key=("assets", "open"), owner=self
            )
        elif cls or where:
            self._show(cls or "ci", where, sort, columns, made or self.both.pasted_before(pasted))
        elif self.listing.model.selection is None:
            self._show("ci")
        else:
            self.listing.ask_again()
            self.detail.reload()

    def _none_yet(self, title: str) -> EmptyState:
        text = tr("Import a spreadsheet, scan this computer, or add the first one by hand.")
        button = Button(tr("Import a spreadsheet"), lambda: self.context.shell.go("import"))
        return EmptyState(self.theme, "assets", tr("{cls}: none yet", cls=title), text, button)

    def _show_one(self, row: tuple[str, str] | None, found: CI | None) -> None:
        if found is None:
            self.context.shell.toast(tr("That item does not exist at this moment."), tone="warning")
            if self.listing.model.selection is None:
                self._show("ci")
            return
        if self.context.schema.root_of(found.cls) != "ci":
            self.context.shell.open_ci(found.uid, found.cls)
            return
        self.listing.go_to(found.uid)
        self._show(found.cls)
        self.detail.show_ci(found.uid, row)
        self.both.folding.open()

    def _show(
        self,
        cls: str,
        where: str = "",
        sort: str = "",
        columns: list[str] | None = None,
        pasted: PastedList | None = None,
    ) -> None:
        if cls not in self.context.schema.classes:
            cls = "ci"
        self.listing.show_class(cls, where, sort, columns, pasted=pasted)

    def _choose(self, cls: str, where: str = "") -> None:
        """Shows a class or a place that was chosen in the trees, unless it is what is asked for and stands."""
        asked, view = self.listing.asked, self.listing.columns.of_view
        typed = self.listing.search.text().strip()
        if (cls, where, where, None, None) != (asked.cls, asked.typed, typed, view, asked.pasted):
            self._show(cls, where)

    def changed(self, applied: AppliedRevision) -> None:
        """A revision was applied: the table and the details are read again as far as it concerns them."""
        if _CLASSES.is_concerned(applied) or "schema_entry" in applied.kinds:
            self._refresh_trees()
        elif _PLACES.is_concerned(applied):
            self._refresh_places()
        # The details' data is also used for the table's row.
        self.listing.follow(applied, coming=self.detail.follow(applied))

    def reload(self) -> None:
        """Another moment, or many revisions."""
        self._counted = None
        self.opened()

    def state(self) -> dict[str, Any]:
        """The list that is asked for, and the CI that is shown."""
        return self.both.state()

    def focus_search(self) -> None:
        """The filter bar."""
        self.listing.enter_filter()

    def _refresh_trees(self) -> None:
        self._counted = (*self.context.shown, self.context.schema)
        self.context.query(counts, self.tree.show_counts, key=("assets", "trees"), owner=self)
        self._refresh_places()

    def _refresh_places(self) -> None:
        """Reads the places with their numbers, where they are shown."""
        if self.tree.shows_places:
            self.context.query(
                places,
                lambda found: self.tree.show_places(*found),
                key=("assets", "places"),
                owner=self,
                lane="slow",
            )

    # -- details ----------------------------------------------------------------------------------------------------

    def _current(self, found: CI | None) -> None:
        if found is None:
            return
        if found.uid != self.detail.uid:
            self.detail.show_ci(found.uid)
        selection = self.listing.model.selection
        if selection is not None and selection.text.strip():
            self.detail.found_by.say(found.uid, selection.text)
        else:
            self.detail.found_by.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shows the details over the table if there is no room for both."""
        super().resizeEvent(event)
        self.both.folding.fit(self.width())
        # Details that cover the list take its room; without this the tree would grow, too.
        self._splitter.setStretchFactor(2, 0 if self.both.folding.are_beside else 1)

    def _remember(self) -> None:
        if self.both.folding.are_beside:
            self.context.workspace.settings.set("assets.splitter", self._splitter.sizes())

    # -- doing ------------------------------------------------------------------------------------------------------

    def new_item(self, cls: str) -> None:
        """Opens the form for a new item of a class."""
        self.verbs.new(cls, self.context.shell.open_ci)

    def _act(self, name: str) -> None:
        if name == "new":
            self.new_item(self.listing.cls)
            return
        self.both.run_on_selected(name, lambda n: trn("{count} item", "{count} items", n), self._class_of_selection)

    def _compare(self) -> None:
        number = self.listing.selected_rows.number()
        self.listing.selected_rows.ids(lambda ids: compare(self.context, self, by_ids(ids), number))

    def _audit(self) -> None:
        """Begins an audit of what the list is asked for."""
        asked = self.listing.asked
        self.context.shell.go("audits", new=True, cls=asked.cls, where=asked.typed)

    def _class_of_selection(self) -> str:
        """The nearest class that all selected CIs are of; the list's, where their classes are not known."""
        schema = self.context.schema
        chains = [schema.ancestors(cls) for cls in self.listing.selected_classes()]
        if not chains:
            return self.listing.cls
        return next(c for c in chains[0] if all(c in chain for chain in chains))

    def _can_act(self, verb: Verb) -> bool:
        applies = self.both.has_selection() and verb.applies_to(self.context.schema, self._class_of_selection())
        return applies and not self._why_not(verb)

    def _why_not(self, verb: Verb) -> Message:
        """Why a verb can't be done with the one selected item; for many items the sheet says it."""
        selected = self.listing.selected_rows.records()
        reason = verb.reason(self.context.schema, selected[0]) if len(selected) == 1 else None
        return Message("{reason}.", reason=reason) if reason else EMPTY

    def _is_person(self) -> bool:
        loaded = self.detail.loaded
        return loaded is not None and self.context.schema.is_a(loaded.ci.cls, PERSON)

    def _is_merged(self) -> bool:
        return self.detail.loaded is not None and self.detail.loaded.is_merged

    def _ask_for_list(self) -> None:
        """Asks for a pasted list, of which the list shows the items only."""
        title = self.listing.heading.text()
        PastedSheet(self.context, title, self.listing.find_pasted).open_sheet()

    def _print_labels(self) -> None:
        """For what is selected; for the whole list where nothing is."""
        cls = self._class_of_selection()
        if self.both.has_selection():
            self.listing.selected_rows.ids(lambda ids: LabelPrinting(self.context, by_ids(ids), cls).open_sheet())
        elif (selection := self.listing.selection()) is not None:
            LabelPrinting(self.context, lambda reader: uids_in(reader, selection), self.listing.cls).open_sheet()

    def page_actions(self) -> Sequence[Action]:
        """The actions on items."""
        made, shell = new_actions(self.context.schema), self.context.shell
        handlers = {
            "assets.new": Handler(partial(self._act, "new")),
            "assets.like": Handler(partial(self.both.run_on_shown, "like"), self.both.has_shown),
            "assets.tag": Handler(partial(self._act, "tag"), self.both.has_selection),
            "assets.edit": Handler(partial(self._act, "edit"), self.both.has_selection),
            **{
                f"assets.{verb.name}": Handler(
                    partial(self._act, verb.name), partial(self._can_act, verb), why=partial(self._why_not, verb)
                )
                for verb in verbs_of("ci")
            },
            "assets.task": Handler(partial(self._act, "task"), self.both.has_selection),
            "assets.settle": Handler(partial(self.both.run_on_shown, "settle"), self._is_person),
            "assets.split": Handler(partial(self.both.run_on_shown, "split"), self._is_merged),
            "assets.link": Handler(partial(self.both.run_on_shown, "link"), self.both.has_shown),
            "assets.comment": Handler(self.detail.begin_comment, self.both.has_shown),
            "assets.watched": Handler(partial(open_watched, self.context)),
            "assets.watch": Handler(partial(self._act, "watch"), self.both.has_selection),
            "assets.attach": Handler(self.detail.add_files, self.both.has_shown),
            "assets.paste": Handler(self.detail.paste_file, self.both.has_shown),
            "assets.audit": Handler(self._audit, lambda: self.listing.model.rowCount() > 0),
            "assets.map": Handler(lambda: shell.open_on_map(self.detail.uid), self.both.has_shown),
            "assets.impact": Handler(lambda: shell.open_on_map(self.detail.uid, impact=True), self.both.has_shown),
            "assets.compare": Handler(self._compare, lambda: self.listing.selected_rows.number() > 1),
            "assets.copy": Handler(self.listing.table.copy, self.both.has_selection),
            "assets.find_list": Handler(self._ask_for_list),
            "assets.columns": Handler(self.listing.columns.open_sheet),
            "assets.labels": Handler(self._print_labels, lambda: self.listing.model.rowCount() > 0),
            "assets.export": Handler(self.listing.export, lambda: self.listing.model.rowCount() > 0),
            **{entry.id: Handler(partial(self.new_item, cls)) for cls, entry in made.items()},
        }
        return bind([*ACTIONS, *made.values()], handlers, lambda: self.context.editable)
