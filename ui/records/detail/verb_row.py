"""The verbs under a record's details: the main ones as buttons, all of them and what else can be done in a menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.leavers.remaining import PERSON
from app.verbs import known_verbs
from cmdb.model.messages import tr
from ui.plain_texts import plain_label, plain_tip
from ui.widgets.buttons import Button, MenuButton
from ui.widgets.layout import STRETCH, row
from ui.widgets.verb_menu import fill_verbs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from app.assets.detail import ItemFacts
    from cmdb.model.verb import Verb
    from ui.context import Context

#: The verbs with separate buttons, by root. Those of work are shown only where they can be done.
MAIN = {"ci": ("hand_over",), "work": ("start", "complete", "reopen")}


class VerbRow(QWidget):
    """``wanted`` fires with the name of what is to be done with the record."""

    wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._loaded: ItemFacts | None = None
        self.main = {
            name: Button(tr("{verb}…", verb=known_verbs()[name].title), partial(self.wanted.emit, name))
            for names in MAIN.values()
            for name in names
        }
        for button in self.main.values():
            button.hide()  # until it is known which of them the record has
        self._impact = Button(tr("Impact"), lambda: self._open_map(impact=True), icon="map", theme=context.theme)
        more = MenuButton(tr("More"), self._fill_more)
        self.setLayout(row(*self.main.values(), self._impact, STRETCH, more, margins=(16, 8, 16, 12)))

    def show_loaded(self, loaded: ItemFacts) -> None:
        """The verbs as they can be done with a record."""
        self._loaded, schema, ci = loaded, self._context.schema, loaded.ci
        is_work = schema.root_of(ci.cls) == "work"
        self._impact.setVisible(schema.root_of(ci.cls) == "ci")
        for name, button in self.main.items():
            verb = known_verbs()[name]
            reason = verb.reason(schema, ci)
            button.setVisible(verb.applies_to(schema, ci.cls) and not (is_work and reason))
            button.setEnabled(self._context.editable and not reason)
            button.setToolTip(plain_tip(tr("{reason}.", reason=reason) if reason else ""))

    def _open_map(self, *, impact: bool = False) -> None:
        if self._loaded is not None:
            self._context.shell.open_on_map(self._loaded.ci.uid, impact=impact)

    def _start_audit(self, place: str) -> None:
        self._context.shell.go("audits", new=True, place=place)

    def _fill_more(self, menu: QMenu) -> None:
        """The verbs, and what else can be done with this item."""
        loaded = self._loaded
        if loaded is None:
            return

        def why_not(verb: Verb) -> str:
            reason = verb.reason(self._context.schema, loaded.ci)
            return tr("{reason}.", reason=reason) if reason else ""

        def add(title: str, name: str) -> None:
            menu.addAction(plain_label(title), partial(self.wanted.emit, name)).setEnabled(self._context.editable)

        fill_verbs(menu, self._context, loaded.ci.cls, lambda verb: self.wanted.emit(verb.name), why_not)
        menu.addSeparator()
        add(tr("Link to…"), "link")
        if loaded.is_merged:
            add(tr("Split…"), "split")
        if self._context.schema.is_a(loaded.ci.cls, PERSON):
            add(tr("Settle what they have…"), "settle")
        add(tr("Comment…"), "comment")
        if self._context.schema.root_of(loaded.ci.cls) == "ci":
            add(tr("Watch, or watch no longer"), "watch")
            add(tr("New like this one…"), "like")
            add(tr("Make a task…"), "task")
            menu.addAction(tr("Show on the map"), self._open_map)
        if self._context.schema.is_a(loaded.ci.cls, "place"):
            add_audit = menu.addAction(tr("Start an audit here…"), partial(self._start_audit, loaded.ci.uid))
            add_audit.setEnabled(self._context.editable)
