"""Switches that tell of neighbours which are no record."""

from __future__ import annotations

from app import import_proposal
from cmdb.store.store import Store
from importers.inventory import reading

CAM, AP = "00:40:8c:11:22:33", "2c:6b:f5:98:f9:70"


def take(store: Store, name: str, day: int, *neighbours: dict[str, str]) -> None:
    """Takes in what a switch says of its neighbours."""
    ports = [{"ifname": f"Gi{n}", "iftype": 6, "connections": [one]} for n, one in enumerate(neighbours, 1)]
    content = {
        "network_device": {"type": "Networking", "name": name, "model": "Catalyst 9300"},
        "network_ports": ports, "versionclient": "x",
    }  # fmt: skip
    document = {"deviceid": name, "itemtype": "NetworkEquipment", "content": content}
    proposal = import_proposal.propose(store, [reading(document, "", f"2026-03-0{day}T08:00:00Z")], "tester")
    assert [str(one.message) for one in proposal.problems] == []
    store.apply(proposal.revision)


def see_neighbours(store: Store) -> None:
    """Two switches that see each other, an access point, and two more that say little."""
    ap = {"sysname": "ap-1", "sysmac": AP, "ip": "10.0.0.9", "sysdescr": "Cisco Aironet 2802I"}
    take(store, "sw-1", 1, ap, {"sysmac": CAM}, {"sysname": "printer-7"}, {"sysname": "sw-2"})
    take(store, "sw-2", 2, ap, {"sysname": "SW-1"})
