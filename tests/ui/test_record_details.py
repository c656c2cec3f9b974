"""A record's details: nothing is cut that has room, and what a new record is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.assets.item_edits import set_values
from cmdb.model.records import Related, RelatedKind
from cmdb.model.revision import Edit, Revision, ci, new_id
from tests.ui.conftest import ShowPage
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.records.comparison import ComparisonWindow
from ui.records.detail.equipment import EquipmentList
from ui.records.detail.relations import RelationLines
from ui.records.detail.whole_text import LINES, WholeText
from ui.records.new_sheet import NewRecordForm
from ui.theme import Theme
from ui.widgets.form import Form
from ui.widgets.labels import SectionLabel

CONTROL = Qt.KeyboardModifier.ControlModifier
Settle = Callable[..., None]


@pytest.fixture
def page(show_page: ShowPage, settle: Settle) -> AssetsPage:
    """The page over the small estate, told of every revision."""
    found = show_page(AssetsPage)
    found.opened(cls="laptop")
    settle()
    return found


def uid_of(context: Context, name: str) -> str:
    with context.workspace.read() as reader:
        return reader.find(name).uid


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", 1),
        ("anja.vogt.of.the.other.department@harbour-works.example", 2),
        ("4c4c4544-1377-4c40-84da-eaaac0959b8a", 2),
        ("380,000.00 EUR in all", 1),
        ("word " * 400, LINES),
    ],
)
def test_a_value_without_room_in_a_line_has_more_lines(theme: Theme, text: str, lines: int) -> None:
    shown = WholeText(text)
    width = shown.fontMetrics().averageCharWidth() * 30
    shown.resize(width, 10)
    found, cut = shown._lines(width)
    assert len(found) == lines
    assert all(shown.fontMetrics().horizontalAdvance(line) <= width for line in found)
    assert cut == (lines == LINES)
    if not cut:
        assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert shown.heightForWidth(width) == lines * shown.fontMetrics().height()


def test_no_value_is_cut_in_the_narrow_details(page: AssetsPage, context: Context, settle: Settle) -> None:
    person = uid_of(context, "Anja Vogt")
    address = "anja.maria.elisabeth.vogt@engineering.harbour-works.example"
    context.workspace.edit(lambda reader: set_values(reader, [person], {"email": address}, "t", ""))
    page.detail.show_ci(person)
    settle()
    shown = page.detail.facts.facts["email"]._shown
    assert shown.text() == address
    assert shown.width() < shown.fontMetrics().horizontalAdvance(address)
    assert shown.height() >= shown.heightForWidth(shown.width()) >= 2 * shown.fontMetrics().height()


def test_a_person_begins_with_what_they_have(page: AssetsPage, context: Context, shell: Any, settle: Settle) -> None:
    page.detail.show_ci(uid_of(context, "Anja Vogt"))
    settle()
    [had] = page.detail.facts.findChildren(EquipmentList)
    assert had.y() < page.detail.facts.facts["name"].parentWidget().y()
    line = next(one for one in had.lines if one.isVisible())
    assert line.link.text() == "LT-2041"
    line.link.click()
    assert shell.calls[-1] == ("open_ci", uid_of(context, "LT-2041"))
    laptop = uid_of(context, "LT-2041")
    context.workspace.edit(lambda reader: set_values(reader, [laptop], {"assigned_to": None}, "t", ""))
    settle()
    assert [one.link.text() for one in had.lines if one.isVisible()] == ["LT-2055"]


def test_a_new_record_has_each_heading_once_and_is_not_asked_when_it_was_seen(
    page: AssetsPage, shell: Any, context: Context, settle: Settle
) -> None:
    for name in ("laptop", "person", "contract", "virtual_machine", "ups"):
        page.new_item(name)
        form = shell.content.findChild(Form)
        headings = [label.text() for label in form.findChildren(QLabel) if isinstance(label, SectionLabel)]
        assert len(headings) == len(set(headings)), name
        assert "last_seen" not in form.fields


def test_one_like_another_is_begun_added_and_followed_by_the_next(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    page.detail.show_ci(uid_of(context, "LT-2041"))
    settle()
    page.both.run_on_shown("like")
    settle()
    form = shell.content
    assert isinstance(form, NewRecordForm)
    fields = form.form.fields
    shown = {name: fields[name].raw() for name in ("name", "asset_tag", "serial_number", "assigned_to")}
    assert shown == {"name": "LT-2056", "asset_tag": "A2056", "serial_number": "", "assigned_to": ""}
    assert fields["warranty_until"].value() == "2026-12-12"
    fields["serial_number"].fill("S2056")
    QTest.keyClick(fields["serial_number"].editor, Qt.Key.Key_Return, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    settle()
    assert shell.content is form
    assert [form.form.fields[n].raw() for n in ("name", "asset_tag", "serial_number")] == ["LT-2057", "A2057", ""]
    assert form.form.fields["warranty_until"].value() == "2026-12-12"
    assert [name for name, field in form.form.fields.items() if field.dirty] == []  # Esc has nothing to take back
    form.form.fields["asset_tag"].fill("A2041")  # somebody's
    form.add.click()
    settle()
    assert form._problem.isVisibleTo(form)
    assert form.add.isEnabled()
    form.form.fields["asset_tag"].fill("")
    form.free["asset_tag"].click()
    assert form.form.fields["asset_tag"].raw() == "A2057"
    form.form.fields["asset_tag"].fill("")
    QTest.keyClick(form.form.fields["asset_tag"].editor, Qt.Key.Key_A, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert form.form.fields["asset_tag"].raw() == "A2057"
    form.add.click()
    settle()
    assert shell.calls[-1] == ("open_ci", uid_of(context, "LT-2057"))
    with context.workspace.read() as reader:
        assert reader.find("LT-2056").text("serial_number") == "S2056"


def test_chosen_records_stand_side_by_side(page: AssetsPage, shell: Any, settle: Settle) -> None:
    actions = {one.id: one for one in page.page_actions()}
    assert not actions["assets.compare"].enabled()
    page.listing.table.selectAll()
    settle()
    assert actions["assets.compare"].enabled()
    actions["assets.compare"].run()
    settle()
    [shown] = page.window().findChildren(ComparisonWindow)
    titles, lines = shown.lines()
    assert titles == ["Attribute", "LT-2041", "LT-2048", "LT-2055"]
    rows = {line[0]: line[1:] for line in lines}
    assert rows["Asset tag ≠"] == ["A2041", "A2048", "A2055"]
    assert rows["Location"] == ["Rotterdam", "Rotterdam", "Rotterdam"]
    shown.only.click()
    assert "Location" not in [line[0] for line in shown.lines()[1]]
    shown.copy()
    assert QApplication.clipboard().text().splitlines()[0] == "\t".join(titles)
    shown.close()


def test_esc_leads_from_the_details_to_the_list(page: AssetsPage, context: Context, settle: Settle) -> None:
    page.detail.show_ci(uid_of(context, "LT-2041"))
    settle()
    page.detail.setFocus()
    page.detail.facts.edit("name")
    settle()
    field = page.window().focusWidget()
    assert field is not None
    QTest.keyClicks(field, "another")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    focused = page.window().focusWidget()
    assert focused is not None
    assert page.detail.isAncestorOf(focused), "the first one leaves the field"
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    settle()
    assert page.window().focusWidget() is page.listing.table


def test_kinds_that_are_called_the_same_have_one_heading(context: Context) -> None:
    lines = RelationLines(context)
    room, rack = (Related("", False, name, cls, name, "", "") for name, cls in (("Hall", "room"), ("R1", "rack")))
    lines.show_kinds(
        [
            RelatedKind("Located in", "", False, "location", 1, ("room",), (room,)),
            RelatedKind("Located in", "", False, "rack", 1, ("rack",), (rack,)),
            RelatedKind("Made by", "", False, "manufacturer", 1, ("company",), (room,)),
        ]
    )
    assert [lines.text(one) for one in lines.lines] == ["Located in · 2", "Hall", "R1", "Made by", "Hall"]


def test_what_the_model_says_is_marked_and_leads_to_it(
    page: AssetsPage, context: Context, shell: Any, settle: Settle
) -> None:
    model, laptop = new_id(), new_id()
    said = {"class": "hardware_model", "name": "T14", "warranty_months": 24, "power": 65}
    own = {"class": "laptop", "name": "LT-9000", "model": model, "purchase_date": "2026-01-31"}
    context.workspace.store.apply(Revision([Edit(ci(model), "", None, said), Edit(ci(laptop), "", None, own)], "tom"))
    page.detail.show_ci(laptop)
    settle()
    line = page.detail.facts.facts["warranty_until"]
    assert (line._shown.text(), line._source.text()) == ("31 Jan 2028", "from the model")
    line._source.click()
    assert shell.calls[-1] == ("open_ci", model)
    form = page.detail.facts._form
    assert form is not None
    assert form._by_model.lines == [("Power", "65 W")]
    line.start()
    assert line._field is not None
    assert line._field.value() is None, "a day that is entered becomes its own"
    line.leave()
    page.detail.show_ci(uid_of(context, "LT-2041"))
    settle()
    assert not form._by_model.isVisible()
