"""End-of-life data as the estate keeps it: records of the kind ``end_of_life``, one for each product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cmdb.licences.engine.life_cycles import LifeCycle, LifeCycles
from cmdb.licences.said_names import catalogue_of
from cmdb.model.observation import ObservedRelease

if TYPE_CHECKING:
    from cmdb.licences.engine.catalogue import Catalogue
    from cmdb.model.observation import ObservedLifeCycle
    from cmdb.store.reading.reader import Reader

KIND = "end_of_life"


def life_cycles_of(reader: Reader, catalogue: Catalogue | None = None) -> LifeCycles | None:
    """The end-of-life data of the estate; None where it has none."""
    kept = reader.records(KIND)
    if not kept:
        return None
    return LifeCycles([_life_cycle(key[0], fields) for key, fields in kept.items()], catalogue or catalogue_of(reader))


def fields_of(one: ObservedLifeCycle) -> dict[str, Any]:
    """What is kept of a product: its names, and each release as a list of texts."""
    found: dict[str, Any] = {
        "label": one.label,
        "other_names": list(one.other_names),
        "identifiers": list(one.identifiers),
        "releases": [[*release[:7], "over" if release.over else ""] for release in one.releases],
    }
    return {name: value for name, value in found.items() if value}


def observed(one: ObservedLifeCycle) -> LifeCycle:
    """A product as it was read, for finding releases in it before it is kept."""
    return _life_cycle(one.product, fields_of(one))


def _life_cycle(name: str, fields: Mapping[str, Any]) -> LifeCycle:
    cycles = [
        ObservedRelease(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7] == "over")
        for parts in fields.get("releases", ())
    ]
    return LifeCycle(
        name,
        str(fields.get("label", "")),
        tuple(fields.get("other_names", ())),
        tuple(fields.get("identifiers", ())),
        tuple(cycles),
    )
