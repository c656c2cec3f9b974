"""Writes the lock files: every package that a set of requirements needs, with the hash of each of its files.

    python -m distribution.pins UV

Versions come from constraints.txt; hashes from the package index that UV, the program of that name, is configured with.
No address of it is written. One lock serves every Python and system that Terrier runs on: a package that only some need
has a marker.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: The lock files, and the requirements that each is made from.
LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-encryption.lock": ("requirements.txt", "requirements-encryption.txt"),
    "requirements-dev.lock": ("requirements-dev.txt",),
    "requirements-build.lock": ("requirements-build.txt",),
    "requirements-pins.lock": ("requirements-pins.txt",),
}

HEAD = "# Made by `make pins` from {sources} and constraints.txt. Every file of every package, by its hash.\n"
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--constraint", "constraints.txt"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def write_locks(uv: str, folder: Path = ROOT) -> None:
    """Writes them into ``folder``, with the program ``uv``. Raises CalledProcessError where it finds no solution."""
    for name, sources in LOCKS.items():
        command = [uv, "pip", "compile", *OPTIONS, *sources]
        made = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        (folder / name).write_text(HEAD.format(sources=", ".join(sources)) + made, "utf-8")


def main(words: Sequence[str]) -> int:
    """Writes the lock files; the exit status."""
    if len(words) != 1:
        print("usage: python -m distribution.pins UV", file=sys.stderr)
        return 2
    write_locks(words[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
