from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import FileProblem
from cmdb.model.observation import Link, NamedReference, Observation
from importers.inventory import reading
from importers.inventory.computers import computer_class
from importers.inventory.fields import moment
from tests.importers.inventory.documents import first, fits, laptop, monitor, network


def scanned(**own: Any) -> dict[str, Any]:
    """A Linux laptop by our own scan: ``own`` is what stands under ``terrier``."""
    collectors = [{"name": "deb packages", "state": "collected", "complete": ["softwares"]}]
    return laptop(terrier={"scanned_at": "2026-03-31T08:15:00Z", "collectors": collectors, **own})


def test_a_clock_that_is_ahead_does_not_put_a_scan_over_all_that_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2026-04-02T12:00:00Z")
    ahead = laptop(accesslog={"logdate": "2036-11-20 10:00:00"})
    found = reading(ahead, "nb.json", "2026-04-01T09:00:00Z")
    assert found.observed_at == found.observations[0].values["last_seen"] == "2026-04-01T09:00:00Z"
    assert [(one.severity, one.code, one.value) for one in found.problems] == [
        ("warning", "clock.ahead", "2036-11-20T08:00:00Z")
    ]
    assert reading(ahead, "nb.json", "2036-11-20T10:00:00Z").observed_at == "2026-04-02T12:00:00.000Z"
    zones_apart = reading(laptop(accesslog={"logdate": "2026-04-03 02:00:00"}))
    assert (zones_apart.observed_at[:10], zones_apart.problems) == ("2026-04-03", reading(laptop()).problems)


def test_a_laptop() -> None:
    found = reading(laptop(), "nb.json")
    assert (found.source.key, found.observed_at) == (
        "scan:GLPI-Agent NB-017-2024-01-15-09-30-00",
        "2026-03-31T08:15:00Z",
    )
    (one,) = found.observations
    fits(one)
    assert one.cls == "laptop"
    assert one.values == {
        "name": "NB-017",
        "host_name": "NB-017",
        "domain": "ad.example.org",
        "serial_number": "PF2ABC12",
        "uuid": "4c4c4544-0034-3010-8048-b6c04f503732",
        "manufacturer": NamedReference("manufacturer", "LENOVO"),
        "model": NamedReference("hardware_model", "20XW0055GE"),
        "operating_system": "Windows 11 Pro",
        "os_version": "23H2",
        "os_installed_on": "2024-01-15",
        "architecture": "x86_64",
        "processor_model": "Core i7-1165G7",
        "processor_sockets": 1,
        "cores_per_processor": 4,
        "memory": 16384,
        "bios_version": "N32ET91W",
        "disk_size": 477,
        "disk_encrypted": True,
        "ip_address": "10.1.2.3",
        "mac_address": "8c:16:45:01:02:03",
        "main_user": NamedReference("person", "nora", (("user_name", "nora"),)),
        "last_seen": "2026-03-31T08:15:00Z",
    }
    assert (one.origin.file, one.origin.host, one.partial) == ("nb.json", "NB-017", False)


def test_evidence_is_of_what_is_built_in() -> None:
    assert first(laptop()).evidence == {
        "mac": ["8c:16:45:01:02:03", "8c:16:45:aa:bb:cc"],
        "board_serial": ["L1HF14500AB"],
        "disk_serial": ["S4GENX0N1"],
        "only_new": ["model"],  # 20XW0055GE is a number
    }


def test_what_nobody_sees_is_left_out_and_said_once() -> None:
    document = laptop()
    document["content"]["hardware"]["name"] = "nb\u202e-1"
    document["content"]["softwares"] = [{"name": "\x1b[31mtool\x1b[0m", "version": "1\u200b"}]
    found = reading(document)
    assert found.observations[0].values["name"] == "nb-1"
    assert [(one.product, one.version) for one in found.observations[0].installed] == [("tool", "1")]
    assert [(one.code, one.severity) for one in found.problems] == [("text.unseen", "warning")]
    assert "U+202E" in str(found.problems[0].message)


def test_our_own_scan_says_itself_which_adapters_and_disks_are_built_in() -> None:
    interfaces = [
        {"name": "Lenovo dock adapter", "built_in": False},
        {"name": "Randomised", "built_in": True, "permanent_mac": "8c:16:45:dd:ee:ff"},
    ]
    disks = [{"name": "PHYSICALDRIVE0", "bytes": 1 << 40, "removable": True}]
    one = first(scanned(interfaces=interfaces, disks=disks))
    assert "8c:16:45:dd:ee:ff" in one.evidence["mac"]
    assert "disk_serial" not in one.evidence


@pytest.mark.parametrize(
    ("vmsystem", "chassis", "system", "batteries", "cls"),
    [
        ("Physical", "Notebook", "Debian", False, "laptop"),
        ("Physical", "Convertible", "Debian", False, "laptop"),
        ("Physical", "Rack Mount Chassis", "Debian", False, "server"),
        ("Physical", "Tower", "Microsoft Windows Server 2022 Standard", False, "server"),
        ("Physical", "Mini Tower", "Debian", False, "desktop"),
        ("", "All in One", "macOS", False, "desktop"),
        ("Physical", "Other", "Debian", True, "laptop"),
        ("Physical", "Other", "Debian", False, "computer"),
        ("", "", "", False, "computer"),
        ("VMware", "Other", "Debian", False, "virtual_machine"),
        ("Docker", "Notebook", "Debian", True, "virtual_machine"),
    ],
)
def test_the_class_by_virtualisation_and_chassis(
    vmsystem: str, chassis: str, system: str, batteries: bool, cls: str
) -> None:
    content: dict[str, Any] = {
        "hardware": {"vmsystem": vmsystem, "chassis_type": chassis},
        "operatingsystem": {"full_name": system},
        "batteries": [{"name": "BAT0"}] if batteries else [],
    }
    assert computer_class(content) == cls


def test_a_virtual_machine_has_virtual_cores_and_no_maker() -> None:
    document = laptop(cpus=[{"name": "Xeon", "core": 1, "thread": 2}] * 2)
    document["content"]["hardware"]["vmsystem"] = "KVM"
    document["content"]["networks"] = [network("ens3", "52:54:00:aa:bb:cc")]
    one = first(document)
    fits(one)
    assert one.cls == "virtual_machine"
    assert one.values["virtual_cores"] == 4
    assert one.evidence["mac"] == ["52:54:00:aa:bb:cc"]
    assert {"manufacturer", "model", "main_user"}.isdisjoint(one.values)


def test_placeholders_are_no_values() -> None:
    bios = {"ssn": "To Be Filled By O.E.M.", "smanufacturer": "System manufacturer", "smodel": "System Product Name"}
    board = {"mmanufacturer": "ASRock", "mmodel": "B450M Pro4", "msn": "M80-1.2A345"}
    one = first(laptop(bios={**bios, **board}))
    assert "serial_number" not in one.values
    assert one.values["manufacturer"] == NamedReference("manufacturer", "ASRock")
    assert one.values["model"] == NamedReference("hardware_model", "B450M Pro4")
    assert one.evidence["board_serial"] == ["M80-1.2A345"]


def test_a_uuid_that_is_none_is_told_and_left_out() -> None:
    document = laptop()
    document["content"]["hardware"]["uuid"] = "4BDRGGFE-0046-4710-8047-B2C04F503732"
    found = reading(document)
    assert "uuid" not in found.observations[0].values
    assert [(p.severity, p.column) for p in found.problems] == [("warning", "uuid")]


@pytest.mark.parametrize("login", ["root", "Administrator", "", "AD\\Administrator"])
def test_administrators_are_nobodys_main_user(login: str) -> None:
    document = laptop()
    document["content"]["hardware"]["lastloggeduser"] = login
    assert "main_user" not in first(document).values


def test_the_main_user_by_full_name_where_it_is_known() -> None:
    one = first(scanned(main_user={"login": "nora", "name": "Nora Field"}))
    assert one.values["main_user"] == NamedReference("person", "Nora Field", (("user_name", "nora"),))


def test_a_server_has_no_main_user() -> None:
    document = laptop()
    document["content"]["hardware"]["chassis_type"] = "Rack Mount Chassis"
    assert "main_user" not in first(document).values


def test_software_once_per_version_and_scope_without_updates() -> None:
    one = first(laptop())
    assert [(i.product, i.publisher, i.version, i.scope, i.installed_on, i.origin) for i in one.installed] == [
        ("7-Zip 23.01 (x64)", "Igor Pavlov", "23.01", "", "", "registry"),
        ("Editor", "", "1", "nora", "2024-05-06", ""),
    ]


_BOTH = ["softwares", "user_softwares"]


@pytest.mark.parametrize(
    ("outcomes", "sections"),
    [
        ([("collected", ["softwares"], []), ("absent", ["softwares"], [])], ("software",)),
        ([("collected", ["softwares"], []), ("timed out", [], ["softwares"])], ()),
        ([("collected", ["softwares"], []), ("failed", [], _BOTH)], ()),
        ([("absent", ["softwares"], []), ("absent", _BOTH, [])], ()),
        ([("collected", ["softwares"], []), ("absent", _BOTH, [])], ("software", "user_software")),
        ([("collected", _BOTH, [])], ("software", "user_software")),
        ([("collected", ["softwares"], []), ("not permitted", ["softwares"], ["user_softwares"])], ("software",)),
        ([("collected", [], [])], ()),
    ],
)
def test_absence_means_gone_only_where_everything_was_looked_at(
    outcomes: list[tuple[str, list[str], list[str]]], sections: tuple[str, ...]
) -> None:
    told = [{"name": "x", "state": s, "complete": c, "incomplete": i} for s, c, i in outcomes]
    assert software_of(first(scanned(collectors=told))) == sections


def software_of(one: Observation) -> tuple[str, ...]:
    """The sections of software that were inspected completely."""
    return tuple(name for name in one.sections if name in ("software", "user_software"))


def test_other_agents_lists_count_as_complete() -> None:
    assert software_of(first(laptop())) == ("software", "user_software")
    assert software_of(first(laptop(softwares=None))) == ()
    assert software_of(first(laptop(softwares=[]))) == ("software", "user_software")


def test_a_partial_inventory_says_so() -> None:
    document = {**laptop(), "partial": True}
    document["content"]["virtualmachines"] = [{"name": "mail"}]
    assert [o.partial for o in reading(document).observations] == [True, True]


def test_monitors_are_records_of_their_own() -> None:
    document = laptop(monitors=[monitor("7C3XY13", port="DP-2")])
    computer, display = reading(document).observations
    fits(display)
    assert display.cls == "monitor"
    assert display.values["name"] == "DELL U2720Q 7C3XY13"
    assert display.values["manufacturer"] == NamedReference("manufacturer", "Dell")
    assert (display.values["diagonal"], display.values["made"]) == (Decimal("27.2"), "11/2021")
    (link,) = display.links
    assert isinstance(link, Link)
    assert (link.type, link.other.cls, link.other.name) == ("connected_to", "laptop", "NB-017")
    assert dict(link.other.values)["serial_number"] == computer.values["serial_number"]


@pytest.mark.parametrize(
    "entry",
    [
        monitor("", port="DP-1"),
        monitor("0000000000", port="DP-1"),
        monitor("A1B2", port="eDP-1"),
        monitor("A1B2", size=(31, 17)),
    ],
)
def test_panels_and_displays_without_an_identity_are_none(entry: dict[str, str]) -> None:
    assert len(reading(laptop(monitors=[entry])).observations) == 1


def test_a_small_display_at_a_desktop_is_no_panel() -> None:
    document = laptop(monitors=[monitor("A1B2", size=(31, 17))])
    document["content"]["hardware"]["chassis_type"] = "Desktop"
    assert len(reading(document).observations) == 2


def test_guests_are_machines_on_this_host_and_containers_are_not() -> None:
    guests = [
        {
            "name": "mail",
            "uuid": "c37f7ce8-af95-4676-b454-0959f2c5e162",
            "vmtype": "libvirt",
            "vcpu": 2,
            "memory": 4096,
        },
        {"name": "web_1", "uuid": "5506c9cf948e", "vmtype": "docker", "image": "nginx"},
        {"name": "cache", "image": "redis"},
        {"vmtype": "libvirt"},
    ]
    _, guest = reading(laptop(virtualmachines=guests)).observations
    fits(guest)
    assert guest.cls == "virtual_machine"
    assert (guest.values["name"], guest.values["virtual_cores"], guest.values["memory"]) == ("mail", 2, 4096)
    assert guest.values["host"].name == "NB-017"
    assert dict(guest.values["host"].values)["uuid"] == "4c4c4544-0034-3010-8048-b6c04f503732"


def test_what_has_no_class_is_rejected_with_a_reason() -> None:
    content = {"network_device": {"type": "KVM", "name": "kvm-1"}, "versionclient": "x"}
    found = reading({"deviceid": "kvm-1", "content": content})
    assert (found.observations, found.rejected, [p.severity for p in found.problems]) == ([], 1, ["error"])


def test_a_computer_that_says_nothing_of_itself_is_rejected() -> None:
    found = reading({"deviceid": "x", "content": {"versionclient": "x"}})
    assert (found.observations, found.rejected, found.problems[0].column) == ([], 1, "name")


def test_sections_of_the_wrong_shape_are_told_and_the_rest_is_read() -> None:
    found = reading(laptop(cpus={"name": "x"}, bios="none", softwares=["a", 1, {"name": "b"}]))
    assert sorted(p.column for p in found.problems) == ["bios", "cpus"]
    assert {p.severity for p in found.problems} == {"warning"}
    assert [i.product for i in found.observations[0].installed] == ["b"]


def test_a_document_that_is_none() -> None:
    documents: list[dict[str, Any]] = [{}, {"deviceid": "x"}, {"content": {}}, {"deviceid": 0.5, "content": []}]
    for document in documents:
        with pytest.raises(FileProblem):
            reading(document)


def test_the_time_is_the_documents_own_then_the_callers() -> None:
    assert reading(scanned()).observed_at == "2026-03-31T08:15:00Z"
    assert reading(laptop(accesslog=None), observed_at="2025-01-02T03:04:05Z").observed_at == "2025-01-02T03:04:05Z"
    assert moment("2026-01-01 00:30:00", "-0530") == "2026-01-01T06:00:00Z"
    assert moment("yesterday") == ""


def test_a_display_that_says_no_base64_is_one_all_the_same() -> None:
    for said in ("\N{LATIN SMALL LETTER E WITH ACUTE}" * 9, "\N{ARABIC-INDIC DIGIT TWO}", "A", "=" * 50, "\0" * 5_000):
        found = reading(laptop(monitors=[{"base64": said, "name": "U2720Q", "serial": "CN12345"}]))
        assert [one.values["name"] for one in found.observations[1:]] == ["U2720Q CN12345"]


def test_what_is_said_of_a_value_is_short_however_long_the_value_is() -> None:
    found = reading(laptop(hardware={"name": "NB-017", "uuid": "u" * 100_000}, bios={"ssn": "0" * 100_000}))
    assert {one.kind for one in found.problems} >= {"uuid"}
    assert max(len(str(one.message)) for one in found.problems) < 300


_SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "uuid", "ssn", "core", "mac", "serial", "description", "install_date", "base64", "ips"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_SECTIONS = ["bios", "hardware", "operatingsystem", "cpus", "networks", "softwares", "storages", "drives", "monitors",
             "virtualmachines", "terrier", "network_device", "simcards", "modems", "accesslog"]  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(_SECTIONS), _SCRAPS),
    st.sampled_from(["Computer", "Printer", "NetworkEquipment", "Phone", "Unmanaged", ""]),
)
def test_any_content_gives_values_that_the_schema_takes(content: dict[str, Any], itemtype: str) -> None:
    found = reading({"deviceid": "x", "itemtype": itemtype, "content": content})
    assert found.read == 1
    for one in found.observations:
        assert one.values["name"]
        fits(one)


def test_displays_that_nothing_identifies_are_rows_and_said_and_junk_is_no_identity() -> None:
    content = {
        "hardware": {"name": "pc-1", "chassis_type": "Desktop"},
        "bios": {"ssn": "To be filled by O.E.M.", "assettag": "release-keys"},
        "monitors": [{"name": "U2419H"}, {"name": "P24", "serial": "16843009"}, {"name": "E24", "serial": "CN0X1"}],
    }
    found = reading({"deviceid": "pc-1", "content": content}, "pc-1.json")
    assert [one.values["name"] for one in found.observations] == ["pc-1", "E24 CN0X1"]
    assert not {"serial_number", "asset_tag"} & found.observations[0].values.keys()
    assert [row.get("model") or row.get("name") for row in found.observations[0].details["displays"]] == [
        "U2419H", "P24", "E24",
    ]  # fmt: skip
    assert [(p.kind, p.value) for p in found.problems] == [
        ("display", "U2419H, P24"), ("junk", "release-keys"), ("junk", "16843009"),
    ]  # fmt: skip
