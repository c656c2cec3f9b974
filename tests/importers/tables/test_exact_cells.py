"""Amounts and numbers come back from every kind of exported file as they were."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.money import unscaled
from cmdb.model.schema import Schema
from importers.spreadsheets import read_files
from importers.tables import Table, columns_of, write
from tests.laws import examples

AMOUNTS = st.integers(0, (1 << 63) - 1).map(unscaled) | st.decimals(0, 10**6, places=2, allow_nan=False)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", None])
NAMES = ["name", "serial_number", "purchase_cost", "currency"]


@pytest.mark.parametrize("ending", [".xlsx", ".ods", ".csv", ".tsv"])
@examples(10, soak=125)
@given(rows=st.lists(st.tuples(AMOUNTS, CURRENCIES), min_size=1, max_size=8))
def test_amounts_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, ending: str, rows: list[tuple[Decimal, str | None]]
) -> None:
    schema = Schema.load()
    path = tmp_path_factory.getbasetemp() / f"servers{ending}"
    lines = [[f"srv-{n}", f"S{n}", amount, currency] for n, (amount, currency) in enumerate(rows)]
    write(path, [Table("Servers", columns_of(schema.classes["server"], NAMES), lines)])
    [reading] = read_files([path], schema)
    assert reading.problems == []
    assert [(o.values["purchase_cost"], o.values.get("currency")) for o in reading.observations] == rows


def test_files_have_the_decimals_of_the_currency(tmp_path: Path) -> None:
    schema = Schema.load()
    columns = columns_of(schema.classes["server"], ["name", "purchase_cost", "currency"])
    rows = [["a", Decimal("899.9"), "EUR"], ["b", Decimal(500), "JPY"], ["c", Decimal("1.5"), "KWD"], ["d", 5, None]]
    write(tmp_path / "out.csv", [Table("Servers", columns, rows)])
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:] == ["a,899.90,EUR", "b,500,JPY", "c,1.500,KWD", "d,5.00,"]
    write(tmp_path / "out.json", [Table("Servers", columns, rows)])
    text = (tmp_path / "out.json").read_text("utf-8")
    assert '"purchase_cost": 899.90,' in text
    [table] = json.loads(text, parse_float=str)["tables"]
    assert [row["purchase_cost"] for row in table["rows"]] == ["899.90", 500, "1.500", "5.00"]


def test_a_cell_with_too_many_decimals_is_rounded_and_said(tmp_path: Path) -> None:
    path = tmp_path / "servers.csv"
    path.write_text(
        "Name,Purchase cost,Currency\na,333.333333333333,EUR\nb,899.9900000000001,€\nc,5,euo\nd,6,Taler\n", "utf-8"
    )
    [reading] = read_files([path], Schema.load())
    found = [(str(o.values["purchase_cost"]), o.values.get("currency")) for o in reading.observations]
    assert found == [("333.3333", "EUR"), ("899.99", "EUR"), ("5", "EUO"), ("6", None)]
    assert [(p.kind, p.row, p.severity) for p in reading.problems] == [
        ("rounded", 2, "warning"), ("currency", 4, "warning"), ("currency", 5, "left-out"),
    ]  # fmt: skip
    assert "EUR" in str(reading.problems[1].message)
