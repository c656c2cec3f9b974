"""The importer of SPDX 2 lists, in JSON and as tags with values. Facts of the format by its published specification."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.inventory.fields import Entry, filled, mapping, moment, objects, text
from importers.software_lists.readings import readings
from importers.software_lists.software_list import Component, SoftwareList, package_manager
from importers.source_documents import document_of, json_of, start_of, text_of

_DOCUMENT = "SPDXRef-DOCUMENT"
_NOTHING = ("NOASSERTION", "NONE", "")
_TYPES = {"source": "file", "archive": "file", "install": "application", "other": ""}
"""Purposes of packages that are called otherwise in CycloneDX, whose words the register takes."""
_BY = re.compile(r"(?:Organization|Person|Tool):\s*(.*?)\s*(?:\([^()]*\))?\s*")
_SUBJECTS = {
    "DESCRIBES": ("spdxElementId", "relatedSpdxElement"),
    "DESCRIBED_BY": ("relatedSpdxElement", "spdxElementId"),
}


def _recognises(head: bytes) -> bool:
    start = start_of(head)
    return start.startswith(b"SPDXVersion:") or (start.startswith(b"{") and b'"spdxVersion"' in start)


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    document = document_of(path)
    if start_of(document.raw[:4096]).startswith(b"{"):
        found = json_of(document)
    else:
        found = of_tags(text_of(document), document.name)
    return readings(software_list(found, document.name), document.name, document.changed)


def software_list(document: object, file: str) -> SoftwareList:
    """The list of a document in the JSON form. Raises FileProblem where it is none of SPDX 2."""
    version = text(document, "spdxVersion") if isinstance(document, dict) else ""
    if not isinstance(document, dict) or not version.startswith("SPDX-2"):
        raise FileProblem(Message("{file} is no list of SPDX 2.", file=file))
    packages = {text(one, "SPDXID"): _component(one) for one in objects(document, "packages")}
    described = list(dict.fromkeys(one for one in _described(document) if one in packages))
    if not described and len(packages) == 1:
        described = list(packages)
    made = moment(text(mapping(document, "creationInfo"), "created"))
    others = tuple(one for uid, one in packages.items() if uid not in described)
    if len(described) == 1:
        return SoftwareList(packages[described[0]], others, made)
    if described:  # a file about several packages: each is a product, and nothing says whose the others are
        return SoftwareList(None, tuple(packages[uid] for uid in described), made)
    return SoftwareList(None, others, made)


def _described(document: Entry) -> Iterator[str]:
    """The ids of what a document says that it is about."""
    listed = document.get("documentDescribes")
    yield from (one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
    for one in objects(document, "relationships"):
        of, to = _SUBJECTS.get(text(one, "relationshipType"), ("", ""))
        if of and text(one, of) == _DOCUMENT:
            yield text(one, to)


def _component(package: Entry) -> Component:
    purpose = text(package, "primaryPackagePurpose").lower()
    outside = {text(one, "referenceType"): text(one, "referenceLocator") for one in objects(package, "externalRefs")}
    purl = outside.get("purl", "")
    sums = (f"{text(one, 'algorithm')}: {text(one, 'checksumValue')}" for one in objects(package, "checksums"))
    values = filled(
        purl=purl,
        cpe=outside.get("cpe23Type") or outside.get("cpe22Type"),
        licences=_stated(package, "licenseConcluded") or _stated(package, "licenseDeclared"),
        hashes=", ".join(sums),
        description=text(package, "summary") or text(package, "description"),
        website=_stated(package, "homepage"),
        origin=package_manager(purl),
    )
    publisher = _by(_stated(package, "originator")) or _by(_stated(package, "supplier"))
    version = text(package, "versionInfo")
    return Component(_TYPES.get(purpose, purpose) or "library", text(package, "name"), version, publisher, values)


def _stated(package: Entry, key: str) -> str:
    found = text(package, key)
    return "" if found in _NOTHING else found


def _by(words: str) -> str:
    """Who "Organization: Example (mail)" is."""
    found = _BY.fullmatch(words)
    return found[1] if found else words


_TAGS = {
    "PackageName": "name", "SPDXID": "SPDXID", "PackageVersion": "versionInfo", "PackageSupplier": "supplier",
    "PackageOriginator": "originator", "PackageLicenseConcluded": "licenseConcluded",
    "PackageLicenseDeclared": "licenseDeclared", "PackageSummary": "summary", "PackageDescription": "description",
    "PackageHomePage": "homepage", "PrimaryPackagePurpose": "primaryPackagePurpose",
}  # fmt: skip
"""Tags of a package → keys of the JSON form."""
_TAG = re.compile(r"([A-Za-z]+):[ \t]*(.*)")
_OTHERS = ("FileName", "SnippetSPDXID", "LicenseID")
"""Tags that begin something else than a package."""


def of_tags(words: str, file: str) -> dict[str, Any]:
    """The JSON form of a list of tags. Raises FileProblem where its text is cut off."""
    document: dict[str, Any] = {"packages": [], "relationships": [], "creationInfo": {}}
    into: dict[str, Any] = document
    for tag, value in _pairs(words, file):
        if tag == "SPDXVersion":
            document["spdxVersion"] = value
        elif tag == "Created":
            document["creationInfo"]["created"] = value
        elif tag == "Relationship":
            document["relationships"].append(_relationship(value))
        elif tag in _OTHERS:
            into = {}
        elif tag == "PackageName":
            into = {"name": value, "externalRefs": [], "checksums": []}
            document["packages"].append(into)
        elif tag == "ExternalRef" and "externalRefs" in into:
            _, kind, locator = (*value.split(None, 2), "", "", "")[:3]
            into["externalRefs"].append({"referenceType": kind, "referenceLocator": locator})
        elif tag == "PackageChecksum" and "checksums" in into:
            algorithm, _, checksum = value.partition(":")
            into["checksums"].append({"algorithm": algorithm.strip(), "checksumValue": checksum.strip()})
        elif tag in _TAGS and into is not document:
            into.setdefault(_TAGS[tag], value)
    return document


def _relationship(value: str) -> dict[str, str]:
    source, kind, target = (*value.split(None, 2), "", "", "")[:3]
    return {"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}


def _pairs(words: str, file: str) -> Iterator[tuple[str, str]]:
    """The tags of a document with their values; a value between <text> and </text> may have several lines."""
    lines = iter(words.splitlines())
    for line in lines:
        found = _TAG.match(line)
        if found is None:
            continue
        value = found[2].strip()
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while "</text>" not in parts[-1]:
                more = next(lines, None)
                if more is None:
                    raise FileProblem(Message("{file} is cut off: a text in it has no end.", file=file))
                parts.append(more)
            value = "\n".join(parts).partition("</text>")[0].strip()
        yield found[1], value


def _example(folder: Path) -> Path:
    part = {"SPDXID": "SPDXRef-1", "name": "left-pad", "versionInfo": "1.3.0", "primaryPackagePurpose": "LIBRARY"}
    product = {"SPDXID": "SPDXRef-0", "name": "Ticket desk", "versionInfo": "2.1", "supplier": "Organization: Example",
               "primaryPackagePurpose": "APPLICATION"}  # fmt: skip
    document = {
        "spdxVersion": "SPDX-2.3", "SPDXID": _DOCUMENT, "name": "desk", "dataLicense": "CC0-1.0",
        "creationInfo": {"created": "2026-03-31T10:15:00Z", "creators": ["Tool: example"]},
        "documentDescribes": ["SPDXRef-0"], "packages": [product, part],
    }  # fmt: skip
    path = folder / "desk.spdx.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


IMPORTER = Importer(
    "spdx",
    Message("SPDX"),
    Message("A list of software in SPDX 2, in JSON or as tags with values"),
    (".json", ".spdx"),
    _recognises,
    _read,
    _example,
    rank=45,
)
