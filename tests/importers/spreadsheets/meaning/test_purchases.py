"""Lists of bought licences without a column of products, or of metrics."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from importers.spreadsheets import SheetReading

Read = Callable[..., SheetReading]
RESELLER = (
    "Order No.;Article no.;Description;Qty;Unit price EUR;Total EUR;Term start;Term end\n"
    "4500012;CFQ7;Microsoft 365 E3;120;33,70;4.044,00;01.02.2025;31.01.2026\n"
    "4500013;ADB;Nobody Knows;15;65,00;975,00;15.03.2025;14.03.2026\n"
    ";;;;;5.019,00;;\n"
)


def test_a_resellers_list_is_licences(read: Read) -> None:
    reading = read(RESELLER, name="reseller licences.csv")
    [bought] = reading.observations
    said = {name: bought.values[name] for name in ("product", "metric", "quantity", "sku", "start", "end")}
    assert said == {"product": "Microsoft 365 E3", "metric": "named user", "quantity": 120, "sku": "CFQ7",
                    "start": "2025-02-01", "end": "2026-01-31"}  # fmt: skip
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (1, "", "metric.catalogue"), (1, "Metric", "required.no-column"), (4, "", "totals"),
    ]  # fmt: skip


def test_a_list_of_licences_by_its_name_and_columns_is_none_of_users_and_devices(read: Read) -> None:
    rows = "Software;Version;Anzahl;Typ;Ablaufdatum\nVisio;2021;5;Device;31.12.2025\nVisio;2021;2;User;\n"
    reading = read(rows, name="All software licences.csv")
    assert [one.values["metric"] for one in reading.observations] == ["device", "named user"]


@pytest.mark.parametrize(
    ("head", "row", "values"),
    [
        ("Software,Seats", "Foo Tool,5", {"product": "Foo Tool", "quantity": 5, "metric": "named user"}),
        ("Name,No. of devices", "Foo Tool,5", {"product": "Foo Tool", "quantity": 5, "metric": "device"}),
        ("Produkt,Plätze,Vertragsende", "Foo Tool,5,31.12.2026",
            {"product": "Foo Tool", "quantity": 5, "metric": "named user", "end": "2026-12-31"}),
        ("Product,Qty,Art", "Visio,5,User", {"quantity": 5, "metric": "named user"}),
        ("License name,Qty,Metric", "Foo Tool,5,per seat", {"product": "Foo Tool", "quantity": 5,
            "metric": "named user"}),
    ],
)  # fmt: skip
def test_what_is_counted_tells_the_metric(read: Read, head: str, row: str, values: dict[str, object]) -> None:
    [bought] = read(f"{head}\n{row}\n", name="licences.csv").observations
    assert {name: bought.values.get(name) for name in values} == values
