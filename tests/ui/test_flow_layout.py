"""Widgets in lines: further ones where there is no room."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.widgets.flow_layout import FlowLayout, flow
from ui.widgets.labels import Heading
from ui.widgets.layout import STRETCH, column


@pytest.fixture
def made(app: QApplication) -> QWidget:
    """Five widgets of 100 by 20 pixels, 10 pixels apart."""
    whole = QWidget()
    layout = FlowLayout(whole, spacing=10)
    for _ in range(5):
        one = QWidget()
        one.setFixedSize(100, 20)
        layout.addWidget(one)
    return whole


def places(whole: QWidget, width: int) -> Sequence[tuple[int, int]]:
    whole.resize(width, 200)
    layout = whole.layout()
    assert layout is not None
    layout.activate()
    return [(one.x(), one.y()) for one in whole.findChildren(QWidget)]


def test_widgets_that_fit_are_in_one_line(made: QWidget) -> None:
    assert places(made, 540) == [(0, 0), (110, 0), (220, 0), (330, 0), (440, 0)]
    assert made.sizeHint().width() == 540


def test_the_rest_goes_into_further_lines(made: QWidget) -> None:
    assert places(made, 250) == [(0, 0), (110, 0), (0, 30), (110, 30), (0, 60)]
    layout = made.layout()
    assert layout is not None
    assert [layout.heightForWidth(width) for width in (540, 250, 90)] == [20, 80, 140]


def test_widgets_that_are_taken_away_leave_no_hole(made: QWidget) -> None:
    layout = made.layout()
    assert layout is not None
    item = layout.takeAt(1)
    assert item is not None
    taken = item.widget()
    taken.setParent(None)
    assert places(made, 540) == [(0, 0), (110, 0), (220, 0), (330, 0)]
    assert layout.takeAt(9) is None


def test_a_row_stands_at_both_ends_of_one_line_or_in_several_lines(app: QApplication) -> None:
    parts = [QPushButton("word " * 4) for _ in range(4)]
    whole = QWidget()
    bar, below = flow(parts[0], parts[1], STRETCH, parts[2], parts[3], spacing=8), QWidget()
    lines_above = column(bar, below, spacing=0)
    lines_above.setStretch(1, 1)
    whole.setLayout(lines_above)
    need = sum(part.sizeHint().width() for part in parts) + 24
    for width, lines in ((need + 200, 1), (need, 1), (need // 2 + 20, 2), (parts[0].sizeHint().width(), 4)):
        whole.resize(width, 400)
        whole.show()
        app.processEvents()
        assert len({part.y() for part in parts}) == lines
        assert all(part.width() >= part.sizeHint().width() for part in parts)
        assert bar.height() >= max(part.geometry().bottom() for part in parts)
    whole.resize(need + 200, 400)
    app.processEvents()
    assert (parts[0].x(), parts[3].geometry().right() + 1) == (0, whole.width())
    whole.close()


def test_what_gives_way_is_cut_before_the_others_go_into_a_further_line(app: QApplication) -> None:
    title, buttons = Heading("A long title of a list that somebody saved"), [QPushButton("word " * 3) for _ in range(2)]
    bar = flow(title, STRETCH, *buttons, spacing=8, giving=title)
    whole = title.sizeHint().width() + sum(one.sizeHint().width() for one in buttons) + 16
    least = whole - title.sizeHint().width() + title.minimumSizeHint().width()
    bar.show()
    for width, lines in ((whole, 1), (whole - 40, 1), (least, 1), (least - 4, 2)):
        bar.resize(width, 100)
        app.processEvents()
        assert len({one.geometry().center().y() for one in (title, *buttons)}) == lines
        assert all(one.width() == one.sizeHint().width() for one in buttons)
        assert lines == 2 or title.width() == title.sizeHint().width() + width - whole
    bar.close()


def test_lines_can_stand_in_the_middle(made: QWidget) -> None:
    layout = made.layout()
    assert isinstance(layout, FlowLayout)
    layout.centred = True
    assert places(made, 250) == [(20, 0), (130, 0), (20, 30), (130, 30), (75, 60)]
