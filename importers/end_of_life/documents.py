"""The forms of end-of-life data: a product's list of cycles; one product of the API's version 1, or all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cmdb.model.characters import one_line
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import ObservedLifeCycle, ObservedRelease
from importers.source_documents import SourceDocument, json_of, start_of

_NAME = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,99}")
#: More releases than any product has; more are no end-of-life data.
_MOST_RELEASES = 5_000
_MOST_TEXT = 200


def recognises(head: bytes) -> bool:
    """Whether the first bytes of a file are those of end-of-life data."""
    text = start_of(head)
    if text.startswith(b"["):
        return b'"cycle"' in text and b'"eol"' in text
    return text.startswith(b"{") and b'"schema_version"' in text and b'"result"' in text


def life_cycles(source: SourceDocument) -> list[ObservedLifeCycle]:
    """The products of a file. One that lists cycles alone is called as the file. Raises FileProblem."""
    document = json_of(source)
    if isinstance(document, list):
        name = Path(source.name).stem.casefold()
        if not _NAME.fullmatch(name):
            text = Message("{file} lists releases, and its name is to say of which product.", file=source.name)
            raise FileProblem(text)
        return [ObservedLifeCycle(name, releases=tuple(_cycles(document)))]
    result = document.get("result") if isinstance(document, dict) else None
    products = result if isinstance(result, list) else [result]
    found = [product for one in products if (product := _product(one)) is not None]
    if not found:
        text = Message(
            "{file} has no product with releases. Of the API's version 1, take one product, or all products in full.",
            file=source.name,
        )
        raise FileProblem(text)
    return found


def _product(one: object) -> ObservedLifeCycle | None:
    """A product of the API's version 1; None for what is none, or lists no releases."""
    if not isinstance(one, Mapping) or not isinstance(one.get("releases"), list):
        return None
    name = _text(one.get("name")).casefold()
    if not _NAME.fullmatch(name):
        return None
    aliases = one.get("aliases")
    identifiers = one.get("identifiers")
    return ObservedLifeCycle(
        name,
        _text(one.get("label")),
        tuple(filter(None, map(_text, aliases))) if isinstance(aliases, list) else (),
        tuple(_identifiers(identifiers)) if isinstance(identifiers, list) else (),
        tuple(_releases(one["releases"])),
    )


def _identifiers(found: list[object]) -> Iterator[str]:
    for one in found[:_MOST_RELEASES]:
        if isinstance(one, Mapping) and (text := _text(one.get("id"))):
            yield text


def _releases(found: list[Any]) -> Iterator[ObservedRelease]:
    for one in found[:_MOST_RELEASES]:
        if isinstance(one, Mapping) and (name := _text(one.get("name"))):
            latest = one.get("latest")
            end = _day(one.get("eolFrom"))
            yield ObservedRelease(
                name, _text(one.get("label")), _day(one.get("releaseDate")), _day(one.get("eoasFrom")), end,
                _day(one.get("eoesFrom")), _text(latest.get("name")) if isinstance(latest, Mapping) else "",
                one.get("isEol") is True and not end,
            )  # fmt: skip


def _cycles(found: list[Any]) -> Iterator[ObservedRelease]:
    for one in found[:_MOST_RELEASES]:
        if isinstance(one, Mapping) and (name := _text(one.get("cycle"))):
            yield ObservedRelease(
                name, _text(one.get("releaseLabel")), _day(one.get("releaseDate")), _day(one.get("support")),
                _day(one.get("eol")), _day(one.get("extendedSupport")), _text(one.get("latest")),
                one.get("eol") is True,
            )  # fmt: skip


def _text(value: object) -> str:
    """A text in one line; a number as one is written without quotes: 7, 22.04."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return one_line(str(value))[:_MOST_TEXT].strip()


def _day(value: object) -> str:
    """A day; "" for true, false and what is none."""
    try:
        return date.fromisoformat(value[:10]).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""
