"""What each subject reads of the machines' captures."""

from __future__ import annotations

from typing import Any

import pytest

from importers.captures.capture import Capture, CaptureSection
from importers.captures.document import document
from importers.captures.windows import content
from importers.inventory import reading
from importers.inventory.constraints import violations
from tests.importers.captures.windows.machines import ANNA, BEN, MACHINES, machine, one, rows_of


def _outcome(capture: Capture, name: str) -> dict[str, Any]:
    return next(one for one in content(capture)["terrier"]["collectors"] if one["name"] == name)


@pytest.mark.parametrize("name", MACHINES)
def test_the_document_of_every_machine_has_glpi_s_form_and_no_parser_failed(name: str) -> None:
    found = document(machine(name))
    assert violations(found) == []
    assert [one for one in found["content"]["terrier"]["collectors"] if one["state"] == "failed"] == []


def test_the_machine_and_its_firmware() -> None:
    laptop = content(machine("laptop"))
    assert laptop["bios"]["ssn"] == "PF3XYZ12"
    assert laptop["bios"]["bdate"] == "2023-09-07"
    assert laptop["bios"]["secure_boot"] == "enabled"
    assert laptop["hardware"]["name"] == "nb-0042"
    assert laptop["hardware"]["chassis_type"] == "Notebook"
    name = "ThinkPad X1 Carbon Gen 10"
    assert laptop["terrier"]["system"] == {"firmware": "UEFI", "family": name, "product_version": name, "tpm": "2"}
    german = content(machine("german"))
    assert german["bios"]["secure_boot"] == "unsupported"
    assert german["bios"]["bdate"] == "2022-03-15"
    assert "tpm" not in german["terrier"]["system"]
    assert content(machine("server"))["terrier"]["system"]["tpm"] == "2"
    guest = one("server", "computer-system", Manufacturer="Microsoft Corporation", Model="Virtual Machine")
    assert content(machine("server", computer_system=guest))["hardware"]["vmsystem"] == "Hyper-V"


@pytest.mark.parametrize(
    ("name", "full_name", "version", "build", "arch", "installed"),
    [
        ("laptop", "Microsoft Windows 11 Pro", "23H2", "22631.2861", "x86_64", "2023-11-15 09:12:30"),
        ("german", "Microsoft Windows 11 Home", "23H2", "22631.3007", "x86_64", "2023-04-05 09:15:00"),
        ("server", "Microsoft Windows Server 2022 Standard", "21H2", "20348.2113", "x86_64", "2022-06-01 11:00:00"),
        ("tablet", "Microsoft Windows 11 Enterprise", "23H2", "22631.2861", "aarch64", "2023-11-15 09:12:30"),
        ("old", "Microsoft Windows 10 Pro", "1507", "10240.16384", "i686", "2015-12-13 09:46:40"),
    ],
)
def test_operating_systems(name: str, full_name: str, version: str, build: str, arch: str, installed: str) -> None:
    found = content(machine(name))
    system = found["operatingsystem"]
    assert (system["full_name"], system["version"], system["arch"]) == (full_name, version, arch)
    assert system["install_date"] == installed
    assert found["terrier"]["operating_system"]["build"] == build


def test_an_edition_is_told_in_english_whatever_windows_speaks() -> None:
    caption = one("laptop", "operating-system", Caption="Microsoft Windows 11 Famille")
    version = one("laptop", "windows-version", EditionID="Core")
    found = content(machine("laptop", operating_system=caption, windows_version=version))
    assert found["operatingsystem"]["full_name"] == "Microsoft Windows 11 Home"
    unknown = one("laptop", "windows-version", EditionID="NotYetMade")
    found = content(machine("laptop", operating_system=caption, windows_version=unknown))
    assert found["operatingsystem"]["full_name"] == "Microsoft Windows 11 Famille"


def test_domain_workgroup_and_directory() -> None:
    laptop, german, tablet = (content(machine(name)) for name in ("laptop", "german", "tablet"))
    assert laptop["hardware"]["workgroup"] == "corp.example.com"
    assert laptop["operatingsystem"]["fqdn"] == "nb-0042.corp.example.com"
    assert german["hardware"]["workgroup"] == "ARBEITSGRUPPE"
    assert "fqdn" not in german["operatingsystem"]
    assert tablet["terrier"]["operating_system"]["tenant"] == "11111111-2222-3333-4444-555555555555"


def test_processors_and_memory() -> None:
    server = content(machine("server"))
    assert [(cpu["core"], cpu["thread"]) for cpu in server["cpus"]] == [(16, 32), (16, 32)]
    assert server["hardware"]["memory"] == 131072
    assert server["memories"][0]["memorycorrection"] == "Multi-bit ECC"
    old = content(machine("old"))
    assert (old["hardware"]["memory"], "memories" in old) == (3242, False)
    assert content(machine("german"))["cpus"][0]["name"] == "AMD Ryzen 5 5600X 6-Core Processor"


def test_disks_volumes_and_their_encryption() -> None:
    laptop, server, old = (content(machine(name)) for name in ("laptop", "server", "old"))
    assert laptop["storages"][0]["serial"] == "S64KNF0T123456"
    bare = one("laptop", "disks", AdapterSerialNumber=None)
    assert content(machine("laptop", disks=bare))["storages"][0]["serial"] == "0025_388B_11A2_C301"
    assert laptop["terrier"]["disks"][0]["medium"] == "solid state"
    assert (laptop["drives"][0]["encrypt_status"], laptop["drives"][0]["systemdrive"]) == ("Yes", True)
    assert server["drives"][0]["encrypt_algo"] == "XTS-AES-256"
    assert server["terrier"]["disks"][0]["hours"] == 12345
    assert [disk["serial"] for disk in old["storages"]] == ["WD-WCC2E1234567", "AA00"]
    assert [disk["removable"] for disk in old["terrier"]["disks"]] == [False, True]
    assert "manufacturer" not in old["storages"][0]
    assert "encrypt_status" not in old["drives"][0]


def test_network_adapters_and_which_are_built_in() -> None:
    found = content(machine("laptop"))
    assert [(one["description"], one.get("ipaddress", "")) for one in found["networks"]] == [
        ("Intel(R) Wi-Fi 6E AX211 160MHz", "10.20.30.42"),
        ("Intel(R) Wi-Fi 6E AX211 160MHz", ""),
        ("Lenovo USB Ethernet", ""),
        ("Hyper-V Virtual Ethernet Adapter", ""),
    ]
    assert [one["built_in"] for one in found["terrier"]["interfaces"]] == [True, False, False]
    assert found["networks"][0]["ipsubnet"] == "10.20.30.0"
    assert found["hardware"]["defaultgateway"] == "10.20.30.1"
    assert found["terrier"]["leased_addresses"] == ["10.20.30.42"]
    assert [route["destination"] for route in found["terrier"]["routes"]] == ["0.0.0.0"]
    old = content(machine("old"))
    assert old["networks"][0]["mac"] == "90:1b:0e:00:00:05"


def test_ports_and_connections_are_grouped_by_what_lasts() -> None:
    own = content(machine("laptop"))["terrier"]
    assert [(one["protocol"], one["port"], one["address"]) for one in own["listening_ports"]] == [
        ("tcp", 445, "0.0.0.0"),
        ("udp", 5353, "fe80::1c2d"),
    ]
    incoming, outgoing = own["connections"]
    assert (incoming["direction"], incoming["local_port"]) == ("in", 445)
    assert (outgoing["remote_port"], outgoing["count"], outgoing["program"]) == (1433, 2, "C:\\ERP\\erp.exe")


def test_displays_printers_and_batteries() -> None:
    found = content(machine("laptop"))
    assert [(one.get("serial"), one["port"]) for one in found["monitors"]] == [(None, "eDP"), ("7K2N9H3", "DP")]
    assert found["monitors"][1]["manufacturer"] == "Dell"
    assert [(one["name"], one["network"]) for one in found["printers"]] == [
        ("Microsoft Print to PDF", False),
        ("\\\\print01\\Floor 2", True),
    ]
    battery = found["batteries"][0]
    assert (battery["capacity"], battery["real_capacity"], battery["chemistry"]) == (57000, 51230, "Li-poly")
    assert found["terrier"]["batteries"][0]["cycles"] == 214


def test_devices_are_without_hubs_interfaces_and_the_places_of_plugs() -> None:
    found = content(machine("laptop"))
    assert [(one["vendorid"], one.get("serial")) for one in found["usbdevices"]] == [
        ("046d", None),
        ("0781", "4C530001230518117264"),
    ]
    assert "manufacturer" not in found["usbdevices"][0]
    assert found["controllers"][0]["pcisubsystemid"] == "17aa:22e7"


def test_guests_of_hyper_v() -> None:
    server = content(machine("server"))
    assert [(g["name"], g["vcpu"], g["memory"], g["status"], g.get("mac")) for g in server["virtualmachines"]] == [
        ("web01", 4, 8192, "running", "00:15:5d:0a:00:01"),
        ("sql01", 8, 32768, "running", "00:15:5d:0a:00:02"),
        ("old-test", 2, 4096, "off", None),
    ]
    assert server["virtualmachines"][0]["serial"] == "7150-0000-0000"


def test_accounts_and_who_uses_the_machine_most() -> None:
    laptop = content(machine("laptop"))
    assert laptop["terrier"]["main_user"] == {"login": "anna", "name": "Anna Example"}
    assert laptop["users"] == [{"login": "anna", "domain": "CORP"}]
    assert laptop["hardware"]["lastloggeduser"] == "CORP\\anna"
    assert content(machine("german"))["terrier"]["main_user"] == {"login": "Jörg", "name": "Jörg Müller"}
    assert content(machine("tablet"))["terrier"]["main_user"] == {"login": "CleoExample", "name": "Cleo Example"}
    assert content(machine("old"))["terrier"]["main_user"] == {"login": "kasse"}
    assert "main_user" not in content(machine("server"))["terrier"]  # an administrator's account is no person
    assert content(machine("german"))["local_groups"][0]["id"] == "S-1-5-32-544"


def test_the_one_who_logged_on_most_often_counts_not_the_last_one() -> None:
    profiles = [
        {"Sid": sid, "Path": f"C:\\Users\\{name}", "Loaded": True} for sid, name in ((ANNA, "anna"), (BEN, "ben"))
    ]
    logons = [
        {"Sid": ANNA, "Count": 3, "Latest": "2026-11-30T06:46:00Z"},
        {"Sid": BEN, "Count": 30, "Latest": "2026-11-01T06:46:00Z"},
    ]
    found = content(machine("laptop", profiles=profiles, logons=logons))
    assert found["terrier"]["main_user"]["login"] == "ben"
    loaded = [
        {**one, "LocalProfileLoadTimeHigh": 31_290_000 + at, "LocalProfileLoadTimeLow": 0}
        for at, one in enumerate(profiles)
    ]
    assert content(machine("laptop", profiles=loaded, logons=[]))["terrier"]["main_user"]["login"] == "ben"
    assert content(machine("laptop", profiles=profiles, logons=[]))["terrier"]["main_user"]["login"] == "anna"


def test_software_of_every_scope() -> None:
    found = content(machine("laptop"))["softwares"]
    assert [(one["name"], one.get("username"), one["from"]) for one in found] == [
        ("7-Zip 23.01 (x64)", None, "registry"),
        ("Mozilla Firefox (x64 en-US)", None, "registry"),
        ("Notepad++ (32-bit x86)", None, "registry"),
        ("Visual Studio Code (User)", "anna", "registry"),
        ("SpotifyAB.SpotifyMusic_zpdnekdrzrea0", "anna", "appx"),
        ("KB5032190", None, "registry"),
    ]
    assert found[0]["filesize"] == 5632 * 1024
    assert found[-1]["release_type"] == "Update"


def test_the_software_of_who_is_away_is_not_gone() -> None:
    assert _outcome(machine("laptop"), "programs")["incomplete"] == ["user_softwares"]  # no administrator
    server = machine("server")
    assert _outcome(server, "programs")["incomplete"] == ["user_softwares"]  # Ben's settings are not loaded
    here = [{"Sid": BEN, "Path": "C:\\Users\\ben", "Loaded": True}]
    assert "incomplete" not in _outcome(machine("server", profiles=here), "programs")


def test_activation_has_channel_state_and_the_last_five_characters() -> None:
    found = content(machine("laptop"))
    windows, office = found["licenseinfos"]
    assert windows["key"] == "XXXXX-XXXXX-XXXXX-XXXXX-3V66T"
    assert office["name"] == "O365ProPlusRetail"
    assert found["terrier"]["licences"] == [
        {"name": "Windows(R), Professional edition", "channel": "OEM:DM", "status": "licensed"}
    ]


def test_sql_server_is_told_with_its_editions() -> None:
    server = content(machine("server"))
    assert [
        (one["name"], one["version"], one.get("port"), one["is_active"]) for one in server["databases_services"]
    ] == [
        ("MSSQLSERVER", "16.0.4105.2", 1433, True),
        ("BACKUP", "15.0.4345.5", None, False),
    ]
    assert [one["name"] for one in server["softwares"] if "SQL" in one["name"]] == [
        "Microsoft SQL Server 2022 Standard Edition",
        "Microsoft SQL Server 2019 Express Edition",
    ]


def test_services_tasks_and_processes_have_no_arguments() -> None:
    services = one("laptop", "services", PathName='"C:\\A B\\a.exe" --password secret')
    tasks = one("laptop", "scheduled-tasks", Execute="C:\\Tools\\backup.exe /key secret")
    own = content(machine("laptop", services=services, scheduled_tasks=tasks))
    assert "secret" not in str(own)
    first, second = own["terrier"]["services"]
    assert (first["program"], first["start"], first["state"]) == ("C:\\A B\\a.exe", "automatic", "running")
    assert (second["start"], second["state"]) == ("automatic, delayed", "stopped")
    task = own["terrier"]["scheduled_jobs"][0]
    assert (task["schedule"], task["program"], task["enabled"]) == ("daily 22:30", "C:\\Tools\\backup.exe", True)
    assert [one["cmd"] for one in own["processes"]] == ["System", "C:\\ERP\\erp.exe"]


def test_security() -> None:
    laptop, server = content(machine("laptop")), content(machine("server"))
    assert [(one["profile"], one["status"]) for one in laptop["firewalls"]] == [
        ("domain", "on"),  # a policy says so
        ("private", "on"),
        ("public", "on"),
    ]
    assert (laptop["antivirus"][0]["enabled"], laptop["antivirus"][0]["uptodate"]) == (True, True)
    assert laptop["antivirus"][0]["base_creation"] == "2026-11-29"
    assert server["antivirus"][0]["name"] == "Microsoft Defender Antivirus"
    assert laptop["terrier"]["security"] == {
        "restart_required": True,
        "automatic_updates": True,
        "pending": {"updates": 3, "security_updates": 1},
        "screen_lock": True,
        "screen_lock_after": 900,
    }
    lock = {"ScreenSaveActive": "1", "ScreenSaverIsSecure": "0", "ScreenSaveTimeOut": "600"}
    unlocked = content(machine("laptop", screen_lock=[lock]))["terrier"]["security"]
    assert (unlocked["screen_lock"], "screen_lock_after" in unlocked) == (False, False)
    asking = content(machine("laptop", screen_lock=[{**lock, "ScreenSaverIsSecure": "1"}]))["terrier"]["security"]
    assert (asking["screen_lock"], asking["screen_lock_after"]) == (True, 600)
    off = [{"displayName": "Other", "instanceGuid": "{1}", "productState": 262160}]
    found = content(machine("laptop", antivirus=off))["antivirus"][0]
    assert (found["enabled"], found["uptodate"]) == (False, False)


def test_features_are_named_as_in_every_language() -> None:
    assert content(machine("laptop"))["terrier"]["features"] == [{"name": "NetFx4-AdvSrvs"}, {"name": "SMB1Protocol"}]


def test_what_an_administrator_would_get_is_listed_and_incomplete() -> None:
    ports = _outcome(machine("laptop"), "ports and connections")
    assert ports["elevate"] == ["which programs own the ports and connections of other users",
                                "processes of other users"]  # fmt: skip
    assert ports["incomplete"] == ["terrier.listening_ports", "terrier.connections"]
    assert _outcome(machine("laptop"), "storage")["complete"] == ["storages", "drives"]
    assert "elevate" not in _outcome(machine("server"), "storage")


def test_missing_classes_leave_their_sections_incomplete() -> None:
    assert _outcome(machine("old"), "security")["incomplete"] == ["firewalls", "antivirus", "terrier.security"]
    assert _outcome(machine("old"), "features")["state"] == "absent"
    assert _outcome(machine("old"), "features")["incomplete"] == ["terrier.features"]


TAG_2015 = (
    '<?xml version="1.0" encoding="utf-8"?><SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd"'
    ' name="Editor" tagId="example.com-editor-2" version="2.1"><Entity name="Example" regid="example.com"'
    ' role="tagCreator softwareCreator"/></SoftwareIdentity>'
)
TAG_2009 = (
    '<swid:software_identification_tag xmlns:swid="http://standards.iso.org/iso/19770/-2/2009/schema.xsd">'
    "<swid:product_title>Windows 10 Pro</swid:product_title><swid:product_version><swid:name>10.0</swid:name>"
    "</swid:product_version><swid:software_creator><swid:name>Microsoft Corporation</swid:name></swid:software_creator>"
    "<swid:software_id><swid:unique_id>Windows-10-Pro</swid:unique_id></swid:software_id></swid:software_identification_tag>"
)


def test_software_tags_of_both_standards_and_none_that_is_hostile() -> None:
    hostile = '<!DOCTYPE a [<!ENTITY b "c">]><SoftwareIdentity name="&b;"/>'
    installer = '<SoftwareIdentity name="Setup" corpus="true"/>'
    texts = [
        TAG_2015,
        "\ufeff" + TAG_2009,
        installer,
        hostile,
        "<a" * 9,
        "",
        "<SoftwareIdentity name='x'>" + "<b>" * 99,
    ]
    found = content(machine("laptop", swid_tags=[{"Path": "C:\\a.swidtag", "Text": one} for one in texts]))
    assert found["terrier"]["software_tags"] == [
        {"name": "Editor", "version": "2.1", "publisher": "Example", "tag_id": "example.com-editor-2"},
        {
            "name": "Windows 10 Pro",
            "version": "10.0",
            "publisher": "Microsoft Corporation",
            "tag_id": "Windows-10-Pro",
        },
        {"name": "Setup", "corpus": True},
    ]


ODD = (
    None,
    True,
    -1,
    1 << 70,
    1.5,
    "",
    "x",
    "\0",
    "\ud83d",
    ["a"],
    {"b": 1},
    [None],
    [{}],
    [[1]],
    "9" * 30,
    "1/1/2023",
    "<b>",
)


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_windows_answers_no_parser_fails_and_the_form_is_kept(odd: object) -> None:
    changed = {
        section.replace("-", "_"): [dict.fromkeys(row, odd) for row in rows_of("server", section)]
        for section, one in machine("server").sections.items()
        if one.content
    }
    found = document(machine("server", **changed))
    assert [one for one in found["content"]["terrier"]["collectors"] if one["state"] == "failed"] == []
    assert violations(found) == []
    reading(found)


def test_arguments_are_there_only_where_they_were_asked_for() -> None:
    line = '[{"ProcessId": 4, "CommandLine": null}, {"ProcessId": 7, "CommandLine": "backup.exe /p secret"}]'
    laptop = machine("laptop")
    sections = {**laptop.sections, "command-lines": CaptureSection("collected", content=line)}
    asked = content(laptop._replace(sections=sections))
    assert asked["terrier"]["command_lines"] == [{"pid": 7, "command_line": "backup.exe /p secret"}]
    assert _outcome(laptop._replace(sections=sections), "command lines")["state"] == "collected"
    assert "command lines" not in {one["name"] for one in content(laptop)["terrier"]["collectors"]}
