"""Drift and the history of software in the details of a computer: scans taken in, an undo, a past moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLabel

from app.moments import PointInTime
from cmdb.model.revision import Edit, Revision, ci
from cmdb.register import history
from tests.app.drift.inventories import MODULES, inventory, laptop, proposed, take
from ui.context import Context
from ui.records.detail.panel import DetailPanel
from ui.widgets.buttons import LinkButton

Settle = Callable[..., None]
FOX, FOX_2, EDITOR = ("Fox Browser", "115.0"), ("Fox Browser", "128.0"), ("Editor", "1")


def words(panel: DetailPanel) -> str:
    return "\n".join(label.text() for label in panel.drift.findChildren(QLabel) if not label.isHidden())


def steps(panel: DetailPanel) -> list[tuple[str, str]]:
    model = panel.software.history.table.model()
    return [(model.index(n, 0).data(), model.index(n, 1).data()) for n in range(model.rowCount())]


def test_drift_since_the_scan_before_and_since_another(
    context: Context, laptop_details: DetailPanel, settle: Settle
) -> None:
    panel, store = laptop_details, context.workspace.store
    panel.show_tab("drift")
    settle()
    assert "No scan has looked inside it" in words(panel)
    first = take(store, 1, [FOX, EDITOR])
    panel.show_ci(laptop(store))
    settle()
    assert "It was scanned once" in words(panel)
    second = take(store, 2, [FOX_2, EDITOR], memories=[MODULES[0], {"numslots": 2, "capacity": 16384}])
    settle()
    assert "Fox Browser: 115.0 → 128.0" in words(panel)
    assert "1 upgraded" in words(panel)
    assert "Memory module Slot 2: Size 8 GiB → Size 16 GiB" in words(panel)
    third = take(store, 3, [FOX_2, *((f"Tool {n:02}", "1") for n in range(14))])
    settle()
    assert "14 added, 1 removed" in words(panel)
    assert "removed: Editor 1" not in words(panel), "folded"
    next(one for one in panel.drift.findChildren(LinkButton) if one.text() == "Show all 15").click()
    assert "removed: Editor 1" in words(panel)
    assert [panel.drift.chooser.itemData(n) for n in range(3)] == [third, second, first]
    assert "Fox" not in words(panel)
    panel.drift.chooser.setCurrentIndex(2)
    panel.drift.chooser.activated.emit(2)
    settle()
    assert "Fox Browser: 115.0 → 128.0" in words(panel)
    panel.drift._take(PointInTime(second))
    settle()
    assert "14 added, 1 removed" in words(panel)
    by_hand = Revision([Edit(ci(laptop(store)), "notes", None, "new")], "tester")
    latest = store.apply(by_hand).number
    panel.drift._take(PointInTime(latest))
    settle()
    assert panel.drift.chooser.currentText() == f"revision {latest}"
    assert "Nothing differs." in words(panel)
    panel.drift._take(PointInTime(first))
    settle()
    history.undo(store, third, "tester")
    settle()
    assert "Tool 01" not in words(panel)
    context.moment.set(first, "then")
    panel.reload()
    settle()
    assert "It was scanned once" in words(panel) or "Nothing differs." in words(panel)


def test_what_came_and_went_is_listed_filtered_and_written(
    context: Context, laptop_details: DetailPanel, settle: Settle, tmp_path: Path
) -> None:
    panel, store = laptop_details, context.workspace.store
    take(store, 1, [FOX, EDITOR])
    store.apply(proposed(store, inventory(2, [FOX_2])).revision)
    panel.show_ci(laptop(store))
    panel.show_tab("software")
    panel.software.views.choose("history")
    settle()
    panel.software.wanted()
    settle()
    assert steps(panel) == [
        ("Editor", "removed 1"),
        ("Fox Browser", "upgraded 115.0 → 128.0"),
        ("Editor", "there when it was first seen 1"),
        ("Fox Browser", "there when it was first seen 115.0"),
    ]
    panel.software.history.save_to(tmp_path / "software.csv")
    settle()
    assert "upgraded,Fox Browser,115.0,128.0" in (tmp_path / "software.csv").read_text("utf-8-sig")
    panel.software.history.search.setText("editor removed")
    panel.software.history._filter()
    assert steps(panel) == [("Editor", "removed 1")]
