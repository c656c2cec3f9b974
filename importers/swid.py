"""The importer of software identification tags: ISO/IEC 19770-2 of 2009 and of 2015, one tag in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cmdb.model.characters import one_line
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Observation, Origin, Reading, Source
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.inventory.fields import filled
from importers.inventory.section_rows import details
from importers.source_documents import document_of, start_of
from importers.xml_documents import XmlElement, root_of
from importers.xml_root import root_tag

_OF_2015 = "SoftwareIdentity"
_OF_2009 = "software_identification_tag"
_NAMESPACE = "standards.iso.org/iso/19770"
_ROLES = ("softwareCreator", "licensor", "distributor", "aggregator")
"""Who may be the publisher, the best first: who made the tag says nothing of the software."""
_OLD_ROLES = {
    "software_creator": "softwareCreator",
    "software_licensor": "licensor",
    "tag_creator": "tagCreator",
}
"""Elements of 2009 → roles of 2015."""
_FLAGS = ("patch", "supplemental", "corpus")


def _recognises(head: bytes) -> bool:
    start = start_of(head)
    if not start.startswith(b"<"):
        return False
    tag = root_tag(start)
    return tag.name in (_OF_2015, _OF_2009) and (not tag.namespace or _NAMESPACE in tag.namespace)


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    document = document_of(path)
    return [reading(root_of(document)[0], document.name, document.changed)]


def reading(tag: XmlElement, file: str, changed: str) -> Reading:
    """The product that a tag identifies, and the tag as a row of it. Raises FileProblem where it names none."""
    values, row = (_of_2015 if tag.name == _OF_2015 else _of_2009)(tag)
    if not values.get("name"):
        raise FileProblem(Message("{file} is a software identification tag that names no software.", file=file))
    seen = details({"terrier": {"software_tags": [row]}}, file)
    observation = Observation("software_product", values, Origin(file=file), sections=seen.whole, details=seen.rows)
    source = Source("import", " ".join(filter(None, ("SWID", row.get("tag_id") or values["name"]))))
    return Reading(source, changed, [observation], problems=seen.problems, read=1)


def _of_2015(tag: XmlElement) -> tuple[dict[str, Any], dict[str, Any]]:
    said = tag.attributes
    told: dict[str, str] = {}
    links: list[str] = []
    roles: dict[str, XmlElement] = {}
    for one in tag.children:
        if one.name == "Meta":
            told = {**one.attributes, **told}
        elif one.name == "Link":
            links.append(" ".join(filter(None, (one.attributes.get("rel"), one.attributes.get("href")))))
        elif one.name == "Entity":
            for role in one.attributes.get("role", "").split():
                roles.setdefault(role, one)
    names = {role: one.attributes.get("name", "") for role, one in roles.items()}
    patch = said.get("patch") == "true"
    values = _product(said.get("name", ""), said.get("version", ""), told.get("edition", ""), names, patch=patch)
    row = filled(
        tag_id=said.get("tagId"),
        persistent_id=told.get("persistentId"),
        tag_version=said.get("tagVersion"),
        version_scheme=said.get("versionScheme"),
        product=told.get("product"),
        colloquial_version=told.get("colloquialVersion"),
        revision=told.get("revision"),
        entitlement_required=told.get("entitlementDataRequired"),
        summary=told.get("summary"),
        links=", ".join(filter(None, links)),
        regid=next((roles[r].attributes.get("regid") for r in (*_ROLES, "tagCreator") if r in roles), ""),
        **_parties(names),
        **{flag: said.get(flag) for flag in _FLAGS},
    )
    return values, row


def _of_2009(tag: XmlElement) -> tuple[dict[str, Any], dict[str, Any]]:
    names = {role: _text(tag, element, "name") for element, role in _OLD_ROLES.items()}
    values = _product(tag.said("product_title"), _text(tag, "product_version", "name"), "", names)
    row = filled(
        tag_id=_text(tag, "software_id", "unique_id"),
        entitlement_required=tag.said("entitlement_required_indicator"),
        summary=tag.said("abstract"),
        regid=next((v for e in _OLD_ROLES if (v := _text(tag, e, "regid"))), ""),
        **_parties(names),
    )
    return values, row


def _text(tag: XmlElement, outer: str, inner: str) -> str:
    found = tag.first(outer)
    return found.said(inner) if found is not None else ""


def _product(name: str, version: str, edition: str, names: dict[str, str], *, patch: bool = False) -> dict[str, Any]:
    publisher = next((names[role] for role in _ROLES if names.get(role)), "")
    return filled(
        name=one_line(name),
        version="" if version.strip() == "0.0" else one_line(version),  # what the standard has where there is none
        edition=one_line(edition),
        publisher=one_line(publisher),
        kind="update" if patch else None,
    )


def _parties(names: dict[str, str]) -> dict[str, str]:
    columns = {"tagCreator": "tag_creator", "softwareCreator": "software_creator", "licensor": "licensor",
               "distributor": "distributor"}  # fmt: skip
    return {column: names[role] for role, column in columns.items() if names.get(role)}


def _example(folder: Path) -> Path:
    path = folder / "desk.swidtag"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<SoftwareIdentity xmlns="http://standards.iso.org/iso/19770/-2/2015/schema.xsd" name="Ticket desk"'
        ' tagId="example.org-desk-2.1" version="2.1" versionScheme="multipartnumeric">\n'
        '  <Entity name="Example" regid="example.org" role="tagCreator softwareCreator"/>\n'
        '  <Meta edition="Professional" product="Ticket desk"/>\n'
        "</SoftwareIdentity>\n",
        "utf-8",
    )
    return path


IMPORTER = Importer(
    "swid",
    Message("Software identification tag"),
    Message("A SWID tag of ISO/IEC 19770-2, of 2009 or 2015: a product with its publisher, edition and version"),
    (".swidtag", ".xml"),
    _recognises,
    _read,
    _example,
    rank=45,
)
