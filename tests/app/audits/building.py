"""A building with a store of twenty things, an office next door, and what is in neither, for tests of audits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import renewal
from app.audits.running import start
from app.audits.scanning import CodeRead, ScanAnswer, record_scans
from app.audits.sheets import AuditSheet, audit_sheet
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.audits import AuditScope
from cmdb.model.revision import Edit, Revision
from cmdb.register import edits
from cmdb.store.store import Store
from tests.cmdb.estates import Hand

STORED = 20


@dataclass
class Building:
    """Ids of what is in it; tags are A1 to A20 in the store."""

    store: Store
    site: str
    room: str
    office: str
    depot: str
    person: str
    items: list[str]
    neighbour: str
    retired: str
    lost: str

    def started(self, scope: AuditScope | None = None, **how: Any) -> str:
        """Starts an audit of the store."""
        with self.store.read() as reader:
            revision = start(reader, scope or AuditScope(self.room), "Bea", **how)
        self.store.apply(revision)
        return next(iter(revision.edits)).record.key[0]

    def scan(self, audit: str, *codes: str | CodeRead, place: str = "", by: str = "Bea") -> tuple[ScanAnswer, ...]:
        """Scans codes in the store, or in another place."""
        reads = [CodeRead(one) if isinstance(one, str) else one for one in codes]
        with self.store.read() as reader:
            scanned = record_scans(reader, audit, reads, by, place=place or self.room, device="RTM-7")
        self.store.apply(scanned.revision)
        return scanned.answers

    def do(self, make: Any, *given: Any, **named: Any) -> AppliedRevision:
        """Writes a revision that a use case makes."""
        return renewal.edit(self.store, lambda reader: make(reader, *given, **named), self.store.apply)

    def sheet(self, audit: str) -> AuditSheet:
        """An audit as it stands."""
        with self.store.read() as reader:
            return audit_sheet(reader, audit)

    def get(self, uid: str) -> dict[str, Any]:
        """The values of a record."""
        with self.store.read() as reader:
            return dict(reader.get(uid).values)

    def number(self) -> int:
        """The latest revision."""
        with self.store.read() as reader:
            return reader.number


def build(store: Store) -> Building:
    """Builds it."""
    hand = Hand(store)
    site = hand.make("site", "Rotterdam")
    room, office = (hand.make("room", name, location=site) for name in ("Store", "Office 2.01"))
    depot = hand.make("site", "Depot")
    person = hand.make("person", "Stefan Behrens", email="stefan@harbour.example")
    model = hand.make("hardware_model", "Latitude 7440")

    def item(name: str, tag: str, place: str, status: str = "In stock", **values: Any) -> Edit:
        values = {"location": place, "model": model, "status": status, "asset_tag": tag, **values}
        return hand.new("laptop", name, **values)

    made = [item(f"LT-{n}", f"A{n}", room) for n in range(1, STORED + 1)]
    made.append(item("LT-90", "A90", office, "Deployed", assigned_to=person))
    made.append(item("LT-91", "A91", depot, "Retired"))
    made.append(item("LT-92", "A92", room, "Lost"))
    made.append(item("LT-93", "A93", room, "In repair"))
    hand.apply(*made)
    uids = [one.record.key[0] for one in made]
    return Building(store, site, room, office, depot, person, uids[:STORED], *uids[STORED : STORED + 3])


def changed(building: Building, uid: str, **values: Any) -> None:
    """Sets values of a record by hand."""
    with building.store.read() as reader:
        building.store.apply(edits.set_values(reader, [uid], values, "Bea"))


def forget(building: Building, number: int) -> None:
    """Takes back all that was written after a revision, the latest first."""
    from cmdb.register import history

    for one in range(building.number(), number, -1):
        history.undo(building.store, one, "Bea")


__all__ = ["Building", "Revision", "build", "changed", "forget"]
