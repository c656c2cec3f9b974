"""Terrier when installed: a wheel that was built here, in an environment without the clone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class InstalledWheel:
    """An environment with the wheel in it, and a person's folder to run it in."""

    prefix: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def programs(self) -> Path:
        """Where its commands are."""
        return self.prefix / ("Scripts" if os.name == "nt" else "bin")

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.prefix)}))

    def run(self, *words: object, program: str = "terrier", **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs one of its commands in the person's folder."""
        return subprocess.run(
            [str(self.programs / program), *map(str, words)],
            cwd=self.home,
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the pinned build system of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    pip(["wheel", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(folder), str(ROOT)])
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> InstalledWheel:
    """An empty environment with the wheel, which borrows the libraries of the environment that the tests run in."""
    folder = tmp_path_factory.mktemp("installed")
    prefix, home = folder / "environment", folder / "home"
    home.mkdir()
    venv.create(prefix, symlinks=os.name != "nt")
    made = InstalledWheel(prefix, home, person(home))
    borrowed = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (made.packages / "borrowed.pth").write_text("".join(f"{path}\n" for path in borrowed), "utf-8")
    pip(["--python", str(prefix), "install", "--no-deps", "--no-index", "--no-compile", str(wheel)])
    return made


def person(home: Path) -> dict[str, str]:
    """The environment of a person who has nothing but a home: no settings of ours, no Python path."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "TERRIER", "XDG_", "PYTEST", "COV_"))
    }
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "QT_QPA_PLATFORM": "offscreen"}


def pip(words: Sequence[str]) -> None:
    """Runs pip, which may not ask the network."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
