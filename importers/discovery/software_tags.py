"""SWID tags (ISO/IEC 19770-2 of 2009 and 2015) that publishers left on a machine, whichever platform read them."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from importers.discovery.collector import present

_DEEPEST = 20


class _Refused(Exception):
    """A tag that no publisher writes: with a document type, or nested without end."""


class _Tag:
    """What the parser calls: it keeps the texts of elements, and the attributes of those that matter."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.identity: dict[str, str] = {}
        self.entities: list[dict[str, str]] = []
        self._open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._open) > _DEEPEST:
            raise _Refused
        self._open.append(name.rpartition(":")[2])
        if self._open == ["SoftwareIdentity"]:
            self.identity = attributes
        elif self._open[-1] == "Entity":
            self.entities.append(attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        self._open.pop()

    def data(self, words: str) -> None:
        """A part of the text of the open element."""
        place = "/".join(self._open[-2:])
        self.texts[place] = self.texts.get(place, "") + words


def software_tag(xml: str) -> dict[str, Any]:
    """What a tag says, by the columns of the section *Software tags*: name, version, publisher, id, whether it is of an
    update (``patch``) or of an installer that is not installed (``corpus``); nothing where it is none.
    """
    read = _Tag()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = read.start, read.end
    parser.CharacterDataHandler = read.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml.lstrip("\ufeff"), True)
    except (expat.ExpatError, _Refused, UnicodeEncodeError):
        return {}
    return _of_2015(read) if read.identity.get("name") else _of_2009(read)


def _refuse(*_: object) -> None:
    raise _Refused


def _of_2015(read: _Tag) -> dict[str, Any]:
    makers = [one for one in read.entities if "softwareCreator" in one.get("role", "").split()]
    return present(
        name=read.identity["name"].strip(),
        version=read.identity.get("version", "").strip(),
        publisher=next((one.get("name", "").strip() for one in makers), None),
        tag_id=read.identity.get("tagId", "").strip(),
        **{flag: True for flag in ("patch", "corpus") if read.identity.get(flag) == "true"},
    )


def _of_2009(read: _Tag) -> dict[str, Any]:
    said = {place: " ".join(words.split()) for place, words in read.texts.items()}
    name = said.get("software_identification_tag/product_title")
    if not name:
        return {}
    return present(
        name=name,
        version=said.get("product_version/name"),
        publisher=said.get("software_creator/name"),
        tag_id=said.get("software_id/unique_id"),
    )
