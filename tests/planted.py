"""Texts that an attacker would enter: markup, formulas, templates, terminal sequences, overrides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cmdb.model.revision import Edit, Revision

FORMULA = "=cmd|"
MARKUP = "<img src='file:///probe.png'><b>R&D</b>&lt;i>{0}%s%n"
"""What a window, a page, a template or a format string would take for its own."""
SEQUENCES = "\x1b[31m\x1b]0;probe\x07\x9b2J\x08\u202e\u2066\u200b"
"""What a terminal would act on, and what nobody sees."""
ACTS = frozenset(SEQUENCES) - frozenset("[]0123456789;mpJrobe")


def planted(text: str) -> str:
    """The text with everything in it."""
    return f"{FORMULA}{text}{MARKUP}{SEQUENCES}" if text else text


def plant(revision: Revision, texts: set[str], change: Callable[[str], str] = planted) -> Revision:
    """A revision in which values of the attributes ``texts``, names, notes and reasons are changed."""

    def value(name: str, found: Any) -> Any:
        if isinstance(found, list):  # what a source says, and when
            return [value(name, found[0]), *found[1:]]
        return change(found) if isinstance(found, str) and name in texts else found

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
