"""What each metric counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cmdb.licences.engine.facts import Assignment, InstallationFact, Person, UsageSession
from cmdb.licences.engine.position import position
from cmdb.licences.engine.processor_metrics import rvu
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.unit_metrics import peak
from tests.cmdb.licences.estate import AT, facts, on, owned, pcs, row, rows, server, settle, vm


def test_a_device_counts_once_and_an_installation_every_copy() -> None:
    device = pcs(2)
    copies = (*on(device, "Tool", scope="a"), *on(device, "Tool", scope="b"))
    assert row(settle(device, copies, owned("E", "Tool", 2))).needed == 2
    assert row(settle(device, copies, owned("E", "Tool", 2, "installation"))).needed == 4


def test_sessions_are_half_open() -> None:
    assert peak([("09:00", "10:00"), ("10:00", "11:00")]) == 1
    assert peak([("09:00", "10:01"), ("10:00", "11:00"), ("10:00", "10:00")]) == 2


def test_concurrent_use_without_records_is_unknown() -> None:
    device = pcs(1)
    known = facts(device, on(device, "Tool"), owned("E", "Tool", 5, "concurrent user"))
    assert row(position(known, AT)).verdict == "unknown"
    seen = tuple(UsageSession("Tool", f"2026-06-01T0{n}:00", f"2026-06-01T0{n + 2}:00") for n in range(6))
    assert row(position(replace(known, sessions=seen), AT)).needed == 2


@pytest.mark.parametrize(
    ("metric", "sockets", "cores", "needed"),
    [
        ("socket", 2, 12, 2), ("core", 2, 12, 24), ("vmware core", 2, 12, 32), ("vmware core", 2, 20, 40),
        ("vmware cpu", 2, 32, 2), ("vmware cpu", 2, 33, 4), ("ibm vpc", 2, 12, 24),
    ],
)  # fmt: skip
def test_metrics_of_the_machine(metric: str, sockets: int, cores: int, needed: int) -> None:
    one = row(settle(server("h", sockets, cores), InstallationFact("h", "Tool"), owned("E", "Tool", needed, metric)))
    assert (one.needed, one.short, one.verdict) == (needed, 0, "compliant")
    blank = row(settle(server("h", None, cores), InstallationFact("h", "Tool"), owned("E", "Tool", 99, metric)))
    assert (blank.verdict, [m.fact for m in blank.missing]) == ("unknown", ["processor sockets"])


def test_machines_on_one_host_need_its_sockets_once() -> None:
    guests = (vm("a", 2, "h"), vm("b", 2, "h"))
    result = settle(server("h", 2, 8), guests, on(guests, "Tool"), owned("E", "Tool", 2, "socket"))
    assert row(result).needed == 2


def test_ibm_counts_the_whole_server_unless_sub_capacity_is_proven() -> None:
    host = server("h", 2, 16, processor_model="Intel(R) Xeon(R) Gold 6130")
    guests = (vm("a", 4, "h"), vm("b", 2, "h"))
    mq = on(guests, "WebSphere MQ")
    bought = owned("E", "WebSphere MQ", 3000, "ibm pvu")
    assert row(settle(host, guests, mq, bought), product="MQ").needed == 2 * 16 * 70
    proof = on(guests, "IBM License Metric Tool")
    assert row(settle(host, guests, mq, proof, bought), product="MQ").needed == 6 * 70
    assert row(settle(host, guests, mq, replace(bought, measured=True)), product="MQ").needed == 6 * 70
    unlisted = replace(host, processor_model="Zilog Z80")
    assert row(settle(unlisted, guests, mq, bought), product="MQ").verdict == "unknown"


@pytest.mark.parametrize(("resources", "units"), [(2500, 2500), (2501, 2501), (10_000, 8500), (200_000, 82_500)])
def test_resource_value_units_go_by_tier(resources: int, units: int) -> None:
    tiers = RuleBook.open(AT).tiers("ibm rvu")
    assert rvu(resources, tiers)[0] == units


def test_oracle_sums_over_servers_before_it_rounds() -> None:
    hosts = tuple(server(f"o{n}", 1, 3, processor_model="Intel Xeon E5-2603") for n in range(3))
    copies = on(hosts, "Oracle Database", edition="Enterprise")
    one = row(settle(hosts, copies, owned("E", "Oracle Database", 5, "oracle processor", edition="Enterprise")))
    assert one.needed == 5, "ceil(9 x 0.5), not 3 x ceil(1.5)"
    mixed = (*hosts[:2], replace(hosts[2], processor_model="IBM POWER9"))
    needed = row(
        settle(mixed, copies, owned("E", "Oracle Database", 5, "oracle processor", edition="Enterprise"))
    ).needed
    assert needed == 3 + 3


def test_oracle_in_a_cluster_shows_the_whole_cluster_beside_the_host() -> None:
    hosts = tuple(server(f"h{n}", 2, 8, processor_model="Xeon Gold", cluster="c") for n in range(3))
    result = settle(hosts, vm("db", 4, "h0"), InstallationFact("db", "Oracle Database", edition="Enterprise"),
                    owned("E", "Oracle Database", 8, "oracle processor", edition="Enterprise"))  # fmt: skip
    one = row(result)
    assert one.needed == 8
    assert "48 cores at a core factor of 0.5, rounded up: 24 processors" in str(one.demand[0].arithmetic)
    assert [e.kind for e in result.exceptions] == ["contested"]


@pytest.mark.parametrize(("capacity", "verdict"), [(2, "compliant"), (4, "ineligible"), (None, "unknown")])
def test_standard_edition_2_goes_by_the_sockets_a_server_could_have(capacity: int | None, verdict: str) -> None:
    host = server("h", 2, 8, socket_capacity=capacity)
    result = settle(host, InstallationFact("h", "Oracle Database", edition="Standard Edition 2"),
                    owned("E", "Oracle Database", 2, "oracle se2", edition="Standard Edition 2"))  # fmt: skip
    assert row(result).verdict == verdict


def test_standard_edition_2_users_have_a_minimum_per_server() -> None:
    hosts = tuple(server(f"h{n}", 1, 4, socket_capacity=2) for n in range(2))
    seats = tuple(Assignment(f"u{n}", "E") for n in range(5))
    one = row(settle(hosts, on(hosts, "Oracle Database", edition="SE2"), seats,
                     owned("E", "Oracle Database", 20, "oracle nup", edition="SE2")))  # fmt: skip
    assert one.needed == 20


def test_access_licences_count_distinct_users_and_must_be_as_new_as_the_server() -> None:
    host = server("h", 1, 8, os="Windows Server 2022 Standard")
    seats = (Assignment("ann", "E"), Assignment("bob", "E"))

    def cals(version: str) -> int:
        return row(settle(host, seats, owned("E", "Windows Server CAL", 2, "user cal", version=version)),
                   metric="user cal", version="2022").short  # fmt: skip

    assert cals("2022") == 0
    assert cals("2019") == 2
    alone = row(settle(seats, owned("E", "Windows Server CAL", 2, "user cal", version="2022")), version="")
    assert alone.short == 0, "no server in the register that it could be too old for"


def test_access_licences_without_access_data_are_unknown_unless_there_is_one_for_everybody() -> None:
    people = tuple(Person(f"p{n}", f"P{n}") for n in range(10))
    few = row(settle(people, owned("E", "Windows Server CAL", 9, "user cal")))
    assert few.verdict == "unknown"
    assert row(settle(people, owned("E", "Windows Server CAL", 10, "user cal"))).verdict == "compliant"


def test_a_site_licence_is_unlimited_or_a_headcount() -> None:
    device, people = pcs(3), tuple(Person(f"p{n}", f"P{n}", end=date(2026, 1, n + 1) if n else None) for n in range(3))
    copies = on(device, "Tool")
    assert row(settle(device, copies, owned("E", "Tool", None, "site"))).verdict == "compliant"
    one = row(settle(device, people, copies, owned("E", "Tool", 5, "site")))
    assert (one.needed, one.verdict) == (1, "over-licensed")
    assert row(settle(device, copies, owned("E", "Tool", 5, "site"))).verdict == "unknown"


# -- SQL Server ---------------------------------------------------------------------------------------------------


def sql(device: str, edition: str = "Standard", version: str = "2022") -> InstallationFact:
    return InstallationFact(device, "SQL Server", "Microsoft", edition, version)


def sql_bought(packs: int, edition: str = "Standard", version: str = "2022", **values: object) -> object:
    return owned("E", "SQL Server", packs, "sql server core", edition=edition, version=version, pack_size=2, **values)


def test_licences_under_the_2022_terms_need_maintenance_for_virtual_machines() -> None:
    guest = vm("a", 6)
    one = row(settle(guest, sql("a"), sql_bought(4)))
    assert (one.short, one.verdict) == (6, "ineligible")
    assert row(settle(guest, sql("a"), sql_bought(4, maintenance_until=AT))).short == 0
    assert row(settle(guest, sql("a"), sql_bought(4, channel="subscription"))).short == 0
    assert row(settle(server("a", 1, 6), sql("a"), sql_bought(4))).short == 0


def test_enterprise_on_the_whole_host_with_maintenance_covers_its_machines() -> None:
    host, guests = server("h", 2, 8), tuple(vm(f"vm{n}", 8, "h") for n in range(5))
    copies = tuple(sql(g.id, "Enterprise") for g in guests)
    one = row(settle(host, guests, copies, sql_bought(8, "Enterprise", maintenance_until=AT)))
    assert (one.entitled, one.needed, one.covered, one.spare, one.verdict) == (16, 40, 40, 0, "compliant")
    standard = tuple(sql(g.id) for g in guests)
    assert (
        sum(p.short for p in rows(settle(host, guests, standard, sql_bought(8, "Enterprise", maintenance_until=AT))))
        == 0
    )
    assert row(settle(host, guests, standard, sql_bought(8, maintenance_until=AT))).short == 24, "Standard does not"
    assert row(settle(host, guests, copies, sql_bought(7, "Enterprise", maintenance_until=AT))).short == 26


def test_the_cores_of_a_machine_are_licensed_in_one_edition() -> None:
    result = settle(server("h", 1, 12), sql("h"), owned("S", "SQL Server", 8, "sql server core", edition="Standard",
                    version="2022"), owned("N", "SQL Server", 8, "sql server core", edition="Enterprise",
                    version="2022"))  # fmt: skip
    assert row(result, edition="Standard").short == 4


# -- Windows Server -----------------------------------------------------------------------------------------------


def windows(id: str, quantity: int, edition: str = "Standard", **values: object) -> object:
    return owned(id, "Windows Server", quantity, "windows server core", edition=edition, version="2022", **values)


def guests(count: int, host: str = "h", cores: int = 4, edition: str = "Standard") -> tuple[object, ...]:
    return tuple(vm(f"{host}-vm{n}", cores, host, os=f"Microsoft Windows Server 2022 {edition}") for n in range(count))


@pytest.mark.parametrize(("sockets", "cores", "needed"), [(1, 4, 16), (2, 4, 16), (2, 10, 20), (3, 4, 24)])
def test_a_physical_windows_server_has_minimums_per_processor_and_server(sockets: int, cores: int, needed: int) -> None:
    host = server("h", sockets, cores, os="Windows Server 2022 Standard")
    assert row(settle(host)).needed == needed


def test_in_a_cluster_each_host_counts_the_most_it_may_carry() -> None:
    hosts = tuple(server(f"h{n}", 2, 8, cluster="c") for n in range(2))
    result = settle(hosts, guests(2, "h0"), guests(2, "h1"), windows("E", 64))
    assert row(result).needed == 2 * 16 * 2
    apart = tuple(replace(h, cluster="") for h in hosts)
    assert row(settle(apart, guests(2, "h0"), guests(2, "h1"), windows("E", 64))).needed == 2 * 16


def test_single_machines_may_be_licensed_by_themselves_with_maintenance() -> None:
    host, five = server("h", 2, 10), guests(5)
    mixed = (windows("stacks", 40), windows("single", 16, maintenance_until=AT))
    one = row(settle(host, five, *mixed))
    assert (one.needed, one.short) == (60, 0)
    assert "virtual machine" in {a.right for a in one.allocation}
    assert row(settle(host, five, windows("stacks", 40), windows("single", 16))).short == 4
    few = settle(host, five, windows("stacks", 40), windows("single", 8, maintenance_until=AT))
    assert row(few).short == 12, "fewer than sixteen cores: no machine by itself"


def test_a_machine_without_known_host_counts_by_itself_or_asks_for_its_host() -> None:
    guest = vm("a", 4, os="Windows Server 2022 Standard")
    assert row(settle(guest, windows("E", 16, channel="subscription"))).verdict == "over-licensed"
    one = row(settle(guest, windows("E", 16)))
    assert (one.verdict, [str(m) for m in one.missing]) == ("unknown", ["host of a"])


def test_a_guest_whose_system_is_unknown_matters_only_where_it_changes_the_count() -> None:
    host = server("h", 2, 8)
    blank = vm("blank", 2, "h")
    assert row(settle(host, guests(3), blank, windows("E", 32))).verdict == "compliant"
    one = row(settle(host, guests(4), blank, windows("E", 32)))
    assert (one.verdict, [str(m) for m in one.missing]) == ("unknown", ["operating system of blank"])
