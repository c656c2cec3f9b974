"""NOTICE names every package, its version and its licence; an unwanted licence is a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from distribution.notice import LESSER, RECORDED, Package, locked, notice, package, packages, problem, stated
from distribution.pins import LOCKS, ROOT


def plant(folder: Path, name: str, *lines: str) -> None:
    """Metadata of an installed package."""
    made = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    made.mkdir()
    text = "\n".join(("Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines))
    (made / "METADATA").write_text(f"{text}\n", "utf-8")


def test_the_notice_is_current() -> None:
    assert (ROOT / "NOTICE").read_text("utf-8") == notice(), "run: make pins"


def test_it_names_every_locked_package_with_version_and_licence_once() -> None:
    lines = re.findall(r"^    (\S+) (\S+)\s+(\S.*)$", (ROOT / "NOTICE").read_text("utf-8"), re.MULTILINE)
    assert len(lines) == len({name for name, _, _ in lines})
    assert {name: version for name, version, _ in lines} == locked(ROOT / "constraints.txt")


def test_no_package_has_an_unwanted_licence() -> None:
    assert [said for _, found in packages() for one in found if (said := problem(one))] == []


@pytest.mark.parametrize(
    "line",
    [
        "License-Expression: GPL-3.0-or-later",
        "License-Expression: MIT AND GPL-2.0-only",
        "License-Expression: AGPL-3.0-only",
        "License-Expression: LGPL-2.1-or-later",
        "License-Expression: GPL-2.0-only WITH Classpath-exception-2.0",
        "License-Expression: BSD-3-Clause AND (GPL-3.0-only OR GPL-2.0-only)",
        "License: GPLv3",
        "License: GNU General Public License v2",
        "License: GNU AFFERO GENERAL PUBLIC LICENSE",
        "Classifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)",
        "Classifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "License: unknown to us: see LICENSE.GPL",
        "Summary: a package that says nothing",
    ],
)
def test_a_planted_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    plant(tmp_path, "planted", line)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert problem(package("planted", "1.0"))


@pytest.mark.parametrize(
    ("line", "licence"),
    [
        ("License-Expression: MIT", "MIT"),
        ("License-Expression: GPL-2.0-only OR MIT", "GPL-2.0-only OR MIT"),
        ("License-Expression: BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", None),
        ("License: Apache 2.0", "Apache-2.0"),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT"),
        ("Classifier: License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ],
)
def test_a_planted_package_is_welcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, licence: str | None
) -> None:
    plant(tmp_path, "planted", line)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert problem(package("planted", "1.0")) == ""
    assert stated("planted") == (licence or line.partition(": ")[2])


def test_the_lgpl_is_for_qt_and_the_databases_driver_only() -> None:
    assert problem(Package("psycopg", "1", "LGPL-3.0-only")) == ""
    assert problem(Package("another", "1", "LGPL-3.0-only"))
    assert problem(Package("psycopg", "1", "GPL-3.0-only"))
    assert LESSER.keys() <= locked(ROOT / "requirements.lock").keys()


def test_what_is_recorded_by_hand_has_to_be() -> None:
    """A package that some system or Python does without has no metadata there; the others say too little themselves."""
    everything = {name: text for lock in LOCKS for name, text in entries(ROOT / lock)}
    assert RECORDED.keys() <= everything.keys()
    some = {name for name, marker in everything.items() if re.search(r"sys_platform|python_full_version", marker)}
    assert some <= RECORDED.keys()
    assert RECORDED.keys() - some == {"nodeenv", "pypdfium2", "scipy", "setuptools", "sqlcipher3", "uv"}
    for name in some:
        assert stated(name) in ("", RECORDED[name][0])
    assert stated("sqlcipher3") == ""


def entries(lock: Path) -> list[tuple[str, str]]:
    """Names and markers of a lock file."""
    return re.findall(r"^([\w.-]+)==[^\s;]+(.*)$", lock.read_text("utf-8"), re.MULTILINE)
