"""Whose scans an estate takes: what is made of the signature beside a file, or of one that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.estate_settings import ONLY_SIGNED, SCAN_KEYS, estate_settings
from app.signatures import ssh_signature
from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Problem, Reading
from cmdb.model.regular_files import name_as_text
from cmdb.model.system_errors import reason_of

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

NAMESPACE = "terrier-scan"
"""What a signature has to be made for: one of another purpose (a commit, a mail) signs no scan."""
ENDING = ".sig"


@dataclass(frozen=True)
class TrustedKeys:
    """Whose scans are trusted: keys with the names of who has them, and whether only signed scans are taken."""

    names: Mapping[bytes, str] = field(default_factory=dict)
    only_signed: bool = False


def trusted_keys(reader: Reader) -> TrustedKeys:
    """Those of an estate's settings."""
    found = estate_settings(reader)
    keys = (ssh_signature.public_key(line) for line in found[SCAN_KEYS.name].splitlines())
    names = {key: name or ssh_signature.fingerprint(key) for key, name in keys}
    return TrustedKeys(names, bool(found[ONLY_SIGNED.name]))


def signature_of(path: Path) -> Path:
    """Where the signature of a file is."""
    return path.with_name(path.name + ENDING)


def without_signatures(paths: Iterable[Path]) -> list[Path]:
    """The files but for the signatures of others among them."""
    listed = list(paths)
    signed = {signature_of(path) for path in listed}
    return [path for path in listed if path not in signed]


def verified(path: Path) -> ssh_signature.SshSignature | None:
    """The signature beside a file; None where there is none. Raises FileProblem where it does not sign the file."""
    found = _signature(path)
    if found is not None and (found.namespace != NAMESPACE or not found.signs(regular_files.content(path))):
        raise FileProblem(
            Message(
                "{file} is not what was signed: it was changed, or {signature} is of another file.",
                file=name_as_text(path),
                signature=name_as_text(signature_of(path)),
            )
        )
    return found


def check(
    path: Path, readings: Sequence[Reading], trusted: TrustedKeys, packed: ssh_signature.SshSignature | None = None
) -> None:
    """Checks the signature of a file that holds scans, and notes in its readings who signed it.

    ``packed``: the signature of the packed folder that the file is of, which counts where the file has none.
    Raises FileProblem where it is wrong, where nobody who is trusted signed, and where a missing one is needed.
    """
    scans = [one for one in readings if one.source.kind == "scan"]
    if not scans:
        return
    found = verified(path) or packed
    if found is None:
        if trusted.only_signed:
            message = Message("{file} is not signed, and this estate takes signed scans only.", file=name_as_text(path))
            raise FileProblem(message)
        return
    name, shown = trusted.names.get(found.key, ""), ssh_signature.fingerprint(found.key)
    if trusted.names and not name:
        message = Message(
            "{file} is signed with a key that this estate does not trust: {key}.", file=name_as_text(path), key=shown
        )
        raise FileProblem(message)
    for one in scans:
        one.signed_by = name
        if not name:
            one.problems.append(_unknown(path, shown))


def _signature(path: Path) -> ssh_signature.SshSignature | None:
    """The signature beside a file; None where there is none. Raises FileProblem."""
    beside = signature_of(path)
    try:
        with regular_files.opened(beside) as file:
            raw = file.read(ssh_signature.LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        name, reason = name_as_text(beside), reason_of(error)
        raise FileProblem(Message("{file} cannot be read: {reason}.", file=name, reason=reason)) from error
    return ssh_signature.parsed(raw, name_as_text(beside))


def _unknown(path: Path, key: str) -> Problem:
    message = Message(
        "It is signed, and was not changed since; who has the key is not known, as this estate names no keys: {key}.",
        key=key,
    )
    return Problem(name_as_text(path), "", 0, "", key, message, "warning", "signature", code="signature.unknown")
