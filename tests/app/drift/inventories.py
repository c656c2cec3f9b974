"""Inventories of one laptop, taken in on the way that every inventory goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app import import_proposal
from cmdb.reconciliation.proposal import Proposal
from cmdb.store.store import Store
from importers.inventory import reading

NAME = "nb-017"
MODULES = ({"numslots": 1, "capacity": 8192, "serialnumber": "M-1"}, {"numslots": 2, "capacity": 8192})


def inventory(
    day: int,
    software: Iterable[tuple[str, str]] = (),
    agent: str = "agent",
    incomplete: Iterable[str] = (),
    **content: Any,
) -> dict[str, Any]:
    """An inventory of a day in March 2026; ``incomplete`` are lists that its collectors did not see whole."""
    lists = ("softwares", "user_softwares", "memories", "terrier.services", "drives", "batteries")
    missed = list(incomplete)
    collectors = [
        {"name": "all", "state": "collected", "complete": [one for one in lists if one not in missed]},
        *([{"name": "slow", "state": "timed out", "incomplete": missed}] if missed else []),
    ]
    whole = {
        "versionclient": "Terrier",
        "hardware": {"name": NAME, "chassis_type": "Laptop", "memory": 16384},
        "bios": {"ssn": "PF2ABC12", "smanufacturer": "Lenovo", "smodel": "ThinkPad T14"},
        "softwares": [{"name": name, "version": version, "from": "registry"} for name, version in software],
        "memories": list(MODULES),
        **content,
    }
    whole.setdefault("terrier", {}).update(scanned_at=f"2026-03-{day:02}T08:00:00Z", collectors=collectors)
    return {"deviceid": agent, "action": "inventory", "itemtype": "Computer", "content": whole}


def proposed(store: Store, document: dict[str, Any]) -> Proposal:
    """What an inventory would change."""
    return import_proposal.propose(store, [reading(document)], "tester")


def take(store: Store, *args: Any, **kwargs: Any) -> int:
    """Takes in an inventory as ``inventory`` makes it. Returns its revision."""
    return store.apply(proposed(store, inventory(*args, **kwargs)).revision).number


def laptop(store: Store) -> str:
    """The id of the laptop."""
    with store.read() as reader:
        return reader.find(NAME).uid
