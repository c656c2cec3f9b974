"""SWID tags (ISO/IEC 19770-2 of 2009 and 2015) that publishers left on the machine."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from importers.captures.capture import Capture
from importers.captures.subject import Subject
from importers.captures.windows._rows import rows, text
from importers.discovery.collector import Content, Section, present

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


def tag(xml: str) -> dict[str, Any]:
    """What a tag says: name, version, edition, publisher, id; nothing where it is none."""
    read = _Tag()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = read.start, read.end
    parser.CharacterDataHandler = read.data
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml.lstrip("\ufeff"), True)
    except (expat.ExpatError, _Refused):
        return {}
    return _of_2015(read) if read.identity.get("name") else _of_2009(read)


def _refuse(*_: object) -> None:
    raise _Refused


def _of_2015(read: _Tag) -> dict[str, Any]:
    makers = [one for one in read.entities if "softwareCreator" in one.get("role", "").split()]
    return present(
        name=read.identity.get("name"),
        version=read.identity.get("version"),
        publisher=next((one.get("name") for one in makers), None),
        tag_id=read.identity.get("tagId"),
    )


def _of_2009(read: _Tag) -> dict[str, Any]:
    said = {place: " ".join(words.split()) for place, words in read.texts.items()}
    name = said.get("software_identification_tag/product_title")
    return (
        present(
            name=name,
            version=said.get("product_version/name"),
            publisher=said.get("software_creator/name"),
            tag_id=said.get("software_id/unique_id"),
        )
        if name
        else {}
    )


def _parse(capture: Capture) -> Content:
    found = [one for row in rows(capture, "swid-tags") if (one := tag(text(row, "Text")))]
    return {"terrier": {"software_tags": found}} if found else {}


SUBJECT = Subject("SWID tags", _parse, ("swid-tags",), (Section("terrier.software_tags"),))
