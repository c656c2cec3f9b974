"""Texts that an attacker would enter: markup, formulas, templates, terminal sequences, overrides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmdb.model.revision import Edit, Revision
from cmdb.model.schema import Schema

FORMULA = "=cmd|"
MARKUP = "<img src='file:///probe.png'><b>R&D</b>&lt;i>{0}%s%n"
"""What a window, a page, a template or a format string would take for its own."""
SEQUENCES = "\x1b[31m\x1b]0;probe\x07\x9b2J\x08\u202e\u2066\u200b"
"""What a terminal would act on, and what nobody sees."""
ACTS = frozenset(SEQUENCES) - frozenset("[]0123456789;mpJrobe")


def planted(text: str) -> str:
    """The text with everything in it."""
    return f"{FORMULA}{text}{MARKUP}{SEQUENCES}" if text else text


#: Types of values that are written by the program, and texts that are identifiers of standards.
_WRITTEN = {"choice", "reference", "date", "time", "boolean", "integer", "number", "money"}
_STANDARD = {"currency", "mac_address", "time_zone"}


def free_texts(schema: Schema) -> set[str]:
    """The attributes and fields of records that hold what somebody typed."""
    known = {one.name for one in schema.every_attribute.values() if one.type not in _WRITTEN}
    return (known | {"name", "label", "note", "title", "reason"}) - _STANDARD


def plant(
    revision: Revision,
    texts: set[str],
    change: Callable[[str], str] = planted,
    own: Mapping[str, Callable[[str], str]] = MappingProxyType({}),
) -> Revision:
    """A revision in which texts are changed: values of the attributes ``texts``, sources, the author, the reason.

    ``own`` are attributes that are changed in a way of their own.
    """

    def value(name: str, found: Any) -> Any:
        if isinstance(found, list):  # what a source says, and when
            return [value(name, found[0]), *found[1:]]
        if not isinstance(found, str):
            return found
        if name in own:
            return own[name](found)
        return change(found) if name in texts else found

    def content(edit: Edit, found: Any) -> Any:
        if isinstance(found, dict):
            return {name: value(name, one) for name, one in found.items()}
        return value(edit.field, found)

    def source(found: str) -> str:
        kind, colon, name = found.partition(":")
        return f"{kind}{colon}{change(name)}"

    def record(edit: Edit) -> Edit:
        key = edit.record.key
        if edit.record.kind == "installation":
            key = (*key[:2], *map(change, key[2:]))
        elif edit.record.kind in ("claim", "sighting"):
            key = (key[0], source(key[1]), *key[2:])
        return Edit(edit.record._replace(key=key), edit.field, content(edit, edit.before), content(edit, edit.after))

    return Revision(tuple(map(record, revision.edits)), change(revision.author), source(revision.source),
                    change(str(revision.reason)), revision.id, revision.time, revision.undoes)  # fmt: skip
