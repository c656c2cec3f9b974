"""Arrow keys walk along a drawing's lines."""

from __future__ import annotations

from pathlib import Path

from app.map.answer import answer
from app.map.question import MapQuestion
from cmdb.graph.diagram import CELL, Diagram, EdgeView, NodeView
from cmdb.register.live_graph import graph_of
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill
from ui.graph.arrow_navigation import walk

UP, DOWN, RIGHT, LEFT = (0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0)

#: Three in a row, one above the first, one below the last; the row has no lines among itself.
PLACES = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (0.0, -1.0), 5: (2.0, 1.0)}
PICTURE = Diagram(
    {ci: NodeView(ci, f"n{ci}", "Server", "server", "up", "") for ci in PLACES},
    (EdgeView(4, 1, "hard"), EdgeView(3, 5, "hard")),
    {ci: (x * CELL.width, y * CELL.height) for ci, (x, y) in PLACES.items()},
)


def test_up_and_down_follow_the_lines() -> None:
    assert walk(PICTURE, 1, UP, PICTURE.positions) == 4
    assert walk(PICTURE, 4, DOWN, PICTURE.positions) == 1
    assert walk(PICTURE, 3, DOWN, PICTURE.positions) == 5
    assert walk(PICTURE, 4, UP, PICTURE.positions) is None
    assert walk(PICTURE, 2, UP, PICTURE.positions) is None, "no line leads from there"


def test_sideways_goes_to_the_nearest_of_the_row() -> None:
    assert walk(PICTURE, 1, RIGHT, PICTURE.positions) == 2
    assert walk(PICTURE, 3, LEFT, PICTURE.positions) == 2
    assert walk(PICTURE, 3, RIGHT, PICTURE.positions) is None


def test_arrows_walk_along_the_lines_of_an_answer(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "map.terrier")
    uids = fill(store)
    with store.read() as reader:
        question = MapQuestion(start=uids["sw-2"], failed=(uids["sw-2"],))
        picture = answer(reader, graph_of(reader), question).picture
    store.close()
    ids = {node.name: ci for ci, node in picture.nodes.items()}
    assert walk(picture, ids["host-c"], UP, picture.positions) == ids["cluster-rtm"]
    assert walk(picture, ids["mail-gw"], DOWN, picture.positions) == ids["vm-mail"]
    assert walk(picture, ids["Payroll"], UP, picture.positions) is None
    vms = sorted((ids[name] for name in ("vm-pay", "vm-web", "vm-mail")), key=lambda ci: picture.positions[ci][0])
    assert walk(picture, vms[0], RIGHT, picture.positions) == vms[1]
    assert walk(picture, vms[2], LEFT, picture.positions) == vms[1]
