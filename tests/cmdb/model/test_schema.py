"""Schemas from documents: inheritance, overriding, names and synonyms, contradictions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.errors import SchemaError
from cmdb.model.schema import Choice, Schema, fold

STATUS = {"type": "choice", "choices": ["New", {"value": "Old", "synonyms": ["gone"], "tone": "bad"}]}
BASE: dict[str, Any] = {
    "class": {
        "ci": {"abstract": True, "label": "Item", "attributes": {"name": {"required": True}, "status": STATUS}},
        "thing": {"parent": "ci", "label": "Thing", "icon": "box", "synonyms": ["object"]},
        "box": {"parent": "thing", "plural": "Boxes", "attributes": {"depth": {"type": "integer", "unit": "mm"}}},
        "place": {"parent": "ci", "abstract": True},
        "room": {"parent": "place"},
    },
    "relationship": {
        "stands_in": {"label": "stands in", "inverse": "holds", "subjects": ["thing"], "objects": ["place"]},
    },
}


def load(tmp_path: Path, *documents: dict[str, Any]) -> Schema:
    """A schema of its own, without what ships."""
    return Schema.load(tmp_path, (BASE, *documents))


def cls(name: str, **entry: Any) -> dict[str, Any]:
    return {"class": {name: entry}}


def attribute(class_name: str, name: str, **entry: Any) -> dict[str, Any]:
    return cls(class_name, attributes={name: entry})


# -- amounts and their currencies ------------------------------------------------------------------------------------

_SHIPPED = """
[class.ci.attributes.name]
[class.thing]
parent = "ci"
[class.thing.attributes.price]
type = "money"
"""


def test_an_amount_names_its_currency(tmp_path: Path) -> None:
    (tmp_path / "10.toml").write_text(_SHIPPED)
    with pytest.raises(SchemaError, match="Price: an amount of money names the attribute that holds its currency"):
        Schema.load(tmp_path)
    (tmp_path / "10.toml").write_text(_SHIPPED + 'currency = "valuta"\n')
    with pytest.raises(SchemaError, match="“valuta”, which is no text attribute"):
        Schema.load(tmp_path)
    (tmp_path / "10.toml").write_text(_SHIPPED + 'currency = "valuta"\n[class.thing.attributes.valuta]\n')
    found = Schema.load(tmp_path).cls("thing").attributes
    assert found["price"].currency == "valuta"
    assert found["valuta"].of_amounts


def test_an_estates_own_amount_of_before_gets_one(tmp_path: Path) -> None:
    beside = {"price": {"type": "money"}, "currency": {}}
    found = load(tmp_path, cls("box", attributes=beside)).cls("box").attributes
    assert (found["price"].currency, found["currency"].of_amounts) == ("currency", True)
    added = load(tmp_path, attribute("box", "price", type="money", section="Money")).cls("box").attributes["currency"]
    assert (added.type, added.label, added.section, added.of_amounts) == ("text", "Currency", "Money", True)
    below = load(tmp_path, attribute("thing", "price", type="money")).cls("box").attributes
    assert below["price"].currency == "currency"
    assert "currency" in below


def test_only_amounts_have_a_currency(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="only amounts of money"):
        load(tmp_path, attribute("box", "depth", currency="name"))


# -- inheritance ----------------------------------------------------------------------------------------------------


def test_a_class_has_what_its_ancestors_have_before_its_own(tmp_path: Path) -> None:
    schema = load(tmp_path)
    assert list(schema.cls("box").attributes) == ["name", "status", "depth"]
    assert schema.cls("box").columns == schema.cls("thing").columns == ("name", "status")
    assert schema.cls("room").icon == "box"
    assert schema.cls("room").plural == "Rooms"
    assert schema.cls("box").label == "Box"
    assert not schema.cls("room").abstract, "that is not inherited"


def test_the_tree(tmp_path: Path) -> None:
    schema = load(tmp_path)
    assert [c.name for c in schema.tree()] == ["ci", "thing", "box", "place", "room"]
    assert [c.name for c in schema.concrete()] == ["thing", "box", "room"]
    assert schema.family("thing") == ("thing", "box")
    assert schema.ancestors("box") == ["box", "thing", "ci"]
    assert schema.is_a("box", "thing")
    assert schema.is_a("box", "box")
    assert not schema.is_a("thing", "box")
    assert not schema.is_a("thing", "nothing")


def test_a_subclass_overrides_properties_and_keeps_the_others(tmp_path: Path) -> None:
    schema = load(tmp_path, attribute("thing", "status", choices=["Fine"], help="How it is."))
    own, base = schema.attribute("box", "status"), schema.attribute("ci", "status")
    assert [c.value for c in own.choices] == ["Fine"]
    assert own.help == "How it is."
    assert (own.type, own.label) == (base.type, base.label) == ("choice", "Status")
    assert base.choices == (Choice("New"), Choice("Old", ("gone",), "bad"))


def test_a_users_entry_is_merged_over_the_schema(tmp_path: Path) -> None:
    schema = load(
        tmp_path,
        attribute("box", "depth", indexed=True),
        attribute("box", "lid", type="boolean"),
        cls("box", label="Crate"),
        {"relationship": {"stands_in": {"label": "is placed in"}}},
    )
    depth = schema.attribute("box", "depth")
    assert (depth.indexed, depth.type, depth.unit) == (True, "integer", "mm")
    assert schema.attribute("box", "lid").type == "boolean"
    assert (schema.cls("box").label, schema.cls("box").plural) == ("Crate", "Boxes")
    assert schema.relationship("stands_in").label == "is placed in"
    assert schema.relationship("stands_in").inverse == "holds"


def test_loading_twice_is_the_same_and_leaves_the_documents_alone(tmp_path: Path) -> None:
    before = repr(BASE)
    one, two = load(tmp_path, attribute("box", "depth", indexed=True)), load(tmp_path)
    assert repr(BASE) == before
    assert one.attribute("box", "depth").indexed
    assert not two.attribute("box", "depth").indexed


def test_a_new_class_is_one_entry() -> None:
    entry = {"parent": "hardware", "label": "Forklift", "attributes": {"reach": {"type": "integer", "unit": "mm"}}}
    schema = Schema.load(extra=[cls("forklift", **entry)])
    assert schema.find_class("forklifts").name == "forklift"
    assert "asset_tag" in schema.cls("forklift").attributes
    assert "forklift" in schema.family("hardware")


# -- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["box", "Boxes", "BOX", " box. "])
def test_classes_by_any_of_their_words(tmp_path: Path, word: str) -> None:
    assert load(tmp_path).find_class(word).name == "box"


def test_a_name_wins_over_anothers_synonym(tmp_path: Path) -> None:
    schema = load(tmp_path, cls("crate", parent="thing", synonyms=["Thing", "case"]))
    assert schema.find_class("thing").name == "thing"
    assert schema.find_class("CASE").name == "crate"


def test_relationship_types_in_both_directions(tmp_path: Path) -> None:
    schema = load(tmp_path)
    kind = schema.relationship("stands_in")
    assert schema.find_relationship("Stands in") == (kind, False)
    assert schema.find_relationship("HOLDS") == (kind, True)


def test_attributes_by_name_label_and_synonym(tmp_path: Path) -> None:
    schema = load(tmp_path, attribute("box", "serial_number", synonyms=["S/N"]))
    for word in ("serial_number", "Serial number", "SERIAL-NUMBER", "s n"):
        found = schema.find_attribute("box", word)
        assert found is not None
        assert found.name == "serial_number"
    assert schema.find_attribute("room", "serial number") is None


def test_words_that_mean_nothing_are_errors(tmp_path: Path) -> None:
    schema = load(tmp_path)
    with pytest.raises(SchemaError, match="Thing, Box, Room"):
        schema.find_class("submarine")
    with pytest.raises(SchemaError, match="stands in"):
        schema.find_relationship("orbits")
    for ask in (lambda: schema.cls("x"), lambda: schema.relationship("x"), lambda: schema.attribute("box", "x")):
        with pytest.raises(SchemaError, match="“x”"):
            ask()


def test_every_attribute_of_a_class_and_those_below(tmp_path: Path) -> None:
    schema = load(tmp_path, attribute("room", "seats", type="integer"))
    assert set(schema.all_attributes()) == {"name", "status", "depth", "seats"}
    assert set(schema.all_attributes("place")) == {"name", "status", "seats"}


@pytest.mark.parametrize(
    ("word", "folded"), [("Asset-Tag ", "asset tag"), ("S/N", "s n"), ("GRÖSSE", "grösse"), ("--", "")]
)
def test_folding(word: str, folded: str) -> None:
    assert fold(word) == folded


# -- contradictions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (cls("thing", parent="box"), "inherits from itself"),
        (cls("thing", parent="nowhere"), "“nowhere”, which does not exist"),
        (cls("orphan", label="Orphan"), "no parent"),
        (cls("thing", parent="ci", colour="red"), "no property “colour”"),
        (attribute("box", "depth", type="colour"), "unknown type “colour”"),
        (attribute("box", "depth", form="colour"), "unknown form “colour”"),
        (attribute("box", "depth", colour="red"), "no property “colour”"),
        (attribute("box", "kind", type="choice"), "needs choices"),
        (attribute("box", "kind", type="choice", choices=[{"tone": "bad"}]), "lacks"),
        (attribute("box", "kind", type="choice", choices=[{"value": "A", "hue": 1}]), "no property “hue”"),
        (attribute("box", "owner", type="reference", target="ghost"), "“ghost”, which does not exist"),
        (attribute("box", "owner", type="reference", target="room", relationship="haunts"), "“haunts” does not exist"),
        (attribute("room", "depth", type="text"), "one name, one type"),
        (attribute("box", "status", type="text"), "one name, one type"),
        ({"relationship": {"eats": {"label": "eats"}}}, "lacks"),
        ({"relationship": {"eats": {"label": "eats", "inverse": "feeds", "objects": ["ghost"]}}}, "“ghost”"),
        ({"relationship": {"stands_in": {"impact": "sideways"}}}, "impact"),
        ({"relationship": {"stands_in": {"strength": "iron"}}}, "strength"),
        ({"relationship": {"stands_in": {"colour": "red"}}}, "no property “colour”"),
        ({"class": {"box": "a box"}}, "table"),
        ({"class": ["box"]}, "table"),
        (cls("box", attributes={"depth": 5}), "table"),
        ({"relationship": {"eats": 1}}, "table"),
    ],
)
def test_a_schema_that_contradicts_itself_is_refused(tmp_path: Path, document: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        load(tmp_path, document)


def test_a_reference_may_allow_further_classes(tmp_path: Path) -> None:
    schema = load(tmp_path, attribute("box", "keeper", type="reference", target="room", also=["thing"]))
    assert schema.cls("box").attributes["keeper"].targets == ("room", "thing")
    assert "keeper" in schema.referring("box") & schema.referring("room")
    with pytest.raises(SchemaError, match="refers to class “nobody”"):
        load(tmp_path, attribute("box", "keeper", type="reference", target="room", also=["nobody"]))
    with pytest.raises(SchemaError, match="only a reference names classes"):
        load(tmp_path, attribute("box", "keeper", also=["room"]))


def test_a_schema_needs_its_root(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="“ci”"):
        Schema.load(tmp_path, [{"class": {}}])


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[class.ci\n")
    with pytest.raises(SchemaError, match=r"mine\.toml"):
        Schema.load(tmp_path)


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[class.ci]\nlabel = "One"\n')
    assert Schema.load(tmp_path).cls("ci").label == "One"
    path.write_text('[class.ci]\nlabel = "Two"\n')
    os.utime(path, ns=(1, 1))
    assert Schema.load(tmp_path).cls("ci").label == "Two"
