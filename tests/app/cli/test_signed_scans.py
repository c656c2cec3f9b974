"""Scans that are signed where they are made, and checked where they are taken in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.estate_settings import ONLY_SIGNED, SCAN_KEYS, change
from app.signatures.signed_files import trusted_keys
from cmdb.store.upkeep.startup import open_estate
from tests.app.cli.conftest import Done
from tests.app.signatures.keys import ANNA, BEN, line, private_file, public

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH here")


def test_a_scan_is_signed_and_taken_from_whom_the_estate_trusts(
    terrier: Callable[..., Done], estate: Path, tmp_path: Path
) -> None:
    with closing(open_estate(estate)) as store:
        for setting, value in ((SCAN_KEYS, line(ANNA, "Anna's stick")), (ONLY_SIGNED, "signed")):
            with store.read() as reader:
                revision = change(reader, setting, value, "Mia")
            store.apply(revision)
        with store.read() as reader:
            assert trusted_keys(reader).names == {public(ANNA): "Anna's stick"}
            assert trusted_keys(reader).only_signed
    key, scan = private_file(ANNA, tmp_path / "key"), tmp_path / "pc.json"
    done = terrier("scan", "--out", scan, "--sign", key)
    assert done.status == 0, done.err
    assert done.out.splitlines()[-2:] == [f"Wrote {scan}.", f"Wrote {scan}.sig."]
    assert terrier("--db", estate, "import", scan, f"{scan}.sig", "--json").status in (0, 1)
    assert "signed by Anna's stick" in terrier("--db", estate, "history").out
    edited = scan.read_bytes()
    scan.write_bytes(edited.replace(b"Computer", b"computer", 1))
    done = terrier("--db", estate, "import", scan)
    assert (done.status, done.err.splitlines()) == (
        2, ["pc.json is not what was signed: it was changed, or pc.json.sig is of another file."],
    )  # fmt: skip
    scan.write_bytes(edited)
    (tmp_path / "pc.json.sig").unlink()
    done = terrier("--db", estate, "import", scan)
    assert (done.status, done.err.splitlines()) == (
        2, ["pc.json is not signed, and this estate takes signed scans only."],
    )  # fmt: skip


def test_what_cannot_be_signed_is_said_before_the_scan(terrier: Callable[..., Done], tmp_path: Path) -> None:
    done = terrier("scan", "--out", tmp_path / "a.json", "--sign", tmp_path / "none")
    assert (done.status, done.err.splitlines()) == (2, [f"The key {tmp_path / 'none'} cannot be read."])
    assert list(tmp_path.iterdir()) == []
    done = terrier("scan", "--sign", private_file(BEN, tmp_path / "key"))
    assert done.status == 2
    assert done.err.startswith("--sign needs --out")
