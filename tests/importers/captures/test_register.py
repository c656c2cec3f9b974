"""Captures in the register: whose record each is, what it changes; another way to scan a machine says the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.doubles import doubles
from cmdb.licences.engine.position import position
from cmdb.licences.register_facts import gather
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Reading
from cmdb.model.revision import SECTION_NOW, Edit, Record, Revision, ci, new_id
from cmdb.model.schema import Schema
from cmdb.reconciliation import Proposal, decide
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.captures.capture import Capture, CaptureSection, write
from importers.captures.importer import IMPORTER
from importers.discovery.inventory_document import scan
from importers.discovery.registry import collectors
from importers.importer import Options
from importers.inventory import reading
from tests.cmdb.estates import emptied
from tests.cmdb.reconciliation.stored_estate import Stored
from tests.importers.captures.macos.answers import capture as capture_of_mac
from tests.importers.captures.macos.macs import GUESTS
from tests.importers.captures.windows.machines import MACHINES, machine, one, rows_of

LATER = "2026-12-07T09:00:00Z"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = create_estate(tmp_path_factory.mktemp("captures") / "estate.terrier")
    yield found
    found.close()


@pytest.fixture
def estate(store: Store) -> Stored:
    return Stored(emptied(store))


@cache
def shipped() -> Schema:
    return Schema.load()


def read(folder: Path, capture: Capture, taken_at: str = "") -> Reading:
    """The reading of a capture's file."""
    path = folder / "one.capture"
    path.write_text(write(capture._replace(taken_at=taken_at or capture.taken_at)).replace("\n", "\r\n"), "utf-16")
    (found,) = IMPORTER.read(path, shipped(), Options(), Control())
    return found


def lasting(proposal: Proposal) -> list[Edit]:
    """What a revision writes but for volatile values, of which the last one is kept."""
    return [edit for edit in proposal.revision.edits if edit.record.kind != SECTION_NOW]


def glpi() -> dict[str, Any]:
    """The laptop as GLPI's agent writes it."""
    content = {
        "accesslog": {"logdate": "2026-12-08 09:00:00"},
        "bios": {
            "smanufacturer": "LENOVO",
            "smodel": "21CBS00100",
            "skunumber": "LENOVO_MT_21CB_BU_Think_FM_ThinkPad X1 Carbon Gen 10",
            "ssn": "PF3XYZ12",
            "msn": "L1HF2AB00XY",
            "mmodel": "21CBS00100",
            "mmanufacturer": "LENOVO",
            "bmanufacturer": "LENOVO",
            "bversion": "N3AET75W (1.40 )",
            "bdate": "2023-09-07",
            "assettag": "No Asset Information",
            "enclosureserial": "PF3XYZ12",
        },
        "hardware": {
            "name": "nb-0042",
            "chassis_type": "Notebook",
            "memory": 16081,
            "uuid": "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            "vmsystem": "Physical",
            "workgroup": "corp.example.com",
            "lastloggeduser": "anna",
        },
        "operatingsystem": {
            "name": "Windows",
            "full_name": "Microsoft Windows 11 Pro",
            "version": "23H2",
            "kernel_version": "10.0.22631",
            "arch": "64-bit",
            "install_date": "2023-11-15 09:12:30",
            "fqdn": "nb-0042.corp.example.com",
            "timezone": {"name": "Europe/Berlin", "offset": "+0100"},
        },
        "cpus": [
            {
                "name": "12th Gen Intel(R) Core(TM) i7-1260P",
                "manufacturer": "Intel",
                "core": 12,
                "thread": 16,
                "arch": "x86_64",
            }
        ],
        "memories": [{"capacity": 8192, "numslots": 1}, {"capacity": 8192, "numslots": 2}],
        "storages": [{"name": "PHYSICALDRIVE0", "serial": "S64KNF0T123456", "disksize": 512110, "type": "disk"}],
        "drives": [{"letter": "C:", "systemdrive": True, "encrypt_status": "Yes", "filesystem": "NTFS"}],
        "networks": [
            {
                "description": "Intel(R) Wi-Fi 6E AX211 160MHz",
                "mac": "a0:b1:c2:d3:e4:f5",
                "type": "wifi",
                "ipaddress": "10.20.30.42",
                "ipgateway": "10.20.30.1",
                "virtualdev": False,
            }
        ],
        "versionclient": "GLPI-Agent_v1.7",
    }
    return {"deviceid": "nb-0042-2026-01-01-10-00-00", "itemtype": "Computer", "content": content}


def test_a_capture_taken_twice_gives_one_record_and_changes_nothing(estate: Stored, tmp_path: Path) -> None:
    first = estate.take(read(tmp_path, machine("laptop")))
    assert (len(estate.all("computer")), len(estate.all("monitor"))) == (1, 1)
    assert [p.message for p in first.problems] == []
    before = estate.all()
    again = estate.take(read(tmp_path, machine("laptop")))
    assert (again.created, again.updated, lasting(again)) == (0, 0, [])
    later = estate.take(read(tmp_path, machine("laptop"), LATER))
    assert (later.created, later.review) == (0, [])
    assert {edit.record.kind for edit in lasting(later)} <= {"sighting", "claim"}  # when it was seen
    assert [{**one, "last_seen": ""} for one in estate.all()] == [{**one, "last_seen": ""} for one in before]


def test_the_laptop_by_script_by_agent_and_by_glpi_is_one_record_with_the_same_values(
    estate: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.discovery.windows.subjects.taken", lambda probe: machine("laptop"))
    agent = reading(scan(root="/nowhere", collectors=collectors("windows")).document)
    estate.take(read(tmp_path, machine("laptop")))
    (by_script,) = estate.all("computer")
    numbered = glpi()  # as an agent writes it that asks for the model's number only
    del numbered["content"]["bios"]["skunumber"]
    for found in (agent, reading(glpi()), reading(numbered)):
        proposal = estate.take(found)
        assert (proposal.created, proposal.review) == (0, [])
        (now,) = estate.all("computer")
        assert {**now, "last_seen": ""} == {**by_script, "last_seen": ""}
    alone = Stored(emptied(estate.store))
    alone.take(reading(numbered))
    assert alone.all("computer")[0]["model"] == "21CBS00100"
    alone.take(reading(glpi()))
    (by_glpi,) = alone.all("computer")
    # What GLPI's agent does not tell: of the main user it knows the login only.
    unknown = {"machine_id", "os_edition", "main_user", "last_seen"}
    assert {k: v for k, v in by_script.items() if k not in unknown} == {
        k: v for k, v in by_glpi.items() if k not in unknown
    }


def glpi_of_a_mac() -> dict[str, Any]:
    """The Mac as GLPI's agent writes it."""
    content = {
        "accesslog": {"logdate": "2026-12-08 09:00:00"},
        "bios": {
            "smanufacturer": "Apple Inc", "smodel": "MacBookPro18,3", "ssn": "C02ZX0AAMD6T",
            "bmanufacturer": "Apple Inc", "bversion": "11881.1.1",
        },
        "hardware": {
            "name": "MacBook-von-Anna", "chassis_type": "Laptop", "memory": 16384, "vmsystem": "Physical",
            "uuid": "0F3C9E52-6A41-5B0D-9C3E-2A7D41B8E601", "workgroup": "corp.example.com",
        },
        "operatingsystem": {
            "name": "macOS", "full_name": "macOS 15.1.1", "version": "15.1.1", "arch": "arm64", "kernel_name": "darwin",
            "timezone": {"name": "CET", "offset": "+0100"},
        },
        "cpus": [{"name": "Apple M1 Pro", "manufacturer": "Apple", "core": 8, "thread": 8}],
    }  # fmt: skip
    return {"deviceid": "MacBook-von-Anna.local-2026-01-01-10-00-00", "itemtype": "Computer", "content": content}


def test_a_mac_taken_twice_and_by_glpi_is_one_record_and_its_guests_are_its_own(estate: Stored, tmp_path: Path) -> None:
    mac = capture_of_mac(GUESTS)
    estate.take(read(tmp_path, mac))
    (laptop,) = estate.all("laptop")
    guests = estate.all("virtual_machine")
    assert sorted(one["name"] for one in guests) == ["Old", "Ubuntu", "Windows 11"]
    assert len({one["host"] for one in guests}) == 1
    again = estate.take(read(tmp_path, mac))
    assert (again.created, again.updated, lasting(again)) == (0, 0, [])
    by_glpi = estate.take(reading(glpi_of_a_mac()))
    assert (by_glpi.created, by_glpi.review) == (0, [])
    (now,) = estate.all("laptop")
    assert {**now, "last_seen": ""} == {**laptop, "last_seen": ""}


def _other(name: str, serial: str, guid: str, disk: str, mac: str) -> Capture:
    """The laptop's model with other hardware and another Windows."""
    found = machine(
        "laptop",
        computer_system=one("laptop", "computer-system", Name=name, DNSHostName=name),
        product=one("laptop", "product", IdentifyingNumber=serial, UUID=guid),
        bios=one("laptop", "bios", SerialNumber=serial),
        board=one("laptop", "board", SerialNumber="B" + serial),
        enclosure=one("laptop", "enclosure", SerialNumber=serial),
        windows_version=one("laptop", "windows-version", MachineGuid="b" + guid[1:].lower()),
        disks=one("laptop", "disks", AdapterSerialNumber=disk),
        adapters=one("laptop", "adapters", PermanentAddress=mac, NetworkAddresses=[mac]),
        monitors=[],
    )
    return found


def test_a_disk_moved_to_other_hardware_goes_to_review_and_what_is_decided_holds(
    estate: Stored, tmp_path: Path
) -> None:
    estate.take(read(tmp_path, machine("laptop")))
    (before,) = estate.all("computer")
    hardware = {
        "product": one("laptop", "product", IdentifyingNumber="PF9LOAN9", UUID="11111111-2222-4333-8444-555555555555"),
        "bios": one("laptop", "bios", SerialNumber="PF9LOAN9"),
        "board": one("laptop", "board", SerialNumber="L1HF9LOAN"),
        "enclosure": one("laptop", "enclosure", SerialNumber="PF9LOAN9"),
        "adapters": one("laptop", "adapters", PermanentAddress="A0B1C2000099", NetworkAddresses=["A0B1C2000099"]),
    }
    moved = machine("laptop", **hardware)
    proposal = estate.take(read(tmp_path, moved, LATER))
    (item,) = proposal.review
    told = [str(line.text) for option in item.options for line in option.evidence]
    assert "Other main board: L1HF9LOAN, not L1HF2AB00XY" in told
    assert proposal.created == 0
    assert estate.all("computer") == [before]
    answered = estate.propose(read(tmp_path, moved, LATER), answers={item.id: "new"})
    kept = [edit.after for edit in answered.revision.edits if edit.record.kind == "decision"]
    assert [one["outcome"] for one in kept if isinstance(one, dict) and one["kind"] == "double"] == ["different"]
    estate.apply(decide(estate, estate.schema, item.id, "new", "anna").revision)
    assert [one["serial_number"] for one in estate.all("computer")] == ["PF3XYZ12", "PF9LOAN9"]
    with estate.store.read() as reader:
        assert doubles(reader).pairs == ()  # that they are two is said
    again = estate.take(read(tmp_path, moved, "2026-12-14T09:00:00Z"))
    assert (again.created, again.review) == (0, [])
    assert len(estate.all("computer")) == 2
    (mine,) = (one for one in estate.all("computer") if one["serial_number"] == "PF3XYZ12")
    assert mine == before


def test_two_clones_seen_alive_in_the_same_minute_stay_two(estate: Stored, tmp_path: Path) -> None:
    guest = one(
        "server", "computer-system", Manufacturer="VMware, Inc.", Model="VMware20,1", Name="CLONE", DNSHostName="CLONE"
    )
    clones = []
    for at, (guid, mac) in enumerate(
        (
            ("4229A1B2-0000-4000-8000-00000000000A", "005056AA0001"),
            ("4229A1B2-0000-4000-8000-00000000000B", "005056AA0002"),
        )
    ):
        clone = machine(
            "server",
            computer_system=guest,
            product=[{"UUID": guid}],
            bios=[{"SerialNumber": f"VMware-42 29 a{at}"}],
            board=[],
            enclosure=[],
            disks=[],
            disk_drives=[],
            virtual_machines=[],
            adapters=one(
                "laptop", "adapters", PermanentAddress=mac, NetworkAddresses=[mac], PnPDeviceID="PCI\\VEN_15AD"
            ),
        )
        clones.append(read(tmp_path, clone, f"2026-11-30T17:26:{20 + at}Z"))
    proposal = estate.take(*clones)
    assert proposal.review == []
    assert len(estate.all("virtual_machine")) == 2
    later = estate.take(*clones)
    assert (later.created, len(estate.all("virtual_machine"))) == (0, 2)


def test_clones_that_differ_in_their_address_alone_stay_two_with_what_is_connected_to_each(
    estate: Stored, tmp_path: Path
) -> None:
    guest = one("laptop", "computer-system", Manufacturer="VMware, Inc.", Model="VMware20,1")
    clones = []
    for at in (1, 2):
        address = one("laptop", "adapter-configuration", IPAddress=[f"10.20.40.{at}"])
        display = [{**rows_of("laptop", "monitors")[1], "SerialNumberID": [*b"7K2N9H", 48 + at]}]
        clone = machine("laptop", computer_system=guest, adapter_configuration=address, monitors=display)
        clones.append(read(tmp_path, clone, f"2026-11-30T17:26:2{at}Z"))
    proposal = estate.take(*clones)
    assert (proposal.review, len(estate.all("virtual_machine"))) == ([], 2)
    ends = [key for key in estate.relationships([*estate.values]) if "connected_to" in key]
    assert (len(ends), len({end for key in ends for end in key})) == (2, 5)


def test_machines_whose_firmware_was_never_filled_in_stay_apart(estate: Stored, tmp_path: Path) -> None:
    estate.take(read(tmp_path, machine("german")))
    (first,) = estate.all("computer")
    assert "serial_number" not in first
    assert "uuid" not in first
    assert (first["name"], first["main_user"]) == ("PC-Kueche", "Jörg Müller")
    other = machine(
        "german",
        computer_system=one("german", "computer-system", Name="PC-BUERO", DNSHostName="PC-Buero"),
        windows_version=one("german", "windows-version", MachineGuid="0d5b9c1e-0000-4c6c-8e5b-00000000ffff"),
        disks=one("laptop", "disks", AdapterSerialNumber="OTHERDISK1"),
        adapters=one("laptop", "adapters", PermanentAddress="A0B1C2D30000", NetworkAddresses=["A0B1C2D30000"]),
    )
    assert estate.take(read(tmp_path, other)).review == []
    assert len(estate.all("computer")) == 2


def _microsoft(store: Store) -> list[tuple[object, ...]]:
    """What the licence position says of Microsoft's products."""
    at = date(2026, 12, 1)
    with store.read() as reader:
        found = position(gather(reader, at), at).positions
    return sorted(
        (p.product, p.edition, p.version, p.metric, p.needed, p.verdict)
        for p in found
        if "SQL" in p.title or "Windows" in p.title
    )


def test_a_server_s_cores_editions_and_instances_give_the_position_of_the_same_facts_typed_by_hand(
    estate: Stored, tmp_path: Path
) -> None:
    estate.take(read(tmp_path, machine("server")))
    scanned = _microsoft(estate.store)
    typed = Stored(emptied(estate.store))
    host = new_id()
    values = {"processor_sockets": 2, "cores_per_processor": 16, "operating_system": "Windows Server 2022 Standard"}
    edits = [Edit(ci(host), "", None, {"class": "server", "name": "HV01", **values})]
    edits += [
        Edit(ci(new_id()), "", None, {"class": "virtual_machine", "name": name, "host": host})
        for name in ("web01", "sql01", "old-test")
    ]
    edits += [
        Edit(Record("installation", (host, "", "", "SQL Server", edition, year)), "", None, {})
        for year, edition in (("2022", "Standard"), ("2019", "Express"))
    ]
    typed.store.apply(Revision(edits, "anna"))
    assert scanned == _microsoft(typed.store)


@pytest.mark.parametrize("cut", [30, 400, 5000, -3])
def test_a_file_that_was_cut_off_is_one_line_and_nothing_is_read(tmp_path: Path, cut: int) -> None:
    whole = write(machine("laptop"))
    path = tmp_path / "cut.capture"
    path.write_text(whole[:cut], "utf-8")
    with pytest.raises(FileProblem) as refused:
        IMPORTER.read(path, shipped(), Options(), Control())
    assert str(refused.value).startswith("cut.capture ")
    assert "\n" not in str(refused.value)


def test_a_file_with_more_values_than_any_machine_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "full.capture"
    path.write_text(write(machine("laptop", memory=CaptureSection("collected", 0, (), "[" * 4_100_000))), "utf-8")
    with pytest.raises(FileProblem, match="no inventory has"):
        IMPORTER.read(path, shipped(), Options(), Control())


def test_a_guest_that_its_host_told_of_is_one_record_with_what_it_tells_itself(estate: Stored, tmp_path: Path) -> None:
    settings = rows_of("server", "virtual-machine-settings")
    known = next(row for row in settings if row.get("BIOSSerialNumber") == "7150-0000-0001")
    estate.take(read(tmp_path, machine("server")))
    assert len(estate.all("virtual_machine")) == 3
    guest = machine(
        "server",
        session=one("server", "session", Name="SQL01"),
        computer_system=one(
            "server",
            "computer-system",
            Manufacturer="Microsoft Corporation",
            Model="Virtual Machine",
            Name="SQL01",
            DNSHostName="SQL01",
        ),
        product=[{"UUID": known["BIOSGUID"].strip("{}")}],
        bios=[{"SerialNumber": "7150-0000-0001"}],
        board=[],
        enclosure=[{"SerialNumber": "7150-0000-0001"}],
        windows_version=one("server", "windows-version", MachineGuid="7f0a2b11-0000-4c6c-8e5b-0000000000aa"),
        join=[{"HostName": "SQL01", "Domain": "corp.example.com"}],
        disks=[],
        disk_drives=[],
        virtual_machines=[],
        adapters=one(
            "laptop",
            "adapters",
            PermanentAddress="00155D0A0002",
            NetworkAddresses=["00155D0A0002"],
            PnPDeviceID="VMBUS\\\\{F8615163}",
        ),
    )
    proposal = estate.take(read(tmp_path, guest, LATER))
    assert (proposal.created, proposal.review) == (0, [])
    assert len(estate.all("virtual_machine")) == 3
    (now,) = (vm for vm in estate.all("virtual_machine") if vm.get("machine_id"))
    assert (now["host"], now["operating_system"]) == ("HV01", "Windows Server 2022 Standard")


def test_machines_of_all_kinds_in_one_import_are_each_themselves(estate: Stored, tmp_path: Path) -> None:
    proposal = estate.take(*(read(tmp_path, machine(name)) for name in MACHINES))
    assert proposal.review == []
    classes = {one["name"]: one["class"] for one in estate.all("computer")}
    assert classes == {
        "nb-0042": "laptop",
        "PC-Kueche": "desktop",
        "HV01": "server",
        "TAB-7": "laptop",
        "ALT-1": "desktop",
        **dict.fromkeys(("web01", "sql01", "old-test"), "virtual_machine"),
    }
    users = {one["name"]: one.get("main_user") for one in estate.all("computer") if one["class"] != "virtual_machine"}
    assert users == {
        "nb-0042": "Anna Example",
        "PC-Kueche": "Jörg Müller",
        "HV01": None,
        "TAB-7": "Cleo Example",
        "ALT-1": "kasse",
    }
