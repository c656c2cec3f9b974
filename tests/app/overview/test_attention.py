"""Items that need attention besides counted lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.overview.attention import fragile, short_licences
from app.settings import Settings
from app.workspace import Workspace
from cmdb.licences.engine.facts import Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from cmdb.model.revision import Edit, Record, Revision
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill


def test_short_licences_show_their_cost_if_known() -> None:
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(3))
    found = position(
        Facts(
            devices=devices,
            installations=tuple(
                InstallationFact(device.id, product, edition="Professional", version="2021")
                for device in devices
                for product in ("Visio", "Project")
            ),
            entitlements=(
                Entitlement("v", "Visio", "Visio", edition="Professional", version="2021", metric="device",
                            quantity=2, unit_cost=Decimal(200), currency="EUR"),
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


def test_groups_without_a_spare_are_listed_with_their_services(tmp_path: Path) -> None:
    where = tmp_path / "map.terrier"
    store = create_estate(where)
    uids = fill(store)
    with store.read() as reader:
        key = next(key for key, fields in reader.records("group").items() if fields["label"] == "hosts")
    store.apply(Revision([Edit(Record("group", key), "needs", "2", "3")], "anna"))
    store.close()
    workspace = Workspace.open(where, Settings())
    with workspace.read() as reader:
        (found,) = fragile(reader, workspace)
    workspace.close()
    assert str(found.subject) == "cluster-rtm"
    assert str(found.text) == "cannot lose another of 3 members (hosts); carries 3 services"
    assert (found.tone, found.page, found.params) == ("bad", "map", {"uid": uids["cluster-rtm"]})
