"""Paths of places in a column: its cells tell which mark stands between them."""

from __future__ import annotations

import pytest

from importers.spreadsheets.records.place_paths import written_paths


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        (["Kiel/Süd/2. OG", "Kiel/Süd/3. OG", "Ulm/Ost"], ["Kiel / Süd / 2. OG", "Kiel / Süd / 3. OG", "Ulm / Ost"]),
        (["Berlin - HQ", "Berlin - Nord", "Kiel"], ["Berlin / HQ", "Berlin / Nord"]),
        (["Ulm > HQ > 2. OG", "Ulm/HQ/2. OG", "Ulm - HQ", "Kiel/Nord"], ["Ulm / HQ / 2. OG", "Ulm / HQ"]),
        (["Berlin", "Berlin\\HQ"], ["Berlin / HQ"]),
        (["Main Office, Room 1", "Main Office, Room 2"], ["Main Office / Room 1", "Main Office / Room 2"]),
        (["Hauptstr. 5, Berlin", "Hauptstr. 7, Berlin"], []),
        (["Springfield, IL", "Springfield, MA"], []),
        (["A/C room 1", "A/C room 2"], []),
        (["1/2", "1/3"], []),
        (["Berlin/HQ", "Kiel/Nord", "Lab"], []),
        (["Frankfurt/Main", "Frankfurt/Oder"], []),
        (["Berlin/HQ", "Berlin/Nord", "Kiel/Süd"], []),
    ],
)  # fmt: skip
def test_the_column_tells_the_mark_of_its_paths(names: list[str], paths: list[str]) -> None:
    assert list(written_paths(names).values()) == paths
