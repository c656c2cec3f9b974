"""Whose scans an estate takes, from the file to the revision."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from app import import_proposal
from app.estate_settings import SCAN_KEYS
from app.imports.draft import open_files
from app.signatures.signed_files import TrustedKeys, without_signatures
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, InvalidValue
from cmdb.model.schema import Schema
from tests.app.signatures.keys import ANNA, BEN, line, public, signature

SCHEMA = Schema.load()
ANNAS = TrustedKeys({public(ANNA): "Anna"})


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    content = {"hardware": {"name": "one", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}, "versionclient": "example"}
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"deviceid": "one-1", "itemtype": "Computer", "content": content}), "utf-8")
    return path


def signed(path: Path, key: object = ANNA, content: bytes | None = None, namespace: bytes = b"terrier-scan") -> Path:
    beside = path.with_name(path.name + ".sig")
    beside.write_bytes(signature(key, path.read_bytes() if content is None else content, namespace))  # type: ignore[arg-type]
    return beside


def taken(path: Path, trusted: TrustedKeys | None = None) -> tuple[str, list[str]]:
    """Who signed it, and what is said of its signature; by the way of the command line."""
    (reading,) = import_proposal.read_files([path], SCHEMA, trusted=trusted)[0]
    return reading.signed_by, [p.code for p in reading.problems if p.code.startswith("signature")]


def refused(path: Path, trusted: TrustedKeys | None = None) -> str:
    """The one line that refuses it, the same by the way of the command line and of the window."""
    with pytest.raises(FileProblem) as error:
        import_proposal.read_files([path], SCHEMA, trusted=trusted)
    found, failed = open_files(Control(), [path], SCHEMA, [], trusted=trusted)
    assert (found, [str(one) for _, one in failed]) == ([], [str(error.value)])
    return str(error.value)


def test_a_scan_that_nobody_signed_is_taken_unless_signed_ones_are_asked_for(scan: Path) -> None:
    assert taken(scan) == taken(scan, ANNAS) == ("", [])
    only = TrustedKeys(ANNAS.names, only_signed=True)
    assert refused(scan, only) == "one.json is not signed, and this estate takes signed scans only."
    signed(scan)
    assert taken(scan, only) == ("Anna", [])


def test_who_signed_is_known_by_the_keys_of_the_estate(scan: Path) -> None:
    signed(scan)
    assert taken(scan, ANNAS) == ("Anna", [])
    assert taken(scan) == ("", ["signature.unknown"])  # no keys are named: nobody vouches for it
    signed(scan, BEN)
    assert refused(scan, ANNAS).startswith("one.json is signed with a key that this estate does not trust: SHA256:")


@pytest.mark.parametrize("trusted", [None, ANNAS, TrustedKeys(only_signed=True)])
def test_a_file_that_is_edited_by_one_byte_is_refused(scan: Path, trusted: TrustedKeys | None) -> None:
    signed(scan)
    scan.write_bytes(scan.read_bytes().replace(b'"one"', b'"two"'))
    assert (
        refused(scan, trusted) == "one.json is not what was signed: it was changed, or one.json.sig is of another file."
    )


def test_a_signature_for_another_purpose_or_of_another_file_is_refused(scan: Path) -> None:
    signed(scan, namespace=b"git")
    assert "is not what was signed" in refused(scan, ANNAS)
    signed(scan, content=b"another")
    assert "is not what was signed" in refused(scan)


def test_the_signature_of_a_packed_folder_counts_for_what_it_holds(scan: Path) -> None:
    path = scan.with_name("mail.zip")
    with zipfile.ZipFile(path, "w") as made:
        made.write(scan, "site/one.json")
    only = TrustedKeys(ANNAS.names, only_signed=True)
    assert refused(path, only) == "one.json is not signed, and this estate takes signed scans only."
    beside = signed(path)
    assert taken(path, only) == ("Anna", [])
    _, files = import_proposal.read_files([path, beside], SCHEMA, trusted=only)
    assert [(one.name, str(one.problem)) for one in files] == [("one.json", "")]
    assert refused(path, TrustedKeys({public(BEN): "Ben"})).startswith("one.json is signed with a key that")
    signed(path, content=b"another")
    assert refused(path) == "mail.zip is not what was signed: it was changed, or mail.zip.sig is of another file."
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("site/one.json.sig", signature(BEN, scan.read_bytes(), b"terrier-scan"))
    signed(path)
    assert "this estate does not trust" in refused(path, only), "a file's own signature comes first"


def test_a_damaged_signature_is_refused_whoever_is_trusted(scan: Path) -> None:
    beside = signed(scan)
    beside.write_bytes(beside.read_bytes()[:100])
    assert refused(scan) == "one.json.sig is no signature that can be read."
    beside.unlink()
    beside.mkdir()
    assert refused(scan) == f"{beside} is a folder, not a file."


def test_signatures_are_no_files_of_their_own(scan: Path) -> None:
    beside = signed(scan)
    assert without_signatures([beside, scan]) == [scan]
    assert [one.signed_by for one in import_proposal.read_files([scan, beside], SCHEMA, trusted=ANNAS)[0]] == ["Anna"]
    found, failed = open_files(Control(), [scan, beside], SCHEMA, [], trusted=ANNAS)
    assert ([one.path for one in found], failed) == ([scan], [])


def test_one_wrong_signature_does_not_stop_the_others(scan: Path) -> None:
    other = scan.with_name("other.json")
    shutil.copy(scan, other)
    signed(other, content=b"another")
    (reading,) = import_proposal.read_files([scan, other], SCHEMA)[0]
    assert any("other.json is not what was signed" in str(p.message) for p in reading.problems)


def test_a_spreadsheet_has_no_signature_of_ours(tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text("Class;Name;Serial number\nLaptop;PC-1;SN1\n", "utf-8")
    (tmp_path / "a.csv.sig").write_bytes(b"-----BEGIN PGP SIGNATURE-----\n")
    assert import_proposal.read_files([sheet], SCHEMA, trusted=TrustedKeys(only_signed=True))[0]


def test_the_setting_takes_public_keys_only() -> None:
    with pytest.raises(InvalidValue, match="“ssh-rsa AAAA” is no public key of Ed25519"):
        SCAN_KEYS.checked(f"{line(ANNA)}\nssh-rsa AAAA")
    assert SCAN_KEYS.checked(f"\n {line(ANNA, 'Anna')} \n\n{line(BEN)}\n") == f"{line(ANNA, 'Anna')}\n{line(BEN)}"
