"""A file that is damaged, or made to do harm, costs itself only: the others of its collector are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from importers.discovery.linux import brew, deb, disk_health, guests, nix, npm
from tests.importers.discovery.machines import build, collect

DEEP = "[" * 100_000
DIGITS = "9" * 5_000

READERS: dict[str, Callable[[str], object]] = {
    "Node packages": npm.software,
    "Homebrew": lambda text: brew.software("jq", "1.7", text).get("install_date"),
    "Nix packages": nix.store_names,
    "Docker": guests.docker,
    "Podman": guests.podman,
    "Podman's metadata": lambda text: guests.podman(json.dumps([{"id": "a1", "names": ["web"], "metadata": text}]))[
        0
    ].get("image"),
    "smartctl": disk_health.smart,
}


@pytest.mark.parametrize("text", [DEEP, DIGITS, "", "7", "null", "[]", "{}", '{"a":'], ids=lambda one: one[:6])
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_json_that_is_no_such_file_says_nothing(reader: Callable[[str], object], text: str) -> None:
    assert not reader(text)


def test_a_package_that_nobody_can_read_hides_no_other(tmp_path: Path) -> None:
    folder = "usr/lib/node_modules"
    build(tmp_path, {f"{folder}/bad/package.json": DEEP, f"{folder}/npm/package.json": '{"name": "npm"}'})
    outcome, content = collect(npm.COLLECTOR, tmp_path)
    assert (outcome.state, [one["name"] for one in content["softwares"]]) == ("collected", ["npm"])


def test_a_list_that_may_not_be_read_is_not_gone(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, {"var/lib/dpkg/status": "Package: jq\nStatus: install ok installed\nVersion: 1.7\n"})
    (tmp_path / "var/lib/dpkg/status").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, content = collect(deb.COLLECTOR, tmp_path)
    assert (outcome.state, outcome.incomplete, content) == ("not permitted", ("softwares",), {})
