"""The facts of a licence position, gathered from the register."""

from __future__ import annotations

from datetime import date

from cmdb.licences.engine.catalogue import Catalogue
from cmdb.licences.engine.facts import Facts
from cmdb.licences.record_facts import RecordFacts
from cmdb.licences.scoped_facts import ScopedFacts
from cmdb.model.control import Control
from cmdb.model.gc_pause import gc_paused
from cmdb.store.reading.reader import Reader
from cmdb.store.reading.software import SoftwareInventory

#: From so many installations on, what bears on no position is counted where it stands rather than fetched.
MANY = 50_000


def gather(
    reader: Reader, at: date, control: Control | None = None, catalogue: Catalogue | None = None, many: int = MANY
) -> Facts:
    """The facts as the reader's moment knows them. ``at`` is the day that rights will be judged on: what the register
    has retired since then still counts.

    With more than ``many`` installations, those that need no licence are only counted (``Facts.counted``), and of
    computers and people only those are fetched that the position asks about; what follows from the facts is the same,
    but that free copies are listed by how many, not by computer. Raises Cancelled through ``control``.
    """
    control = control or Control()
    software = SoftwareInventory(reader, control)
    records = RecordFacts(reader, at, control)
    base = records.base()
    if not software.exceeds(many):
        return records.all(base)
    with gc_paused():
        return ScopedFacts(records, software, base, catalogue or Catalogue.load(), control).facts()
