"""The map as it is drawn: what can be read, found, hidden and moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from app.item_search import matching
from app.map.question import MapQuestion
from cmdb.model.revision import Edit, Revision, ci, new_id
from tests.ui.map_.asking import ask, node, place
from ui.context import Context
from ui.graph.nodes import SMALLEST
from ui.graph.view import LEGIBLE
from ui.pages.map.page import MapPage

Settle = Callable[..., None]


@pytest.mark.parametrize("size", [(1024, 640), (1240, 820)])
def test_names_can_be_read_when_the_map_opens(page: MapPage, settle: Settle, size: tuple[int, int]) -> None:
    page.resize(*size)
    ask(page, settle, "sw-2", impact=True)
    page.view.fit()
    assert page.view.scale_factor >= LEGIBLE
    start = node(page, "sw-2")
    assert page.view.mapToScene(page.view.viewport().rect()).boundingRect().contains(start.pos())
    page.view.fit(whole=True)
    shown = page.view.mapToScene(page.view.viewport().rect()).boundingRect()
    assert shown.adjusted(-1, -1, 1, 1).contains(page.view.content()), "lines included"


@pytest.mark.parametrize("scale", [LEGIBLE, 0.6, 0.81, 0.83, 1.2, 1.5])
def test_names_are_never_drawn_too_small(
    page: MapPage, settle: Settle, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    ask(page, settle, "sw-2", impact=True)
    sizes: list[float] = []

    def note(painter: QPainter, *_: object) -> None:
        sizes.append(painter.font().pixelSize() * scale)

    monkeypatch.setattr(QPainter, "drawText", note)
    image = QImage(400, 200, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter.scale(scale, scale)
    node(page, "sw-2").paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    assert min(sizes) >= SMALLEST


def test_a_moved_box_is_put_back_before_any_change_is_taken_back(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2")
    assert page.own_steps() is None
    item = node(page, "sw-2")
    before, middle = item.pos(), place(page, "sw-2")
    view = page.view.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for step in (20, 40):
        QTest.mouseMove(view, middle + QPoint(step, step))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 40))
    assert item.pos() != before
    steps = page.own_steps()
    assert steps is not None
    assert str(steps.undone) == "sw-2 moved on the map"
    steps.undo()
    assert item.pos() == before
    steps = page.own_steps()
    assert steps is not None
    assert (str(steps.undone), str(steps.redone), steps.before_revisions) == ("", "sw-2 moved on the map", True)
    steps.redo()
    assert item.pos() != before


def test_a_box_is_found_in_the_drawing(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    page.find_bar.open_bar()
    QTest.keyClicks(page.find_bar.field, "SW-")
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Return)
    assert page.view.current is not None
    assert page.view.picture.nodes[page.view.current].name.startswith("sw-")
    assert not node(page, "sw-2").faded
    assert node(page, "host-a").faded
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Escape)
    QTest.keyClick(page.find_bar.field, Qt.Key.Key_Escape)
    assert page.find_bar.isHidden()
    assert not node(page, "host-a").faded


def test_a_class_can_be_hidden_and_shown_again(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    assert page.answer is not None
    names = {one.cls for one in page.answer.picture.nodes.values()}
    assert "Server" in names
    page.hide_class(node(page, "host-a").node.id)
    settle()
    assert "Server" not in {one.cls for one in page.answer.picture.nodes.values()}
    assert MapQuestion.of(page.question.document()) == page.question
    next(one for one in page.page_actions() if one.id == "map.unhide").run()
    settle()
    assert {one.cls for one in page.answer.picture.nodes.values()} == names


def test_an_exact_name_is_found_first(page: MapPage, context: Context) -> None:
    with context.workspace.read() as reader:
        extra = Edit(ci(new_id()), "", None, {"class": "switch", "name": "bio-sw-2"})
        context.workspace.apply(Revision([extra], "anna"))
    with context.workspace.read() as reader:
        assert [one.name for one in matching(reader, "ci", "sw-2", 3)][:2] == ["sw-2", "bio-sw-2"]
