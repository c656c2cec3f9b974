"""Changes of attributes: what they do to values, what they ask, what they refuse, and their undo."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.schema.attributes import (
    AttributeForm,
    ChoiceForm,
    change_attribute,
    form_of,
    hide_attribute,
    new_attribute,
    show_attribute,
)
from app.schema.change import Answers, PlanSummary, SchemaChange
from app.schema.plan import plan, revise
from app.schema.values_in_use import values_in_use
from cmdb.model.errors import Conflict, InvalidValue, UserError
from cmdb.model.selection import Selection
from cmdb.register.history import undo
from cmdb.store.rows import indexes
from cmdb.store.rows.roots import CI
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.writing.uniqueness import RevisionUniqueness, compared
from tests.cmdb.estates import Hand, open_estate


def seen(hand: Hand, change: SchemaChange, answers: Answers | None = None) -> PlanSummary:
    with hand.store.read() as reader:
        return plan(reader, change, answers or Answers())


def do(hand: Hand, change: SchemaChange, answers: Answers | None = None) -> int:
    """Looks at a change and applies it."""
    summary = seen(hand, change, answers)
    with hand.store.read() as reader:
        revision = revise(reader, summary, answers or Answers(), "tester")
    return hand.store.apply(revision).number


def add(hand: Hand, cls: str, label: str, kind: str, **more: Any) -> str:
    change, name = new_attribute(hand.store.schema, cls, AttributeForm(label, kind, **more))
    do(hand, change)
    return name


def values(hand: Hand, name: str, cls: str = "laptop") -> dict[str, Any]:
    with hand.store.read() as reader:
        return {one.name: one.values.get(name) for one in reader.all(Selection(cls))}


def take_back(hand: Hand, number: int) -> None:
    undo(hand.store, number, "tester")


def sound(hand: Hand, *, on_server: bool = False) -> None:
    """Nothing is wrong with the estate; on a server that takes long, so it is asked where the two differ."""
    if hand.store._engine.dialect.name == "postgresql" and not on_server:
        return
    assert [str(one) for one in check_integrity(hand.store)] == []


ON_A_FILE = pytest.mark.parametrize("where", ["sqlite"], indirect=True)
"""For what asks the databases nothing in which they differ."""

COLOURS = (ChoiceForm("Red"), ChoiceForm("Green"), ChoiceForm("Blue"))


def test_a_choice_that_is_called_otherwise_is_stored_otherwise_and_one_undo_takes_all_back(hand: Hand) -> None:
    name = add(hand, "laptop", "Paint", "choice", choices=COLOURS)
    hand.make("laptop", "LT-1", paint="Red")
    hand.make("laptop", "LT-2", paint="Green")
    before = hand.store.schema.attribute("laptop", name)
    form = form_of(before)
    assert form.choices is not None
    wanted = (ChoiceForm("Crimson", "Red"), *form.choices[1:])
    change = change_attribute(hand.store.schema, "laptop", name, AttributeForm("Paint", "choice", choices=wanted))
    shown = seen(hand, change)
    assert (shown.rewritten, shown.ready) == (1, True)
    assert [str(one) for one in shown.lines] == ["Paint: the value of 1 record is changed."]
    number = do(hand, change)
    assert values(hand, name) == {"LT-1": "Crimson", "LT-2": "Green"}
    with hand.store.read() as reader:  # what a sheet or a view says by the old word still means it
        assert reader.count(Selection("laptop", where="paint = Red")) == 1
    sound(hand)
    take_back(hand, number)
    assert values(hand, name) == {"LT-1": "Red", "LT-2": "Green"}
    assert hand.store.schema.attribute("laptop", name) == before
    sound(hand)


@ON_A_FILE
def test_an_undo_that_would_leave_a_later_value_without_a_place_is_refused_in_one_line(hand: Hand) -> None:
    name = add(hand, "laptop", "Paint", "choice", choices=COLOURS)
    wanted = (ChoiceForm("Crimson", "Red"), *(ChoiceForm(one, one) for one in ("Green", "Blue")))
    change = change_attribute(hand.store.schema, "laptop", name, AttributeForm("Paint", "choice", choices=wanted))
    number = do(hand, change)
    hand.make("laptop", "LT-1", **{name: "Crimson"})
    with pytest.raises(UserError, match="1 record has “Crimson” as Paint: it must stay"):
        take_back(hand, number)
    assert values(hand, name) == {"LT-1": "Crimson"}


@ON_A_FILE
def test_a_choice_that_goes_asks_what_its_values_become(hand: Hand) -> None:
    name = add(hand, "laptop", "Paint", "choice", choices=COLOURS)
    for number, colour in enumerate(("Red", "Red", "Green", "Blue")):
        hand.make("laptop", f"LT-{number}", paint=colour)
    kept = tuple(ChoiceForm(one, one) for one in ("Green",))
    change = change_attribute(hand.store.schema, "laptop", name, AttributeForm("Paint", "choice", choices=kept))
    shown = seen(hand, change)
    assert not shown.ready
    assert [(one.shown, one.records, one.names) for one in shown.homeless] == [
        ("Red", 2, ("LT-0", "LT-1")),
        ("Blue", 1, ("LT-3",)),
    ]
    with pytest.raises(Conflict):
        do(hand, change)
    do(hand, change, Answers(values={(name, "Red"): "Green", (name, "Blue"): None}))
    assert values(hand, name) == {"LT-0": "Green", "LT-1": "Green", "LT-2": "Green", "LT-3": None}
    sound(hand)


def test_another_type_converts_what_it_can_and_asks_about_the_rest(hand: Hand) -> None:
    name = add(hand, "laptop", "Ports", "text", indexed=True)
    for number, said in enumerate(("4", "six", "1,200", None)):
        hand.make("laptop", f"LT-{number}", **({} if said is None else {name: said}))
    with hand.store.read() as reader:
        assert sorted(values_in_use(reader, name)) == ["1,200", "4", "six"]
    change = change_attribute(hand.store.schema, "laptop", name, AttributeForm("Ports", "integer"))
    shown = seen(hand, change)
    assert [(one.shown, one.records) for one in shown.homeless] == [("six", 1)]
    number = do(hand, change, Answers(clear=frozenset({name})))
    assert values(hand, name) == {"LT-0": 4, "LT-1": None, "LT-2": 1200, "LT-3": None}
    with hand.store.read() as reader:
        assert reader.count(Selection("laptop", where="ports > 3")) == 2
    with hand.store.read(at=number - 1) as reader:  # the past has texts, which are no numbers
        assert reader.count(Selection("laptop", where="ports > 3")) >= 1
    sound(hand)
    take_back(hand, number)
    assert values(hand, name) == {"LT-0": "4", "LT-1": "six", "LT-2": "1,200", "LT-3": None}
    with hand.store.read() as reader:
        assert [one.name for one in reader.page(Selection("laptop", text="six"))] == ["LT-1"]
    sound(hand, on_server=True)


@ON_A_FILE
def test_what_is_required_is_filled_in_the_same_revision_or_refused(hand: Hand) -> None:
    name = add(hand, "laptop", "Owner code", "text")
    hand.make("laptop", "LT-1")
    hand.make("laptop", "LT-2", **{name: "X1"})
    form = AttributeForm("Owner code", "text", required=True)
    change = change_attribute(hand.store.schema, "laptop", name, form)
    assert [(one.records, one.names) for one in seen(hand, change).missing] == [(1, ("LT-1",))]
    number = do(hand, change, Answers(fill={name: "none"}))
    assert values(hand, name) == {"LT-1": "none", "LT-2": "X1"}
    take_back(hand, number)
    assert values(hand, name) == {"LT-1": None, "LT-2": "X1"}


@ON_A_FILE
def test_a_verb_that_loses_its_status_is_named(hand: Hand) -> None:
    form = form_of(hand.store.schema.attribute("monitor", "status"))
    kept = tuple(one for one in form.choices or () if one.value != "In repair")
    change = change_attribute(hand.store.schema, "monitor", "status", AttributeForm(form.label, "choice", choices=kept))
    assert [str(one) for one in seen(hand, change).lines] == [
        "“Send to repair” has no status to set any more for: Monitor."
    ]


@ON_A_FILE
def test_what_stands_twice_cannot_be_unique(hand: Hand) -> None:
    name = add(hand, "laptop", "Code", "text")
    for one, code in (("LT-1", "a"), ("LT-2", "A"), ("LT-3", "b")):
        hand.make("laptop", one, **{name: code})
    shown = seen(hand, change_attribute(hand.store.schema, "laptop", name, AttributeForm("Code", "text", unique=True)))
    assert not shown.ready
    assert "LT-1" in str(shown.refusals[0])


@ON_A_FILE
@pytest.mark.parametrize("clear", [False, True])
def test_a_retired_attribute_keeps_its_values_or_clears_them_as_was_said(hand: Hand, clear: bool) -> None:
    name = add(hand, "laptop", "Colour", "text")
    hand.make("laptop", "LT-1", **{name: "turquoise"})
    with hand.store.read() as reader:
        change = hide_attribute(reader, "laptop", name, clear=clear)
    number = do(hand, change)
    known = hand.store.schema.classes["laptop"]
    assert name in known.attributes
    assert name not in known.shown_attributes
    assert values(hand, name) == {"LT-1": None if clear else "turquoise"}
    sound(hand)
    if clear:
        take_back(hand, number)
    else:
        do(hand, show_attribute(hand.store.schema, "laptop", name))
    assert name in hand.store.schema.classes["laptop"].shown_attributes
    assert values(hand, name) == {"LT-1": "turquoise"}
    sound(hand)


@ON_A_FILE
def test_an_attribute_that_was_never_used_goes_altogether(hand: Hand) -> None:
    name = add(hand, "laptop", "Colour", "text")
    with hand.store.read() as reader:
        change = hide_attribute(reader, "laptop", name)
    do(hand, change)
    assert name not in hand.store.schema.classes["laptop"].attributes
    with hand.store.read() as reader:
        assert reader.records("schema_entry") == {}


@ON_A_FILE
def test_what_belongs_to_terrier_gets_own_words_and_is_never_broken(hand: Hand) -> None:
    schema = hand.store.schema
    do(hand, change_attribute(schema, "hardware", "asset_tag", AttributeForm("Sticker")))
    assert hand.store.schema.attribute("laptop", "asset_tag").label == "Sticker"
    with pytest.raises(InvalidValue, match="its type stays"):
        change_attribute(hand.store.schema, "hardware", "asset_tag", AttributeForm("Sticker", "integer"))
    with hand.store.read() as reader, pytest.raises(InvalidValue, match="cannot be retired"):
        hide_attribute(reader, "ci", "status")


@ON_A_FILE
def test_a_status_of_terrier_gets_another_label_and_keeps_what_is_stored(hand: Hand) -> None:
    hand.make("laptop", "LT-1", status="Deployed")
    form = form_of(hand.store.schema.attribute("hardware", "status"))
    assert form.choices is not None
    choices = tuple(
        ChoiceForm("At work", one.value, one.phase, one.tone, one.verbs) if one.value == "Deployed" else one
        for one in form.choices
    )
    more = ChoiceForm("On loan", phase="away")
    wanted = AttributeForm(form.label, "choice", choices=(*choices, more))
    change = change_attribute(hand.store.schema, "hardware", "status", wanted)
    assert seen(hand, change).rewritten == 0
    do(hand, change)
    known = {one.value: one for one in hand.store.schema.attribute("laptop", "status").choices}
    assert (known["Deployed"].label, known["Deployed"].verb) == ("At work", ("hand_over",))
    assert str(known["On loan"].phase) == "away"
    with hand.store.read() as reader:
        assert reader.count(Selection("laptop", where="phase = live")) == 1


def test_a_change_that_others_have_overtaken_is_a_conflict_in_one_line(hand: Hand) -> None:
    name = add(hand, "laptop", "Paint", "choice", choices=COLOURS)
    kept = tuple(ChoiceForm(one, one) for one in ("Red", "Green"))
    change = change_attribute(hand.store.schema, "laptop", name, AttributeForm("Paint", "choice", choices=kept))
    shown = seen(hand, change)
    with hand.store.read() as reader:
        revision = revise(reader, shown, Answers(), "tester")
        hand.make("laptop", "LT-1", paint="Blue")  # between the look and the write
        with pytest.raises(UserError, match="1 record has “Blue” as Paint"):
            hand.store.apply(revision)
    with hand.store.read() as reader, pytest.raises(Conflict, match="Records were changed meanwhile"):
        revise(reader, shown, Answers(), "tester")
    with hand.store.read() as reader:
        revision = revise(reader, seen(hand, change, answers := Answers(clear=frozenset({name}))), answers, "tester")
    add(hand, "person", "Badge", "text")
    with pytest.raises(Conflict, match=r"The classes were changed meanwhile\. Revision .* by tester"):
        hand.store.apply(revision)
    with hand.store.read() as reader, pytest.raises(Conflict, match="The classes were changed meanwhile"):
        revise(reader, shown, Answers(), "tester")
    assert values(hand, name) == {"LT-1": "Blue"}


@ON_A_FILE
def test_an_undo_leaves_out_what_the_attribute_no_longer_takes(hand: Hand) -> None:
    name = add(hand, "laptop", "Ports", "text")
    uid = hand.make("laptop", "LT-1", **{name: "many"})
    number = hand.set(uid, name, "4").number
    do(hand, change_attribute(hand.store.schema, "laptop", name, AttributeForm("Ports", "integer")))
    hand.set(uid, name, 5)
    with hand.store.read():
        take_back(hand, number)
    assert values(hand, name) == {"LT-1": 5}
    sound(hand)


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_numbers_become_yes_and_no_and_come_back(hand: Hand, kind: str) -> None:
    name = add(hand, "laptop", "Encrypted disk", kind)
    hand.make("laptop", "LT-1", **{name: 1})
    hand.make("laptop", "LT-2", **{name: 0})
    form = AttributeForm("Encrypted disk", "boolean")
    with hand.store.read() as reader:
        number = do(hand, change_attribute(reader.schema, "laptop", name, form))
    assert list(map(repr, values(hand, name).values())) == ["True", "False"]
    sound(hand, on_server=True)
    take_back(hand, number)
    assert [(one, isinstance(one, bool)) for one in values(hand, name).values()] == [(1, False), (0, False)]
    sound(hand, on_server=True)


def test_a_choice_is_called_the_same_in_capitals(hand: Hand) -> None:
    name = add(hand, "laptop", "Colour", "choice", choices=(ChoiceForm("red"), ChoiceForm("blue")))
    hand.make("laptop", "LT-1", **{name: "red"})
    with hand.store.read() as reader:
        form = form_of(reader.schema.attribute("laptop", name))
        capital = replace(form, choices=(replace((form.choices or ())[0], label="Red"), ChoiceForm("blue", "blue")))
        change = change_attribute(reader.schema, "laptop", name, capital)
    do(hand, change)
    assert values(hand, name) == {"LT-1": "Red"}
    sound(hand)


@pytest.mark.parametrize(("more", "said"), [({"required": True}, "Needs it"), ({"unique": True}, "unique")])
def test_records_that_come_meanwhile_are_seen(hand: Hand, more: dict[str, bool], said: str) -> None:
    name = add(hand, "laptop", "Needs it", "text")
    hand.make("laptop", "LT-1", **{name: "x"})
    with hand.store.read() as reader:
        change = change_attribute(reader.schema, "laptop", name, AttributeForm("Needs it", "text", **more))
        revision = revise(reader, plan(reader, change), Answers(), "tester")
    hand.make("laptop", "LT-2", **({} if "required" in more else {name: "x"}))
    with pytest.raises(InvalidValue, match=said):
        hand.store.apply(revision)
    sound(hand)


def test_who_has_not_heard_of_a_change_writes_by_the_present_schema(hand: Hand, where: str | Path) -> None:
    name = add(hand, "laptop", "Slots", "text")
    uid = hand.make("laptop", "LT-1", **{name: "5"})
    other = Hand(open_estate(where))
    with hand.store.read() as reader:
        number = do(hand, change_attribute(reader.schema, "laptop", name, AttributeForm("Slots", "integer")))
    for write in (lambda: other.set(uid, name, "many"), lambda: other.make("laptop", "LT-2", **{name: "many"})):
        with pytest.raises(UserError):
            write()
    other.set(uid, name, 6)
    take_back(other, other.set(uid, name, 5).number)
    with pytest.raises(UserError, match="6"):
        take_back(hand, number)
    sound(hand)
    other.store.close()


def test_what_is_unique_is_unique_among_tasks_too(hand: Hand) -> None:
    name = add(hand, "task", "Seal", "text", unique=True)
    hand.make("task", "One", **{name: "T-1"})
    with pytest.raises(InvalidValue, match=r"T-1.*unique.*used by One"):
        hand.make("task", "Two", **{name: "T-1"})
    hand.make("task", "Two", **{name: "T-2"})
    hand.make("laptop", "LT-1")


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("kind", "values", "same"), [
    ("text", ("x-1", "x-2"), "X-1"), ("integer", (1, 2), 1), ("number", (Decimal("1.5"), Decimal(2)), Decimal("1.50")),
    ("money", (Decimal("99.90"), Decimal(2)), Decimal("99.9")), ("date", ("2026-01-01", "2026-01-02"), "2026-01-01"),
])  # fmt: skip
def test_unique_is_one_rule_for_every_type(hand: Hand, kind: str, values: Any, same: Any, many: bool) -> None:
    name = add(hand, "laptop", "Seal", kind, unique=True)
    for number in range(60 if not many else 1):
        hand.make("laptop", f"Other {number}")
    hand.make("laptop", "LT-1", **{name: values[0]})
    hand.make("laptop", "LT-2", **{name: values[1]})
    with pytest.raises(InvalidValue, match=r"Seal .*must be unique, and is used by LT-1"):
        hand.make("laptop", "LT-3", **{name: same})
    sound(hand)


@pytest.mark.parametrize("name", ["main_user", "cost_centre", "order_number", "purchase_cost", "name"])
def test_an_attribute_with_a_column_becomes_unique(hand: Hand, name: str) -> None:
    """Texts are compared without case, as all are; what is referred to is named."""
    one, two = (hand.make("person", person) for person in ("Anja Vogt", "Bo Lund"))
    values = {"main_user": (one, two, one), "purchase_cost": (Decimal(5), Decimal(6), Decimal("5.00"))}
    first, second, same = values.get(name, ("Cc 1", "Cc 2", "CC 1"))
    shown = {"main_user": "Anja Vogt", "purchase_cost": "5.00"}.get(name, "Cc 1")
    for laptop, value in (("LT-1", first), ("LT-2", second)):
        hand.make("laptop", value if name == "name" else laptop, **({name: value} if name != "name" else {}))
    schema = hand.store.schema
    change = change_attribute(schema, "laptop", name, replace(form_of(schema.attribute("laptop", name)), unique=True))
    do(hand, change)
    with pytest.raises(InvalidValue, match=f"“{shown}” must be unique"):
        hand.make("laptop", same if name == "name" else "LT-3", **({name: same} if name != "name" else {}))
    sound(hand)


def test_values_that_were_the_same_before_stop_only_who_writes_them(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An estate has had texts that differ in case only: others' writing goes on, and theirs is refused with a word."""
    name = add(hand, "laptop", "Seal", "text", unique=True)
    one = hand.make("laptop", "LT-1", **{name: "a"})
    with monkeypatch.context() as before:
        before.setattr(RevisionUniqueness, "check", lambda self: None)
        two = hand.make("laptop", "LT-2", **{name: "A"})
    hand.apply(*(hand.new("laptop", f"LT-{number}", **{name: f"n{number}"}) for number in range(3, 60)))
    hand.set(one, "notes", "Seen")
    with pytest.raises(InvalidValue, match="must be unique, and is used by LT-1"):
        hand.set(two, name, "a")
    hand.set(two, name, "c")


def test_a_unique_text_is_looked_up_by_an_index(hand: Hand) -> None:
    """As long as it is unique; the index holds values as they are compared."""
    name = add(hand, "laptop", "Seal", "text", unique=True)
    hand.make("laptop", "LT-1", **{name: "A-1"})
    hand.store.follow_schema()
    index = f"ix_unique_{name}"
    with hand.store._engine.connect() as connection:
        assert index in indexes.present(connection)
        if connection.dialect.name == "sqlite":
            value = compared("sqlite", CI, hand.store.schema.attribute("laptop", name))
            plan_of = f"EXPLAIN QUERY PLAN SELECT id FROM ci WHERE {value} IN ('a-1')"
            assert index in str(connection.exec_driver_sql(plan_of).all())
    sound(hand, on_server=True)
    form = AttributeForm("Seal", "text", unique=False)
    do(hand, change_attribute(hand.store.schema, "laptop", name, form))
    hand.store.follow_schema()
    with hand.store._engine.connect() as connection:
        assert index not in indexes.present(connection)
    sound(hand, on_server=True)
