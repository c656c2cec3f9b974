"""The history of the schema in words: of which class, which property, from what to what."""

from __future__ import annotations

from app.history.schema_lines import schema_lines
from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema

ENTRY = Record("schema_entry", ("1",))
BEFORE = {"class": {"laptop": {"attributes": {"paint": {"label": "Paint", "type": "choice", "choices": ["Red"]}}}}}
AFTER = {
    "class": {
        "laptop": {
            "label": "Notebook",
            "attributes": {"paint": {"label": "Paint", "type": "choice", "choices": [{"value": "Red"}, "Blue"]}},
        },
        "gone": {"label": "Gone"},
    }
}


def test_a_change_of_an_entry_is_told_property_by_property() -> None:
    schema = Schema.load(extra=[BEFORE])
    found = [tuple(line) for line in schema_lines(schema, [Edit(ENTRY, "document", BEFORE, AFTER)])]
    assert found == [
        ("Laptop", "Paint: Choices", "Red", "Red, Blue"),
        ("Laptop", "Name", "", "Notebook"),
        ("gone", "Name", "", "Gone"),
    ]
    made = list(schema_lines(schema, [Edit(ENTRY, "", None, {"document": BEFORE})]))
    assert [(line.what, line.after) for line in made] == [
        ("Paint: Name", "Paint"),
        ("Paint: Type", "choice"),
        ("Paint: Choices", "Red"),
    ]
