from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from app.languages import of_system
from cmdb.model import formats
from cmdb.model.language import Language
from cmdb.model.messages import tr
from tests.pseudo_locale import spoken

ROOT = Path(__file__).resolve().parents[2]


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
        ({"LANG": "xx_YY"}, "en", "xx_YY"),
        ({"LANG": "de"}, "de", "de"),
        ({"LANG": "en"}, "en", "en_GB"),
        ({"LANG": "sr_Latn_RS"}, "en", "sr_Latn_RS"),
        # POSIX 8.2: the first variable that is set decides, also where it says "C"; one that is empty is not set.
        ({"LC_ALL": "POSIX", "LANG": "de_DE"}, "en", "en_GB"),
        ({"LC_ALL": "C", "LC_TIME": "de_DE", "LANG": "de_DE"}, "en", "en_GB"),
        ({"LC_ALL": "", "LANG": "de_DE"}, "de", "de_DE"),
        ({"LC_MESSAGES": "C", "LANG": "de_DE"}, "en", "de_DE"),
        ({"LC_MESSAGES": "en_GB", "LANG": "de_DE"}, "en", "de_DE"),
        ({"LC_TIME": "de_CH", "LANG": "de_DE"}, "de", "de_CH"),
        # gettext(3): LANGUAGE has no effect in the locale "C".
        ({"LANGUAGE": "de", "LC_ALL": "C", "LANG": "de_DE"}, "en", "en_GB"),
        ({"LANGUAGE": "de"}, "en", "en_GB"),
        ({"LANGUAGE": "de", "LANG": "C.UTF-8", "TERRIER_LANGUAGE": "de_AT"}, "de", "de_AT"),
    ],
)
def test_the_system_names_the_language(texts: Path, environment: dict[str, str], code: str, locale: str) -> None:
    found = of_system(environment, texts)
    assert (found.code, found.locale) == (code, locale)


@pytest.mark.parametrize(
    ("environment", "system", "code", "locale"),
    [
        ({}, "de-DE", "de", "de_DE"),
        ({}, "en_DE", "en", "en_DE"),
        ({}, "C", "en", "en_GB"),
        ({"LANG": "en_US.UTF-8"}, "de_DE", "en", "en_US"),
        ({"LC_ALL": "C"}, "de_DE", "en", "en_GB"),
        ({"LC_TIME": "en_US.UTF-8"}, "de_DE", "de", "de_DE"),
        ({"LANGUAGE": "en"}, "de_DE", "en", "de_DE"),
    ],
)
def test_the_systems_setting_counts_where_no_variable_is_set(
    texts: Path, environment: dict[str, str], system: str, code: str, locale: str
) -> None:
    found = of_system(environment, texts, system)
    assert (found.code, found.locale) == (code, locale)


def test_a_locale_that_nobody_knows_writes_as_ours() -> None:
    with spoken(of_system({"LANG": "xx_YY"})):
        assert (formats.number(1234.5), formats.day("2026-12-31")) == ("1,234.5", "31 Dec 2026")
    with spoken(of_system({"LANG": "de"})):
        assert formats.number(1234.5) == "1.234,5"


def test_the_locale_is_found_without_babel() -> None:
    code = (
        "import sys; from app.languages import of_system; of_system({'LANG': 'de_DE'}); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


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
