"""Markup in records has no effect in the output of the command line: in the terminal, in JSON, and in files.

The estate is one of an older version, which let everything in.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from app.cli.registry import COMMANDS
from app.reports import reports
from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.store.upkeep.startup import open_estate
from tests.app.cli import greek_estate as estates
from tests.app.cli.conftest import Done
from tests.cmdb.old_texts import let_in
from tests.planted import ACTS, FORMULA, free_texts, plant, planted

Terrier = Callable[..., Done]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The estate as it was made once."""
    texts = free_texts(Schema.load()) | {"origin"}
    with let_in(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            estates, "Revision", lambda edits, author, reason: plant(Revision(edits, author, reason=reason), texts)
        )
        return estates.greek_estate(tmp_path_factory.mktemp("old") / "old.terrier")


@pytest.fixture
def estate(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which TERRIER_DB names."""
    path = Path(shutil.copy(made, tmp_path / made.name))
    monkeypatch.setenv("TERRIER_DB", str(path))
    monkeypatch.setenv("COLUMNS", "400")
    return path


@pytest.fixture(scope="module")
def ids(made: Path) -> dict[str, str]:
    """The records' ids by the name that they were given."""
    names = {
        planted(name): name for name in ("Ένα", "Δύο", "Φορητός", "Νίκος", "Αθήνα", "Κατάστημα", "Υπηρεσία", "Εργασία")
    }
    store = open_estate(made)
    with store.read() as reader:
        listed = [one for root in ROOT_CLASSES for one in reader.all(Selection(root))]
    store.close()
    return {names[one.name]: one.uid for one in listed if one.name in names}


def acts(shown: str) -> set[str]:
    """What a terminal would act on, or nobody would see, in what was written."""
    return {char for char in shown if char in ACTS}


ANSWERS: tuple[tuple[str, ...], ...] = (
    ("list",), ("list", "Server"), ("list", "Laptop", "--sort", "name"), ("show", "{Ένα}"), ("show", "{Φορητός}"),
    ("history",), ("history", "{Ένα}"), ("changes", "--since", "0"), ("create", "Site", "name=\x1b[31m\u202ex"),
    ("impact", "{Ένα}"), ("impact", "{Ένα}", "{Δύο}"), ("cutsets", "{Υπηρεσία}"),
    ("path", "{Ένα}", "{Υπηρεσία}"), ("licences",), ("check",), ("review",), ("report",), ("baseline",),
    ("retention",), ("plugins",), ("set", "{Ένα}", "notes=κάτι"), ("link", "{Ένα}", "depends on", "{Δύο}"), ("undo",),
    ("draft", "new", "\x1b[31m\u202ex"),
    ("hand-over", "{Φορητός}", "to={Νίκος}"), ("relocate", "{Ένα}", "to={Αθήνα}"), ("delete", "{Φορητός}"),
    ("unlink", "{Κατάστημα}", "depends on", "{Ένα}"), ("backup", "{folder}/copy.terrier"),
    ("move", "{folder}/moved.terrier"), ("show", "=cmd|\x1b[31m\u202e"), ("list", "\x1b[31m"), ("\x1b[31mbogus",),
    ("list", "--where", "name = \x1b[31m\u202e and"), ("import", "{folder}/\x1b[31m\u202e.csv"),
    ("baseline", "\x1b[31m\u202eone"), ("set", "{Ένα}", "notes=\x1b]0;x\x07\u202ey", "--reason", "\x1b[31mwhy"),
    ("drift", "{Φορητός}", "--from", "1"), ("drift", "{Φορητός}", "--software"),
    ("custody", "{Φορητός}"), ("custody", "{Νίκος}"), ("list", "Task"), ("show", "{Εργασία}"), ("forget",),
    ("clean-up",), ("clean-up", "\x1b[31m"), ("recognise", "--all"), ("recognise", "\x1b[31m\u202ex", "--back"),
    ("forget", "\x1b[31m\u202e"), ("merge", "{Δύο}", "into={Ένα}"), ("split", "{Ένα}", "out=\x1b[31m"),
    ("skip", "{Εργασία}", "reason=\x1b[31m\u202ewhy"), ("undo", "1", "--record", "{Ένα}"),
    ("link", "{Ένα}", "depends on", "{Αθήνα}"), ("restore", "{folder}/\u202e"), ("undo", "1"),
    ("attach", "{Ένα}", "{folder}/\x1b[31m\u202e.txt"), ("attachments", "{Ένα}"), ("detach", "{Ένα}", "\x1b[31m"),
    ("attachment", "\x1b[31m\u202e", "--out", "{folder}/x.txt"), ("draft", "new", "\x1b[31m\u202eone"),
    ("source-order", "laptop.\x1b[31m"), ("source-order", "laptop.memory", "sheet:\x1b[31m\u202e", "--dry-run"),
    ("draft", "show", "\x1b[31m\u202e"), ("list", "--draft", "\x1b[31m\u202e"),
    ("audit", "new", "\x1b[31m\u202ex", "--place", "{Αθήνα}"), ("audit", "list"), ("audit", "show", "\x1b[31m\u202e"),
    ("reservations",), ("cancel-reservation", "\x1b[31m\u202e"), ("due", "--days", "3650"), ("settle", "{Νίκος}"),
    ("labels", "Laptop", "--out", "{folder}/labels.pdf", "--layout", "\x1b[31m"), ("tags", "\x1b[31m\u202e"),
    ("receipt", "\x1b[31m\u202e", "--out", "{folder}/receipt.pdf"), ("remind", "{Νίκος}", "--out", "{folder}/drafts"),
    ("pack", "in", "{folder}/\x1b[31m\u202e"), ("pack", "out", "{folder}/\x1b[31m.terrier", "--where", "\x1b[31m"),
)  # fmt: skip


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: " ".join(words).encode("unicode_escape").decode())
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_the_terminal_is_shown_nothing_that_it_acts_on(
    terrier: Terrier, estate: Path, ids: dict[str, str], words: tuple[str, ...], as_json: bool
) -> None:
    given = [word.format(folder=estate.parent, **ids) for word in words]
    done = terrier(*given, *(["--json"] if as_json else []))
    assert done.status in (0, 1, 2), done.err
    assert acts(done.out + done.err) == set()
    if as_json and done.status < 2 and done.out:
        for document in done.out.splitlines() if words[0] == "changes" else [done.out]:
            json.loads(document)


def test_what_a_draft_does_is_shown_in_words(terrier: Terrier, estate: Path, ids: dict[str, str]) -> None:
    assert terrier("draft", "new", "\x1b[31m\u202eone").status == 0
    (draft,) = terrier("draft", "list", "--json").json["drafts"]
    assert acts(draft["name"]) == set()
    assert terrier("set", ids["Ένα"], "notes=\x1b[31m\u202ey", "--draft", draft["name"]).status == 0
    assert terrier("delete", ids["Φορητός"], "--draft", draft["name"]).status == 0
    terrier("set", ids["Ένα"], "notes=\x1b[31mz")
    for action in ("show", "apply", "list"):
        for form in ((), ("--json",)):
            done = terrier("draft", action, draft["name"], *form)
            assert done.status in (0, 1)
            assert acts(done.out + done.err) == set()


def test_json_says_what_the_estate_holds(terrier: Terrier, estate: Path, ids: dict[str, str]) -> None:
    assert planted("Ένα") in {one["name"] for one in terrier("list", "Server", "--json").json}


def test_old_texts_are_no_damage(terrier: Terrier, estate: Path) -> None:
    assert terrier("check").status == 0


def test_every_question_is_asked() -> None:
    asked = {words[0] for words in ANSWERS}
    files = {"export", "template", "scan", "new", "encrypt", "decrypt", "passphrase"}
    assert set(COMMANDS) - asked - files == set()


# -- files ----------------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


def active(path: Path) -> set[str]:
    """What a file would make a program do: formulas, markup of the records, links to files."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {cell[:20] for row in csv.reader(file) for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")}
    if path.suffix == ".html":
        return _Tags(path.read_text("utf-8")).tags & {"img", "b", "i", "script", "a", "iframe"}
    if path.suffix == ".ods":
        with zipfile.ZipFile(path) as packed:
            content = packed.read("content.xml").decode()
        return {word for word in ("table:formula", "<img", "<b>") if word in content}
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = {str(cell.value) for cell in cells if cell.data_type == "f" and FORMULA in str(cell.value)}
    return formulas | {str(cell.hyperlink.target) for cell in cells if cell.hyperlink and cell.hyperlink.target}


@pytest.mark.parametrize("name", reports())
def test_reports_do_nothing(terrier: Terrier, estate: Path, name: str) -> None:
    done = terrier("report", name)
    assert acts(done.out + done.err) == set()
    for ending in (".xlsx", ".html", ".csv", ".ods"):
        path = estate.parent / f"{name}{ending}"
        done = terrier("report", name, "--out", path)
        if done.status == 0:
            assert active(path) == set()
        assert acts(done.out + done.err) == set()


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".ods"])
@pytest.mark.parametrize("words", [("export",), ("export", "Hardware"), ("template", "Laptop")], ids=" ".join)
def test_exports_do_nothing(terrier: Terrier, estate: Path, words: tuple[str, ...], ending: str) -> None:
    path = estate.parent / f"all{ending}"
    done = terrier(*words, "--out", path)
    if done.status == 0:
        assert active(path) == set()
    assert acts(done.out + done.err) == set()


def test_the_licence_workbook_does_nothing(terrier: Terrier, estate: Path) -> None:
    path = estate.parent / "position.xlsx"
    assert terrier("licences", "--out", path).status == 0
    assert active(path) == set()


def test_what_acts_is_seen(tmp_path: Path) -> None:
    assert acts(planted("x")) == ACTS
    page, table, book = tmp_path / "a.html", tmp_path / "a.csv", tmp_path / "a.xlsx"
    page.write_text(planted("x"), "utf-8")
    table.write_text("=cmd|x", "utf-8")
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([f"{FORMULA}x"])
    workbook.save(book)
    assert active(page) == {"img", "b"}
    assert active(table)
    assert active(book)
