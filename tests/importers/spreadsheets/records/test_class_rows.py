"""Rows of a class's sheet that are none of its records."""

from __future__ import annotations

from collections.abc import Callable

from importers.spreadsheets import SheetReading

Read = Callable[..., SheetReading]


def test_people_who_are_not_there_yet_are_no_rows(read: Read) -> None:
    reading = read("Name,Email,Location\nN.N.,,HH\nNeueinstellung,,\nTBD,new@example.org,HH\nAnn Lee,,HH\n", "person")
    assert [one.values["name"] for one in reading.observations] == ["new@example.org", "Ann Lee"]
    assert [(p.row, p.code, p.severity) for p in reading.problems if p.kind == "row"] == [
        (2, "row.nobody", "warning"),
        (3, "row.nobody", "warning"),
    ]
