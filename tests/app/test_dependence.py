"""Which results a revision makes out of date."""

from __future__ import annotations

from typing import Any

from app.assets.list_dependence import depends_on, fields_of
from app.dependence import EVERYTHING, Dependence
from app.overview.figures import parts_depend_on
from app.reviews.open_questions import DOUBLES
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.revision import Edit, Record, ci
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand


def applied(**parts: Any) -> AppliedRevision:
    return AppliedRevision(
        1, "r", **{name: v if v is None else frozenset(v) for name, v in {"kinds": {"ci"}, **parts}.items()}
    )


def test_only_declared_dependences_count() -> None:
    everything = applied(created={"a"}, updated={"b"}, deleted={"c"}, fields={"name"}, kinds={"ci", "relationship"})
    assert not Dependence().is_concerned(everything)
    assert EVERYTHING.is_concerned(everything)
    assert not EVERYTHING.is_concerned(applied())


def test_values_and_records_count_of_the_items_that_are_named() -> None:
    dependence = Dependence(fields={"status"}, kinds={"relationship"}, items={"a"})
    assert dependence.is_concerned(applied(updated={"a", "b"}, fields={"status"}))
    assert dependence.is_concerned(applied(updated={"a"}, kinds={"relationship"}))
    assert not dependence.is_concerned(applied(updated={"b"}, fields={"status"}))
    assert not dependence.is_concerned(applied(updated={"a"}, fields={"notes"}))
    assert not dependence.is_concerned(applied(updated={"b"}, kinds={"relationship"}))


def test_created_and_deleted_items_count_by_class() -> None:
    laptops = Dependence(fields={"name"}, classes={"laptop"})
    assert laptops.is_concerned(applied(created={"a"}, fields={"name"}, classes={"laptop"}))
    assert laptops.is_concerned(applied(deleted={"a"}, classes=None)), "it may have been one"
    assert not laptops.is_concerned(applied(created={"a"}, fields={"name"}, classes={"phone"}))
    assert laptops.is_concerned(applied(updated={"a"}, fields={"class"}, classes={"phone", "laptop"}))


def test_a_list_depends_on_its_filter_its_order_and_its_class() -> None:
    schema = Schema.load()
    found = depends_on(
        schema, Selection("laptop", "phase = gone and assigned_to.department = Sales", "-warranty_until")
    )
    assert found.fields is not None
    assert {"status", "assigned_to", "department", "name", "warranty_until"} <= found.fields
    assert "notes" not in found.fields
    assert found.classes == {"laptop"}
    assert depends_on(schema, Selection("laptop", text="words")).fields is None


def test_missed_revisions_are_combined() -> None:
    first = applied(created={"a", "b"}, updated={"c"}, fields={"name"}, classes={"laptop"})
    later = applied(updated={"a", "d"}, deleted={"b", "c"}, fields={"status"}, kinds={"sighting"}, classes={"phone"})
    both = first.followed_by(later)
    assert (both.created, both.updated, both.deleted) == ({"a"}, {"d"}, {"b", "c"})
    assert (both.fields, both.kinds) == ({"name", "status"}, {"ci", "sighting"})
    assert both.classes == {"laptop", "phone"}
    back = both.followed_by(applied(created={"c"}, classes=None))
    assert "c" in back.updated
    assert back.classes is None


def test_a_revision_says_of_which_classes_its_items_are(tmp_path: Any) -> None:
    store: Store = create_estate(tmp_path / "a.terrier")
    hand = Hand(store)
    laptop, server = hand.new("laptop", "LT-1"), hand.new("server", "SRV-1")
    assert hand.apply(laptop, server).classes == {"laptop", "server"}
    uid, other = laptop.record.key[0], server.record.key[0]
    assert hand.set(uid, "notes", "x").classes == {"laptop"}
    turned = hand.apply(Edit(ci(uid), "class", "laptop", "desktop"))
    assert turned.classes == {"laptop", "desktop"}
    assert "class" in turned.fields
    linked = hand.apply(Edit(Record("relationship", ("depends_on", uid, other)), "", None, {}))
    assert linked.classes is None
    assert hand.apply(Edit(ci(uid), "", {"class": "desktop"}, None)).classes == {"desktop"}
    store.close()


def test_the_overview_counts_only_figures_that_an_edit_affects() -> None:
    parts = parts_depend_on(Schema.load())

    def old(**what: Any) -> set[str]:
        return {part for part, one in parts.items() if one.is_concerned(applied(**what))}

    assert old(updated={"a"}, fields={"notes"}) == set()
    assert old(updated={"a"}, fields={"last_seen"}) == {"scanned"}
    assert old(updated={"a"}, fields={"status"}) == {"scanned", "statuses", "attention"}
    assert old(updated={"a"}, fields={"warranty_until"}) == {"months", "attention"}
    assert old(kinds={"decision"}) == set()  # its questions are counted apart
    assert DOUBLES.is_concerned(applied(kinds={"decision"}))
    assert old(created={"a"}, fields={"name"}) == set(parts)


def test_a_phase_depends_on_the_status_even_if_a_class_has_an_attribute_phase() -> None:
    schema = Schema.load()
    assert fields_of(schema, Selection("power_feed", "phase = live")) >= {"status", "name"}
    assert "status" in fields_of(schema, Selection("hardware", "assigned_to.phase = gone"))
