"""Connections joined with listening ports: which program of which machine uses which of another."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Collection, Sequence
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from app.connections import joined as joining
from app.connections.joined import Connection, JoinedConnection, Listener, ServiceEnd, UnknownEnd
from app.connections.known_services import known_services, program_name
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import Schema

T1, T2 = "2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z"


class Machine(NamedTuple):
    """A machine, with what it is connected with."""

    uid: str
    addresses: frozenset[str]
    listeners: tuple[Listener, ...] = ()
    connections: tuple[Connection, ...] = ()


DB = Machine("db", frozenset({"10.0.0.5"}), (Listener("tcp", "0.0.0.0", 5432, "postgres"),))


def join(
    machines: Sequence[Machine], services: Collection[str] = ()
) -> tuple[list[JoinedConnection], list[UnknownEnd]]:
    known = [joining.MachineSockets(one.uid, one.addresses, one.listeners) for one in machines]
    return joining.join(known, ((one.uid, one.connections) for one in machines), services)


def web(*connections: Connection, listening: bool = True) -> Machine:
    listeners = (Listener("tcp", "::", 443, "java"),) if listening else ()
    return Machine("web", frozenset({"10.0.0.2", "127.0.0.1"}), listeners, connections)


def out(remote: str, port: int, program: str = "java", seen: str = T1) -> Connection:
    return Connection(False, "tcp", remote, port, program, seen)


def test_a_program_that_serves_others_depends_on_the_program_that_listens() -> None:
    joined, unknown = join([DB, web(out("10.0.0.5", 5432), out("10.0.0.5", 5432, seen=T2), out("127.0.0.1", 5432))])
    ends = ServiceEnd("web", "java"), ServiceEnd("db", "postgres")
    assert joined == [JoinedConnection(*ends, ("tcp/5432",), T2)]
    assert unknown == []


def test_what_serves_nobody_is_its_machine_unless_it_is_known_as_a_service() -> None:
    machines = [DB, web(out("10.0.0.5", 5432, "psql"), listening=False)]
    assert join(machines)[0][0].client == ServiceEnd("web", "")
    assert join(machines, services={"psql"})[0][0].client == ServiceEnd("web", "psql")


def test_what_both_ends_say_is_one_dependency() -> None:
    said = Connection(True, "tcp", "10.0.0.2", 5432, "postgres", T2)
    db = Machine("db", DB.addresses, DB.listeners, (said,))
    for machines in ([db, web(out("10.0.0.5", 5432))], [web(out("10.0.0.5", 5432)), db]):
        (one,), unknown = join(machines)
        assert (one.client.program, one.server.program, one.seen, unknown) == ("java", "postgres", T2, [])
    (alone,), _ = join([db, Machine("web", frozenset({"10.0.0.2"}))])
    assert (alone.client, alone.server) == (ServiceEnd("web", ""), ServiceEnd("db", "postgres"))


def test_an_address_of_several_machines_means_the_one_that_listens_and_else_none() -> None:
    twin = Machine("twin", DB.addresses)
    (one,), _ = join([DB, twin, web(out("10.0.0.5", 5432))])
    assert one.server.machine == "db"
    joined, (unknown,) = join([DB, twin, web(out("10.0.0.5", 80))])
    assert (joined, unknown.address, unknown.machines, unknown.serves) == ([], "10.0.0.5", ("db", "twin"), True)


def test_a_machine_that_was_not_scanned_is_known_by_its_address_and_the_port() -> None:
    (one,), _ = join([Machine("db", DB.addresses), web(out("10.0.0.5", 1521))])
    assert one.server == ServiceEnd("db", "", "tcp/1521")


def test_unknown_ends_are_listed_with_who_uses_them_and_what_reaches_nobody_is_left_out() -> None:
    strangers = [out("203.0.113.9", 443), out("fe80::1", 22), out("224.0.0.251", 5353), out("0.0.0.0", 1), out("x", 2)]
    joined, (unknown,) = join([web(*strangers, Connection(True, "tcp", "203.0.113.9", 443, "java", T2))])
    assert joined == []
    assert (unknown.address, unknown.ports, unknown.used_by, unknown.serves, unknown.seen, unknown.machines) == (
        "203.0.113.9", ("tcp/443",), ("web",), True, T2, (),
    )  # fmt: skip


@given(
    st.randoms(use_true_random=False),
    st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.sampled_from("abc"), st.sampled_from((T1, T2)))),
)
def test_the_order_in_which_scans_came_changes_nothing(
    rnd: random.Random, said: list[tuple[bool, int, str, str]]
) -> None:
    connections = tuple(Connection(i, "tcp", f"10.0.0.{n}", 5432, p, seen) for i, n, p, seen in said)
    machines = [
        Machine(str(n), frozenset({f"10.0.0.{n}"}), (Listener("tcp", "::", 5432, "a"),), connections[n::3])
        for n in range(3)
    ]
    shuffled = [
        Machine(m.uid, m.addresses, m.listeners, tuple(rnd.sample(m.connections, len(m.connections)))) for m in machines
    ]
    rnd.shuffle(shuffled)
    assert join(machines) == join(shuffled)


def test_the_declared_services_are_told_apart_and_of_classes_that_run_on_machines() -> None:
    document = tomllib.loads((RESOURCES / "discovery" / "services.toml").read_text("utf-8"))["service"]
    for key in ("programs", "ports"):
        named = [name for entry in document.values() for name in entry.get(key, ())]
        assert len(named) == len(set(named)), f"two services have one of {key}"
    schema = Schema.load()
    runs_on = schema.relationship("runs_on").subjects
    for one in known_services().by_program.values():
        assert any(schema.is_a(one.cls, family) for family in runs_on), one
    assert known_services().of("postgres", "tcp/1").label == "PostgreSQL"  # type: ignore[union-attr]
    assert known_services().of("backup", "tcp/5432") is None, "a program with a name of its own is no database"
    assert known_services().of("java", "tcp/9200").label == "Elasticsearch"  # type: ignore[union-attr]
    assert program_name("", r"C:\Program Files\SQL\sqlservr.EXE") == "sqlservr"
