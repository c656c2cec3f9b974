"""What sections cost: 1,000 computers with all that a scan sees in rows, against the rows of their software.

Measured in CPU seconds of comparing and applying, and in the bytes that the estate's file grows by. Then a scan of all
of them again, with other free space, charge, addresses and processes: how many rows are written.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from result import Result
from sqlalchemy import func, select

from cmdb.model.observation import Observation, Reading
from cmdb.reconciliation import reconcile
from cmdb.reconciliation.software import SOFTWARE_SECTIONS
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.inventory import reading

COMPUTERS = 1_000
PACKAGES = 300
DETAILS = "software_details"
"""The section of what is said of software beyond what an installation is: it goes with the software."""


def document(number: int, look: int) -> dict[str, Any]:
    """The inventory of a computer: ``look`` is the number of the scan, by which only what is volatile differs."""
    one, now = Random(number), Random(number * 7 + look)
    name = f"pc-{number:04}"

    def serial() -> str:
        return f"{one.randrange(1 << 40):X}"

    def listed(count: int, **fields: Any) -> list[dict[str, Any]]:
        return [{key: value(n) if callable(value) else value for key, value in fields.items()} for n in range(count)]

    content: dict[str, Any] = {
        "versionclient": "bench",
        "hardware": {"name": name, "uuid": f"{number:08x}-0000-4000-8000-000000000000", "memory": 16384,
                     "chassis_type": "Notebook", "vmsystem": "Physical", "lastloggeduser": f"user{now.randrange(9)}"},
        "bios": {"ssn": f"SN{number:06}", "smanufacturer": "LENOVO", "smodel": "20XW0055GE", "bversion": "N32"},
        "operatingsystem": {"name": "Debian", "version": "12", "boot_time": f"2026-03-{1 + look:02} 07:00:00"},
        "cpus": listed(1, name="Core i7", core=4, thread=8, speed=2800),
        "memories": listed(4, numslots=int, caption=lambda n: f"DIMM {n}", capacity=8192,
                           serialnumber=lambda n: serial()),
        "storages": listed(2, name=lambda n: f"sd{n}", model="SSD", serial=lambda n: serial(), disksize=512110),
        "controllers": listed(25, name=lambda n: f"Controller {n}", pcislot=lambda n: f"00:{n:02x}.0", vendorid="8086"),
        "usbdevices": listed(10, name=lambda n: f"Device {n}", vendorid="046d", productid=lambda n: f"{n:04}",
                             serial=lambda n: serial() if n % 3 == 0 else ""),
        "monitors": listed(2, name="U2720Q", manufacturer="Dell", serial=lambda n: serial()),
        "inputs": listed(5, name=lambda n: f"Keyboard {n}"),
        "slots": listed(6, name=lambda n: f"Slot {n}", status="free"),
        "ports": listed(10, name=lambda n: f"J{n}", type="USB"),
        "sounds": listed(2, name=lambda n: f"Audio {n}"),
        "videos": listed(1, name="Iris Xe", memory=256),
        "batteries": [{"name": "BAT0", "serial": serial(), "capacity": 50000, "real_capacity": now.randrange(50000)}],
        "drives": listed(6, type=lambda n: f"/vol{n}", total=100_000, free=lambda n: now.randrange(100_000),
                         serial=lambda n: serial()),
        "networks": listed(8, description=lambda n: f"eth{n}",
                           mac=lambda n: f"02:00:{number >> 8:02x}:{number & 255:02x}:00:{n:02x}",
                           ipaddress=lambda n: f"10.{n}.{now.randrange(256)}.{now.randrange(256)}", ipdhcp="10.0.0.1",
                           status=lambda n: now.choice(("up", "down"))),
        "printers": listed(4, name=lambda n: f"Queue {n}", driver="PCL 6"),
        "local_users": listed(30, id=str, login=lambda n: f"user{n}", home=lambda n: f"/srv/user{n}", shell="/bin/sh"),
        "local_groups": listed(60, id=str, name=lambda n: f"group{n}"),
        "users": listed(2, login=lambda n: f"user{now.randrange(9)}"),
        "firewalls": listed(1, description="ufw", status="on"),
        "processes": listed(200, cmd=lambda n: f"/usr/bin/p{n} --x", user="root", pid=lambda n: now.randrange(1 << 16)),
        "softwares": listed(PACKAGES, name=lambda n: f"Package {n}", version=lambda n: f"{one.randrange(4)}.0",
                            publisher="Debian", arch="amd64", install_date="2026-01-05",
                            **{"from": "deb"}, filesize=lambda n: 1000 + n,
                            comments=lambda n: f"Does {n}"),
        "terrier": {
            "services": listed(100, name=lambda n: f"service{n}", manager="systemd", start="automatic", state="running",
                               pid=lambda n: now.randrange(1 << 16)),
            "scheduled_jobs": listed(20, name=lambda n: f"job{n}", manager="systemd", schedule="daily"),
            "listening_ports": listed(20, protocol="tcp", address="0.0.0.0", port=lambda n: 100 + n, process="d"),
        },
    }  # fmt: skip
    return {"deviceid": name, "action": "inventory", "itemtype": "Computer", "content": content}


def scans(look: int) -> list[Reading]:
    """An inventory of every computer."""
    found = [
        reading(document(number, look), observed_at=f"2026-03-{1 + look:02}T08:00:00Z") for number in range(COMPUTERS)
    ]
    return [replace(one, observed_at=f"2026-03-{1 + look:02}T08:00:00Z") for one in found]


def part(readings: Sequence[Reading], kept: str) -> list[Reading]:
    """The same with their ``software``, their ``sections``, the ``details`` of the software, or none of these."""

    def wanted(section: str) -> bool:
        if section in SOFTWARE_SECTIONS:
            return kept == "software"
        return kept == ("details" if section == DETAILS else "sections")

    def of(one: Observation) -> Observation:
        rows = {name: its for name, its in one.details.items() if wanted(name)}
        whole = tuple(filter(wanted, one.sections))
        return replace(one, installed=one.installed if kept == "software" else [], sections=whole, details=rows)

    return [replace(reading, observations=[of(one) for one in reading.observations]) for reading in readings]


def taken(store: Store, readings: list[Reading]) -> float:
    """The CPU seconds of comparing and applying."""
    start = time.process_time()
    with store.read() as reader:
        revision = reconcile(readings, StoreLookup(reader), store.schema, "bench").revision
    store.apply(revision)
    return time.process_time() - start


def size(store: Store) -> float:
    """The MiB of an estate's file."""
    with store.read() as reader:
        ask = reader._connection.exec_driver_sql
        pages, each = ask("PRAGMA page_count").scalar_one(), ask("PRAGMA page_size").scalar_one()
    return float(pages * each / (1 << 20))


def written(store: Store, table: Any) -> int:
    """The rows that the last revision wrote in a table."""
    with store.read() as reader:
        statement = select(func.count()).select_from(table).where(table.c.revision == reader.number)
        return int(reader._connection.execute(statement).scalar_one())


def measure(folder: Path, times: int) -> list[Result]:
    """Time and space against software, then the rows that a rescan writes. Once: it is many rows, and no race."""
    first, second = scans(0), scans(1)
    spent: dict[str, float] = {}
    grown: dict[str, float] = {}
    results: list[Result] = []
    for name in ("bare", "software", "sections", "details"):
        store = create_estate(folder / f"{name}.terrier")
        taken(store, part(first, "bare"))
        spent[name] = taken(store, part(first, name))
        grown[name] = size(store)
        if name == "sections":
            results.append(rescanned(store, part(second, name), written(store, tables.section)))
        store.close()
    for name, what in (("sections", "sections"), ("details", "details of the software")):
        title = f"{what} of {COMPUTERS:,} computers"
        for unit, cost in (("s", spent), ("MiB", grown)):
            ours, theirs = cost[name] - cost["bare"], cost["software"] - cost["bare"]
            results.append(Result(f"{title}, {'CPU' if unit == 's' else 'space'}", ours, theirs, 3.0, unit).told())
    return results


def rescanned(store: Store, readings: list[Reading], rows: int) -> Result:
    """The rows that a scan writes in which only volatile values differ."""
    changed = taken(store, readings)
    made, looks = written(store, tables.section), written(store, tables.sighting)
    again = taken(store, [replace(one, observed_at="2026-03-09T08:00:00Z") for one in readings])
    print(f"{rows / COMPUTERS:.0f} rows of sections each; rescanned in {changed:.1f} s, {looks:,} sightings; "
          f"unchanged in {again:.1f} s (CPU)")  # fmt: skip
    return Result("rows written by a rescan of volatile values", made, rows, 0.01, "rows").told()
