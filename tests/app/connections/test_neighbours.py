"""Neighbours that devices see and that are no record: candidates that are accepted, dismissed, and end."""

from __future__ import annotations

from typing import Any

import pytest

from app.connections.answers import accept_neighbours, dismiss, propose_again
from app.connections.seen_dependencies import SeenNeighbour, seen_connections
from cmdb.register import history
from cmdb.register.edits import unlink
from cmdb.store.store import Store
from tests.app.connections.seen_neighbours import AP, CAM, see_neighbours, take
from tests.cmdb.estates import Hand


@pytest.fixture
def switched(store: Store) -> Store:
    see_neighbours(store)
    return store


def neighbours(store: Store) -> list[SeenNeighbour]:
    with store.read() as reader:
        return list(seen_connections(reader).neighbours)


def lines(store: Store) -> list[tuple[str, str, tuple[str, ...], str]]:
    return [(one.end.name, one.end.cls, one.names, one.state) for one in neighbours(store)]


def say(store: Store, what: Any, *names: str, **more: Any) -> None:
    chosen = [one for one in neighbours(store) if one.end.name in names]
    with store.read() as reader:
        revision = what(reader, chosen, "anna", **more)
    store.apply(revision)


def test_a_candidate_says_what_it_is_and_where_it_was_seen(switched: Store) -> None:
    assert lines(switched) == [
        (CAM, "", ("sw-1: Gi2",), "open"),
        ("ap-1", "access_point", ("sw-1: Gi1", "sw-2: Gi1"), "open"),
        ("printer-7", "", ("sw-1: Gi3",), "open"),
    ]
    ap = neighbours(switched)[1].end
    assert (ap.mac, ap.address, ap.description) == (AP, "10.0.0.9", "Cisco Aironet 2802I")
    assert ap.seen == "2026-03-02T08:00:00Z"


def test_accepted_they_are_records_connected_to_where_they_were_seen(switched: Store) -> None:
    say(switched, accept_neighbours, "ap-1", CAM, cls="network_device")
    assert [one[0] for one in lines(switched)] == ["printer-7"]
    with switched.read() as reader:
        ap, cam = reader.find("ap-1"), reader.find(CAM)
        assert (ap.cls, ap.text("mac_address"), ap.text("ip_address")) == ("access_point", AP, "10.0.0.9")
        assert (cam.cls, cam.text("mac_address")) == ("network_device", CAM)
        related = {(r.type, r.name, r.stated_by) for r in reader.relationships(ap.uid)}
        assert related == {("connected_to", "sw-1", ("scan:x sw-1",)), ("connected_to", "sw-2", ("scan:x sw-2",))}
        number = reader.number
    history.undo(switched, number, "anna")
    assert len(lines(switched)) == 3


def test_an_accepted_neighbour_that_is_seen_no_more_is_connected_no_more(switched: Store) -> None:
    say(switched, accept_neighbours, "ap-1", cls="network_device")
    take(switched, "sw-2", 3, {"sysname": "sw-1"})
    with switched.read() as reader:
        assert [r.name for r in reader.relationships(reader.find("ap-1").uid)] == ["sw-1"]


def test_a_record_that_came_later_is_only_linked(switched: Store, hand: Hand) -> None:
    hand.make("printer", "printer-7")
    (one,) = (one for one in neighbours(switched) if one.end.name == "printer-7")
    assert one.end.uid
    say(switched, accept_neighbours, "printer-7", cls="network_device")
    with switched.read() as reader:
        found = reader.find("printer-7")
        assert [r.name for r in reader.relationships(found.uid)] == ["sw-1"]
        sw = reader.find("sw-1").uid
        revision = unlink(reader, found.uid, "connected_to", sw, "anna")
    switched.apply(revision)
    assert ("printer-7", "", ("sw-1: Gi3",), "dismissed") in lines(switched), "who took it away is not asked again"


def test_dismissed_they_are_not_proposed_until_they_are_again(switched: Store) -> None:
    say(switched, dismiss, "ap-1", "printer-7")
    assert [one[3] for one in lines(switched)] == ["open", "dismissed", "dismissed"]
    say(switched, propose_again, "ap-1")
    assert [one[3] for one in lines(switched)] == ["open", "open", "dismissed"]


def test_what_was_dismissed_by_its_name_stays_so_when_its_address_is_told(store: Store) -> None:
    take(store, "sw-1", 1, {"sysname": "ap-1"})
    say(store, dismiss, "ap-1")
    take(store, "sw-1", 2, {"sysname": "ap-1", "sysmac": AP})
    assert [(one.end.mac, one.state) for one in neighbours(store)] == [(AP, "dismissed")]
    say(store, propose_again, "ap-1")
    assert lines(store) == [("ap-1", "", ("sw-1: Gi1",), "open")]


def test_what_one_device_tells_by_its_address_and_another_by_its_name_is_one(store: Store) -> None:
    take(store, "sw-1", 1, {"sysname": "ap-1", "sysmac": AP})
    take(store, "sw-2", 2, {"sysname": "AP-1"})
    assert lines(store) == [("AP-1", "", ("sw-1: Gi1", "sw-2: Gi1"), "open")]
    say(store, accept_neighbours, "AP-1", cls="network_device")
    with store.read() as reader:
        assert {r.name for r in reader.relationships(reader.find("hardware:AP-1").uid)} == {"sw-1", "sw-2"}
    assert lines(store) == []


def test_a_name_of_several_addresses_says_of_none_that_it_is_it(store: Store) -> None:
    take(store, "sw-1", 1, {"sysname": "phone", "sysmac": AP})
    take(store, "sw-2", 2, {"sysname": "phone", "sysmac": CAM})
    take(store, "sw-3", 3, {"sysname": "phone"})
    assert [(one.end.mac, one.names) for one in neighbours(store)] == [
        (CAM, ("sw-2: Gi1",)), (AP, ("sw-1: Gi1",)), ("", ("sw-3: Gi1",)),
    ]  # fmt: skip
