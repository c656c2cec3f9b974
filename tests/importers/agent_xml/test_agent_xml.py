"""Inventories in XML: values as the file has them, of computers and devices; hostile files are refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from app.import_proposal import recognise
from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from cmdb.model.values import check
from importers.agent_xml.importer import IMPORTER, readings
from importers.inventory.written_days import day
from importers.registry import all_importers
from importers.source_documents import SourceDocument, document_of
from tests.importers.agent_xml.requests import DISCOVERY, FUSION, OCS, SWITCH, first, read


def test_a_computer_of_fusioninventory() -> None:
    (found,) = read(FUSION)
    assert (found.source.key, found.observed_at) == (
        "scan:FusionInventory-Agent LF014-2015-01-15-09-30-00",
        "2026-03-31T08:15:00Z",
    )
    one = found.observations[0]
    assert one.cls == "laptop"
    said = {
        name: one.values.get(name) for name in ("name", "serial_number", "memory", "operating_system", "os_version")
    }
    assert said == {
        "name": "LF014", "serial_number": "9E113232H", "memory": 7908, "operating_system": "Fedora", "os_version": "25",
    }  # fmt: skip
    assert (one.values["ip_address"], one.values["mac_address"]) == ("192.168.1.103", "8c:16:45:01:02:03")
    assert one.evidence == {"mac": ["8c:16:45:01:02:03"], "board_serial": ["C0366791B0"], "disk_serial": ["S4GENX0N1"]}
    assert one.values["main_user"].name == "johan"
    assert "asset_tag" not in one.values
    assert one.details["bios"][0]["date"] == "2021-07-05"
    assert [(i.product, i.installed_on) for i in one.installed] == [("gitg", "2021-10-03"), ("<b>tar</b>", "")]
    assert one.details["groups"] == [{"name": "wheel", "group_id": "10", "members": "johan, anna"}]
    assert one.details["firewalls"] == [{"status": "on"}]
    assert [row.get("virtual") for row in one.details["interfaces"]] == [False, True]
    assert "secret-value" not in str(found)
    assert found.problems == []


def test_a_computer_of_ocs_inventory() -> None:
    (found,) = read(OCS)
    one = found.observations[0]
    assert found.source.key == "scan:OCS-NG_WINDOWS_AGENT NB-017-2024-01-15-09-30-00"
    assert (one.cls, one.values["asset_tag"], one.values["operating_system"]) == ("laptop", "IT-0042", "Windows 11 Pro")
    assert (one.values["os_version"], one.values["architecture"]) == ("10.0.22631", "x86_64")
    assert (one.values["processor_model"], one.values["cores_per_processor"]) == ("Core i7-1165G7", 4)
    assert (one.values["disk_size"], one.evidence["disk_serial"]) == (477, ["S4GENX0N9"])
    assert (one.values["main_user"].name, one.values["domain"]) == ("nora", "ad.example.org")
    assert [(i.product, i.installed_on, i.origin) for i in one.installed] == [
        ("7-Zip", "2024-05-06", "Windows"), ("Editor", "", ""),
    ]  # fmt: skip
    assert one.details["memory_modules"] == [{"slot_name": "DIMM 2"}]
    assert [o.cls for o in found.observations] == ["laptop", "monitor"]
    assert [str(p.message) for p in found.problems] == [
        "The register has no place for these sections; they were left out: BITLOCKERSTATUS."
    ]


def test_a_tag_that_names_a_place_or_nothing_is_no_asset_tag() -> None:
    for tag in ("Paris", "NA", ""):
        assert "asset_tag" not in first(OCS.replace("IT-0042", tag)).values
    assert first(OCS.replace("IT-0042", "Paris")).details["agent"][0]["tag"] == "Paris"


def test_a_switch_that_was_asked_over_the_network() -> None:
    (found,) = read(SWITCH)
    one = found.observations[0]
    assert (one.cls, one.values["name"], one.values["serial_number"]) == ("switch", "sw-core-1", "FCW2233L0AB")
    assert (one.values["ip_address"], one.values["ports"], one.values["firmware_version"]) == (
        "10.43.31.35", 2, "15.0(2)EX5",
    )  # fmt: skip
    assert found.source.key == "scan:FCW2233L0AB agent-2026-01-01-10-00-00"
    assert one.details["switch_ports"] == [
        {"number": 10101, "name": "Gi1/0/1", "description": "GigabitEthernet1/0/1", "type": 6, "speed": 1000000000,
         "mac": "38:20:56:67:90:81", "trunk": True, "vlans": "140 office tagged", "discovery": True, "status": 1,
         "bytes_in": 500},
        {"number": 10102, "name": "Gi1/0/2", "type": 6},
        {"number": 5001, "name": "Po1", "type": 53, "aggregates": "10101, 10102"},
    ]  # fmt: skip
    assert one.details["neighbours"] == [
        {"port": "Gi1/0/1", "system": "sw-edge-2", "system_mac": "2c:6b:f5:98:f9:70", "address": "10.43.31.40",
         "remote_port": "ge-0/0/1.0", "remote_port_number": 504, "description": "Juniper ex2200"}
    ]  # fmt: skip
    assert [row["mac"] for row in one.details["connected_addresses"]] == ["00:0f:fe:0d:30:70", "00:0f:fe:0d:30:71"]
    assert one.details["components"] == [{"index": 1, "name": "1", "serial_number": "FCW2233L0AB", "type": "chassis"}]
    assert found.problems == []


def test_each_device_of_a_discovery_is_a_reading_and_a_computer_is_not_created_by_it() -> None:
    printer, computer, unknown = read(DISCOVERY)
    assert (printer.observations[0].cls, printer.observations[0].values["serial_number"]) == ("printer", "PHCVN191TG")
    assert (computer.observations[0].values["name"], computer.observations[0].partial) == ("pc-17.example.org", True)
    assert computer.observations[0].evidence == {"mac": ["8c:16:45:01:02:99"]}
    assert (unknown.observations, len(unknown.problems)) == ([], 1)


def test_what_is_read_fits_the_schema() -> None:
    schema = Schema.load()
    for text in (FUSION, OCS, SWITCH, DISCOVERY):
        for found in read(text):
            for one in found.observations:
                known = schema.cls(one.cls).attributes
                for name, value in one.values.items():
                    if known[name].type != "reference":
                        check(known[name], value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-15", "windows-1252"])
def test_any_declared_encoding_is_read(encoding: str) -> None:
    text = FUSION.replace("PORTEGE", "GERÄT").replace(
        "<REQUEST>", f'<?xml version="1.0" encoding="{encoding}"?><REQUEST>'
    )
    (found,) = read(text, encoding)
    assert found.observations[0].values["model"].name == "GERÄT Z30-A"
    assert found.problems == []


def test_a_declared_encoding_that_cannot_be_is_no_fault() -> None:
    """Programs that make a text of XML and write it as UTF-8 declare UTF-16."""
    for encoding in (
        "utf-16",
        "UTF-16LE",
        "utf-32",
        "punycode",
        "idna",
        "unicode_escape",
        "raw-unicode-escape",
        "utf-7",
    ):
        text = FUSION.replace("<REQUEST>", f'<?xml version="1.0" encoding="{encoding}"?><REQUEST>')
        (found,) = read(text.replace("Konrad", "Jørg &#92;u0041"))
        assert (
            found.observations
            == read(text.replace("Konrad", "Jørg &#92;u0041").replace(encoding, "utf-8"))[0].observations
        )


def test_an_encoding_that_is_not_declared_rightly_is_said() -> None:
    (found,) = read(FUSION.replace("PORTEGE", "GERÄT"), "windows-1252")
    assert found.observations[0].values["model"].name == "GERÄT Z30-A"
    assert [p.code for p in found.problems] == ["file.encoding"]


def test_it_is_recognised_with_and_without_a_declaration(tmp_path: Path) -> None:
    for text in (FUSION, OCS, SWITCH, DISCOVERY, f"\n<!-- made -->\n{FUSION}"):
        for encoding in ("utf-8", "utf-16"):
            path = tmp_path / "one.txt"
            path.write_bytes(text.encode(encoding))
            assert recognise(path, all_importers()) is IMPORTER
    for text in ("<html><request></html>", "<REQUEST>\n<QUERY", '{"deviceid": "<request><content>"}'):
        assert IMPORTER.recognises(text.encode()) is (text == "<REQUEST>\n<QUERY>")


def test_what_ocs_inventory_packs_is_unpacked_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nb-017.ocs"
    path.write_bytes(zlib.compress(OCS.encode()))
    assert recognise(path, all_importers()) is IMPORTER
    (found,) = readings(document_of(path))
    assert found.observations[0].values["name"] == "NB-017"
    for damaged, said in ((path.read_bytes()[:500], "is cut off"), (b"x\x9c" + b"\xff" * 50, "can't be unpacked")):
        with pytest.raises(FileProblem) as caught:
            readings(SourceDocument(damaged, "nb-017.ocs", ""))
        assert said in str(caught.value)
    monkeypatch.setattr("importers.agent_xml.importer.MOST", 1_000)
    with pytest.raises(FileProblem) as caught:
        readings(document_of(path))
    assert "is larger than" in str(caught.value)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB + FUSION.replace("LF014<", "&b;<"), "one.xml is XML with a document type or entities"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + FUSION, "one.xml is XML with a document type or entities"),
        ("<REQUEST><CONTENT>" + "<A>" * 5_000 + "</A>" * 5_000, "one.xml is no inventory: it is nested too deeply"),
        (FUSION[:900], "one.xml is cut off at line 15"),
        ("<REQUEST><DEVICEID>x</DEVICEID></REQUEST>", "it has no CONTENT"),
        ("<REQUEST><CONTENT></CONTENT></REQUEST>", "it has no DEVICEID"),
        (FUSION.replace("LF014<", "&#xD800;<"), "one.xml is not valid XML"),
        (FUSION.replace("LF014<", "&eacute;<"), "one.xml is not valid XML"),
        (SWITCH.replace("DEVICE>", "THING>"), "one.xml names no device"),
        ("   ", "one.xml is empty"),
    ],
)
def test_a_file_that_is_hostile_or_broken_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(FileProblem) as caught:
        read(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_numbers_of_thousands_of_digits_and_characters_that_nobody_sees_are_left_out() -> None:
    (found,) = read(FUSION.replace("7908", "9" * 5_000).replace("LF014<", "LF\x01014\u202e<"))
    assert ("memory" in found.observations[0].values, found.observations[0].values["name"]) == (False, "LF014")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("07/25/2014", "2014-07-25"), ("25/07/2014", "2014-07-25"), ("03/10/2021", "2021-10-03"),
        ("2024/05/06", "2024-05-06"), ("20240506", "2024-05-06"), ("2024-05-06 07:08", "2024-05-06 07:08:00"),
        ("2024-05-06T07:08:09Z", "2024-05-06 07:08:09"), ("Thu Mar 14 15:05:41 2013", "2013-03-14 15:05:41"),
        ("31/02/2024", ""), ("N/A", ""), ("BOOT_TIME", ""), ("9" * 5_000, ""), ("Thu Foo 14 15:05:41 2013", ""),
    ],
)  # fmt: skip
def test_days_as_agents_write_them(text: str, found: str) -> None:
    assert day(text) == found
    assert day("03/10/2021", month_first=True) == "2021-03-10"


def test_what_a_device_has_beside_the_format_and_why_it_did_not_answer_are_said() -> None:
    strip = SWITCH.replace("<FIRMWARES>", "<PDU><TYPE>C13</TYPE></PDU><FIRMWARES>", 1)
    (found,) = read(strip.replace("NETWORKING", "POWER").replace("Catalyst 2960-X", "Smart-UPS 1500"))
    assert [one.cls for one in found.observations] == ["ups"]
    assert [str(p.message) for p in found.problems] == [
        "The register has no place for these sections; they were left out: PDU."
    ]
    failed = "<ERROR><ID>7</ID><MESSAGE>No response from 10.0.0.9</MESSAGE><TYPE>NETWORKING</TYPE></ERROR>"
    (found,) = read(f"<REQUEST><CONTENT><DEVICE>{failed}</DEVICE></CONTENT><QUERY>SNMPQUERY</QUERY></REQUEST>")
    assert (found.observations, "The agent could not ask this device: No response from 10.0.0.9") == (
        [], str(found.problems[-1].message),
    )  # fmt: skip


def test_a_phone_of_an_agent_for_android() -> None:
    one = first(
        "<REQUEST><DEVICEID>p-1</DEVICEID><CONTENT><BIOS><SMANUFACTURER>Google</SMANUFACTURER><SMODEL>Pixel 7</SMODEL>"
        "<SSN>2A111FDH200ABC</SSN></BIOS><HARDWARE><NAME>Pixel</NAME><OSNAME>Android</OSNAME><OSVERSION>14</OSVERSION>"
        "</HARDWARE><NETWORKS><DESCRIPTION>wlan0</DESCRIPTION><MACADDR>8C:16:45:01:02:03</MACADDR>"
        "<IPADDRESS>10.1.2.3</IPADDRESS></NETWORKS><SIM><OPNAME>Example</OPNAME><SERIALNUMBER>8949</SERIALNUMBER>"
        "<DEVICEID>356938035643809</DEVICEID></SIM><SOFTWARES><NAME>Camera</NAME></SOFTWARES>"
        "<VERSIONCLIENT>OCS-NG_Android_agent_v2.5</VERSIONCLIENT></CONTENT></REQUEST>"
    )
    names = ("name", "serial_number", "os_version", "imei", "carrier", "sim_number", "ip_address", "mac_address")
    assert (one.cls, *(one.values.get(name) for name in names)) == (
        "phone", "Pixel", "2A111FDH200ABC", "14", "356938035643809", "Example", "8949", "10.1.2.3", "8c:16:45:01:02:03",
    )  # fmt: skip
    assert one.details["software_details"] == [{"name": "Camera"}]
