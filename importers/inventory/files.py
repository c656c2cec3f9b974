"""Inventory files as files: recognising, loading, writing."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain, Size
from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from cmdb.model.whole_files import save_whole

_MOST = 64 << 20
_MOST_VALUES = 4_000_000
"""Values of a document: it is held in memory, where the smallest value takes many times its bytes in the file."""
#: Any of these near the start of a JSON object, and it is an inventory: the keys that every agent writes.
_MARKS = (b'"deviceid"', b'"versionclient"', b'"itemtype"')
_SECTIONS = (b'"accesslog"', b'"antivirus"', b'"batteries"', b'"bios"', b'"cartridges"', b'"network_device"')


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file (4 KiB do) are those of an inventory in this format, in UTF-8 or UTF-16."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    if not text.startswith(b"{"):
        return False
    return any(mark in text for mark in _MARKS) or (b'"content"' in text and any(s in text for s in _SECTIONS))


def load(path: str | os.PathLike[str]) -> tuple[dict[str, Any], str]:
    """The document of a file, and when the file was last changed (ISO UTC).

    Raises FileProblem if it cannot be read, is not JSON, is cut off, or is JSON of something else.
    """
    name = os.path.basename(os.fspath(path))
    try:
        with regular_files.opened(path) as file:
            raw = file.read(_MOST + 1)
            changed = os.fstat(file.fileno()).st_mtime
    except OSError as error:
        raise FileProblem(Message("{file} cannot be read: {reason}.", file=name, reason=reason_of(error))) from error
    if len(raw) > _MOST:
        raise FileProblem(Message("{file} is larger than {limit}: no inventory is.", file=name, limit=Size(_MOST)))
    if sum(map(raw.count, (b",", b"{", b"["))) > _MOST_VALUES:
        raise FileProblem(
            Message("{file} has more than {most} values: no inventory has.", file=name, most=_MOST_VALUES)
        )
    document = _parsed(name, raw)
    if not isinstance(document, dict) or not isinstance(document.get("content"), dict) or not _device(document):
        raise FileProblem(
            Message('{file} is JSON, but no inventory: it has no "deviceid" with a "content" beside it.', file=name)
        )
    return document, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(changed))


def no_inventory(file: str) -> Message:
    """The problem of a document that names no device, or has no content."""
    if not file:
        return Message('The document is no inventory: it has no "deviceid" with a "content" beside it.')
    return Message('{file} is no inventory: it has no "deviceid" with a "content" beside it.', file=file)


def _device(document: dict[str, Any]) -> bool:
    device = document.get("deviceid")
    return isinstance(device, str) and bool(device.strip())


def _parsed(name: str, raw: bytes) -> Any:
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        message = Message(
            "{file} is no inventory: it is not text ({reason} at byte {position}).",
            file=name,
            reason=error.reason,
            position=error.start,
        )
        raise FileProblem(message) from error
    if not text.strip():
        raise FileProblem(Message("{file} is empty.", file=name))
    try:
        return parsed(text)
    except JsonProblem as error:
        at = error.position
        if at is not None and text.lstrip().startswith("{") and _cut_off(text, at):
            line = Plain(text.count("\n", 0, at) + 1)
            message = Message("{file} is cut off at line {line}: its end is missing.", file=name, line=line)
            raise FileProblem(message) from error
        message = Message("{file} is no inventory: it is {problem}.", file=name, problem=error.reason)
        raise FileProblem(message) from error


def _cut_off(text: str, position: int) -> bool:
    """Whether the text ends before the parser was done: nothing follows, or a string is not closed."""
    rest = text[position:].rstrip()
    return len(rest) <= 1 or (rest.startswith('"') and '"' not in rest[1:].replace('\\"', ""))


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


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
