"""The metrics and what counts them: one entry per metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cmdb.licences.engine import microsoft, oracle, processor_metrics, unit_metrics
from cmdb.licences.engine.demand import DemandItem, InstalledProduct, LicensedEstate

Counter = Callable[[InstalledProduct, str, LicensedEstate], list[DemandItem]]

COUNTERS: Mapping[str, Counter] = {
    "device": unit_metrics.device,
    "installation": unit_metrics.installation,
    "named user": unit_metrics.named_user,
    "concurrent user": unit_metrics.concurrent,
    "socket": processor_metrics.socket,
    "core": processor_metrics.core,
    "sql server core": microsoft.sql_server,
    "windows server core": microsoft.windows_server,
    "oracle processor": oracle.processor,
    "oracle nup": oracle.nup,
    "oracle se2": oracle.se2,
    "ibm pvu": processor_metrics.ibm_pvu,
    "ibm vpc": processor_metrics.ibm_vpc,
    "ibm rvu": processor_metrics.ibm_rvu,
    "vmware core": processor_metrics.vmware_core,
    "vmware cpu": processor_metrics.vmware_cpu,
    "user cal": unit_metrics.user_cal,
    "device cal": unit_metrics.device_cal,
    "site": unit_metrics.site,
}

#: Metrics that count access to a server and say nothing of where the product is installed.
ACCESS = frozenset({"user cal", "device cal"})

#: Metrics whose rows depend on every computer's software being known.
INVENTORIED = frozenset({"device", "installation"})


def count(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """The items of a product by a metric, sorted by id. A metric that nobody knows counts nothing here."""
    counter = COUNTERS.get(metric)
    return sorted(counter(installed, metric, estate), key=lambda i: i.id) if counter else []
