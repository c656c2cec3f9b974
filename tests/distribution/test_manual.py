"""The manual page: every command, every option of each, valid for what renders it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app.cli.registry import COMMANDS
from app.cli.verbs import verb_commands
from app.imports.formats import formats
from app.version import VERSION
from distribution.manual import manual_page


@pytest.fixture(scope="module")
def page() -> str:
    return manual_page()


@pytest.fixture(scope="module")
def shown(page: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a reader sees; no warning is given."""
    file = tmp_path_factory.mktemp("manual") / "terrier.1"
    file.write_text(page, "ascii")
    command = ["groff", "-man", "-Tutf8", "-P-cbou", "-ww", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr == ""
    return re.sub(r"[‐-]\n\s+", "", done.stdout)


def test_it_names_every_command_and_verb(shown: str) -> None:
    for name in (*COMMANDS, *verb_commands()):
        assert f"terrier {name}\n" in shown
        assert f"COMMAND 'terrier {name}'" in shown
    assert "main.py" not in shown


def test_it_names_formats_environment_and_statuses(shown: str) -> None:
    words = ["TERRIER_DB", "PGPASSWORD", ".pgpass", "EXIT STATUS", "--version", *(one.label for one in formats())]
    assert [word for word in words if word not in shown] == []
    assert f"Terrier {VERSION}" in shown
    assert ".xlsx, .ods, .csv" in shown  # begins a line of the source, where a point begins a request


def test_it_is_the_same_for_everybody(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the day nor the terminal nor the plug-ins of who builds it show."""
    from app.plugins import Plugins
    from app.settings import Settings

    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1] / "plugins"))
    monkeypatch.setenv("TERRIER_CONFIG", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    Plugins(Settings()).allow("terrier-example")
    assert manual_page() == page
