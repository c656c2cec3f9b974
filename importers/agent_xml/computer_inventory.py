"""A computer's inventory in XML as an inventory document."""

from __future__ import annotations

import re
from typing import Any

from importers.agent_xml.renamed_fields import (
    DAYS,
    FIELDS,
    FLAGS,
    LEFT_OUT,
    LISTS,
    MONTH_FIRST,
    OBJECTS,
    SECTIONS,
    SYSTEM,
)
from importers.inventory.fields import meaningful
from importers.inventory.section_sources import SOURCES
from importers.inventory.written_days import day
from importers.xml_documents import XmlElement

_TRUE = ("1", "true", "yes")
_KNOWN = frozenset(source.path for source in SOURCES.values()) | {"accesslog"}
_TAG = re.compile(r"(?=.*\d)\S+")
"""The tag of OCS Inventory where it is a number of the computer's, and not the name of a place."""


def computer_document(request: XmlElement, content: XmlElement, device: str) -> tuple[dict[str, Any], list[str]]:
    """The document of a computer, and the names of the sections that the format has no place for."""
    made: dict[str, Any] = {}
    unknown: dict[str, None] = {}
    for element in content.children:
        name = element.name.casefold()
        name = SECTIONS.get(name, name)
        if name in LEFT_OUT:
            continue
        if name not in _KNOWN and name != "versionprovider":
            unknown[element.name] = None
        elif name in OBJECTS:
            made.setdefault(name, {}).update(_entry(name, element))
        elif entry := _entry(name, element):
            made.setdefault(name, []).append(entry)
    made["versionclient"] = _client(request, content)
    _complete(made)
    kind = "Phone" if _is_phone(made) else "Computer"
    document = {"deviceid": device, "action": "inventory", "itemtype": kind, "content": made}
    if tag := _account_tag(content):
        document["tag"] = tag
        if (
            "ocs" in made["versionclient"].casefold()
            and _TAG.fullmatch(tag)
            and not meaningful(made.get("bios", {}), "assettag", "asset_tags")
        ):
            made.setdefault("bios", {})["assettag"] = tag
    return document, list(unknown)


def _is_phone(made: dict[str, Any]) -> bool:
    """Whether it is a phone's: agents of phones send what those of computers do."""
    system = made.get("operatingsystem", {})
    return any(
        "android" in str(one).casefold() for one in (made["versionclient"], system.get("name"), system.get("full_name"))
    )


def values_of(element: XmlElement) -> Any:
    """What an element says: a text, or its fields by their names in small letters; a field that repeats is a list."""
    if not element.children:
        return element.text
    found: dict[str, Any] = {}
    for one in element.children:
        name, value = one.name.casefold(), values_of(one)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _entry(section: str, element: XmlElement) -> dict[str, Any]:
    """One entry of a section with the format's names and forms; empty fields are not there."""
    said = values_of(element)
    if not isinstance(said, dict):
        return {}
    renamed = FIELDS.get(section, {})
    own = {name: value for name, value in said.items() if name not in renamed}
    for name, value in said.items():
        if renamed.get(name):
            own.setdefault(renamed[name], value)
    return {
        name: value for name, value in ((n, _value(section, n, v)) for n, v in own.items()) if value not in ("", None)
    }


def _value(section: str, name: str, value: Any) -> Any:
    if (section, name) in LISTS:
        return value if isinstance(value, list) else [value]
    if not isinstance(value, str):
        return value
    if (section, name) in FLAGS:
        return value.casefold() in _TRUE
    if (section, name) in DAYS:
        return day(value, month_first=(section, name) in MONTH_FIRST)
    return value


def client_of(request: XmlElement, content: XmlElement) -> str:
    """The program that made the inventory."""
    return content.said("versionclient") or request.said("versionclient")


def _client(request: XmlElement, content: XmlElement) -> str:
    hardware = content.first("hardware")
    return client_of(request, content) or (hardware.said("versionclient") if hardware else "") or "unknown"


def _account_tag(content: XmlElement) -> str:
    """What an administrator named the computer's account: OCS Inventory's and FusionInventory's tag."""
    for account in content.named("accountinfo"):
        if account.said("keyname").casefold() == "tag" and account.said("keyvalue").casefold() not in ("", "na"):
            return account.said("keyvalue")
    return ""


def _complete(made: dict[str, Any]) -> None:
    """Puts what older agents say in one place where the format has it in another."""
    hardware, system = made.setdefault("hardware", {}), made.setdefault("operatingsystem", {})
    alone = not system
    for theirs, ours in SYSTEM.items():
        if (value := hardware.pop(theirs, "")) and alone:
            system[ours] = value
    zone = system.get("timezone")
    if isinstance(zone, dict) and re.fullmatch(r"[+-]\d\d", str(zone.get("offset"))):
        zone["offset"] += "00"
    if chassis := made.get("bios", {}).pop("type", ""):
        hardware.setdefault("chassis_type", chassis)
    _complete_processors(made, hardware)
    _complete_user(hardware)
    for network in made.get("networks", ()):
        for key in ("status", "type"):
            if isinstance(network.get(key), str):
                network[key] = network[key].lower()
        if network.get("type") == "local":
            network["type"] = "loopback"
    for one in made.get("controllers", ()):
        vendor, colon, product = str(one.pop("pciid", "")).partition(":")
        if colon:
            one.setdefault("vendorid", vendor)
            one.setdefault("productid", product)
    for one in made.get("memories", ()):
        if not str(one.get("capacity", "")).isdecimal():  # an empty slot: "No", "No Module Installed"
            one.pop("capacity", None)
    numbers = [imei for one in made.get("simcards", ()) if (imei := one.pop("+imei", ""))]
    if numbers and "modems" not in made:
        made["modems"] = [{"imei": numbers}]
    for one in made.get("envs", ()):
        one.pop("val", None)
    if not system:
        del made["operatingsystem"]


def _complete_processors(made: dict[str, Any], hardware: dict[str, Any]) -> None:
    """The processors of an agent that has no list of them, only their name, number and speed."""
    name, number, speed = (hardware.pop(key, "") for key in ("processort", "processorn", "processors"))
    if name and "cpus" not in made:
        count = int(number) if str(number).isdecimal() and 0 < len(str(number)) < 4 else 1
        made["cpus"] = [{"name": name, "speed": speed} for _ in range(max(1, count))]


def _complete_user(hardware: dict[str, Any]) -> None:
    for gone in ("archname", "checksum", "etime", "ipaddr", "lastdate", "vmname", "vmhostserial", "versionclient"):
        hardware.pop(gone, None)
    user, domain = hardware.pop("userid", ""), hardware.pop("userdomain", "")
    if not hardware.get("lastloggeduser") and isinstance(user, str) and user and "/" not in user:
        hardware["lastloggeduser"] = f"{domain}\\{user}" if domain else user
