"""A folder of files on the Import page: all go in together, and the result says what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from tests.app.drift.inventories import inventory
from tests.importers.inventory.documents import laptop
from tests.ui.import_flow import names
from ui.pages.import_.page import APPLY, COMPARE, MAP, ImportPage


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


def test_what_went_in_without_a_record_that_was_left_out_is_counted_and_what_rows_only_name_is_told(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    other = inventory(1, [("Editor", "1"), ("Viewer", "3")])
    other["content"] |= {"hardware": {"name": "nb-2", "chassis_type": "Laptop"}, "bios": {"ssn": "PF9ZZZ12"}}
    (tmp_path / "a.json").write_text(json.dumps(inventory(1, [("Editor", "1")])), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps(other), "utf-8")
    page.flow.open([tmp_path / "a.json", tmp_path / "b.json"])
    idle()
    page.go_to(MAP)
    page.next()
    idle()
    page.next()
    view = page.compare_view.view
    assert view.shown is not None
    prepared, out = view.shown, next(one for one in view.shown.new if one.name == "nb-2")
    view.tabs.choose("new")
    view.tabs.chosen.emit("new")
    view.table.selectRow(prepared.new.index(out))
    view.toggle()
    page.next()
    idle()
    result = page.result_view
    with page.context.workspace.read() as reader:
        sections = reader.sections(next(one.uid for one in prepared.new if one.name == "nb-017"))
        rows = sum(len(its) for name, its in sections.items() if not reader.schema.sections[name].volatile)
    assert f", 1 installation, {rows} rows of sections" in result._text.text(), "nb-2 has others"
    named = [one for one in prepared.new if not one.origins]
    assert {one.cls for one in named} == {"hardware_model", "manufacturer"}
    assert result._named.text().startswith(f"{len(named)} more new item")
    assert result._named.isVisibleTo(page)


def test_files_are_summed_up_before_anything_is_written_and_anew_only_where_records_are_left_out(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"Class,Name,Serial number\nServer,srv-{name},SN-{name}-77\n", "utf-8")
    page.flow.open([tmp_path / "a.csv", tmp_path / "b.csv"])
    idle()
    page.go_to(MAP)
    page.next()
    idle()
    page.next()

    def failing(*_: object) -> None:
        raise FileProblem(Message("Nobody can count these."))

    monkeypatch.setattr("ui.pages.import_.flow.file_summaries", failing)
    view = page.compare_view.view
    view.table.selectRow(0)
    view.toggle()
    before = names(page.context.workspace, "server")
    page.next()
    idle()
    assert page.step == COMPARE
    assert names(page.context.workspace, "server") == before, "told as failed: nothing is written"
    assert isinstance(page.context.shell.problems.pop(), FileProblem)  # type: ignore[attr-defined]
    view.table.selectRow(0)
    view.toggle()
    page.next()
    idle()
    assert page.step == APPLY
    assert [(one.file.name, one.created) for one in page.flow.summaries] == [("a.csv", 1), ("b.csv", 1)]
