"""What a revision was decided on is checked again when it is written: on a file and on a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cmdb.model.errors import InvalidValue, NotFound, Outdated
from cmdb.model.guards import FieldGuard
from cmdb.model.observation import NamedReference, Observation, ObservedLink, Origin, Reading
from cmdb.model.revision import Edit, Revision, ci, now
from cmdb.model.selection import Selection
from cmdb.reconciliation import Proposal, reconcile
from cmdb.register import history
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from tests.cmdb.estates import Hand
from tests.cmdb.reconciliation.estate import scan, sheet


def proposed(store: Store, *readings: Reading, author: str = "bert") -> Proposal:
    with store.read() as reader:
        return reconcile(list(readings), StoreLookup(reader), store.schema, author)


def purchase(*numbers: int, file: str = "purchase.xlsx") -> Reading:
    laptops = [
        Observation(
            "laptop",
            {
                "name": f"nb-{n}",
                "serial_number": f"PF1ABC{n:02}",
                "asset_tag": f"A-{n}",
                "manufacturer": NamedReference("manufacturer", "LENOVO"),
                "model": NamedReference("hardware_model", "T14"),
                "assigned_to": NamedReference("person", f"Person {n % 3}"),
                "location": NamedReference("place", "Lyon / Floor 2"),
            },
            Origin(file, "Sheet", n + 2),
        )
        for n in numbers
    ]
    return sheet(*laptops, file=file, observed=now())


def count(store: Store, cls: str = "ci") -> int:
    with store.read() as reader:
        return reader.count(Selection(cls))


def refused(store: Store, proposal: Proposal) -> Outdated:
    """The error of a proposal that came too late; nothing was written."""
    before = store.data_version(), count(store)
    with pytest.raises(Outdated) as caught:
        store.apply(proposal.revision)
    assert (store.data_version(), count(store)) == before
    return caught.value


def test_the_second_of_two_equal_proposals_is_refused_and_then_creates_nothing(store: Store) -> None:
    first, second = (proposed(store, purchase(*range(9)), author=author) for author in ("anna", "bert"))
    store.apply(first.revision)
    error = refused(store, second)
    assert error.number == 1
    for word in ("anna", "nb-", "purchase.xlsx"):
        assert word in str(error)
    again = proposed(store, purchase(*range(9)))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 9)
    assert count(store, "laptop") == 9


def test_whatever_a_row_names_is_created_once(store: Store) -> None:
    first, second = proposed(store, purchase(1)), proposed(store, purchase(4, file="other.xlsx"))
    store.apply(first.revision)
    refused(store, second)  # Another laptop, but of the same manufacturer, model, person and place.
    again = proposed(store, purchase(4, file="other.xlsx"))
    assert again.created == 1
    store.apply(again.revision)
    for cls, number in (("manufacturer", 1), ("hardware_model", 1), ("person", 1), ("place", 2), ("laptop", 2)):
        assert count(store, cls) == number, cls


def test_what_has_nothing_in_common_is_written(store: Store, hand: Hand) -> None:
    proposal = proposed(store, purchase(1))
    hand.make("server", "srv-1", asset_tag="A-77")
    other = hand.make("laptop", "nb-9")
    hand.set(other, "notes", "seen")
    assert store.apply(proposal.revision).number == 4


def test_a_known_record_that_was_given_the_identity_meanwhile(store: Store, hand: Hand) -> None:
    known = hand.make("laptop", "Anna's laptop")
    proposal = proposed(store, purchase(1))
    hand.set(known, "serial_number", "PF1ABC01")
    assert "Anna's laptop" in str(refused(store, proposal))


def test_an_identity_that_a_known_record_would_get(store: Store, hand: Hand) -> None:
    hand.make("laptop", "nb-1", asset_tag="A-1")
    proposal = proposed(store, purchase(1))
    assert proposal.updated == 1
    hand.make("laptop", "nb-spare", serial_number="PF1ABC01")
    assert "nb-spare" in str(refused(store, proposal))


def machine(name: str) -> Reading:
    """A computer that is only recognised by its network adapter."""
    seen = Observation("desktop", {"name": name}, evidence={"mac": ["3c:52:82:11:22:33"]}, origin=Origin(host=name))
    return scan(seen, observed="2026-03-02T10:00:00Z")


def test_evidence_counts_as_attributes_do(store: Store) -> None:
    first, second = proposed(store, machine("pc-1")), proposed(store, machine("pc-2"))
    store.apply(first.revision)
    assert "pc-1" in str(refused(store, second))


def test_serial_numbers_are_compared_as_the_manufacturer_writes_them(store: Store) -> None:
    def one(serial: str, file: str) -> Reading:
        values = {"name": file, "serial_number": serial, "manufacturer": NamedReference("manufacturer", "Lenovo")}
        return sheet(Observation("laptop", values, Origin(file, "S", 2)), file=file, observed=now())

    store.apply(proposed(store, one("PF0AAA01", "start.csv")).revision)
    first, second = proposed(store, one("1S20XW004SGEPF1ABC01", "a.csv")), proposed(store, one("PF1ABC01", "b.csv"))
    store.apply(first.revision)
    refused(store, second)


def grouped(file: str) -> Reading:
    links = [
        ObservedLink(
            NamedReference("application", "Shop"),
            "depends_on",
            NamedReference("server", f"srv-{n}"),
            "servers",
            "1",
            Origin(file, "R", n),
        )
        for n in (1, 2)
    ]
    return sheet(links=links, file=file, observed=now())


def test_groups_and_links_are_created_once(store: Store, hand: Hand) -> None:
    for cls, name in (("application", "Shop"), ("server", "srv-1"), ("server", "srv-2")):
        hand.make(cls, name)
    first, second = proposed(store, grouped("a.csv")), proposed(store, grouped("b.csv"))
    store.apply(first.revision)
    assert "Shop" in str(refused(store, second))
    again = proposed(store, grouped("b.csv"))
    assert again.relationships == 0
    assert not store.apply(again.revision).number


def test_a_field_that_the_decision_rests_on(store: Store, hand: Hand) -> None:
    laptop = hand.make("laptop", "nb-1", status="In stock")
    with store.read() as reader:
        at, status = reader.number, reader.get(laptop).values["status"]
    guards = (FieldGuard(laptop, "status", status), FieldGuard(laptop, "class", "laptop"))
    note = Revision([Edit(ci(laptop), "notes", None, "checked")], "bert", guards=guards, decided_at=at)
    hand.set(laptop, "status", "Retired", author="anna")
    with pytest.raises(Outdated, match=r"Status.*anna"):
        store.apply(note)
    with store.read() as reader:
        at = reader.number
    assert store.apply(Revision(note.edits, "bert", guards=guards[1:], decided_at=at - 1)).number
    hand.apply(Edit(ci(laptop), "", {"class": "laptop"}, None))
    with pytest.raises(NotFound, match="nb-1"):
        store.apply(Revision([], "bert", guards=guards[1:], decided_at=at))


def test_an_older_estate_that_was_restored_counts_as_changed(store: Store, hand: Hand) -> None:
    hand.make("laptop", "nb-1", serial_number="PF1ABC01")
    proposal = proposed(store, purchase(2))
    hand.make("laptop", "nb-2", serial_number="PF1ABC02")
    with pytest.raises(Outdated):
        store.apply(replace(proposal.revision, decided_at=99))


def test_who_has_a_value_that_must_be_unique_and_since_when(store: Store, hand: Hand) -> None:
    hand.make("laptop", "nb-0", asset_tag="A-1")
    holder = hand.make("laptop", "nb-1")
    hand.set(holder, "asset_tag", "r1-0", author="anna")
    hand.set(holder, "notes", "seen", author="carla")
    with pytest.raises(InvalidValue) as caught:
        hand.apply(hand.new("laptop", "nb-2", asset_tag="R1-0"))
    assert "Asset tag “r1-0” must be unique, and is used by nb-1 since revision 3 by anna (" in str(caught.value)
    with pytest.raises(InvalidValue, match="both nb-3 and nb-4"):
        hand.apply(hand.new("laptop", "nb-3", asset_tag="B-1"), hand.new("laptop", "nb-4", asset_tag="B-1"))
    hand.make("person", "Ann", email="ann@example.org")
    with pytest.raises(InvalidValue, match="used by Ann since revision 5 by tester"):
        hand.make("person", "Anne", email="Ann@example.org")


def test_a_record_that_comes_back_does_not_hold_the_value_that_another_one_took(store: Store, hand: Hand) -> None:
    first = hand.make("laptop", "nb-1", asset_tag="A-1")
    deleted = hand.apply(Edit(ci(first), "", {"class": "laptop"}, None))
    hand.make("laptop", "nb-2", asset_tag="A-1")
    with store.read() as reader:
        back, _ = history.preview_undo(reader, deleted.number, "tester")
    with pytest.raises(InvalidValue, match="“A-1” must be unique, and is used by nb-2 since revision 3 by tester"):
        store.apply(back)


def test_a_question_that_has_an_answer_by_now(store: Store, hand: Hand) -> None:
    rows = [Observation("laptop", {"name": "nb-1", "serial_number": "S-77", "memory": n}) for n in (8192, 16384)]
    for line, row in enumerate(rows):
        row.origin = Origin("twice.csv", "Sheet", line + 2)
    proposal = proposed(store, sheet(*rows, file="twice.csv", observed=now()))
    assert len(proposal.review) == 1
    hand.make("laptop", "nb-0", serial_number="S-77")
    assert "nb-0" in str(refused(store, proposal))
