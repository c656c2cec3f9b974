"""A made-up estate of any size, the same every time: for measuring, and for tests that need many records.

``python bench/estate.py FILE --records 100000`` creates one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cmdb.revision import Edit, Record

FIRST = ("Ada", "Ben", "Chloé", "Dirk", "Eva", "Femi", "Greta", "Hugo", "Ines", "Jan", "Kaya", "Lars", "Mina", "Noor")
LAST = ("Abel", "Brandt", "Costa", "Dubois", "Engel", "Fischer", "García", "Holm", "Ito", "Jansen", "Koch", "Lund")
MAKERS = ("Lenovo", "Dell", "HP", "Apple", "Fujitsu")
SYSTEMS = ("Windows 11 Pro", "Windows 10 Pro", "Debian 12", "macOS 14")
STATUSES = ("Deployed", "Deployed", "Deployed", "In stock", "In repair", "Retired")
COLUMNS = (
    "Asset tag", "Serial number", "Name", "Class", "Status", "Manufacturer", "Model", "Assigned to", "Department",
    "Location", "Supplier", "Purchase date", "Purchase cost", "Order number", "Warranty until", "Operating system",
    "Memory", "Host name", "Cost centre", "Notes",
)  # fmt: skip


def uid(kind: int, number: int) -> str:
    """The id of the estate's ``number``-th record of a kind: a UUIDv7 of a fixed day."""
    return f"01900000-{kind:04x}-7000-8000-{number:012x}"


@dataclass(frozen=True)
class Estate:
    """``records`` CIs: a tenth people, a fiftieth places, models and departments, a twentieth servers and services, the
    rest laptops; every person has one, servers stand in racks of sites, services depend on pairs of servers.

    Iterating gives the edits that create them, referred-to records first; it may be done again.
    """

    records: int
    seed: int = 1

    def __iter__(self) -> Iterator[Edit]:
        """The edits, made as they are asked for."""
        chance = random.Random(self.seed)
        few = max(4, min(200, self.records // 50))
        people, servers = self.records // 10, max(2, self.records // 25)
        services = max(1, self.records // 100)
        laptops = self.records - 4 * few - people - servers - services
        for number in range(few):
            yield _ci(1, number, "site", f"Site {number:03d}")
            yield _ci(2, number, "department", f"Department {number:03d}")
            yield _ci(3, number, "manufacturer", f"Maker {number:03d}")
            yield _ci(4, number, "hardware_model", f"Model {number:03d}", manufacturer=uid(3, number))
        for number in range(people):
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {number:06d}"
            email = f"p{number}@example.org"
            yield _ci(5, number, "person", name, email=email, department=uid(2, number % few))
        for number in range(servers):
            yield _ci(
                6, number, "server", f"srv-{number:06d}", asset_tag=f"S{number:07d}", location=uid(1, number % few),
                memory=chance.choice((32768, 65536, 131072)), model=uid(4, number % few), status="Deployed",
            )  # fmt: skip
        for number in range(max(0, laptops)):
            yield self._laptop(number, few, people, chance)
        for number in range(services):
            yield _ci(8, number, "technical_service", f"Service {number:05d}")
            group = uid(9, number)
            yield Edit(Record("group", (group,)), "", None, {"owner": uid(8, number), "label": "servers", "needs": "1"})
            for server in {2 * number % servers, (2 * number + 1) % servers}:
                key = ("depends_on", uid(8, number), uid(6, server))
                yield Edit(Record("relationship", key), "", None, {"group": group})

    @staticmethod
    def _laptop(number: int, few: int, people: int, chance: random.Random) -> Edit:
        values: dict[str, Any] = {
            "asset_tag": f"L{number:07d}",
            "serial_number": f"SN{number * 7919 % 100_000_000:08d}",
            "status": chance.choice(STATUSES),
            "model": uid(4, number % few),
            "manufacturer": uid(3, number % few),
            "location": uid(1, number % few),
            "department": uid(2, number % few),
            "memory": chance.choice((8192, 16384, 32768)),
            "operating_system": chance.choice(SYSTEMS),
            "purchase_date": f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            "purchase_cost": float(chance.randint(500, 3000)),
        }
        if people:
            values["assigned_to"] = uid(5, number % people)
        return _ci(7, number, "laptop", f"nb-{number:07d}", **values)


def _ci(kind: int, number: int, cls: str, name: str, **values: Any) -> Edit:
    return Edit(Record("ci", (uid(kind, number),)), "", None, {"class": cls, "name": name, **values})


def rows(count: int, seed: int = 1) -> Iterator[tuple[Any, ...]]:
    """Rows of a hardware list with ``COLUMNS``, as people keep them: mostly text, numbers, and dates as text."""
    chance = random.Random(seed)
    for number in range(count):
        day = f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        maker = chance.choice(MAKERS)
        yield (
            f"T{number:07d}", f"SN{number * 7919 % 100_000_000:08d}", f"PC {number:06d}",
            chance.choice(("Laptop", "Desktop", "Notebook")), chance.choice(STATUSES), maker,
            f"{maker} {chance.randint(1, 40):02d}", f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            f"Department {chance.randint(1, 30):02d}", f"Site {chance.randint(1, 12):02d}",
            f"Supplier {chance.randint(1, 8)}", day, float(chance.randint(500, 3000)), f"PO-{number // 10:06d}",
            f"{int(day[:4]) + 3}{day[4:]}", chance.choice(SYSTEMS), chance.choice((8, 16, 32)) * 1024,
            f"pc{number:06d}.example.org", f"{chance.randint(1000, 1040)}", "",
        )  # fmt: skip


def write_workbook(path: Path, count: int, seed: int = 1) -> None:
    """Writes ``rows`` as an xlsx file of one sheet."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Hardware")
        sheet.write_row(0, 0, COLUMNS)
        for number, row in enumerate(rows(count, seed), 1):
            sheet.write_row(number, 0, row)


def main() -> None:
    """Creates an estate in a new file."""
    from cmdb.revision import Revision
    from cmdb.store import Store

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    store = Store.create(args.file)
    try:
        applied = store.apply(Revision(Estate(args.records, args.seed), "bench", reason="Made-up estate"))
    finally:
        store.close()
    print(f"{args.file}: {len(applied.created)} records")


if __name__ == "__main__":
    main()
