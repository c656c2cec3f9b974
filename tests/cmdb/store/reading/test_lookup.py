"""Records by a value, whatever the case of its letters: no database makes all of them small."""

from __future__ import annotations

import pytest

from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from tests.cmdb.estates import Hand


@pytest.mark.parametrize(
    "tag", ["LT-1", "Gerät 12", "ÄB-1", "äb-1", "Öl-Ä-É-1", "МАШИНА-77", "машина-77", "Машина Ивана 7", "ПК-5", "Ærø 3"]
)
def test_a_tag_is_found_in_any_case_of_its_letters(hand: Hand, store: Store, tag: str) -> None:
    uid = hand.make("laptop", "one", asset_tag=tag)
    hand.make("laptop", "another", asset_tag=f"{tag}0")
    with store.read() as reader:
        found = StoreLookup(reader).by_attribute(["laptop"], "asset_tag", [tag.casefold(), "none", "keine-ü"])
    assert found == {tag.casefold(): [uid]}
