"""Safe access to inventories of other programs: any value may be missing or of another type."""

from __future__ import annotations

import re
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from cmdb.model.calendar_bounds import in_utc
from cmdb.model.characters import one_line

if TYPE_CHECKING:
    from cmdb.reconciliation.identifiers import Placeholders

Entry = Mapping[str, Any]


def mapping(entry: Entry, key: str) -> Entry:
    """The object under a key; empty if it is missing."""
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def objects(entry: Entry, key: str) -> list[Entry]:
    """The objects of the list under a key."""
    found = entry.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(entry: Entry, key: str) -> str:
    """The text under a key, single-spaced, without invisible characters; a number as text; "" where there is none."""
    found = entry.get(key)
    if type(found) is str:
        return line(found) if len(found) < OFTEN else one_line(found)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return one_line(str(found))


OFTEN = 200
"""Characters of texts that are said again and again, of software for example: ``line`` remembers them."""
line = lru_cache(1 << 15)(one_line)


def texts(entry: Entry, keys: Iterable[str]) -> list[str]:
    """The ``text`` under each of some keys, of entries of which an inventory has many."""
    return [
        line(found) if type(found) is str and len(found) < OFTEN else "" if found is None else text({"": found}, "")
        for found in map(entry.get, keys)
    ]


_LONGEST_NUMBER = 40


def whole(entry: Entry, key: str) -> int | None:
    """The whole number under a key; numbers in a text, too. Negative ones are none."""
    found = entry.get(key)
    if isinstance(found, str) and len(found) < _LONGEST_NUMBER and found.strip().isdecimal():
        found = int(found)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 53 else None


def meaningful(entry: Entry, key: str, kind: str) -> str:
    """The text under a key unless it is a placeholder of that kind (a table of identification/junk.toml)."""
    found = text(entry, key)
    return "" if found in _placeholders(kind) else found


def is_placeholder(value: str, kind: str) -> bool:
    """Whether a value is a placeholder of that kind (a table of identification/junk.toml)."""
    return value in _placeholders(kind)


def is_odd_identity(value: str) -> bool:
    """Whether a placeholder is not one that firmware is known to have: "release-keys", 16843009."""
    from cmdb.reconciliation.identifiers import is_one_byte_repeated  # with all of reconciliation: help does without

    return value in _identities() or is_one_byte_repeated(value)


def identity(entry: Entry, key: str) -> str:
    """The canonical UUID under a key; "" where there is none, or one that identifies nothing in either byte order."""
    from cmdb.model.text_forms import swapped_uuid

    found = canonical_uuid(text(entry, key))
    junk = _placeholders("uuids")
    return "" if not found or found in junk or swapped_uuid(found) in junk else found


def canonical_uuid(said: str) -> str:
    """A UUID in its usual form, whatever it identifies; "" for what is none."""
    try:
        return str(uuid.UUID(said))
    except ValueError:
        return ""


def day(entry: Entry, key: str) -> str:
    """The date under a key (a date or a time), or ""."""
    stated = text(entry, key)
    return day_of(stated) if stated else ""


@lru_cache(1 << 12)
def day_of(stated: str) -> str:
    """The date of a text that begins with one, or ""."""
    match = re.match(r"\d{4}-\d\d-\d\d", stated)
    try:
        return datetime.strptime(match[0], "%Y-%m-%d").date().isoformat() if match else ""
    except ValueError:
        return ""


def moment(stamp: str, offset: str = "") -> str:
    """ISO UTC of a local time ``2026-03-31 10:15:00`` at an offset such as "+0200" (else the local one), or ""."""
    return _moment(stamp, offset) if offset else _moment.__wrapped__(stamp, "")


@lru_cache(1 << 12)
def _moment(stamp: str, offset: str) -> str:
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    match = re.fullmatch(r"([+-])([01]\d|2[0-3])([0-5]\d)", offset)
    if found.tzinfo is None and match:
        ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
        found = found.replace(tzinfo=timezone(ahead if match[1] == "+" else -ahead))
    return in_utc(found).isoformat(timespec="seconds").replace("+00:00", "Z")


def filled(**values: Any) -> dict[str, Any]:
    """The values without missing ones."""
    return {name: value for name, value in values.items() if value not in (None, "")}


@cache
def _placeholders(kind: str) -> Placeholders:
    from cmdb.reconciliation.identifiers import FOLDER, Placeholders

    document = tomllib.loads((FOLDER / "junk.toml").read_text("utf-8"))
    tables = ("any", kind, "identities") if kind in ("serial_numbers", "asset_tags") else ("any", kind)
    return Placeholders(*(document.get(table, {}) for table in tables))


@cache
def _identities() -> Placeholders:
    from cmdb.reconciliation.identifiers import FOLDER, Placeholders

    return Placeholders(tomllib.loads((FOLDER / "junk.toml").read_text("utf-8"))["identities"])
