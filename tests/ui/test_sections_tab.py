"""The sections of a record in the window: shown, filtered, explained, with a history; today and then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from app.history.revisions import revision_changes
from cmdb.model.observation import Observation, Reading, Source
from cmdb.reconciliation import reconcile
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from ui.context import Context
from ui.palette import PaletteEntry
from ui.records.detail.panel import DetailPanel
from ui.shell.palette_search import find_items
from ui.widgets.buttons import LinkButton
from ui.widgets.values import text_of

Settle = Callable[..., None]


def scan(store: Store, day: int, source: str = "agent", **details: list[dict[str, Any]]) -> int:
    """What a source saw of the laptop LT-2041."""
    with store.read() as reader:
        known = reader.find("LT-2041")
        values = {name: known.values[name] for name in ("name", "asset_tag", "serial_number") if name in known.values}
        seen = Observation("laptop", values, details=details, sections=tuple(details))
        reading = Reading(Source("scan", source), f"2026-03-0{day}T08:00:00Z", [seen], read=1)
        revision = reconcile([reading], StoreLookup(reader), store.schema, "tester").revision
    return store.apply(revision).number


def modules(*serials: str) -> list[dict[str, Any]]:
    return [{"slot": slot, "size": 8192, "serial_number": serial} for slot, serial in enumerate(serials, 1)]


@pytest.fixture
def panel(laptop_details: DetailPanel, settle: Settle) -> DetailPanel:
    """The details of a laptop, its sections open."""
    laptop_details.show_tab("sections")
    settle()
    return laptop_details


def words(panel: DetailPanel) -> str:
    return "\n".join(label.text() for label in panel.sections.findChildren(QLabel) if not label.isHidden())


def cells(panel: DetailPanel, column: str) -> list[str]:
    model = panel.sections.table.model()
    place = panel.sections._model.titles.index(column)  # type: ignore[union-attr]
    return [str(model.index(line, place).data()) for line in range(model.rowCount())]


def test_rows_follow_scans_and_say_why_and_since_when(context: Context, panel: DetailPanel, settle: Settle) -> None:
    tab, store = panel.sections, context.workspace.store
    assert "No scan has looked inside it" in words(panel)
    volume = {"mount": "/", "size": 1 << 30, "free": 1 << 20}
    first = scan(store, 1, memory_modules=modules(*(f"M-{n}" for n in range(1, 13))), volumes=[volume])
    settle()
    assert panel.tabs._titles["sections"] == "Sections 2"
    assert (tab.section, cells(panel, "Slot")) == ("memory_modules", [str(n) for n in range(1, 13)])
    assert not tab.search.isHidden()
    second = scan(store, 2, memory_modules=modules("M-1", "M-NEW", *(f"M-{n}" for n in range(3, 13))))
    settle()
    assert "Slot 2: Serial number M-2 → M-NEW" in words(panel)
    with context.workspace.read() as reader:
        (*_, line) = revision_changes(reader, second, text_of).changes.lines
    told = (line.item, line.what, line.before, line.after)
    assert told == ("LT-2041", "Memory module Slot 2", "Serial number M-2", "Serial number M-NEW")
    tab.search.setText("m-new")
    tab._filter()
    assert cells(panel, "Serial number") == ["M-NEW"]
    tab.table.selectRow(0)
    said = words(panel)
    assert "From scan agent, last seen" in said
    assert [one.text() for one in tab.facts.findChildren(LinkButton)] == [f"#{second}", f"#{first}"]
    tab.table.copy()
    assert QApplication.clipboard().text().splitlines()[1].split("\t")[:2] == ["2", "M-NEW"]

    scan(store, 3, "other", memory_modules=[{"slot": 2, "size": 16384}])
    settle()
    assert (tab.section, tab.chosen().key if tab.chosen() else "") == ("memory_modules", "2|"), "the same row"
    assert "Size 8 GiB, Serial number M-NEW" in words(panel), "what the other source says"
    panel.show_row("volumes", "/")
    settle()
    assert (tab.section, cells(panel, "Free *"), tab.search.isHidden()) == ("volumes", ["1 MiB"], True)
    context.moment.set(first, "then")
    panel.reload()
    settle()
    assert "Free *" not in tab._model.titles  # type: ignore[union-attr]
    panel.show_row("memory_modules", "2|")
    settle()
    assert cells(panel, "Serial number")[1] == "M-2"
    assert "M-NEW" not in words(panel)


def test_a_search_says_by_which_row_it_found_a_record(
    context: Context, panel: DetailPanel, settle: Settle, shell: Any
) -> None:
    first = scan(context.workspace.store, 1, memory_modules=modules("KX77-A1", "KX88-B2"))
    scan(context.workspace.store, 2, memory_modules=modules("KX77-A1", "KX99-C3"))
    offers: list[PaletteEntry] = []

    def found_by(text: str) -> list[str]:
        find_items(context, text, lambda found: offers.__setitem__(slice(None), found))
        settle()
        return [one.note for one in offers]

    assert found_by("lt-2041")[0].startswith("Laptop")
    assert "Memory module" not in found_by("lt-2041")[0]
    assert found_by("kx88") == []
    (note,) = found_by("kx99-c")
    assert "Laptop · Memory module Slot 2: Serial number KX99-C3" in note
    offers[0].run()
    assert shell.calls[-1] == ("go", "assets", {"uid": panel.uid, "row": ("memory_modules", "2|")})
    panel.show_ci(panel.uid, ("memory_modules", "2|"))
    settle()
    assert panel.tabs.current == "sections"
    assert panel.sections.chosen().columns["serial_number"] == "KX99-C3"  # type: ignore[union-attr]
    panel.found_by.say(panel.uid, "kx99")
    settle()
    assert "KX99-C3" in panel.found_by.text.text()
    context.moment.set(first, "then")
    assert "Memory module Slot 2: Serial number KX88-B2" in found_by("kx88")[0]
