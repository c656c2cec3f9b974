"""Machines that scans saw with their sockets: a web server, the database that it uses, and an address nobody has."""

from __future__ import annotations

from typing import Any

from app import import_proposal
from cmdb.model.control import Control
from cmdb.store.store import Store
from importers.inventory import reading


def scan_two_machines(store: Store) -> None:
    """db1 listens; web1 uses it, has a shell open on it, and talks to a machine that is in no record."""
    scan(store, "db1", "10.0.0.5", "DB01", listening_ports=[_listening(5432, "postgres"), _listening(22, "sshd")])
    scan(
        store, "web1", "10.0.0.2", "WB02",
        listening_ports=[_listening(443, "nginx")],
        connections=[_out("10.0.0.5", 5432, "nginx"), _out("10.0.0.5", 22, "ssh"), _out("203.0.113.9", 443, "nginx")],
    )  # fmt: skip


def scan(store: Store, name: str, address: str, serial: str, **own: Any) -> None:
    """Takes in the inventory of a machine with these sockets."""
    content = {
        "accesslog": {"logdate": "2026-11-02 08:00:00"},
        "bios": {"smanufacturer": "Dell", "smodel": "R660", "ssn": serial},
        "hardware": {"name": name, "chassis_type": "Rack Mount Chassis"},
        "networks": [{"description": "eth0", "mac": f"8c:16:45:01:02:{serial[-2:]}", "ipaddress": address,
                      "ipgateway": "10.0.0.1", "type": "ethernet"}],
        "operatingsystem": {"name": "Debian", "timezone": {"name": "UTC", "offset": "+0000"}},
        "terrier": own,
    }  # fmt: skip
    document = {"deviceid": f"{name}-1", "action": "inventory", "itemtype": "Computer", "content": content}
    proposal = import_proposal.propose(store, [reading(document)], "tester", Control(), "Scan")
    assert not proposal.rejected, proposal.problems
    store.apply(proposal.revision)


def _listening(port: int, process: str) -> dict[str, Any]:
    return {"protocol": "tcp", "address": "0.0.0.0", "port": port, "process": process}


def _out(remote: str, port: int, process: str) -> dict[str, Any]:
    return {"direction": "out", "protocol": "tcp", "local_address": "10.0.0.2", "remote_address": remote,
            "remote_port": port, "process": process, "count": 2}  # fmt: skip
