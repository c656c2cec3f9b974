"""Writes the folder for the stick: see ``app.agent_folder``.

python -m distribution.agent FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from app.agent_folder import write_agent_folder
from cmdb.model.errors import FileProblem


def main(words: Sequence[str]) -> int:
    """Writes the folder; the exit status."""
    if len(words) != 1:
        print("usage: python -m distribution.agent FOLDER", file=sys.stderr)
        return 2
    try:
        for path in write_agent_folder(Path(words[0])):
            print(f"Wrote {path}")
    except FileProblem as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
