from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from app.languages import of_system
from app.translations import catalogue, compile_texts, update
from cmdb.model.messages import tr, trn
from cmdb.model.schema import Schema
from tests.pseudo_language import spoken

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogue(ROOT)


def test_texts_of_code_schema_and_argparse_are_extracted(texts: Catalog) -> None:
    for text in ("yesterday {time}", "Serial number", "runs on", "In stock", "show this help message and exit"):
        assert texts.get(text) is not None, text
    plural = texts.get("in {count} day")
    assert plural is not None
    assert plural.id == ("in {count} day", "in {count} days")


def test_a_language_is_begun_translated_and_spoken(tmp_path: Path) -> None:
    code = tmp_path / "code"
    (code / "app").mkdir(parents=True)
    (code / "main.py").write_text("tr('Open')\ntrc('verb', 'Open')\n")
    (code / "app" / "rows.py").write_text("trn('{count} row', '{count} rows', 2)\n")
    [path] = update(code, tmp_path, ["de"])
    with path.open("rb") as file:
        german = read_po(file, locale="de")
    german["Open"].string = "Offen"  # type: ignore[index]
    german.get("Open", "verb").string = "Öffnen"  # type: ignore[union-attr]
    german["{count} row"].string = ("{count} Zeile", "{count} Zeilen")  # type: ignore[index]
    german["Laptop"].string = "Klapprechner"  # type: ignore[index]
    with path.open("wb") as file:
        write_po(file, german)
    compile_texts(path)
    with spoken(of_system({"LANG": "de_DE"}, tmp_path)):
        assert tr("Open") == "Offen"
        assert trn("{count} row", "{count} rows", 2) == "2 Zeilen"
        assert Schema.load().cls("laptop").label == "Klapprechner"
        assert Schema.load().find_class("laptops").name == "laptop"
    update(code, tmp_path)  # what was translated stays
    with path.open("rb") as file:
        assert read_po(file, locale="de")["Open"].string == "Offen"  # type: ignore[index]
