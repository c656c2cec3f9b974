"""What scans saw of machines' sockets: their addresses, the ports at which they listen, and their connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.connections.joined import Connection, Listener, MachineSockets
from app.connections.known_services import program_name
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.selection import Selection
from cmdb.model.text_forms import canonical_ip

if TYPE_CHECKING:
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader

_SECTIONS = ("addresses", "listening_ports")
_CONNECTIONS = "connections"
_AT_ONCE = 200
_PORTS = range(1, 65_536)


def machine_sockets(reader: Reader, control: Control) -> list[MachineSockets]:
    """Of all machines with an address, at the reader's moment. Raises Cancelled."""
    stated = {
        one.uid: one.text("ip_address") for one in reader.all(Selection("hardware", where="ip_address is not empty"))
    }
    wanted = sorted({*stated, *(uid for name in (*_SECTIONS, _CONNECTIONS) for uid in reader.sighted(name))})
    found = []
    for uids in _some(wanted, control, Message("Reading addresses and ports")):
        sections = reader.sections_of(uids, _SECTIONS)
        found += [_machine(uid, stated.get(uid, ""), sections.get(uid, {})) for uid in uids]
    return found


def connections(reader: Reader, control: Control) -> Iterator[tuple[str, list[Connection]]]:
    """Those of each machine that says some, read some machines at a time; none of the past. Raises Cancelled."""
    for uids in _some(sorted(reader.sighted(_CONNECTIONS)), control, Message("Reading connections")):
        for uid, looks in reader.latest_rows(uids, _CONNECTIONS).items():
            yield uid, [one for seen, rows in looks for one in _connections(rows, seen)]


def _some(uids: list[str], control: Control, doing: Message) -> Iterator[list[str]]:
    for start in range(0, len(uids), _AT_ONCE):
        control.check()
        control.progress(start, len(uids), doing)
        yield uids[start : start + _AT_ONCE]


def _machine(uid: str, stated: str, sections: Mapping[str, list[SectionRow]]) -> MachineSockets:
    words = [stated, *(str(row.columns.get("address", "")) for row in sections.get("addresses", ()))]
    listeners = {
        Listener(
            str(values.get("protocol", "")), str(values.get("address", "")), port,
            program_name(str(values.get("process", "")), str(values.get("program", ""))),
        )
        for row in sections.get("listening_ports", ())
        if isinstance(port := (values := row.values()).get("port"), int) and port in _PORTS
    }  # fmt: skip
    return MachineSockets(uid, frozenset(_address(word) for word in words if word), tuple(sorted(listeners)))


def _connections(rows: Iterable[Mapping[str, Any]], observed: str) -> Iterator[Connection]:
    for row in rows:
        value = row.get
        inward = value("direction") == "in"
        port, remote = value("local_port" if inward else "remote_port"), str(value("remote_address", ""))
        if remote and isinstance(port, int) and port in _PORTS:
            program = program_name(str(value("process", "")), str(value("program", "")))
            seen = str(value("last_seen", "")) or observed
            yield Connection(inward, str(value("protocol", "")), _address(remote), port, program, seen)


@lru_cache(1 << 16)
def _address(said: str) -> str:
    """An address in the one form that equal ones have; others as they are."""
    return canonical_ip(said) or said
