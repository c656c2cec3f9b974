"""This machine as other programs see it: packages, ports, processors and memory. Skipped where they are missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from importers.discovery.collector import Collector, Content
from importers.discovery.host import Host, Probe
from importers.discovery.linux import connections, deb, memory, network, processes, processors, storage, system
from importers.discovery.runner import run


def of_this_machine(collector: Collector) -> Content:
    return run([collector], Host())[0][1]


def asked(*command: str) -> str:
    """The answer of a program; the test is skipped where it is missing or has none."""
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
    if done.returncode or not done.stdout.strip():
        pytest.skip(f"{command[0]} does not answer here")
    return done.stdout


def test_the_packages_are_those_of_dpkg_query() -> None:
    listed = asked("dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\n")
    wanted = {tuple(line.split("\t")[1:]) for line in listed.splitlines() if line.startswith("installed\t")}
    found = of_this_machine(deb.COLLECTOR)["softwares"]
    assert {(one["name"], one["version"], one["arch"]) for one in found} == wanted


def ports_of_ss() -> set[tuple[str, int]]:
    found = set()
    for line in asked("ss", "-H", "-l", "-t", "-n").splitlines():
        address, _, port = line.split()[3].rpartition(":")
        found.add((address.strip("[]").partition("%")[0].replace("*", "::"), int(port)))
    return found


def test_the_listening_ports_are_those_of_ss() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        before = ports_of_ss()
        listed = of_this_machine(connections.COLLECTOR)["terrier"]["listening_ports"]
        found = {(one["address"], one["port"]): one for one in listed if one["protocol"] == "tcp"}
        assert before & ports_of_ss() <= {*found}  # what came or went meanwhile is no difference
        assert found[own.getsockname()]["pid"] == os.getpid()


def test_a_connection_that_is_over_between_two_looks_is_seen() -> None:
    watched = connections.ConnectionWatch(Probe(Host()))
    watched.look("2026-11-30T08:00:00Z")
    with socket.create_server(("127.0.0.1", 0)) as own:
        watched.look("2026-11-30T08:00:01Z")
        with socket.create_connection(own.getsockname()):
            own.accept()[0].close()
        watched.look("2026-11-30T08:00:02Z")
        port = own.getsockname()[1]
    seen = [one for one in watched.content()["connections"] if port in (one.get("local_port"), one.get("remote_port"))]
    assert {one["first_seen"] for one in seen} == {"2026-11-30T08:00:02Z"}


def test_the_addresses_are_those_of_ip() -> None:
    wanted = {
        (link["ifname"], one["local"])
        for link in json.loads(asked("ip", "-j", "address"))
        for one in link["addr_info"]
        if one["family"] in ("inet", "inet6")
    }
    listed = of_this_machine(network.COLLECTOR)["networks"]
    assert {(one["description"], one.get("ipaddress") or one.get("ipaddress6")) for one in listed} >= wanted


def test_the_routes_out_are_those_of_ip() -> None:
    wanted = {(one["dev"], one["gateway"]) for one in json.loads(asked("ip", "-j", "route")) if "gateway" in one}
    table = of_this_machine(network.COLLECTOR)["terrier"]["routes"]
    assert {(one["interface"], one["gateway"]) for one in table} >= wanted


def test_processors_and_memory_are_those_of_lshw() -> None:
    def parts(node: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        below = [one for child in node.get("children", ()) for one in parts(child, kind)]
        return [node, *below] if node.get("class") == kind else below

    answer = json.loads(asked("lshw", "-json", "-class", "processor", "-class", "memory", "-class", "system", "-quiet"))
    nodes = answer if isinstance(answer, list) else [answer]
    sockets = [one for node in nodes for one in parts(node, "processor") if not one.get("disabled")]
    cpus = of_this_machine(processors.COLLECTOR)["cpus"]
    if sockets and "product" in sockets[0]:
        assert {one.get("product") for one in sockets} >= {one["name"] for one in cpus}
    sizes = [
        one["size"] for node in nodes for one in parts(node, "memory") if one.get("id") == "memory" and "size" in one
    ]
    if sizes:
        total = of_this_machine(memory.COLLECTOR)["terrier"]["memory"]["total_bytes"]
        assert abs(total - sizes[0]) <= sizes[0] // 8


def test_the_firmware_is_that_of_dmidecode() -> None:
    if os.geteuid() != 0 or not Path("/sys/firmware/dmi/tables").exists():
        pytest.skip("dmidecode reads tables that are not here")
    bios = of_this_machine(system.COLLECTOR)["bios"]
    for keyword, key in (("system-manufacturer", "smanufacturer"), ("system-serial-number", "ssn"),
                         ("baseboard-serial-number", "msn"), ("bios-version", "bversion")):  # fmt: skip
        said = asked("dmidecode", "-s", keyword).strip()
        assert bios.get(key, "") in (said, "") or said == "Not Specified"


def test_the_disks_are_those_of_lsblk() -> None:
    answer = json.loads(asked("lsblk", "-J", "-b", "-d", "-o", "NAME,SIZE,TYPE"))
    wanted = {one["name"]: int(one["size"]) for one in answer["blockdevices"] if one["type"] == "disk"}
    wanted = {name: size for name, size in wanted.items() if size and re.match(r"sd|nvme|vd|xvd|mmcblk\d+$", name)}
    listed = of_this_machine(storage.COLLECTOR).get("terrier", {}).get("disks", [])
    assert {one["name"]: one["bytes"] for one in listed if one["name"] in wanted} == wanted


def test_the_processes_are_those_of_ps() -> None:
    before = {int(pid) for pid in asked("ps", "-e", "-o", "pid=").split()}
    found = {one["pid"] for one in of_this_machine(processes.COLLECTOR)["processes"]}
    lasting = before & {int(pid) for pid in asked("ps", "-e", "-o", "pid=").split()}
    assert lasting <= found
