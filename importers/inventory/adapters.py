"""Finds the network adapters that belong to a computer, and its main address."""

from __future__ import annotations

import re
from typing import NamedTuple

from cmdb.model.mac_addresses import adapter_mac
from importers.inventory.fields import Entry, mapping, objects, text

_NOT_BUILT_IN = re.compile(
    r"\busb\b|dock|thunderbolt|virtual|vpn|\btap\b|tunnel|bluetooth|wan miniport|hyper-v|vmware|vmnet|virtualbox|vbox"
    r"|loopback|teredo|isatap|wi-fi direct|cisco anyconnect|fortinet|wireguard|docker|veth|^br-|^virbr|kernel debug",
    re.IGNORECASE,
)
_USB_DRIVERS = {"r8152", "cdc_ether", "cdc_ncm", "ax88179_178a", "asix", "rndis_host", "smsc95xx", "lan78xx", "ipheth"}
_OWN_KINDS = ("ethernet", "wifi", "infiniband", "")


class Adapters(NamedTuple):
    """``macs`` of built-in adapters in order; the ``address`` and ``mac`` at which the machine is reached."""

    macs: tuple[str, ...]
    address: str
    mac: str


def adapters(content: Entry, virtual: bool) -> Adapters:
    """The adapters of a computer.

    Not used as evidence: virtual adapters, docks and dongles (they are moved between machines) and, unless the machine
    is virtual, locally administered addresses, which are random.
    """
    told = {text(one, "name"): one for one in objects(mapping(content, "terrier"), "interfaces")}
    dongles = {re.sub(r"[^0-9a-f]", "", text(one, "serial").lower()) for one in objects(content, "usbdevices")}
    macs: dict[str, None] = {}
    for network in objects(content, "networks"):
        own = told.get(text(network, "description"), {})
        mac = adapter_mac(text(own, "permanent_mac") or text(network, "mac"))
        if mac and _built_in(network, own) and mac.replace(":", "") not in dongles and (virtual or not _random(mac)):
            macs.setdefault(mac)
    address, primary = _reached_at(content, macs)
    return Adapters(tuple(macs), address, primary)


def _built_in(network: Entry, own: Entry) -> bool:
    if isinstance(own.get("built_in"), bool):
        return bool(own["built_in"])
    words = f"{text(network, 'description')} | {text(network, 'model')} | {text(network, 'pnpdeviceid')}"
    return (
        network.get("virtualdev") is not True
        and network.get("management") is not True
        and text(network, "type") in _OWN_KINDS
        and text(network, "driver") not in _USB_DRIVERS
        and not _NOT_BUILT_IN.search(words)
    )


def _reached_at(content: Entry, macs: dict[str, None]) -> tuple[str, str]:
    """IPv4 address and MAC of the adapter that has the gateway, else of the first built-in one with an address."""
    found = ("", next(iter(macs), ""))
    for network in objects(content, "networks"):
        address = text(network, "ipaddress")
        mac = adapter_mac(text(network, "mac"))
        if not address or address.startswith(("127.", "169.254.", "0.")) or network.get("virtualdev") is True:
            continue
        if text(network, "ipgateway"):
            return address, mac if mac in macs else found[1]
        if not found[0]:
            found = (address, mac if mac in macs else found[1])
    return found


def _random(mac: str) -> bool:
    return bool(int(mac[:2], 16) & 2)
