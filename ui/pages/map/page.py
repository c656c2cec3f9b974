"""The Map page: asks, shows the answer, and offers further questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QStackedWidget, QVBoxLayout

from app.dependence import Dependence
from app.drafts import short_name
from app.impact.dependencies import Dependencies
from app.map.answer import MapAnswer
from app.map.question import MapQuestion
from app.map.trail import Trail
from app.map.views import SavedView, placed_document, places_of
from cmdb.graph.results import Point
from cmdb.model.messages import tr
from ui.actions import Action, Handler, bind, fill_menu
from ui.context import Context
from ui.graph.legend import Legend
from ui.graph.view import GraphView
from ui.page import OwnSteps, Page
from ui.pages.map.actions import LEGEND, LOOKING
from ui.pages.map.answer_loader import MapAnswerLoader
from ui.pages.map.bar import MapBar
from ui.pages.map.files import MapFiles
from ui.pages.map.find_bar import MapFindBar
from ui.pages.map.links import MapLinks
from ui.pages.map.map_state import MapState
from ui.pages.map.moves import MapMoves
from ui.pages.map.panel import MapPanel
from ui.pages.map.saved_views import SavedViews
from ui.pages.map.start_view import MapStartView
from ui.plain_texts import menu_label
from ui.records.task_sheet import make_task
from ui.text_size import set_sizes
from ui.widgets.card import Card
from ui.widgets.layout import box, column
from ui.widgets.page_states import PageStates
from ui.widgets.splitter import Splitter
from ui.widgets.verb_menu import fill_verbs
from ui.widgets.verb_sheet import run_verb

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

#: Revisions of these record kinds change what is drawn.
_PICTURE = Dependence(fields=None, kinds=frozenset({"relationship", "group", "membership"}), classes=None)


class MapPage(Page):
    """The relationships around a CI; what fails with it, and why. Everything is computed in worker threads."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown = MapState(context.moment, self._drafted)
        self._trail = Trail()
        self._wanted: str | None = None
        self._grows = False
        self._kept: Mapping[str, Point] = {}
        """Places of a saved view, or of a question that the person came back to, by uid."""
        self._refocus = False
        self._legend_wanted = True
        self._asker = MapAnswerLoader(context, self)
        self.view = GraphView(self.theme)
        self.legend = Legend(self.theme)
        self.panel = MapPanel(self.theme)
        self.saved_views = SavedViews(context, self._shown, self.view, self)
        self.files = MapFiles(context, self._shown, self.view, self)
        self._links = MapLinks(context, self._shown, self)
        self.moves = MapMoves(self.view, self._name_of, context.shell.refresh_actions)
        self.find_bar = MapFindBar(self.theme, self.view)
        self.bar = MapBar(context, self.saved_views.fill, self.files.fill)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._states = PageStates(self.theme, self._stack)
        self._build()
        self._connect()

    @property
    def question(self) -> MapQuestion:
        """What is asked."""
        return self._shown.question

    @property
    def answer(self) -> MapAnswer | None:
        """The shown answer; None before an answer, or without a question."""
        return self._shown.answer

    def _build(self) -> None:
        card = Card(margins=(16, 12, 16, 8))
        card.add(self.bar)
        card.body.addSpacing(4)
        card.add(self._states, 1)
        card.add(self.find_bar)
        card.add(self.legend)
        self.splitter = Splitter(tr("Map and its panel"))
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([930, 300])
        set_sizes(self.panel, least_width=260)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(box(column(self.splitter, margins=(16, 14, 16, 16))))

    def _connect(self) -> None:
        bar, view, panel = self.bar, self.view, self.panel
        bar.searched.connect(self._start_from)
        bar.depth_changed.connect(lambda depth: self.ask(replace(self.question, depth=depth)))
        bar.breadth_changed.connect(lambda breadth: self.ask(replace(self.question, breadth=breadth)))
        bar.mode_changed.connect(self._set_mode)
        bar.stepped.connect(self.step)
        bar.fitted.connect(lambda: view.fit(whole=True))
        view.moved.connect(self.moves.add)
        self.find_bar.picked.connect(lambda ci: self.choose(ci, reveal=True))
        self.find_bar.closed.connect(lambda: self.choose(self.view.current))
        view.picked.connect(self.choose)
        view.cleared.connect(lambda: self.choose(None))
        view.opened.connect(self.toggle)
        view.expanded.connect(self.expand)
        view.asked.connect(self._menu)
        view.connected.connect(self._links.offer)
        panel.outline.picked.connect(lambda ci: self.choose(ci, reveal=True))
        panel.outline.opened.connect(self.toggle)
        panel.picked.connect(self._show_uid)
        panel.failed.connect(self.fail)
        panel.started.connect(lambda uid: self.ask(self.question.starting(uid)))
        panel.opened.connect(self.context.shell.open_ci)
        panel.offered.connect(self._links.record)
        self.saved_views.chosen.connect(self.load)
        self._asker.answered.connect(self._show)
        self._asker.failed.connect(self._failed)
        self._asker.losses.connect(panel.show_losses)
        self._asker.described.connect(self._describe)

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Starts from the CI ``uid`` (with ``impact``: lets it fail), from a question's document, from a saved view
        (``view``, its id), or goes on.
        """
        uid = params.get("uid", "")
        if view := params.get("view"):
            self.saved_views.show(str(view))
        elif uid:
            wanted = MapQuestion(start=uid, mode=self.question.mode)
            self._wanted = None
            self.ask(wanted.failing(uid) if params.get("impact") else wanted)
        elif params.get("start") or params.get("failed"):
            self._restore(MapQuestion.of(params), places_of(params))
        elif self.question.start:
            self.ask(self.question, remember=False)
        else:
            self._show_empty()

    def own_steps(self) -> OwnSteps | None:
        """Moves of boxes, before the register's changes."""
        return self.moves.steps()

    def _name_of(self, ci: int) -> str:
        return self.answer.names.get(ci, "") if self.answer is not None else ""

    def state(self) -> dict[str, Any]:
        """The question, and where the boxes stand if that is not as they are drawn by themselves."""
        if not self.question.start:
            return {}
        places = self._places()
        return placed_document(self.question, places) if places else self.question.document()

    def depends_on(self) -> tuple[Dependence, ...]:
        """Items, their relationships, and the groups of these."""
        return (_PICTURE,)

    def changed(self, applied: AppliedRevision) -> None:
        """Draws again what may look different, everything where it is."""
        if self.question.start:
            self.ask(self.question, remember=False)

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    # -- asking -----------------------------------------------------------------------------------------------------

    def _start_from(self, uid: str) -> None:
        """What was looked for is found: the keys of the drawing come next."""
        self._refocus = True
        self.ask(self.question.starting(uid))

    def ask(self, question: MapQuestion, *, remember: bool = True, kept: Mapping[str, Point] | None = None) -> None:
        """Works out a question in a worker and shows its answer. ``kept`` are places of a saved view, by uid."""
        if remember and question != self.question:
            self._trail.leave(self._places())
            self._trail.add(question)
        self._shown.question = question
        self._refresh_bar()
        self._grows = question.grows_from(self.answer.question if self.answer is not None else None)
        if kept is not None or not self._grows:
            self._kept = kept or {}
        self._states.loading()
        self._asker.ask(question, self.view.positions if self._grows else None, kept)

    def _places(self) -> Mapping[str, Point]:
        """Where the boxes stand, by uid, if they are those of a saved view or were moved."""
        found = self.answer
        if found is None or found.question != self.question:
            return self._kept
        return self._shown.places(self.view.positions) if self._kept or self.moves.any else {}

    def _restore(self, question: MapQuestion, places: Mapping[str, Point], *, remember: bool = True) -> None:
        """Asks a question again, everything where it stood."""
        if places and places != self._places():
            if remember:
                self._trail.leave(self._places())
            self._shown.answer = None
        self.ask(question, remember=remember, kept=places or None)

    def _failed(self, error: Exception) -> None:
        self._states.failed(error, lambda: self.ask(self.question, remember=False))

    def _show(self, found: MapAnswer) -> None:
        first = self._states.name != "content" or self._stack.currentWidget() is not self.view
        self._shown.answer = found
        if not found.picture.nodes:
            self._show_empty(missing=True)
            return
        self._stack.setCurrentWidget(self.view)
        self._states.content()
        self.view.editable = self.context.editable
        stay = self._grows and not first
        if not stay:
            self.moves.clear()
        self.view.show_picture(found.picture, stay=stay)
        if first:
            QTimer.singleShot(0, self.view.fit)
        self.bar.show_answer(found)
        self.panel.show_answer(found)
        self.panel.show()
        self._show_legend()
        wanted = self._wanted or ("" if found.fails else found.question.start)
        self.choose(next((ci for ci, uid in found.uids.items() if uid == wanted), None))
        self.find_bar.refresh()
        if self._refocus:  # the button that was pressed is gone
            self._refocus = False
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.panel.show_losses(None)
        if found.fails:
            self._asker.ask_losses(found)
        self.context.shell.refresh_actions()

    def _show_empty(self, *, missing: bool = False) -> None:
        self._shown.answer = None
        self.bar.show_answer(None)
        self.legend.hide()
        self.panel.hide()
        text = (
            tr(
                "The item that the map started from is not there at this moment. "
                "Start from another one: the map shows what it is related to, and what breaks when it fails."
            )
            if missing
            else ""
        )
        begin = MapStartView(self.context, text)
        begin.picked.connect(self._start_from)
        old = self._stack.widget(1)
        self._stack.addWidget(begin)
        self._stack.setCurrentWidget(begin)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._states.content()
        self._refresh_bar()

    def _refresh_bar(self) -> None:
        self.bar.show_question(self.question, self.can_step(-1), self.can_step(1))

    def _drafted(self) -> str:
        """The name of the draft that the picture shows the estate with, or ""."""
        draft = self.context.workspace.draft if self.context.editable else None
        return short_name(draft.name) if draft is not None else ""

    def note(self) -> str:
        """The date of the picture, and its limits."""
        return self._shown.note

    def _show_legend(self) -> None:
        if self.answer is not None:
            self.legend.show_picture(self.answer.picture, self.note())
        self.legend.setVisible(self._legend_wanted and self.answer is not None)

    def _toggle_legend(self) -> None:
        self._legend_wanted = not self._legend_wanted
        self._show_legend()

    # -- walking on -------------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Back (-1) or forward (1) through the questions asked."""
        self._trail.leave(self._places())
        wanted = self._trail.step(by)
        if wanted is not None:
            self._restore(*wanted, remember=False)

    def choose(self, ci: int | None, *, reveal: bool = False) -> None:
        """Selects a CI: on the map, in the outline, in the panel, with the path by which the failure reached it."""
        found = self.answer
        if found is None:
            return
        self._wanted = self._shown.uid(ci) or None
        self.view.select(ci, reveal=reveal)
        self.panel.outline.select(ci)
        self.panel.show_chosen(ci)
        trail = found.trail(ci) if ci is not None else []
        self.view.light(trail if len(trail) > 1 else ())
        self.context.shell.refresh_actions()
        if self._wanted:
            self._asker.describe(found, self._wanted)

    def _describe(self, found: Dependencies) -> None:
        if found.uid == self._wanted:
            self.panel.show_dependencies(found)

    def _show_uid(self, uid: str) -> None:
        """A name in the panel was clicked: selects it where it is drawn or known, else starts from it."""
        found = self.answer
        known = {one: ci for ci, one in found.uids.items()} if found is not None else {}
        if found is not None and uid in known:
            self.choose(known[uid], reveal=True)
        else:
            self.ask(self.question.starting(uid))

    def fail(self, uid: str) -> None:
        """Lets a CI fail, or work again if it does."""
        failing = uid in self.question.failed
        self._wanted = uid
        self._refocus = self.panel.isAncestorOf(QApplication.focusWidget() or self)
        self.ask(self.question.working(uid) if failing else self.question.failing(uid))

    def expand(self, ci: int) -> None:
        """Shows more of a CI's neighbours."""
        if self.answer is not None and ci in self.answer.uids:
            self._wanted = self.answer.uids[ci]
            self.ask(self.question.expanding(self.answer.uids[ci]))

    def impact(self) -> None:
        """What the selected CI, or the start, takes down: the question that Assets asks, too."""
        uid = self.chosen_uid or self.question.start
        if uid:
            self._wanted = None
            self.ask(MapQuestion(start=uid, mode=self.question.mode).failing(uid))

    def hide_class(self, ci: int) -> None:
        """Leaves the items of a CI's class out of the drawing."""
        if self.answer is not None:
            self.ask(self.question.hiding(self.answer.cls(ci)))

    def collapse(self, ci: int) -> None:
        """Hides the items that are drawn only because of a CI."""
        if self.answer is not None and ci in self.answer.uids:
            self._wanted = self.answer.uids[ci]
            self.ask(self.question.collapsing(self.answer.uids[ci]))

    def toggle(self, ci: int) -> None:
        """Enter or a double click: expands an item with hidden neighbours, otherwise collapses it."""
        node = self.answer.picture.nodes.get(ci) if self.answer is not None else None
        if node is not None and node.more:
            self.expand(ci)
        elif node is not None:
            self.collapse(ci)

    def load(self, saved: SavedView) -> None:
        """Shows a saved view, everything where it stood."""
        self._restore(saved.question, saved.positions)

    def _set_mode(self, mode: str) -> None:
        self.ask(replace(self.question, mode="radial" if mode == "radial" else "layered"))

    # -- actions ----------------------------------------------------------------------------------------------------

    @property
    def chosen_uid(self) -> str:
        """The selected CI, or ""."""
        return self._shown.uid(self.view.current)

    def page_actions(self) -> Sequence[Action]:
        """The actions for the selected CI and the map, in the order of the context menu."""
        view, shell = self.view, self.context.shell

        def chosen() -> bool:
            return bool(self.chosen_uid)

        def shown() -> bool:
            return self._shown.there

        def with_current(run: Callable[[int], object]) -> Callable[[], None]:
            def act() -> None:
                if view.current is not None:
                    run(view.current)

            return act

        handlers = {
            "map.fail": Handler(
                lambda: self.fail(self.chosen_uid), chosen, lambda: self.chosen_uid in self.question.failed
            ),
            "map.expand": Handler(with_current(self.expand), chosen),
            "map.collapse": Handler(with_current(self.collapse), chosen),
            "map.impact": Handler(self.impact, lambda: bool(self.chosen_uid or self.question.start)),
            "map.find": Handler(self.find_bar.open_bar, shown),
            "map.hide": Handler(with_current(self.hide_class), chosen),
            "map.unhide": Handler(
                lambda: self.ask(replace(self.question, hidden=())), lambda: bool(self.question.hidden)
            ),
            "map.start": Handler(lambda: self.ask(self.question.starting(self.chosen_uid)), chosen),
            "map.focus": Handler(with_current(view.focus_on), chosen),
            "map.connect": Handler(self.connect_chosen, chosen),
            "map.task": Handler(self.make_task, chosen),
            "map.open": Handler(lambda: shell.open_ci(self.chosen_uid), chosen),
            "map.clear": Handler(
                lambda: self.ask(replace(self.question, failed=(), depth=0)), lambda: bool(self.question.failed)
            ),
            "map.fit": Handler(lambda: view.fit(whole=True), shown),
            "map.larger": Handler(lambda: view.zoom(1.25), shown),
            "map.smaller": Handler(lambda: view.zoom(0.8), shown),
            "map.back": Handler(lambda: self.step(-1), lambda: self.can_step(-1)),
            "map.forward": Handler(lambda: self.step(1), lambda: self.can_step(1)),
        }
        legend = {"map.legend": Handler(self._toggle_legend, shown, lambda: self._legend_wanted)}

        def editable() -> bool:
            return self.context.editable

        return (
            *bind(LOOKING, handlers, editable),
            *self.saved_views.actions(),
            *self.files.actions(),
            *bind(LEGEND, legend, editable),
        )

    def can_step(self, by: int) -> bool:
        """Whether there is a question to go back (-1) or forward (1) to."""
        return self._trail.can_step(by)

    def make_task(self) -> None:
        """Opens the sheet for a task about the selected item."""
        answer, ci, uid = self._shown.answer, self.view.current, self.chosen_uid
        if answer is not None and ci is not None and uid:
            make_task(self.context, about=lambda _: [uid], what=answer.names[ci])

    def connect_chosen(self) -> None:
        """Opens the form that links the selected CI with another one."""
        self._links.connect_from(self.view.current)

    def _menu(self, ci: int, place: QPoint) -> None:
        if ci >= 0 and ci != self.view.current:
            self.choose(ci)
        wanted = [action for action in self.page_actions() if "context" in action.menus and action.enabled()]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, wanted, self.theme)
        self._add_verbs(menu)
        menu.popup(place)

    def _add_verbs(self, menu: QMenu) -> None:
        """What the register's verbs can do with the chosen item, as a menu of its own."""
        answer, ci, uid = self._shown.answer, self.view.current, self.chosen_uid
        if answer is None or ci is None or not uid:
            return
        name, cls = answer.names[ci], answer.cls(ci)
        below = menu.addMenu(menu_label(tr("Do with {name}", name=name)))
        fill_verbs(below, self.context, cls, lambda verb: run_verb(self.context, verb, lambda _: [uid], name, cls))
