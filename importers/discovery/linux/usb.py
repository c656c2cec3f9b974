"""USB devices, hubs left out."""

from __future__ import annotations

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.hardware_names import DeviceNames
from importers.discovery.host import Probe

_DEVICES = "/sys/bus/usb/devices/"
_HUB = "09"


def _collect(probe: Probe) -> Content:
    devices = []
    names: DeviceNames | None = None
    for name in probe.names(_DEVICES):
        base = _DEVICES + name + "/"
        kind = probe.value(base + "bDeviceClass")
        if ":" in name or not kind or kind == _HUB:  # with a colon: an interface of a device
            continue
        vendor, number = probe.value(base + "idVendor"), probe.value(base + "idProduct")
        product, maker = probe.value(base + "product"), probe.value(base + "manufacturer")
        if not (product and maker):  # the device does not say it itself
            names = names or DeviceNames.of_usb(probe)
            product, maker = product or names.device(vendor, number), maker or names.vendor(vendor)
        devices.append(
            present(
                name=product,
                caption=product,
                manufacturer=maker,
                vendorid=vendor,
                productid=number,
                serial=probe.value(base + "serial"),
                subclass=probe.value(base + "bDeviceSubClass").lstrip("0") or "0",
                **{"class": kind.lstrip("0") or "0"},
            )
        )
    return {"usbdevices": devices} if devices else {}


COLLECTOR = Collector("USB devices", _collect, sections=(Section("usbdevices"),))
