"""Plug-in packages: off until they are allowed by name, then found like everything that ships with Terrier."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import main
from app.plugins import Plugins
from app.settings import Settings
from cmdb.model.errors import NotFound

FOLDER = Path(__file__).resolve().parents[1] / "plugins"
NAME = "terrier-example"


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example package is installed, and not imported yet."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.delitem(sys.modules, "terrier_example", raising=False)


def run(*words: str) -> int:
    return main.main([*words])


@pytest.mark.usefixtures("_installed")
def test_a_package_that_is_not_allowed_is_listed_and_never_imported() -> None:
    plugins = Plugins(Settings())
    (one,) = [p for p in plugins.installed() if p.package == NAME]
    assert (one.version, one.allowed) == ("1.0", False)
    assert ("importers", "labels") in one.brings
    assert (plugins.importers(), plugins.reports(), plugins.collectors()) == ([], [], [])
    assert "terrier_example" not in sys.modules


@pytest.mark.usefixtures("_installed")
def test_an_allowed_package_brings_an_importer_a_report_and_a_collector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db, labels = str(tmp_path / "estate.terrier"), tmp_path / "tags.labels"
    labels.write_text("LABELS 1\nT-1\nT-2\n", "utf-8")
    assert run("import", str(labels), "--db", db) == 2  # taken for a table that means nothing
    assert run("plugins", "allow", "Terrier_Example") == 0
    capsys.readouterr()
    assert run("import", str(labels), "--db", db, "--json") == 0
    assert json.loads(capsys.readouterr().out)["created"] == 2
    assert run("report", "example_laptops", "--db", db, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2
    assert run("scan", "--out", str(tmp_path / "scan.json"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["content"]["terrier"]["example"] == "seen"
    assert run("plugins", "forbid", NAME) == 0
    assert run("report", "example_laptops", "--db", db) == 2


@pytest.mark.usefixtures("_installed")
def test_what_cannot_be_used_is_a_problem_and_the_rest_works() -> None:
    settings = Settings()
    Plugins(settings).allow(NAME)
    plugins = Plugins(settings)
    assert [one.name for one in plugins.reports()] == ["example_laptops"]
    assert plugins.problems == ["terrier-example: broken is no Report."]


def test_a_package_that_is_not_there_cannot_be_allowed() -> None:
    with pytest.raises(NotFound, match="No plug-in package"):
        Plugins(Settings()).allow("terrier-nothing")
    with pytest.raises(NotFound, match="not allowed"):
        Plugins(Settings()).forbid("terrier-nothing")


@pytest.mark.usefixtures("_installed")
def test_the_help_of_import_lists_an_allowed_packages_format(capsys: pytest.CaptureFixture[str]) -> None:
    def listed() -> str:
        with pytest.raises(SystemExit):
            run("import", "--help")
        return capsys.readouterr().out.partition("formats:")[2]

    before = listed()
    assert "Spreadsheet (.xlsx" in before
    Plugins(Settings()).allow(NAME)
    (added,) = {one.label for one in Plugins(Settings()).importers()}
    assert added not in before
    assert added in listed()
