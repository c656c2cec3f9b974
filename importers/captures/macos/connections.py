"""Listening ports and open connections, with the process and program at this end, as ``netstat -anvW`` lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from importers.captures.capture import Capture
from importers.captures.macos.processes import MacProcess, processes
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present


class MacSocket(NamedTuple):
    """A line of netstat. ``pid`` is None where it does not tell."""

    protocol: str
    local: str
    local_port: int
    remote: str
    remote_port: int
    state: str
    pid: int | None


def sockets(protocol: str, content: str) -> Iterator[MacSocket]:
    """The sockets of a protocol that listen or are connected.

    Newer systems name the process before its number ("Code Helper (Plugin):512"), older ones have a column of numbers,
    which the heading finds: names may have blanks, and sockets of UDP have no state, so columns are counted from both
    ends.
    """
    named, after = False, 0
    for line in content.splitlines():
        words = line.split()
        if words[:1] == ["Proto"]:
            named = "process:pid" in words
            after = len(words) - words.index("pid") if "pid" in words else 0
        elif words and words[0].startswith(protocol) and len(words) > 5:
            local, remote = _end(words[3], words[0]), _end(words[4], words[0])
            state = (
                words[5]
                if words[5].isupper() and words[5].replace("_", "").isalnum() and not words[5].isdigit()
                else ""
            )
            if local and remote and state in ("LISTEN", "ESTABLISHED", ""):
                yield MacSocket(protocol, *local, *remote, state, _pid(line, words, bool(state), named, after))


def _pid(line: str, words: list[str], has_state: bool, named: bool, after: int) -> int | None:
    if named:
        found = re.search(r"\D:(\d{1,7})\s", line[line.find(words[4]) + len(words[4]) :] + " ")
        return int(found[1]) if found else None
    # The heading has "Local Address" and "Foreign Address" in two words each; the state is missing with UDP.
    if not after:
        return None
    at = 8 if has_state else 7
    return int(words[at]) if len(words) > at and re.fullmatch(r"\d{1,7}", words[at]) else None


def _end(words: str, protocol: str) -> tuple[str, int] | None:
    """Address and port of ``192.168.1.7.55910``, ``*.22`` or ``fe80::1%en0.5353``."""
    address, dot, port = words.rpartition(".")
    if not dot or not (port == "*" or (port.isdecimal() and len(port) < 6)):
        return None
    everywhere = "0.0.0.0" if protocol.endswith("4") and not protocol.endswith("64") else "::"
    return (everywhere if address == "*" else address.partition("%")[0]), 0 if port == "*" else int(port)


def _parse(capture: Capture) -> Content:
    found = [*sockets("tcp", capture.content("tcp")), *sockets("udp", capture.content("udp"))]
    known = {one.pid: one for one in processes(capture.content("processes"))}
    waiting: dict[tuple[str, str, int], MacSocket] = {}
    for one in found:
        if one.remote_port == 0 and one.local_port and one.state in ("LISTEN", ""):
            waiting.setdefault((one.protocol, one.local, one.local_port), one)
    ports = {(protocol, port) for protocol, _, port in waiting}
    links: dict[tuple[str, ...], list[MacSocket]] = {}
    for one in found:
        if one.remote_port and one.state in ("ESTABLISHED", ""):
            inward = (one.protocol, one.local_port) in ports
            ends = (str(one.local_port), one.remote, "") if inward else ("", one.remote, str(one.remote_port))
            links.setdefault(("in" if inward else "out", one.protocol, one.local, *ends), []).append(one)
    own: dict[str, Any] = {}
    if waiting:
        own["listening_ports"] = [
            {"protocol": one.protocol, "address": one.local, "port": one.local_port, **_who(one, known)}
            for one in sorted(waiting.values(), key=lambda s: (s.protocol, s.local_port, s.local))
        ]
    if links:
        own["connections"] = [
            {**_ends(key), "count": len(group), **_who(group[0], known)} for key, group in sorted(links.items())
        ]
    return {"terrier": own} if own else {}


def _ends(key: tuple[str, ...]) -> dict[str, Any]:
    direction, protocol, local, local_port, remote, remote_port = key
    return present(
        direction=direction, protocol=protocol, local_address=local, remote_address=remote,
        local_port=int(local_port) if local_port else None, remote_port=int(remote_port) if remote_port else None,
    )  # fmt: skip


def _who(one: MacSocket, known: dict[int, MacProcess]) -> dict[str, Any]:
    process = known.get(one.pid) if one.pid else None
    if process is None:
        return present(pid=one.pid)
    return present(
        user=process.user, pid=process.pid, process=process.program.rpartition("/")[2], program=process.program
    )


SUBJECT = Subject(
    "ports and connections",
    _parse,
    ("tcp", "udp", "processes"),
    (Section("terrier.listening_ports"), Section("terrier.connections")),
)
