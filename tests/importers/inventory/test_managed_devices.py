"""A controller lists the access points that it manages: each is an item of its own, as long as it is listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import propose
from cmdb.model.observation import Observation, Reading
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.inventory import reading
from tests.importers.inventory.documents import fits


def point(number: int, **more: Any) -> dict[str, Any]:
    said = {"type": "chassis", "index": number, "name": f"ap-floor-{number}", "model": "AIR-AP2802I-E-K9"}
    numbers = {"serial": f"FGL2233A{number:03}", "ip": f"10.9.0.{number}", "mac": f"00:11:22:33:55:{number:02x}"}
    return {**said, **numbers, "firmware": "8.10.185", **more}


def controller(*components: dict[str, Any], day: int = 1, **device: Any) -> Reading:
    said = {"type": "Networking", "name": "wlc-1", "model": "C9800-40-K9", "serial": "FCW2233L0AA", **device}
    said = {"description": "Catalyst 9800 Wireless Controller", "ips": ["10.9.0.250"], **said}
    content = {"network_device": said, "network_components": list(components), "versionclient": "x"}
    document = {"deviceid": "wlc-1", "itemtype": "NetworkEquipment", "content": content}
    return reading(document, "", f"2026-03-0{day}T08:00:00Z")


def told(one: Observation) -> tuple[str, str]:
    return one.cls, str(one.values["name"])


def test_each_access_point_is_a_device_that_the_controller_manages() -> None:
    first, second = point(1), point(2, name="", model="Model X", serial="", firmware="")
    whole, *points = controller(first, second, {"type": "powerSupply", "serial": "LIT2233A0CC"}).observations
    for one in points:
        fits(one)
    assert [told(one) for one in (whole, *points)] == [
        ("network_device", "wlc-1"), ("access_point", "ap-floor-1"), ("access_point", "Model X 00:11:22:33:55:02"),
    ]  # fmt: skip
    values = points[0].values
    assert [values[name] for name in ("serial_number", "ip_address", "mac_address", "firmware_version")] == [
        "FGL2233A001", "10.9.0.1", "00:11:22:33:55:01", "8.10.185",
    ]  # fmt: skip
    assert [(link.type, link.other.name) for link in points[0].links] == [("managed_by", "wlc-1")]
    assert len(whole.details["components"]) == 3, "the rows stay"


@pytest.mark.parametrize(
    "component",
    [
        point(1, ip=""), point(1, serial="", mac=""), point(1, ip="10.9.0.250"), point(1, serial="FCW2233L0AA"),
        point(1, type="module"),
    ],
    ids=["no address", "no number", "the device's address", "the device itself", "module"],
)  # fmt: skip
def test_what_has_no_address_and_number_of_its_own_stays_a_row(component: dict[str, Any]) -> None:
    assert len(controller(component).observations) == 1


def test_what_no_wireless_controller_manages_is_told_by_what_it_says() -> None:
    switch = point(1, model="FortiSwitch switch", name="sw-7")
    found = controller(switch, point(2, model="Thing"), model="FortiGate 60F", description="").observations
    assert [told(one) for one in found] == [
        ("firewall", "wlc-1"), ("switch", "sw-7"), ("network_device", "ap-floor-2"),
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "one.terrier")
    yield made
    made.close()


def test_an_access_point_that_is_listed_no_more_is_managed_no_more(store: Store) -> None:
    first = propose(store, [controller(point(1), point(2))], "tester")
    assert ([str(one.message) for one in first.problems], first.relationships) == ([], 2)
    store.apply(first.revision)
    again = propose(store, [controller(point(2), point(1), day=2)], "tester")
    assert (again.created, again.review, again.relationships, again.ended) == (0, [], 0, 0)
    store.apply(again.revision)
    gone = propose(store, [controller(point(1), day=3)], "tester")
    assert (gone.relationships, gone.ended) == (0, 1)
    store.apply(gone.revision)
    with store.read() as reader:
        names = {one.uid: one.name for one in reader.page(Selection("network_device"), limit=9)}
        assert sorted(names.values()) == ["ap-floor-1", "ap-floor-2", "wlc-1"]
        links = [(names[a], names[b]) for kind, a, b in reader.records("relationship") if kind == "managed_by"]
    assert links == [("ap-floor-1", "wlc-1")]
