"""What the columns of a sheet become, in words."""

from __future__ import annotations

import pytest

from app.imports.targets import target_of
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
