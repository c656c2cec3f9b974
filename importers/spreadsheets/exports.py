"""Exports of other tools: columns whose meaning differs from their names, and their words for classes.

Most of their columns are found by the schema's synonyms; only what those cannot express is here. An export is
recognised by columns that it always has. The column names are facts of the tools' own exports and documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cmdb.model.schema import fold


@dataclass(frozen=True, slots=True)
class Export:
    """One tool's list. ``columns``: folded header → attribute, ``reference.attribute``, or "" for one to leave out.

    A transform may follow: ``memory|unit:KB``.
    """

    tool: str
    signature: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    class_column: str = ""
    """The column that tells what a row is, where it does not hold a class's name; with ``base`` and ``classes``."""
    base: str = "hardware"
    classes: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Pattern → class. Matched against the class column's cell and the model, "windows | latitude 5420"."""

    def class_of(self, cell: str, model: str) -> str:
        """The class of a row; "" if neither its cell nor its model has it."""
        said = f"{fold(cell)} | {fold(model)}"
        return next((cls for pattern, cls in self.classes if pattern.search(said)), "")


def _classes(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), cls) for pattern, cls in pairs)


EXPORTS = (
    Export(
        "Intune",
        frozenset(("device id", "device name", "managed by", "primary user upn", "os")),
        {
            "device name": "name", "managed by": "", "category": "", "compliance": "", "ownership": "",
            "device state": "", "jointype": "",
            "primary user display name": "main_user", "primary user upn": "main_user.email", "enrollment date": "",
            "primary user email address": "", "total storage": "disk_size|unit:MB",
            "imei": "imei", "phone number": "phone_number", "os": "operating_system",
        },
        "os",
        classes=_classes(
            (r"\bipad(?!os)", "tablet"), (r"\| (galaxy tab|sm t\d|sm x\d)", "tablet"), (r"\biphone", "phone"),
            (r"^ipados", "tablet"), (r"^(ios|android|windows phone)", "phone"),
            (r"\b(virtual machine|vmware|virtualbox|cloud pc)", "virtual_machine"),
            (r"\| windows server|^windows server", "server"), (r"^(windows|mac ?os|linux|chrome ?os)", "computer"),
        ),
    ),
    Export(
        "Lansweeper",
        frozenset(("assetname", "type", "lastseen", "firstseen")),
        {
            "assetid": "", "assetname": "name", "purchasedate": "purchase_date", "warrantydate": "warranty_until",
            "nrprocessors": "processor_sockets", "lastseen": "last_seen", "username": "main_user",
            "userdomain": "", "ipaddress": "ip_address", "oscode": "", "os version": "os_version",
        },
        "type",
        classes=_classes(
            (r"^vmware guest|^hyper v guest|virtual machine|\bvmware virtual platform", "virtual_machine"),
            (r"^(esxi?|vmware) server|^vmware esxi|^citrix xenserver|^hyper v host", "server"),
            (r"^(windows|linux|unix|solaris|mac|apple mac|chromebook|chrome os)", "computer"),
            (r"ipad|tablet", "tablet"), (r"iphone|ios|android|smartphone|mobile", "phone"),
            (r"^monitor", "monitor"), (r"printer|multifunction", "printer"), (r"switch", "switch"),
            (r"router", "router"), (r"firewall", "firewall"), (r"wireless access|access point", "access_point"),
            (r"^ups\b", "ups"), (r"^pdu\b", "pdu"), (r"^(nas|san|storage)", "storage_system"),
            (r"camera", "camera"), (r"load balancer", "load_balancer"), (r"^server", "server"),
        ),
    ),
    Export(
        "Snipe-IT",
        frozenset(("asset tag", "asset name", "category", "checked out")),
        {
            "asset name": "name", "warranty": "", "username": "assigned_to.user_name", "type": "",
            "employee no": "assigned_to.employee_number", "title": "", "manager": "", "value": "", "diff": "",
            "model no": "",
        },
    ),
    Export(
        "NetBox",
        frozenset(("name", "role", "type", "site", "rack", "tenant")),
        {"type": "model", "site": "location", "location": "", "tenant group": "", "tenant": "legal_owner"},
    ),
    Export(
        "SCCM",
        frozenset(("name0", "manufacturer0", "model0")),
        {
            "name0": "name", "caption0": "operating_system", "numberofprocessors0": "processor_sockets",
            "totalphysicalmemory0": "memory|unit:KB", "user name0": "main_user|after:\\",
        },
        base="computer",
    ),
)  # fmt: skip


def recognise(headers: Iterable[str]) -> Export | None:
    """The tool whose export has these columns, or None."""
    known = {fold(h) for h in headers}
    return next((one for one in EXPORTS if one.signature <= known), None)


def export_of(tool: str) -> Export | None:
    """The export that a mapping's class column names ("tool:Intune")."""
    return next((one for one in EXPORTS if one.tool == tool), None)
