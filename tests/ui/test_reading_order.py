from __future__ import annotations

from itertools import permutations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.widgets.reading_order import in_reading_order

Place = tuple[int, int, int, int]


def order(places: dict[str, Place]) -> str:
    """The names of parts (left, top, width, height) as the Tab key goes through them."""
    page = QWidget()
    for name, place in places.items():
        QPushButton(name, page).setGeometry(*place)
    page.show()
    found = "".join(one.text() for one in in_reading_order(page) if isinstance(one, QPushButton))
    page.close()
    page.deleteLater()
    return found


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"a": (0, 0, 40, 20), "b": (50, 2, 40, 16), "c": (0, 30, 40, 20), "d": (50, 30, 40, 20)}, "abcd"),
        # a reaches down to c, beside both: compared two by two, a < b < c < a
        ({"a": (60, 0, 30, 60), "b": (100, 0, 30, 20), "c": (0, 40, 30, 40)}, "cab"),
        ({"a": (0, 0, 40, 100), "b": (90, 0, 40, 20), "c": (50, 30, 80, 20), "d": (60, 60, 40, 40)}, "abcd"),
        ({"a": (0, 0, 80, 40), "b": (20, 20, 80, 40), "c": (10, 70, 40, 20)}, "abc"),
    ],
)
def test_tab_goes_by_line_and_from_the_left_however_the_parts_were_made(
    app: QApplication, places: dict[str, Place], expected: str
) -> None:
    for made in permutations(places):
        assert order({name: places[name] for name in made}) == expected, made
