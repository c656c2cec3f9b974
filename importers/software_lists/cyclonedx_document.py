"""Computers of the register as a CycloneDX 1.6 list: each a device with its operating system and what is installed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cmdb.model.clock import now
from cmdb.model.revision import new_id
from importers.inventory.fields import filled
from importers.inventory.package_urls import package_url
from importers.inventory.record_document import CHASSIS, VIRTUAL, ComputerFacts

_HASH = re.compile(r"(MD5|SHA-1|SHA-256|SHA-384|SHA-512|SHA3-256|SHA3-384|SHA3-512): ([0-9a-fA-F]+)")
_DIGITS = (32, 40, 64, 96, 128)
_TYPES = frozenset({
    "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver",
    "firmware", "file", "machine-learning-model", "data", "cryptographic-asset",
})  # fmt: skip


def cyclonedx_document(computers: Iterable[ComputerFacts]) -> dict[str, Any]:
    """The list of computers. One computer is what the list is about; several are its components."""
    devices: list[dict[str, Any]] = []
    dependencies: list[dict[str, Any]] = []
    for number, facts in enumerate(computers, 1):
        device = _device(facts, f"device-{number}")
        devices.append(device)
        parts = [part["bom-ref"] for part in device["components"]]
        dependencies += [{"ref": device["bom-ref"], "dependsOn": parts}, *({"ref": part} for part in parts)]
    metadata: dict[str, Any] = {
        "timestamp": now(),
        "tools": {"components": [{"type": "application", "name": "Terrier"}]},
        "lifecycles": [{"phase": "operations"}],
    }
    components = devices
    if len(devices) == 1:
        components = devices[0].pop("components")
        metadata["component"] = devices[0]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{new_id()}",
        "version": 1,
        "metadata": metadata,
        "components": components,
        "dependencies": dependencies,
    }


def _device(facts: ComputerFacts, ref: str) -> dict[str, Any]:
    values = facts.values
    told = {
        "cdx:device:serialNumber": values.get("serial_number"),
        "terrier:uuid": values.get("uuid"),
        "terrier:model": values.get("model"),
        "terrier:virtualisation": VIRTUAL if facts.cls == "virtual_machine" else None,
        "terrier:chassis": CHASSIS.get(facts.cls),
    }
    device: dict[str, Any] = {"type": "device", "bom-ref": ref, "name": facts.name}
    if values.get("manufacturer"):
        device["manufacturer"] = {"name": str(values["manufacturer"])}
    device["properties"] = [
        *({"name": name, "value": str(value)} for name, value in told.items() if value),
        # of these also that there is none: else the device's name, and the list's time, would stand for them
        {"name": "terrier:host_name", "value": str(values.get("host_name") or "")},
        {"name": "terrier:last_seen", "value": facts.observed},
    ]
    parts = _parts(facts)
    for number, part in enumerate(parts, 1):
        part["bom-ref"] = f"{ref}-{number}"
    device["components"] = parts
    return device


def _parts(facts: ComputerFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if facts.values.get("operating_system"):
        found.append(
            filled(
                type="operating-system",
                name=str(facts.values["operating_system"]),
                version=str(facts.values.get("os_version", "")),
            )
        )
    system: Mapping[str, Any] = next(iter(facts.sections.get("operating_system", ())), {})
    where = str(system.get("distribution", "")), str(system.get("version_id", ""))
    seen = {_key(row): row for row in facts.sections.get("software_details", ())}
    for one in facts.installed:
        properties = [
            {"name": name, "value": value}
            for name, value in (("terrier:scope", one.get("scope")), ("terrier:edition", one.get("edition")))
            if value
        ]
        part = filled(
            type="application", name=one["product"], version=one.get("version"), publisher=one.get("publisher"),
            purl=_purl(one, seen.get((one["product"], one.get("version", ""), one.get("scope", "")), {}), *where),
        )  # fmt: skip
        found.append({**part, "properties": properties} if properties else part)
    found += map(_component, facts.sections.get("software_components", ()))
    return found


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row.get("name", "")), str(row.get("version", "")), str(row.get("user", ""))


def _purl(one: Mapping[str, str], seen: Mapping[str, Any], distribution: str, release: str) -> str:
    """The package URL of what is installed, as a scan saw it or by what the register knows."""
    arch = str(seen.get("architecture", ""))
    found = package_url(one.get("origin", ""), one["product"], one.get("version", ""), arch, distribution, release)
    return str(seen.get("package_url", "")) or found


def _component(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(row.get("type", ""))
    found = filled(
        type=kind if kind in _TYPES else "library", name=str(row.get("name", "")) or "-", version=row.get("version"),
        group=row.get("group"), publisher=row.get("publisher"), purl=row.get("purl"), cpe=row.get("cpe"),
        description=row.get("description"),
    )  # fmt: skip
    hashes = [
        {"alg": one[1], "content": one[2]}
        for one in _HASH.finditer(str(row.get("hashes", "")))
        if len(one[2]) in _DIGITS
    ]
    if hashes:
        found["hashes"] = hashes
    if row.get("licences"):
        found["licenses"] = [{"license": {"name": name}} for name in str(row["licences"]).split(", ")]
    return found
