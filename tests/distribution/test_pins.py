"""The lock files: every package that is needed, as it is pinned, with hashes and without addresses."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from distribution import pins
from distribution.build_hook import requirements
from distribution.notice import canonical, locked
from distribution.pins import LOCKS, ROOT, write_locks


def name_of(requirement: str) -> str:
    return canonical(re.split(r"[\s\[<>=!;~(]", requirement)[0])


def needed(file: Path) -> set[str]:
    """The packages that a file of requirements lists, and those of the files it includes."""
    included = re.findall(r"^-r\s+(\S+)", file.read_text("utf-8"), re.MULTILINE)
    return {name_of(one) for one in requirements(file)}.union(*(needed(file.parent / name) for name in included))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_is_required_and_what_that_requires(name: str) -> None:
    found = locked(ROOT / name)
    assert set().union(*(needed(ROOT / source) for source in LOCKS[name])) <= set(found)
    missing = set()
    for one in found:
        try:
            required = metadata.requires(one) or []
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        plain = (text for text in required if ";" not in text)
        missing |= {f"{one} requires {name_of(text)}" for text in plain if name_of(text) not in found}
    assert missing == set()


def test_versions_are_those_of_the_constraints() -> None:
    pinned = locked(ROOT / "constraints.txt")
    for name in LOCKS:
        assert locked(ROOT / name).items() <= pinned.items(), f"{name}: run make pins"
    assert {name for lock in LOCKS for name in locked(ROOT / lock)} == set(pinned), "what nothing requires needs no pin"


def test_make_installs_by_hash_alone() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    (pip,) = re.findall(r"^PIP := (.*)$", text, re.MULTILINE)
    text = text.replace("$(PIP)", pip)
    lines = [line for line in text.splitlines() if re.search(r"pip\b.*\binstall\b", line) and line.startswith("\t")]
    assert len(lines) == 5
    assert [line for line in lines if "--require-hashes" not in line or "--requirement" not in line] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_hashes_and_nothing_has_an_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert re.search(r"://|--(index|extra-index|find)|@", text) is None
    entries = re.sub(r"\\\n", " ", text).splitlines()
    pattern = r"#.*|[\w.-]+==[^\s;]+( ; [^\\]+?)?\s+(--hash=sha256:[0-9a-f]{64}\s*)+"
    assert [entry[:60] for entry in entries if not re.fullmatch(pattern, entry)] == []


def test_this_environment_is_the_one_that_is_locked() -> None:
    for name, version in locked(ROOT / "requirements-dev.lock").items():
        try:
            assert (name, metadata.version(name)) == (name, version)
        except metadata.PackageNotFoundError:
            continue


def test_they_are_made_by_one_program_for_every_system(tmp_path: Path) -> None:
    """A double of uv, which needs the network, says what it was asked."""
    double = tmp_path / "uv"
    double.write_text(f"#!{sys.executable}\nimport sys\nprint(*sys.argv[1:])\n", "utf-8")
    double.chmod(0o755)
    write_locks(str(double), tmp_path)
    for name, sources in LOCKS.items():
        head, asked = (tmp_path / name).read_text("utf-8").splitlines()
        assert "make pins" in head
        assert all(word in asked for word in ("--universal", "--generate-hashes", "--no-emit-index-url", *sources))


def test_no_solution_is_no_lock(tmp_path: Path) -> None:
    double = tmp_path / "uv"
    double.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    double.chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError):
        write_locks(str(double), tmp_path)
    assert pins.main([]) == 2
    assert not list(tmp_path.glob("*.lock"))
