"""A new attribute for a column: what was changed of the classes meanwhile is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.imports.new_attribute import new_attribute
from cmdb.model.errors import InvalidValue, Outdated
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand


def test_two_who_add_an_attribute_of_one_name_at_once_make_one(tmp_path: Path) -> None:
    hand = Hand(create_estate(tmp_path / "a.terrier"))
    with hand.store.read() as reader:
        mine, name = new_attribute(reader, "laptop", "Colour", "text", "anna")
        hers, same = new_attribute(reader, "laptop", "Colour", "integer", "bea")
    assert name == same
    hand.store.apply(hers)
    with pytest.raises(Outdated, match=r"The classes were changed meanwhile\. Revision 1 by"):
        hand.store.apply(mine)
    with hand.store.read() as reader, pytest.raises(InvalidValue, match="an attribute “colour” already"):
        new_attribute(reader, "laptop", "colour", "text", "anna")
    assert hand.store.schema.attribute("laptop", name).type == "integer"
    hand.store.close()
