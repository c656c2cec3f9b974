"""An inventory document as a reading: which source, when, and the observations of what it describes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from typing import Any

import msgspec

from cmdb.model import clock
from cmdb.model.characters import has_lost_characters, marked, unseen
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message, counted
from cmdb.model.observation import LOST_CHARACTERS, Observation, Origin, Problem, Reading, Source
from cmdb.model.revision import now
from importers.inventory import computers, devices, fields, maker_names
from importers.inventory.entry_limits import refuse_endless
from importers.inventory.fields import Entry, mapping, objects, text
from importers.inventory.files import no_inventory
from importers.inventory.managed_devices import managed_devices
from importers.inventory.model_names import with_model_name
from importers.inventory.section_rows import details
from importers.inventory.software import software_list
from importers.inventory.stacks import stack_members

_OBJECTS = ("accesslog", "bios", "hardware", "network_device", "operatingsystem", "pagecounters", "terrier")
_LISTS = (
    "batteries", "cartridges", "consumables", "controllers", "cpus", "drives", "firmwares", "local_users", "memories",
    "modems", "monitors", "network_ports", "networks", "simcards", "softwares", "storages", "usbdevices",
    "virtualmachines",
)  # fmt: skip
_DEVICES: Mapping[str, Callable[[Entry, Origin, str], Observation | None]] = {
    "printer": devices.printer,
    "networkequipment": devices.network_device,
    "networking": devices.network_device,
    "phone": devices.phone,
    "storage": devices.storage_system,
    "power": devices.power_device,
}
_VERSION = re.compile(r"[\s_-]*v?\d+(\.\d.*)?$", re.IGNORECASE)
_NO_TOOL = ("", "terrier", "missing", "unknown")
_LONGEST_CLIENT = 100
_AHEAD = timedelta(days=1)
_OTHER_EQUIPMENT = ("power", "storage", "video", "kvm")
_MOST_LOST = 100
"""Texts with lost characters that are listed; a file that is all damaged need not name each."""


def reading(document: Mapping[str, Any], file: str = "", otherwise: str = "") -> Reading:
    """The observations of an inventory. ``otherwise`` is its time where it does not name one; else this moment.

    Raises FileProblem if it names no device, has no content, or lists more of something than any machine has.
    """
    content, device = document.get("content"), text(document, "deviceid")
    if not isinstance(content, dict) or not device:
        raise FileProblem(no_inventory(file))
    refuse_endless(content, file)
    content = with_model_name(maker_names.with_makers(content, maker_names.system_names()))
    stated = _observed(content)
    seen = _not_ahead(stated, otherwise)
    found = Reading(
        source=Source("scan", source_name(device, text(content, "versionclient"))), observed_at=seen, read=1
    )
    if stated and seen != stated:
        found.problems.append(_ahead(stated, file))
    found.problems.extend(_misshapen(content, file))
    found.problems.extend(_unseen(content, file))
    kind = _kind(document, content)
    name = text(mapping(content, "hardware"), "name") or text(mapping(content, "network_device"), "name")
    origin = Origin(file=file, host=name or device)
    if kind == "computer":
        found.observations = computers.observations(document, content, origin, seen)
        found.problems.extend(_bad_uuid(content, file))
        found.problems.extend(_unnamed_displays(content, file))
    elif kind in _DEVICES and (one := _DEVICES[kind](content, origin, seen)) is not None:
        found.observations = [one, *stack_members(content, one), *managed_devices(content, one)]
        for each in found.observations:
            each.partial = document.get("partial") is True
    else:
        if kind:
            message = Message("This is an inventory of a “{kind}”, for which the register has no class.", kind=kind)
        else:
            message = Message("This is an inventory of a device of an unknown kind.")
        found.problems.append(Problem(file, "", 0, "itemtype", kind, message, kind="class", code="class.unknown"))
    if found.observations and not found.observations[0].values.get("name"):
        message = Message("The inventory names neither its host nor a serial number: nothing identifies the device.")
        found.problems.append(Problem(file, "", 0, "name", "", message, kind="required"))
        found.observations = []
    found.problems.extend(_junk(content, file))
    if found.observations:
        _add_details(found, document, content, file, kind)
    found.rejected = 0 if found.observations else 1
    return found


def source_name(device: str, client: str) -> str:
    """The source that an inventory is of: the tool and the device, so that two tools about one device are two sources.

    Without the tool's version, which changes; a scan of Terrier's own is named by the device alone.
    """
    tool = _VERSION.sub("", client[:_LONGEST_CLIENT])
    return device if tool.casefold() in _NO_TOOL else f"{tool} {device}"


def _add_details(found: Reading, document: Entry, content: Entry, file: str, kind: str) -> None:
    """Adds the rows of sections to what the inventory is of."""
    one = found.observations[0]
    more = {"+deviceid": document.get("deviceid"), "+tag": document.get("tag")}
    software = software_list(content, products=kind == "computer")
    one.installed = software.installed
    seen = details({**content, **more}, file, partial=document.get("partial") is True, software=software)
    one.details = seen.rows
    one.sections = (*one.sections, *seen.whole)
    found.problems += seen.problems


def _kind(document: Entry, content: Entry) -> str:
    stated = text(document, "itemtype").lower()
    if stated == "networkequipment" and text(mapping(content, "network_device"), "type").lower() in _OTHER_EQUIPMENT:
        stated = ""  # GLPI files all that answers on the network under its equipment
    if stated in ("", "unmanaged"):
        device = text(mapping(content, "network_device"), "type").lower()
        stated = device if device else "computer" if stated == "" or mapping(content, "hardware") else stated
    return stated


def _observed(content: Entry) -> str:
    """The time of the inventory (ISO UTC), as stated in it."""
    scanned = text(mapping(content, "terrier"), "scanned_at")
    if scanned:
        return fields.moment(scanned)
    zone = mapping(mapping(content, "operatingsystem"), "timezone")
    return fields.moment(text(mapping(content, "accesslog"), "logdate"), text(zone, "offset"))


def _not_ahead(*stated: str) -> str:
    """The first time that is not after this moment, by more than clocks and time zones differ; else this moment.

    A scan of a wrong clock would stand over all that come before the year that it says.
    """
    latest = (clock.moment() + _AHEAD).astimezone(UTC).isoformat(timespec="seconds")
    return next((one for one in stated if one and one[:19] <= latest[:19]), "") or now()


def _ahead(stated: str, file: str) -> Problem:
    message = Message(
        "The clock of the device was wrong: it said {time}. When it was seen goes by the file, or by this computer.",
        time=stated,
    )
    return Problem(file, "", 0, "logdate", stated, message, "warning", "implausible-date", code="clock.ahead")


def _misshapen(content: Entry, file: str) -> list[Problem]:
    """Sections whose type differs from the format. They are left out; the rest is read."""
    wanted: list[tuple[str, type, Message]] = [
        *((name, dict, Message("“{section}” is not an object; it was left out.", section=name)) for name in _OBJECTS),
        *((name, list, Message("“{section}” is not a list; it was left out.", section=name)) for name in _LISTS),
    ]
    return [
        Problem(file, "", 0, name, type(content[name]).__name__, message, "warning", code="section.shape")
        for name, shape, message in wanted
        if name in content and not isinstance(content[name], shape)
    ]


def _unseen(content: Entry, file: str) -> list[Problem]:
    """One note for all texts that have characters that nobody sees, and one for each that has lost some.

    ``fields.text`` reads them without.
    """
    if _is_plain(content):
        return []
    codes: dict[str, None] = {}
    lost: dict[str, None] = {}
    waiting: list[object] = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if not (one.isascii() and one.isprintable()):
                if has_lost_characters(one):
                    lost[marked(one)[:80]] = None
                codes.update(dict.fromkeys(code for code in unseen(one) if not code.startswith("U+D")))
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    found = [
        Problem(file, "", 0, "", value, LOST_CHARACTERS, "warning", "unseen", code="text.lost")
        for value in list(lost)[:_MOST_LOST]
    ]
    if codes:
        removed = tuple(sorted(codes))
        message = Message("Texts have characters that nobody sees; they were removed: {codes}.", codes=removed)
        found.append(Problem(file, "", 0, "", "", message, "warning", "unseen", code="text.unseen"))
    return found


_ESCAPES = (rb"\u", rb"\b", rb"\f", rb"\n", rb"\r", rb"\t")
"""What a text of ASCII has in JSON if it may have characters that nobody sees; or it has a DEL."""


def _is_plain(content: Entry) -> bool:
    """Whether all texts are of ASCII, and seen: it is found out faster than by looking at each."""
    try:
        encoded = msgspec.json.encode(content)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
    if not encoded.isascii() or b"\x7f" in encoded:
        return False
    return b"\\" not in encoded or not any(one in encoded for one in _ESCAPES)


def _bad_uuid(content: Entry, file: str) -> list[Problem]:
    stated = text(mapping(content, "hardware"), "uuid")
    if not stated or fields.canonical_uuid(stated):
        return []
    message = Message("The UUID “{value}” is not valid; it was left out.", value=stated[:80])
    return [Problem(file, "", 0, "uuid", stated, message, "warning", "uuid")]


def _unnamed_displays(content: Entry, file: str) -> list[Problem]:
    models = computers.displays_without_serial(content)
    if not models:
        return []
    named = ", ".join(filter(None, models))
    message = counted(
        "{count} display has no serial number: it is a row of the computer's section, and no item of its own.",
        "{count} displays have no serial number: they are rows of the computer's section, and no items of their own.",
        len(models),
    )
    return [Problem(file, "", 0, "monitors", named, message, "warning", "display")]


_IDENTITIES = (("bios", "ssn", "serial_numbers"), ("bios", "assettag", "asset_tags"))


def _junk(content: Entry, file: str) -> list[Problem]:
    """Values in the place of an identity that stand for none, but those that firmware is known to have there."""
    places = [(mapping(content, section), key, kind) for section, key, kind in _IDENTITIES]
    places += [(one, "serial", "serial_numbers") for one in objects(content, "monitors")]
    found = []
    for entry, key, kind in places:
        value = text(entry, key)
        if value and not fields.meaningful(entry, key, kind) and fields.is_odd_identity(value):
            message = Message("“{value}” identifies nothing; it was left out.", value=value[:80])
            found.append(Problem(file, "", 0, key, value, message, "warning", "junk"))
    return found
