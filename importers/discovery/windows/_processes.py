"""Processes, ports and connections as sections of a capture, where psutil is there; else the script asks CIM."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from importers.captures.capture import CaptureSection
from importers.discovery.windows._section import Rows, section

_LISTEN, _ESTABLISHED = 2, 5  # as MSFT_NetTCPConnection counts them
_STATES = {"LISTEN": _LISTEN, "ESTABLISHED": _ESTABLISHED}
_PROCESSES = "processes of other users"
_OWNERS = "which programs own the ports and connections of other users"


def sections() -> dict[str, CaptureSection]:
    """The sections that psutil knows; none where it is missing."""
    try:
        import psutil
    except ImportError:
        return {}
    listed = [one.info for one in psutil.process_iter(list(_PROCESS))]
    hidden = any(not one.get("username") for one in listed)  # an administrator is told the user of each
    return {
        "processes": section(lambda: processes(listed), _PROCESSES if hidden else ""),
        "tcp": section(lambda: tcp(psutil.net_connections("tcp")), _OWNERS if hidden else ""),
        "udp": section(lambda: udp(psutil.net_connections("udp"))),
    }


_PROCESS = ("pid", "name", "exe", "username", "create_time", "memory_info")


def processes(listed: Iterable[dict[str, Any]]) -> Rows:
    """The rows of processes, of what psutil says of each."""
    return [_process(one) for one in listed]


def _process(one: dict[str, Any]) -> dict[str, Any]:
    memory, started = one.get("memory_info"), one.get("create_time")
    found = {
        "ProcessId": one.get("pid"),
        "Name": one.get("name"),
        "ExecutablePath": one.get("exe"),
        "User": one.get("username"),
        "CreationDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)) if started else None,
        "WorkingSetSize": getattr(memory, "rss", None),
        "VirtualSize": getattr(memory, "vms", None),
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def tcp(listed: Iterable[Any]) -> Rows:
    """The rows of sockets that listen or are connected."""
    found = []
    for one in listed:
        state = _STATES.get(one.status)
        if state is not None and one.laddr:
            row = {"LocalAddress": one.laddr.ip, "LocalPort": one.laddr.port, "State": state, "OwningProcess": one.pid}
            if one.raddr:
                row.update(RemoteAddress=one.raddr.ip, RemotePort=one.raddr.port)
            found.append(row)
    return found


def udp(listed: Iterable[Any]) -> Rows:
    """The rows of sockets that wait for datagrams."""
    return [
        {"LocalAddress": one.laddr.ip, "LocalPort": one.laddr.port, "OwningProcess": one.pid}
        for one in listed
        if one.laddr
    ]
