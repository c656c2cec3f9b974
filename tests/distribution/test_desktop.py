"""The desktop's files are valid, and are installed and removed; estates are recognised by type."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.version import VERSION
from cmdb.store.connection.ciphers import new_key
from cmdb.store.upkeep.startup import create_estate
from distribution import desktop
from distribution.desktop import SHARE, exec_value, install, main, share_folder, uninstall, window_command
from tests.distribution.conftest import ROOT

ENTRY = "applications/terrier.desktop"
NAMES = {one.relative_to(SHARE).as_posix() for one in SHARE.rglob("*") if one.is_file()}


def entry(file: Path) -> Mapping[str, str]:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file, "utf-8")
    return parser["Desktop Entry"]


def valid(file: Path) -> None:
    done = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def below(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def make(target: str, **variables: str) -> str:
    """Runs a target of the Makefile, the environment taken as made."""
    environment = {**{k: v for k, v in os.environ.items() if k not in ("PREFIX", "DESTDIR", "MAKEFLAGS")}, **variables}
    command = ["make", "--silent", "--old-file=setup", f"BIN={Path(sys.executable).parent}", target]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_entry_is_valid_and_names_what_is_there() -> None:
    valid(SHARE / ENTRY)
    said = entry(SHARE / ENTRY)
    assert said["Exec"] == "terrier-window %f"
    (kind,) = said["MimeType"].strip(";").split(";")
    assert kind in (SHARE / "mime/packages/terrier.xml").read_text("utf-8")
    assert f"icons/hicolor/scalable/apps/{said['Icon']}.svg" in NAMES
    assert f"icons/hicolor/scalable/mimetypes/{kind.replace('/', '-')}.svg" in NAMES
    for name in NAMES:
        if name.endswith((".svg", ".xml")):
            ElementTree.parse(SHARE / name)


def test_make_installs_and_uninstalls_for_one_person(tmp_path: Path) -> None:
    share = tmp_path / "data folder"
    other = share / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.touch()
    make("install-desktop", XDG_DATA_HOME=str(share))
    assert below(share) >= NAMES
    valid(share / ENTRY)
    command = shlex.split(entry(share / ENTRY)["Exec"].replace("%f", "--version"))
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith(f"Terrier {VERSION}\n")
    assert make("uninstall-desktop", XDG_DATA_HOME=str(share)).count("Removed") == len(NAMES)
    assert not below(share) & NAMES
    assert other.exists()


def test_make_installs_for_everybody_and_for_a_package(tmp_path: Path) -> None:
    make("install-desktop", PREFIX="/usr", DESTDIR=str(tmp_path))
    assert below(tmp_path) == {f"usr/share/{name}" for name in NAMES}  # and no caches
    make("uninstall-desktop", PREFIX="/usr", DESTDIR=str(tmp_path))
    assert below(tmp_path) == set()


def test_an_installed_command_needs_no_environment(tmp_path: Path) -> None:
    installed = tmp_path / "bin" / "terrier-window"
    installed.parent.mkdir()
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if k not in ("PREFIX", "DESTDIR", "MAKEFLAGS")}
    environment |= {"PATH": f"{installed.parent}:{environment['PATH']}", "XDG_DATA_HOME": str(tmp_path / "share")}
    for target in ("install-desktop", "uninstall-desktop"):
        # "setup" would fail: there is no such interpreter.
        command = ["make", "--silent", f"BIN={tmp_path / 'none'}", f"PYTHON={sys.executable}", "RUNTIME=/none", target]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert bool(below(tmp_path / "share") & NAMES) is (target == "install-desktop")


def test_where_the_files_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    own = tmp_path / ".local" / "share"
    assert share_folder({}) == own
    assert share_folder({"XDG_DATA_HOME": "relative"}) == own
    assert share_folder({"XDG_DATA_HOME": "/data"}) == Path("/data")
    assert share_folder({"XDG_DATA_HOME": "/data", "PREFIX": "/usr"}) == Path("/usr/share")
    assert share_folder({"PREFIX": "/usr", "DESTDIR": "/stage"}) == Path("/stage/usr/share")


def test_a_command_of_any_name_can_be_started(tmp_path: Path) -> None:
    for name in ("plain", "two words", "100%", 'a"b', "c$d", "e`f", "back\\slash", "ключ"):
        install(tmp_path, [f"/opt/{name}/terrier-window"])
        valid(tmp_path / ENTRY)
        value = entry(tmp_path / ENTRY)["Exec"]
        word, _, code = value.rpartition(" ")
        # First the string of a desktop file, then the quotes of the command line, then its codes.
        word = word.replace("\\\\", "\\")
        if word.startswith('"'):
            word = re.sub(r'\\(["`$\\])', r"\1", word[1:-1])
        assert (word.replace("%%", "%"), code) == (f"/opt/{name}/terrier-window", "%f")
    assert exec_value(["terrier-window"]) == "terrier-window %f"
    assert len(uninstall(tmp_path)) == len(NAMES)
    assert uninstall(tmp_path) == []


def test_the_installed_command_is_preferred_to_the_clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert window_command() == [sys.executable, str(ROOT / "main.py")]
    (tmp_path / "terrier-window").touch(0o755)
    assert window_command() == [str(tmp_path / "terrier-window")]


def test_what_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "share").touch()
    monkeypatch.setenv("PREFIX", str(tmp_path))
    assert main(["install"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert main(["remove"]) == 2


def test_estates_are_known_by_name_and_by_content(tmp_path: Path) -> None:
    share = tmp_path / "share"
    install(share, ["terrier-window"])
    desktop.update_caches(share)
    for name, key in (("plain", None), ("encrypted", new_key("a long passphrase"))):
        create_estate(tmp_path / f"{name}.terrier", key=key).close()
        (tmp_path / f"{name}.terrier").rename(tmp_path / name)
    (tmp_path / "empty.terrier").touch()
    code = (
        "import sys; from PySide6.QtCore import QMimeDatabase\n"
        "print(*(QMimeDatabase().mimeTypeForFile(name).name() for name in sys.argv[1:]))"
    )
    names = [str(tmp_path / name) for name in ("plain", "encrypted", "empty.terrier")]
    environment = {**os.environ, "XDG_DATA_HOME": str(share)}
    done = subprocess.run(
        [sys.executable, "-c", code, *names], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["application/x-terrier-estate"] * 3
