"""What is hidden is offered nowhere, and still known to filters, to the past and to what reads all records."""

from __future__ import annotations

from app.assets.columns import choices, column_names
from app.filter_words import attributes_of
from app.imports.targets import class_targets
from app.links import allowed
from cmdb.model.schema import Schema
from importers.spreadsheets.columns.classes import find_attribute

HIDDEN = {
    "class": {"printer": {"hidden": True}, "hardware": {"attributes": {"warranty_until": {"hidden": True}}}},
    "relationship": {"depends_on": {"hidden": True}},
    "section": {"bios": {"hidden": True}},
}


def test_what_is_hidden_is_offered_nowhere() -> None:
    before, schema = Schema.load(), Schema.load(extra=[HIDDEN])
    assert "warranty_until" in before.shown_attributes("laptop")
    assert "warranty_until" not in schema.shown_attributes("laptop")
    assert "warranty_until" not in {one.name for one in choices(schema, "laptop")}
    assert "warranty_until" in column_names(before, "hardware")
    assert "warranty_until" not in column_names(schema, "hardware")
    assert "warranty_until" not in {one.name for one in attributes_of(schema, "laptop")}
    assert find_attribute(before, ("laptop",), "Warranty until") is not None
    assert find_attribute(schema, ("laptop",), "Warranty until") is None
    assert "printer" in {one.name for one in before.offered("hardware")}
    assert "printer" not in {one.name for one in schema.offered("hardware")}
    assert "printer" not in {one.name for one in class_targets(schema)}
    assert "depends_on" not in {one.type for one in allowed(schema, "laptop", "server")}
    assert "bios" not in {one.name for one in schema.sections_of("laptop")}


def test_what_is_hidden_stays_known() -> None:
    schema = Schema.load(extra=[HIDDEN])
    assert schema.find_attribute("laptop", "warranty until") is not None
    assert schema.find_class("printer").name == "printer"
    assert schema.find_section("bios") is not None
    assert schema.relationship("depends_on").hidden
