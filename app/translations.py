"""The catalogue of all texts: extracted from the code, the schema and argparse, and compiled into what gettext reads.

``python -m app.translations [LANGUAGE…]`` writes ``build/terrier.pot``, updates the .po files under ``resources/texts``
(and creates one for each named language), and compiles them. See docs/decisions/texts.md.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from babel.messages import Catalog
from babel.messages import Message as BabelMessage
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.languages import DOMAIN, TEXTS
from app.version import VERSION
from cmdb.model.life_cycle import PHASE
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import Schema
from cmdb.model.schema_languages import section_texts, texts_of

ROOMS = ("cmdb", "importers", "app", "ui")

#: The functions of ``cmdb.model.messages``, and which of their arguments are templates (c: the context); the last two
#: are gettext's own, which ``cmdb.model.formats`` asks.
KEYWORDS = {
    "Message": (1,),
    "tr": (1,),
    "counted": (1, 2),
    "trn": (1, 2),
    "in_context": ((1, "c"), 2),
    "trc": ((1, "c"), 2),
    "gettext": (1,),
    "ngettext": (1, 2),
}


def catalogue(root: Path) -> Catalog:
    """All texts of the program whose code is under ``root``, with their places."""
    found = Catalog(project="Terrier", version=VERSION, copyright_holder="Terrier", fuzzy=False)
    for path in (root / "main.py", *(path for room in ROOMS for path in sorted((root / room).rglob("*.py")))):
        for line, message, _, context in extract_from_file("python", path, keywords=KEYWORDS):
            found.add(message, locations=[(path.relative_to(root).as_posix(), line)], context=context)
    for line, message, _, context in extract_from_file("python", argparse.__file__, keywords=DEFAULT_KEYWORDS):
        found.add(message, locations=[("argparse", line)], context=context)
    for text in declared_texts():
        found.add(text, locations=[("resources", 0)])
    return found


def declared_texts() -> Iterator[str]:
    """The texts in the program's own data."""
    schema = Schema.load()
    yield from filter(None, chain(texts_of(schema.classes, schema.relationships), section_texts(schema.sections)))
    yield from _licence_texts()


#: The shown values of the licensing rules and of the software catalogue, by table.
_SHOWN = {
    "metric": ("rule",), "constant": ("name", "note"), "core_factor": ("family", "note"), "pvu": ("family", "note"),
    "product": ("exempt_all", "exempt_unless_owned", "exempt_if_all", "exempt", "exempt_if"),
    "channels": ("note",),
}  # fmt: skip


def _licence_texts() -> Iterator[str]:
    """Rules, constants, processors, and why products need no licence."""
    for path in sorted(path for name in ("licensing", "software") for path in (RESOURCES / name).glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"))
        for table, names in _SHOWN.items():
            found = document.get(table, [])
            for entry in found if isinstance(found, list) else [found]:
                for value in filter(None, map(entry.get, names)):
                    yield from value.values() if isinstance(value, dict) else [value]
    yield from (PHASE.label, *(choice.label for choice in PHASE.choices))


def update(root: Path, folder: Path, languages: Sequence[str] = ()) -> list[Path]:
    """Brings the languages of a folder up to date with the program's texts, and begins new ones; the .po files."""
    template = catalogue(root)
    for language in languages:
        (folder / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        path = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        if not path.exists():
            _write(path, Catalog(locale=language, project="Terrier"))
    paths = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    for path in paths:
        with path.open("rb") as file:
            known = read_po(file, locale=path.parents[1].name)
        known.update(template, no_fuzzy_matching=True)
        _write(path, known)
        compile_texts(path)
    return paths


def compile_texts(path: Path, target: Path | None = None) -> Path:
    """Compiles one .po file; the .mo file beside it, or ``target``. Faulty translations are named and left out."""
    with path.open("rb") as file:
        known = read_po(file, locale=path.parents[1].name)
    for message in list(known):
        if problem := fault(message, known.num_plurals):
            print(f"{path}: {message.id!r} is left out: {problem}", file=sys.stderr)
            known.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, known)
    target = target or path.with_suffix(".mo")
    target.write_bytes(compiled.getvalue())
    return target


#: What a template names: our values in braces, and argparse's.
_VALUES = re.compile(r"\{\w+\}|%\(\w+\)[sdr]|%[sdr]")


def fault(message: BabelMessage, plurals: int) -> str:
    """What is wrong with a translation: "" for nothing, and for a text that isn't translated yet.

    It names the values of its template, each form of a plural does. A form may say "one" instead of the number.
    """
    templates = message.id if isinstance(message.id, tuple | list) else (message.id,)
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not message.id or not any(forms):
        return ""
    if len(templates) > 1 and (len(forms) != plurals or not all(forms)):
        return f"{plurals} plural forms are needed"
    known = [set(_VALUES.findall(template)) for template in templates]
    needed = set.intersection(*known) - ({"{count}"} if len(templates) > 1 else set())
    for form in forms:
        named = set(_VALUES.findall(form or ""))
        if other := named - set.union(*known):
            return f"the template doesn't name {', '.join(sorted(other))}"
        if missing := needed - named:
            return f"{', '.join(sorted(missing))} is missing"
    return ""


def _write(path: Path, found: Catalog) -> None:
    written = io.BytesIO()
    write_po(written, found, width=120, omit_header=False, sort_by_file=True)
    path.write_bytes(written.getvalue())


def main(languages: Sequence[str]) -> None:
    """Writes the template of all texts, and updates the languages."""
    root = Path(__file__).resolve().parent.parent
    target = root / "build" / f"{DOMAIN}.pot"
    target.parent.mkdir(exist_ok=True)
    _write(target, catalogue(root))
    print(target)
    for path in update(root, TEXTS, languages):
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
