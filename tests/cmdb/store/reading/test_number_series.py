"""The next free number of a series of tags, on both databases."""

from __future__ import annotations

from itertools import islice

import pytest

from cmdb.model.revision import Edit, ci, new_id
from cmdb.store.reading.number_series import NumberSeries, free_numbers, series_in_use, series_of
from cmdb.store.store import Store
from tests.cmdb.estates import Hand


@pytest.mark.parametrize(
    ("text", "series"),
    [
        ("NB-0042", NumberSeries("NB-", 4)),
        ("7", NumberSeries("", 1)),
        ("LT 12-9", NumberSeries("LT 12-", 1)),
        ("Anja Vogt", None),
        ("", None),
        ("A1B", None),
    ],
)
def test_a_text_tells_its_series(text: str, series: NumberSeries | None) -> None:
    assert series_of(text) == series


def test_no_number_is_given_twice_be_it_deleted_or_in_other_letters(hand: Hand, store: Store) -> None:
    tags = ("NB-0041", "nb-0042", "NB-99999999", "NB-12x", "XY-7", "NB_0090")
    made = [Edit(ci(new_id()), "", None, {"class": "laptop", "name": t, "asset_tag": t}) for t in tags]
    hand.apply(*made)
    gone = Edit(ci(new_id()), "", None, {"class": "laptop", "name": "gone", "asset_tag": "NB-0050"})
    hand.apply(gone)
    hand.apply(Edit(gone.record, "", {"class": "laptop"}, None))
    series = series_of("NB-0041")
    assert series is not None
    with store.read() as reader:
        assert list(islice(free_numbers(reader, "asset_tag", series), 2)) == ["NB-0051", "NB-0052"]
        assert next(free_numbers(reader, "asset_tag", NumberSeries("NB_", 4))) == "NB_0091"
        assert next(free_numbers(reader, "asset_tag", NumberSeries("50%", 3))) == "50%001"
        assert series_in_use(reader, "laptop", "asset_tag") in (NumberSeries("NB-", 4), NumberSeries("nb-", 4))
        assert series_in_use(reader, "server", "asset_tag") is None
