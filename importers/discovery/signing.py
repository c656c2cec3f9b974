"""Signs a file by ``ssh-keygen``, which Windows 10, macOS and Linux have: no agent brings cryptography of its own."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message, verbatim
from cmdb.model.system_errors import reason_of

#: What the signature is made for; import asks for the same.
NAMESPACE = "terrier-scan"


def refuse_unreadable(key: str) -> None:
    """Raises FileProblem for a key that cannot be read: before the scan, not after."""
    if not os.access(key, os.R_OK) or not os.path.isfile(key):
        raise FileProblem(Message("The key {file} cannot be read.", file=key))


def sign(path: Path, key: str) -> Path:
    """Makes FILE.sig beside the file, and returns it; ssh-keygen asks for the key's passphrase. Raises FileProblem."""
    made = path.with_name(path.name + ".sig")
    with suppress(FileNotFoundError):
        made.unlink()  # ssh-keygen would ask whether to write over it
    command = ["ssh-keygen", "-Y", "sign", "-f", key, "-n", NAMESPACE, str(path)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        message = Message("{file} is not signed: ssh-keygen: {reason}.", file=path, reason=reason_of(error))
        raise FileProblem(message) from error
    if done.returncode != 0 or not made.is_file():
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [str(done.returncode)]
        raise FileProblem(Message("{file} is not signed: ssh-keygen: {reason}", file=path, reason=verbatim(lines[-1])))
    return made
