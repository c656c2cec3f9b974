"""What does not fit is found, and what is cut with a mark is not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from tests.ui.fit import cut_painting, unfit
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedText, Heading, Text
from ui.widgets.layout import column, row, scrolled
from ui.widgets.value_choices import ValueRadio, ValueTick

LONG = "Überprüfungsangelegenheiten"


@pytest.fixture
def host(theme: Theme) -> QWidget:
    found = QWidget()
    found.resize(300, 200)
    found.show()
    return found


def put(widget: QWidget, host: QWidget, *place: int) -> None:
    widget.setParent(host)
    widget.setGeometry(*place)
    widget.show()


@pytest.mark.parametrize("made", [QLabel, Text, QPushButton])
def test_a_cut_word_is_found(host: QWidget, made: type[QWidget]) -> None:
    put(made(LONG), host, 0, 0, 60, 30)
    (found,) = unfit(host)
    assert LONG in found
    assert "needs" in found


@pytest.mark.parametrize("made", [ElidedText, Heading, Button, ValueRadio, ValueTick])
def test_a_word_that_is_cut_with_a_mark_is_none(host: QWidget, made: type[QWidget]) -> None:
    put(made(LONG), host, 0, 0, 60, 30)
    assert unfit(host) == set()


@pytest.mark.parametrize("made", [ValueRadio, ValueTick])
def test_values_that_are_chosen_keep_room_for_their_first_letters(
    host: QWidget, made: type[ValueRadio | ValueTick]
) -> None:
    short, long = made("16 GiB"), made(LONG * 3)
    wide = QWidget()
    wide.setFixedWidth(290)
    host.setLayout(row(short, long, wide, spacing=0))
    QApplication.processEvents()
    assert short.width() >= short.sizeHint().width()
    assert 60 < long.width() < long.sizeHint().width()


def test_lines_without_height_are_found(host: QWidget) -> None:
    put(Text("one of many words " * 9, wrap=True), host, 0, 0, 120, 30)
    (found,) = unfit(host)
    assert "px of height" in found


def test_neighbours_over_each_other_and_what_leaves_the_window_are_found(host: QWidget) -> None:
    put(QPushButton("One"), host, 0, 0, 90, 30)
    put(QPushButton("Two"), host, 60, 10, 90, 30)
    put(QPushButton("Three"), host, 280, 100, 90, 30)
    found = unfit(host)
    assert len(found) == 2
    assert any("lie over each other" in one for one in found)
    assert any("'Three' at (280, 100, 90, 30) leaves 300 x 200" in one for one in found)


def test_what_is_scrolled_fits(host: QWidget) -> None:
    tall = QWidget()
    tall.setLayout(column(*(Text(f"line {number}") for number in range(40))))
    host.setLayout(column(scrolled(tall)))
    QApplication.processEvents()
    assert unfit(host) == set()


def test_a_painted_text_that_is_cut_is_found(app: QApplication) -> None:
    picture = QPixmap(200, 40)
    with QPainter(picture) as painter:
        flags = Qt.AlignmentFlag.AlignLeft
        assert "painted" in cut_painting(painter, (QRect(0, 0, 40, 20), flags, LONG))
        assert "painted" in cut_painting(painter, (0, 0, 40, 20, int(flags), LONG))
        assert cut_painting(painter, (QRect(0, 0, 40, 20), flags, "Über…")) == ""
        assert cut_painting(painter, (QRect(0, 0, 190, 20), flags, "One")) == ""
