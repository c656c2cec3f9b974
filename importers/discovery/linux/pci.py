"""PCI devices: controllers of every kind; graphics and sound adapters also in their own lists."""

from __future__ import annotations

from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.hardware_names import DeviceNames
from importers.discovery.host import Probe

_DEVICES = "/sys/bus/pci/devices/"


def _collect(probe: Probe) -> Content:
    slots = probe.names(_DEVICES)
    if not slots:
        return {}
    names = DeviceNames.of_pci(probe)
    controllers = [_device(probe, slot, names) for slot in slots]
    videos = [_brief(c, "name", "pcislot") for c in controllers if c.get("pciclass", "").startswith("03")]
    sounds = [_brief(c, "name", "manufacturer") for c in controllers if c.get("pciclass", "")[:4] in ("0401", "0403")]
    return present(controllers=controllers, videos=videos, sounds=sounds)


def _device(probe: Probe, slot: str, names: DeviceNames) -> dict[str, Any]:
    base = _DEVICES + slot + "/"
    code, vendor, product, maker, model = (
        probe.value(base + name).removeprefix("0x")
        for name in ("class", "vendor", "device", "subsystem_vendor", "subsystem_device")
    )
    name = names.device(vendor, product) or (f"{vendor}:{product}" if vendor and product else "")
    return present(
        name=name,
        caption=name,
        manufacturer=names.vendor(vendor),
        type=names.kind(code),
        pciclass=code[:4],
        pcislot=slot.removeprefix("0000:"),
        vendorid=vendor,
        productid=product,
        pcisubsystemid=f"{maker}:{model}" if maker and model and maker != "0000" else None,
        rev=probe.value(base + "revision").removeprefix("0x"),
        driver=probe.link(base + "driver").rpartition("/")[2],
    )


def _brief(device: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: device[key] for key in keys if key in device}


COLLECTOR = Collector(
    "PCI devices",
    _collect,
    sections=(
        Section("controllers"),
        Section("videos"),
        Section("sounds"),
    ),
)
