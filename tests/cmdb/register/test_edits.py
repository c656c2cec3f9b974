"""Edits of the register: what each changes, what it leaves alone, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import InvalidValue, NotFound, SchemaError
from cmdb.model.records import Related
from cmdb.model.revision import Edit, Record, Revision
from cmdb.register import edits
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.estates import Hand
from tests.cmdb.grouped_links import joined
from tests.pseudo_locale import plain_words, spoken


def do(hand: Hand, verb: Callable[..., Revision], *arguments: Any, **options: Any) -> AppliedRevision:
    """Applies what a verb makes, in tom's name."""
    with hand.store.read() as reader:
        revision = verb(reader, *arguments, author="tom", **options)
    assert revision.author == "tom"
    return hand.store.apply(revision)


def reason(hand: Hand, number: int) -> str:
    with hand.store.read() as reader:
        return str(reader.revision(number).reason)


def related(hand: Hand, uid: str) -> list[Related]:
    with hand.store.read() as reader:
        return reader.relationships(uid)


# -- values ---------------------------------------------------------------------------------------------------------


def test_create(hand: Hand) -> None:
    revision = edits.create(hand.store.schema, "laptop", {"name": "LT-1", "notes": None, "memory": 8192}, "tom")
    applied = hand.store.apply(revision)
    (uid,) = applied.created
    assert uid == next(iter(revision.edits)).record.key[0]
    assert dict(hand.get(uid).values) == {"name": "LT-1", "memory": 8192}
    with pytest.raises(SchemaError, match="submarine"):
        edits.create(hand.store.schema, "submarine", {"name": "U-1"}, "tom")


def test_set_values_leaves_out_records_that_have_the_value(hand: Hand) -> None:
    one, two = hand.make("laptop", "LT-1", memory=8192), hand.make("laptop", "LT-2", memory=16384, notes="x")
    applied = do(hand, edits.set_values, [one, two, one], {"memory": 16384, "notes": None}, reason="More")
    assert applied.updated == {one, two}
    assert hand.get(one).values["memory"] == 16384
    assert "notes" not in hand.get(two).values
    assert reason(hand, applied.number) == "More"
    with hand.store.read() as reader:
        assert len(reader.edits(applied.number)) == 2
        assert list(edits.set_values(reader, [one, two], {"memory": 16384}, "tom").edits) == []


def test_set_values_refuses_missing_records(hand: Hand) -> None:
    laptop, site = hand.make("laptop", "LT-1"), hand.make("site", "Rotterdam")
    with pytest.raises(InvalidValue, match="Rotterdam is of class Site"):
        do(hand, edits.set_values, [laptop, site], {"memory": 8192})
    with pytest.raises(NotFound, match="deleted meanwhile"):
        do(hand, edits.set_values, ["0190b5a0-0000-7000-8000-000000000000"], {"memory": 8192})


def test_change_class_keeps_values_aside_and_gives_them_back(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192, asset_tag="A1")
    do(hand, edits.change_class, [uid], "monitor")
    assert hand.get(uid).cls == "monitor"
    assert dict(hand.get(uid).values) == {"name": "LT-1", "asset_tag": "A1"}
    applied = do(hand, edits.change_class, [uid], "server")
    assert reason(hand, applied.number) == "Class changed to Server"
    assert hand.get(uid).values["memory"] == 8192
    with pytest.raises(SchemaError):
        do(hand, edits.change_class, [uid], "submarine")


def test_delete_takes_links_along(hand: Hand) -> None:
    site = hand.make("site", "Rotterdam")
    laptop, server = hand.make("laptop", "LT-1", location=site), hand.make("server", "S-1")
    do(hand, edits.link, laptop, "connected_to", server)
    applied = do(hand, edits.delete, [site, server])
    assert applied.deleted == {site, server}
    assert dict(hand.get(laptop).values) == {"name": "LT-1"}
    assert related(hand, laptop) == []
    with pytest.raises(NotFound):
        do(hand, edits.delete, [site])


# -- links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "kind", "target", "attribute"),
    [
        ("server", "located_in", "rack", "rack"),
        ("server", "located_in", "room", "location"),
        ("server", "located_in", "site", "location"),
        ("room", "located_in", "building", "location"),
        ("virtual_machine", "virtualised_on", "cluster", "cluster"),
        ("virtual_machine", "virtualised_on", "server", "host"),
        ("laptop", "used_by", "person", "assigned_to"),
        ("server", "depends_on", "server", ""),
    ],
)
def test_a_link_picks_the_attribute_that_stores_it(
    hand: Hand, cls: str, kind: str, target: str, attribute: str
) -> None:
    source, other = hand.make(cls, "Source"), hand.make(target, "Target")
    do(hand, edits.link, source, kind, other)
    (one,) = related(hand, source)
    assert (one.type, one.uid, one.attribute, one.inverse) == (kind, other, attribute, False)
    assert hand.get(source).values.get(attribute) == (other if attribute else None)
    (back,) = related(hand, other)
    assert (back.uid, back.inverse) == (source, True)
    do(hand, edits.unlink, source, kind, other)
    assert related(hand, source) == []


def test_the_same_link_twice_is_one(hand: Hand) -> None:
    laptop, site, server = hand.make("laptop", "LT-1"), hand.make("site", "Rotterdam"), hand.make("server", "S-1")
    for kind, other in (("located_in", site), ("connected_to", server)):
        assert do(hand, edits.link, laptop, kind, other).number
        assert do(hand, edits.link, laptop, kind, other).number == 0
    assert len(related(hand, laptop)) == 2


def test_a_second_place_is_stored_as_a_relationship(hand: Hand) -> None:
    laptop, one, two = hand.make("laptop", "LT-1"), hand.make("site", "Rotterdam"), hand.make("site", "Bilbao")
    do(hand, edits.link, laptop, "located_in", one)
    do(hand, edits.link, laptop, "located_in", two)
    assert hand.get(laptop).values["location"] == one
    assert {(r.uid, r.attribute) for r in related(hand, laptop)} == {(one, "location"), (two, "")}


def test_a_symmetric_link_is_one_from_either_end(hand: Hand) -> None:
    one, two = hand.make("server", "S-1"), hand.make("server", "S-2")
    do(hand, edits.link, one, "connected_to", two)
    assert do(hand, edits.link, two, "connected_to", one).number == 0
    do(hand, edits.unlink, two, "connected_to", one)
    assert related(hand, one) == []


def test_links_that_cannot_be(hand: Hand) -> None:
    laptop, person = hand.make("laptop", "LT-1"), hand.make("person", "Anja Vogt")
    for kind, source, target, error in (
        ("virtualised_on", laptop, person, InvalidValue),
        ("connected_to", laptop, laptop, InvalidValue),
        ("orbits", laptop, person, SchemaError),
        ("connected_to", laptop, "0190b5a0-0000-7000-8000-000000000000", NotFound),
    ):
        with pytest.raises(error):
            do(hand, edits.link, source, kind, target)
    with pytest.raises(NotFound, match="no relationship"):
        do(hand, edits.unlink, laptop, "connected_to", person)


# -- dependency groups ----------------------------------------------------------------------------------------------


def groups(hand: Hand) -> list[tuple[str, str, str]]:
    with hand.store.read() as reader:
        return sorted((f["owner"], f["label"], f["needs"]) for f in reader.records("group").values())


def labels(one: Related) -> list[str]:
    """The groups of a relationship."""
    return [of.label for of in one.groups]


def test_links_of_one_group_share_it(hand: Hand) -> None:
    server, one, two = hand.make("server", "S-1"), hand.make("switch", "SW-1"), hand.make("switch", "SW-2")
    do(hand, edits.link, server, "uplinks_through", one, group="Uplinks", needs="1")
    do(hand, edits.link, server, "uplinks_through", two, group="uplinks")
    assert groups(hand) == [(server, "Uplinks", "1")]
    assert [[(g.label, g.needs) for g in r.groups] for r in related(hand, server)] == [[("Uplinks", "1")]] * 2
    do(hand, edits.link, server, "depends_on", one, group="uplinks", needs="2")
    assert groups(hand) == [(server, "Uplinks", "2")]


def test_a_forward_link_is_grouped_with_what_it_fails(hand: Hand) -> None:
    service, app = hand.make("business_service", "Payroll"), hand.make("application", "SAP")
    do(hand, edits.link, app, "supports", service, group="nodes", needs="50%")
    assert groups(hand) == [(service, "nodes", "50%")]


def test_a_reference_goes_into_no_group(hand: Hand) -> None:
    server, rack = hand.make("server", "S-1"), hand.make("rack", "R-1")
    do(hand, edits.link, server, "located_in", rack, group="places", needs="1")
    (one,) = related(hand, server)
    assert (one.attribute, labels(one)) == ("", ["places"])
    assert "rack" not in hand.get(server).values


def test_a_link_is_in_several_groups_and_stands_alone_besides(hand: Hand) -> None:
    shop, perl = hand.make("application", "Shop"), hand.make("application", "Perl")

    def stands() -> list[tuple[list[str], bool]]:
        return [(labels(one), one.alone) for one in related(hand, shop)]

    do(hand, edits.link, shop, "depends_on", perl, group="a", needs="1")
    assert stands() == [(["a"], False)]
    do(hand, edits.link, shop, "depends_on", perl, group="b", needs="1")
    do(hand, edits.link, shop, "depends_on", perl, group="B")
    assert stands() == [(["a", "b"], False)]
    do(hand, edits.link, shop, "depends_on", perl)
    do(hand, edits.link, shop, "depends_on", perl)
    assert stands() == [(["a", "b"], True)]
    do(hand, edits.unlink, shop, "depends_on", perl, group="a")
    assert stands() == [(["b"], True)]
    with pytest.raises(NotFound, match="in the redundancy group a"):
        do(hand, edits.unlink, shop, "depends_on", perl, group="a")
    do(hand, edits.unlink, shop, "depends_on", perl, group="b")
    assert stands() == [([], True)]


def test_what_leaves_its_last_group_stands_alone(hand: Hand) -> None:
    shop, perl = hand.make("application", "Shop"), hand.make("application", "Perl")
    do(hand, edits.link, shop, "depends_on", perl, group="a", needs="1")
    do(hand, edits.unlink, shop, "depends_on", perl, group="a")
    assert [(labels(one), one.alone) for one in related(hand, shop)] == [([], True)]


def test_a_group_has_only_relationships_of_its_owner(hand: Hand) -> None:
    shop, perl, other = (hand.make("application", name) for name in ("Shop", "Perl", "Other"))
    do(hand, edits.link, shop, "depends_on", perl, group="a", needs="1")
    do(hand, edits.link, other, "depends_on", perl)
    with hand.store.read() as reader:
        ((group,),) = reader.records("group")
    record = Record("relationship", ("depends_on", other, perl))
    with pytest.raises(InvalidValue, match="belongs to neither of its ends"):
        hand.apply(joined(record, group))
    with pytest.raises(InvalidValue, match="does not exist"):
        hand.apply(joined(Record("relationship", ("depends_on", shop, other)), group))
    with pytest.raises(InvalidValue, match="belongs to neither of its ends"):
        hand.apply(Edit(Record("group", (group,)), "owner", shop, other))


def test_regroup(hand: Hand) -> None:
    server = hand.make("server", "S-1", location=(site := hand.make("site", "Rotterdam")))
    feeds = [hand.make("pdu", f"PDU-{n}") for n in range(3)]
    for feed in feeds:
        do(hand, edits.link, server, "powered_by", feed)
    members = [("powered_by", server, feed) for feed in feeds[:2]]
    do(hand, edits.regroup, server, "power", "1", members)
    assert sorted(labels(r) for r in related(hand, server) if r.type == "powered_by") == [[], ["power"], ["power"]]
    do(hand, edits.regroup, server, "power", "2", [("powered_by", server, feeds[2])])
    assert groups(hand) == [(server, "power", "2")]
    with pytest.raises(NotFound, match="Only relationships"):
        do(hand, edits.regroup, server, "power", "1", [("located_in", server, site)])


def test_a_grouped_link_is_unlinked_and_a_group_that_goes_leaves_its_members(hand: Hand) -> None:
    server, one, two = hand.make("server", "S-1"), hand.make("switch", "SW-1"), hand.make("switch", "SW-2")
    for switch in (one, two):
        do(hand, edits.link, server, "uplinks_through", switch, group="uplinks", needs="1")
    do(hand, edits.unlink, server, "uplinks_through", one)
    assert [(r.uid, labels(r)) for r in related(hand, server)] == [(two, ["uplinks"])]


def test_a_reason_of_the_program_is_worded_for_the_reader_and_that_of_a_person_stays(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    with hand.store.read() as reader:
        made = hand.store.apply(edits.change_class(reader, [laptop], "server", "tom"))
        typed = hand.store.apply(edits.set_values(reader, [laptop], {"notes": "x"}, "tom", "Class changed to nothing"))
    with hand.store.read() as reader, spoken():
        assert plain_words(str(reader.revision(made.number).reason), frozenset({"Server"})) == []
        assert reader.revision(typed.number).reason == "Class changed to nothing"
    assert check_integrity(hand.store) == [], "the journal's hashes cover what is stored"


def test_reasons_hold_the_words_that_the_schema_declares(tmp_path: Path) -> None:
    path = tmp_path / "estate.terrier"
    with spoken():
        hand = Hand(create_estate(path))
        laptop, server = hand.make("laptop", "LT-1"), hand.make("server", "SRV-1")
        numbers = [
            do(hand, edits.link, laptop, "depends_on", server).number,
            do(hand, edits.unlink, laptop, "depends_on", server).number,
            do(hand, edits.change_class, [laptop], "desktop").number,
        ]
        assert not [words for number in numbers if (words := plain_words(reason(hand, number)))]
        hand.store.close()
    hand = Hand(open_estate(path))
    assert [reason(hand, number) for number in numbers] == [
        "Linked: depends on",
        "Unlinked: depends on",
        "Class changed to Desktop",
    ]
    hand.store.close()


def test_who_links_by_hand_what_a_source_states_states_it_too(hand: Hand) -> None:
    server, feed = hand.make("server", "S"), hand.make("pdu", "P")
    record = Record("relationship", ("powered_by", server, feed))
    hand.apply(Edit(record, "", None, {"stated_by": ["sheet:a.xlsx"]}))

    def link(**more: Any) -> None:
        with hand.store.read() as reader:
            revision = edits.link(reader, server, "powered_by", feed, "tester", **more)
        hand.store.apply(revision)

    def stated(kind: str) -> list[object]:
        with hand.store.read() as reader:
            return [fields.get("stated_by") for fields in reader.records(kind).values()]

    link()
    link()
    assert stated("relationship") == [["person", "sheet:a.xlsx"]]
    group = Edit(
        Record("group", ("g",)), "", None, {"owner": server, "label": "G", "needs": "1", "stated_by": ["scan:b"]}
    )
    hand.apply(group, Edit(Record("membership", ("g", *record.key)), "", None, {"stated_by": ["scan:b"]}))
    link(group="G")
    assert (stated("group"), stated("membership")) == ([["person", "scan:b"]], [["person", "scan:b"]])
