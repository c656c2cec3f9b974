"""Inventory files as files: recognising, loading, writing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.whole_files import save_whole
from importers.source_documents import document_of, json_of, start_of

#: Any of these near the start of a JSON object, and it is an inventory: the keys that every agent writes.
_MARKS = (b'"deviceid"', b'"versionclient"', b'"itemtype"')
_SECTIONS = (b'"accesslog"', b'"antivirus"', b'"batteries"', b'"bios"', b'"cartridges"', b'"network_device"')


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file (4 KiB do) are those of an inventory in this format, in UTF-8 or UTF-16."""
    text = start_of(head)
    if not text.startswith(b"{"):
        return False
    return any(mark in text for mark in _MARKS) or (b'"content"' in text and any(s in text for s in _SECTIONS))


def load(path: str | os.PathLike[str]) -> tuple[dict[str, Any], str]:
    """The document of a file, and when the file was last changed (ISO UTC).

    Raises FileProblem if it cannot be read, is not JSON, is cut off, or is JSON of something else.
    """
    source = document_of(path)
    document = json_of(source)
    if not isinstance(document, dict) or not isinstance(document.get("content"), dict) or not _device(document):
        raise FileProblem(
            Message(
                '{file} is JSON, but no inventory: it has no "deviceid" with a "content" beside it.', file=source.name
            )
        )
    return document, source.changed


def no_inventory(file: str) -> Message:
    """The problem of a document that names no device, or has no content."""
    if not file:
        return Message('The document is no inventory: it has no "deviceid" with a "content" beside it.')
    return Message('{file} is no inventory: it has no "deviceid" with a "content" beside it.', file=file)


def _device(document: dict[str, Any]) -> bool:
    device = document.get("deviceid")
    return isinstance(device, str) and bool(device.strip())


def write(path: str | os.PathLike[str], document: dict[str, Any]) -> None:
    """Writes an inventory, one record a line so that two scans can be compared. The file appears whole or not at all.

    Raises FileProblem.
    """
    save_whole(Path(path), lambda file: file.write(_text(document).encode("utf-8", "backslashreplace")))


def _text(document: dict[str, Any]) -> str:
    # The encoder's own indenting runs in Python and takes ten times as long.
    parts = []
    for key, value in document.items():
        shown = _object(value, "  ", 2) if isinstance(value, dict) else _compact(value)
        parts.append(f"  {_compact(key)}: {shown}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _object(value: dict[str, Any], indent: str, depth: int) -> str:
    parts = []
    for key, one in value.items():
        if isinstance(one, dict) and depth > 1:
            shown = _object(one, indent + "  ", depth - 1)
        elif isinstance(one, list) and one and isinstance(one[0], dict):
            shown = "[\n" + ",\n".join(f"{indent}    {_compact(row)}" for row in one) + f"\n{indent}  ]"
        else:
            shown = _compact(one)
        parts.append(f"{indent}  {_compact(key)}: {shown}")
    return "{\n" + ",\n".join(parts) + f"\n{indent}" + "}" if parts else "{}"


#: One for all rows: json.dumps makes one for each.
_WRITER = json.JSONEncoder(ensure_ascii=False)


def _compact(value: Any) -> str:
    return _WRITER.encode(value)
