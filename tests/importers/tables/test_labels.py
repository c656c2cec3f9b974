"""Choices are written by their labels and read by either word."""

from __future__ import annotations

from cmdb.model.schema import Schema
from importers.tables.model import Table, column_of

LABELLED = [{"value": "Deployed", "label": "In use"}, "Retired"]
SCHEMA = Schema.load(extra=[{"class": {"hardware": {"attributes": {"status": {"choices": LABELLED}}}}}])


def test_a_table_shows_labels_and_its_hashes_are_of_stored_values() -> None:
    plain, labelled = (column_of(s.attribute("laptop", "status")) for s in (Schema.load(), SCHEMA))
    assert labelled.choices == ("In use", "Retired")
    assert "One of: In use, Retired." in labelled.note
    lines = [next(Table("T", [column], [["Deployed"]], ["id-1"], "laptop").lines()) for column in (plain, labelled)]
    assert [line[0] for line in lines] == ["Deployed", "In use"]
    assert lines[0][1:] == lines[1][1:], "a label may change between an export and the import of it"
