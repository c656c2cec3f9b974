"""Computes the map's answers in worker threads; only the answer to the latest question is shown."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.impact.dependencies import Dependencies
from app.impact.next_losses import CriticalLoss
from app.map.answer import MapAnswer
from app.map.answer_request import about, answer_at_once, losses_after, read_relationships
from app.map.question import MapQuestion
from cmdb.graph.results import Point
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message
from ui.context import Context


class MapAnswerLoader(QObject):
    """Late answers to earlier questions are dropped.

    ``answered`` carries an Answer, ``failed`` an error, ``losses`` what cannot be lost next and whether that is all,
    ``described`` the Dependencies of one CI.
    """

    answered = Signal(object)
    failed = Signal(object)
    losses = Signal(object, bool)
    described = Signal(object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._control = Control()
        self._reading: set[int | None] = set()
        self._latest: tuple[MapQuestion, Mapping[int, Point] | None, Mapping[str, Point] | None] | None = None

    def ask(
        self,
        question: MapQuestion,
        standing: Mapping[int, Point] | None = None,
        kept: Mapping[str, Point] | None = None,
    ) -> None:
        """Computes an answer. ``standing``: places that nodes keep; ``kept``: places of a saved view, by uid."""
        self._control.cancel()
        self._control = Control()
        self._latest = (question, standing, kept)
        workspace = self._context.workspace

        def done(found: MapAnswer | None) -> None:
            if found is not None:
                self.answered.emit(found)
            else:
                self._read()

        self._context.query(
            lambda reader: answer_at_once(workspace, reader, question, standing, kept),
            done,
            self.failed.emit,
            key=("map", id(self)),
            owner=self,
        )

    def _read(self) -> None:
        """Reads the relationships of a large estate, as a job that can be seen and stopped; then asks again."""
        at, workspace = self._context.moment.at, self._context.workspace
        if at in self._reading:
            return
        self._reading.add(at)

        def done(_: None) -> None:
            self._reading.discard(at)
            if self._latest is not None:
                self.ask(*self._latest)

        def failed(error: Exception) -> None:
            self._reading.discard(at)
            stopped = UserError(Message("Reading the relationships was stopped."))
            self.failed.emit(stopped if isinstance(error, Cancelled) else error)

        self._context.tasks.run(lambda: read_relationships(workspace, at), done, failed, owner=self, lane="slow")

    def ask_losses(self, found: MapAnswer) -> None:
        """Computes the CIs that cannot be lost next, in addition to the failed ones of an answer."""
        control = self._control

        def done(answer: tuple[list[CriticalLoss], bool]) -> None:
            self.losses.emit(*answer)

        self._context.query(
            lambda reader: losses_after(reader, found, control),
            done,
            self._unless_cancelled,
            key=("map losses", id(self)),
            owner=self,
        )

    def describe(self, found: MapAnswer, uid: str) -> None:
        """Computes the dependencies of one CI."""
        control = self._control

        def done(answer: Dependencies | None) -> None:
            if answer is not None:
                self.described.emit(answer)

        self._context.query(
            lambda reader: about(reader, found, uid, control),
            done,
            self._unless_cancelled,
            key=("map facts", id(self)),
            owner=self,
        )

    def _unless_cancelled(self, error: Exception) -> None:
        if not isinstance(error, Cancelled):
            self._context.shell.problem(error)
