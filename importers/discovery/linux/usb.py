"""USB devices, hubs left out."""

from __future__ import annotations

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_DEVICES = "/sys/bus/usb/devices/"
_HUB = "09"


def _collect(probe: Probe) -> Content:
    devices = []
    for name in probe.names(_DEVICES):
        base = _DEVICES + name + "/"
        kind = probe.value(base + "bDeviceClass")
        if ":" in name or not kind or kind == _HUB:  # with a colon: an interface of a device
            continue
        product = probe.value(base + "product")
        devices.append(
            present(
                name=product,
                caption=product,
                manufacturer=probe.value(base + "manufacturer"),
                vendorid=probe.value(base + "idVendor"),
                productid=probe.value(base + "idProduct"),
                serial=probe.value(base + "serial"),
                subclass=probe.value(base + "bDeviceSubClass").lstrip("0") or "0",
                **{"class": kind.lstrip("0") or "0"},
            )
        )
    return {"usbdevices": devices} if devices else {}


COLLECTOR = Collector("USB devices", _collect, sections=(Section("usbdevices"),))
