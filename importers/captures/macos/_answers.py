"""What the tools of macOS answer: JSON of system_profiler, property lists, lines of names and values."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from cmdb.model.json_text import JsonProblem, parsed
from cmdb.model.messages import Message
from importers.captures.capture import Capture

Entry = Mapping[str, Any]
_DEEPEST = 12
_UNITS = {"b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}


def items(capture: Capture, name: str) -> list[Entry]:
    """The entries of a section of system_profiler, whose document has one list. Raises JsonProblem."""
    content = capture.content(name).strip()
    document = parsed(content) if content else None
    lists = document.values() if isinstance(document, dict) else ()
    return [one for found in lists if isinstance(found, list) for one in found if isinstance(one, dict)]


def item(capture: Capture, name: str) -> Entry:
    """The first entry of a section of system_profiler; empty where there is none. Raises JsonProblem."""
    return next(iter(items(capture, name)), {})


def with_inner(entries: list[Entry], depth: int = 0) -> Iterator[Entry]:
    """The entries, each followed by those that are listed in it."""
    for one in entries:
        yield one
        if depth < _DEEPEST:
            yield from with_inner(objects(one, "_items"), depth + 1)


def plist(capture: Capture, name: str) -> Any:
    """The value of a property list; None where a section has none. Raises JsonProblem for one that is damaged."""
    content = capture.content(name).strip()
    if not content:
        return None
    try:
        return plistlib.loads(content.encode("utf-8", "replace"), fmt=plistlib.FMT_XML)
    except (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise JsonProblem(Message("no property list that can be read")) from error


def plists(capture: Capture, name: str) -> list[Entry]:
    """The dictionaries in a property list that is a list, as those of ioreg and dscl are. Raises JsonProblem."""
    found = plist(capture, name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def pairs(content: str) -> dict[str, str]:
    """The lines "name: value" or "name = value" of an answer; the first of a name counts."""
    found: dict[str, str] = {}
    for line in content.splitlines():
        at = min((place for place in map(line.find, ":=") if place >= 0), default=0)
        name, value = line[:at].strip(), line[at + 1 :].strip()
        if name and value:
            found.setdefault(name, value)
    return found


def objects(entry: Entry, key: str) -> list[Entry]:
    """The objects in the list under a key."""
    found = entry.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def mapping(entry: Entry, key: str) -> Entry:
    """The object under a key; empty where there is none."""
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def in_bytes(words: str) -> int | None:
    """The bytes of "16 GB", in powers of 1024; None for what is no size. Other languages write other blanks."""
    match = re.fullmatch(r"(\d+)(?:[.,](\d+))?\s*([KMGT]?)i?[BO]", words.strip(), re.IGNORECASE)
    if not match or len(match[1]) > 12:
        return None
    return round(float(f"{match[1]}.{match[2] or 0}") * _UNITS[match[3].lower() + "b"])


def device_id(words: str) -> str:
    """The four hexadecimal digits of "0x05ac (Apple Inc.)"; "" for other words."""
    match = re.match(r"0x([0-9a-fA-F]{1,4})\b", words)
    return match[1].lower().zfill(4) if match else ""


def local_time(capture: Capture, seconds: int) -> str:
    """A moment (seconds since 1970) on the Mac's own clock: "2026-11-30 17:26:22"."""
    from datetime import datetime, timedelta, timezone

    try:
        at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds + 60 * offset(capture))
    except OverflowError:
        return ""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def offset(capture: Capture) -> int:
    """The distance of the Mac's clock from UTC in minutes; 0 where it is not told."""
    match = re.fullmatch(r"([+-])(\d\d)([0-5]\d)", capture.content("offset").strip())
    if not match or int(match[2]) > 14:
        return 0
    minutes = int(match[2]) * 60 + int(match[3])
    return -minutes if match[1] == "-" else minutes
