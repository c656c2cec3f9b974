"""The importer of inventories in XML: FusionInventory's, OCS Inventory's, and those of GLPI's older agents."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message
from cmdb.model.observation import Problem, Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.inventory.fields import objects, text
from importers.source_documents import MOST, SourceDocument, document_of, start_of

_NETWORK = ("snmpquery", "snmp", "netdiscovery", "netinventory")
_HEAD = 4_096
_PACKED = (b"x\x01", b"x\x9c", b"x\xda")


def _recognises(head: bytes) -> bool:
    start = start_of(_inflated(head, _HEAD)[:_HEAD]).lower()
    return (
        start.startswith((b"<?xml", b"<!--", b"<request"))
        and b"<request" in start
        and any(mark in start for mark in (b"<deviceid", b"<query>", b"<content"))
    )


def _inflated(raw: bytes, most: int) -> bytes:
    """The bytes, at most so many, of what OCS Inventory's agents pack (zlib); others as they are."""
    if raw[:2] not in _PACKED:
        return raw
    try:
        return zlib.decompressobj().decompress(raw, most)
    except zlib.error:
        return b""


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return readings(document_of(path))


def readings(source: SourceDocument) -> list[Reading]:
    """A reading for each device of a document in XML. Raises FileProblem where it is none."""
    from importers.agent_xml.computer_inventory import computer_document
    from importers.agent_xml.network_inventory import device_documents
    from importers.inventory.observations import reading
    from importers.xml_documents import root_of

    raw = _inflated(source.raw, MOST + 1)
    if source.raw and not raw:
        raise FileProblem(Message("{file} is damaged: it can't be unpacked.", file=source.name))
    source = source._replace(raw=raw)
    if len(source.raw) > MOST:
        raise FileProblem(
            Message("{file} is larger than {limit}: no inventory is.", file=source.name, limit=Size(MOST))
        )
    root, guessed = root_of(source)
    content, device = root.first("content"), root.said("deviceid")
    if root.name.casefold() != "request" or content is None:
        raise FileProblem(Message("{file} is XML, but no inventory: it has no CONTENT.", file=source.name))
    query = root.said("query").casefold()
    if query in _NETWORK or content.first("device") is not None:
        found = []
        for document, unknown in device_documents(root, content, device):
            its = reading(document, source.name, source.changed)
            its.problems.extend([*_errors(source.name, document), *_left_out(source.name, unknown)])
            found.append(its)
        if not found:
            raise FileProblem(Message("{file} names no device.", file=source.name))
    elif not device:
        raise FileProblem(Message("{file} is XML, but no inventory: it has no DEVICEID.", file=source.name))
    else:
        document, unknown = computer_document(root, content, device)
        found = [reading(document, source.name, source.changed)]
        found[0].problems.extend(_left_out(source.name, unknown))
    if guessed:
        message = Message(
            "The file does not say its encoding rightly; it was read as {encoding}.", encoding=guessed.capitalize()
        )
        found[0].problems.append(Problem(source.name, "", 0, "", "", message, "warning", "file", code="file.encoding"))
    return found


def _errors(file: str, document: dict[str, Any]) -> list[Problem]:
    """Why the agent could not ask a device."""
    errors = (text(one, "message") for one in objects(document["content"], "error"))
    messages = (Message("The agent could not ask this device: {message}", message=one) for one in errors if one)
    return [Problem(file, "", 0, "", "", message, "warning", "device", code="device.error") for message in messages]


def _left_out(file: str, sections: list[str]) -> list[Problem]:
    """What the register has no place for, in one line."""
    if not sections:
        return []
    message = Message(
        "The register has no place for these sections; they were left out: {names}.", names=tuple(sections)
    )
    return [Problem(file, "", 0, "", "", message, "warning", "section", code="section.unknown")]


def _example(folder: Path) -> Path:
    path = folder / "inventory.xml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8" ?>\n<REQUEST>\n  <CONTENT>\n'
        "    <HARDWARE><NAME>one</NAME><UUID>3f2504e0-4f89-41d3-9a0c-0305e82c3301</UUID></HARDWARE>\n"
        "    <VERSIONCLIENT>example</VERSIONCLIENT>\n  </CONTENT>\n"
        "  <DEVICEID>one-1</DEVICEID>\n  <QUERY>INVENTORY</QUERY>\n</REQUEST>\n",
        "utf-8",
    )
    return path


IMPORTER = Importer(
    "agent-xml",
    Message("Inventory in XML"),
    Message(
        "What FusionInventory, OCS Inventory or an older GLPI agent wrote, of computers and of devices on the network"
    ),
    (".xml", ".ocs"),
    _recognises,
    _read,
    _example,
)
