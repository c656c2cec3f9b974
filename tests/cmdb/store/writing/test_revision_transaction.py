"""``apply``: what it writes, what it refuses, and that a refused revision writes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import Conflict, InvalidValue, NotFound, SchemaError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture


def test_values_come_back_as_they_were_written(hand: Hand) -> None:
    site = hand.make("site", "Rotterdam")
    values = {
        "asset_tag": "A1",
        "location": site,
        "memory": 16384,
        "purchase_cost": Decimal("1389.5"),
        "warranty_until": "2027-01-31",
    }
    uid = hand.make("laptop", "LT-1", **values)
    found = hand.get(uid)
    assert found.cls == "laptop"
    assert dict(found.values) == {"name": "LT-1", **values}


def test_applied_tells_what_changed(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192)
    heard: list[AppliedRevision] = []
    unsubscribe = hand.store.subscribe(heard.append)
    applied = hand.set(uid, "memory", 16384)
    assert heard == [applied]
    assert applied.updated == {uid}
    assert applied.fields == {"memory"}
    unsubscribe()
    hand.set(uid, "memory", 8192)
    assert len(heard) == 1


def test_a_stale_before_is_a_conflict_and_writes_nothing(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192)
    before = picture(hand.store)
    with pytest.raises(Conflict, match="Memory"):
        hand.apply(Edit(ci(uid), "notes", None, "new"), Edit(ci(uid), "memory", 4096, 16384))
    assert picture(hand.store) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory", "much"),
        ("status", "Sleeping"),
        ("warranty_until", "31.12.2027"),
        ("location", "0190b5a0-0000-7000-8000-000000000000"),
        ("colour", "red"),
    ],
)
def test_what_the_schema_does_not_take_is_refused(hand: Hand, field: str, value: object) -> None:
    uid = hand.make("laptop", "LT-1")
    before = picture(hand.store)
    with pytest.raises((InvalidValue, SchemaError)):
        hand.apply(hand.new("site", "Bilbao"), Edit(ci(uid), field, None, value))
    assert picture(hand.store) == before


def test_a_record_needs_its_required_attributes_and_a_concrete_class(hand: Hand) -> None:
    with pytest.raises(InvalidValue, match="Name"):
        hand.apply(Edit(ci(new_id()), "", None, {"class": "laptop"}))
    with pytest.raises(SchemaError):
        hand.make("hardware", "Thing")


def test_unique_values_stay_unique(hand: Hand) -> None:
    hand.make("laptop", "LT-1", asset_tag="A1")
    with pytest.raises(InvalidValue, match="LT-1"):
        hand.make("server", "SRV-1", asset_tag="a1")
    with pytest.raises(InvalidValue, match="must be unique"):
        hand.apply(hand.new("laptop", "LT-2", asset_tag="B"), hand.new("laptop", "LT-3", asset_tag="B"))


def test_the_same_revision_twice_changes_nothing(hand: Hand) -> None:
    revision = Revision([hand.new("laptop", "LT-1")], "tester")
    assert hand.store.apply(revision).number == 1
    assert hand.store.apply(revision).number == 0
    with hand.store.read() as reader:
        assert reader.count(Selection()) == 1


def test_a_revision_of_nothing_is_no_revision(hand: Hand) -> None:
    assert hand.apply().number == 0
    with hand.store.read() as reader:
        assert reader.number == 0


def test_the_higher_source_wins_and_losers_are_kept(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", memory=8192, order_number="PO-1")
    record = Record("claim", (uid, "scan:agent"))
    hand.apply(Edit(record, "", None, {"memory": [16384, "2026-01-01T00:00:00Z"]}), source="scan:agent")
    assert hand.get(uid).values["memory"] == 8192, "a person's word is not overwritten by a scan"
    with hand.store.read() as reader:
        claims = reader.claims(uid)["memory"]
    assert [(c.source, c.value, c.wins) for c in claims] == [("person", 8192, True), ("scan:agent", 16384, False)]
    hand.set(uid, "memory", None)
    assert "memory" not in hand.get(uid).values, "cleared by a person is blank, whatever others say"


def test_clearing_the_only_claim_leaves_none(hand: Hand) -> None:
    uid = hand.make("laptop", "LT-1", notes="x")
    hand.set(uid, "notes", None)
    with hand.store.read() as reader:
        assert "notes" not in reader.claims(uid)


def test_deleting_takes_links_along_and_clears_references(hand: Hand) -> None:
    site = hand.make("site", "Rotterdam")
    laptop = hand.make("laptop", "LT-1", location=site)
    app = hand.make("application", "Shop")
    database = hand.make("database_instance", "shop-db")
    link = Record("relationship", ("depends_on", app, database))
    hand.apply(Edit(link, "", None, {}))
    applied = hand.apply(Edit(ci(site), "", {}, None), Edit(ci(database), "", {}, None))
    assert applied.deleted == {site, database}
    assert laptop in applied.updated
    assert "location" not in hand.get(laptop).values
    with hand.store.read() as reader:
        assert reader.relationships(app) == []
        with pytest.raises(NotFound):
            reader.get(site)
    assert check_integrity(hand.store) == []


def test_the_same_link_made_twice_is_one(hand: Hand) -> None:
    a, b = hand.make("switch", "sw-1"), hand.make("switch", "sw-2")
    assert hand.apply(Edit(Record("relationship", ("connected_to", a, b)), "", None, {})).number
    assert not hand.apply(Edit(Record("relationship", ("connected_to", b, a)), "", None, {})).number


def test_links_that_the_schema_does_not_allow_are_refused(hand: Hand) -> None:
    person, app = hand.make("person", "Anja Vogt"), hand.make("application", "Shop")
    with pytest.raises(InvalidValue):
        hand.apply(Edit(Record("relationship", ("virtualised_on", person, app)), "", None, {}))
    with pytest.raises(InvalidValue, match="itself"):
        hand.apply(Edit(Record("relationship", ("depends_on", app, app)), "", None, {}))
    with pytest.raises(NotFound):
        hand.apply(Edit(Record("relationship", ("depends_on", app, new_id())), "", None, {}))


def test_installations_and_documents(hand: Hand) -> None:
    laptop, user = hand.make("laptop", "LT-1"), hand.make("person", "Anja Vogt")
    record = Record("installation", (laptop, "", "Mozilla", "Firefox", "", "128.0"))
    hand.apply(Edit(record, "", None, {"origin": "deb", "user": user}))
    view = Record("saved_view", (new_id(),))
    hand.apply(Edit(view, "", None, {"name": "Mine", "columns": ["name"]}))
    hand.apply(Edit(view, "name", "Mine", "Ours"))
    with hand.store.read() as reader:
        (found,) = reader.installations(laptop)
        assert (found.product, found.version, found.user, found.origin) == ("Firefox", "128.0", user, "deb")
        assert reader.records("saved_view")[view.key] == {"name": "Ours", "columns": ["name"]}
        assert reader.releases() == [("Mozilla", "Firefox", "", "128.0", 1)]
    hand.apply(Edit(ci(user), "", {}, None))
    with hand.store.read() as reader:
        assert reader.installations(laptop)[0].user == ""


def test_a_class_of_ones_own_is_one_entry(hand: Hand) -> None:
    document = {
        "class": {
            "forklift": {
                "label": "Forklift",
                "parent": "hardware",
                "attributes": {"reach": {"type": "integer", "unit": "mm"}},
            }
        }
    }
    hand.apply(Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document}))
    uid = hand.make("forklift", "FL-1", reach=4200, asset_tag="F1")
    with hand.store.read() as reader:
        assert [c.uid for c in reader.page(Selection("forklift", where="reach > 4000"))] == [uid]


FORKLIFT = {"parent": "hardware", "attributes": {"reach": {"type": "integer"}}}


@pytest.mark.parametrize(
    "document",
    [
        {"class": {"forklift": {"parent": "nowhere"}}},
        {"class": {"laptop": {"attributes": {"memory": {"type": "text"}}}}},
        {"class": {"laptop": "a laptop"}},
        None,
    ],
)
def test_a_schema_entry_that_contradicts_the_schema_is_refused(hand: Hand, document: Any) -> None:
    with pytest.raises(SchemaError):
        hand.apply(Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document}))
    hand.make("laptop", "LT-1")
    assert check_integrity(hand.store) == []


def test_a_class_stays_while_records_are_of_it(hand: Hand) -> None:
    entry = Record("schema_entry", (new_id(),))
    own = {"document": {"class": {"forklift": FORKLIFT}}}
    bare = {"class": {"forklift": {"parent": "hardware"}}}
    hand.apply(Edit(entry, "", None, own))
    uid = hand.make("forklift", "FL-1", reach=4200)
    with pytest.raises(InvalidValue, match="forklift"):
        hand.apply(Edit(entry, "", own, None))
    with pytest.raises(InvalidValue, match="reach"):
        hand.apply(Edit(entry, "document", own["document"], bare))
    hand.set(uid, "reach", None)
    hand.apply(Edit(entry, "document", own["document"], bare))
    hand.apply(Edit(ci(uid), "", {}, None), Edit(entry, "", {"document": bare}, None))
    assert "forklift" not in hand.store.schema.classes


def test_a_reference_is_to_the_class_that_its_attribute_takes(hand: Hand) -> None:
    anja, site = hand.make("person", "Anja Vogt"), hand.new("site", "Rotterdam")
    firm = hand.make("company", "Harbour Works")
    with pytest.raises(InvalidValue, match="Anja Vogt of class Person; it takes a record of class Place"):
        hand.make("laptop", "LT-1", location=anja)
    laptop = hand.new("laptop", "LT-1", location=site.record.key[0])
    hand.apply(laptop, site)
    (uid,) = laptop.record.key
    with pytest.raises(InvalidValue, match="Assigned to refers to Harbour Works of class Company"):
        hand.set(uid, "assigned_to", firm)
    hand.set(uid, "assigned_to", site.record.key[0])
    hand.set(uid, "assigned_to", anja)
    hand.apply(Edit(ci(anja), "class", "person", "team"))
    hand.set(uid, "notes", "what it refers to has become something else since")


def test_tags_can_be_swapped_in_one_revision_but_not_doubled(hand: Hand) -> None:
    one, two = hand.make("laptop", "LT-1", asset_tag="A1"), hand.make("laptop", "LT-2", asset_tag="A2")
    hand.apply(Edit(ci(one), "asset_tag", "A1", "A2"), Edit(ci(two), "asset_tag", "A2", "A1"))
    assert hand.get(one).values["asset_tag"] == "A2"
    with pytest.raises(InvalidValue, match="“A2” must be unique, and is used by LT-1 since revision 3 by tester"):
        hand.apply(hand.new("laptop", "LT-3", asset_tag="a2"))
    hand.apply(hand.new("server", "S-1", asset_tag="A3"), Edit(ci(one), "", {}, None))
    hand.make("laptop", "LT-4", asset_tag="A2")


def test_another_process_is_heard_of(hand: Hand) -> None:
    other = open_estate(hand.store.where)
    heard: list[AppliedRevision] = []
    other.subscribe(heard.append)
    uid = hand.make("laptop", "LT-1", memory=8192)
    hand.set(uid, "memory", 16384)
    other.poll()
    assert [(a.number, a.created, a.updated, a.fields & {"memory"}) for a in heard] == [
        (1, frozenset({uid}), frozenset(), frozenset({"memory"})),
        (2, frozenset(), frozenset({uid}), frozenset({"memory"})),
    ]
    other.poll()
    assert len(heard) == 2
    other.close()


def test_the_journal_tells_what_a_revision_changed(hand: Hand) -> None:
    site, anja = hand.make("site", "Rotterdam"), hand.make("person", "Anja Vogt")
    values: dict[str, Any] = {
        "name": "LT-1",
        "asset_tag": "A1",
        "location": site,
        "assigned_to": anja,
        "memory": 8192,
        "purchase_cost": Decimal("9.5"),
    }
    made = hand.apply(hand.new("laptop", **values))
    (uid,) = made.created
    changed = hand.apply(Edit(ci(uid), "location", site, None), Edit(ci(uid), "memory", 8192, 16384))
    gone = hand.apply(Edit(ci(uid), "", {}, None))
    with hand.store.read() as reader:
        assert reader.edits(made.number) == [Edit(ci(uid), "", None, {"class": "laptop", **values})]
        edits = reader.edits(changed.number)
        assert sorted(edits, key=lambda e: e.field) == [
            Edit(ci(uid), "location", site, None),
            Edit(ci(uid), "memory", 8192, 16384),
        ]
        (deleted,) = reader.edits(gone.number)
        assert deleted.before["assigned_to"] == anja
        assert deleted.after is None
        assert [v.number for v in reader.versions(uid)] == [gone.number, changed.number, made.number]


def test_recorded_time_never_runs_backwards(hand: Hand) -> None:
    hand.store.clock = iter(["2026-01-02T00:00:00.000Z", "2026-01-01T00:00:00.000Z"]).__next__
    hand.make("site", "Rotterdam")
    hand.make("site", "Bilbao")
    with hand.store.read() as reader:
        assert [h.recorded for h in reader.revisions()] == ["2026-01-02T00:00:00.001Z", "2026-01-02T00:00:00.000Z"]
        assert reader.revision_at("2026-01-01T00:00:00Z") == 0
        assert reader.revision_at("2026-01-02T12:00:00Z") == 2
    assert check_integrity(hand.store) == []


def test_links_of_the_past_are_those_of_then(hand: Hand) -> None:
    agreement = hand.make("agreement", "Select Plus")
    licence = hand.make("entitlement", "Office", product="Office", metric="device", quantity=5, agreement=agreement)
    with hand.store.read() as reader:
        then = reader.number
        assert [r.name for r in reader.relationships(agreement)] == ["Office"]
    hand.set(licence, "agreement", None)
    with hand.store.read() as reader:
        assert reader.relationships(agreement) == []
    with hand.store.read(then) as reader:
        assert [r.name for r in reader.relationships(agreement)] == ["Office"]
