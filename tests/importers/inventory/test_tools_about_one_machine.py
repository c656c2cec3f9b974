"""Several tools about one machine: one record with the same values, a source for each tool, and nothing emptied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.import_proposal import propose, read_files
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import create_estate

UUID = "34333638-3234-5a43-4a38-343230414243"
MAC = "0c:c4:7a:01:02:03"
GLPI: dict[str, Any] = {
    "deviceid": "web01-2026-01-01-10-00-00", "itemtype": "Computer", "action": "inventory",
    "content": {
        "versionclient": "GLPI-Agent_v1.11", "accesslog": {"logdate": "2026-03-01 10:00:00"},
        "bios": {"ssn": "CZJ8420ABC", "smanufacturer": "HPE", "smodel": "ProLiant BL460c Gen10"},
        "hardware": {"name": "web01", "uuid": UUID.upper(), "memory": 16384, "vmsystem": "Physical",
                     "chassis_type": "Blade"},
        "networks": [{"description": "eno1", "mac": MAC, "ipaddress": "10.1.2.3", "type": "ethernet"}],
        "softwares": [{"name": "bash", "version": "5.2", "publisher": "Debian", "from": "deb"}],
    },
}  # fmt: skip
PARTIAL = {
    "deviceid": GLPI["deviceid"], "itemtype": "Computer", "partial": True,
    "content": {"versionclient": "GLPI-Agent_v1.12", "hardware": {"name": "web01", "uuid": UUID},
                "antivirus": [{"name": "ClamAV", "enabled": True}]},
}  # fmt: skip
XML = f"""<REQUEST><CONTENT>
<BIOS><SMANUFACTURER>HPE</SMANUFACTURER><SMODEL>ProLiant BL460c Gen10</SMODEL><SSN>CZJ8420ABC</SSN></BIOS>
<HARDWARE><NAME>web01</NAME><UUID>{UUID}</UUID><MEMORY>16384</MEMORY><CHASSIS_TYPE>Blade</CHASSIS_TYPE></HARDWARE>
<NETWORKS><DESCRIPTION>eno1</DESCRIPTION><MACADDR>{MAC}</MACADDR><IPADDRESS>10.1.2.3</IPADDRESS></NETWORKS>
<VERSIONCLIENT>FusionInventory-Agent_v2.6</VERSIONCLIENT></CONTENT><DEVICEID>web01-2020</DEVICEID></REQUEST>"""
FACTS = {
    "facterversion": "5.1.0", "is_virtual": False,
    "dmi": {"manufacturer": "HPE", "chassis": {"type": "Blade"},
            "product": {"name": "ProLiant BL460c Gen10", "serial_number": "CZJ8420ABC", "uuid": UUID}},
    "memory": {"system": {"total_bytes": 16384 << 20}},
    "networking": {"hostname": "web01", "interfaces": {"eno1": {"mac": MAC, "ip": "10.1.2.3"}}},
}  # fmt: skip
OSQUERY = {
    "system_info": [{"hostname": "web01", "uuid": UUID, "hardware_serial": "CZJ8420ABC", "hardware_vendor": "HPE",
                     "hardware_model": "ProLiant BL460c Gen10", "physical_memory": str(16384 << 20)}],
}  # fmt: skip
LSHW = {
    "id": "web01", "class": "system", "claimed": True, "description": "Blade", "vendor": "HPE", "serial": "CZJ8420ABC",
    "product": "ProLiant BL460c Gen10", "configuration": {"uuid": UUID},
}  # fmt: skip
DMI = f"""# dmidecode 3.4
Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: HPE
\tProduct Name: ProLiant BL460c Gen10
\tSerial Number: CZJ8420ABC
\tUUID: {UUID}

Handle 0x0003, DMI type 3, 21 bytes
Chassis Information
\tType: Blade

Handle 0x0011, DMI type 17, 84 bytes
Memory Device
\tSize: 16 GB
"""


def test_one_machine_by_seven_tools_is_one_record_with_the_same_values(tmp_path: Path) -> None:
    files = {
        "glpi.json": json.dumps(GLPI).encode("utf-16"), "partial.json": json.dumps(PARTIAL).encode(),
        "fusion.xml": XML.encode(), "facts.json": json.dumps(FACTS).encode(), "dmi.txt": DMI.encode(),
        "osquery.json": json.dumps(OSQUERY).encode(), "lshw.json": json.dumps(LSHW).encode(),
    }  # fmt: skip
    store = create_estate(tmp_path / "one.terrier")
    try:
        for name, content in files.items():
            path = tmp_path / name
            path.write_bytes(content)
            proposal = propose(store, read_files([path], store.schema)[0], "tester")
            assert (proposal.created > 0) is (name == "glpi.json"), name
            assert [str(p.message) for p in proposal.problems] == [], name
            store.apply(proposal.revision)
        with store.read() as reader:
            (one,) = reader.page(Selection("computer"))
            keys = ("serial_number", "uuid", "memory", "mac_address", "ip_address")
            values = {key: one.values.get(key) for key in keys}
            sources = {claim.source for claims in reader.claims(one.uid).values() for claim in claims}
            software = list(reader.installed_on([one.uid]))
    finally:
        store.close()
    assert (one.cls, one.name, values) == (
        "server", "web01",
        {"serial_number": "CZJ8420ABC", "uuid": UUID, "memory": 16384, "mac_address": MAC, "ip_address": "10.1.2.3"},
    )  # fmt: skip
    assert sorted(sources) == [
        "scan:FusionInventory-Agent web01-2020", "scan:GLPI-Agent web01-2026-01-01-10-00-00",
        "scan:dmidecode CZJ8420ABC", "scan:facter web01", "scan:lshw web01", "scan:osquery web01",
    ]  # fmt: skip
    assert len(software) == 1, "what a tool does not carry, it does not empty"
