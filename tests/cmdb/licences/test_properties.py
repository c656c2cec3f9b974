"""Laws of counting, over arbitrary estates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions
from tests.cmdb.licences.estate import shuffled
from tests.laws import examples

AT = date(2026, 6, 30)
DEVICES = tuple(
    Device(f"d{n}", f"d{n}", cls="laptop" if n % 3 else "desktop", main_user=f"u{n // 2}") for n in range(8)
)
MACHINES = (
    Device("h0", "h0", cls="server", sockets=2, cores_per_socket=6, cluster="c"),
    Device("h1", "h1", cls="server", sockets=1, cores_per_socket=7, cluster="c"),
    Device("h2", "h2", cls="server", sockets=2, cores_per_socket=10),
    *(Device(f"v{n}", f"v{n}", cls="virtual_machine", virtual_cores=2 + n, host=f"h{n % 3}") for n in range(5)),
)

desktop_copies = st.builds(
    InstallationFact,
    device=st.sampled_from([d.id for d in DEVICES]),
    product=st.sampled_from(["Office", "Word", "Tool"]),
    edition=st.sampled_from(["", "Standard", "Professional Plus"]),
    version=st.sampled_from(["2016", "2019", "2021"]),
)
desktop_licences = st.builds(
    Entitlement,
    id=st.uuids().map(str),
    product=st.sampled_from(["Office", "Word", "Tool"]),
    edition=st.sampled_from(["", "Standard", "Professional Plus"]),
    version=st.sampled_from(["", "2016", "2019", "2021"]),
    metric=st.just("device"),
    quantity=st.integers(0, 4),
    channel=st.sampled_from(["", "volume", "retail", "oem"]),
    device=st.sampled_from(["", "d0", "d3"]),
    maintenance_until=st.sampled_from([None, date(2018, 12, 1), AT]),
    end=st.sampled_from([None, AT, date(2026, 6, 29)]),
)
machine_copies = st.builds(
    InstallationFact,
    device=st.sampled_from([d.id for d in MACHINES]),
    product=st.sampled_from(["SQL Server", "Windows Server"]),
    edition=st.sampled_from(["Standard", "Enterprise"]),
    version=st.sampled_from(["2019", "2022"]),
).map(lambda i: replace(i, edition="Datacenter") if (i.product, i.edition) == ("Windows Server", "Enterprise") else i)
machine_licences = st.builds(
    Entitlement,
    id=st.uuids().map(str),
    product=st.sampled_from(["SQL Server", "Windows Server"]),
    edition=st.sampled_from(["Standard", "Enterprise"]),
    version=st.sampled_from(["2019", "2022"]),
    quantity=st.integers(0, 30),
    pack_size=st.sampled_from([None, 2]),
    maintenance_until=st.sampled_from([None, AT]),
).map(
    lambda e: replace(
        e,
        metric="sql server core" if e.product == "SQL Server" else "windows server core",
        edition="Datacenter" if (e.product, e.edition) == ("Windows Server", "Enterprise") else e.edition,
    )
)  # fmt: skip


def estates(copies: st.SearchStrategy[InstallationFact], licences: st.SearchStrategy[Entitlement],
            devices: tuple[Device, ...]) -> st.SearchStrategy[Facts]:  # fmt: skip
    return st.builds(
        Facts,
        devices=st.just(devices),
        installations=st.lists(copies, max_size=12).map(tuple),
        entitlements=st.lists(licences, max_size=5, unique_by=lambda e: e.id).map(tuple),
    )


desks = estates(desktop_copies, desktop_licences, DEVICES)
halls = estates(machine_copies, machine_licences, MACHINES)


def short(result: Positions) -> int:
    return sum(p.short for p in result.positions)


def known_products(known: Facts) -> set[str]:
    """Products that already have a position, so that one more purchase only adds supply."""
    return {e.product for e in known.entitlements} | {"Office", "Word", "SQL Server", "Windows Server"}


@examples(10, soak=125)
@given(st.one_of(st.tuples(desks, desktop_licences), st.tuples(halls, machine_licences)))
def test_more_entitlements_never_raise_a_shortfall(case: tuple[Facts, Entitlement]) -> None:
    known, one = case
    if one.product not in known_products(known):
        return
    more = replace(known, entitlements=(*known.entitlements, one))
    assert short(position(more, AT)) <= short(position(known, AT))


@examples(10, soak=125)
@given(st.one_of(st.tuples(desks, desktop_copies), st.tuples(halls, machine_copies)))
def test_more_installations_never_lower_a_shortfall(case: tuple[Facts, InstallationFact]) -> None:
    known, one = case
    more = replace(known, installations=(*known.installations, one))
    assert short(position(more, AT)) >= short(position(known, AT))


@examples(10, soak=125)
@given(st.one_of(desks, halls))
def test_covered_and_uncovered_make_the_demand(known: Facts) -> None:
    for one in position(known, AT).positions:
        assert one.covered + one.short == one.needed
        assert one.covered >= 0
        assert one.short >= 0
        assert one.spare >= 0
        assert sum(line.quantity or 0 for line in one.demand) == one.needed
        assert sum(line.covered for line in one.demand) == one.covered
        used = sum(line.used for line in one.supply)
        assert used + one.spare + one.non_transferable == one.entitled


@examples(10, soak=125)
@given(st.one_of(desks, halls), st.integers(0, 1000))
def test_the_order_of_the_input_changes_nothing(known: Facts, seed: int) -> None:
    assert position(shuffled(known, seed), AT) == position(known, AT)


@examples(8, soak=100)
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["E", "F"])), max_size=20), st.integers(0, 9))
def test_named_seats_are_counted_by_person(seats: list[tuple[int, str]], owned: int) -> None:
    known = Facts(
        entitlements=tuple(Entitlement(e, e, "Tool", metric="named user", quantity=owned) for e in "EF"),
        assignments=tuple({Assignment(f"p{n}", e) for n, e in seats}),
    )
    people = len({n for n, _ in seats})
    (one,) = position(known, AT).positions
    assert (one.needed, one.short) == (people, max(0, people - 2 * owned))


def test_a_fact_of_another_product_moves_no_shortfall() -> None:
    hosts = tuple(Device(f"h{n}", f"h{n}", cls="server", sockets=2, cores_per_socket=8 + n % 3 * 4) for n in range(6))
    windows = tuple(InstallationFact(one.id, "Windows Server", edition="Standard", version="2022") for one in hosts)
    sql = InstallationFact("db", "SQL Server", edition="Standard", version="2022")
    owned = (
        Entitlement("w", product="Windows Server", edition="Standard", version="2022", quantity=80),
        Entitlement(
            "s", product="SQL Server", edition="Standard", version="2022", metric="sql server core", quantity=8
        ),
    )

    def left_open(cores: int | None) -> list[tuple[str, int]]:
        database = Device("db", "db", cls="virtual_machine", virtual_cores=cores, host="h0")
        found = position(Facts((*hosts, database), (*windows, sql), entitlements=owned), AT)
        (row,) = (one for one in found.positions if one.product == "Windows Server" and one.short)
        return [(line.holder, line.covered) for line in row.demand if line.covered < (line.quantity or 0)]

    assert left_open(None) == left_open(4) == left_open(12)
    assert left_open(4)[-1][0] == "h5", "the last ones stay open"
