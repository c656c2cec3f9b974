"""Dependencies that scans see: proposed, accepted with the instances that they need, dismissed, remembered, undone."""

from __future__ import annotations

from typing import Any

import pytest

from app.connections.answers import accept, dismiss, make_records, propose_again
from app.connections.seen_dependencies import SeenConnections, SeenDependency, seen_connections
from cmdb.model.revision import Edit, Record, Revision, ci
from cmdb.register import history
from cmdb.register.edits import unlink
from cmdb.register.merging import merge
from cmdb.store.store import Store
from tests.app.connections.scanned_machines import scan, scan_two_machines
from tests.cmdb.estates import Hand


@pytest.fixture
def scanned(store: Store) -> Store:
    """A web server that uses a database, a machine that nobody knows, and a shell on the database's machine."""
    scan_two_machines(store)
    return store


def seen(store: Store) -> SeenConnections:
    with store.read() as reader:
        return seen_connections(reader)


def lines(found: SeenConnections) -> list[tuple[str, str, str, str, bool]]:
    return [(d.client.name, d.server.name, d.ports[0], d.state, d.between_services) for d in found.dependencies]


def say(store: Store, what: Any, *chosen: Any) -> Revision:
    with store.read() as reader:
        revision: Revision = what(reader, chosen, "anna")
    store.apply(revision)
    return revision


def database(store: Store) -> SeenDependency:
    return next(one for one in seen(store).dependencies if one.ports == ("tcp/5432",))


def test_connections_are_proposed_between_instances_of_services_with_the_day_and_the_unknown_ends(
    scanned: Store,
) -> None:
    found = seen(scanned)
    assert lines(found) == [
        ("nginx on web1", "PostgreSQL on db1", "tcp/5432", "open", True),
        ("web1", "SSH on db1", "tcp/22", "open", False),
    ]
    assert {one.seen for one in found.dependencies} == {"2026-11-02T08:00:00Z"}
    (unknown,) = found.unknown
    assert (unknown.end.address, unknown.end.ports, unknown.names) == ("203.0.113.9", ("tcp/443",), ("web1",))
    assert (unknown.service, unknown.state, found.machines) == ("Web service", "open", 1)


def test_accepted_it_is_a_dependency_of_instances_that_run_on_their_machines_and_undo_takes_all_back(
    scanned: Store,
) -> None:
    say(scanned, accept, database(scanned))
    one = database(scanned)
    assert (one.state, one.client.cls, one.server.cls) == ("accepted", "web_service", "database_instance")
    with scanned.read() as reader:
        related = {(r.type, r.inverse, r.name) for r in reader.relationships(one.server.uid)}
        assert related == {("runs_on", False, "db1"), ("depends_on", True, "nginx on web1")}
        assert reader.get(one.server.uid).values["port"] == 5432
        (link,) = reader.records("relationship").keys() & {("depends_on", one.client.uid, one.server.uid)}
        assert reader.records("relationship")[link]["note"] == "Connections to tcp/5432, seen until 2 Nov 2026"
        number = reader.number
    history.undo(scanned, number, "anna")
    assert database(scanned).state == "open"
    assert not database(scanned).server.uid


def test_an_address_in_the_words_of_version_6_is_the_machine_s_of_version_4(scanned: Store) -> None:
    mapped = {"direction": "out", "protocol": "tcp", "remote_address": "::ffff:10.0.0.5", "remote_port": 5432}
    scan(scanned, "app1", "10.0.0.9", "WB03", connections=[{**mapped, "process": "java"}])
    assert ("app1", "PostgreSQL on db1", "tcp/5432", "open", False) in lines(seen(scanned))


def test_what_was_dismissed_stays_so_after_its_machines_were_merged(scanned: Store, hand: Hand) -> None:
    kept = hand.make("server", "web one", serial_number="WB99")
    say(scanned, dismiss, *seen(scanned).dependencies)
    with scanned.read() as reader:
        revision = merge(reader, [reader.find("web1").uid], kept, "anna")
    scanned.apply(revision)
    assert [one[0::3] for one in lines(seen(scanned))] == [("nginx on web one", "dismissed"), ("web one", "dismissed")]
    say(scanned, propose_again, *seen(scanned).dependencies)
    assert {one.state for one in seen(scanned).dependencies} == {"open"}


def test_an_instance_that_is_there_is_taken_and_found_again_after_it_was_renamed(scanned: Store, hand: Hand) -> None:
    with scanned.read() as reader:
        machine = reader.find("db1").uid
    own = hand.make("database_instance", "Orders (production)", engine="PostgreSQL 15")
    hand.apply(Edit(Record("relationship", ("runs_on", own, machine)), "", None, {}))
    assert database(scanned).server.uid == own
    say(scanned, accept, database(scanned))
    hand.set(own, "engine", "Something else")
    assert (database(scanned).server.uid, database(scanned).state) == (own, "accepted")


def test_several_accepted_at_once_share_their_instances(scanned: Store) -> None:
    say(scanned, accept, *seen(scanned).dependencies)
    again = seen(scanned)
    assert [one.state for one in again.dependencies] == ["accepted", "accepted"]
    with scanned.read() as reader:
        assert reader.counts()["web_service"] == 1


def test_what_was_dismissed_or_taken_away_again_is_not_proposed_until_somebody_wants_it(scanned: Store) -> None:
    say(scanned, dismiss, database(scanned), *seen(scanned).unknown)
    assert (database(scanned).state, seen(scanned).unknown[0].state) == ("dismissed", "dismissed")
    say(scanned, propose_again, database(scanned))
    assert database(scanned).state == "open"
    say(scanned, accept, database(scanned))
    one = database(scanned)
    with scanned.read() as reader:
        taken_away = unlink(reader, one.client.uid, "depends_on", one.server.uid, "anna")
    scanned.apply(taken_away)
    assert database(scanned).state == "dismissed"


def test_an_unknown_address_becomes_a_record_and_an_end(scanned: Store) -> None:
    with scanned.read() as reader:
        revision = make_records(reader, seen(scanned).unknown, "anna", "server")
    scanned.apply(revision)
    found = seen(scanned)
    assert found.unknown == ()
    assert ("nginx on web1", "Web service on 203.0.113.9", "tcp/443", "open", True) in lines(found)


def test_what_is_gone_meanwhile_is_left_out(scanned: Store, hand: Hand) -> None:
    one = database(scanned)
    hand.apply(Edit(ci(one.server.end.machine), "", {"class": "server"}, None))
    assert not say(scanned, accept, one).edits
