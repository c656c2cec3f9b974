"""SPDX lists, in JSON and as tags with values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import read_files
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema

SCHEMA = Schema.load()
TAGS = """SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
Created: 2020-01-01T00:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-hello
##### Packages
PackageName: hello
SPDXID: SPDXRef-hello
PackageVersion: 2.1
PackageSupplier: Organization: Example (mail@example.org)
PrimaryPackagePurpose: APPLICATION
PackageComment: <text>two
PackageName: lines</text>
PackageName: libc
SPDXID: SPDXRef-libc
PackageSupplier: NOASSERTION
PackageLicenseConcluded: LGPL-2.1-only
PackageChecksum: SHA1: abcd
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libc6@2.36
FileName: ./a.c
SPDXID: SPDXRef-file
LicenseConcluded: MIT
"""


def readings(folder: Path, content: str) -> list[Reading]:
    path = folder / "list.bin"
    path.write_text(content, "utf-8")
    return read_files([path], SCHEMA)[0]


def as_json() -> dict[str, Any]:
    hello = {"SPDXID": "a", "name": "hello", "versionInfo": "2.1", "supplier": "Organization: Example (m@example.org)",
             "primaryPackagePurpose": "APPLICATION"}  # fmt: skip
    libc = {"SPDXID": "b", "name": "libc", "supplier": "NOASSERTION", "licenseConcluded": "LGPL-2.1-only",
            "checksums": [{"algorithm": "SHA1", "checksumValue": "abcd"}],
            "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:deb/debian/libc6@2.36"}]}  # fmt: skip
    return {"spdxVersion": "SPDX-2.3", "creationInfo": {"created": "2020-01-01T00:00:00Z"}, "packages": [libc, hello],
            "documentDescribes": ["a"]}  # fmt: skip


def test_tags_and_json_say_the_same(tmp_path: Path) -> None:
    (tags,), (document,) = readings(tmp_path, TAGS), readings(tmp_path, json.dumps(as_json()))
    assert tags.observations == document.observations
    (one,) = tags.observations
    assert one.values == {"name": "hello", "version": "2.1", "publisher": "Example", "kind": "application"}
    assert one.details["software_components"] == [
        {"name": "libc", "type": "library", "purl": "pkg:deb/debian/libc6@2.36", "licences": "LGPL-2.1-only",
         "hashes": "SHA1: abcd", "origin": "deb"}
    ]  # fmt: skip
    assert tags.observed_at == "2020-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>never", "cut off"),
        ("SPDXVersion: SPDX-3.0\n", "no list of SPDX 2"),
        ("SPDXVersion: SPDX-2.3\nDocumentName: nothing\n", "does not say which device or which software"),
        ('{"spdxVersion": 2.3}', "no list of SPDX 2"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=said):
        readings(tmp_path, content)
