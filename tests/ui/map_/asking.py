"""What tests of the map ask, and where its boxes are."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF

from ui.graph.nodes import NodeItem
from ui.pages.map.page import MapPage

Settle = Callable[..., None]
UIDS: dict[str, str] = {}


def ask(page: MapPage, settle: Settle, name: str, *, impact: bool = False) -> None:
    page.opened(uid=UIDS[name], impact=impact)
    settle()


def node(page: MapPage, name: str) -> NodeItem:
    assert page.answer is not None
    ci = next(ci for ci, uid in page.answer.uids.items() if uid == UIDS[name])
    found = page.view.item(ci)
    assert found is not None
    return found


def place(page: MapPage, name: str, offset: QPointF | None = None) -> QPoint:
    item = node(page, name)
    return page.view.mapFromScene(item.mapToScene(offset or QPointF(0, 0)))
