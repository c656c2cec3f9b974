"""What needs care beyond counting."""

from __future__ import annotations

from datetime import date

from app.overview.care import short_licences
from cmdb.licences.engine.facts import Device, Entitlement, Facts, Installation
from cmdb.licences.engine.position import position


def test_licences_that_are_short_tell_what_they_cost_where_that_is_known() -> None:
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(3))
    found = position(
        Facts(
            devices=devices,
            installations=tuple(
                Installation(device.id, product, edition="Professional", version="2021")
                for device in devices
                for product in ("Visio", "Project")
            ),
            entitlements=(
                Entitlement("v", "Visio", "Visio", edition="Professional", version="2021", metric="device",
                            quantity=2, unit_cost=200.0, currency="EUR"),
                Entitlement("p", "Project", "Project", edition="Professional", version="2021", metric="device",
                            quantity=1),
            ),
        ),
        date(2026, 11, 22),
    )  # fmt: skip
    told = [(str(one.subject), str(one.text)) for one in short_licences(found)]
    assert told == [
        ("Visio Professional 2021", "1 device short: 200.00 EUR to true up"),
        ("Project Professional 2021", "2 devices short"),
    ]
