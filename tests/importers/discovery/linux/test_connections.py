from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from importers.discovery import scan
from importers.discovery.host import Host
from importers.discovery.linux._processes import stat
from importers.discovery.linux.command_lines import COLLECTOR as COMMAND_LINES
from importers.discovery.linux.connections import COLLECTOR, connections, listening, table
from importers.discovery.linux.processes import COLLECTOR as PROCESSES
from importers.discovery.runner import run
from importers.inventory.section_rows import details
from tests.importers.discovery.machines import PASSWD, Symlink, Tree, build, collect, found

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
pytestmark = pytest.mark.skipif(sys.byteorder != "little", reason="the captures below are of a little-endian machine")


def line(local: str, remote: str, state: str, uid: int, inode: int) -> str:
    queues = "00000000:00000000 00:00000000 00000000"
    return f"   0: {local} {remote} {state} {queues}  {uid}        0 {inode} 1 0 100 0 0 10 0\n"


TCP = HEAD + (
    line("0100007F:1538", "00000000:0000", "0A", 100, 501)
    + line("0700000A:1538", "0900000A:C350", "01", 100, 502)
    + line("0700000A:1538", "0900000A:C351", "01", 100, 503)
    + line("0700000A:A000", "0A00000A:01BB", "01", 1000, 504)
    + line("0700000A:A001", "0A00000A:01BB", "06", 0, 0)
)
TCP6 = HEAD + (
    line("00000000000000000000000000000000:0016", "00000000000000000000000000000000:0000", "0A", 0, 505)
    + line("0000000000000000FFFF00000700000A:0016", "0000000000000000FFFF00000900000A:D431", "01", 0, 506)
)
UDP = HEAD + line("00000000:0044", "00000000:0000", "07", 0, 507)


def process(
    pid: int, name: str, exe: str, inodes: tuple[int, ...] = (), flags: int = 0x400000
) -> dict[str, str | Symlink]:
    fields = f"S 1 {pid} {pid} 0 -1 {flags} 0 0 0 0 5 5 0 0 20 0 1 0 2000 104857600 2560 18446744073709551615"
    tree: dict[str, str | Symlink] = {
        f"proc/{pid}/stat": f"{pid} ({name}) {fields}\n",
        f"proc/{pid}/comm": name[:15] + "\n",
        f"proc/{pid}/cmdline": f"{exe}\0--password=SECRET\0",
        f"proc/{pid}/environ": "TOKEN=SECRET\0",
    }
    if exe:
        tree[f"proc/{pid}/exe"] = Symlink(exe)
    for number, inode in enumerate(inodes):
        tree[f"proc/{pid}/fd/{number}"] = Symlink(f"socket:[{inode}]")
    return tree


MACHINE: Tree = {
    "etc/passwd": PASSWD + "postgres:x:100:110::/var/lib/postgresql:/bin/bash\n",
    "proc/net/tcp": TCP,
    "proc/net/tcp6": TCP6,
    "proc/net/udp": UDP,
    "proc/net/udp6": HEAD,
    "proc/stat": "btime 1700000000\n",
    "proc/meminfo": "MemTotal: 1048576 kB\n",
    "var/lib/dpkg/info/postgresql-15.list": "/.\n/usr/lib/postgresql/15/bin/postgres\n",
    "var/lib/dpkg/info/openssh-server:amd64.list": "/.\n/usr/sbin/sshd-session\n/sbin/sshd\n",
    "var/lib/dpkg/info/aaa.list": "/.\n/usr/sbin/sshd-other\n",
    **process(40, "postgres", "/usr/lib/postgresql/15/bin/postgres", (501, 502, 503)),
    **process(9, "sshd", "/usr/sbin/sshd (deleted)", (505, 506)),
    **process(2, "kthreadd", "", flags=0x208040),
    **process(70, "Web (Content) x", "/opt/browser/browser", (504,)),
}


def test_ports_with_process_program_user_and_package(tmp_path: Path) -> None:
    outcome, content = collect(COLLECTOR, build(tmp_path, MACHINE))
    assert outcome.state == "collected"
    ssh, postgres, dhcp = content["terrier"]["listening_ports"]
    assert postgres == {
        "protocol": "tcp",
        "address": "127.0.0.1",
        "port": 5432,
        "user": "postgres",
        "pid": 40,
        "process": "postgres",
        "program": "/usr/lib/postgresql/15/bin/postgres",
        "package": "postgresql-15",
    }
    assert (ssh["address"], ssh["port"], ssh["package"]) == ("::", 22, "openssh-server")
    assert dhcp == {"protocol": "udp", "address": "0.0.0.0", "port": 68, "user": "root"}


def test_connections_by_their_lasting_ends(tmp_path: Path) -> None:
    links = found(COLLECTOR, tmp_path, MACHINE)["terrier"]["connections"]
    brief = [
        (c["direction"], c["local_address"], c.get("local_port"), c["remote_address"], c.get("remote_port"), c["count"])
        for c in links
    ]
    assert brief == [
        ("in", "10.0.0.7", 22, "10.0.0.9", None, 1),
        ("in", "10.0.0.7", 5432, "10.0.0.9", None, 2),
        ("out", "10.0.0.7", None, "10.0.0.10", 443, 1),
    ]
    assert links[2]["program"] == "/opt/browser/browser"
    assert "package" not in links[2]


def test_others_sockets_need_root_and_are_still_listed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, MACHINE)
    (tmp_path / "proc/40/fd").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, content = collect(COLLECTOR, tmp_path)
    assert outcome.elevate == ("which programs own the ports and connections of other users",)
    assert {p["port"]: p.get("process") for p in content["terrier"]["listening_ports"]} == {
        22: "sshd",
        5432: None,
        68: None,
    }


def test_closing_connections_do_not_count() -> None:
    sockets = table("tcp", TCP)
    assert {s.state for s in sockets} == {"0A", "01"}
    assert [s.local_port for s in listening(sockets)] == [5432]
    assert sorted(k[0] for k in connections(sockets, {("tcp", 5432)})) == ["in", "out"]


def test_a_machine_without_sockets(tmp_path: Path) -> None:
    assert collect(COLLECTOR, build(tmp_path, {"proc/net/tcp": HEAD}))[0].state == "absent"


def test_processes_without_their_arguments(tmp_path: Path) -> None:
    processes = found(PROCESSES, tmp_path, MACHINE)["processes"]
    assert [(p["pid"], p["cmd"]) for p in processes] == [
        (2, "[kthreadd]"),
        (9, "/usr/sbin/sshd"),
        (40, "/usr/lib/postgresql/15/bin/postgres"),
        (70, "/opt/browser/browser"),
    ]
    assert not {"mem", "virtualmemory"} & {*processes[0]}  # a thread of the kernel has no memory of its own
    assert processes[1]["virtualmemory"] == 102400
    assert processes[1]["started"].startswith("2023-11-1")
    assert "SECRET" not in json.dumps(processes)


def test_arguments_are_read_where_they_are_asked_for_and_come_in(tmp_path: Path) -> None:
    inventory = scan(root=build(tmp_path, MACHINE), collectors=[PROCESSES, COMMAND_LINES])
    own = inventory.document["content"]["terrier"]
    assert own["command_lines"][0] == {"pid": 9, "command_line": "/usr/sbin/sshd (deleted) --password=SECRET"}
    assert [one["name"] for one in own["collectors"]] == ["processes", "command lines"]
    rows = {row["pid"]: row for row in details(inventory.document["content"], "x").rows["processes"]}
    assert (rows[9]["program"], rows[9]["command_line"]) == ("/usr/sbin/sshd", own["command_lines"][0]["command_line"])
    assert "command_line" not in rows[2]


def test_processes_that_a_machine_hides_are_missed(tmp_path: Path) -> None:
    outcome, _ = collect(PROCESSES, build(tmp_path, MACHINE))
    assert (outcome.elevate, outcome.incomplete) == (("processes of other users",), ("processes",))
    outcome, _ = collect(PROCESSES, build(tmp_path, process(1, "init", "/sbin/init")))
    assert (outcome.elevate, outcome.complete) == ((), ("processes",))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux only")
def test_every_process_of_this_machine_is_listed() -> None:
    listed = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    outcome, content = run([PROCESSES], Host())[0]
    lasting = listed & {int(name) for name in os.listdir("/proc") if name.isdigit()}
    if outcome.complete:
        assert lasting <= {one["pid"] for one in content["processes"]}


def test_a_name_may_hold_blanks_and_parentheses() -> None:
    parsed = stat("70 (Web (Content) x) S 1 " + "0 " * 30)
    assert parsed is not None
    assert (parsed[0], parsed[1][:2]) == ("Web (Content) x", ["S", "1"])
    assert stat("") is None
    assert stat("1 (x) S") is None
