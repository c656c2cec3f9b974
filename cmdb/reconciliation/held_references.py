"""Records that would be created only because others name them, while a person is asked about them first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cmdb.model.observation import NamedReference, Origin
from cmdb.reconciliation.cluster import Cluster
from cmdb.reconciliation.identifiers import ManufacturerNames
from cmdb.reconciliation.references import ReferenceKey
from cmdb.reconciliation.survivorship import Survivorship

Named = tuple[Cluster, list[ReferenceKey]]
"""A new record, and the mentions that name it."""


def hold(
    named: Sequence[Named], survivorship: Survivorship, rows: Iterable[Cluster], makers: ManufacturerNames
) -> list[Named]:
    """Asks about new records all at once, or carries out what was decided. Returns those that are not created now.

    The question names the first row that mentions the record, and of a model the manufacturer, if rows agree on it.
    """
    if not survivorship.asks_new or not named:
        return []
    first, made_by = _said_beside(rows)
    for cluster, reference_keys in named:
        obs = cluster.members[0].obs
        obs.origin = next((first[key] for key in reference_keys if key in first), Origin())
        beside = {makers.key(one.name): one for key in reference_keys for one in made_by.get(key, ())}
        if cluster.cls == "hardware_model" and len(beside) == 1:
            obs.values.update(manufacturer=next(iter(beside.values())))
    survivorship.hold([cluster for cluster, _ in named])
    for cluster, _ in named:
        cluster.members[0].obs.values.pop("manufacturer", None)
    return [one for one in named if one[0].state != "new"]


def _said_beside(
    rows: Iterable[Cluster],
) -> tuple[dict[ReferenceKey, Origin], dict[ReferenceKey, dict[NamedReference, None]]]:
    """The first row of each mention, and the manufacturers that rows name beside each model."""
    first: dict[ReferenceKey, Origin] = {}
    makers: dict[ReferenceKey, dict[NamedReference, None]] = {}
    for one in (member for cluster in rows for member in cluster.members):
        maker = one.obs.values.get("manufacturer")
        for attribute, key in one.refs:
            first.setdefault(key, one.obs.origin)
            if attribute == "model" and isinstance(maker, NamedReference):
                makers.setdefault(key, {})[maker] = None
    return first, makers
