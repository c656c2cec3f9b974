"""The Assets page: lists, filters, details, editing in place, verbs, views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QStyleOptionViewItem, QTreeWidget

from app.settings import Settings
from app.workspace import Workspace
from cmdb.model import query
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.selection import Selection
from tests.pseudo_locale import spoken
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records.detail.facts import FactLine, FactsTab
from ui.records.filters import FilterForm
from ui.records.views import ViewsMenu
from ui.theme import Theme
from ui.widgets.buttons import PrimaryButton
from ui.widgets.form import Form
from ui.widgets.reference import ReferencePicker

Settle = Callable[..., None]


@pytest.fixture
def page(show_page: ShowPage, settle: Settle) -> AssetsPage:
    """The page over the small estate, told of every revision."""
    found = show_page(AssetsPage)
    found.opened(cls="laptop")
    settle()
    return found


def names(page: AssetsPage) -> list[str]:
    model = page.listing.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def cell(page: AssetsPage, row: int, column: str) -> str:
    place = [a.name for a in page.listing.model.columns].index(column)
    return str(page.listing.model.index(row, place).data() or "")


def choose(page: AssetsPage, name: str, settle: Settle) -> None:
    page.listing.table.selectRow(names(page).index(name))
    settle()


def uid_of(context: Context, name: str) -> str:
    with context.workspace.store.read() as reader:
        return reader.find(name).uid


def values_of(context: Context, name: str) -> dict[str, Any]:
    with context.workspace.store.read() as reader:
        return dict(reader.find(name).values)


def press(shell: Any, settle: Settle) -> None:
    """Presses the primary button of the side sheet."""
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def test_a_class_is_listed_with_its_references_by_name(page: AssetsPage) -> None:
    assert names(page) == ["LT-2041", "LT-2048", "LT-2055"]
    assert page.listing.heading.text() == "Laptops"
    assert cell(page, 0, "status") == "Deployed"
    if "assigned_to" in page.listing.columns.names():
        assert cell(page, 0, "assigned_to") == "Anja Vogt"


def test_details_that_cover_the_list_leave_the_tree_and_its_labels_in_line(page: AssetsPage, settle: Settle) -> None:
    page.resize(1000, 800)
    settle()
    before = page.tree.width()
    choose(page, names(page)[0], settle)
    page.detail.turned.emit()
    settle()
    assert page.detail.isVisible()
    assert not page.listing.isVisible()
    assert page.tree.width() == before
    lines = [line.findChildren(QLabel)[:2] for line in page.detail.findChildren(FactLine) if line.isVisible()]
    assert lines
    assert all(label.geometry().center().y() == value.geometry().center().y() for label, value in lines)


def test_words_and_queries_filter(page: AssetsPage, settle: Settle) -> None:
    search = page.listing.search
    search.setText("status = 'In stock'")
    page.listing.refresh()
    settle()
    assert names(page) == ["LT-2055"]
    assert "1 of 3" in page.listing._count.text()
    search.setText("okafor")
    page.listing.refresh()
    settle()
    assert names(page) == ["LT-2048"]
    search.setText("phase = stock or phase = away")
    page.listing.refresh()
    settle()
    assert names(page) == ["LT-2055"]
    search.setText("status = Sleeping")
    page.listing.refresh()
    settle()
    assert "Sleeping" in page.listing.filter.error.text()
    page.listing.clear_filter()
    settle()
    assert len(names(page)) == 3


def test_a_click_on_the_header_sorts_and_turns(page: AssetsPage, settle: Settle) -> None:
    place = [a.name for a in page.listing.model.columns].index("asset_tag")
    for expected in (["LT-2041", "LT-2048", "LT-2055"], ["LT-2055", "LT-2048", "LT-2041"]):
        page.listing._sort_by(place)
        settle()
        assert names(page) == expected


def test_the_filter_form_offers_the_phase(page: AssetsPage, settle: Settle) -> None:
    form = FilterForm(page.context, "laptop")
    added: list[str] = []
    form.added.connect(added.append)
    form._attribute.setCurrentText("Phase")
    form._choice.setCurrentText("Stock")
    form.show()
    form._add()
    assert added == ["phase = stock"]
    page.listing.search.setText(added[0])
    page.listing.refresh()
    settle()
    assert names(page) == ["LT-2055"]


def test_the_filter_form_offers_what_references_refer_to(page: AssetsPage, settle: Settle) -> None:
    form = FilterForm(page.context, "laptop")
    added: list[str] = []
    form.added.connect(added.append)
    form.show()
    form._attribute.setCurrentText("Serial number")
    assert not form._steps
    form._attribute.setCurrentText("Assigned to")
    (person,) = form._steps
    assert person.currentText() == "the record itself"
    person.setCurrentText("its Department")
    department = form._steps[1]
    department.setCurrentText("its Name")
    form._op.setCurrentIndex(form._op.findData("="))
    form._value.setText("Sales")
    form._add()
    department.setCurrentIndex(0)
    form._value.setText("Sales")
    form._op.setCurrentIndex(form._op.findData("="))
    form._add()
    person.setCurrentText("its Status")
    assert len(form._steps) == 1
    form._choice.setCurrentText("Left")
    form._add()
    assert added == [
        "assigned_to.department.name = Sales", "assigned_to.department = Sales", "assigned_to.status = Left",
    ]  # fmt: skip
    with page.context.workspace.read() as reader:
        for where in added:
            reader.count(Selection("laptop", where))
    for where in added:
        again = FilterForm(page.context, "laptop")
        assert again.show_condition(query.parse(where)), where  # type: ignore[arg-type]
        again.added.connect(added.append)
        again.show()
        again._add()
        assert added[-1] == where
        added.pop()


def test_a_filter_means_the_same_in_every_language(page: AssetsPage, settle: Settle, theme: Theme) -> None:
    added: list[str] = []
    with spoken():
        workspace = Workspace.open(page.context.workspace.where, Settings())
        context = Context(workspace, theme, page.context.tasks, page.context.shell)
        form = FilterForm(context, "hardware")
        form.added.connect(added.append)
        form.show()
        for number, one in enumerate(form._attributes):
            form._attribute.setCurrentIndex(number)
            for place in range(form._choice.count()):
                form._choice.setCurrentIndex(place)
                form._add()
            if one.type not in ("choice", "boolean"):
                form._op.setCurrentIndex(form._op.findData("is empty"))
                form._add()
        form.close()
        workspace.close()
    assert 'status = "In stock"' in added
    with page.context.workspace.read() as reader:
        for where in added:
            reader.count(Selection("hardware", where))
            assert where.isascii(), where
        assert [row.name for row in reader.page(Selection("hardware", 'status = "In stock"'), limit=9)] == ["LT-2055"]


def test_places_filter_their_items(page: AssetsPage, settle: Settle) -> None:
    page.tree._segments.choose("places")
    page.tree._switch("places")
    settle()
    tree = page.tree._places
    assert tree.topLevelItem(0).text(0) == "Rotterdam"
    assert tree.topLevelItem(0).text(1) == "3"
    tree.setCurrentItem(tree.topLevelItem(0))
    settle()
    assert names(page) == ["LT-2041", "LT-2048", "LT-2055"]


def test_details_show_facts_relations_and_history(page: AssetsPage, context: Context, settle: Settle) -> None:
    choose(page, "LT-2041", settle)
    detail = page.detail
    assert detail._name.text() == "LT-2041"
    assert set(detail.facts.facts) >= {"name", "status", "assigned_to", "location"}
    assert detail.loaded is not None
    lines = [detail.relations.model.index(n, 0).data() for n in range(detail.relations.model.rowCount())]
    assert {"Anja Vogt", "Rotterdam"} <= set(lines)
    assert detail.history.versions == [], "nobody has looked at the history yet"
    detail.tabs.choose("history")
    detail._choose("history")
    settle()
    assert [v.number for v in detail.history.versions] == [2, 1]
    assert detail.facts.facts["assigned_to"]._shown.text() == "Anja Vogt"


def test_a_value_is_edited_in_place_and_undone(page: AssetsPage, context: Context, settle: Settle) -> None:
    choose(page, "LT-2041", settle)
    page.detail.facts.edit("asset_tag")
    editor = page.detail.facts.findChild(QLineEdit)
    assert editor is not None
    editor.setText("A-NEW")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert values_of(context, "LT-2041")["asset_tag"] == "A-NEW"
    assert cell(page, 0, "asset_tag") == "A-NEW", "the table follows"
    assert page.detail.facts.facts["asset_tag"]._shown.text() == "A-NEW"
    context.workspace.undo_stack.undo()
    settle()
    assert cell(page, 0, "asset_tag") == "A2041"


def test_escape_reverts_and_an_invalid_value_is_reported(page: AssetsPage, context: Context, settle: Settle) -> None:
    choose(page, "LT-2041", settle)
    facts: FactsTab = page.detail.facts
    facts.edit("warranty_until")
    editor = facts.findChild(QLineEdit)
    assert editor is not None
    editor.setText("someday")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert facts.facts["warranty_until"].editing
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    settle()
    assert not facts.facts["warranty_until"].editing
    assert values_of(context, "LT-2041")["warranty_until"] == "2026-12-12"


def test_a_value_that_would_close_a_circle_stands_in_its_cell_with_the_reason(
    page: AssetsPage, context: Context, settle: Settle
) -> None:
    page.opened(cls="person")
    settle()
    choose(page, "Anja Vogt", settle)
    facts: FactsTab = page.detail.facts
    facts.edit("manager")
    line = facts.facts["manager"]
    with context.workspace.read() as reader:
        anja = reader.find("Anja Vogt").uid
    line._field.fill(anja)  # type: ignore[union-attr]
    line._commit()
    settle()
    assert line.editing
    assert line._field.value() == anja  # type: ignore[union-attr]
    assert "Anja Vogt would be their own manager: Anja Vogt → Anja Vogt." in line._field._error.text()  # type: ignore[union-attr]
    line.leave()
    settle()
    assert line._shown.text() == "—"


def test_tab_goes_through_the_facts_and_enter_edits(page: AssetsPage, settle: Settle) -> None:
    choose(page, "LT-2041", settle)
    page.detail.tabs.setFocus()
    reached = []
    for _ in range(20):
        page.focusNextChild()
        reached.append(page.window().focusWidget())
    assert page.detail.facts.facts["name"]._shown in reached
    assert page.detail.facts.facts["status"]._shown in reached


def test_views_of_the_map_are_not_offered(page: AssetsPage, context: Context, settle: Settle) -> None:
    fields = {"name": "Around sw-2", "cls": "map", "where": "", "sort": "", "columns": []}
    edit = Edit(Record("saved_view", (new_id(),)), "", None, fields)
    context.edit(lambda _: Revision([edit], context.author))
    settle()
    menu = QMenu()
    views = ViewsMenu(context, page.listing.view)
    settle()
    views.fill(menu)
    assert "Around sw-2" not in [action.text() for action in menu.actions()]


def test_one_item_of_a_class_is_named_in_the_singular(page: AssetsPage, context: Context) -> None:
    with context.workspace.read(context.moment.at, context.moment.today) as reader:
        laptops, (person, *_) = reader.page(Selection("laptop"), limit=2), reader.page(Selection("person"), limit=1)
    page.listing._bar.show_selection(3, [*laptops, person])
    assert page.listing._bar._sum.text().startswith("2 Laptops · 1 Person · ")


def test_many_are_edited_at_once(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    page.listing.table.selectAll()
    settle()
    assert "3 items selected" in page.listing._bar._text.text()
    assert page.listing._bar._sum.text() == "2 Deployed · 1 In stock"
    page._act("edit")
    ticked = {one.field.attribute.name: one for one in shell.content.rows}
    ticked["cost_centre"].field.editor.setText("4711")
    ticked["cost_centre"]._tick.setChecked(True)
    press(shell, settle)
    with context.workspace.store.read() as reader:
        assert reader.count(Selection("laptop", where="cost_centre = 4711")) == 3
        assert reader.number == 3, "one revision"


def test_hand_over_take_back_move_and_retire(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    choose(page, "LT-2055", settle)
    tom, site = uid_of(context, "Tom Okafor"), uid_of(context, "Rotterdam")
    page._act("hand_over")
    shell.content.findChildren(ReferencePicker)[0].show_ci(tom, "Tom Okafor")
    press(shell, settle)
    assert values_of(context, "LT-2055")["assigned_to"] == tom
    assert values_of(context, "LT-2055")["status"] == "Deployed"
    page._act("take_back")
    press(shell, settle)
    assert "assigned_to" not in values_of(context, "LT-2055")
    page._act("move")
    shell.content.findChildren(ReferencePicker)[0].show_ci(site, "Rotterdam")
    press(shell, settle)
    assert values_of(context, "LT-2055")["location"] == site
    page._act("retire")
    press(shell, settle)
    assert values_of(context, "LT-2055")["status"] == "Retired"
    assert shell.said("toast")[-1] == ("LT-2055 retired",)


def test_a_new_item_is_added_and_deleted(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    page._act("new")
    form = shell.content.findChildren(Form)[0]
    form.fields["name"].editor.setText("LT-9999")
    press(shell, settle)
    assert "LT-9999" in names(page)
    assert shell.said("open_ci") == [(uid_of(context, "LT-9999"),)]
    choose(page, "LT-9999", settle)
    page._act("delete")
    settle()
    assert "LT-9999" not in names(page)


def test_the_selection_stays_on_its_items(page: AssetsPage, context: Context, settle: Settle) -> None:
    choose(page, "LT-2048", settle)
    from cmdb.register.edits import create

    context.edit(lambda r: create(r.schema, "laptop", {"name": "LT-0001"}, "tester"))
    settle()
    assert names(page)[0] == "LT-0001"
    assert page.listing.selected_rows.ranges() == [(names(page).index("LT-2048"),) * 2]


def test_columns_are_chosen_and_views_saved(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    page.listing.columns.toggle("cost_centre", True)
    settle()
    assert "cost_centre" in [a.name for a in page.listing.model.columns]
    page.listing.views._save()
    shell.content.findChild(QLineEdit).setText("Mine")
    press(shell, settle)
    with context.workspace.store.read() as reader:
        (view,) = reader.records("saved_view").values()
    assert (view["name"], view["cls"], view["columns"][-1]) == ("Mine", "laptop", "cost_centre")


def test_the_past_cannot_be_edited(page: AssetsPage, context: Context, settle: Settle) -> None:
    context.moment.set(1, "then")
    page.reload()
    settle()
    assert cell(page, 0, "status") == "In repair"
    choose(page, "LT-2041", settle)
    page.detail.reload()
    settle()
    page.detail.facts.edit("asset_tag")
    assert page.detail.facts.findChild(QLineEdit) is None
    assert not page.listing.new.isEnabled()


def test_a_thousand_rows_come_as_they_are_needed(page: AssetsPage, context: Context, settle: Settle) -> None:
    from cmdb.model.revision import Edit, Revision, ci, new_id

    edits = [Edit(ci(new_id()), "", None, {"class": "phone", "name": f"PH-{n:04d}"}) for n in range(1000)]
    applied: AppliedRevision = context.workspace.store.apply(Revision(edits, "tester"))
    assert len(applied.created) == 1000
    page.opened(cls="phone")
    settle()
    model = page.listing.model
    assert model.rowCount() == 1000
    assert model.index(999, 0).data() == "…", "nothing is loaded that isn't shown"
    settle()
    assert model.index(999, 0).data() == "PH-0999"
    page.listing.table.selectAll()
    found: list[int] = []
    page.listing.selected_rows.ids(lambda ids: found.append(len(ids)))
    assert found == [1000]
    page.opened(cls="ci", where="class = phone")
    settle()
    page.listing.table.selectAll()
    settle()
    assert len(page.listing.model.in_memory([(0, 999)], 2000)) < 1000
    assert page._class_of_selection() == "phone", "what can be edited is a phone's, as the register says"


def test_copy_puts_a_table_on_the_clipboard(page: AssetsPage, settle: Settle) -> None:
    choose(page, "LT-2041", settle)
    page.listing.table.copy()
    settle(lambda: not page.context.workspace.jobs.busy)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Name\t")
    assert lines[1].startswith("LT-2041\t")


def test_a_class_has_the_room_that_its_number_leaves(page: AssetsPage) -> None:
    tree = page.tree
    tree.resize(214, 600)
    tree.show_counts({"server": 1_234_567, "laptop": 7})
    classes = tree.findChildren(QTreeWidget)[0]
    classes.show()
    rows = {
        item.text(0): classes.indexFromItem(item)
        for item in classes.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    }

    def widths(name: str) -> list[int]:
        found = []
        for place in (0, 1):
            option = QStyleOptionViewItem()
            option.rect = QRect(0, 0, classes.columnWidth(place), 26)
            classes.itemDelegate().initStyleOption(option, rows[name].siblingAtColumn(place))
            found.append(option.rect.width())
        return found

    together = classes.columnWidth(0) + classes.columnWidth(1)
    assert widths("Servers") == [classes.columnWidth(0), classes.columnWidth(1)]
    assert widths("Thin clients") == [together, 0]
    name, figure = widths("Laptops")
    assert name + figure == together
    assert 0 < figure < classes.columnWidth(1) / 2
