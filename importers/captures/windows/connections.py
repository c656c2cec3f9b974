"""Listening ports and open connections, with the process and the program at this end."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, rows
from importers.discovery.collector import Content, Section, present

_ELEVATE = "which programs own the ports and connections of other users"
_LISTEN, _ESTABLISHED = 2, 5  # MSFT_NetTCPConnection.State


def _parse(capture: Capture) -> Content:
    programs = {whole(one, "ProcessId"): one for one in rows(capture, "processes")}
    tcp, udp = rows(capture, "tcp"), rows(capture, "udp")
    waiting = _listening([one for one in tcp if whole(one, "State") == _LISTEN], udp, programs)
    ports = {one["port"] for one in waiting if one["protocol"] == "tcp"}
    links = _connections([one for one in tcp if whole(one, "State") == _ESTABLISHED], ports, programs)
    own = present(listening_ports=waiting, connections=links)
    return {"terrier": own} if own else {}


def _who(one: Row, programs: dict[int | None, Row]) -> dict[str, Any]:
    pid = whole(one, "OwningProcess")
    program = programs.get(pid, {})
    return present(
        pid=pid or None,
        process=text(program, "Name"),
        program=text(program, "ExecutablePath"),
        user=text(program, "User").rpartition("\\")[2],
    )


def _address(one: Row, key: str) -> str:
    """An address without the number of its adapter, which is another one after a restart."""
    return text(one, key).partition("%")[0]


def _listening(tcp: list[Row], udp: list[Row], programs: dict[int | None, Row]) -> list[dict[str, Any]]:
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for protocol, listed in (("tcp", tcp), ("udp", udp)):
        for one in listed:
            address, port = _address(one, "LocalAddress"), whole(one, "LocalPort")
            if address and port:
                entry = {"protocol": protocol, "address": address, "port": port, **_who(one, programs)}
                found.setdefault((protocol, port, address), entry)
    return [found[key] for key in sorted(found)]


def _connections(listed: list[Row], ports: set[int], programs: dict[int | None, Row]) -> list[dict[str, Any]]:
    """Connections by their permanent ends: many temporary ports of one address are one line with a count."""
    found: dict[tuple[str, str, int, str, int], dict[str, Any]] = {}
    for one in listed:
        local, remote = _address(one, "LocalAddress"), _address(one, "RemoteAddress")
        local_port, remote_port = whole(one, "LocalPort") or 0, whole(one, "RemotePort") or 0
        if not local or not remote or not remote_port:
            continue
        incoming = local_port in ports
        key = ("in", local, local_port, remote, 0) if incoming else ("out", local, 0, remote, remote_port)
        known = found.setdefault(key, {**_ends(key), "count": 0, **_who(one, programs)})
        known["count"] += 1
    return [found[key] for key in sorted(found)]


def _ends(key: tuple[str, str, int, str, int]) -> dict[str, Any]:
    direction, local, local_port, remote, remote_port = key
    return present(
        direction=direction, protocol="tcp", local_address=local, remote_address=remote,
        local_port=local_port or None, remote_port=remote_port or None,
    )  # fmt: skip


SUBJECT = Subject(
    "ports and connections",
    _parse,
    ("tcp", "udp", "processes"),
    (Section("terrier.listening_ports", _ELEVATE), Section("terrier.connections", _ELEVATE)),
)
