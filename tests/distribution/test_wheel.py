"""The wheel has everything that the program needs, and works without the clone."""

from __future__ import annotations

import gettext
import json
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from app.agent_folder import packed
from app.version import VERSION
from distribution.build_hook import requirements
from distribution.completions import PLACES
from distribution.desktop import SHARE
from distribution.made_files import make_files
from tests.distribution.conftest import ROOT, InstalledWheel


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"terrier-{VERSION}.dist-info/METADATA").decode())


def files(folder: Path) -> set[str]:
    found = (one for one in folder.rglob("*") if one.is_file() and "__pycache__" not in one.parts)
    return {one.relative_to(ROOT).as_posix() for one in found}


def test_it_holds_every_room_and_all_resources(names: set[str]) -> None:
    rooms = {name for room in ("cmdb", "importers", "app", "ui") for name in files(ROOT / room)}
    assert rooms <= names
    assert {f"terrier/{name}" for name in files(ROOT / "resources")} <= names
    assert {f"terrier/{name}" for name in files(ROOT / "docs")} <= names


def test_it_brings_no_name_that_could_be_anybodys(names: set[str]) -> None:
    """Besides the rooms there is one folder of our own; tests and resources are not beside everybody's packages."""
    top = {name.partition("/")[0] for name in names}
    assert top <= {
        "cmdb",
        "importers",
        "app",
        "ui",
        "terrier",
        f"terrier-{VERSION}.dist-info",
        f"terrier-{VERSION}.data",
    }


def test_its_metadata_is_that_of_the_repository(metadata: Message) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("terrier", VERSION)
    required = [one.partition(";")[0].strip().lower() for one in metadata.get_all("Requires-Dist", [])]
    ours = [*requirements(ROOT / "requirements.txt"), *requirements(ROOT / "requirements-encryption.txt")]
    assert len(required) == len(ours)
    assert {one.partition("<")[0].partition(">")[0] for one in required} == {
        one.lower().partition("<")[0].partition(">")[0] for one in ours
    }
    assert metadata.get_all("Provides-Extra") == ["encryption"]


def test_what_runs_comes_from_the_wheel_alone(installation: InstalledWheel) -> None:
    code = (
        "import app, cmdb, importers, ui, cmdb.model.resources as found\n"
        "print(*(room.__file__ for room in (app, cmdb, importers, ui)), found.RESOURCES, sep='\\n')"
    )
    done = installation.run("-c", code, program="python")
    assert done.returncode == 0, done.stderr
    places = [Path(line) for line in done.stdout.splitlines()]
    assert len(places) == 5
    assert all(place.is_relative_to(installation.packages.resolve()) for place in places)


def test_its_window_opens_every_page(installation: InstalledWheel) -> None:
    code = (
        "from pathlib import Path\n"
        "from ui.pages import entries\n"
        "from ui.tour.guide import Guide\n"
        "with Guide(Path()) as guide:\n"
        "    guide.window.estate.create('window.terrier')\n"
        "    guide.until(guide.window.is_open, 'the estate to open')\n"
        "    guide.rest()\n"
        "    for entry in entries():\n"
        "        guide.page(entry.id)\n"
        "        assert guide.window.stack.current == entry.id\n"
        "        assert not guide.window.grab().isNull()\n"
        "assert guide.failures == []\n"
    )
    done = installation.run("-c", code, program="python")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soak
def test_the_tour_through_the_window(installation: InstalledWheel) -> None:
    done = installation.run("--tour", "tour")
    assert done.returncode == 0, done.stdout + done.stderr
    pictures = {one.suffix for one in (installation.home / "tour").iterdir()}
    assert {".png", ".xlsx"} <= pictures


def test_its_commands(installation: InstalledWheel) -> None:
    assert installation.run("--version").stdout.splitlines()[0] == f"Terrier {VERSION}"
    assert installation.run("--version", program="terrier-window").stdout.splitlines()[0] == f"Terrier {VERSION}"
    helped = installation.run("import", "--help").stdout
    assert helped.startswith("usage: terrier import ")
    assert "Spreadsheet (.xlsx" in helped
    assert "main.py" not in installation.run("--help").stdout
    assert installation.run("new", "a.terrier", "--sample").returncode == 0
    done = installation.run("--json", "licences", TERRIER_DB="a.terrier")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["positions"]) > 5


def test_it_prepares_a_stick_without_the_clone(installation: InstalledWheel) -> None:
    code = (
        "from pathlib import Path; from app.agent_folder import write_agent_folder as f; print(len(f(Path('stick'))))"
    )
    done = installation.run("-c", code, program="python")
    assert (done.returncode, done.stdout) == (0, "4\n"), done.stderr
    assert (installation.home / "stick" / "terrier-agent.pyz").read_bytes() == packed()


def test_it_can_be_run_as_a_module(installation: InstalledWheel) -> None:
    done = installation.run("-m", "terrier", "--version", program="python")
    assert done.stdout.splitlines()[0] == f"Terrier {VERSION}"


def test_the_manual_page_and_completions_are_where_shells_look(installation: InstalledWheel) -> None:
    for place in ("share/man/man1/terrier.1", *PLACES.values()):
        assert "terrier" in (installation.prefix / place).read_text("utf-8"), place
    shared = {one.relative_to(SHARE) for one in SHARE.rglob("*") if one.is_file()}
    assert [one for one in shared if not (installation.prefix / "share" / one).is_file()] == []


def test_texts_are_compiled_while_it_is_built(tmp_path: Path) -> None:
    source = tmp_path / "resources" / "texts" / "nl" / "LC_MESSAGES" / "terrier.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Name"\nmsgstr "Naam"\n')
    made = {place: file for file, place in make_files(tmp_path / "made", tmp_path)}
    with made["terrier/resources/texts/nl/LC_MESSAGES/terrier.mo"].open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Name") == "Naam"
    assert not source.with_suffix(".mo").exists()
