"""The map page: asks, shows the answer, and lets the person walk on from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.map.answer import Answer, answer
from app.map.facts import gather, next_losses
from app.map.question import Question
from app.map.views import SavedView
from cmdb.graph.results import Point
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.revision import now
from ui.actions import Action, fill_menu
from ui.context import Context
from ui.graph.legend import Legend
from ui.graph.view import GraphView
from ui.page import Page
from ui.pages.map.actions import map_actions
from ui.pages.map.bar import Bar
from ui.pages.map.editing import Editing
from ui.pages.map.empty import BeginHere
from ui.pages.map.keeping import Keeping
from ui.pages.map.panel import FAR, Panel
from ui.widgets.card import Card
from ui.widgets.dates import moment
from ui.widgets.layout import box, column
from ui.widgets.states import States

if TYPE_CHECKING:
    from cmdb.model.applied import Applied
    from cmdb.store.reading.reader import Reader

#: Revisions of these record kinds change what is drawn.
_KINDS = {"ci", "relationship", "group"}


class MapPage(Page):
    """What hangs together around a CI; what fails with one, and why. Everything is worked out in worker threads."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.question = Question()
        self.answer: Answer | None = None
        self._trail: list[Question] = []
        self._at = -1
        self._control = Control()
        self._fetching: set[int | None] = set()
        self._wanted: str | None = None
        self.keeping = Keeping(self)
        self._editing = Editing(self)
        self.bar = Bar(context, self.keeping.fill_views, self.keeping.fill_export)
        self.view = GraphView(self.theme)
        self.legend = Legend(self.theme)
        self.panel = Panel(self.theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._states = States(self.theme, self._stack)
        self._build()
        self._connect()

    def _build(self) -> None:
        card = Card(margins=(16, 12, 16, 8))
        card.add(self.bar)
        card.body.addSpacing(4)
        card.add(self._states, 1)
        card.add(self.legend)
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([930, 300])
        self.panel.setMinimumWidth(260)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(box(column(self.splitter, margins=(16, 14, 16, 16))))

    def _connect(self) -> None:
        bar, view, panel = self.bar, self.view, self.panel
        bar.searched.connect(lambda uid: self.ask(self.question.starting(uid)))
        bar.depth_changed.connect(lambda depth: self.ask(replace(self.question, depth=depth)))
        bar.breadth_changed.connect(lambda breadth: self.ask(replace(self.question, breadth=breadth)))
        bar.mode_changed.connect(self._set_mode)
        bar.stepped.connect(self.step)
        bar.fitted.connect(view.fit)
        view.picked.connect(self.choose)
        view.cleared.connect(lambda: self.choose(None))
        view.opened.connect(self.toggle)
        view.expanded.connect(self.expand)
        view.asked.connect(self._menu)
        view.connected.connect(self._editing.offer_links)
        panel.outline.picked.connect(lambda ci: self.choose(ci, reveal=True))
        panel.outline.opened.connect(self.toggle)
        panel.picked.connect(self._show_uid)
        panel.failed.connect(self.fail)
        panel.started.connect(lambda uid: self.ask(self.question.starting(uid)))
        panel.opened.connect(self.context.shell.open_ci)
        panel.offered.connect(self._editing.record)

    # -- coming and going -------------------------------------------------------------------------------------------

    def opened(self, **params: Any) -> None:
        """Starts from the CI ``uid`` (with ``impact``: lets it fail), from a question's document, or goes on."""
        uid = params.get("uid", "")
        if uid:
            wanted = Question(start=uid, mode=self.question.mode)
            self._wanted = None
            self.ask(wanted.failing(uid) if params.get("impact") else wanted)
        elif params.get("start") or params.get("failed"):
            self.ask(Question.of(params))
        elif self.question.start:
            self.ask(self.question, remember=False)
        else:
            self._show_empty()

    def state(self) -> dict[str, Any]:
        """The question."""
        return self.question.document() if self.question.start else {}

    def changed(self, applied: Applied) -> None:
        """Draws again what may look different, everything where it is."""
        if applied.kinds & _KINDS and self.question.start:
            self.ask(self.question, remember=False)

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    # -- asking -----------------------------------------------------------------------------------------------------

    def ask(self, question: Question, *, remember: bool = True, positions: Mapping[str, Point] | None = None) -> None:
        """Works out a question in a worker and shows its answer. ``positions`` (by uid) are of a saved view."""
        if remember and question != self.question:
            del self._trail[self._at + 1 :]
            self._trail.append(question)
            self._at = len(self._trail) - 1
        self.question = question
        self._refresh_bar()
        before = self.answer.question if self.answer is not None else None
        grows = question.grows_from(before)
        standing = self.view.positions if grows else None
        self._control.cancel()
        self._control = Control()
        self._states.loading()

        def work(reader: Reader) -> Answer | None:
            graph = self.context.workspace.graphs.at_once(reader)
            if graph is None:
                return None
            stay = standing
            if positions:
                inner = reader.inner(positions)
                stay = {inner[uid]: place for uid, place in positions.items() if uid in inner}
            return answer(reader, graph, question, stay)

        def done(found: Answer | None) -> None:
            if found is not None:
                self._show(found, stay=grows)
            else:
                self._fetch(positions)

        self.context.query(
            work,
            done,
            lambda error: self._states.failed(error, lambda: self.ask(question, remember=False)),
            key=("map", id(self)),
            owner=self,
        )

    def _fetch(self, positions: Mapping[str, Point] | None) -> None:
        """Reads what hangs together in a large estate, as a job that is seen and can be stopped; then asks again."""
        at, workspace = self.context.moment.at, self.context.workspace
        if at in self._fetching:
            return
        self._fetching.add(at)

        def read(control: Control) -> None:
            with workspace.store.read(at) as reader:
                workspace.graphs.of(reader, control)

        def done(_: None) -> None:
            self._fetching.discard(at)
            if self.question.start:
                self.ask(self.question, remember=False, positions=positions)

        def failed(error: Exception) -> None:
            self._fetching.discard(at)
            stopped = UserError("Reading what hangs together was stopped.")
            shown = stopped if isinstance(error, Cancelled) else error
            self._states.failed(shown, lambda: self.ask(self.question, remember=False))

        self.context.tasks.run(
            lambda: workspace.jobs.run("Reading what hangs together", read), done, failed, owner=self, lane="slow"
        )

    def _show(self, found: Answer, *, stay: bool) -> None:
        first = self._states.name != "content" or self._stack.currentWidget() is not self.view
        self.answer = found
        if not found.picture.nodes:
            self._show_empty(missing=True)
            return
        self._stack.setCurrentWidget(self.view)
        self._states.content()
        self.view.editable = self.context.editable
        self.view.show_picture(found.picture, stay=stay and not first)
        if first:
            QTimer.singleShot(0, self.view.fit)
        self.bar.show_answer(found)
        self.panel.show_answer(found)
        self.panel.show()
        self._legend()
        wanted = self._wanted or ("" if found.impact.failed else found.question.start)
        self.choose(next((ci for ci, uid in found.uids.items() if uid == wanted), None))
        self._ask_losses(found)
        self.context.shell.refresh_actions()

    def _show_empty(self, *, missing: bool = False) -> None:
        self.answer = None
        self.bar.show_answer(None)
        self.legend.hide()
        self.panel.hide()
        text = "The item that the map started from is not there at this moment. " if missing else ""
        begin = BeginHere(self.context, text)
        begin.picked.connect(lambda uid: self.ask(self.question.starting(uid)))
        old = self._stack.widget(1)
        self._stack.addWidget(begin)
        self._stack.setCurrentWidget(begin)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._states.content()
        self._refresh_bar()

    def _ask_losses(self, found: Answer) -> None:
        self.panel.show_losses(None)
        if found.impact.failed:
            control = self._control
            self.context.query(
                lambda reader: next_losses(reader, found, control),
                lambda losses: self.panel.show_losses(*losses),
                self._unless_cancelled,
                key=("map losses", id(self)),
                owner=self,
            )

    def _unless_cancelled(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self.context.shell.problem(error)

    def _refresh_bar(self) -> None:
        self.bar.show_question(self.question, self.can_step(-1), self.can_step(1))

    def note(self) -> str:
        """When the picture is from, and its limits."""
        when = self.context.moment.label or moment(now())
        return f"{when} · depth {self.question.steps}, breadth {self.question.breadth}"

    def _legend(self) -> None:
        if self.answer is not None:
            self.legend.show_picture(self.answer.picture, self.note())
            self.legend.setVisible(self.keeping.legend_wanted)

    # -- walking on -------------------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Back (-1) or forward (1) through the questions asked."""
        if self.can_step(by):
            self._at += by
            self.ask(self._trail[self._at], remember=False)

    def choose(self, ci: int | None, *, reveal: bool = False) -> None:
        """Selects a CI: on the map, in the outline, in the panel, with the path by which the failure reached it."""
        found = self.answer
        if found is None:
            return
        self._wanted = found.uids.get(ci) if ci is not None else None
        self.view.select(ci, reveal=reveal)
        self.panel.outline.select(ci)
        self.panel.show_chosen(ci)
        hit = ci is not None and bool(found.impact.failed) and ci in found.graph
        near = hit and ci is not None and found.impact.steps(ci) <= FAR
        trail = found.impact.path(ci) if near and ci is not None else []
        self.view.light(trail if len(trail) > 1 else ())
        self.context.shell.refresh_actions()
        if self._wanted:
            uid, control = self._wanted, self._control
            self.context.query(
                lambda reader: gather(reader, found.graph, uid, control),
                lambda facts: self.panel.show_facts(facts) if self._wanted == uid else None,
                self._unless_cancelled,
                key=("map facts", id(self)),
                owner=self,
            )

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
        self.ask(self.question.working(uid) if failing else self.question.failing(uid))

    def expand(self, ci: int) -> None:
        """Shows more of a CI's neighbours."""
        if self.answer is not None and ci in self.answer.uids:
            self._wanted = self.answer.uids[ci]
            self.ask(self.question.expanding(self.answer.uids[ci]))

    def collapse(self, ci: int) -> None:
        """Hides what is drawn only because of a CI."""
        if self.answer is not None and ci in self.answer.uids:
            self._wanted = self.answer.uids[ci]
            self.ask(self.question.collapsing(self.answer.uids[ci]))

    def toggle(self, ci: int) -> None:
        """Enter or a double click: expands what hides something, else collapses."""
        node = self.answer.picture.nodes.get(ci) if self.answer is not None else None
        if node is not None and node.more:
            self.expand(ci)
        elif node is not None:
            self.collapse(ci)

    def load(self, saved: SavedView) -> None:
        """Shows a saved view, everything where it stood."""
        self.answer = None
        self.ask(saved.question, positions=saved.positions)

    def _set_mode(self, mode: str) -> None:
        self.ask(replace(self.question, mode="radial" if mode == "radial" else "layered"))

    # -- actions ----------------------------------------------------------------------------------------------------

    @property
    def chosen_uid(self) -> str:
        """The selected CI, or ""."""
        ci = self.view.current
        return self.answer.uids[ci] if self.answer is not None and ci is not None else ""

    def page_actions(self) -> Sequence[Action]:
        """What can be done with the selected CI and with the map."""
        return map_actions(self)

    def can_step(self, by: int) -> bool:
        """Whether there is a question to go back (-1) or forward (1) to."""
        return 0 <= self._at + by < len(self._trail)

    def connect_chosen(self) -> None:
        """Opens the form that links the selected CI with another one."""
        self._editing.connect_chosen()

    def _menu(self, ci: int, place: QPoint) -> None:
        if ci >= 0 and ci != self.view.current:
            self.choose(ci)
        wanted = [action for action in self.page_actions() if "context" in action.menus and action.enabled()]
        menu = QMenu(self)
        fill_menu(menu, wanted, self.theme)
        menu.popup(place)

    def dialog_parent(self) -> QWidget:
        """Over what a file dialog stands."""
        return self.window()
