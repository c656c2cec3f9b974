from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app.languages import of_system
from cmdb.model.language import Language
from cmdb.model.messages import tr
from tests.pseudo_language import spoken


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with German texts."""
    catalogue = Catalog(locale="de")
    catalogue.add("Open", "Offen")
    target = tmp_path / "de" / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "terrier.mo").open("wb") as file:
        write_mo(file, catalogue)
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "code", "locale"),
    [
        ({}, "en", "en_GB"),
        ({"LANG": "C.UTF-8"}, "en", "en_GB"),
        ({"LANG": "en_US.UTF-8"}, "en", "en_US"),
        ({"LANG": "de_AT.UTF-8"}, "de", "de_AT"),
        ({"LANGUAGE": "fr:de:en", "LANG": "en_GB.UTF-8"}, "de", "de"),
        ({"LANG": "fr_FR@euro"}, "en", "fr_FR"),
        ({"LANG": "de_DE.UTF-8", "TERRIER_LANGUAGE": "en"}, "en", "de_DE"),
        ({"LANG": "nonsense"}, "en", "en_GB"),
        ({"LC_ALL": "POSIX", "LANG": "de_DE"}, "de", "de_DE"),
    ],
)
def test_the_system_names_the_language(texts: Path, environment: dict[str, str], code: str, locale: str) -> None:
    found = of_system(environment, texts)
    assert (found.code, found.locale) == (code, locale)


def test_a_translation_is_spoken(texts: Path) -> None:
    with spoken(of_system({"LANG": "de_DE"}, texts)):
        assert tr("Open") == "Offen"
    with spoken(of_system({"LANG": "de_DE"})):
        assert tr("Open") == "Open"


@pytest.mark.parametrize("damage", [b"", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40, "cut", "folder"])
def test_damaged_texts_leave_english(texts: Path, damage: bytes | str, capsys: pytest.CaptureFixture[str]) -> None:
    compiled = texts / "de" / "LC_MESSAGES" / "terrier.mo"
    whole = compiled.read_bytes()
    if damage == "folder":
        compiled.unlink()
        compiled.mkdir()
    else:
        compiled.write_bytes(damage if isinstance(damage, bytes) else whole[: len(whole) // 2])
    assert of_system({"LANG": "de_DE"}, texts) == Language("de_DE")
    [line] = capsys.readouterr().err.splitlines()
    assert str(compiled) in line


def test_without_translations_the_templates_are_shown() -> None:
    assert of_system({}).is_source
    assert Language().is_source
