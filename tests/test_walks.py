"""The walks of CONTRIBUTING.md, followed to the letter in a copy of the program: what they say is so."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_FILE = re.compile(r"# (add to )?([\w./-]+\.(?:py|toml))")


def steps(document: str) -> list[tuple[str, bool, str]]:
    """The files that the walks write: path, whether there is such a file already, and what is written."""
    walks = document.partition("## Five walks")[2]
    found: list[tuple[str, bool, list[str]]] = []
    for line in walks.splitlines():
        if line and not line.startswith("       "):
            continue
        if named := _FILE.fullmatch(line.strip()):
            found.append((named[2], bool(named[1]), []))
        elif found:
            found[-1][2].append(line)
    return [(path, added, textwrap.dedent("\n".join(lines)).strip() + "\n") for path, added, lines in found]


def run(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A copy of the program in which every walk was taken."""
    left_out = shutil.ignore_patterns("__pycache__", ".*cache", ".git", ".venv", ".hypothesis", "build", "*.terrier*")
    folder = shutil.copytree(ROOT, tmp_path / "program", ignore=left_out)
    for name, added, text in steps((ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        path = folder / name
        assert path.exists() == added, name
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text("utf-8") + "\n" if added else "") + text, "utf-8")
    run(folder, BIN / "ruff", "format", "-q", ".")
    run(folder, sys.executable, "-m", "app.documents")
    return folder


_SHOWN = """
import json
from app.cli import program
from app.reports import reports
from cmdb.model.schema import Schema
from ui.pages import entries
from ui.pages.assets.actions import ACTIONS
schema = Schema.load()
print(json.dumps({
    "class": schema.find_class("Projectors").label,
    "report": "no_location" in reports(),
    "help": program.overview(),
    "page": [one.title for one in entries() if one.id == "sites"],
    "actions": [one.id for one in ACTIONS],
}))
"""


def test_the_walks_add_their_parts(followed: Path) -> None:
    assert len(steps((ROOT / "CONTRIBUTING.md").read_text("utf-8"))) == 7
    run(followed, BIN / "ruff", "check", "--no-cache", ".")
    shown = json.loads(run(followed, sys.executable, "-c", _SHOWN))
    assert (shown["class"], shown["report"], shown["page"]) == ("Projector", True, ["Sites"])
    assert {"  size ", "  lend "} <= {line[:7] for line in shown["help"].splitlines()}
    assert "assets.lend" in shown["actions"]
    assert "`lend`" in (followed / "docs" / "verbs.md").read_text("utf-8")


@pytest.mark.soak
def test_parts_added_by_the_walks_keep_every_rule(followed: Path) -> None:
    """Takes a minute: types and contracts of the whole program, and the contract suite on what was added."""
    run(followed, BIN / "mypy", "--no-incremental", "cmdb", "app", "importers", "ui", "main.py")
    run(followed, BIN / "lint-imports", "--no-cache")
    added = "projector or no_location or size or sites or lend or rules or documents or shipped_schema or touches"
    names = "contract_suite contract_verbs rules documents architecture"
    files = [*(f"tests/test_{name}.py" for name in names.split()), "tests/cmdb/model/test_shipped_schema.py"]
    said = run(followed, sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", f"({added}) and not refuses", *files)
    assert "no tests ran" not in said
