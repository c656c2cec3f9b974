from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from app.languages import of_system
from app.translations import ROOMS, compile_texts, update
from cmdb.model.language import current
from cmdb.model.messages import tr, trn
from cmdb.model.schema import Schema
from tests.programs import nodes
from tests.pseudo_locale import spoken

ROOT = Path(__file__).resolve().parents[2]


def test_texts_of_code_schema_and_argparse_are_extracted(texts: Catalog) -> None:
    for text in ("yesterday {time}", "Serial number", "runs on", "In stock", "show this help message and exit"):
        assert texts.get(text) is not None, text
    plural = texts.get("in {count} day")
    assert plural is not None
    assert plural.id == ("in {count} day", "in {count} days")


#: The functions of texts: where their templates stand, and whether a context stands before them.
_PLACES = {
    "Message": (0,), "tr": (0,), "counted": (0, 1), "trn": (0, 1), "in_context": (1,), "trc": (1,),
}  # fmt: skip


def _written(program: str) -> set[tuple[str, str | None]]:
    """The templates that stand in a program, with their contexts; Babel misses some places."""
    found: set[tuple[str, str | None]] = set()
    for node in nodes(program):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _PLACES:
            words = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            places = _PLACES[node.func.id]
            context = str(words[0]) if places == (1,) else None
            found.update((word, context) for place in places if isinstance(word := words[place], str) and word)
    return found


def _known(texts: Catalog) -> set[tuple[str, str | None]]:
    """The texts of a catalogue, with their contexts."""
    found = set()
    for message in texts:
        ids = (message.id,) if isinstance(message.id, str) else message.id
        found.update((one, message.context or None) for one in ids)
    return found


def test_every_template_of_the_code_is_in_the_catalogue(texts: Catalog) -> None:
    known = _known(texts)
    paths = [ROOT / "main.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]
    missing = {str(path.relative_to(ROOT)): _written(path.read_text("utf-8")) - known for path in paths}
    assert {path: templates for path, templates in missing.items() if templates} == {}


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


@pytest.mark.parametrize(
    ("template", "translation", "is_sound"),
    [
        ("{name} is in use.", "{name} wird gebraucht.", True),
        ("{name} is in use.", "{nahme} wird gebraucht.", False),
        ("{name} is in use.", "Es wird gebraucht.", False),
        ("usage: %(prog)s", "Aufruf: %(prog)s", True),
        ("usage: %(prog)s", "Aufruf: %(programm)s", False),
        (
            ("{count} row: {file}", "{count} rows: {file}"),
            ("eine Zeile: {file}", "{count} Zeilen: {file}"),
            True,
        ),
        (("{count} row: {file}", "{count} rows: {file}"), ("{count} Zeile", "{count} Zeilen: {file}"), False),
        (("{count} row", "{count} rows"), ("{count} Zeile", ""), False),
    ],
)
def test_a_translation_that_names_other_values_is_reported_and_left_out(
    tmp_path: Path,
    template: str | tuple[str, str],
    translation: str | tuple[str, str],
    is_sound: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "de" / "LC_MESSAGES" / "terrier.po"
    path.parent.mkdir(parents=True)
    german = Catalog(locale="de")
    german.add(template, translation)
    german.add("Open", "Offen")
    with path.open("wb") as file:
        write_po(file, german)
    compile_texts(path)
    said = capsys.readouterr().err
    assert (str(path) in said and repr(template) in said) is not is_sound
    with spoken(of_system({"LANG": "de_DE"}, tmp_path)):
        one, many = (template, template) if isinstance(template, str) else template
        worded = current().plural_template(one, many, 2) if one != many else current().template("", one)
        assert (worded != many) is is_sound
        assert tr("Open") == "Offen"
