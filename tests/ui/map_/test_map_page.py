"""The map page: asked, walked, edited and exported by a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QTreeWidgetItemIterator, QWidget

from app.map.question import MapQuestion
from app.map.views import saved_views
from cmdb.register import edits
from tests.ui.conftest import RecordingShell
from tests.ui.map_.asking import UIDS, ask, node, place
from ui.context import Context
from ui.page import Page
from ui.pages.map.links import ConnectForm
from ui.pages.map.page import MapPage
from ui.pages.map.start_view import MapStartView

Settle = Callable[..., None]


def words(widget: QWidget) -> str:
    shown = [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]
    return "\n".join(shown + [button.text() for button in widget.findChildren(QPushButton)])


def press(widget: QWidget, text: str) -> None:
    shown = (button for button in widget.findChildren(QPushButton) if button.isVisible())
    next(button for button in shown if button.text().strip() == text).click()


def menu_of(page: MapPage) -> QMenu:
    return next(menu for menu in page.findChildren(QMenu) if menu.isVisible())


def test_an_empty_map_shows_where_to_begin(page: MapPage, settle: Settle) -> None:
    assert "Start from one item" in words(page)
    assert not page.bar.export.isEnabled()
    press(page, "Payroll")
    settle()
    assert page.answer is not None
    assert page.answer.title == "Around Payroll"


def test_a_failure_from_elsewhere(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    shown = words(page)
    assert "If sw-2 fails" in shown
    assert "1 down" in shown
    assert "2 exhausted" in shown
    assert "13 of 13 affected items shown" in shown
    assert "its only uplink, sw-2, failed" in shown
    assert "host-a or host-b: each takes down Payroll, Web shop, Mail and" in shown


def test_a_click_shows_the_reason_and_highlights_the_path(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place(page, "Web shop"))
    settle()
    assert "sw-2 → host-c → cluster-rtm → vm-web → shop-web → Web shop" in words(page.panel)
    assert node(page, "Mail").faded
    assert not node(page, "shop-web").faded
    item = page.panel.outline.currentItem()
    assert item is not None
    spoken = item.data(0, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Web shop, Business service, at risk: depends on shop-web, which is at risk"


def test_failing_from_the_panel_and_back(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "cluster-rtm")
    page.choose(node(page, "host-a").node.id)
    settle()
    press(page.panel, "Fail this")
    settle()
    assert page.answer is not None
    assert page.answer.title == "If host-a fails"
    page.fail(UIDS["host-b"])
    settle()
    assert page.answer.counts["down"] == 10
    page.step(-1)
    settle()
    assert page.answer.title == "If host-a fails"
    page.step(-1)
    settle()
    assert page.answer.title == "Around cluster-rtm"
    assert not page.can_step(-1)
    page.step(1)
    settle()
    assert page.answer.title == "If host-a fails"


def test_enter_expands_and_everything_else_stays(page: MapPage, settle: Settle) -> None:
    page.ask(MapQuestion(start=UIDS["cluster-rtm"], depth=1))
    settle()
    page.view.setFocus()
    before = page.view.positions
    page.view.select(node(page, "host-b").node.id)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    settle()
    assert {"sw-1", "sw-2"} <= {found.name for found in page.view.picture.nodes.values()}
    assert {ci: page.view.positions[ci] for ci in before} == before
    page.collapse(node(page, "host-b").node.id)
    settle()
    assert page.view.positions == before


def test_keys_walk_along_lines_and_f_focuses(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    page.view.setFocus()
    page.view.select(None)
    QTest.keyClick(page.view, Qt.Key.Key_Up)
    assert page.chosen_uid == UIDS["sw-2"]
    QTest.keyClick(page.view, Qt.Key.Key_Up)
    assert page.chosen_uid in (UIDS["host-b"], UIDS["host-c"])
    QTest.keyClick(page.view, Qt.Key.Key_F)
    middle = page.view.mapToScene(page.view.viewport().rect().center())
    chosen = "host-c" if page.chosen_uid == UIDS["host-c"] else "host-b"
    assert (middle - node(page, chosen).pos()).manhattanLength() < 4
    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert page.chosen_uid == ""
    settle()


def test_the_outline_wraps_its_reasons(page: MapPage, settle: Settle, app: QApplication) -> None:
    ask(page, settle, "sw-2", impact=True)
    outline = page.panel.outline
    page.panel.show_tab("outline")
    for width in (1240, 1000):
        page.resize(width, 820)
        page.splitter.setSizes([width - 330, 262])
        app.processEvents()
        checked = 0
        places = QTreeWidgetItemIterator(outline)
        while (one := places.value()) is not None:
            places += 1
            room = outline.visualItemRect(one)
            flags = int(Qt.TextFlag.TextWordWrap)
            need = outline.fontMetrics().boundingRect(QRect(0, 0, room.width() - 6, 9999), flags, one.text(0)).height()
            assert room.height() >= need, one.text(0)
            checked += need > 2 * outline.fontMetrics().lineSpacing()
        assert checked, "no reason needs two lines here"


def test_the_outline_chooses_too(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    outline = page.panel.outline
    sections = [outline.topLevelItem(row) for row in range(outline.topLevelItemCount())]
    headings = [section.text(0) for section in sections if section is not None]
    assert headings == ["Failed (1)", "Down (1)", "Exhausted (2)", "At risk (9)", "Drawn besides (4)"]
    down = sections[1].child(0) if sections[1] is not None else None
    assert down is not None
    outline.setCurrentItem(down)
    settle()
    assert page.chosen_uid == UIDS["host-c"]


def test_depth_breadth_and_mode(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "cluster-rtm")
    page.bar.depth_box.setValue(1)
    settle()
    assert {found.name for found in page.view.picture.nodes.values()} == {
        "cluster-rtm", "vm-pay", "vm-web", "vm-mail", "host-a", "host-b", "host-c",
    }  # fmt: skip
    page.bar.mode.chosen.emit("radial")
    settle()
    assert not page.view.picture.upright
    assert page.state()["mode"] == "radial"
    page.opened(**page.state())
    settle()
    assert page.question.mode == "radial"


def test_a_line_drawn_between_two_makes_a_link(
    page: MapPage, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    context.workspace.store.subscribe(lambda applied: context.tasks.post(page.changed, applied))
    ask(page, settle, "cluster-rtm")
    view = page.view.viewport()
    start = place(page, "host-a", node(page, "host-a").handle_rect().center() + QPointF(3, 0))
    QTest.mouseMove(view, place(page, "host-a"))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, start + QPoint(20, -20))
    QTest.mouseMove(view, place(page, "PDU-B"))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place(page, "PDU-B"))
    menu = menu_of(page)
    offered = [action.text() for action in menu.actions()]
    assert "host-a virtualised on PDU-B" not in offered
    next(action for action in menu.actions() if action.text() == "host-a powered by PDU-B").trigger()
    menu.close()
    settle(lambda: any("powered by" in call[0] for call in shell.said("toast")))
    settle()
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        powered = {r.name for r in reader.relationships(UIDS["host-a"]) if r.type == "powered_by"}
    assert powered == {"PDU-A", "PDU-B"}
    found = page.view.picture
    names = {ci: one.name for ci, one in found.nodes.items()}
    assert ("host-a", "PDU-B") in {(names[e.upper], names[e.lower]) for e in found.edges}


def test_a_proposed_group_is_recorded_with_one_click(
    page: MapPage, context: Context, shell: RecordingShell, settle: Settle
) -> None:
    ask(page, settle, "host-c")
    press(page.panel, "Record it")
    settle(lambda: bool(shell.said("toast")))
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        groups = {(g["label"], g["needs"]) for g in reader.records("group").values() if g["owner"] == UIDS["host-c"]}
    assert groups == {("power feeds", "1")}


def test_the_form_connects_with_a_group(page: MapPage, context: Context, shell: RecordingShell, settle: Settle) -> None:
    ask(page, settle, "host-a")
    page.connect_chosen()
    form = shell.content
    assert isinstance(form, ConnectForm)
    assert not form.connect_button.isEnabled()
    form.choose_other(UIDS["sw-2"], "sw-2", "switch")
    form.type.setCurrentText("uplinks through sw-2")
    form.group.setText("uplinks")
    form.needs.setText("several")
    assert not form.connect_button.isEnabled()
    form.needs.setText("1")
    form.submit()
    settle(lambda: bool(shell.said("toast")))
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        link = next(r for r in reader.relationships(UIDS["host-a"]) if r.name == "sw-2")
    assert (link.type, [(g.label, g.needs) for g in link.groups]) == ("uplinks_through", [("uplinks", "1")])


def test_the_past_cannot_be_edited(page: MapPage, context: Context, settle: Settle) -> None:
    context.moment.set(1, "22 Nov 2026")
    ask(page, settle, "sw-2", impact=True)
    assert not page.view.editable
    assert page.note().startswith("22 Nov 2026")
    connect = next(action for action in page.page_actions() if action.id == "map.connect")
    page.choose(node(page, "host-c").node.id)
    assert not connect.enabled()
    settle()


def test_a_revision_redraws_in_place(page: MapPage, context: Context, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    before = page.view.positions
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        revision = edits.set_values(reader, [UIDS["host-c"]], {"name": "host-z"}, "anna")
    page.changed(context.workspace.apply(revision))
    settle()
    assert "host-z" in {found.name for found in page.view.picture.nodes.values()}
    assert page.view.positions == before


def test_a_deleted_start_is_reported(page: MapPage, context: Context, settle: Settle) -> None:
    ask(page, settle, "Mail")
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        revision = edits.delete(reader, [UIDS["Mail"]], "anna")
    page.changed(context.workspace.apply(revision))
    settle()
    assert "is not there at this moment" in words(page)


@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "csv"])
def test_exports(page: MapPage, shell: RecordingShell, settle: Settle, tmp_path: Path, ending: str) -> None:
    ask(page, settle, "sw-2", impact=True)
    path = tmp_path / f"map.{ending}"
    page.files.write(path)
    settle(lambda: bool(shell.said("toast")))
    if ending == "svg":
        text = "".join(ElementTree.parse(path).getroot().itertext())
        assert "If sw-2 fails" in text
        assert "depth 7" in text
        assert "one more loss takes it down" in text
    elif ending == "pdf":
        assert path.read_bytes().startswith(b"%PDF")
        assert path.stat().st_size > 5_000
    elif ending == "png":
        assert QImage(str(path)).width() > 1000
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[0][:3] == ["State", "Class", "Name"]
        assert len(rows) == 14


def test_an_export_that_cannot_be_written_is_reported(
    page: MapPage, shell: RecordingShell, settle: Settle, tmp_path: Path
) -> None:
    ask(page, settle, "sw-2", impact=True)
    for number, ending in enumerate(("png", "svg", "pdf", "csv"), 1):
        page.files.write(tmp_path / "nowhere" / f"map.{ending}")
        settle(lambda number=number: len(shell.problems) == number)
    shell.problems.clear()


def test_a_view_is_saved_with_its_places_and_loaded_again(page: MapPage, shell: RecordingShell, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    start = place(page, "Mail")
    QTest.mousePress(page.view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(page.view.viewport(), start + QPoint(30, 5))
    QTest.mouseMove(page.view.viewport(), start + QPoint(60, 10))
    QTest.mouseRelease(page.view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(60, 10))
    settle()
    mail = node(page, "Mail").node.id
    moved = page.view.positions[mail]
    page.saved_views.save_as("Switch two")
    settle(lambda: bool(shell.said("toast")))
    ask(page, settle, "Payroll")
    menu = QMenu(page)
    page.saved_views.fill(menu)
    settle()
    next(action for action in menu.actions() if action.text() == "Switch two").trigger()
    settle()
    assert page.question.failed == (UIDS["sw-2"],)
    assert page.view.positions[mail] == pytest.approx(moved, abs=0.1)


def test_the_places_of_a_view_come_back_with_it(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    mail = node(page, "Mail").node.id
    page.view.put(mail, (400.0, 300.0))
    page.saved_views.save_as("One")
    settle()
    page.view.put(mail, (-200.0, 50.0))
    page.saved_views.save_as("Two")
    settle()
    with page.context.workspace.read() as reader:
        ids = {view.name: view.id for view in saved_views(reader)}
    ask(page, settle, "Payroll")
    page.opened(view=ids["One"])
    settle()
    left = page.state()
    page.opened(view=ids["Two"])
    settle()
    assert page.view.positions[mail] == pytest.approx((-200.0, 50.0), abs=0.1)
    page.opened(**json.loads(json.dumps(left)))
    settle()
    assert page.view.positions[mail] == pytest.approx((400.0, 300.0), abs=0.1)
    ask(page, settle, "Payroll")
    assert "positions" not in page.state()
    page.step(-1)
    settle()
    assert page.view.positions[mail] == pytest.approx((400.0, 300.0), abs=0.1), "also among the questions of the map"
    page.opened(**{**left, "positions": {"x": "y", "z": [1]}})
    settle()
    assert page.question.failed == (UIDS["sw-2"],)


def test_every_state_can_be_distinguished_without_colour(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    looks = {(found.state, found.text) for found in page.view.picture.nodes.values()}
    assert len({text for _, text in looks}) >= len({state for state, _ in looks})


def test_the_context_menu_offers_what_can_be_done(page: MapPage, shell: RecordingShell, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    spot = place(page, "host-b")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, page.view.mapToGlobal(spot))
    QApplication.sendEvent(page.view.viewport(), event)
    settle()
    titles = [action.text() for action in menu_of(page).actions() if action.text()]
    assert titles[0] == "Fail this"
    assert "Nothing fails" in titles
    assert page.chosen_uid == UIDS["host-b"]
    verbs = next(action.menu() for action in menu_of(page).actions() if action.text() == "Do with host-b")
    assert isinstance(verbs, QMenu)
    assert {"Hand over…", "Retire…"} <= {action.text() for action in verbs.actions()}
    next(action for action in verbs.actions() if action.text() == "Retire…").trigger()
    assert shell.said("sheet") == [("Retire host-b",)]
    settle()
    menu_of(page).close()


def test_zoom_shows_less_or_more(page: MapPage, settle: Settle) -> None:
    ask(page, settle, "sw-2", impact=True)
    for scale in (0.1, 0.2, 0.4, 1.0, 2.0):
        page.view.zoom(scale / page.view.scale_factor)
        assert page.view.scale_factor == pytest.approx(scale)
        assert not page.view.grab().isNull()
    page.view.fit()
    assert page.view.scale_factor <= 1.0


def test_it_is_a_page(page: MapPage) -> None:
    assert isinstance(page, Page)
    ids = [action.id for action in page.page_actions()]
    assert len(ids) == len(set(ids))
    assert all(one.startswith("map.") for one in ids)


def test_the_drawing_has_the_focus_after_a_start_was_found(page: MapPage, settle: Settle) -> None:
    page.focus_search()
    page.bar.search.picked.emit(UIDS["sw-1"])
    settle()
    assert page.window().focusWidget() is page.view


def test_where_to_begin_takes_as_many_lines_as_it_needs(page: MapPage, settle: Settle) -> None:
    begin = page.findChild(MapStartView)
    assert begin is not None
    one = begin.minimumSizeHint().width()
    with page.context.workspace.read() as reader:
        begin._offer([reader.find(name) for name in ("sw-1", "sw-2", "host-a", "host-b", "cluster-rtm")] * 2)
    assert begin.minimumSizeHint().width() == one
