"""What charts paint fits beside each other."""

from __future__ import annotations

import pytest

from ui.theme import Theme
from ui.widgets.charts import Bar, ShareBars


@pytest.mark.parametrize("width", [120, 170, 260, 600])
def test_bars_never_reach_into_their_labels_or_numbers(theme: Theme, width: int) -> None:
    chart = ShareBars(theme, "Licences", labels=0.6)
    chart.resize(width, 100)
    chart.show_bars((Bar("Windows Server Standard 2022", 416, "440 / 416", "bad", whole=440),))
    labels, track, numbers = chart.parts()
    assert labels + track + numbers <= width
    assert numbers > chart.fontMetrics().horizontalAdvance("440 / 416")
    chart.deleteLater()
