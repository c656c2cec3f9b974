"""What dmidecode prints, read as it stands there; which machine it is of, or one line that says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.import_proposal import propose, read_files, recognise
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Reading
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import create_estate
from importers.dmidecode.importer import IMPORTER, reading_of
from importers.inventory import reading as of_document
from importers.inventory.file_names import host_in_name
from importers.registry import all_importers
from importers.source_documents import SourceDocument

SERVER = """# dmidecode 3.1
Getting SMBIOS data from sysfs.
SMBIOS 3.1 present.
# SMBIOS implementations newer than version 3.1.1 are not
# fully supported by this version of dmidecode.

Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
\tVendor: HPE
\tVersion: I41
\tRelease Date: 10/02/2018
\tCharacteristics:
\t\tPCI is supported
\t\tVersion: of no field

Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: HPE
\tProduct Name: ProLiant BL460c Gen10
\tVersion: Not Specified
\tSerial Number: CZJ8420ABC
\tUUID: 34333638-3234-5A43-4A38-343230414243
\tSKU Number: 863442-B21
\tFamily: ProLiant

Handle 0x0002, DMI type 2, 17 bytes
Base Board Information
\tManufacturer: HPE
\tSerial Number: PWWFB0DLMCC0OG

Handle 0x0003, DMI type 3, 21 bytes
Chassis Information
\tType: Blade
\tAsset Tag: IT-0042

Handle 0x0004, DMI type 4, 48 bytes
Processor Information
\tSocket Designation: Proc 1
\tFamily: Xeon
\tManufacturer: Intel(R) Corporation
\tSignature: Type 0, Family 6, Model 85, Stepping 4
\tVersion: Xeon Gold 6126
\tMax Speed: 4000 MHz
\tCurrent Speed: 2600 MHz
\tStatus: Populated, Enabled
\tSerial Number: UNKNOWN
\tCore Count: 12
\tCore Enabled: 10
\tThread Count: 24

Handle 0x0005, DMI type 4, 48 bytes
Processor Information
\tSocket Designation: Proc 2
\tFamily: Xeon
\tStatus: Unpopulated

Handle 0x0010, DMI type 16, 23 bytes
Physical Memory Array
\tError Correction Type: Multi-bit ECC

Handle 0x0011, DMI type 17, 84 bytes
Memory Device
\tSize: 16 GB
\tForm Factor: DIMM
\tLocator: PROC 1 DIMM 1
\tType: DDR4
\tSpeed: 2666 MHz
\tManufacturer: HPE
\tSerial Number: 4F3A
\tPart Number: 840757-091

Handle 0x0012, DMI type 17, 84 bytes
Memory Device
\tSize: No Module Installed
\tForm Factor: DIMM
\tLocator: PROC 1 DIMM 2
\tType: Unknown

Handle 0x0013, DMI type 17, 84 bytes
Memory Device
\tSize: 16 MB
\tLocator: BIOS
\tType: Flash

Handle 0x0014, DMI type 9, 17 bytes
System Slot Information
\tDesignation: PCI-E Slot 1
\tType: x16 PCI Express 3
\tCurrent Usage: Available
\tID: 1

Handle 0x0015, DMI type 39, 22 bytes
System Power Supply
\tLocation: Bay 1
\tName: Power Supply 1
\tSerial Number: 5BXRD0
\tMax Power Capacity: 460 W
\tStatus: Present, OK
\tPlugged: Yes
\tHot Replaceable: No

Handle 0x0016, DMI type 194, 5 bytes
OEM-specific Type
\tHeader and Data:
\t\tC2 05 00 00 11

Handle 0xFEFF, DMI type 127, 4 bytes
End Of Table
"""


def of(text: str, name: str = "bl460.txt") -> Reading:
    return reading_of(SourceDocument(text.encode("latin-1"), name, "2026-04-01T00:00:00Z"))


def test_a_server() -> None:
    found = of(SERVER)
    one = found.observations[0]
    said = {name: one.values.get(name) for name in ("name", "serial_number", "asset_tag", "memory", "bios_version")}
    assert (one.cls, found.source.key, found.problems) == ("server", "scan:dmidecode CZJ8420ABC", [])
    assert said == {
        "name": "CZJ8420ABC", "serial_number": "CZJ8420ABC", "asset_tag": "IT-0042", "memory": 16384,
        "bios_version": "I41",
    }  # fmt: skip
    assert (one.values["uuid"], one.values["model"].name) == (
        "34333638-3234-5a43-4a38-343230414243", "ProLiant BL460c Gen10",
    )  # fmt: skip
    assert (one.values["processor_sockets"], one.values["cores_per_processor"], one.partial) == (1, 12, False)
    assert one.details["processors"] == [
        {"name": "Xeon Gold 6126", "manufacturer": "Intel(R) Corporation", "description": "Proc 1", "cores": 12,
         "enabled_cores": 10, "threads": 24, "speed": 2600, "family": "Xeon", "family_number": "6", "model": "85",
         "stepping": 4}
    ]  # fmt: skip
    assert one.details["memory_modules"] == [
        {"slot": 1, "slot_name": "PROC 1 DIMM 1", "size": 16384, "type": "DDR4", "speed": "2666 MT/s",
         "description": "DIMM", "manufacturer": "HPE", "serial_number": "4F3A", "model": "840757-091",
         "correction": "Multi-bit ECC"},
        {"slot": 2, "slot_name": "PROC 1 DIMM 2", "type": "Empty slot", "description": "DIMM"},
    ]  # fmt: skip
    assert one.details["bios"][0]["date"] == "2018-10-02"
    assert one.details["slots"] == [
        {"name": "PCI-E Slot 1", "designation": "1", "description": "x16 PCI Express 3", "status": "free"}
    ]
    assert one.details["power_supplies"] == [
        {"name": "Power Supply 1", "serial_number": "5BXRD0", "power": 460, "location": "Bay 1",
         "status": "Present, OK", "plugged": True, "hot_swappable": False}
    ]  # fmt: skip
    assert "software" not in one.sections
    assert "disks" not in one.sections


def test_a_guest_and_the_quiet_form_without_handles() -> None:
    quiet = (
        "BIOS Information\n\tVendor: SeaBIOS\n\nSystem Information\n\tManufacturer: QEMU\n\tProduct Name: KVM\n\tUUID: "
    )
    one = of(f"{quiet}34333638-3234-5A43-4A38-343230414243\n", "dmidecode-web01.example.org.txt").observations[0]
    assert (one.cls, one.values["name"], one.values["domain"]) == ("virtual_machine", "web01", "example.org")
    assert IMPORTER.recognises(quiet.encode())


def test_a_part_that_was_asked_for_creates_no_machine() -> None:
    part = SERVER[SERVER.index("Handle 0x0010") : SERVER.index("Handle 0x0014")]
    assert of(part, "web01_dmidecode.txt").observations[0].partial
    with pytest.raises(FileProblem) as caught:
        of(part, "memory.txt")
    assert str(caught.value) == (
        "memory.txt does not say of which machine it is: it has no serial number and no UUID. Name the file after the "
        "machine, such as dmidecode-web01.txt."
    )


def test_what_has_no_tables_or_no_identity_is_refused_with_what_is_missing() -> None:
    with pytest.raises(FileProblem) as caught:
        of("# dmidecode 3.4\n/sys/firmware/dmi/tables/smbios_entry_point: Permission denied\n")
    assert str(caught.value) == "bl460.txt has no tables: dmidecode needs administrator rights to read them."
    junk = SERVER.replace("CZJ8420ABC", "To Be Filled By O.E.M.").replace("34333638-3234-5A43-4A38-343230414243", "x")
    with pytest.raises(FileProblem) as caught:
        of(junk)
    assert "it has no serial number and no UUID" in str(caught.value)


def test_odd_bytes_and_huge_numbers_do_no_harm() -> None:
    odd = SERVER.replace("Size: 16 GB", f"Size: {'9' * 5_000} GB").replace("HPE", "H\xe9\x01<b>")
    one = of(odd).observations[0]
    assert (one.values["manufacturer"].name, "memory" in one.values) == ("H\ufffd<b>", False)


def test_it_is_recognised_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for text in (SERVER, SERVER.partition("\n")[2], SERVER.replace("\n", "\r\n")):
        path.write_text(text, "utf-16" if text is SERVER else "utf-8")
        assert recognise(path, all_importers()) is IMPORTER
    for other in ("Handle;Name\n1;2\n", "Name,Serial\nHandle 0x0001,DMI type\n", '{"# dmidecode 3.1": 1}'):
        assert not IMPORTER.recognises(other.encode())


def test_a_name_that_only_stands_in_does_not_rename_a_known_machine(tmp_path: Path) -> None:
    content = {
        "hardware": {"name": "web01"},
        "bios": {"ssn": "CZJ8420ABC", "smanufacturer": "HPE"},
        "versionclient": "x",
    }
    known = of_document({"deviceid": "web01", "itemtype": "Computer", "content": content}, "", "2026-03-01T00:00:00Z")
    path = tmp_path / "bl460.txt"
    path.write_text(SERVER)
    store = create_estate(tmp_path / "one.terrier")
    try:
        for readings in ([known], read_files([path], store.schema)[0]):
            store.apply(propose(store, readings, "tester").revision)
        with store.read() as reader:
            (one,) = reader.page(Selection("computer"))
            assert (one.name, one.values["host_name"], one.values["memory"]) == ("web01", "web01", 16384)
    finally:
        store.close()


@pytest.mark.parametrize(
    ("file", "host"),
    [
        ("lldp-web01.txt", "web01"), ("web01.example.org_lldp.json", "web01.example.org"), ("web01.lldp", "web01"),
        ("lldp web01-2026-11-30.txt", "web01"), ("2026.lldp", ""), ("lldp.txt", ""), ("lldp-output.txt", ""),
        ("qfx.txt", ""), ("lldp-2026-11-30.txt", ""), ("lldp-../x.txt", ""), ("lldp-<b>.txt", ""),
    ],
)  # fmt: skip
def test_a_host_in_the_name_of_a_file(file: str, host: str) -> None:
    assert host_in_name(file, "lldpctl", "lldp") == host
