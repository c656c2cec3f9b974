"""The query word ``phase``: the meaning of a status, by class, now and in the past."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmdb.model.errors import QueryError
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.selection import Selection
from cmdb.register.verbs import verbs
from tests.cmdb.store.conftest import DIALECTS, Hand, Places


@pytest.fixture(scope="module", params=DIALECTS)
def estate(request: pytest.FixtureRequest, places: Places) -> Iterator[Hand]:
    """Laptops in all phases, servers whose statuses are the estate's own, and two people."""
    where = places.new(request.param)
    store = places.lay_out(where)
    hand = Hand(store)
    statuses = ["Deployed", {"value": "Cold", "phase": "stock"}, {"value": "Unclear"}]
    document = {"class": {"server": {"attributes": {"status": {"choices": statuses}}}}}
    store.apply(Revision([Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document})], "test"))
    left = hand.make("person", "Gina", status="Left")
    hand.make("person", "Hugo", status="Active")
    for number, status in enumerate(("Ordered", "In stock", "Deployed", "Lost", "Retired")):
        hand.make("laptop", f"L{number}", status=status, **({"assigned_to": left} if status == "Deployed" else {}))
    hand.make("laptop", "none")
    for name, status in (("S-live", "Deployed"), ("S-cold", "Cold"), ("S-unclear", "Unclear")):
        hand.make("server", name, status=status)
    yield hand
    store.close()
    places.clear(where)


@pytest.mark.parametrize(
    ("cls", "where", "names"),
    [
        ("hardware", "phase = stock", "L1 S-cold"),
        ("hardware", "phase = planned", "L0"),
        ("hardware", "Phase = Live", "L2 none S-live S-unclear"),
        ("hardware", "phase != live", "L0 L1 L3 L4 S-cold"),
        ("hardware", "not phase = stock", "L0 L2 L3 L4 none S-live S-unclear"),
        ("hardware", "phase = away or phase = leaving", "L3 L4"),
        ("hardware", "assigned_to.phase = gone", "L2"),
        ("server", "phase = leaving", ""),
        ("ci", "phase = gone", "Gina"),
        ("person", "phase is empty", ""),
        ("person", "phase is not empty and name ~ hug", "Hugo"),
    ],
)
def test_phase(estate: Hand, cls: str, where: str, names: str) -> None:
    with estate.store.read() as reader:
        found = [one.name for one in reader.all(Selection(cls, where))]
    assert sorted(found) == sorted(names.split())


def test_an_attribute_called_phase_is_asked_for_all_the_same(estate: Hand) -> None:
    estate.make("power_feed", "Feed", phases=3)
    with estate.store.read() as reader:
        assert [one.name for one in reader.all(Selection("power_feed", "phase = 3"))] == ["Feed"]
        assert [one.name for one in reader.all(Selection("power_feed", "phase = live"))] == ["Feed"]


def test_as_of_a_day(hand: Hand) -> None:
    uid = hand.make("laptop", "L1", status="Deployed")
    with hand.store.read() as reader:
        before = reader.number
        retired = verbs()["retire"].make(reader, [uid], {}, "test", "")
    hand.store.apply(retired)
    for at, names in ((before, ["L1"]), (None, [])):
        with hand.store.read(at) as reader:
            assert [one.name for one in reader.all(Selection("hardware", "phase = live"))] == names


@pytest.mark.parametrize(
    ("where", "problem"),
    [("phase = limbo", "no phase “limbo”. Phases: planned, stock"), ("phase ~ live", "= and != only")],
)
def test_values_that_are_no_phase(estate: Hand, where: str, problem: str) -> None:
    with estate.store.read() as reader, pytest.raises(QueryError, match=problem):
        list(reader.all(Selection("hardware", where)))


CALLED_OUT = [
    ("hardware", "status = Out", "L S"),
    ("hardware", "status != Out", "L2"),
    ("hardware", "status ~ out", "L S"),
    ("ci", "status = Out", "A L P S"),
    ("laptop", "status = Retired", "L"),
    ("ci", "status = retired", "A L"),
    ("ci", "assigned_to.status = Out", "L2"),
    ("hardware", "status = 'in use'", "L2"),
]


def test_a_label_means_what_each_class_has_for_it(hand: Hand) -> None:
    labelled = {"value": "Retired", "label": "Out"}
    own = {
        "ci": ["Active", labelled],
        "hardware": ["Deployed", labelled],
        "server": ["Deployed", {"value": "Off", "label": "Out"}],
        "person": ["Active", {"value": "Left", "label": "Out"}],
    }
    document = {"class": {name: {"attributes": {"status": {"choices": choices}}} for name, choices in own.items()}}
    hand.apply(Edit(Record("schema_entry", (new_id(),)), "", None, {"document": document}))
    person = hand.make("person", "P", status="Left")
    hand.make("laptop", "L", status="Retired")
    hand.make("laptop", "L2", status="Deployed", assigned_to=person)
    hand.make("server", "S", status="Off")
    hand.make("application", "A", status="Retired")
    for cls, where, names in CALLED_OUT:
        with hand.store.read() as reader:
            assert sorted(one.name for one in reader.all(Selection(cls, where))) == names.split(), (cls, where)
