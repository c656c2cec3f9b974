"""The computer at hand as a code: by what it tells of itself, its record is found as by the label that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.codes.resolve import ReadCode, resolve_all
from cmdb.model.control import Control
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.reconciliation.identifiers import shipped

if TYPE_CHECKING:
    from cmdb.model.observation import Observation
    from cmdb.store.reading.reader import Reader

_COLLECTORS = frozenset({"system", "network", "operating system"})
"""The collectors that tell who a machine is."""


def own_codes(control: Control | None = None) -> list[str]:
    """What identifies this computer, the surest first: serial number, asset tag, UUID, adapters, host name.

    Raises Cancelled, and NotFound where it tells nothing of itself.
    """
    from importers.discovery import scan
    from importers.discovery.registry import collectors
    from importers.inventory import reading

    known = collectors()
    wanted = [one for one in known if one.name in _COLLECTORS]
    found = scan(control, collectors=wanted or known)
    codes = [code for one in reading(found.document).observations[:1] for code in codes_of(one)]
    if not codes:
        raise NotFound(Message("This computer tells neither a serial number nor an adapter by which it is known."))
    return codes


def codes_of(seen: Observation) -> list[str]:
    """What identifies a computer that was seen."""
    values, known = seen.values, shipped()
    named = [str(values[name]) for name in ("serial_number", "asset_tag", "uuid") if values.get(name)]
    sure = [one for one in named if known.serial(one) or known.tag(one)]
    macs = [*seen.evidence.get("mac", ()), *([str(values["mac_address"])] if values.get("mac_address") else ())]
    host = str(values.get("host_name") or values.get("name") or "")
    return list(dict.fromkeys([*sure, *known.macs(macs, virtual=True), *([host] if known.host(host) else ())]))


def read_this_computer(reader: Reader, codes: list[str]) -> ReadCode:
    """What this computer is, by its codes: the first that names one record; else the first that names several, or that
    nobody knows.
    """
    found = resolve_all(reader, codes)
    one = next((read for read in found if read.record is not None), None)
    return one or next((read for read in found if read.named), found[0])
