"""Packed edits and rows are what they were before they were packed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cmdb.model.observation import (
    InstalledSoftware,
    Observation,
    PackedSoftware,
    Reading,
    Source,
    software_rows,
    software_users,
)
from cmdb.model.packed_edits import _BATCH, PackedEdits
from cmdb.model.packed_rows import PackedRows
from cmdb.model.revision import Edit, Record, ci


def section(number: int, **columns: Any) -> Edit:
    return Edit(Record("section", ("id", "disks", "scan:x", f"key {number}")), "", None, {"name": "a", **columns})


@pytest.mark.parametrize("value", [1, "ä\u0000", True, None, Decimal("1.50"), ["a", "b"], {"a": [1]}])
def test_edits_come_back_as_they_were_and_again(value: Any) -> None:
    many = [section(number, value=value) for number in range(_BATCH + 3)]
    first = Edit(ci("id"), "", None, {"class": "server", "name": "one"})
    last = Edit(ci("id"), "name", "one", "two")
    edits = PackedEdits()
    edits += [first, *many]
    edits += [last]
    assert edits.leading == [first, last]
    for _ in range(2):
        found = [*edits]
        assert found == [first, last, *many]
        assert type(found[2]) is Edit
        assert type(found[2].record) is Record
        assert type(found[2].after) is dict
    assert len(edits) == len(many) + 2
    of_all = PackedEdits([first, *many], packs=None)
    assert [*of_all.leading] == [*of_all] == [first, *many]


@pytest.mark.parametrize("value", ["ä", Decimal("1.50")])
def test_many_new_records_come_back_as_edits(value: Any) -> None:
    many = [section(number, value=value) for number in range(150)]
    first = Edit(ci("id"), "", None, {"class": "server", "name": "one"})
    edits = PackedEdits()
    edits.add_new("section", [one.record.key for one in many], [{"name": "a", "value": value}] * len(many))
    edits.add_new("section", [many[0].record.key], [{"name": "a", "value": value}])
    edits += [first]
    for _ in range(2):
        assert [*edits] == [first, many[0], *many]
        assert type([*edits][-1]) is Edit
    assert edits.leading == [first]
    assert [*edits.single] == [first, many[0]]
    assert sum(len(one.keys) for one in edits.new) == len(many) == len(edits) - 2


def test_packed_software_is_what_it_was() -> None:
    many = [InstalledSoftware(f"p{n}", "Ö", "", "1", "", "ann" if n % 2 else "", origin="deb") for n in range(4)]
    rows = [*software_rows(many)]
    packed = PackedSoftware(rows)
    assert ([*packed], [*packed], packed[1], len(packed)) == (many, many, many[1], 4)
    assert packed == many == PackedSoftware(rows)
    assert packed != many[1:]
    assert [*software_rows(packed)] == rows
    assert software_users(packed) == software_users(many) == ["ann", "ann"]


@pytest.mark.parametrize(("value", "kind"), [("x", PackedRows), (Decimal(1), dict)])
def test_rows_of_a_reading_come_back_as_they_were(value: Any, kind: type) -> None:
    rows: dict[str, Any] = {"disks": [{"name": f"sd{n}", "value": value} for n in range(90)], "bios": []}
    reading = Reading(Source("scan", "x"), "", [Observation("server", {"name": "one"}, details=rows)])
    reading.pack()
    details = reading.observations[0].details
    assert (type(details), dict(details), [*details]) == (kind, rows, ["disks", "bios"])
