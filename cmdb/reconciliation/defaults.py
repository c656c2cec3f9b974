"""The name and the class of a new record, where its source does not state them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cmdb.model.group_names import is_group
from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema

_FLOOR = re.compile(
    r"(?i)\b(floor|level|storey|story|etage|étage|stock|stockwerk|geschoss|og|ug|eg|verdieping|piso)\b"
    r"|^\d+(st|nd|rd|th)\b"
)
_ROOM = re.compile(
    r"(?i)\b(room|office|lab|hall|raum|zimmer|büro|salle|bureau|kamer|serverraum|server room|closet)\b"
    r"|^\w{0,3}\d+[.-]\d+\w?$"
)
_BUILDING = re.compile(r"(?i)\b(building|block|house|tower|wing|gebäude|haus|bâtiment|bat|gebouw|edificio)\b")
_COMPANY = re.compile(
    r"(?i)\b(gmbh|ltd|limited|inc|llc|plc|ag|se|s\.?a\.?|s\.?a\.?s|b\.?v|n\.?v|oy|ab|corp|company|co|kg|group"
    r"|s\.?r\.?l)\b\.?$"
)

_TEAM = re.compile(r"(?i)\b(?:teams?|équipe|equipo|ops)\b")


def default_class(schema: Schema, cls: str, name: str, inside: str = "") -> str:
    """The concrete class of a new record of the abstract class ``cls``; "" if it cannot be guessed.

    ``inside``: for places, the class of the place that contains it.
    """
    if cls not in schema.classes:
        return ""
    if not schema.classes[cls].abstract:
        return cls
    if cls == "place":
        return _place(name, inside)
    if cls == "party":
        if _COMPANY.search(name):
            return "company"
        return ("team" if _TEAM.search(name) else "department") if is_group(name) else "person"
    if cls == "mobile":
        return "phone"
    return ""


def _place(name: str, inside: str) -> str:
    if _FLOOR.search(name) and inside:
        return "floor"
    if _BUILDING.search(name):
        return "building"
    if _ROOM.search(name):
        return "room"
    return {"": "site", "site": "building", "building": "floor"}.get(inside, "room")


def default_name(cls: str, values: Mapping[str, Any]) -> str:
    """A default name for a record without a name, as a person would call it; "" if no value is suitable."""
    if cls == "entitlement":
        parts = [_text(values.get(a)) for a in ("product", "edition", "version")]
        first = parts[0]
        return " ".join(p for n, p in enumerate(parts) if p and (n == 0 or p.casefold() not in first.casefold()))
    if "first_name" in values or "last_name" in values:
        return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    for attribute in (
        "host_name",
        "asset_tag",
        "email",
        "user_name",
        "prefix",
        "url",
        "number",
        "circuit_number",
        "thumbprint",
    ):
        if values.get(attribute):
            return _text(values[attribute])
    if values.get("serial_number"):
        return " ".join(p for p in (_text(values.get("model")), _text(values["serial_number"])) if p)
    return _text(values.get("product"))


def _text(value: Any) -> str:
    return value.name if isinstance(value, NamedReference) else str(value or "")
