"""A scan of Windows takes the capture that the script takes: held to the script's examples, its parts stood in for."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from importers.captures.capture import Capture, CaptureSection, write
from importers.captures.windows import content
from importers.discovery.collector import FAILED, TIMED_OUT
from importers.discovery.host import Host, Probe
from importers.discovery.registry import collectors
from importers.discovery.runner import run
from importers.discovery.windows._machine import capture
from importers.discovery.windows._processes import processes, tcp, udp
from importers.discovery.windows._registry import MACHINE, USER, USERS, sections
from importers.discovery.windows._script import answered, command, script
from tests.importers.captures.windows.machines import MACHINES, machine, rows_of

WINDOWS = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
NT = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
CONTROL = "SYSTEM\\CurrentControlSet\\Control"
PROGRAMS = ("Microsoft", "WOW6432Node\\Microsoft")


class RegistryTree:
    """A registry as a test has it: key → values, for 64 and 32 bits; parents are there by their children."""

    def __init__(self, refused: Iterable[str] = ()) -> None:
        self.keys: dict[tuple[int, str, str], dict[str, Any]] = {}
        self.refused = tuple(refused)

    def put(self, path: str, values: dict[str, Any], hive: str = MACHINE, bits: tuple[int, ...] = (64, 32)) -> None:
        for one in bits:
            self.keys.setdefault((one, hive, path), {}).update({k: v for k, v in values.items() if v is not None})

    def names(self, hive: str, path: str, bits: int = 64) -> list[str] | None:
        self._check(path)
        prefix = path + "\\" if path else ""
        below = [key for one, root, key in self.keys if one == bits and root == hive and key.startswith(prefix)]
        if not below and (bits, hive, path) not in self.keys:
            return None
        return list(dict.fromkeys(key[len(prefix) :].partition("\\")[0] for key in below))

    def values(self, hive: str, path: str, bits: int = 64) -> dict[str, Any]:
        self._check(path)
        return self.keys.get((bits, hive, path), {})

    def _check(self, path: str) -> None:
        if path.startswith(self.refused or "\0"):
            raise PermissionError(path)


def registry(name: str) -> RegistryTree:
    """The registry of the machine of an example."""
    tree = RegistryTree()
    first = {section: next(iter(rows), {}) for section in _OWN if (rows := _rows(name, section))}
    told = {section: first.get(section, {}) for section in _OWN}
    tree.put(CONTROL + "\\SecureBoot\\State", {"UEFISecureBootEnabled": told["firmware"].get("SecureBoot")})
    tree.put(CONTROL, {"PEFirmwareType": told["firmware"].get("FirmwareType")})
    bits = "x86" if name == "old" else "AMD64"
    tree.put(CONTROL + "\\Session Manager\\Environment", {"PROCESSOR_ARCHITECTURE": bits})
    version = dict(told["windows-version"])
    tree.put("SOFTWARE\\Microsoft\\Cryptography", {"MachineGuid": version.pop("MachineGuid")})
    tree.put(NT, version)
    network = {"Hostname": told["join"].get("HostName"), "NV Domain": told["join"].get("Domain")}
    tree.put("SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters", network)
    for at, joined in enumerate(told["join"].get("JoinInfo", ())):
        tree.put(f"{CONTROL}\\CloudDomainJoin\\JoinInfo\\{at}", joined)
    for one in _rows(name, "edids"):
        key = f"SYSTEM\\CurrentControlSet\\Enum\\{one['InstanceName']}\\Device Parameters"
        tree.put(key, {"EDID": b64decode(one["Edid"])})
    _put_people(tree, name, told)
    _put_software(tree, name, told)
    for one in _rows(name, "firewall"):
        base = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy"
        tree.put(f"{base}\\{one['Profile']}", {"EnableFirewall": one["EnableFirewall"]})
        policy = f"SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\{one['Profile']}"
        tree.put(policy, {"EnableFirewall": one["Policy"]})
    if told["restart"].get("Updates"):
        tree.put(WINDOWS + "\\WindowsUpdate\\Auto Update\\RebootRequired", {})
    tree.put("SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU", told["windows-update"])
    lock = dict(told["screen-lock"])
    tree.put(WINDOWS + "\\Policies\\System", {"InactivityTimeoutSecs": lock.pop("InactivityTimeoutSecs", None)})
    tree.put("Control Panel\\Desktop", lock, USER)
    return tree


def _put_people(tree: RegistryTree, name: str, told: dict[str, Any]) -> None:
    for one in _rows(name, "profiles"):
        values = {key: value for key, value in one.items() if key.startswith("Local")}
        tree.put(f"{NT}\\ProfileList\\{one['Sid']}", {**values, "ProfileImagePath": one["Path"]})
        if one["Loaded"]:
            tree.put(f"{one['Sid']}\\Software", {}, USERS)
    logon = WINDOWS + "\\Authentication\\LogonUI"
    tree.put(logon, told["last-logon"])
    for at, one in enumerate(_rows(name, "sessions")):
        values = {
            "LoggedOnSAMUser": one["User"],
            "LoggedOnUserSID": one["Sid"],
            "LoggedOnDisplayName": one["DisplayName"],
        }
        tree.put(f"{logon}\\SessionData\\{at}", values)


def _put_software(tree: RegistryTree, name: str, told: dict[str, Any]) -> None:
    for section, bits in (("software-64", 64), ("software-32", 32)):
        for one in _rows(name, section):
            tree.put(f"{WINDOWS}\\Uninstall\\{one['Key']}", one, bits=(bits,))
    for one in _rows(name, "software-users"):
        key = f"{one['Sid']}\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{one['Key']}"
        tree.put(key, one, USERS)
    tree.put("SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration", told["office"])
    base = "SOFTWARE\\Microsoft\\Microsoft SQL Server"
    for one in _rows(name, "sql-instances"):
        tree.put(base + "\\Instance Names\\SQL", {one["Name"]: f"MSSQL.{one['Name']}"})
        own = f"{base}\\MSSQL.{one['Name']}"
        tree.put(f"{own}\\Setup", {**one, "SQLPath": one.get("Path")})
        tree.put(f"{own}\\MSSQLServer\\SuperSocketNetLib\\Tcp\\IPAll", {"TcpPort": one["TcpPort"]})


def _rows(name: str, section: str) -> list[dict[str, Any]]:
    return rows_of(name, section) if machine(name).content(section) else []


_OWN = tuple(sections(RegistryTree()))


def _taken(name: str, tree: RegistryTree | None = None) -> Capture:
    """The capture that a scan takes: the registry is the test's, PowerShell answers what the example holds."""
    told = machine(name).sections

    def script(names: Iterable[str]) -> dict[str, CaptureSection]:
        return {one: told.get(one, CaptureSection(FAILED)) for one in names}

    return capture(tree or registry(name), dict, script)


@pytest.mark.parametrize("name", MACHINES)
def test_a_scan_and_the_script_read_the_same_of_a_machine(name: str) -> None:
    scanned, taken = content(_taken(name)), content(machine(name))
    outcomes = scanned["terrier"].pop("collectors"), taken["terrier"].pop("collectors")
    assert scanned == taken
    if name == "server":  # of an administrator: the others may not read what the script's user may not
        assert [(one["name"], one.get("complete")) for one in outcomes[0]] == [
            (one["name"], one.get("complete")) for one in outcomes[1]
        ]


def test_what_may_not_be_read_is_said_and_the_rest_is_read() -> None:
    tree = registry("laptop")
    other = "S-1-5-21-1-2-3-1001"
    tree.put(f"{other}\\Software", {}, USERS)
    tree.refused = (other, WINDOWS + "\\Uninstall")
    found = sections(tree)
    assert found["software-64"].outcome == "not permitted"
    assert found["software-users"].elevate == ("software that other users installed for themselves",)
    assert found["windows-version"].outcome == "collected"
    assert sections(registry("server"))["software-users"].elevate == ()


def test_the_collectors_are_the_subjects_of_a_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = machine("old", tcp=CaptureSection(TIMED_OUT), udp=CaptureSection(TIMED_OUT))
    monkeypatch.setattr("importers.discovery.windows.subjects.taken", lambda probe: taken)
    host = Host("/nowhere")
    found = {outcome.name: outcome for outcome, _ in run(collectors("windows"), host)}
    told = {one["name"]: one for one in content(taken)["terrier"]["collectors"]}
    assert {name: one.state for name, one in found.items()} == {name: one["state"] for name, one in told.items()}
    for name, one in found.items():
        assert list(one.complete) == told[name].get("complete", []), name
    assert found["ports and connections"].state == TIMED_OUT


def test_a_capture_is_taken_once_for_all_collectors() -> None:
    host, made = Host("/nowhere"), []
    for _ in range(3):
        assert Probe(host).host.once("capture", lambda: made.append(1) or len(made)) == 1  # type: ignore[func-returns-value]


def test_processes_and_sockets_of_psutil() -> None:
    memory = SimpleNamespace(rss=2048, vms=4096)
    listed = [
        {"pid": 7, "name": "erp.exe", "exe": "C:\\ERP\\erp.exe", "username": "CORP\\anna", "create_time": 0.5,
         "memory_info": memory},
        {"pid": 4, "name": "System", "exe": "", "username": None, "create_time": None, "memory_info": None},
    ]  # fmt: skip
    assert processes(listed) == [
        {"ProcessId": 7, "Name": "erp.exe", "ExecutablePath": "C:\\ERP\\erp.exe", "User": "CORP\\anna",
         "CreationDate": "1970-01-01T00:00:00Z", "WorkingSetSize": 2048, "VirtualSize": 4096},
        {"ProcessId": 4, "Name": "System"},
    ]  # fmt: skip
    here, there = SimpleNamespace(ip="10.0.0.1", port=445), SimpleNamespace(ip="10.0.0.2", port=50000)
    sockets = [
        SimpleNamespace(status="LISTEN", laddr=here, raddr=(), pid=4),
        SimpleNamespace(status="ESTABLISHED", laddr=here, raddr=there, pid=4),
        SimpleNamespace(status="TIME_WAIT", laddr=here, raddr=there, pid=0),
    ]
    assert [(one["State"], one.get("RemotePort")) for one in tcp(sockets)] == [(2, None), (5, 50000)]
    assert udp(sockets[:1]) == [{"LocalAddress": "10.0.0.1", "LocalPort": 445, "OwningProcess": 4}]


def test_powershell_is_asked_by_the_script_and_what_it_does_not_answer_has_failed(tmp_path: Path) -> None:
    assert b"Write-Section" in script()
    words = command(tmp_path / "terrier-scan.ps1", ["memory", "disks"], tmp_path / "scan.capture")
    assert words[words.index("-Sections") + 1] == "memory,disks"
    out = tmp_path / "scan.capture"
    assert answered(["memory"], out, TIMED_OUT)["memory"].outcome == TIMED_OUT
    out.write_text(write(Capture("windows", "2026-11-30T17:26:22Z", {"memory": CaptureSection("collected", 1.0)})))
    assert {name: one.outcome for name, one in answered(["memory", "disks"], out, FAILED).items()} == {
        "memory": "collected",
        "disks": FAILED,
    }
