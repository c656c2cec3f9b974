"""Small builders of facts, so that a test reads like the example it checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from cmdb.licences.engine.facts import Assignment, Device, Entitlement, Facts, InstallationFact, Person
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Position, Positions

AT = date(2026, 6, 30)


def pcs(count: int, first: int = 1, prefix: str = "pc", **values: Any) -> tuple[Device, ...]:
    return tuple(Device(f"{prefix}{n:03}", f"{prefix.upper()}{n:03}", **values) for n in range(first, first + count))


def on(devices: tuple[Device, ...], product: str, **values: Any) -> tuple[InstallationFact, ...]:
    return tuple(InstallationFact(d.id, product, **values) for d in devices)


def owned(id: str, product: str, quantity: int | None, metric: str = "device", **values: Any) -> Entitlement:
    return Entitlement(id, id, product, quantity=quantity, metric=metric, **values)


def server(id: str, sockets: int | None, cores: int | None, **values: Any) -> Device:
    return Device(id, id, cls="server", sockets=sockets, cores_per_socket=cores, **values)


def vm(id: str, vcores: int | None, host: str = "", **values: Any) -> Device:
    return Device(id, id, cls="virtual_machine", virtual_cores=vcores, host=host, **values)


def facts(*parts: Any) -> Facts:
    """Facts from any mixture of devices, installations, people, entitlements and assignments, or tuples of them."""
    kinds: dict[type, str] = {
        Device: "devices", InstallationFact: "installations", Person: "people", Entitlement: "entitlements",
        Assignment: "assignments",
    }  # fmt: skip
    found: dict[str, list[Any]] = {name: [] for name in kinds.values()}
    for part in parts:
        for one in part if isinstance(part, tuple) else (part,):
            found[kinds[type(one)]].append(one)
    made: dict[str, Any] = {name: tuple(ones) for name, ones in found.items()}
    return Facts(**made)


def rows(result: Positions, **wanted: str) -> list[Position]:
    return [p for p in result.positions if all(getattr(p, k) == v for k, v in wanted.items())]


def row(result: Positions, **wanted: str) -> Position:
    """The one position with these values."""
    found = rows(result, **wanted)
    assert len(found) == 1, [(p.title, p.metric, p.verdict) for p in result.positions]
    return found[0]


def settle(*parts: Any, at: date = AT) -> Positions:
    return position(facts(*parts), at)


def shuffled(known: Facts, seed: int) -> Facts:
    import random

    chance = random.Random(seed)
    changes: dict[str, Any] = {}
    for name in ("devices", "installations", "people", "entitlements", "assignments"):
        values = list(getattr(known, name))
        chance.shuffle(values)
        changes[name] = tuple(values)
    return replace(known, **changes)
