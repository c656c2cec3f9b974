"""The folder for the stick: the agent as one file, the scripts that need no Python, and a page that says how.

The agent is a zip archive that Python runs, with the modules that it imports and nothing else. The same modules make
the same bytes.
"""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.resources import RESOURCES
from cmdb.model.system_errors import reason_of
from cmdb.model.whole_files import save_whole

AGENT = "terrier-agent.pyz"
#: The scripts that the agent has in it, as it asks for some answers by them: the folder of the package that does.
SCRIPTS = {"importers/discovery/macos": "terrier-scan.sh", "importers/discovery/windows": "terrier-scan.ps1"}
_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("cmdb", "importers")
#: What begins the agent, and what it finds by name: the collectors of every system, and the subjects of captures.
_BEGIN = "importers.discovery.agent"
_BY_NAME = (
    "importers.discovery.linux", "importers.discovery.macos", "importers.discovery.windows",
    "importers.captures.macos", "importers.captures.windows",
)  # fmt: skip
_MAIN = '''"""Says which Python is needed, in words that every Python reads; then runs the agent."""

import sys

if sys.version_info < (3, 9):
    sys.stderr.write("The agent needs Python 3.9 or newer; this is %s.\\n" % sys.version.split()[0])
    sys.exit(2)

import os

try:
    from importers.discovery.agent import main

    os.umask(os.umask(0o077) | 0o077)
    sys.exit(main(sys.argv[1:]))
except KeyboardInterrupt:
    sys.exit(130)
'''
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def modules() -> dict[str, Path]:
    """The agent's modules by their names: those that its first one needs, and so on, and the collectors."""
    found: dict[str, Path] = {}
    waiting = [_BEGIN]
    for package in _BY_NAME:
        folder = _ROOT.joinpath(*package.split("."))
        waiting += [f"{package}.{path.stem}" for path in sorted(folder.glob("*.py"))]
    while waiting:
        name = waiting.pop().removesuffix(".__init__")
        path = _file(name)
        if path is None or name in found:
            continue
        found[name] = path
        waiting += imported(path)
        waiting += [name.rpartition(".")[0]]
    return dict(sorted(found.items()))


def _file(name: str) -> Path | None:
    """The file of a module of ours; None for other libraries' and for what is no module."""
    base = _ROOT.joinpath(*name.split("."))
    if name.partition(".")[0] not in _ROOMS:
        return None
    return next((one for one in (base.with_suffix(".py"), base / "__init__.py") if one.is_file()), None)


def imported(path: Path) -> Iterator[str]:
    """The names that a module imports, but for types only.

    A package's late imports are left out: it has them so that who imports it does not load them.
    """
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
            yield str(node.module)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
        elif not (path.name == "__init__.py" and isinstance(node, ast.FunctionDef)):
            waiting += ast.iter_child_nodes(node)


def packed() -> bytes:
    """The agent: a zip archive behind the line by which a shell finds Python."""
    written = io.BytesIO()
    written.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(written, "a") as archive:  # stored, not compressed: the same bytes with any library
        _add(archive, "__main__.py", _MAIN.encode())
        for path in modules().values():
            _add(archive, path.relative_to(_ROOT).as_posix(), path.read_bytes())
        for package, script in SCRIPTS.items():
            _add(archive, f"{package}/{script}", (RESOURCES / "agent" / script).read_bytes())
    return written.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content)


def agent_files(names: Iterable[str]) -> set[str]:
    """Which of a folder's files ``write_agent_folder`` wrote, by their names; none where only a README.txt is there."""
    page = "README.txt"
    found = {AGENT, *SCRIPTS.values(), page}.intersection(names)
    return found if found != {page} else set()


def write_agent_folder(folder: Path) -> list[Path]:
    """Writes the files into the folder, which is made where it is missing; the files. Raises FileProblem."""
    contents = {AGENT: packed()}
    contents |= {one.name: one.read_bytes() for one in sorted((RESOURCES / "agent").iterdir()) if one.is_file()}
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(
            Message("{folder} cannot be made: {reason}.", folder=folder, reason=reason_of(error))
        ) from error
    if made:
        _open_to_all(folder, 0o755)
    return [_write(folder / name, content) for name, content in contents.items()]


def _write(path: Path, content: bytes) -> Path:
    save_whole(path, lambda file: file.write(content))
    _open_to_all(path, 0o755 if path.suffix in (".pyz", ".sh") else 0o644)
    return path


def _open_to_all(path: Path, mode: int) -> None:
    with suppress(OSError):  # a stick's file system knows no modes
        path.chmod(mode)  # it is nobody's secret, and may lie on a share
