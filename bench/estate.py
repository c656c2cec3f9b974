"""Makes estates and spreadsheets of any size for measuring: always the same for the same numbers.

    python bench/estate.py FILE --cis 1000000 --relationships 3000000 --installations 2000000
    python bench/estate.py FILE --cis 30700 --installations 500000 --entitlements 520
    python bench/estate.py --sheet FILE.xlsx --rows 20000

The estate is written through ``Store.apply`` in revisions whose edits are made while they are read, so memory does not
grow with its size. Dependencies form a binary tree with extra links: a failure of the first CI reaches everything.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cmdb.model.revision import Edit, Record, Revision, ci

PER_REVISION = 100_000
RELEASES = 500
SITES, MODELS = 20, 40
#: Class → its share in percent of the records that are neither place, model nor person.
MIX = (
    ("laptop", 40),
    ("desktop", 12),
    ("server", 4),
    ("virtual_machine", 20),
    ("application", 8),
    ("monitor", 10),
    ("switch", 6),
)
COMPUTERS = {"laptop", "desktop", "server", "virtual_machine"}
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
_MOMENT = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Edits:
    """Edits that are made anew each time they are read."""

    make: Callable[[], Iterator[Edit]]

    def __iter__(self) -> Iterator[Edit]:
        return self.make()


@dataclass(frozen=True)
class Estate:
    """An estate by its size. Record ``number`` 0 … ``cis``-1: sites, models, people (one in seven), then the rest.

    Entitlements are added: one for each installed product, then again for the first ones.
    """

    cis: int
    relationships: int = 0
    installations: int = 0
    entitlements: int = 0

    def __post_init__(self) -> None:
        if self.cis < 2 * (SITES + MODELS):
            raise ValueError(f"An estate to measure with has at least {2 * (SITES + MODELS)} records.")

    @property
    def people(self) -> int:
        """The number of people."""
        return (self.cis - SITES - MODELS) // 7

    @property
    def first(self) -> int:
        """The number of the first record that is neither place, model nor person."""
        return SITES + MODELS + self.people

    def revisions(self) -> Iterator[Revision]:
        """The estate as revisions, in the order in which they have to be applied."""
        for low in range(0, self.cis, PER_REVISION):
            yield _revision(f"c{low}", partial(self.records, low, min(low + PER_REVISION, self.cis)))
        things = self.cis - self.first
        for low in range(0, self.relationships, PER_REVISION):
            yield _revision(f"r{low}", partial(self._links, low, min(low + PER_REVISION, self.relationships)))
        most = sum(1 for i in range(min(things, 100)) if self.cls(self.first + i) in COMPUTERS)
        if self.installations > RELEASES * max(1, most * things // 100):
            raise ValueError("There are not enough computers for so many installations.")
        for low in range(0, self.installations, PER_REVISION):
            yield _revision(f"i{low}", partial(self._installed, low, min(low + PER_REVISION, self.installations)))
        for low in range(0, self.entitlements, PER_REVISION):
            yield _revision(f"e{low}", partial(self._bought, low, min(low + PER_REVISION, self.entitlements)))

    # -- records ----------------------------------------------------------------------------------------------------

    def cls(self, number: int) -> str:
        """The class of a record."""
        if number < SITES:
            return "site"
        if number < SITES + MODELS:
            return "hardware_model"
        if number < self.first:
            return "person"
        place = (number - self.first) * 61 % 100
        for name, share in MIX:
            place -= share
            if place < 0:
                return name
        return MIX[-1][0]

    def records(self, low: int, high: int) -> Iterator[Edit]:
        """The edits that create records; beyond the estate's size, more of its kind."""
        for number in range(low, high):
            cls = self.cls(number)
            fields = {"class": cls, "name": f"{cls.replace('_', '-')}-{number:07d}", **self._values(cls, number)}
            yield Edit(ci(uid(number)), "", None, fields)

    def _values(self, cls: str, number: int) -> dict[str, Any]:
        if cls == "site":
            return {"status": "Active", "code": f"S{number:02d}", "city": f"City {number}"}
        if cls == "hardware_model":
            return {"status": "Active", "part_number": f"PN-{number:04d}"}
        if cls == "person":
            return {
                "status": "Active",
                "email": f"p{number}@example.org",
                "user_name": f"p{number}",
                "location": uid(number % SITES),
                "cost_centre": str(4000 + number % 50),
            }
        if cls == "application":
            return {"status": "Active", "environment": "production", "version": f"{number % 9}.{number % 13}"}
        return self._hardware(cls, number)

    def _hardware(self, cls: str, number: int) -> dict[str, Any]:
        values: dict[str, Any] = {
            "status": ("Deployed", "Deployed", "Deployed", "In stock", "Retired")[number % 5],
            "asset_tag": f"T{number:08d}",
            "serial_number": f"{number * 2654435761 % 2**40:010X}",
            "model": uid(SITES + number % MODELS),
            "location": uid(number % SITES),
            "purchase_date": f"20{20 + number % 6}-{1 + number % 12:02d}-{1 + number % 28:02d}",
            "purchase_cost": Decimal(500 + number % 2000),
            "currency": "EUR",
            "warranty_until": f"20{24 + number % 6}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        }
        if cls in ("laptop", "desktop", "monitor"):
            values["assigned_to"] = uid(SITES + MODELS + number % self.people)
        if cls in COMPUTERS:
            values["host_name"] = f"host-{number:07d}"
            values["operating_system"] = ("Windows 11 Pro", "Debian GNU/Linux 12", "Windows Server 2022")[number % 3]
            values["memory"] = 8192 << number % 4
            values["last_seen"] = f"2026-0{1 + number % 9}-{1 + number % 28:02d}T06:00:00Z"
        return values

    # -- links and software -----------------------------------------------------------------------------------------

    def _links(self, low: int, high: int) -> Iterator[Edit]:
        """Thing n depends on thing n/2, then on the ones before it. Every tenth thing needs but one of them."""
        things = self.cis - self.first
        for number in range(low, high):
            turn, thing = divmod(number, things)
            target = thing // 2 - turn
            if target < 0 or target == thing:
                continue
            source = uid(self.first + thing)
            fields = {}
            if thing % 10 == 0:
                group = f"01900000-0000-7000-9000-{thing:012x}"
                fields["alone"] = False
                if turn == 0:
                    body = {"owner": source, "label": "any of them", "needs": "1"}
                    yield Edit(Record("group", (group,)), "", None, body)
            key = ("depends_on", source, uid(self.first + target))
            yield Edit(Record("relationship", key), "", None, fields)
            if fields:
                yield Edit(Record("membership", (group, *key)), "", None, {})

    def _computers(self) -> Iterator[int]:
        while True:
            yield from (n for n in range(self.first, self.cis) if self.cls(n) in COMPUTERS)

    def _installed(self, low: int, high: int) -> Iterator[Edit]:
        """The computers in turn; each time round, each gets another release."""
        every = [n for n in range(self.first, min(self.first + 100, self.cis)) if self.cls(n) in COMPUTERS]
        full, rest = divmod(self.cis - self.first, 100)
        count = len(every) * full + sum(1 for n in every if n < self.first + rest) if full else len(every)
        for number in range(low, high):
            turn, place = divmod(number, count)
            block, index = divmod(place, len(every))
            computer = every[index] + 100 * block
            release = (computer * 31 + turn) % RELEASES
            key = (
                uid(computer),
                "",
                f"Publisher {release % 60}",
                f"Product {release:03d}",
                "",
                f"{release % 7}.{release % 11}",
            )
            yield Edit(Record("installation", key), "", None, {"installed_on": "2025-06-01", "origin": "registry"})

    def _bought(self, low: int, high: int) -> Iterator[Edit]:
        """Purchases: by device or by copy, in packs or singly, for this version or an older one; mostly enough."""
        each = self.installations // RELEASES
        for number in range(low, high):
            release = number % RELEASES
            quantity = each * (3, 9, 12, 15)[number % 4] // 12
            fields: dict[str, Any] = {
                "class": "entitlement",
                "name": f"entitlement-{number:05d}",
                "status": "Active",
                "product": f"Product {release:03d}",
                "publisher": f"Publisher {release % 60}",
                "metric": "installation" if release % 7 == 0 else "device",
                "quantity": quantity // 5 if number % 5 == 0 else quantity,
                "channel": ("volume", "subscription", "retail")[number % 3],
                "purchase_order": f"PO-{number:05d}",
                "cost": Decimal(1000 + number),
                "currency": "EUR",
            }
            if number % 5 == 0:
                fields["pack_size"] = 5
            if number % 3 == 0:
                fields["version"] = f"{release % 7}.{release % 11}" if number % 2 else f"{1 + release % 7}.0"
            yield Edit(ci(uid(self.cis + number)), "", None, fields)


def uid(number: int) -> str:
    """The id of record ``number``."""
    return f"01900000-0000-7000-8000-{number:012x}"


def _revision(name: str, make: Callable[[], Iterator[Edit]]) -> Revision:
    kind, number = name[0], int(name[1:])
    return Revision(
        Edits(make),
        "bench",
        "import:bench",
        f"Bench estate, {name}",
        f"01900000-0000-7000-a{'crie'.index(kind)}00-{number:012x}",
        _MOMENT,
    )


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


def main(arguments: list[str] | None = None) -> int:
    """Reads the arguments and creates the estate or sheet."""
    parser = argparse.ArgumentParser(description="Makes an estate, or a spreadsheet, to measure with.")
    parser.add_argument("file", nargs="?", help="the estate to make: a new file, or the URL of an empty database")
    parser.add_argument("--cis", "--records", type=int, default=100_000)
    parser.add_argument("--relationships", type=int, default=0)
    parser.add_argument("--installations", type=int, default=0)
    parser.add_argument("--entitlements", type=int, default=0)
    parser.add_argument("--sheet", type=Path, help="a spreadsheet to make")
    parser.add_argument("--rows", type=int, default=20_000)
    chosen = parser.parse_args(arguments)
    if not chosen.file and not chosen.sheet:
        parser.error("name an estate to make, or --sheet FILE")
    if chosen.sheet:
        write_workbook(chosen.sheet, chosen.rows)
    if chosen.file:
        fill(chosen.file, Estate(chosen.cis, chosen.relationships, chosen.installations, chosen.entitlements))
    return 0


def fill(where: str, estate: Estate) -> None:
    """Creates the estate at ``where`` and prints the duration of each part to stderr."""
    from cmdb.store.upkeep.startup import create_estate

    store = create_estate(where if "://" in where else Path(where))
    start = time.perf_counter()
    for revision in estate.revisions():
        before = time.perf_counter()
        store.apply(revision)
        now = time.perf_counter()
        print(f"{revision.reason}: {now - before:.1f} s, {now - start:.1f} s in all", file=sys.stderr)
    store.close()


if __name__ == "__main__":
    raise SystemExit(main())
