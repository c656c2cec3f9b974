"""The metrics and what counts them: one entry per metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cmdb.licences.engine import machines, microsoft, oracle, units
from cmdb.licences.engine.items import Carried, Item, World

Counter = Callable[[Carried, str, World], list[Item]]

COUNTERS: Mapping[str, Counter] = {
    "device": units.device,
    "installation": units.installation,
    "named user": units.named_user,
    "concurrent user": units.concurrent,
    "socket": machines.socket,
    "core": machines.core,
    "sql server core": microsoft.sql_server,
    "windows server core": microsoft.windows_server,
    "oracle processor": oracle.processor,
    "oracle nup": oracle.nup,
    "oracle se2": oracle.se2,
    "ibm pvu": machines.ibm_pvu,
    "ibm vpc": machines.ibm_vpc,
    "ibm rvu": machines.ibm_rvu,
    "vmware core": machines.vmware_core,
    "vmware cpu": machines.vmware_cpu,
    "user cal": units.user_cal,
    "device cal": units.device_cal,
    "site": units.site,
}

#: Metrics that count access to a server and say nothing of where the product is installed.
ACCESS = frozenset({"user cal", "device cal"})

#: Metrics whose rows depend on every computer's software being known.
INVENTORIED = frozenset({"device", "installation"})


def count(carried: Carried, metric: str, world: World) -> list[Item]:
    """The items of a product by a metric, sorted by id. A metric that nobody knows counts nothing here."""
    counter = COUNTERS.get(metric)
    return sorted(counter(carried, metric, world), key=lambda i: i.id) if counter else []
