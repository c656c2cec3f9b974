"""A folder of files on the Import page: all go in together, and the result says what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.importers.inventory.documents import laptop
from ui.pages.import_.page import APPLY, MAP, ImportPage


def test_a_folder_goes_in_at_once_and_each_file_is_told(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.imports.proposed_rows.MOST_ROWS", 2)
    folder = tmp_path / "stick"
    (folder / "more").mkdir(parents=True)
    (folder / "a.json").write_text(json.dumps(laptop()), "utf-8")
    (folder / "more" / "bad.json").write_text('{"deviceid": "x", "content": {', "utf-8")
    (folder / "more" / "list.csv").write_text("Class,Name,Serial number\nServer,srv-x,SX1\nServer,srv-y,SY1\n", "utf-8")
    (folder / ".hidden.json").write_text("no", "utf-8")
    page.flow.open([folder])
    idle()
    page.go_to(MAP)
    page.next()
    idle()
    page.next()
    view = page.compare_view.view
    assert "Sections 2+" in [button.text() for button in view.tabs.findChildren(QAbstractButton)]
    view.tabs.choose("sections")
    view.tabs.chosen.emit("sections")
    line = view.selected()[0]
    texts = [label.text() for label in view.detail.findChildren(QLabel)]
    assert {line.item, line.section, line.words} <= {*texts}
    view.tabs.choose("new")
    view.tabs.chosen.emit("new")
    names = [view.table.model().index(row, 0).data() for row in range(view.table.model().rowCount())]
    view.table.selectRow(names.index("srv-x"))
    view.toggle()
    page.next()
    idle()
    assert page.step == APPLY
    result = page.result_view
    assert result.files.isVisibleTo(page)
    model = result.files.model()
    told = [[model.index(row, column).data() or "" for column in range(7)] for row in range(model.rowCount())]
    assert [(line[0], line[1], line[6]) for line in told] == [
        ("a.json", "1", ""),
        ("list.csv", "2", ""),
        ("bad.json", "", "bad.json is cut off at line 1: its end is missing."),
    ]
    assert told[1][2] == "1", "the other one was left out"
    assert "rows of sections" not in result._text.text(), "how many of them went in is not known"
