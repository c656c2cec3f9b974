"""What the columns of a sheet become, in words."""

from __future__ import annotations

import pytest

from app.imports.targets import ColumnTarget, put, target_of, targets
from cmdb.model.schema import Schema
from importers.spreadsheets import ColumnUse, Mapping


@pytest.mark.parametrize(
    ("use", "cls", "title"),
    [
        (ColumnUse(0, "Type", "mention", "assigned_to.class"), "hardware", "Assigned to: Class"),
        (ColumnUse(0, "Site", "mention", "location.site"), "hardware", "Location: Site"),
        (ColumnUse(0, "Model No.", "mention", "model.part_number"), "hardware", "Model: Part number"),
        (ColumnUse(0, "Username", "seat", "user_name"), "entitlement", "Who has a seat: User name"),
        (ColumnUse(0, "Licenses", "seat", "licence"), "person", "Its licences"),
    ],
)
def test_a_column_of_another_tools_table_is_told_in_words(use: ColumnUse, cls: str, title: str) -> None:
    found = target_of(Schema.load(), Mapping("class", cls, (use,)), use)
    assert found is not None
    assert str(found.title) == title


def _target(schema: Schema, mapping: Mapping, role: str, name: str) -> ColumnTarget:
    return next(one for one in targets(schema, mapping) if (one.role, one.name) == (role, name))


def test_a_persons_choice_takes_what_belongs_to_the_use_before_away() -> None:
    schema = Schema.load()
    uses = (
        ColumnUse(0, "Warranty", "attribute", "warranty_until", transforms=("upper", "months:purchase_date")),
        ColumnUse(1, "Bought", "attribute", "purchase_date"),
        ColumnUse(2, "RAM", "attribute", "memory", transforms=("unit:GB",)),
    )
    mapping = Mapping("class", "laptop", uses)
    notes = put(mapping, 0, _target(schema, mapping, "attribute", "notes"))
    assert notes.columns[0].transforms == ("upper",)
    assert put(mapping, 2, _target(schema, mapping, "attribute", "notes")).columns[2].transforms == ()
    warranty = _target(schema, mapping, "attribute", "warranty_until")
    assert put(notes, 0, warranty, ["36", "12"]).columns[0].transforms == ("upper", "months:purchase_date")
    assert put(notes, 0, warranty, ["2027-01-31"]).columns[0].transforms == ("upper",)
    assert put(mapping, 0, warranty).columns[0].transforms == ("upper", "months:purchase_date")


def test_the_levels_of_a_place_and_licences_can_be_chosen() -> None:
    schema = Schema.load()
    laptops, people = Mapping("class", "laptop"), Mapping("class", "person")
    assert str(_target(schema, laptops, "mention", "location.room").title) == "Location: Room"
    assert str(_target(schema, people, "seat", "licence").title) == "Its licences"
    assert not any(one.role == "seat" for one in targets(schema, Mapping("class", "supplier")))
