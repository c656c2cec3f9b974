"""Which attributes and relationship types make one hierarchy, by the schema alone."""

from __future__ import annotations

import pytest

from cmdb.model.errors import SchemaError
from cmdb.model.hierarchies import circle_text, refusal
from cmdb.model.schema import Schema


def test_types_and_attributes_with_the_same_word_are_one_hierarchy() -> None:
    known = Schema.load().hierarchies
    place = known["place"]
    assert place.types == {"located_in", "part_of"}
    assert place.attributes["room"] == ("location",)
    assert place.attributes["server"] == ("location", "rack")
    assert "person" not in place.attributes, "where a person works contains nobody"
    assert known["hosting"].attributes["virtual_machine"] == ("cluster", "host")
    assert known["management"].attributes == {"person": ("manager",)}
    assert known["organisation"].attributes["department"] == ("parent_department",)
    assert known["base"].attributes == {"entitlement": ("base_entitlement",)}


def test_an_estate_declares_its_own() -> None:
    own = {"class": {"shelf": {"label": "Shelf", "plural": "Shelves", "parent": "ci", "attributes": {
        "above": {"type": "reference", "target": "shelf", "hierarchy": "shelves"}}}}}  # fmt: skip
    known = Schema.load(extra=[own]).hierarchies
    assert known["shelves"].attributes == {"shelf": ("above",)}
    assert str(refusal("shelves", ["A", "B"])) == "A would come under itself: A → B → A."


@pytest.mark.parametrize(
    "own",
    [
        {"class": {"server": {"attributes": {"memory": {"hierarchy": "place"}}}}},
        {"relationship": {"connected_to": {"hierarchy": "place"}}},
    ],
)
def test_only_references_and_directed_types_are_steps(own: dict[str, object]) -> None:
    with pytest.raises(SchemaError, match="hierarchy"):
        Schema.load(extra=[own])


def test_the_middle_of_a_long_circle_is_left_out() -> None:
    assert circle_text(["A"]) == "A → A"
    assert circle_text([str(n) for n in range(12)]) == "0 → 1 → 2 → 3 → 4 → 5 → … → 11 → 0"
