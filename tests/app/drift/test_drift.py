"""Drift: what differs on a machine since an earlier scan, section by section, taken in on the real way."""

from __future__ import annotations

from datetime import date

from app.drift.differences import SectionDrift, drift_of
from app.drift.scan_history import scans_of
from app.reports import ReportContext, find
from cmdb.model.messages import Message
from cmdb.register import edits, history
from cmdb.store.store import Store
from tests.app.drift.inventories import MODULES, NAME, laptop, take

BROWSER, EDITOR = ("Fox Browser", "115.0"), ("Editor", "1")


def drift(store: Store, since: int, at: int | None = None) -> dict[str, list[tuple[str, ...]]]:
    return {one.name: [tuple(line) for line in one.lines] for one in sections(store, since, at)}


def sections(store: Store, since: int, at: int | None = None) -> list[SectionDrift]:
    uid = laptop(store)
    with store.read(at) as reader:
        return drift_of(reader, uid, since)


def test_what_came_went_and_changed_since_the_scan_before(store: Store) -> None:
    services = [{"name": "sshd", "manager": "systemd", "start": "automatic"}]
    volume = {"volumn": "/", "total": 1000, "free": 400}
    first = take(store, 1, [BROWSER, EDITOR], terrier={"services": services}, drives=[volume])
    replaced = [MODULES[0], {"numslots": 2, "capacity": 16384}]
    running = [{**services[0], "start": "manual"}, {"name": "cups", "manager": "systemd"}]
    second = take(
        store, 2, [("Fox Browser", "128.0"), ("Viewer", "3")], memories=replaced, terrier={"services": running},
        drives=[{**volume, "free": 5}], operatingsystem={"name": "Debian"},
    )  # fmt: skip
    found = drift(store, first)
    assert found["memory_modules"] == [("changed", "Memory module Slot 2", "Size 8 GiB", "Size 16 GiB")]
    assert [(line[0], line[1]) for line in found["services"]] == [
        ("changed", "Service systemd sshd"), ("added", "Service"),
    ]  # fmt: skip
    assert found["software"] == [
        ("upgraded", "Fox Browser", "115.0", "128.0"), ("added", "Viewer", "", "3"), ("removed", "Editor", "1", ""),
    ]  # fmt: skip
    assert ("added", "Operating system", "", "Debian") in found["details"]
    assert "volumes" not in found, "free space is no drift"
    assert not any("Last seen" in line for line in found["details"])
    counts = {one.name: one.counts_text for one in sections(store, first)}
    assert counts["software"] == "1 added, 1 upgraded, 1 removed"
    assert drift(store, first, first) == drift(store, second) == {}

    uid = laptop(store)
    with store.read() as reader:
        assert [one.number for one in scans_of(reader, uid)] == [second, first]
    history.undo(store, second, "tester")
    assert drift(store, first) == {}
    assert drift(store, first, second) == found, "as the register knew it then"
    with store.read() as reader:
        assert [one.number for one in scans_of(reader, uid)] == [first]
    with store.read(second) as reader:
        assert [one.number for one in scans_of(reader, uid)] == [second, first]
    history.undo(store, second + 1, "tester")
    assert drift(store, first) == found
    with store.read() as reader:
        assert [one.number for one in scans_of(reader, uid)] == [second + 2, first]


def test_what_was_not_seen_whole_is_not_gone(store: Store) -> None:
    first = take(store, 1, [BROWSER, EDITOR])
    take(store, 2, [BROWSER], incomplete=["softwares", "memories"], memories=[])
    assert drift(store, first) == {}


def test_what_another_agent_sees_for_the_first_time_is_counted_apart(store: Store) -> None:
    first = take(store, 1, [BROWSER])
    batteries = [{"name": "BAT0", "serial": "B-1"}, {"name": "BAT1", "serial": "B-2"}]
    second = take(store, 2, [BROWSER, EDITOR], "other", batteries=batteries)
    found = {one.name: one for one in sections(store, first)}
    assert found["batteries"].lines == found["software"].lines == ()
    assert found["batteries"].counts_text == "2 seen for the first time"
    assert found["software"].counts_text == "1 seen for the first time"
    assert "memory_modules" not in found, "the same rows"
    take(store, 3, [BROWSER], "other", batteries=batteries[:1])
    found = {one.name: one for one in sections(store, second)}
    assert [line[:2] for line in found["batteries"].lines] == [("removed", "Battery")]
    assert [line[:2] for line in found["software"].lines] == [("removed", "Editor")]


def test_a_machine_that_was_not_there_has_everything_for_the_first_time(store: Store) -> None:
    before = take(store, 1, hardware={"name": "other", "chassis_type": "Laptop"}, bios={"ssn": "XX99"})
    take(store, 2, [BROWSER])
    found = sections(store, before)
    assert all(one.lines == () for one in found if one.name != "relationships")
    assert {one.name for one in found} >= {"memory_modules", "software"}


def test_the_report_counts_what_scans_saw_change_by_machine_and_section(store: Store) -> None:
    first = take(store, 1, [BROWSER, EDITOR], operatingsystem={"name": "Debian"})
    take(store, 1, hardware={"name": "other", "chassis_type": "Laptop"}, bios={"ssn": "XX99"})
    assert report(store, "drift", first) == []
    batteries = [{"name": "BAT0", "serial": "B-1"}]
    replaced = [MODULES[0], {"numslots": 2, "capacity": 4096}, {"numslots": 3, "capacity": 4096}]
    take(store, 2, [("Fox Browser", "128.0"), ("Viewer", "3")], memories=replaced, batteries=batteries,
         operatingsystem={"name": "Ubuntu"})  # fmt: skip
    with store.read() as reader:
        by_hand = edits.set_values(reader, [laptop(store)], {"notes": "by hand"}, "tester")
    store.apply(by_hand)
    assert report(store, "drift", first) == [
        (NAME, "Laptop", "Details", None, 1, None, "2026-03-02"),
        (NAME, "Laptop", "Memory modules", 1, 1, None, "2026-03-02"),
        (NAME, "Laptop", "Operating system", None, 1, None, "2026-03-02"),
        (NAME, "Laptop", "Installed software", 1, 1, 1, "2026-03-02"),
    ]
    assert report(store, "software_changes", first) == [
        ("Editor", "", NAME, "removed", "", "1", "2026-03-02", "2026-03-01", "2026-03-01", None, "scan agent"),
        ("Fox Browser", "", NAME, "upgraded", "115.0", "128.0", *["2026-03-02"] * 3, None, "scan agent"),
        ("Viewer", "", NAME, "installed", "", "3", *["2026-03-02"] * 3, None, "scan agent"),
    ]


def report(store: Store, name: str, since: int) -> list[tuple[object, ...]]:
    with store.read() as reader:
        rows = list(find(name).rows(ReportContext(reader, date(2026, 3, 9), since=since)))
    return [tuple(str(cell) if isinstance(cell, Message) else cell for cell in row.cells) for row in rows]
