"""From readings to decisions through the store: what is proposed can be applied, and is found again."""

from __future__ import annotations

from cmdb.model.claims import kind_of
from cmdb.model.observation import (
    InstalledSoftware,
    NamedReference,
    Observation,
    ObservedEvent,
    ObservedInstallation,
    ObservedLink,
    Origin,
    Reading,
)
from cmdb.model.revision import now
from cmdb.reconciliation import Proposal, decide, reconcile
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from tests.cmdb.reconciliation.estate import scan, sheet


def take(store: Store, *readings: Reading) -> Proposal:
    with store.read() as reader:
        proposal = reconcile(list(readings), StoreLookup(reader), store.schema, author="tester")
    store.apply(proposal.revision)
    return proposal


def readings(when: str) -> list[Reading]:
    laptops = [
        Observation(
            "laptop",
            {
                "name": f"nb-{n}", "serial_number": f"PF1ABC{n:02}", "asset_tag": f"A-{n}", "memory": 8192,
                "manufacturer": NamedReference("manufacturer", "LENOVO"),
                "model": NamedReference("hardware_model", "T14"),
                "assigned_to": NamedReference("person", f"Person {n % 3}"),
                "location": NamedReference("place", "Lyon / Floor 2"),
                "mac_address": f"00-1B-21-00-00-{n:02}",
            },
            Origin("assets.xlsx", "Assets", n + 2),
        )
        for n in range(10)
    ]  # fmt: skip
    servers = [Observation("server", {"name": f"esx-{n}"}) for n in (1, 2)]
    links = [
        ObservedLink(
            NamedReference("", "erp"),
            "depends_on",
            NamedReference("", f"esx-{n}"),
            "Hosts",
            "1",
            Origin("l.xlsx", "R", n),
        )
        for n in (1, 2)
    ]
    machine = Observation(
        "laptop",
        {"name": "nb-3", "host_name": "nb-3", "serial_number": "PF1ABC03", "memory": 16384, "machine_id": "1a" * 16},
        evidence={"mac": ["00:1b:21:00:00:03", "00:1b:21:00:01:03"], "board_serial": ["B-3"], "disk_serial": ["D-333"]},
        installed=[
            InstalledSoftware("vim", version="9", origin="deb"),
            InstalledSoftware("git", version="2", origin="deb"),
        ],
        sections=("software",),
    )
    stated = [
        ObservedInstallation(
            NamedReference("computer", "esx-1"),
            InstalledSoftware("Oracle Database", "Oracle", user="Person 1", origin="sheet"),
        )
    ]
    return [
        sheet(*laptops, *servers, Observation("application", {"name": "erp"}), links=links, observed=when),
        scan(machine, observed="2026-03-02T10:00:00Z"),
        sheet(file="software.csv", installations=stated, observed=when),
    ]


def test_taken_in_found_again_and_decided(store: Store) -> None:
    first = take(store, *readings(now()))
    assert (first.rejected, first.problems, first.review) == (0, [], [])
    assert (first.created, first.relationships, first.installed) == (10 + 3 + 3 + 2 + 2, 2, 3)
    with store.read() as reader:
        assert reader.find("nb-3").values["memory"] == 16384
        installed = reader.installations(reader.find("nb-3").uid)
        assert [(one.product, kind_of(one.stated_by[0])) for one in installed] == [("git", "scan"), ("vim", "scan")]
    again = take(store, *readings(now()))
    assert (again.created, again.updated, list(again.revision.edits)) == (0, 0, [])

    moved = Observation("laptop", {"name": "nb-3", "serial_number": "PF1ABC07", "machine_id": "1a" * 16})
    (item,) = take(store, scan(moved, host="stick", observed="2026-03-09T10:00:00Z")).review
    assert {o.name for o in item.options if o.uid} == {"nb-3", "nb-7"}
    with store.read() as reader:
        proposal = decide(StoreLookup(reader), store.schema, item.id, "nb-7", "anna")
    store.apply(proposal.revision)
    with store.read() as reader:
        assert reader.find("nb-7").values["machine_id"] == "1a" * 16


def test_the_events_of_a_log_are_written_once(store: Store) -> None:
    take(store, sheet(Observation("laptop", {"name": "nb-1", "serial_number": "PF1ABC01"}), file="assets.csv"))
    take(store, sheet(Observation("person", {"name": "Ida Holm"}), file="people.csv"))
    item, holder = NamedReference("", "PF1ABC01"), NamedReference("", "Ida Holm")
    log = [ObservedEvent(item, 1_700_000_000_000 + n, "hand_over", holder if n else None) for n in range(3)]
    assert take(store, sheet(events=log, file="log.csv")).events == 3
    assert take(store, sheet(events=log, file="log.csv")).events == 0
    with store.read() as reader:
        uid = reader.find("nb-1").uid
        assert StoreLookup(reader).holder_events([uid]) == {
            (uid, 1_700_000_000_000 + n, reader.find("Ida Holm").uid if n else None) for n in range(3)
        }
