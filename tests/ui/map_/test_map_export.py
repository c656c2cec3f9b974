"""The map as a file: whole, as the answer is and not as the screen is, and written while the window goes on."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QTransform

from cmdb.graph.diagram import Diagram, EdgeView, NodeView
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from tests.ui.conftest import RecordingShell
from tests.ui.map_.asking import ask, node
from ui.graph.export import MapDrawing, write_drawing
from ui.graph.view import GraphView
from ui.pages.map.page import MapPage
from ui.theme import Theme

Settle = Callable[..., None]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def large(theme: Theme) -> Iterator[GraphView]:
    """A drawing of 400 boxes and 399 lines, far from the middle of the scene."""
    nodes = {n: NodeView(n, f"box {n}", "Server", "server", "up", "Server") for n in range(400)}
    edges = tuple(EdgeView(n, n + 1, "hard") for n in range(399))
    positions = {n: (5000.0 + (n % 20) * 240, -9000.0 + (n // 20) * 120) for n in range(400)}
    view = GraphView(theme)
    view.show_picture(Diagram(nodes, edges, positions))
    yield view
    view.deleteLater()


def drawing_of(view: GraphView, theme: Theme, ending: str) -> MapDrawing:
    return MapDrawing(ending, view.picture, view.lines, view.content(), theme, "If it fails", "30 Nov 2026")


def points_of(root: ElementTree.Element) -> Iterator[QPointF]:
    """The points of the boxes and lines of an SVG, in its own units."""
    for group in root.iter(f"{SVG}g"):
        told = group.get("transform", "").removeprefix("matrix(").removesuffix(")")
        placed = QTransform(*(float(one) for one in told.split(","))) if told else QTransform()
        for shape in group:
            for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", shape.get("d", "") + shape.get("points", "")):
                yield placed.map(QPointF(float(x), float(y)))


def test_a_file_holds_every_box_and_line_and_its_words(large: GraphView, theme: Theme, tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    write_drawing(Control(), path, drawing_of(large, theme, ".svg"), lambda work: work())
    root = ElementTree.parse(path).getroot()
    room = QRectF(*(float(one) for one in root.get("viewBox", "").split())).adjusted(-0.5, -0.5, 0.5, 0.5)
    points = list(points_of(root))
    assert len(points) > 400 * 4
    assert [one for one in points if not room.contains(one)] == []
    said = "".join(root.itertext())
    for number in range(400):
        assert f"box {number}" in said
    assert max(one.x() for one in points) - min(one.x() for one in points) > 19 * 240
    assert max(one.y() for one in points) - min(one.y() for one in points) > 19 * 120


def test_a_file_shows_the_answer_and_not_what_is_chosen_on_the_screen(
    page: MapPage, shell: RecordingShell, settle: Settle, tmp_path: Path
) -> None:
    ask(page, settle, "sw-2", impact=True)
    page.view.light(())
    page.view.select(None)
    plain, faded = tmp_path / "plain.svg", tmp_path / "faded.svg"
    page.files.write(plain)
    settle(lambda: ("written", plain) in shell.calls)
    page.choose(node(page, "Mail").node.id)
    settle()
    page.view.light((node(page, "sw-2").node.id, node(page, "Mail").node.id))
    page.files.write(faded)
    settle(lambda: ("written", faded) in shell.calls)
    assert page.view.trail, "the screen stays as it was"
    assert page.view.current is not None
    assert faded.read_text() == plain.read_text()
    said = "".join(ElementTree.parse(plain).getroot().itertext())
    assert page.answer is not None
    assert page.answer.title in said
    for one in page.answer.picture.nodes.values():
        assert one.name in said
    assert "one more loss takes it down" in said, "the legend"
    assert page.files._shown.whole_note in said, "how many are shown, and the date"


@pytest.mark.parametrize("ending", [".svg", ".png", ".pdf"])
def test_a_drawing_is_painted_in_turns_as_short_as_a_stroke(large: GraphView, theme: Theme, ending: str) -> None:
    drawing = drawing_of(large, theme, ending)
    turns = 0
    while not drawing.done:
        drawing.paint_some(0)
        turns += 1
        assert drawing.drawn <= turns
    assert drawing.drawn == drawing.total >= 799


def test_the_job_tells_how_far_it_is_and_is_cancelled(large: GraphView, theme: Theme, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    control = Control(lambda done, total, _: told.append((done, total)))
    drawing = drawing_of(large, theme, ".png")

    def on_window(work: Callable[[], None]) -> None:
        work()
        if drawing.drawn > 100:
            control.cancel()

    paint = drawing.paint_some
    drawing.paint_some = lambda _=0.0: paint(0)  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        write_drawing(control, tmp_path / "map.png", drawing, on_window)
    drawing.close()
    assert told[0][1] == drawing.total
    assert 0 < drawing.drawn < drawing.total
    assert list(tmp_path.iterdir()) == []


def test_the_window_that_does_not_answer_is_not_waited_for(large: GraphView, theme: Theme, tmp_path: Path) -> None:
    control = Control()
    timer = threading.Timer(0.05, control.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        write_drawing(control, tmp_path / "map.svg", drawing_of(large, theme, ".svg"), lambda work: None)
    timer.join()


def test_a_large_picture_is_bounded_in_pixels(large: GraphView, theme: Theme, tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    write_drawing(Control(), path, drawing_of(large, theme, ".png"), lambda work: work())
    found = QImage(str(path))
    assert 4000 < found.width() <= 5000
    assert found.height() <= 5000
