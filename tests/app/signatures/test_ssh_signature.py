"""OpenSSH's signatures: made by OpenSSH itself where it is there, and hostile ones."""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from app.signatures.ssh_signature import LARGEST, fingerprint, parsed, public_key
from cmdb.model.errors import FileProblem
from importers.discovery.signing import refuse_unreadable, sign
from tests.app.signatures.keys import ANNA, BEN, armoured, line, private_file, public, signature, string

CONTENT = b'{"deviceid": "one"}\n'
needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH here")


@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_a_signature_is_of_its_content_and_its_key(hash_name: str) -> None:
    found = parsed(signature(ANNA, CONTENT, hash_name=hash_name), "a.sig")
    assert (found.key, found.namespace) == (public(ANNA), "terrier-scan")
    assert found.signs(CONTENT)
    assert not found._replace(key=public(BEN)).signs(CONTENT)
    assert not found._replace(namespace="git").signs(CONTENT)


def test_a_content_that_differs_by_one_bit_is_not_what_was_signed() -> None:
    found = parsed(signature(ANNA, CONTENT), "a.sig")
    for at in range(len(CONTENT)):
        assert not found.signs(CONTENT[:at] + bytes([CONTENT[at] ^ 1]) + CONTENT[at + 1 :])
    assert not found.signs(CONTENT + b" ")
    assert not found.signs(CONTENT[:-1])


@needs_openssh
def test_what_openssh_signs_is_verified(tmp_path: Path) -> None:
    file = tmp_path / "a scan.json"
    file.write_bytes(CONTENT)
    key = private_file(ANNA, tmp_path / "key")
    for _ in range(2):  # an older signature is replaced
        made = sign(file, str(key))
    found = parsed(made.read_bytes(), made.name)
    assert found.signs(CONTENT)
    shown = subprocess.run(["ssh-keygen", "-lf", str(key)], capture_output=True, text=True, check=True).stdout
    assert fingerprint(found.key) in shown


@needs_openssh
def test_openssh_verifies_what_is_signed_here(tmp_path: Path) -> None:
    """The doubles of these tests are true to the format."""
    (tmp_path / "a.sig").write_bytes(signature(ANNA, CONTENT))
    (tmp_path / "allowed").write_text(f"anna {line(ANNA)}\n")
    words = ["-Y", "verify", "-f", "allowed", "-I", "anna", "-n", "terrier-scan", "-s", "a.sig"]
    done = subprocess.run(["ssh-keygen", *words], input=CONTENT, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr


@needs_openssh
def test_a_key_that_openssh_does_not_take_is_one_line(tmp_path: Path) -> None:
    file, key = tmp_path / "a.json", tmp_path / "key"
    file.write_bytes(CONTENT)
    key.write_text("no key\n")
    key.chmod(0o600)
    with pytest.raises(FileProblem, match="is not signed: ssh-keygen: "):
        sign(file, str(key))
    assert not (tmp_path / "a.json.sig").exists()
    with pytest.raises(FileProblem, match="cannot be read"):
        refuse_unreadable(str(tmp_path / "none"))


def test_without_openssh_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileProblem, match="is not signed: ssh-keygen: "):
        sign(tmp_path / "a.json", "key")


def hostile() -> dict[str, bytes]:
    good = signature(ANNA, CONTENT)
    key = string(b"ssh-ed25519") + string(public(ANNA))
    long = string(b"a" * LARGEST)
    return {
        "empty": b"",
        "other text": b"hello\n",
        "binary": bytes(range(256)),
        "cut off": good[: len(good) // 2],
        "no base64": good.replace(b"U1NI", b"U1N*"),
        "large": good + b"\n" * LARGEST,
        "nothing in it": armoured(b""),
        "magic alone": armoured(b"SSHSIG"),
        "another version": armoured(b"SSHSIG\0\0\0\2" + string(key)),
        "lying length": armoured(b"SSHSIG\0\0\0\1\xff\xff\xff\xff" + key),
        "long": armoured(b"SSHSIG\0\0\0\1" + long),
        "no hash": armoured(b"SSHSIG\0\0\0\1" + b"".join(map(string, (key, b"terrier-scan", b"", b"md5", key)))),
        "short key": armoured(
            b"SSHSIG\0\0\0\1"
            + b"".join(map(string, (string(b"ssh-ed25519") + string(b"a"), b"n", b"", b"sha512", key)))
        ),
        "namespace that is no text": armoured(
            b"SSHSIG\0\0\0\1" + b"".join(map(string, (key, b"\xff", b"", b"sha512", key)))
        ),
    }


@pytest.mark.parametrize("raw", hostile().values(), ids=hostile().keys())
def test_a_damaged_or_hostile_signature_is_one_line(raw: bytes) -> None:
    with pytest.raises(FileProblem, match=r"^a\.sig is no signature that can be read\.$"):
        parsed(raw, "a.sig")


def test_any_byte_of_it_may_be_anything() -> None:
    good, chance = base64.b64decode(b"".join(signature(ANNA, CONTENT).splitlines()[1:-1])), random.Random(7)
    for _ in range(400):
        blob = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            blob[chance.randrange(len(blob))] = chance.randrange(256)
        try:
            found = parsed(armoured(bytes(blob)), "a.sig")
        except FileProblem:
            continue
        assert not found.signs(CONTENT) or bytes(blob) == good


def test_another_kind_of_key_is_said() -> None:
    key = string(b"ssh-rsa") + string(b"e") + string(b"n")
    blob = b"SSHSIG\0\0\0\1" + b"".join(map(string, (key, b"terrier-scan", b"", b"sha512", key)))
    with pytest.raises(FileProblem, match="a key of the kind ssh-rsa; Ed25519 is needed"):
        parsed(armoured(blob), "a.sig")


@pytest.mark.parametrize(
    "text", ["", "ssh-ed25519", "ssh-rsa AAAA a", "ssh-ed25519 !!!! a", "ssh-ed25519 AAAA a", "a b"]
)
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        public_key(text)


def test_a_public_key_with_its_name() -> None:
    assert public_key(line(ANNA, "Anna's stick")) == (public(ANNA), "Anna's stick")
