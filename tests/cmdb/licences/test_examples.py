"""The worked examples of licence counting, each exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cmdb.licences.engine.facts import Assignment, Facts, InstallationFact, Suite
from cmdb.licences.engine.position import position
from tests.cmdb.licences.estate import AT, facts, on, owned, pcs, row, rows, server, settle, vm


@pytest.mark.parametrize(
    ("sockets", "cores", "needed", "packs", "rest"), [(2, 6, 12, 6, 0), (1, 2, 4, 2, 0), (1, 7, 7, 4, 1)]
)
def test_1_sql_server_on_a_host_needs_four_cores_per_processor_in_packs_of_two(
    sockets: int, cores: int, needed: int, packs: int, rest: int
) -> None:
    host = server("db", sockets, cores)
    sql = InstallationFact("db", "SQL Server", edition="Standard", version="2019")
    bought = owned("E", "SQL Server", packs, "sql server core", edition="Standard", version="2019", pack_size=2)
    one = row(settle(host, sql, bought))
    assert (one.entitled, one.needed, one.covered, one.short, one.spare) == (packs * 2, needed, needed, 0, 0)
    assert one.verdict == "compliant"
    assert one.non_transferable == rest
    assert f"{packs} × 2-core pack" in str(one.arithmetic)
    assert ("1 core non-transferable" in str(one.arithmetic)) == bool(rest)
    fewer = row(settle(host, sql, replace(bought, quantity=packs - 1)))
    assert (fewer.short, fewer.verdict) == (needed - (packs - 1) * 2, "short")


@pytest.mark.parametrize(("edition", "needed"), [("Standard", 60), ("Datacenter", 20)])
def test_2_windows_server_stacks_standard_and_counts_datacenter_once(edition: str, needed: int) -> None:
    host = server("host", 2, 10)
    machines = tuple(vm(f"vm{n}", 4, "host", os=f"Windows Server 2022 {edition}") for n in range(5))
    one = row(settle(host, machines, owned("E", "Windows Server", needed // 2, "windows server core", edition=edition,
                                           version="2022", pack_size=2)))  # fmt: skip
    assert (one.needed, one.entitled, one.short, one.verdict) == (needed, needed, 0, "compliant")
    if edition == "Standard":
        assert "2 processors with 10 cores each: 20 cores" in str(one.arithmetic)
        assert "20 cores, licensed 3 times for 5 machines, as once covers up to 2: 60 cores" in str(one.arithmetic)
        assert "30 × 2-core packs" in str(one.arithmetic)


def test_2_datacenter_covers_a_host_of_standard_machines_once() -> None:
    host = server("host", 2, 10)
    machines = tuple(vm(f"vm{n}", 4, "host", os="Windows Server 2022 Standard") for n in range(5))
    result = settle(host, machines, owned("E", "Windows Server", 20, "windows server core", edition="Datacenter",
                                          version="2022"))  # fmt: skip
    standard = row(result, edition="Standard")
    assert (standard.needed, standard.covered, standard.verdict) == (60, 60, "compliant")
    assert row(result, edition="Datacenter").spare == 0


@pytest.mark.parametrize(("users", "needed"), [(120, 200), (350, 350)])
def test_3_oracle_counts_processors_and_named_users_with_a_minimum(users: int, needed: int) -> None:
    host = server("ora", 2, 8, processor_model="Intel(R) Xeon(R) Gold 6226R")
    database = InstallationFact("ora", "Oracle Database", publisher="Oracle", edition="Enterprise", version="19c")
    per_processor = row(
        settle(host, database, owned("E", "Oracle Database", 8, "oracle processor", edition="Enterprise"))
    )
    assert (per_processor.needed, per_processor.short, per_processor.verdict) == (8, 0, "compliant")
    seats = tuple(Assignment(f"user{n}", "E") for n in range(users))
    bought = owned("E", "Oracle Database", 350, "oracle nup", edition="Enterprise")
    by_user = row(settle(host, database, seats, bought))
    assert by_user.needed == needed
    assert by_user.short == 0


def test_4_power7_with_four_sockets_counts_100_value_units_a_core() -> None:
    host = server("p7", 4, 6, processor_model="IBM POWER7")
    result = settle(host, InstallationFact("p7", "WebSphere Application Server", publisher="IBM"),
                    owned("E", "WebSphere Application Server", 2400, "ibm pvu"))  # fmt: skip
    one = row(result)
    assert (one.needed, one.short, one.verdict) == (2400, 0, "compliant")


def test_5_a_newer_version_spills_down_and_an_older_one_not_up() -> None:
    new, old = pcs(10), pcs(15, 11)
    parts = (new, old, on(new, "Tool", version="2010"), on(old, "Tool", version="2007"))
    result = settle(*parts, owned("N", "Tool", 20, version="2010"), owned("O", "Tool", 10, version="2007"))
    v2010, v2007 = row(result, version="2010"), row(result, version="2007")
    assert (v2010.entitled, v2010.needed, v2010.short, v2010.spare) == (20, 10, 0, 5)
    assert (v2007.entitled, v2007.needed, v2007.covered, v2007.short, v2007.spare) == (10, 15, 15, 0, 0)
    assert v2007.verdict == "compliant"
    assert sum(a.units for a in v2007.allocation if a.right == "downgrade") == 5
    other = settle(*parts, owned("N", "Tool", 5, version="2010"), owned("O", "Tool", 30, version="2007"))
    assert (row(other, version="2010").short, row(other, version="2007").spare) == (5, 15)
    assert row(other, version="2010").verdict == "short"


@pytest.mark.parametrize("product", ["Windows 11", "Visual Studio", "Anything"])
def test_6_enterprise_runs_as_professional_without_a_false_shortfall(product: str) -> None:
    all_pcs = pcs(700)
    result = settle(
        all_pcs, on(all_pcs[:100], product, edition="Enterprise"), on(all_pcs[100:], product, edition="Professional"),
        owned("A", product, 370, edition="Enterprise"), owned("B", product, 350, edition="Professional"),
    )  # fmt: skip
    enterprise, professional = row(result, edition="Enterprise"), row(result, edition="Professional")
    assert (professional.needed, professional.short, professional.spare) == (600, 0, 0)
    assert (enterprise.needed, enterprise.short, enterprise.spare) == (100, 0, 20)


def test_7_each_suite_goes_where_it_is_needed() -> None:
    devices = pcs(2)
    known = facts(devices, InstallationFact("pc001", "A"), InstallationFact("pc002", "C"),
                  owned("one", "First suite", 1), owned("two", "Second suite", 1))  # fmt: skip
    known = replace(known, suites=(Suite("First suite", ("A", "B", "D")), Suite("Second suite", ("A", "C"))))
    result = position(known, AT)
    assert {p.product: (p.needed, p.short) for p in result.positions if p.needed} == {"A": (1, 0), "C": (1, 0)}
    (line,) = row(result, product="A").allocation
    assert (line.entitlement, line.right) == ("one", "suite")


@pytest.mark.parametrize(("day", "entitled", "short"), [(date(2026, 6, 30), 50, 0), (date(2026, 7, 1), 0, 45)])
def test_8_a_subscription_counts_on_its_last_day_and_not_on_the_next(day: date, entitled: int, short: int) -> None:
    bought = owned("S", "Whiteboard", 50, "named user", channel="subscription", end=date(2026, 6, 30))
    seats = tuple(Assignment(f"person{n}", "S") for n in range(45))
    one = row(settle(bought, seats, at=day))
    assert (one.entitled, one.needed, one.short) == (entitled, 45, short)
    assert one.entitled - one.needed == (5 if not short else -45)
    assert one.verdict == ("over-licensed" if not short else "short")


def sql_on(version: str, *machines: str) -> tuple[InstallationFact, ...]:
    return tuple(InstallationFact(m, "SQL Server", "Microsoft", "Standard", version) for m in machines)


def test_9_sql_server_2019_on_virtual_machines_without_maintenance() -> None:
    machines = (vm("a", 2), vm("b", 4), vm("c", 6))
    bought = owned("E", "SQL Server", 7, "sql server core", edition="Standard", version="2019", pack_size=2)
    one = row(settle(machines, sql_on("2019", "a", "b", "c"), bought))
    assert (one.entitled, one.needed, one.short, one.spare, one.verdict) == (14, 14, 0, 0, "compliant")

    blank = settle(machines[:2], vm("c", None), sql_on("2019", "a", "b", "c"), bought)
    assert row(blank).verdict == "unknown"
    (gap,) = row(blank).missing
    assert (gap.fact, gap.of) == ("virtual cores", "c")
    assert [(e.kind, e.subject, e.fact) for e in blank.exceptions] == [("unknown", "c", "virtual cores")]

    newer = settle(machines, sql_on("2019", "a", "b"), sql_on("2022", "c"), bought)
    old, new = row(newer, version="2019"), row(newer, version="2022")
    assert (old.needed, old.short, old.verdict) == (8, 0, "over-licensed")
    assert (new.needed, new.covered, new.short, new.verdict) == (6, 0, 6, "short")


def test_10_computers_that_nobody_inventoried_make_the_position_unknown() -> None:
    seen, unseen = pcs(90), pcs(10, 91, inventoried=False)
    bought = owned("E", "Office", 85)
    result = settle(seen, unseen, on(seen[:80], "Office", publisher="Microsoft"), bought)
    one = row(result)
    assert (one.entitled, one.needed, one.short, one.verdict) == (85, 80, 0, "unknown")
    assert sorted(m.of for m in one.missing) == [d.name for d in unseen]
    assert sorted(e.subject for e in result.exceptions if e.kind == "never inventoried") == [d.name for d in unseen]

    looked = tuple(replace(d, inventoried=True) for d in unseen)
    more = row(settle(seen, looked, on(seen[:80] + looked[:6], "Office"), bought))
    assert (more.needed, more.short, more.verdict) == (86, 1, "short")

    enough = row(settle(seen, unseen, on(seen[:80], "Office"), owned("E", "Office", 90)))
    assert enough.verdict == "compliant"


def test_a_product_that_nobody_bought_and_nobody_knows_has_no_position() -> None:
    result = position(Facts(devices=pcs(1), installations=on(pcs(1), "Frobnicator", version="3.1")), AT)
    assert rows(result) == []
    assert [(u.kind, u.product, u.installations) for u in result.unrecognised] == [("unknown", "Frobnicator", 1)]
