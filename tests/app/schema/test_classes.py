"""Changes of classes, relationship types and sections: what they move, what they refuse, and their undo."""

from __future__ import annotations

import pytest

from app.schema.attributes import AttributeForm, new_attribute
from app.schema.change import NO_ANSWERS, Answers, SchemaChange
from app.schema.classes import WantedClass, change_class, new_class, retire_class, show_class
from app.schema.plan import plan, revise
from app.schema.relationships import (
    RelationshipForm,
    change_relationship,
    hide_relationship,
    new_relationship,
    relationship_form,
)
from app.schema.sections import ColumnForm, SectionForm, change_section, hide_section, new_section, section_form
from cmdb.model.errors import Conflict, InvalidValue
from cmdb.model.revision import Edit, Record
from cmdb.register.history import undo
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand

ON_A_FILE = pytest.mark.parametrize("where", ["sqlite"], indirect=True)
"""For what asks the databases nothing in which they differ."""


def do(hand: Hand, change: SchemaChange, answers: Answers = NO_ANSWERS) -> int:
    with hand.store.read() as reader:
        revision = revise(reader, plan(reader, change, answers), answers, "tester")
    return hand.store.apply(revision).number


def retire(hand: Hand, cls: str, to: str = "", answers: Answers = NO_ANSWERS) -> int:
    with hand.store.read() as reader:
        change = retire_class(reader, cls, to)
    return do(hand, change, answers)


def refusals(hand: Hand, change: SchemaChange) -> list[str]:
    with hand.store.read() as reader:
        return [str(one) for one in plan(reader, change).refusals]


def class_of(hand: Hand, uid: str) -> str:
    with hand.store.read() as reader:
        return reader.get(uid).cls


def test_a_class_is_made_renamed_and_retired_with_its_records_in_another(hand: Hand) -> None:
    change, name = new_class(hand.store.schema, "hardware", WantedClass("Forklift", "Forklifts", "box"))
    do(hand, change)
    do(hand, new_attribute(hand.store.schema, name, AttributeForm("Reach", "integer"))[0])
    uid = hand.make(name, "FL-1", status="Deployed", asset_tag="T1")
    do(hand, change_class(hand.store.schema, name, WantedClass("Lift truck", "Lift trucks")))
    assert hand.store.schema.cls(name).plural == "Lift trucks"
    with pytest.raises(InvalidValue, match="say of which class"):
        retire(hand, name)
    number = retire(hand, name, "printer")
    assert class_of(hand, uid) != name
    assert hand.store.schema.cls(name).hidden
    assert check_integrity(hand.store) == []
    undo(hand.store, number, "tester")
    assert class_of(hand, uid) == name
    assert not hand.store.schema.cls(name).hidden
    retire(hand, name, "monitor")
    do(hand, show_class(hand.store.schema, name))
    assert not hand.store.schema.cls(name).hidden
    assert check_integrity(hand.store) == []


@ON_A_FILE
def test_what_another_class_has_no_place_for_is_named(hand: Hand) -> None:
    change, name = new_class(hand.store.schema, "hardware", WantedClass("Forklift"))
    do(hand, change)
    attribute, reach = new_attribute(hand.store.schema, name, AttributeForm("Reach", "integer"))
    do(hand, attribute)
    hand.make(name, "FL-1", **{reach: 4})
    with hand.store.read() as reader:
        change = retire_class(reader, name, "printer")
    assert refusals(hand, change) == [
        "Printer has no “Reach”, which 1 record has: give the class that attribute first."
    ]
    with hand.store.read() as reader, pytest.raises(Conflict):
        revise(reader, plan(reader, change), NO_ANSWERS, "tester")


@ON_A_FILE
def test_a_class_that_was_never_used_goes_altogether_and_comes_back_with_undo(hand: Hand) -> None:
    change, name = new_class(hand.store.schema, "hardware", WantedClass("Forklift"))
    do(hand, change)
    number = retire(hand, name)
    assert name not in hand.store.schema.classes
    undo(hand.store, number, "tester")
    assert name in hand.store.schema.classes
    with pytest.raises(InvalidValue, match="already"):
        new_class(hand.store.schema, "hardware", WantedClass("forklift"))
    with hand.store.read() as reader, pytest.raises(InvalidValue, match="classes below it"):
        retire_class(reader, "computer")


def test_a_relationship_type_is_made_narrowed_where_it_fits_and_retired(hand: Hand) -> None:
    form = RelationshipForm("charges", "is charged by", ("hardware",), ("hardware",), "backward")
    change, name = new_relationship(hand.store.schema, form)
    do(hand, change)
    one, other = hand.make("laptop", "LT-1"), hand.make("printer", "PR-1")
    hand.apply(Edit(Record("relationship", (name, one, other)), "", None, {}))
    narrow = RelationshipForm("charges", "is charged by", ("hardware",), ("laptop",), "backward")
    found = refusals(hand, change_relationship(hand.store.schema, name, narrow))
    assert found == ["1 relationship “charges” from Laptop to Printer would have no place."]
    wide = RelationshipForm("loads", "is loaded by", ("laptop",), ("hardware",), "none")
    number = do(hand, change_relationship(hand.store.schema, name, wide))
    assert hand.store.schema.relationship(name).inverse == "is loaded by"
    undo(hand.store, number, "tester")
    assert hand.store.schema.relationship(name).impact == "backward"
    with hand.store.read() as reader:
        change = hide_relationship(reader, name)
    do(hand, change)
    assert hand.store.schema.relationship(name).hidden


@ON_A_FILE
def test_a_relationship_type_of_terrier_gets_other_words_only(hand: Hand) -> None:
    form = relationship_form(hand.store.schema.relationship("runs_on"))
    words = RelationshipForm("lives on", "houses", form.subjects, form.objects, form.impact, form.strength)
    do(hand, change_relationship(hand.store.schema, "runs_on", words))
    assert hand.store.schema.relationship("runs_on").label == "lives on"
    with pytest.raises(InvalidValue, match="what it joins"):
        change_relationship(hand.store.schema, "runs_on", RelationshipForm("lives on", "houses"))


@ON_A_FILE
def test_a_section_gets_columns_and_is_hidden_with_its_rows(hand: Hand) -> None:
    form = SectionForm("Keys", ("hardware",), (ColumnForm("Number", identifies=True), ColumnForm("Cut on", "date")))
    change, name = new_section(hand.store.schema, form)
    do(hand, change)
    section = hand.store.schema.section(name)
    assert section.identifies == ("number",)
    assert [one.name for one in section.shown_columns] == ["number", "cut_on"]
    more = section_form(section)
    wider = SectionForm("Door keys", (*more.of, "person"), (*more.columns, ColumnForm("Held by")))
    do(hand, change_section(hand.store.schema, name, wider))
    found = hand.store.schema.section(name)
    assert (found.plural, set(found.columns)) == ("Door keys", {"number", "cut_on", "held_by"})
    assert change_section(hand.store.schema, name, section_form(found)).is_empty
    added = SectionForm("Door keys", found.of, (*section_form(found).columns, ColumnForm("Zone"), ColumnForm("Bit")))
    do(hand, change_section(hand.store.schema, name, added))
    found = hand.store.schema.section(name)
    assert list(found.columns) == ["number", "cut_on", "held_by", "zone", "bit"], "in the order they were made"
    assert [one.name for one in found.shown_columns] == list(found.columns)
    with pytest.raises(InvalidValue, match="the class stays"):
        change_section(hand.store.schema, name, SectionForm("Door keys", ("person",), more.columns))
    with hand.store.read() as reader:
        unused, built_in = hide_section(reader, name), hide_section(reader, "bios")
    do(hand, built_in)
    assert hand.store.schema.section("bios").hidden
    do(hand, unused)
    assert name not in hand.store.schema.sections
