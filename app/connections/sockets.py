"""What scans saw of machines' sockets: their addresses, the ports at which they listen, and their connections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.connections.joined import Connection, Listener, MachineSockets
from app.connections.known_services import program_name
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.selection import Selection
from cmdb.model.text_forms import canonical_ip

if TYPE_CHECKING:
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader

_SECTIONS = ("addresses", "listening_ports", "connections")
_AT_ONCE = 200
_PORTS = range(1, 65_536)


def machine_sockets(reader: Reader, control: Control) -> list[MachineSockets]:
    """Of all machines with an address, at the reader's moment. Raises Cancelled."""
    stated = {
        one.uid: one.text("ip_address") for one in reader.all(Selection("hardware", where="ip_address is not empty"))
    }
    seen = {uid for name in _SECTIONS for uid in reader.sighted(name)}
    wanted = sorted(stated.keys() | seen)
    found = []
    for start in range(0, len(wanted), _AT_ONCE):
        control.check()
        control.progress(start, len(wanted), Message("Reading connections"))
        uids = wanted[start : start + _AT_ONCE]
        sections = reader.sections_of(uids, _SECTIONS)
        found += [_machine(uid, stated.get(uid, ""), sections.get(uid, {})) for uid in uids]
    return found


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
    return MachineSockets(
        uid,
        frozenset(canonical_ip(word) or word for word in words if word),
        tuple(sorted(listeners)),
        tuple(_connections(sections.get("connections", ()))),
    )


def _connections(rows: Iterable[SectionRow]) -> Iterator[Connection]:
    for row in rows:
        values = row.values()
        inward = values.get("direction") == "in"
        port, remote = values.get("local_port" if inward else "remote_port"), str(values.get("remote_address", ""))
        if remote and isinstance(port, int) and port in _PORTS:
            program = program_name(str(values.get("process", "")), str(values.get("program", "")))
            seen = str(values.get("last_seen", "")) or row.now_observed or row.observed
            yield Connection(
                inward, str(values.get("protocol", "")), canonical_ip(remote) or remote, port, program, seen
            )
