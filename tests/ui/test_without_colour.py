"""Nothing is told by colour alone: what differs in its tone differs where all tones have one colour."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.overview.figures import AttentionItem
from app.overview.licences import LicenceShare
from cmdb.model.messages import verbatim
from ui.page import PageEntry
from ui.pages import entries
from ui.pages.overview.licences import licence_bar
from ui.pages.overview.rows import attention_line
from ui.shell.navigation import FOLDED, WIDTH, NavButton
from ui.theme import Theme
from ui.widgets.charts import ShareBars


@pytest.fixture
def grey(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Theme:
    """A theme in which all tones, and all tokens of icons, are one colour."""
    pixmap = theme.pixmap
    monkeypatch.setattr(theme, "tone", lambda _: (QColor("#555555"), QColor("#dddddd")))
    monkeypatch.setattr(theme, "pixmap", lambda name, _token, *rest: pixmap(name, "muted", *rest))
    return theme


def drawn(widget: QWidget, width: int) -> QImage:
    widget.resize(width, 30)
    image = widget.grab().toImage()
    widget.deleteLater()
    return image


def test_how_urgent_a_finding_is_has_a_shape_and_is_spoken(app: QApplication, grey: Theme) -> None:
    def line(tone: str) -> QWidget:
        return attention_line(grey, AttentionItem(verbatim("www"), verbatim("ran out"), tone, "assets"), lambda: None)

    assert drawn(line("bad"), 400) == drawn(line("bad"), 400)
    assert drawn(line("bad"), 400) != drawn(line("warning"), 400)
    lines = [line(tone) for tone in ("bad", "warning")]
    spoken = [[one.accessibleName() for one in made.findChildren(QWidget)] for made in lines]
    assert "urgent" in spoken[0]
    assert "not urgent" in spoken[1]


@pytest.mark.parametrize("width", [WIDTH, FOLDED])
def test_a_count_of_what_is_due_differs_from_one_that_waits(app: QApplication, grey: Theme, width: int) -> None:
    entry: PageEntry = next(one for one in entries() if one.id == "tasks")

    def button(*, due: bool) -> QWidget:
        made = NavButton(grey, entry)
        made.fold(width == FOLDED)
        made.show_count(3, due=due)
        return made

    assert drawn(button(due=True), width) == drawn(button(due=True), width)
    assert drawn(button(due=True), width) != drawn(button(due=False), width)


def test_what_the_colour_of_a_licence_s_bar_means_is_spoken(app: QApplication, theme: Theme) -> None:
    share = LicenceShare(
        "Visio", "Visio", "device", "short", 3, 2, 2.0, 3.0, verbatim("3 - 2 = 1"), ("visio", "", "", "device")
    )
    chart = ShareBars(theme, "Licences")
    chart.show_bars((licence_bar(share),))
    assert chart.accessibleDescription() == "Visio: 3 / 2, Short"
    chart.deleteLater()
