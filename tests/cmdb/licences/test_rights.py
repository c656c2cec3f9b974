"""Rights that change who covers whom, and what counts nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cmdb.licences.engine.facts import Assignment, Entitlement, Facts, InstallationFact, Person
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions
from cmdb.licences.engine.rights import same_version, version_key
from tests.cmdb.licences.estate import AT, facts, on, owned, pcs, row, settle


def kinds(result: Positions, kind: str) -> list[str]:
    return [e.subject for e in result.exceptions if e.kind == kind]


def test_versions_are_ordered_as_people_read_them() -> None:
    texts = ["9.6", "10.1", "2007", "2008", "2008 R2", "2012"]
    assert sorted(texts, key=lambda v: version_key(v) or ()) == texts
    assert same_version("12", "12.3.1")
    assert not same_version("2008", "2008 R2")
    assert not same_version("1", "12")


@pytest.mark.parametrize(("channel", "short"), [("volume", 0), ("subscription", 0), ("retail", 1), ("oem", 1)])
def test_downgrade_depends_on_the_channel(channel: str, short: int) -> None:
    device = pcs(1)
    bought = owned("E", "Tool", 1, version="2010", channel=channel, device="pc001" if channel == "oem" else "")
    assert row(settle(device, on(device, "Tool", version="2007"), bought), version="2007").short == short


def test_a_licence_without_channel_is_taken_as_volume_and_every_such_use_is_listed() -> None:
    device = pcs(1)
    result = settle(device, on(device, "Tool", version="2007"), owned("E", "Tool", 1, version="2010"))
    assert row(result, version="2007").short == 0
    assert kinds(result, "assumed") == ["E"]


def test_a_lower_edition_never_covers_a_higher_one() -> None:
    device = pcs(1)
    result = settle(device, on(device, "Office", edition="Professional Plus", version="2019"),
                    owned("E", "Office", 1, edition="Standard", version="2019"))  # fmt: skip
    assert row(result, edition="Professional Plus").short == 1


def test_maintenance_keeps_every_version_that_was_released_while_it_was_active() -> None:
    device = pcs(1)
    copy = on(device, "Office", edition="Standard", version="2019")
    bought = owned("E", "Office", 1, edition="Standard", version="2016", maintenance_until=date(2018, 12, 31))
    assert row(settle(device, copy, bought), version="2019").short == 0
    lapsed = replace(bought, maintenance_until=date(2018, 9, 23))  # the day before 2019 came out
    assert row(settle(device, copy, lapsed), version="2019").verdict == "short"
    active = replace(bought, maintenance_until=AT)
    assert row(settle(device, copy, active), version="2019").short == 0


def test_lapsed_maintenance_and_an_unknown_release_date_leave_the_verdict_unknown() -> None:
    device = pcs(1)
    bought = owned("E", "Tool", 1, version="3", maintenance_until=date(2020, 1, 1))
    one = row(settle(device, on(device, "Tool", version="4"), bought), version="4")
    assert one.verdict == "unknown"
    assert [m.fact for m in one.missing] == ["release date"]


def test_maintenance_without_its_base_counts_nothing() -> None:
    device = pcs(3)
    copies = on(device, "Tool", version="4")
    base = owned("base", "Tool", 3, version="3")
    upkeep = owned("upkeep", "Tool", 2, base="base", maintenance_until=AT)
    assert row(settle(device, copies, upkeep)).short == 3
    assert row(settle(device, copies, base), version="4").short == 3
    both = settle(device, copies, base, upkeep)
    assert row(both, version="4").short == 1, "two of the three units are maintained"
    assert sum(p.entitled for p in both.positions) == 3
    ended = settle(device, copies, replace(base, end=date(2020, 1, 1)), upkeep)
    assert row(ended).entitled == 0
    assert sorted(kinds(ended, "not counted")) == ["base", "upkeep"]


def test_software_assurance_that_names_no_base_is_no_licence() -> None:
    device = pcs(1)
    result = settle(device, on(device, "Tool"), owned("E", "Tool Software Assurance", 1), owned("F", "Tool", 0))
    assert row(result, product="Tool").short == 1
    assert "E" in kinds(result, "not counted")


def test_an_oem_licence_covers_its_own_device_and_dies_with_it() -> None:
    device = pcs(2)
    copies = on(device, "Tool")
    bought = owned("E", "Tool", 1, channel="oem", device="pc001")
    one = row(settle(device, copies, bought))
    assert (one.short, one.allocation[0].holder_id, one.allocation[0].right) == (1, "pc001", "oem")
    retired = (replace(device[0], retired=True), device[1])
    gone = row(settle(retired, copies, bought))
    assert (gone.needed, gone.entitled, gone.short) == (1, 0, 1)


def test_an_oem_licence_without_its_device_leaves_the_verdict_unknown() -> None:
    device = pcs(1)
    one = row(settle(device, on(device, "Tool"), owned("E", "Tool", 1, channel="oem")))
    assert (one.short, one.verdict) == (1, "unknown")
    assert [(m.fact, m.of) for m in one.missing] == [("device", "E")]


def test_what_has_not_started_has_ended_or_is_retired_counts_nothing() -> None:
    device = pcs(1)
    for change in (
        {"start": date(2026, 7, 1)},
        {"end": date(2026, 6, 29)},
        {"retired": True},
        {"status": "Planned", "planned": True},
    ):
        result = settle(device, on(device, "Tool"), replace(owned("E", "Tool", 1), **change))
        assert row(result).short == 1
        assert kinds(result, "not counted") == ["E"]
    started = replace(owned("E", "Tool", 1), start=AT, end=AT)
    assert row(settle(device, on(device, "Tool"), started)).short == 0


def test_one_suite_covers_all_its_components_on_a_device() -> None:
    device = pcs(2)
    copies = (*on(device, "Word", version="2019"), *on(device, "Excel", version="2019"))
    result = settle(device, copies, owned("E", "Office", 2, version="2019"))
    assert {p.product: p.short for p in result.positions} == {"Word": 0, "Excel": 0, "Office": 0}
    assert row(result, product="Office").spare == 0
    fewer = settle(device, copies, owned("E", "Office", 1, version="2019"))
    assert sum(p.short for p in fewer.positions) == 2


def test_suites_that_overlap_are_chosen_for_what_the_others_lack() -> None:
    from cmdb.licences.engine.facts import Suite

    device = pcs(1)
    known = facts(device, *(InstallationFact("pc001", p) for p in "ABCD"), owned("s1", "S1", 1), owned("s2", "S2", 1),
                  owned("s3", "S3", 1))  # fmt: skip
    known = replace(known, suites=(Suite("S1", ("A", "B")), Suite("S2", ("B", "C")), Suite("S3", ("C", "D"))))
    result = position(known, AT)
    assert sum(p.short for p in result.positions) == 0
    assert row(result, product="S2").spare == 1


def test_a_suite_covers_its_components_beside_itself() -> None:
    device = pcs(1)
    copies = (*on(device, "Office", version="2019"), *on(device, "Word", version="2019"))
    result = settle(device, copies, owned("E", "Office", 1, version="2019"))
    assert {p.product: (p.needed, p.short) for p in result.positions} == {"Office": (1, 0), "Word": (1, 0)}


def test_a_seat_of_a_suite_covers_its_components_for_one_person() -> None:
    device = pcs(2, main_user="ann")
    copies = (InstallationFact("pc001", "Adobe Photoshop 2024"), InstallationFact("pc002", "Adobe InDesign 2024"))
    result = settle(device, copies, owned("E", "Creative Cloud", 1, "named user", channel="subscription"))
    assert sum(p.short for p in result.positions) == 0


def test_plans_of_one_suite_are_products_and_the_larger_ones_cover_the_smaller() -> None:
    lots = {"Microsoft 365 E3": 10, "Microsoft 365 E5": 5, "Microsoft 365 Apps": 3, "Office 365 E3": 4}
    bought = [owned(product, product, number, "named user") for product, number in lots.items()]
    assert {p.product: p.entitled for p in settle(*bought).positions} == lots
    devices = tuple(d for n in range(3) for d in pcs(1, n + 1, main_user=f"p{n}"))
    apps = on(devices, "Microsoft 365 Apps for enterprise - en-us", publisher="Microsoft")
    one = [replace(e, quantity=1) for e in bought[:2]]
    assert row(settle(devices, apps, *one), product="Microsoft 365 Apps").short == 1
    assert row(settle(devices, apps, *one, bought[3]), product="Microsoft 365 Apps").short == 0
    small = owned("e", "Microsoft 365 Business Standard", 9, "named user")
    assert row(settle(devices, apps, small), product="Microsoft 365 Apps").short == 3
    seats = tuple(Assignment(holder, product="Windows Server CAL") for holder in ("p0", "p1"))
    assert row(settle(seats, owned("f", "Core CAL Suite", 1, "user cal")), product="Windows Server CAL").short == 1


def test_the_main_user_of_a_licensed_device_may_carry_one_portable() -> None:
    desk = pcs(1, main_user="ann")
    laptops = pcs(2, 1, "lt", cls="laptop", main_user="ann")
    parts = (desk, laptops, on(desk + laptops, "Office", version="2019"))
    bought = owned("E", "Office", 1, version="2019", channel="volume")
    one = row(settle(*parts, bought))
    assert (one.needed, one.covered, one.short) == (3, 2, 1)
    assert sorted(a.right for a in one.allocation) == ["exact", "secondary use"]
    assert row(settle(*parts, replace(bought, channel="retail"))).short == 2


def test_exempt_copies_are_listed_with_the_reason_and_need_nothing() -> None:
    device = pcs(2)
    result = settle(
        device, on(device, "Mozilla Firefox"), InstallationFact("pc001", "SQL Server 2022 Developer Edition")
    )
    assert {p.product: (p.verdict, p.needed) for p in result.positions} == {
        "Firefox": ("exempt", 0), "SQL Server": ("exempt", 0)
    }  # fmt: skip
    assert sorted(str(e.text) for e in result.exceptions if e.kind == "exempt") == [
        "developer edition, not for production", "open source", "open source"
    ]  # fmt: skip


@pytest.mark.parametrize(("answer", "verdict"), [(None, "unknown"), (True, "exempt"), (False, "short")])
def test_conditional_freeware_is_unknown_until_its_condition_is_answered(answer: bool | None, verdict: str) -> None:
    known = facts(pcs(1, main_user="ann"), on(pcs(1), "Docker Desktop"))
    if answer is not None:
        known = replace(known, answers={"Docker Desktop": answer})
    assert row(position(known, AT)).verdict == verdict


def test_stale_still_counts_and_is_marked() -> None:
    device = pcs(1, last_seen=date(2026, 1, 1))
    result = settle(device, on(device, "Tool"), owned("E", "Tool", 1))
    assert row(result).needed == 1
    assert row(result).demand[0].stale
    assert kinds(result, "stale") == ["PC001"]


def test_retired_devices_count_only_when_they_were_seen_again() -> None:
    gone = pcs(1, retired=True, retired_on=date(2026, 5, 1), last_seen=date(2026, 4, 1))
    assert row(settle(gone, on(gone, "Tool"), owned("E", "Tool", 1))).needed == 0
    back = (replace(gone[0], last_seen=date(2026, 6, 1)),)
    result = settle(back, on(back, "Tool"), owned("E", "Tool", 1))
    assert row(result).needed == 1
    assert kinds(result, "retired but seen") == ["PC001"]


def test_named_users_are_the_union_of_assigned_and_using_people() -> None:
    device = (*pcs(2, main_user="ann"), *pcs(1, 3, main_user="bob"))
    people = (Person("ann", "Ann"), Person("bob", "Bob"), Person("eve", "Eve", end=date(2026, 1, 1)))
    result = settle(device, people, on(device, "Tool"), Assignment("ann", "E"), Assignment("eve", "E"),
                    owned("E", "Tool", 3, "named user"))  # fmt: skip
    one = row(result)
    assert (one.needed, one.short) == (3, 0)
    assert kinds(result, "left") == ["Eve"]
    assert [str(line.fact) for line in one.demand if line.holder == "Eve"] == ["has a seat, left on 1 Jan 2026, idle"]


def test_a_named_user_product_on_a_device_without_user_is_unknown() -> None:
    device = pcs(1)
    one = row(settle(device, on(device, "Tool"), owned("E", "Tool", 5, "named user")))
    assert (one.verdict, [str(m) for m in one.missing]) == ("unknown", ["main user of PC001"])


def test_a_missing_edition_is_unknown_where_editions_are_bought() -> None:
    device = pcs(1)
    bought = owned("E", "SQL Server", 20, "sql server core", edition="Standard", version="2019")
    server = replace(device[0], cls="server", sockets=1, cores_per_socket=4)
    result = settle(server, InstallationFact(server.id, "SQL Server", version="2019"), bought)
    assert ("edition", "PC001") in [(m.fact, m.of) for m in row(result, edition="").missing]
    assert row(result, edition="").verdict == "unknown"
    assert row(result, edition="Standard").verdict == "unknown", "what is spare there may be needed here"


def test_a_desktop_product_on_a_terminal_server_counts_the_devices_that_reach_it() -> None:
    host = replace(pcs(1, 1, "ts")[0], cls="server", os="Windows Server 2022 Standard")
    copy = InstallationFact(host.id, "Office", version="2019")
    bought = owned("E", "Office", 5, version="2019")
    blind = row(settle(host, copy, bought), product="Office")
    assert (blind.verdict, [m.of for m in blind.missing]) == ("unknown", ["TS001"])
    desks = pcs(3)
    told = tuple(Assignment(d.id, product="Office") for d in desks)
    one = row(settle(host, desks, copy, told, bought), product="Office")
    assert (one.needed, one.short, one.verdict) == (3, 0, "over-licensed")


def test_an_unknown_metric_is_never_compliant() -> None:
    device = pcs(1)
    one = row(settle(device, on(device, "Tool"), owned("E", "Tool", 5, "per parsec")))
    assert one.verdict == "unknown"
    assert row(settle(device, on(device, "Tool"), owned("E", "Tool", 5, ""))).verdict == "unknown"


def test_two_makers_products_of_one_name_are_two() -> None:
    device = pcs(2)
    result = settle(device, InstallationFact("pc001", "Planner", "Acme Inc"),
                    InstallationFact("pc002", "Planner", "Other GmbH"),
                    owned("E", "Planner", 2, publisher="Acme"))  # fmt: skip
    assert (row(result).needed, row(result).spare) == (1, 1)
    assert [u.publisher for u in result.unrecognised] == ["Other GmbH"]


def test_nothing_gives_no_positions() -> None:
    assert position(Facts(), AT).positions == ()


def test_spare_licences_that_cover_nothing_here_say_why() -> None:
    found = settle(
        pcs(2), on(pcs(2), "Tool", version="2021"),
        owned("old", "Tool", 5, version="2016", channel="volume"), owned("late", "Tool", 1, version="2021"),
    )  # fmt: skip
    assert [(e.product, e.subject, str(e.text)) for e in found.exceptions if e.kind == "no right"] == [
        ("Tool 2021", "old", "5 spare, but not for this: 2021 is newer than 2016, and it has no maintenance")
    ]


def test_a_licence_without_a_right_says_why() -> None:
    def why(lot: Entitlement, **copy: str) -> set[str]:
        known = facts(pcs(1), on(pcs(1), "Microsoft Visio", **copy), lot)
        return {str(e.text).partition(": ")[2] for e in position(known, AT).exceptions if e.kind == "no right"}

    standard = owned("E", "Microsoft Visio", 2, edition="Standard", version="2019", channel="volume")
    assert why(standard, edition="Professional", version="2019") == {"Professional is above Standard"}
    boxed = owned("E", "Microsoft Visio", 2, edition="Professional", version="2019", channel="retail")
    assert why(boxed, edition="Professional", version="2016") == {
        "a licence bought as Retail may not run as an earlier version"
    }
