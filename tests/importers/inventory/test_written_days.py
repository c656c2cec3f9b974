"""Days as other tools and firmware write them."""

from __future__ import annotations

import pytest

from importers.inventory.written_days import day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("03/18/2024", "2024-03-18"), ("18/03/2024", "2024-03-18"), ("05/06/2024", "2024-05-06"),
        ("12/01/98", "1998-12-01"), ("13/45/2024", ""), ("02/30/2024", ""), ("2024-03-18", "2024-03-18"), ("", ""),
    ],
)  # fmt: skip
def test_the_day_of_firmware(text: str, found: str) -> None:
    assert day(text, month_first=True) == found


def test_elsewhere_the_day_is_first_and_a_year_has_four_digits() -> None:
    assert (day("05/06/2024 07:08"), day("12/01/98")) == ("2024-06-05 07:08:00", "")
