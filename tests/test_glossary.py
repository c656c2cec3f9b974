"""The glossary: its terms are unique and explained, documents lead to it, and texts keep to its words."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog

from tests.programs import tree

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
LINKED_FROM = ("README.md", "CONTRIBUTING.md", "docs/guide.md")


def tables(text: str) -> dict[str, list[list[str]]]:
    """The rows of a document's tables, by their first heading."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heading = ""
        elif not heading:
            heading = cells[0]
        elif not set(cells[0]) <= {"-"}:
            found.setdefault(heading, []).append(cells)
    return found


def templates(texts: Catalog) -> Iterator[str]:
    """All texts of the program, in English."""
    for message in texts:
        yield from message.id if isinstance(message.id, tuple | list) else (message.id,)


def used(words: list[str], texts: list[str]) -> set[tuple[str, str]]:
    """Words that occur in texts, and where."""
    patterns = {word: re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE) for word in words}
    return {(word, text) for word, pattern in patterns.items() for text in texts if pattern.search(text)}


def test_terms_are_unique_and_explained() -> None:
    rows = tables(GLOSSARY.read_text("utf-8"))["term"]
    assert len(rows) > 70
    assert [term for term, times in Counter(row[0].casefold() for row in rows).items() if times > 1] == []
    assert [row[0] for row in rows if len(row) != 3 or not row[1].endswith((".", ")"))] == []


def test_the_words_of_peers_are_named() -> None:
    text = GLOSSARY.read_text("utf-8")
    for peer in ("Snipe-IT", "GLPI", "iTop", "NetBox", "Infrahub", "ServiceNow", "ITIL", "ISO 19770"):
        assert peer in text
    for word in ("check out", "check in", "EULA", "requestable", "decommission", "CAB", "`sys_id`", "IRE", "CI class"):
        assert word in text


def test_documents_lead_to_it() -> None:
    assert [name for name in LINKED_FROM if "glossary.md" not in (ROOT / name).read_text("utf-8")] == []


def test_texts_do_not_use_the_words_that_are_not_used(texts: Catalog) -> None:
    words = [row[0] for row in tables(GLOSSARY.read_text("utf-8"))["not used"]]
    assert len(words) > 5
    assert used(words, list(templates(texts))) == set()


def documents() -> Iterator[tuple[str, str]]:
    """What else people read of Terrier: documents, what is installed with it, and the docstrings of public modules."""
    files = [ROOT / "pyproject.toml", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    files += [file for file in (ROOT / "distribution").rglob("*") if file.is_file() and file.suffix != ".pyc"]
    yield from ((file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files if file != GLOSSARY)
    for room in ("cmdb", "importers", "app", "ui"):
        for file in (ROOT / room).rglob("[!_]*.py"):
            yield file.relative_to(ROOT).as_posix(), ast.get_docstring(tree(file.read_text("utf-8"))) or ""


def test_documents_and_packages_do_not_use_them() -> None:
    words = [row[0] for row in tables(GLOSSARY.read_text("utf-8"))["not used"]]
    found = {(name, word) for name, text in documents() for word, _ in used(words, [" ".join(text.split())])}
    assert found == set()


def test_a_word_that_is_not_used_is_seen() -> None:
    assert used(["Lately"], ["What happened lately", "Plately"]) == {("Lately", "What happened lately")}
