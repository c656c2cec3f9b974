"""The sample estate's spreadsheets, as ugly as real ones. Imported, they update the estate and add to it.

``EXPECTED`` describes each sheet: the number of rows with records, and the number that cannot be imported unchanged.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.sample.data_centre import serial
from app.sample.revision_builder import RevisionBuilder
from app.sample.sample_estate import estate
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class ExpectedRows:
    """The content of a sheet: ``rows`` records, of which ``bad`` must be rejected, ``new`` are not in the estate,
    ``changed`` change records of the estate, and ``doubtful`` need a person's decision.
    """

    rows: int
    bad: int
    new: int = 0
    changed: int = 0
    doubtful: int = 0


#: (file, sheet) → its content. A text file's sheet is called like the file without its ending.
EXPECTED = {
    ("October purchases.xlsx", "Laptops"): ExpectedRows(153, 1, 40, 112),
    ("Personal Hamburg.csv", "Personal Hamburg"): ExpectedRows(31, 0, 6, 3),
    ("Inventar Hamburg.csv", "Inventar Hamburg"): ExpectedRows(30, 1, 4, 24, 1),
    ("Licences 2026.xlsx", "Entitlements"): ExpectedRows(6, 1, 5),
    ("Infrastructure.xlsx", "Servers"): ExpectedRows(4, 0, 2),
    ("Infrastructure.xlsx", "Relationships"): ExpectedRows(13, 4),
    ("Infrastructure.xlsx", "Installations"): ExpectedRows(11, 1),
    ("Infrastructure.xlsx", "Assignments"): ExpectedRows(7, 1),
}
_NBSP = "\u00a0"


def write(folder: Path, today: date) -> list[Path]:
    """Writes the spreadsheets that belong to the sample of ``today``. Returns their paths, in the order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    builder = estate(Schema.load(), today)
    return [
        _purchases(folder / "October purchases.xlsx", builder),
        _staff(folder / "Personal Hamburg.csv", builder),
        _inventory(folder / "Inventar Hamburg.csv", builder),
        _licences(folder / "Licences 2026.xlsx", builder),
        _infrastructure(folder / "Infrastructure.xlsx", builder),
    ]


def _book(path: Path) -> Workbook:
    from xlsxwriter import Workbook

    book = Workbook(str(path))
    book.set_properties({"created": datetime(2026, 1, 1)})
    return book


def _fill(sheet: Worksheet, row: int, rows: Iterable[Sequence[Any]]) -> int:
    """Writes rows from ``row`` on (0-based); the first free row after them."""
    for cells in rows:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif cell is not None:
                sheet.write(row, column, cell)
        row += 1
    return row


def _typed(name: str) -> list[list[str]]:
    """Rows from ``resources/sample/sheets.toml``."""
    found: list[list[str]] = tomllib.loads((RESOURCES / "sample" / "sheets.toml").read_text("utf-8"))[name]
    return found


def _day(builder: RevisionBuilder, days: int) -> date:
    return builder.today + timedelta(days=days)


# Purchases ------------------------------------------------------------------------------------------------------------

_MAKERS = {"Lenovo": "LENOVO ", "HP": "Hewlett-Packard", "Dell": "Dell Inc.", "Apple": "Apple Inc."}


def _purchases(path: Path, builder: RevisionBuilder) -> Path:
    """38 new laptops, 112 with an extended warranty, three rows that cannot be right; titles above, totals below."""
    book = _book(path)
    dated = book.add_format({"num_format": "dd.mm.yyyy"})
    scientific = book.add_format({"num_format": "0.00000E+00"})
    sheet = book.add_worksheet("Laptops")
    sheet.merge_range(0, 0, 0, 7, "Harbour Works – purchases and extended warranties", book.add_format({"bold": True}))
    sheet.write_string(1, 0, f"Status: {_day(builder, -20):%d.%m.%Y}, Marta V.")
    row = _fill(sheet, 3, _typed("purchases"))
    known = [u for u in builder.where("laptop", status="Deployed") if builder.get(u, "serial_number")][20:132]
    for number, uid in enumerate(known):
        until = date.fromisoformat(builder.get(uid, "warranty_until")) + timedelta(days=365)
        _purchase(sheet, row, builder, uid, until, number, dated)
        row += 1
    names = ("ThinkPad T14 G4", "EliteBook 840 G10", "Latitude 7440")
    for number in range(41):
        model = names[number % 3]
        values = {
            "name": f"LT-26{number:02d}",
            "asset_tag": f"A{17000 + number}",
            "serial_number": serial(builder, model),
            "model": builder.named(model),
            "manufacturer": builder.get(builder.named(model), "manufacturer"),
            "status": "In stock",
        }
        builder.cis[values["name"]] = {"class": "laptop", **values}
        _purchase(sheet, row, builder, values["name"], _day(builder, 1076), number, dated)
        if number == 12:
            sheet.write_string(row, 10, "31.02.2027")
        elif number == 25:
            sheet.write_string(row, 5, "somewhere")
        elif number == 33:
            sheet.write_number(row, 2, 6.37702e15, scientific)
        row += 1
    row += 1
    sheet.write_string(row, 0, "Total")
    sheet.write_formula(row, 8, f"=SUM(I5:I{row - 1})", None, 187234.5)
    book.close()
    return path


def _purchase(
    sheet: Worksheet, row: int, builder: RevisionBuilder, uid: str, until: date, number: int, dated: Any
) -> None:
    maker = builder.get(builder.get(uid, "manufacturer"), "name")
    maker = _MAKERS.get(maker, maker) if number % 3 == 0 else maker
    bought = builder.get(uid, "purchase_date")
    status = builder.get(uid, "status")
    cells = (
        builder.get(uid, "asset_tag"),
        builder.get(uid, "name") + (_NBSP if number % 7 == 0 else ""),
        builder.get(uid, "serial_number"),
        maker,
        builder.get(builder.get(uid, "model"), "name"),
        "in use" if status == "Deployed" else "ready to deploy",
        None if bought else "Rotterdam · Store",
        None if bought else f"{_day(builder, -21):%d.%m.%Y}",
        None if bought else 1329.0 + number,
        "EUR",
        None,
        "",
    )
    _fill(sheet, row, [cells])
    if number % 3 == 0:
        sheet.write_datetime(row, 10, datetime.combine(until, datetime.min.time()), dated)
    elif number % 3 == 1:
        sheet.write_string(row, 10, f"{until:%d.%m.%Y}")
    else:
        sheet.write_number(row, 10, (until - date(1899, 12, 30)).days)


# Text files of Windows programs ---------------------------------------------------------------------------------------


def _text(path: Path, lines: list[Sequence[str]]) -> Path:
    """Semicolons, Windows' own encoding and line ends, as a German spreadsheet program saves them."""
    path.write_bytes("".join(";".join(cells) + "\r\n" for cells in lines).encode("cp1252"))
    return path


def _staff(path: Path, builder: RevisionBuilder) -> Path:
    """25 people the estate knows (two with another cost centre, one who left), five new ones, one impossible date."""
    plain = [
        p
        for p in builder.where("person", status="Active")
        if builder.get(p, "name").encode("cp1252", "ignore").decode("cp1252") == builder.get(p, "name")
    ]
    hamburg = [p for p in plain if "Hamburg" in builder.get(builder.get(p, "location"), "name")][:25]
    lines: list[Sequence[str]] = [
        (f"Personalliste Hamburg, Stand {_day(builder, -7):%d.%m.%Y}", "", "", "", "", "", "", ""),
        ("", "", "", "", "", "", "", ""),
        *_typed("staff"),
    ]
    for number, person in enumerate(hamburg):
        values = builder.cis[person]
        cost_centre = "4999" if number in (3, 11) else values["cost_centre"]
        lines.append(
            (
                values["employee_number"],
                values["name"],
                values["first_name"],
                values["last_name"],
                values["email"],
                builder.get(values["department"], "name"),
                cost_centre,
                f"{date.fromisoformat(values['start']):%d.%m.%Y}",
                "nein" if number == 20 else "ja",
            )
        )
    for number, (first, last) in enumerate(_typed("new_staff")):
        plain_name = "".join(c for c in f"{first}.{last}".lower() if c.isascii())
        started = "31.11.2026" if number == 5 else f"{_day(builder, -30 - number):%d.%m.%Y}"
        lines.append(
            (
                f"{79000 + number}",
                f"{first} {last}",
                first,
                last,
                f"{plain_name}@harbourworks.example",
                "Shipyard",
                "4120",
                started,
                "ja",
            )
        )
    return _text(path, lines)


def _inventory(path: Path, builder: RevisionBuilder) -> Path:
    """24 desktops the estate knows, three new ones, two rows that cannot be right, and one with the tag of one desktop
    and the serial number of another.
    """
    lines: list[Sequence[str]] = [*_typed("inventory")]
    known = [
        u
        for u in builder.of("desktop")
        if builder.get(u, "location") and "Hamburg" in builder.get(builder.get(u, "location"), "name")
    ]
    for number, uid in enumerate(known[:25]):
        v = dict(builder.cis[uid])
        if number == 24:  # the serial number of another one: whose record is it?
            v["serial_number"] = builder.get(known[25], "serial_number")
        price = f"{v['purchase_cost'] + Decimal('0.5'):,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
        lines.append(
            (
                v["asset_tag"],
                "Desktop",
                v["name"],
                v["serial_number"],
                builder.get(v["manufacturer"], "name").upper() + (" " if number % 2 else ""),
                builder.get(v["model"], "name"),
                "in Betrieb",
                price,
                f"{date.fromisoformat(v['purchase_date']):%d.%m.%Y}",
            )
        )
    for number in range(5):
        code = "6,37702E+15" if number == 3 else f"HAMD{40211 + number * 17}X"
        status = "Kaputtgespielt" if number == 4 else "Lager"
        lines.append(
            (
                f"A{18000 + number}",
                "Desktop",
                f"DT-18{number:02d}",
                code,
                "HP Inc.",
                "EliteDesk 800 G9",
                status,
                "1.049,90",
                f"{_day(builder, -40):%d.%m.%Y}",
            )
        )
    lines.append(("Summe", "", "", "", "", "", "", "27.345,00", ""))
    return _text(path, lines)


# Licences and infrastructure ------------------------------------------------------------------------------------------


def _licences(path: Path, builder: RevisionBuilder) -> Path:
    """Five purchases, and one with an unknown metric."""
    book = _book(path)
    sheet = book.add_worksheet("Entitlements")
    _fill(sheet, 0, [("Confidential – licence purchases this year",), ()])
    start, end = _day(builder, -25).isoformat(), _day(builder, 340).isoformat()
    rows = [[cell.format(start=start, end=end) for cell in cells] for cells in _typed("licences")]
    _fill(sheet, 2, rows)
    book.close()
    return path


def _infrastructure(path: Path, builder: RevisionBuilder) -> Path:
    """A workbook of several sheets: a cover, servers, relationships with groups, installations, assignments."""
    book = _book(path)
    cover = book.add_worksheet("Read me")
    cover.write_string(1, 1, "Infrastructure of Rotterdam, kept by Jonas. Please do not sort!")
    _fill(book.add_worksheet("Servers"), 0, _server_rows(builder))
    _fill(book.add_worksheet("Relationships"), 0, _typed("links"))
    _fill(book.add_worksheet("Installations"), 0, _installation_rows(builder))
    _fill(book.add_worksheet("Assignments"), 0, _assignment_rows(builder))
    book.close()
    return path


def _server_rows(builder: RevisionBuilder) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [
        (
            "Name",
            "Asset tag",
            "Serial number",
            "Manufacturer",
            "Model",
            "Rack",
            "RAM (GB)",
            "CPU sockets",
            "Cores per socket",
            "OS",
            "Environment",
            "Status",
        )
    ]
    for name in ("host-b", "host-c"):
        v = builder.cis[builder.named(name)]
        rows.append(
            (
                name,
                v["asset_tag"],
                v["serial_number"],
                "DELL",
                "PowerEdge R650",
                "RTM-R1",
                v["memory"] / 1024,
                2.0,
                16.0,
                v["operating_system"],
                "Prod",
                "live",
            )
        )
    for number, name in enumerate(("host-d", "rtm-esx-7")):
        rows.append(
            (
                name,
                f"A2900{number}",
                f"HW{number}7KQX3",
                "Dell Inc.",
                "PowerEdge R650",
                "RTM-R2",
                384.0,
                2.0,
                16.0,
                "VMware ESXi 8.0.3",
                "Prod",
                "live",
            )
        )
    return rows


def _installation_rows(builder: RevisionBuilder) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [("Computer", "Software", "Publisher", "Version", "User", "Installed on")]
    laptops = [u for u in builder.where("laptop", status="Deployed") if builder.get(u, "assigned_to")]
    for number, uid in enumerate(laptops[60:70]):
        user = builder.get(builder.get(uid, "assigned_to"), "name")
        product, publisher, version = (("Snagit 2025", "TechSmith", "25.1.0"), ("Zoom Workplace", "Zoom", "6.2.0"))[
            number % 2
        ]
        rows.append(
            (builder.get(uid, "name"), product, publisher, version, user, f"{_day(builder, -3 - number):%d/%m/%Y}")
        )
    rows.append(("LT-2055", "", "TechSmith", "25.1.0", "", ""))
    return rows


def _assignment_rows(builder: RevisionBuilder) -> list[Sequence[Any]]:
    rows: list[Sequence[Any]] = [("Entitlement", "Person")]
    held = {holder for licence, holder in builder.holders if licence == builder.named("Acrobat Pro seats")}
    free = [p for p in builder.where("person", status="Active") if p not in held][:6]
    rows += [("Acrobat Pro seats", builder.get(p, "name")) for p in free]
    rows.append(("Acrobat Pro seats", ""))
    return rows
