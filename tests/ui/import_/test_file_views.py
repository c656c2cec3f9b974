"""The first steps of an import: files opened, with what was detected; columns mapped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from app.estate_settings import CURRENCY, change
from app.imports import draft as drafts
from app.imports.formats import Format, formats
from app.imports.new_attribute import new_attribute
from app.imports.targets import LEAVE_OUT, targets
from app.imports.unsaid import unsaid
from app.workspace import Workspace
from importers.importer import Importer
from importers.registry import all_importers
from importers.spreadsheets.sheets import opening
from tests.ui.conftest import RecordingShell
from tests.ui.import_flow import LAPTOPS, names, opened
from ui.context import Context
from ui.pages.import_.drop_zone import FormatList
from ui.pages.import_.file_choice import file_filter
from ui.pages.import_.file_views import Failures
from ui.pages.import_.page import CHECK, MAP, ImportPage
from ui.widgets.buttons import LinkButton

# -- open -------------------------------------------------------------------------------------------------------------


def test_without_files_a_drop_area_is_shown(page: ImportPage) -> None:
    assert page._stack.currentWidget() is page._drop
    assert page.next_button.isHidden()


def test_the_page_opens_without_the_views_of_later_steps_and_without_asking_importers(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> list[Format]:
        raise AssertionError("importers are imported before anybody asks for them")

    monkeypatch.setattr("ui.pages.import_.file_choice.formats", asked)
    page = ImportPage(context)
    page.show()
    page.opened()
    later = {"mapping_view", "check_view", "compare_view", "result_view"}
    assert later.isdisjoint(vars(page))
    page.close()


def test_every_format_can_be_chosen_one_of_a_plug_in_too(
    context: Context, shell: RecordingShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = Importer("labels", "Label list", "", (".labels",), lambda _: False, lambda *_: [], lambda folder: folder)
    monkeypatch.setattr(context.workspace.plugins, "importers", lambda: [lists])
    page = ImportPage(context)
    page._drop.formats.click()
    assert isinstance(shell.content, FormatList)
    texts = [label.text() for label in shell.content.findChildren(QLabel)]
    assert {"Label list", "labels"} <= {*texts}
    assert all(str(one.help) in texts for one in all_importers())
    offered = file_filter(formats([lists])).split(";;")
    assert offered[-1] == "All files (*)"
    assert {f"{one.label} ({' '.join(f'*{e}' for e in one.endings)})" for one in all_importers([lists])} <= {*offered}
    assert "*.labels" in offered[0]
    assert "*.json" in offered[0]


def test_a_dropped_file_opens_with_what_was_detected(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sheet))])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), actions, data, buttons, keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    idle()
    view = page.sheet_view
    assert page.tree.current is page.flow.sheets[0]
    assert view.header.currentData() == 2
    assert view.delimiter.currentData() == ";"
    assert view.decimals.currentText().startswith("Comma")
    assert view.dates.currentText() == "Day first"
    assert page.next_button.isEnabled()


def test_another_header_row_and_separator_can_be_chosen(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "People.csv"
    path.write_text("Name,Email\nOur people\nFirst name;Last name;Email\nAda;Young;ada@harbour.example\n")
    sheet = opened(page, path, idle)
    page.flow.change_options(sheet, delimiter=";")
    idle()
    (changed,) = page.flow.sheets
    assert changed.sheet.options.delimiter == ";"
    page.flow.change_options(changed, header_row=3)
    idle()
    assert changed.sheet.headers == ["First name", "Last name", "Email"]
    assert [c.name for c in changed.mapping.columns] == ["first_name", "last_name", "email"]


def test_an_unreadable_file_is_reported_and_the_others_open(
    page: ImportPage, sheet: Path, tmp_path: Path, idle: Callable[[], None]
) -> None:
    bad = tmp_path / "photo.xlsx"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.opened(files=[str(bad), str(sheet)])
    idle()
    assert [file.path.name for file in page.flow.files] == ["Laptops.csv"]
    ((path, error),) = page.flow.failures
    assert path.name == "photo.xlsx"
    assert "photo.xlsx" in str(error)


def test_the_reason_of_every_file_can_be_read(page: ImportPage, tmp_path: Path, idle: Callable[[], None]) -> None:
    tmp_path /= "stick"
    tmp_path.mkdir()
    for number in range(9):
        (tmp_path / f"pc-{number}.json").touch()
    page.opened(files=[str(tmp_path)])
    idle()
    failures = page.findChild(Failures)
    assert failures is not None
    fold, dismiss = failures.findChildren(LinkButton)
    fold.setFocus()
    fold.click()
    (reasons,) = failures.findChildren(QScrollArea)
    text = reasons.widget()
    assert isinstance(text, QLabel)
    assert text.text().split("\n") == [f"pc-{number}.json is empty." for number in range(9)]
    assert (fold.text(), fold.window().focusWidget()) == ("Hide the reasons", fold)
    dismiss.setFocus()
    dismiss.click()
    assert page.isAncestorOf(page.window().focusWidget())
    assert not failures.isAncestorOf(page.window().focusWidget())


def test_a_copied_table_is_taken(page: ImportPage, app: QApplication, idle: Callable[[], None]) -> None:
    app.clipboard().setText("First name\tLast name\tEmail\nAda\tYoung\tada@harbour.example\n")
    page.choice.paste()
    idle()
    assert page.flow.sheets[0].mapping.cls == "person"


def test_an_inventory_needs_no_mapping(
    page: ImportPage, tmp_path: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    path = tmp_path / "pc.json"
    path.write_text(
        '{"deviceid": "pc-17", "itemtype": "Computer", "action": "inventory", "content": {"versionclient": "x",'
        '"hardware": {"name": "pc-17", "chassis_type": "Laptop", "memory": 16384},'
        '"bios": {"ssn": "SER1717X", "smanufacturer": "Dell"}}}'
    )
    page.opened(files=[str(path)])
    idle()
    page.next()
    idle()
    assert page.step == CHECK
    page.next()
    page.next()
    idle()
    assert "pc-17" in names(workspace)


# -- map --------------------------------------------------------------------------------------------------------------


def test_columns_are_mapped_and_changed_from_the_keyboard(
    page: ImportPage, sheet: Path, app: QApplication, idle: Callable[[], None]
) -> None:
    draft = opened(page, sheet, idle)
    page.next()
    assert page.step == MAP
    assert [c.name for c in draft.mapping.columns[:4]] == ["asset_tag", "name", "status", "model"]
    view = page.mapping_view
    view.table.selectRow(7)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    chooser = app.activePopupWidget()
    assert chooser is not None
    QTest.keyClicks(chooser.field, "notes")  # type: ignore[attr-defined]
    QTest.keyClick(chooser.field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert draft.mapping.columns[7].name == "notes"
    QTest.keyClick(view.table, Qt.Key.Key_Delete)
    assert draft.mapping.columns[7].role == "unmapped"


def test_what_no_column_says_is_said_and_set_for_every_row(
    page: ImportPage, tmp_path: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    with workspace.read() as reader:
        workspace.apply(change(reader, CURRENCY, "EUR", "anna"))
    path = tmp_path / "new.csv"
    path.write_text("Asset tag,Class,Serial number,Purchase cost\nLT-1,Laptop,S-1,900\nLT-2,Laptop,S-2,950\n")
    draft = opened(page, path, idle)
    page.next()
    idle()
    offers = page.mapping_view.unsaid.buttons
    assert list(offers) == ["status", "currency"]
    page.go_to(CHECK)
    idle()
    said = page.check_view._unsaid._text.text()
    assert said.startswith("No column says the status.")
    assert "“Purchase cost” is in no currency" in said
    page.go_to(MAP)
    for name, title in (("status", "Deployed"), ("currency", "EUR, the estate's")):
        menu = page.mapping_view.unsaid.buttons[name].menu()
        assert menu is not None
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == title).trigger()
        idle()
    assert draft.mapping.constants == {"status": "Deployed", "currency": "EUR"}
    assert not page.mapping_view.unsaid.buttons
    page.go_to(CHECK)
    idle()
    assert page.check_view._unsaid.isHidden()
    page.go_to(MAP)
    page.mapping_view.remove_constant("status")
    assert list(page.mapping_view.unsaid.buttons) == ["status"]


@pytest.mark.parametrize("heading", ["Purchase cost (EUR)", "Purchase cost,Currency"])
def test_a_currency_that_is_said_is_not_asked_for(
    page: ImportPage, tmp_path: Path, heading: str, idle: Callable[[], None]
) -> None:
    path = tmp_path / "new.csv"
    more = ",EUR" * heading.count(",")
    path.write_text(f"Asset tag,Class,Status,{heading}\nLT-1,Laptop,Deployed,900{more}\n")
    assert unsaid(page.context.schema, opened(page, path, idle)) == []


def test_two_columns_never_become_the_same(page: ImportPage, sheet: Path, idle: Callable[[], None]) -> None:
    draft = opened(page, sheet, idle)
    offers = targets(page.context.schema, draft.mapping)
    name = next(t for t in offers if t.name == "name" and t.role == "attribute")
    page.flow.change_column(draft, 7, name)
    assert [c.index for c in draft.mapping.columns if c.name == "name"] == [7]
    page.flow.change_column(draft, 7, LEAVE_OUT)
    assert not [c for c in draft.mapping.columns if c.name == "name"]


def test_a_sheet_without_a_class_asks_for_it(page: ImportPage, tmp_path: Path, idle: Callable[[], None]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Foo,Name\n1,ups-1\n2,ups-2\n")
    draft = opened(page, path, idle)
    page.next()
    assert page.step == MAP
    assert not page.next_button.isEnabled()
    on = next(one for one in page.page_actions() if one.id == "import.next")
    assert str(on.refusal) == page.mapping_view._message._text.text() == page.next_button.toolTip()
    assert str(on.refusal).startswith("The columns do not show what the rows are.")
    page.go_to(CHECK)
    assert page.flow.blocked is draft
    assert page.step == MAP
    page.flow.change_class(draft, "ups")
    idle()
    assert page.flow.taken == [draft]
    assert draft.mapping.cls == "ups"
    assert page.next_button.isEnabled()


def test_a_saved_mapping_is_recognised_by_the_columns(
    page: ImportPage, sheet: Path, tmp_path: Path, idle: Callable[[], None]
) -> None:
    draft = opened(page, sheet, idle)
    page.flow.change_column(draft, 7, next(t for t in targets(page.context.schema, draft.mapping) if t.name == "notes"))
    page.mapping_view.show_sheet(draft)
    page.mapping_view.set_constant("supplier", "Kade IT")
    page.flow.saving.mapping(draft, "Purchases")
    idle()
    page.restart()
    other = tmp_path / "November.csv"
    other.write_text(LAPTOPS.replace("A3", "A4"), "cp1252")
    again = opened(page, other, idle)
    assert again.mapping.name == "Purchases"
    assert again.mapping.columns[7].name == "notes"
    assert again.mapping.constants == {"supplier": "Kade IT"}


def test_saving_under_the_same_name_replaces(
    page: ImportPage, sheet: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    draft = opened(page, sheet, idle)
    for _ in range(2):
        page.flow.saving.mapping(draft, "Purchases")
        idle()
        page.flow.change_column(draft, 7, LEAVE_OUT)
    with workspace.store.read() as reader:
        assert [fields["name"] for fields in reader.records("mapping").values()] == ["Purchases"]


def test_a_new_attribute_from_a_column(
    page: ImportPage, sheet: Path, workspace: Workspace, idle: Callable[[], None]
) -> None:
    with workspace.read() as reader:
        revision, name = new_attribute(reader, "laptop", "Colour", "text", "anna")
    workspace.apply(revision)
    assert workspace.schema.attribute("laptop", name).label == "Colour"
    draft = opened(page, sheet, idle)
    assert draft.mapping.columns[7].name == name


def test_a_folder_opens_with_its_subfolders_and_a_doubtful_encoding_is_said(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    inner = tmp_path / "drop" / "inner"
    inner.mkdir(parents=True)
    (inner / "Laptops.csv").write_bytes(b"Name;Notes\nnb-1;x\x9f\n")
    for name in ("1.bin", "2.bin", "3.bin", "4.bin", ".hidden.csv"):
        (tmp_path / "drop" / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page.begin([tmp_path / "drop"])
    idle()
    assert [file.path.name for file in page.flow.files] == ["Laptops.csv"]
    assert len(page.flow.failures) == 4
    told = [label.text() for label in page.findChildren(QLabel) if "could not be opened" in label.text()]
    assert told == ["4 files could not be opened: 1.bin, 2.bin, 3.bin and 1 more."]
    (unfold,) = (one for one in page.findChildren(LinkButton) if one.text() == "Show the reasons")
    unfold.click()
    (told,) = (label.text() for label in page.findChildren(QLabel) if label.text().count("is a picture") > 1)
    reasons = told.split("\n")
    assert [reason[:5] for reason in reasons] == ["1.bin", "2.bin", "3.bin", "4.bin"]
    assert "58" in page.sheet_view._message._text.text()
    assert page.sheet_view.encoding.currentText() == "Central European (Windows 1250)"


def test_words_for_classes_that_nobody_knows_are_asked_once(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None]
) -> None:
    path = tmp_path / "Assets.csv"
    rows = [("Railings", "a"), ("Railings", "b"), ("Widgets", "c"), ("Laptop", "d")]
    path.write_text("Asset Tag,Name,Category\n" + "".join(f"T-{n},{n},{word}\n" for word, n in rows))
    sheet = opened(page, path, idle)
    page.go_to(MAP)
    idle()
    words = page.mapping_view.words
    assert [(one.word, one.rows, one.cls) for one in words._model.rows] == [
        ("Railings", 2, ""), ("Widgets", 1, ""), ("*", 3, "")
    ]  # fmt: skip
    words.settled.emit("Railings", "monitor")
    words.settled.emit("Widgets", "printer")
    idle()
    assert {(one.word, one.cls) for one in words._model.rows} == {("railings", "monitor"), ("widgets", "printer")}
    page.go_to(CHECK)
    idle()
    assert sheet.reading is not None
    assert sheet.reading.rejected == 0
    assert {one.cls for one in sheet.reading.observations} == {"monitor", "printer", "laptop"}


def test_hidden_rows_and_merged_cells_show_as_such(page: ImportPage, tmp_path: Path, idle: Callable[[], None]) -> None:
    book = openpyxl.Workbook()
    rows = [(f"H{n}", f"nb-{n}", "") for n in (3, 4, 5)]
    for line in (("Stock of Rotterdam", "", ""), ("Asset Tag", "Name", "Status"), *rows):
        book.active.append(line)
    book.active.merge_cells("A1:C1")
    book.active.row_dimensions[4].hidden = True
    path = tmp_path / "Laptops.xlsx"
    book.save(path)
    opened(page, path, idle)
    view = page.sheet_view
    assert "1 hidden row" in view._note.text()
    assert (view.table.columnSpan(0, 1), view.table.columnSpan(1, 1)) == (3, 1)
    assert view._model.index(3, 0).data(Qt.ItemDataRole.ToolTipRole) == "Hidden in the file"
    page.go_to(CHECK)
    idle()
    grid = page.check_view._model
    tips = [grid.headerData(line, Qt.Orientation.Vertical, int(Qt.ItemDataRole.ToolTipRole)) for line in range(3)]
    assert ["Hidden" in str(tip) for tip in tips] == [False, True, False]


def test_the_first_rows_of_a_large_workbook_show_before_the_others_are_read(
    page: ImportPage, tmp_path: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "APART", 0)
    path = tmp_path / "Laptops.xlsx"
    book = openpyxl.Workbook()
    for number in range(80):
        book.active.append((f"A{number}", f"nb-{number}"))
    book.save(path)
    seen: list[tuple[int, int, bool, str]] = []

    def look(_: str, rows: list[list[Any]]) -> None:
        view = page.first_rows
        seen.append((len(rows), len(page.flow.files), view.isVisible(), view.table.model().index(1, 1).data()))

    page.flow.first_rows.connect(look)
    page.begin([path])
    idle()
    assert seen == [(60, 0, True, "nb-1")]
    assert page._stack.currentWidget() is page._draft
    assert page.flow.sheets[0].rows == 79


def test_the_open_estate_is_not_opened_as_a_file(
    page: ImportPage, estate: Path, sheet: Path, monkeypatch: pytest.MonkeyPatch, idle: Callable[[], None]
) -> None:
    """Closing it would release the locks of its database."""
    read: list[Path] = []
    real = drafts._open
    monkeypatch.setattr(drafts, "_open", lambda path, *rest: (read.append(path), real(path, *rest))[1])
    page.begin([sheet, estate])
    idle()
    assert read == [sheet]
    assert [file.path for file in page.flow.files] == [sheet]
    assert [str(error) for _, error in page.flow.failures] == [
        f"{estate.name} is the open estate: it is not imported into itself."
    ]
