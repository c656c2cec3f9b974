"""The least that a scan could be: psutil's facts and the package list, written to a file."""

import json
import platform
import shutil
import subprocess
import sys

import psutil

facts = {
    "platform": platform.uname()._asdict(),
    "processors": [psutil.cpu_count(), psutil.cpu_count(logical=False), str(psutil.cpu_freq())],
    "memory": psutil.virtual_memory()._asdict(),
    "swap": psutil.swap_memory()._asdict(),
    "disks": [p._asdict() for p in psutil.disk_partitions()],
    "addresses": {name: [str(a) for a in found] for name, found in psutil.net_if_addrs().items()},
    "links": {name: str(found) for name, found in psutil.net_if_stats().items()},
    "users": [str(u) for u in psutil.users()],
    "connections": [str(c) for c in psutil.net_connections("inet")],
    "processes": [p.info for p in psutil.process_iter(["pid", "name", "username", "create_time"])],
}
if shutil.which("dpkg-query"):
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\t${Maintainer}\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    facts["packages"] = [line.split("\t") for line in listed.stdout.splitlines()]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(facts, file)
