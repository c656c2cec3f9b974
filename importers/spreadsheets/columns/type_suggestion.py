"""Suggests the type of a column from its values. The person decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cmdb.model.errors import InvalidValue
from cmdb.model.schema import Attribute
from cmdb.model.values import parse

_SHAPES = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("url", re.compile(r"https?://\S+")),
    ("uuid", re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")),
    ("mac_address", re.compile(r"(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}")),
    ("ip_address", re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?")),
)
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?|\d{1,2}[. ]+[^\W\d]+[., ]+\d{2,4}")
_MOST = 0.9


def propose(values: Sequence[str], free: Sequence[Attribute]) -> tuple[str, str]:
    """An attribute of ``free`` that the values fit ("" if none does), and the type a new attribute would have."""
    kind = propose_type(values)
    for shape, pattern in _SHAPES:
        if _share(values, pattern) >= _MOST:
            named = [a for a in free if a.name == shape or a.type == shape]
            return (named[0].name if named else ""), (shape if shape in ("email", "url", "uuid") else "text")
    choices = [a for a in free if a.type == "choice" and all(_parses(a, v) for v in values)]
    if choices and len(values) <= 30:
        return choices[0].name, "choice"
    if kind in ("date", "boolean"):
        fitting = [a for a in free if a.type == kind]
        return (fitting[0].name if len(fitting) == 1 else ""), kind
    return "", kind


def propose_type(values: Sequence[str]) -> str:
    """The attribute type that the values of a column would need."""
    if _share(values, _DATE) >= _MOST:
        return "date"
    if {v.casefold() for v in values} <= {"yes", "no", "true", "false", "ja", "nein", "oui", "non", "x"}:
        return "boolean"
    leading_zero = any(re.match(r"0\d", v) for v in values)
    if not leading_zero and all(re.fullmatch(r"-?\d{1,9}", v) for v in values):
        return "integer"
    if not leading_zero and all(re.fullmatch(r"[-€$£]?\s?\d[\d.,' ]*\s?[€$£]?", v) for v in values):
        return "number"
    return "long_text" if any(len(v) > 200 for v in values) else "text"


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(1 for v in values if pattern.fullmatch(v)) / max(1, len(values))


def _parses(attribute: Attribute, value: str) -> bool:
    try:
        parse(attribute, value)
    except InvalidValue:
        return False
    return True
