"""What was installed from packages: receipts of macOS's installer, Homebrew's formulae and casks, Python packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.captures.capture import Capture
from importers.captures.macos._answers import local_time
from importers.captures.macos.applications import user_of
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_HOMES = "software that other users installed for themselves"
_UPDATES = re.compile(r"com\.apple\.pkg\..*(ConfigData|Update|XProtect|MRT|Gatekeeper)|com\.apple\.update\.")
_BREW = re.compile(r"/(?:opt/homebrew|usr/local)/(Cellar|Caskroom)/([^/]+)/([^/]+)$")
_PYTHON = re.compile(r".*/([^/]+?)-([^/-]+)\.dist-info$")


def receipts(capture: Capture) -> Iterator[dict[str, Any]]:
    """The receipts of ``pkgutil --pkg-info``. Data that macOS updates by itself are updates, and no products."""
    for block in re.split(r"^(?=package-id: )", capture.content("packages"), flags=re.MULTILINE):
        fields = dict(line.partition(": ")[::2] for line in block.splitlines())
        name, seconds = fields.get("package-id", "").strip(), fields.get("install-time", "").strip()
        if name:
            yield present(
                name=name,
                version=fields.get("version", "").strip(),
                install_date=local_time(capture, int(seconds))[:10] if re.fullmatch(r"\d{9,11}", seconds) else "",
                release_type="Update" if _UPDATES.match(name) else "",
                **{"from": "pkgutil"},
            )


def formulae(content: str) -> Iterator[dict[str, Any]]:
    """Homebrew's formulae and casks by their folders, NAME/VERSION."""
    for line in content.splitlines():
        match = _BREW.match(line.strip())
        if match:
            origin = "homebrew" if match[1] == "Cellar" else "homebrew-cask"
            yield {"name": match[2], "version": match[3], "from": origin}


def python_packages(content: str) -> Iterator[dict[str, Any]]:
    """Python packages by the folders of their metadata, NAME-VERSION.dist-info."""
    for line in content.splitlines():
        match = _PYTHON.match(line.strip())
        if match:
            yield present(name=match[1].replace("_", "-"), version=match[2], username=user_of(line), **{"from": "pip"})


def _parse(capture: Capture) -> Content:
    found = [
        *receipts(capture),
        *formulae(capture.content("homebrew")),
        *python_packages(capture.content("python-packages")),
    ]
    return {"softwares": found} if found else {}


SUBJECT = Subject(
    "packages",
    _parse,
    ("packages", "homebrew", "python-packages", "offset"),
    (Section("softwares"), Section("user_softwares", _HOMES)),
)
