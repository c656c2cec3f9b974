"""Computes the licence position off the GUI thread, one computation at a time, the latest wish last."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cmdb.model.errors import Cancelled, UserError
from ui.context import Context
from ui.positions import positions_of

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Positions
    from cmdb.model.applied import Applied

#: Revisions that follow each other this closely (milliseconds) are taken in together.
PAUSE = 350

#: Attributes that a position is computed from; see ``cmdb.licences.register_facts``.
FACTS = frozenset(
    {
        "name", "status", "processor_sockets", "socket_capacity", "cores_per_processor", "virtual_cores",
        "processor_model", "memory", "operating_system", "os_edition", "os_version", "host", "cluster",
        "virtual_machines_move", "environment", "main_user", "assigned_to", "last_seen", "product", "publisher",
        "edition", "version", "metric", "quantity", "pack_size", "channel", "start", "end", "maintenance_until",
        "base_entitlement", "device", "agreement", "purchase_order", "invoice", "cost", "currency", "unit_cost",
        "unlimited", "secondary_use", "ilmt", "sku", "class",
    }
)  # fmt: skip
#: Kinds of records that say nothing about licences.
_QUIET = frozenset({"saved_view", "mapping", "lock", "attachment", "snapshot", "group", "claim", "ci"})


def concerns(applied: Applied) -> bool:
    """Whether a revision touches what a licence position depends on."""
    if applied.created or applied.deleted or applied.kinds - _QUIET:
        return True
    return bool(applied.fields & FACTS)


class Counting(QObject):
    """Computes positions. While one computation runs, the next wish waits; only the last one is then computed."""

    counted = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._wish: tuple[date, int | None] | None = None
        self._running = False
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._start)

    def ask(self, day: date, *, soon: bool = False) -> None:
        """Computes the position of a day at the moment shown: at once, or ``soon``, with what else may come."""
        self._wish = (day, self._context.moment.at)
        if soon:
            self._soon.start()
        else:
            self._start()

    def _start(self) -> None:
        self._soon.stop()
        if self._running:
            self._again = True
            return
        assert self._wish is not None
        wish, self._running, self._again = self._wish, True, False
        self.busy.emit(True)

        def done(found: Positions) -> None:
            if self._finish(wish):
                self.counted.emit(found)

        def failed(error: Exception) -> None:
            if self._finish(wish):
                stopped = isinstance(error, Cancelled)
                self.failed.emit(UserError("Counting licences was stopped.") if stopped else error)

        known, jobs = self._context.remembered, self._context.workspace.jobs
        self._context.query(
            lambda reader: positions_of(known, reader, wish[0], jobs), done, failed, owner=self, lane="slow"
        )

    def _finish(self, wish: tuple[date, int | None]) -> bool:
        """Ends a computation; whether its answer is still wanted."""
        self._running = False
        wanted = wish == self._wish
        if self._again:
            self._start()
        else:
            self.busy.emit(False)
        return wanted
