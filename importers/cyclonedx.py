"""The importer of CycloneDX lists, in JSON and XML, from 1.2 to 1.7. Facts of the format by its published schemas."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.inventory.fields import Entry, filled, mapping, moment, objects, text
from importers.software_lists.readings import readings
from importers.software_lists.software_list import DEVICE, Component, SoftwareList, package_manager
from importers.source_documents import SourceDocument, document_of, json_of, start_of
from importers.xml_documents import XmlElement, root_of
from importers.xml_root import root_tag

_NAMESPACE = "cyclonedx.org/schema/bom"
_MARK = b'"CycloneDX"'
_IDENTITY = {
    "cdx:device:serialNumber": "serial_number",
    "cdx:device:sku": "sku",
    "terrier:uuid": "uuid",
    "terrier:chassis": "chassis",
    "terrier:host_name": "host_name",
    "terrier:last_seen": "last_seen",
    "terrier:virtualisation": "vm",
    "terrier:scope": "user",
    "terrier:edition": "edition",
}
"""Properties of a component → what they say of it. Other properties can hold secrets, and stay out. An empty one says
that there is none.
"""
_DEEPEST = 100


def _recognises(head: bytes) -> bool:
    start = start_of(head)
    if start.startswith(b"<"):
        tag = root_tag(start)
        return tag.name == "bom" and _NAMESPACE in tag.namespace
    return start.startswith(b"{") and b'"bomFormat"' in start and _MARK in start


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    document = document_of(path)
    found = _of_xml(document) if start_of(document.raw[:4096]).startswith(b"<") else json_of(document)
    return readings(software_list(found, document.name), document.name, document.changed)


def _of_xml(document: SourceDocument) -> Entry:
    return as_object(root_of(document)[0])


def software_list(document: object, file: str) -> SoftwareList:
    """The list of a document in the JSON form. Raises FileProblem where it is none."""
    if not isinstance(document, dict) or text(document, "bomFormat") != "CycloneDX":
        raise FileProblem(Message("{file} is JSON, but no CycloneDX list.", file=file))
    metadata = mapping(document, "metadata")
    told = mapping(metadata, "component")
    subject = _component(told, file) if told else None
    if subject is not None and subject.type == DEVICE:
        subject = _with_maker(subject, metadata)
    components = [_component(one, file) for one in objects(document, "components")]
    components += [_service(one) for one in objects(document, "services")]
    in_use = any(text(one, "phase") == "operations" for one in objects(metadata, "lifecycles"))
    return SoftwareList(subject, tuple(components), moment(text(metadata, "timestamp")), in_use)


def _with_maker(device: Component, metadata: Entry) -> Component:
    """The maker of a device that is named beside it, in older lists."""
    maker = text(mapping(metadata, "manufacture"), "name") or text(mapping(metadata, "supplier"), "name")
    if not maker or device.identity.get("manufacturer"):
        return device
    return Component(
        device.type, device.name, device.version, device.publisher, device.values,
        {**device.identity, "manufacturer": maker}, device.parts,
    )  # fmt: skip


def _component(entry: Entry, file: str, depth: int = 0) -> Component:
    """A component with those within it. Raises FileProblem where they are nested too deeply."""
    if depth > _DEEPEST:
        raise FileProblem(Message("{file} is no inventory: it is nested too deeply.", file=file))
    told = {text(one, "name"): text(one, "value") for one in objects(entry, "properties")}
    manufacturer = text(mapping(entry, "manufacturer"), "name") or text(mapping(entry, "supplier"), "name")
    identity = {ours: told[theirs] for theirs, ours in _IDENTITY.items() if theirs in told}
    if text(entry, "type") == DEVICE:
        identity |= filled(manufacturer=manufacturer, model=told.get("terrier:model") or text(entry, "version"))
    purl = text(entry, "purl")
    values = filled(
        group=text(entry, "group"),
        purl=purl,
        cpe=text(entry, "cpe"),
        licences=_licences(entry),
        hashes=", ".join(f"{text(one, 'alg')}: {text(one, 'content')}" for one in objects(entry, "hashes")),
        description=text(entry, "description"),
        scope=text(entry, "scope"),
        website=next(
            (text(one, "url") for one in objects(entry, "externalReferences") if text(one, "type") == "website"), ""
        ),
        origin=package_manager(purl),
    )
    return Component(
        text(entry, "type"), text(entry, "name"), text(entry, "version"),
        text(entry, "publisher") or manufacturer or _authors(entry), values, identity,
        tuple(_component(one, file, depth + 1) for one in objects(entry, "components")),
    )  # fmt: skip


def _authors(entry: Entry) -> str:
    return ", ".join(filter(None, (text(one, "name") for one in objects(entry, "authors")))) or text(entry, "author")


def _licences(entry: Entry) -> str:
    """Its licences by their SPDX ids, names or expressions."""
    found = []
    for one in objects(entry, "licenses"):
        licence = mapping(one, "license")
        found.append(text(one, "expression") or text(licence, "id") or text(licence, "name"))
    return ", ".join(filter(None, found))


def _service(entry: Entry) -> Component:
    values = filled(group=text(entry, "group"), description=text(entry, "description"))
    provider = text(mapping(entry, "provider"), "name")
    return Component("service", text(entry, "name"), text(entry, "version"), provider, values)


_LISTS = {
    "components": "component",
    "services": "service",
    "properties": "property",
    "hashes": "hash",
    "externalReferences": "reference",
    "authors": "author",
}
"""Elements of the XML form that hold a list → the elements of its entries."""
_CONTENT = {"property": "value", "hash": "content"}
"""Elements whose text stands under a key of its own in the JSON form."""


def as_object(element: XmlElement) -> dict[str, Any]:
    """The XML form of a list, or of a part of it, as the JSON form."""
    if element.name == "bom":
        return {"bomFormat": "CycloneDX", **_members(element)}
    return _members(element)


def _members(element: XmlElement) -> dict[str, Any]:
    found: dict[str, Any] = dict(element.attributes)
    if element.name in _CONTENT:
        found[_CONTENT[element.name]] = element.text
    for one in element.children:
        if one.name in _LISTS:
            found[one.name] = [as_object(each) for each in one.children if each.name == _LISTS[one.name]]
        elif one.name == "licenses":
            found["licenses"] = [
                {"expression": each.text} if each.name == "expression" else {"license": as_object(each)}
                for each in one.children
            ]
        elif one.children:
            found[one.name] = as_object(one)
        else:
            found[one.name] = one.text
    return found


def _example(folder: Path) -> Path:
    product = {"type": "application", "name": "Ticket desk", "version": "2.1", "publisher": "Example"}
    part = {"type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0"}
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"timestamp": "2026-03-31T10:15:00Z", "component": product}, "components": [part],
    }  # fmt: skip
    path = folder / "desk.cdx.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


IMPORTER = Importer(
    "cyclonedx",
    Message("CycloneDX"),
    Message("A list of software, or of what is installed on a device, in CycloneDX 1.2 to 1.7, JSON or XML"),
    (".json", ".xml"),
    _recognises,
    _read,
    _example,
    rank=45,
)
