"""What a list of software says, as readings: devices with what is installed on them, products with their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from cmdb.model.characters import one_line
from cmdb.model.clock import now
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Observation, Origin, Reading, Source
from importers.inventory.fields import filled
from importers.inventory.section_rows import details
from importers.software_lists.software_list import DEVICE, INSTALLED, SYSTEM, Component, SoftwareList

SECTION = "software_components"
_LONGEST_NAME = 80
_KINDS = {
    "application": "application",
    "container": "application",
    "device-driver": "driver",
    "firmware": "component",
    "framework": "runtime",
    "library": "library",
    "operating-system": "operating system",
    "platform": "runtime",
    "update": "update",
}
"""Types of components → kinds of products."""


def readings(found: SoftwareList, file: str, changed: str) -> list[Reading]:
    """The readings of a list, one for each thing that it is about. ``changed`` is its time where it says none.

    Raises FileProblem where it is about nothing that the register holds.
    """
    made = found.made or changed or now()
    return [
        _device(one, file, made) if one.type == DEVICE else _product(one, file, made) for one in _subjects(found, file)
    ]


def _subjects(found: SoftwareList, file: str) -> list[Component]:
    """What a list is about, each with all of its components."""
    if found.subject is not None:
        subjects = [replace(found.subject, parts=(*found.subject.parts, *found.components))]
    else:
        subjects = [one for one in found.components if one.type == DEVICE and (found.in_use or _has_software(one))]
        subjects = subjects or [one for one in found.components if one.type in INSTALLED or one.type == SYSTEM]
    if not subjects:
        raise FileProblem(Message("{file} does not say which device or which software its list is about.", file=file))
    for one in subjects:
        if not one_line(one.name):
            raise FileProblem(Message("{file} does not name what its list is about.", file=file))
        if one.type == DEVICE and not (found.in_use or one.identity.get("serial_number") or _has_software(one)):
            message = Message(
                "{file} lists the parts of the design “{name}”: it is no device with a serial number or with software.",
                file=file,
                name=one_line(one.name)[:_LONGEST_NAME],
            )
            raise FileProblem(message)
    return subjects


def _has_software(device: Component) -> bool:
    return any(one.type != DEVICE for one in device.all_parts())


def _product(one: Component, file: str, made: str) -> Reading:
    """A product, its parts as rows of its section: nobody installed these as products."""
    values = filled(
        name=one_line(one.name),
        publisher=one_line(one.publisher),
        version=one_line(one.version),
        kind=_KINDS.get(one.type),
        edition=one.identity.get("edition"),
    )
    seen = details({"terrier": {SECTION: list(_rows(one.all_parts()))}}, file)
    observation = Observation("software_product", values, Origin(file=file), sections=seen.whole, details=seen.rows)
    source = Source("import", " ".join(filter(None, (values["name"], values.get("version")))))
    return Reading(source, made, [observation], problems=seen.problems, read=1)


def _rows(components: Iterable[Component]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield filled(type=one.type, name=one.name, version=one.version, publisher=one.publisher, **one.values)


def _device(one: Component, file: str, made: str) -> Reading:
    """A device as the inventory that an agent would have written of it."""
    from importers.inventory import reading

    found = reading(inventory(one, made), file, made)
    return replace(found, source=Source("import", found.source.name))


def inventory(device: Component, made: str) -> dict[str, Any]:
    """The inventory of a device that a list is about; it says nothing of what such a list does not hold."""
    parts = list(device.all_parts())
    told = device.identity
    seen = told.get("last_seen", made)
    content: dict[str, Any] = {
        "hardware": filled(
            name=one_line(device.name), uuid=told.get("uuid"), chassis_type=told.get("chassis"), vmsystem=told.get("vm")
        ),
        "bios": filled(ssn=told.get("serial_number"), smanufacturer=told.get("manufacturer"), smodel=told.get("model")),
        "softwares": [_software(part) for part in parts if part.type in INSTALLED],
        "terrier": {
            "sections": [SECTION, "software_details"],  # all else here holds values of the device
            "editions": [_edition(part) for part in parts if part.type in INSTALLED and part.identity.get("edition")],
            **({"scanned_at": seen} if seen else {"never_seen": True}),
            **{key: told[key] for key in ("host_name",) if key in told},
            # Nothing says that the list has all that is installed: what is not in it is not gone.
            "collectors": [{"name": SECTION, "state": "collected", "complete": [f"terrier.{SECTION}"]}],
            SECTION: list(_rows(p for p in parts if p.type not in INSTALLED and p.type not in (SYSTEM, DEVICE))),
        },
    }
    system = next((part for part in parts if part.type == SYSTEM), None)
    if system is not None:
        content["operatingsystem"] = filled(name=one_line(system.name), version=one_line(system.version))
    if not content["softwares"]:
        del content["softwares"]
    return {"deviceid": told.get("serial_number") or one_line(device.name), "itemtype": "Computer", "content": content}


def _edition(part: Component) -> dict[str, Any]:
    return filled(name=part.name, publisher=part.publisher, version=part.version, product=part.name,
                  edition=part.identity["edition"])  # fmt: skip


def _software(part: Component) -> dict[str, Any]:
    values = part.values
    return filled(
        name=part.name,
        version=part.version,
        publisher=part.publisher,
        username=part.identity.get("user"),
        comments=values.get("description"),
        url_info_about=values.get("website"),
        **{"from": values.get("origin")},
    )
