"""Packed edits and rows are what they were before they were packed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cmdb.model.new_records import NewInstallations, NewSectionRows, as_new
from cmdb.model.observation import (
    DAY,
    InstalledSoftware,
    MachineSoftware,
    Observation,
    Reading,
    Source,
    software_rows,
    software_users,
)
from cmdb.model.packed_edits import _BATCH, PackedEdits
from cmdb.model.packed_rows import PackedRows, encode_row, encoded_rows
from cmdb.model.revision import Edit, Record, ci
from cmdb.model.shared_values import SharedValues


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


@pytest.mark.parametrize("value", ["ä", Decimal("1.50"), 7, True])
def test_many_new_rows_come_back_as_edits(value: Any) -> None:
    many = [section(number, value=value) for number in range(150)]
    first = Edit(ci("id"), "", None, {"class": "server", "name": "one"})
    edits = PackedEdits()
    row = encode_row({"name": "a", "value": value})
    for number in (len(many), 1):
        keys = [one.record.key[3] for one in many[:number]]
        edits.add_new(NewSectionRows("id", "disks", "scan:x", keys, [row] * number))
    edits += [first]
    for _ in range(2):
        assert [*edits] == [first, many[0], *many]
        assert type([*edits][-1]) is Edit
    assert edits.leading == [first]
    assert [*edits.single] == [first, many[0]]
    assert sum(map(len, edits.new)) == len(many) == len(edits) - 2
    assert (edits.number_of_new(NewSectionRows), edits.number_of_new(NewInstallations)) == (150, 0)


FIELDS = {"user": "id of ann", "installed_on": "2026-01-02", "origin": "deb", "stated_by": ["scan:x", "sheet:y"]}


def test_many_new_installations_come_back_as_edits() -> None:
    many = [
        Edit(
            Record("installation", ("id", "", "ö", f"p{n}", "", "1")), "", None, FIELDS if n % 2 else {"origin": "deb"}
        )
        for n in range(300)
    ]
    new = as_new({one.record: one.after for one in many})
    assert new is not None
    assert sorted(map(len, new)) == [150, 150]
    edits = PackedEdits()
    for one in new:
        edits.add_new(one)
    for _ in range(2):
        assert sorted(edits, key=repr) == sorted(many, key=repr)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (Record("installation", ("id", "", "", "p", "")), {}),
        (Record("installation", ("id", "", "", "p", "", "1")), {"origin": ""}),
        (Record("installation", ("id", "", "", "p", "", "1")), {"origin": None}),
        (Record("installation", ("id", "", "", "p", "", "1")), {"stated_by": []}),
        (Record("installation", ("id", "", "", "p", "", "1")), {"nothing": "x"}),
        (Record("section", ("id", "disks", "scan:x")), {"name": "a"}),
        (Record("section", ("id", "disks", "scan:x", "a")), {"name": object()}),
        (Record("section", ("id", "disks", "scan:x", "a")), "name"),
    ],
)
def test_what_is_unusual_is_not_taken_together(record: Record, fields: Any) -> None:
    assert as_new({record: fields}) is None


def test_a_list_of_software_is_what_it_was_when_it_is_packed() -> None:
    many = [InstalledSoftware(f"p{n}", "Ö", "", "1", "", "ann" if n % 2 else "", origin="deb") for n in range(4)]
    many[2] = InstalledSoftware("p2", version="1", installed_on="2026-01-02", last_used="2026-01-03")
    rows = [*software_rows(many)]

    def listed() -> MachineSoftware:
        return MachineSoftware([(*one[:DAY], *one[DAY + 1 :]) for one in rows], [one[DAY] for one in rows])

    values = SharedValues()
    for again in range(3):
        packed = listed()
        for _ in range(again):
            packed.pack(values)
        assert ([*packed], [*packed], packed[1], packed[1:3], len(packed)) == (many, many, many[1], many[1:3], 4)
        assert packed == many == listed()
        assert packed != many[1:]
        assert [*software_rows(packed)] == rows
        assert software_users(packed) == software_users(many) == ["ann", "ann"]


@pytest.mark.parametrize(
    ("value", "kind"), [("x", PackedRows), (Decimal("1.5"), PackedRows), (True, PackedRows), ("\ud800", dict)]
)
def test_rows_of_a_reading_come_back_as_they_were(value: Any, kind: type) -> None:
    rows: dict[str, Any] = {"disks": [{"name": f"sd{n}", "value": value} for n in range(90)], "bios": []}
    one = Observation("server", {"name": "one"})
    one.details = rows
    Reading(Source("scan", "x"), "", [one]).pack(SharedValues())
    assert (type(one.details), dict(one.details), [*one.details]) == (kind, rows, ["disks", "bios"])
    if kind is PackedRows:
        assert encoded_rows(one.details, "disks") == encoded_rows(rows, "disks") == [*map(encode_row, rows["disks"])]
        assert encoded_rows(one.details, "nothing") == encoded_rows(rows, "nothing") == []
