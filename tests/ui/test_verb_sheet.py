"""The side sheet of a verb: on which records it acts, what it asks for, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.verbs import known_verbs
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.register.edits import create, set_values
from ui.context import Context
from ui.widgets.buttons import PrimaryButton
from ui.widgets.fields import ChoiceField, DateField
from ui.widgets.offered_field import OfferedChoice, OfferedField
from ui.widgets.reference import ReferenceField
from ui.widgets.verb_sheet import VerbForm, run_verb

Settle = Callable[..., None]
LAPTOPS = ("LT-2041", "LT-2048", "LT-2055")


def uids(context: Context, *names: str) -> list[str]:
    with context.workspace.read() as reader:
        return [reader.find(name).uid for name in names]


def open_on(context: Context, shell: Any, settle: Settle, name: str, *records: str, cls: str = "laptop") -> VerbForm:
    found = uids(context, *records)
    what = records[0] if len(records) == 1 else f"{len(records)} items"
    run_verb(context, known_verbs()[name], lambda _: found, what, cls)
    settle()
    form = shell.content
    assert isinstance(form, VerbForm)
    return form


def press(shell: Any, settle: Settle) -> None:
    next(b for b in shell.buttons if isinstance(b, PrimaryButton)).click()
    settle()


def values(context: Context, name: str) -> dict[str, Any]:
    with context.workspace.read() as reader:
        return dict(reader.find(name).values)


def test_it_names_its_records_and_asks_for_the_date(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "hand_over", *LAPTOPS)
    assert shell.said("sheet") == [("Hand over 3 items",)]
    assert form._on_what.text() == "On 3 items: LT-2041, LT-2048, LT-2055."
    assert not form._left.isVisibleTo(form)
    asked = [
        "to",
        "expected_return",
        "place",
        "department",
        "cost_centre",
        "whole_kit",
        "condition",
        "accessories",
        "receipt",
        "note",
    ]
    assert list(form.fields) == asked
    assert isinstance(form.fields["to"], ReferenceField)
    assert isinstance(form.fields["condition"], ChoiceField)
    assert form._date.value() == date.today().isoformat()


def test_a_missing_value_is_reported_under_its_field(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "hand_over", "LT-2055")
    press(shell, settle)
    assert form.fields["to"]._error.text() == "To is needed."
    assert not shell.said("close_sheet")


def test_handing_over_to_somebody_who_left_is_warned_of_and_possible(
    context: Context, shell: Any, settle: Settle
) -> None:
    (tom,) = uids(context, "Tom Okafor")
    store = context.workspace.store
    with store.read() as reader:
        store.apply(set_values(reader, [tom], {"status": "Left"}, "tester"))
    form = open_on(context, shell, settle, "hand_over", "LT-2055")
    to = form.fields["to"]
    assert isinstance(to, ReferenceField)
    to.show_ci(tom, "Tom Okafor")
    to.committed.emit()
    settle()
    assert form.preview.problem.text() == "Tom Okafor is “Left”."
    assert form.preview.problem.isVisibleTo(form)
    press(shell, settle)
    assert values(context, "LT-2055")["assigned_to"] == tom


@pytest.mark.usefixtures("on_its_day")
def test_values_and_the_date_are_written(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "hand_over", "LT-2055", "LT-2048")
    (tom,) = uids(context, "Tom Okafor")
    to = form.fields["to"]
    assert isinstance(to, ReferenceField)
    to.show_ci(tom, "Tom Okafor")
    form.fields["condition"].set_value("Worn")
    form._date.set_value("2026-03-03")
    press(shell, settle)
    found = values(context, "LT-2055")
    assert (found["assigned_to"], found["assigned_on"], found["condition"]) == (tom, "2026-03-03", "Worn")
    assert shell.said("toast") == [("2 items handed over to Tom Okafor",)]
    with context.workspace.read() as reader:
        assert reader.number == 3, "one revision"


def test_what_belongs_to_the_former_holder_is_asked(context: Context, shell: Any, settle: Settle) -> None:
    (tom, laptop) = uids(context, "Tom Okafor", "LT-2041")
    store = context.workspace.store
    for cls, name in (("department", "Sales"), ("department", "IT")):
        store.apply(create(context.schema, cls, {"name": name}, "tester"))
    (sales, it) = uids(context, "Sales", "IT")
    with store.read() as reader:
        store.apply(set_values(reader, [tom], {"department": sales}, "tester"))
    with store.read() as reader:
        store.apply(set_values(reader, [laptop], {"department": it, "cost_centre": "4711"}, "tester"))
    form = open_on(context, shell, settle, "hand_over", "LT-2041", "LT-2048")
    department, cost_centre = form.fields["department"], form.fields["cost_centre"]
    assert isinstance(department, OfferedField)
    assert isinstance(cost_centre, OfferedField)
    to = form.fields["to"]
    assert isinstance(to, ReferenceField)
    to.show_ci(tom, "Tom Okafor")
    to.committed.emit()
    settle()

    def shown(field: OfferedField) -> list[str]:
        return [field.choices.itemText(row) for row in range(field.choices.count())]

    assert shown(department) == ["Sales, as Tom Okafor", "IT and none, as now", "None", "Another…"]
    assert shown(cost_centre) == ["4711 and none, as now", "None", "Another…"]
    department.choose(OfferedChoice.KEEP)
    settle()
    assert "Department" not in form.preview.text.text().split("Stays")[0]
    QTest.keyClick(department.choices, Qt.Key.Key_Escape)
    settle()
    assert department.choices.currentText() == "Sales, as Tom Okafor", "Esc takes the choice back"
    assert "→ Sales" in form.preview.text.text()
    assert not shell.said("close_sheet")
    department.choose(OfferedChoice.KEEP)
    cost_centre.choose(OfferedChoice.OTHER)
    settle()
    press(shell, settle)
    assert cost_centre.field._error.text() == "Cost centre is needed."
    cost_centre.field.editor.setText("12")
    settle()
    assert "Department" not in form.preview.text.text().split("Stays")[0]
    press(shell, settle)
    assert (values(context, "LT-2041")["department"], values(context, "LT-2041")["cost_centre"]) == (it, "12")
    assert "department" not in values(context, "LT-2048")
    form = open_on(context, shell, settle, "take_back", "LT-2041", "LT-2048")
    department = form.fields["department"]
    assert isinstance(department, OfferedField)
    assert shown(department) == ["IT and none, as now", "None", "Another…"]
    department.choose(OfferedChoice.CLEAR)
    settle()
    assert "Department: IT → —" in form.preview.text.text()
    press(shell, settle)
    assert "department" not in values(context, "LT-2041")


def test_those_it_cant_be_done_with_are_left_out_and_named(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "send_to_repair", "LT-2048", "LT-2055")
    press(shell, settle)
    assert values(context, "LT-2048")["status"] == "In repair"
    form = open_on(context, shell, settle, "send_to_repair", *LAPTOPS)
    assert form._on_what.text() == "On 1 item: LT-2041."
    assert form._left.text() == ("2 items are left out: LT-2048 is “In repair” already, and 1 more.")
    press(shell, settle)
    assert shell.said("toast")[-1] == ("LT-2041 sent to repair",)
    form = open_on(context, shell, settle, "send_to_repair", "LT-2041")
    assert form._left.text() == "It can't be done: LT-2041 is “In repair” already."
    assert not next(b for b in shell.buttons if isinstance(b, PrimaryButton)).isEnabled()


def test_a_mixed_selection_has_the_fields_that_all_can_have(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "retire", "LT-2041", "Rotterdam", "host-a", cls="ci")
    assert form._on_what.text() == "On 3 items: LT-2041, Rotterdam, host-a."
    press(shell, settle)
    with context.workspace.read() as reader:
        assert reader.count(Selection(where="status = Retired")) == 3


@pytest.mark.parametrize("name", [verb.name for verb in known_verbs().values() if not verb.danger])
def test_every_verb_has_a_sheet(context: Context, shell: Any, settle: Settle, name: str) -> None:
    verb = known_verbs()[name]
    cls, record = ("laptop", "LT-2041") if verb.classes != ("work",) else ("task", "Replace battery")
    if cls == "task":
        cls = next(one.name for one in context.schema.tree("work") if verb.fits(context.schema, one.name))
        context.workspace.store.apply(create(context.schema, cls, {"name": record}, "tester"))
    form = open_on(context, shell, settle, name, record, cls=cls)
    assert set(form.fields) == {field.name for field in verb.fields if not field.keeps}
    assert form._date.isVisibleTo(form)
    assert isinstance(form._date, DateField)


def test_a_dangerous_verb_names_the_records_and_asks_first(context: Context, shell: Any, settle: Settle) -> None:
    shell.answer = False
    found = uids(context, *LAPTOPS)
    run_verb(context, known_verbs()["delete"], lambda _: found, "3 items", "laptop")
    settle()
    assert shell.said("confirm") == [("Delete 3 items?", "Delete")]
    assert len(uids(context, *LAPTOPS)) == 3
    shell.answer = True
    run_verb(context, known_verbs()["delete"], lambda _: found, "3 items", "laptop")
    settle()
    with context.workspace.read() as reader:
        assert reader.count(Selection("laptop")) == 0


def test_the_sheet_names_the_values_that_the_schema_requires(context: Context, shell: Any, settle: Settle) -> None:
    form = open_on(context, shell, settle, "dispose", "LT-2055")
    form.fields["way"].set_value("Sold")
    press(shell, settle)
    assert "what was done to its data" in form._problem.text()
    assert not shell.said("close_sheet")
    assert values(context, "LT-2055")["status"] == "In stock"
    form.fields["exception"].set_value("It never had a disk")
    press(shell, settle)
    assert shell.said("close_sheet")
    assert values(context, "LT-2055")["disposal"] == "Sold"


def test_what_another_wrote_meanwhile_is_told_with_what_was_done(
    context: Context, shell: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    (uid,) = uids(context, "LT-2041")
    store = context.workspace.store
    apply, notes = store.apply, ["hers"]

    def beside(revision: Revision, control: Control | None = None) -> AppliedRevision:
        while notes:
            apply(Revision([Edit(ci(uid), "notes", None, notes.pop())], "Bea", reason="stocktaking"))
        return apply(revision, control)

    monkeypatch.setattr(store, "apply", beside)
    context.edit(lambda reader: set_values(reader, [uid], {"notes": "mine"}, "anna"), said="Notes changed")
    settle()
    ((told,),) = shell.said("toast")
    assert told.startswith("Notes changed\nLT-2041 was changed meanwhile: Notes is “hers”")
    assert "stocktaking" in told
    assert values(context, "LT-2041")["notes"] == "mine"
