"""The licence position, computed once and remembered for all pages that show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.answer_cache import AnswerCache
from app.dependence import Dependence
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.revision import KINDS

if TYPE_CHECKING:
    from app.jobs import Jobs
    from cmdb.licences.engine.results import Positions
    from cmdb.store.reading.reader import Reader


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
#: Kinds of records that have no influence on licences.
_WITHOUT_INFLUENCE = frozenset(
    {
        "saved_view",
        "mapping",
        "lock",
        "attachment",
        "reservation",
        "comment",
        "watch",
        "result",
        "snapshot",
        "group",
        "membership",
        "alias",
        "claim",
        "end_of_life",
        "ci",
    }
)
DEPENDENCE = Dependence(FACTS, frozenset(KINDS) - _WITHOUT_INFLUENCE, None)
"""The dependence of the licence positions."""


def positions_at(reader: Reader, at: date, control: Control) -> Positions:
    """The licence position of a day, as the register was at the reader's moment. Raises Cancelled."""
    from cmdb.licences.engine.position import position
    from cmdb.licences.register_facts import gather

    with reader.cancellable(control):
        facts = gather(reader, at, control)
    return position(facts, at, control=control)


def positions_of(remembered: AnswerCache, reader: Reader, at: date, jobs: Jobs) -> Positions:
    """The licence position of a day, as ``positions_at``; in a worker. Computed once per revision, and per draft.

    It is a job that is shown when it takes long, and that can be stopped. Raises Cancelled.
    """
    return remembered.get(
        "licence_positions_with_draft" if reader.draft else "licence_positions",
        (*reader.moment, at),
        lambda: jobs.run(Message("Counting licences"), lambda control: positions_at(reader, at, control)),
    )
