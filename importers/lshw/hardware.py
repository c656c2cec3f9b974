"""The tree of lshw as an inventory document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from importers.discovery.firmware import of_firmware
from importers.inventory.fields import (
    Entry,
    filled,
    identity,
    is_placeholder,
    mapping,
    meaningful,
    objects,
    text,
    whole,
)
from importers.inventory.written_days import day

_MIB = 1 << 20
_PCI = re.compile(r"pci@(?:0000:)?(.+)")
_VOLTS = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)V")


class LshwNode(NamedTuple):
    """A node of the tree, and the one that it stands in."""

    node: Entry
    parent: Entry


def nodes_of(value: Any) -> Iterator[LshwNode]:
    """All nodes of a tree, or of a list of trees, from the top down."""
    waiting = [LshwNode(one, {}) for one in reversed(objects({"": value if isinstance(value, list) else [value]}, ""))]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(LshwNode(child, one.node) for child in reversed(objects(one.node, "children")))


def document_of_tree(value: Any, file_host: str) -> dict[str, Any]:
    """The document of a machine. ``file_host`` is its name where the tree does not say it."""
    nodes = list(nodes_of(value))
    system = next((one.node for one in nodes if text(one.node, "class") == "system"), {})
    core = next((one.node for one in nodes if text(one.node, "id") == "core" and one.parent is system), {})
    bios = _bios(nodes, system, core)
    hardware = _hardware(nodes, system, file_host)
    content: dict[str, Any] = {"versionclient": "lshw", "bios": bios, "hardware": hardware}
    for section, made in _SECTIONS.items():
        content[section] = [entry for one in nodes if (entry := made(one))]
    content["terrier"] = {
        "disks": [own for one in nodes if (own := _own_disk(one))],
        "system": filled(product_version=text(system, "version")),
    }
    named = text(hardware, "name")
    known = named or meaningful(bios, "ssn", "serial_numbers") or identity(hardware, "uuid")
    document: dict[str, Any] = {
        "deviceid": text(hardware, "name") or known,
        "action": "inventory",
        "itemtype": "Computer",
    }
    if not system:  # a part that was asked for: lshw -class network
        document["partial"] = True
    return {**document, "content": {name: part for name, part in content.items() if part}}


def _bios(nodes: list[LshwNode], system: Entry, core: Entry) -> dict[str, Any]:
    firmware = next((one.node for one in nodes if text(one.node, "id") == "firmware"), {})
    sku = text(mapping(system, "configuration"), "sku")
    return filled(
        bmanufacturer=text(firmware, "vendor"),
        bversion=text(firmware, "version"),
        bdate=day(text(firmware, "date"), month_first=True),
        smanufacturer=text(system, "vendor"),
        smodel=text(system, "product").removesuffix(f" ({sku})"),
        ssn=text(system, "serial"),
        skunumber=sku,
        mmanufacturer=text(core, "vendor"),
        mmodel=text(core, "product"),
        msn=text(core, "serial"),
    )


def _hardware(nodes: list[LshwNode], system: Entry, file_host: str) -> dict[str, Any]:
    host = text(system, "id")
    name, _, domain = (file_host if not host or is_placeholder(host, "host_names") else host).partition(".")
    memory = [
        whole(one.node, "size") or 0
        for one in nodes
        if text(one.node, "class") == "memory" and text(one.node, "description").casefold() == "system memory"
    ]
    guest = of_firmware(text(system, "vendor"), text(system, "product"), "")
    return filled(
        name=name,
        workgroup=domain,
        uuid=text(mapping(system, "configuration"), "uuid"),
        chassis_type=text(system, "description").removesuffix("Computer").strip(),
        vmsystem=guest or ("Physical" if text(system, "vendor") or text(system, "product") else ""),
        memory=sum(memory) // _MIB or None,
    )


def _configured(node: Entry, key: str) -> str:
    return text(mapping(node, "configuration"), key)


def _slot(node: Entry) -> str:
    match = _PCI.fullmatch(text(node, "businfo"))
    return match[1] if match else ""


def _device(node: Entry) -> str:
    """The name under which the system knows it: the first, without its folder."""
    named = node.get("logicalname")
    first = next((text({"": one}, "") for one in named), "") if isinstance(named, list) else text(node, "logicalname")
    return first.removeprefix("/dev/")


def _is(one: LshwNode, kind: str) -> bool:
    return text(one.node, "class") == kind and one.node.get("disabled") is not True


def _processor(one: LshwNode) -> dict[str, Any]:
    node, told = one.node, mapping(one.node, "configuration")
    if not _is(one, "processor") or not text(node, "product"):
        return {}
    hertz = whole(node, "size")
    return filled(
        name=text(node, "product"), manufacturer=text(node, "vendor"), core=whole(told, "cores"),
        corecount=whole(told, "enabledcores"), thread=whole(told, "threads"),
        speed=hertz // 1_000_000 if hertz else None,
        description=text(node, "slot"), serial=text(node, "serial"),
    )  # fmt: skip


def _module(one: LshwNode) -> dict[str, Any]:
    node = one.node
    bank = re.fullmatch(r"bank(?::(\d{1,4}))?", text(node, "id"))
    if not bank or text(node, "class") != "memory":
        return {}
    size = whole(node, "size")
    hertz = whole(node, "clock")
    slot = filled(numslots=int(bank[1] or 0) + 1, caption=text(node, "slot"))
    if not size:
        return {**slot, "type": "Empty slot"}
    return {
        **slot,
        **filled(
            capacity=size // _MIB, description=text(node, "description"), manufacturer=text(node, "vendor"),
            model=text(node, "product"), serialnumber=text(node, "serial"),
            speed=f"{hertz // 1_000_000} MT/s" if hertz else "",
        ),
    }  # fmt: skip


def _is_disk(one: LshwNode) -> bool:
    return _is(one, "disk") and bool(_device(one.node)) and whole(one.node, "size") is not None


def _disk(one: LshwNode) -> dict[str, Any]:
    """A disk. What NVMe calls a name space has its maker and serial number in the controller that it stands in."""
    if not _is_disk(one):
        return {}
    node, above = one.node, one.parent if text(one.parent, "class") == "storage" else {}
    size = whole(node, "size") or 0
    own = any(text(node, key) for key in ("product", "serial"))
    of = node if own or "nvme" not in text(node, "description").casefold() else above
    return filled(
        name=_device(node), model=text(of, "product"), manufacturer=text(of, "vendor"), serial=text(of, "serial"),
        firmware=text(of, "version"), description=text(node, "description"), disksize=size // 1_000_000,
        type="disk" if "cdrom" not in text(node, "id") else "cd",
    )  # fmt: skip


def _own_disk(one: LshwNode) -> dict[str, Any]:
    if not _is_disk(one):
        return {}
    away = mapping(one.node, "capabilities").get("removable") is not None or "cdrom" in text(one.node, "id")
    return filled(name=_device(one.node), bytes=whole(one.node, "size"), removable=True if away else None)


def _volume(one: LshwNode) -> dict[str, Any]:
    node, named = one.node, one.node.get("logicalname")
    if text(node, "class") != "volume" or _configured(node, "state") != "mounted" or not isinstance(named, list):
        return {}
    names = [text({"": name}, "") for name in named]
    size = whole(node, "size")
    return filled(
        type=names[-1], volumn=names[0], serial=text(node, "serial"), total=size // _MIB if size else None,
        filesystem=_configured(node, "filesystem") or _configured(node, "mount.fstype"),
        description=text(node, "description"),
    )  # fmt: skip


def _network(one: LshwNode) -> dict[str, Any]:
    node = one.node
    if text(node, "class") != "network" or not _device(node):
        return {}
    link = _configured(node, "link")
    return filled(
        description=_device(node), mac=text(node, "serial"), manufacturer=text(node, "vendor"),
        model=text(node, "product"), driver=_configured(node, "driver"), firmware=_configured(node, "firmware"),
        speed=_configured(node, "speed") or text(node, "size"), ipaddress=_configured(node, "ip"), pcislot=_slot(node),
        status="up" if link == "yes" else "down" if link == "no" else "",
        type="wifi" if _configured(node, "wireless") else "", virtualdev=not text(node, "businfo"),
    )  # fmt: skip


def _controller(one: LshwNode) -> dict[str, Any]:
    node = one.node
    if not _slot(node) or not text(node, "product"):
        return {}
    return filled(
        name=text(node, "product"), manufacturer=text(node, "vendor"), type=text(node, "description"),
        driver=_configured(node, "driver"), pcislot=_slot(node), rev=text(node, "version"),
    )  # fmt: skip


def _video(one: LshwNode) -> dict[str, Any]:
    if not _is(one, "display"):
        return {}
    return filled(name=text(one.node, "product"), chipset=text(one.node, "vendor"), pcislot=_slot(one.node))


def _sound(one: LshwNode) -> dict[str, Any]:
    if not _is(one, "multimedia"):
        return {}
    return filled(
        name=text(one.node, "product"), manufacturer=text(one.node, "vendor"), description=text(one.node, "description")
    )


def _usb(one: LshwNode) -> dict[str, Any]:
    node = one.node
    if not text(node, "businfo").startswith("usb@") or text(node, "class") == "bus":
        return {}
    return filled(name=text(node, "product"), manufacturer=text(node, "vendor"), serial=text(node, "serial"))


def _battery(one: LshwNode) -> dict[str, Any]:
    node = one.node
    if text(node, "class") != "power" or not text(node, "id").startswith("battery"):
        return {}
    volts = _VOLTS.fullmatch(_configured(node, "voltage"))
    return filled(
        name=text(node, "product"), manufacturer=text(node, "vendor"), serial=text(node, "serial"),
        capacity=whole(node, "capacity") or None, voltage=round(float(volts[1]) * 1000) if volts else None,
    )  # fmt: skip


_SECTIONS: Mapping[str, Callable[[LshwNode], dict[str, Any]]] = {
    "cpus": _processor, "memories": _module, "storages": _disk, "drives": _volume, "networks": _network,
    "controllers": _controller, "videos": _video, "sounds": _sound, "usbdevices": _usb, "batteries": _battery,
}  # fmt: skip
