"""A server that is in the register twice, with everything that may name a record."""

from __future__ import annotations

from typing import Any

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.revision import Edit, Record, new_id
from cmdb.register.merging import merge
from tests.cmdb.estates import Hand
from tests.cmdb.grouped_links import joined
from tests.cmdb.store.estate_snapshot import picture

SHEET, SCAN = "sheet:stock.xlsx", "scan:agent"
JANUARY, MARCH = "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"


class DoubledServer:
    """A server that is in the register twice, with everything that may name a record."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        made: list[Edit] = []

        def make(cls: str, name: str, **values: Any) -> str:
            made.append(hand.new(cls, name, **values))
            return made[-1].record.key[0]

        self.kept = make("server", "srv-1", asset_tag="T-1", notes="by hand")
        self.other = make("server", "SRV-01", asset_tag="T-01", serial_number="S/01")
        self.third = make("server", "srv-one")
        self.database, self.switch = make("database_instance", "db"), make("switch", "sw")
        self.anna, self.task = make("person", "Anna"), make("task", "Look at it")
        self.guest = make("virtual_machine", "vm", host=self.other)
        self.apply(*made)
        self.group = new_id()
        d, k, o = self.database, self.kept, self.other
        self.apply(
            Edit(Record("claim", (k, SHEET)), "", None, {"memory": [1024, JANUARY], "order_number": ["A", MARCH]}),
            Edit(Record("claim", (o, SHEET)), "", None, {
                "memory": [2048, MARCH], "order_number": ["B", JANUARY], "evidence.mac": [["00:50:aa:00:00:01"], MARCH],
            }),
            Edit(Record("claim", (self.guest, SHEET)), "host", None, [self.other, JANUARY]),
            Edit(Record("claim", (self.guest, SCAN)), "host", None, [self.third, MARCH]),
            Edit(Record("relationship", ("runs_on", d, k)), "", None, {"note": "one"}),
            Edit(Record("relationship", ("connected_to", *sorted((o, self.switch)))), "", None, {"note": "port 7"}),
            *self.installed(k, "Editor"), *self.installed(o, "Editor", user=self.anna), *self.installed(o, "Shell"),
            Edit(Record("sighting", (k, SCAN, "software")), "", None, {"observed": JANUARY}),
            Edit(Record("sighting", (o, SCAN, "software")), "", None, {"observed": MARCH}),
            Edit(Record("decision", (new_id(),)), "", None, {
                "state": "open", "candidates": [{"uid": o, "choice": "1"}, {"uid": k, "choice": "2"}],
                "outcome": f"same:{o}",
            }),
            Edit(Record("lock", (new_id(),)), "", None, {"ci": o, "attribute": "memory"}),
            self.happened(o, field="status", before="In stock"), self.happened(self.guest, field="host", after_ref=o),
            self.happened(self.guest, field="host", before_ref=o, after_ref=k),
            Edit(Record("relationship", ("concerns", self.task, o)), "", None, {}),
        )  # fmt: skip
        to_other = Record("relationship", ("runs_on", d, o))
        self.apply(
            Edit(Record("group", (self.group,)), "", None, {"owner": d, "label": "pair", "needs": "1"}),
            Edit(to_other, "", None, {"alone": False, "note": "two"}),
            joined(to_other, self.group),
        )
        self.before = picture(hand.store)

    def apply(self, *edits: Edit) -> AppliedRevision:
        return self.hand.apply(*edits)

    @staticmethod
    def happened(record: str, **fields: Any) -> Edit:
        """Something that a verb did to a record."""
        return Edit(
            Record("event", (new_id(),)),
            "",
            None,
            {"record": record, "at": 1_700_000_000_000, "what": "move", **fields},
        )

    @staticmethod
    def installed(computer: str, product: str, **fields: Any) -> list[Edit]:
        return [Edit(Record("installation", (computer, "", "Acme", product, "", "1")), "", None, fields)]

    def merge(self, *uids: str) -> AppliedRevision:
        with self.hand.store.read() as reader:
            return self.hand.store.apply(merge(reader, uids or (self.other,), self.kept, "tester"))
