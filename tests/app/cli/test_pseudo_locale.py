"""Nothing that the command line shows is plain English: every command, error, report and file in the pseudo-locale.

The estate's own words are Greek, so that every word of ASCII letters is one of the program's that was never marked.
"""

from __future__ import annotations

import csv
import html
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import openpyxl
import pytest

import main
from app import system_account
from app.cli import program
from app.cli.registry import COMMANDS, Command
from app.cli.verbs import VerbCommand, verb_commands
from app.keys import NEW_PASSPHRASE, PASSPHRASE
from app.reports import reports
from cmdb.model.errors import UserError
from cmdb.model.resources import RESOURCES
from cmdb.model.schema import Schema
from tests.app.cli.conftest import Done
from tests.app.cli.greek_estate import greek_estate
from tests.pseudo_locale import PSEUDO, plain_words, spoken

Run = Callable[..., Done]
EVERY: dict[str, Command | VerbCommand] = {**COMMANDS, **verb_commands()}

#: What is the same in every language: options, endings, addresses, paths, ids, times, and parts of a query.
_SAME = re.compile(
    r"--?[a-z][\w-]*|\.[a-z]{2,9}\b|\w+://\S*|~?/\S+|\S+@\S+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,64}"
    r"|\d{4}-\d\d-\d\dT\S*|\w+=|\b\S+\.(?:terrier|xlsx|csv|json|html|tsv|ods|jsonl?)\b"
)
#: Names of variables, sheets, formats, tools, currencies, sections, orders of sources and hash functions; units,
#: which an import knows again; the error value of a formula without a result.
_KNOWN = frozenset(
    "Terrier terrier EUR SHA JSON CSV URL PostgreSQL TERRIER DB PGPASSWORD COMMAND RECORD FIELD VALUE CLASS NAME FILE "
    "Relationship Installation Assignment main off ignore different MiB GiB days months live all TSK AUD RCP disks "
    "snipe glpi netbox servicenow cyclonedx deviations measured general NOT CALCULATED".split()
)


def _identifiers() -> frozenset[str]:
    """Commands, and the words that stand for arguments."""
    names = [*EVERY, *reports()]
    for one in EVERY.values():
        parser = program.parser_for(one)
        actions = parser._actions
        names += [str(action.metavar or action.dest) for action in actions if action.nargs != 0]
        names += [str(choice) for action in actions for choice in action.choices or ()]
        if isinstance(one, VerbCommand):
            names += [word for field in one.verb.fields for word in (field.name, field.type.upper(), *field.targets)]
    return frozenset(word for name in names for part in (name, name.upper()) for word in re.findall(r"[A-Za-z]+", part))


IDENTIFIERS = _identifiers() | _KNOWN


def english(shown: str, *same: str) -> list[str]:
    """The words of a text that are plain English, but for identifiers and what was typed (``same``)."""
    for word in sorted(same, key=len, reverse=True):
        shown = shown.replace(word, " ")
    return plain_words(_SAME.sub(" ", shown), IDENTIFIERS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The estate as it was made once."""
    return greek_estate(tmp_path_factory.mktemp("greek") / "έργο.terrier")


@pytest.fixture
def estate(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which TERRIER_DB names."""
    path = Path(shutil.copy(made, tmp_path / made.name))
    monkeypatch.setenv("TERRIER_DB", str(path))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the program in the pseudo-locale."""
    monkeypatch.setattr(main, "of_system", lambda **_: PSEUDO)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(system_account, "login", lambda: "άννα")

    def run(*words: object) -> Done:
        capsys.readouterr()
        try:
            status = main.main([str(w) for w in words])
        except SystemExit as end:
            status = int(str(end.code or 0))
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    with spoken():
        yield run


# -- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_the_help_of_every_command(run: Run, estate: Path, name: str) -> None:
    done = run(name, "--help")
    assert done.status == 0, done.err
    typed = (
        "phase = live and memory > 8192",
        "laptop.memory",
        "laptop.section.operating_system",
        "sheet:HR *",
        "“measured”",
        "“general”",
    )
    assert english(done.out, *typed) == []


def test_the_overview(run: Run) -> None:
    assert english(run("--help").out) == []


# -- answers ----------------------------------------------------------------------------------------------------------

ANSWERS: tuple[tuple[str, ...], ...] = (
    ("list",), ("list", "Laptop", "--where", "memory is empty"), ("list", "Server"), ("show", "Ένα"),
    ("show", "Φορητός"), ("show", "Κατάστημα"), ("history",), ("history", "Ένα"), ("impact", "Ένα"),
    ("impact", "Ένα", "Δύο"), ("cutsets", "Υπηρεσία"), ("path", "Ένα", "Υπηρεσία"), ("path", "Ένα", "Νίκος"),
    ("licences",), ("check",), ("review",), ("report",), ("baseline",), ("baseline", "Στιγμή"), ("retention",),
    ("recognise", "--all"), ("drift", "Φορητός", "--from", "1"), ("drift", "Φορητός", "--software"),
    ("source-order",), ("source-order", "laptop.memory", "sheet", "scan=hold", "--dry-run"), ("report", "deviations"),
    ("retention", "--keep", "24m", "--prune"), ("plugins",), ("set", "Ένα", "notes=κάτι"), ("set", "Ένα", "notes="),
    ("link", "Ένα", "depends on", "Δύο"), ("undo",), ("backup", "{folder}/copy.terrier"),
    ("move", "{folder}/moved.terrier"), ("new", "{folder}/new.terrier"), ("export", "--out", "{folder}/all.xlsx"),
    ("template", "Laptop", "--out", "{folder}/template.xlsx"),
)  # fmt: skip


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_answers(run: Run, estate: Path, words: tuple[str, ...]) -> None:
    given = [word.format(folder=estate.parent) for word in words]
    done = run(*given)
    assert done.status in (0, 1), done.err
    assert english(done.out + done.err, *given, str(estate.parent)) == []


@pytest.mark.parametrize("name", reports())
def test_reports_in_text_and_files(run: Run, estate: Path, name: str) -> None:
    done = run("report", name)
    assert done.status == 0, done.err
    assert english(done.out + done.err) == []
    for ending in (".xlsx", ".html", ".csv"):
        path = estate.parent / f"{name}{ending}"
        assert run("report", name, "--out", path).status == 0
        assert english(_shown(path), *_citations()) == []


def test_the_licence_workbook(run: Run, estate: Path) -> None:
    path = estate.parent / "position.xlsx"
    done = run("licences", "--out", path)
    assert done.status == 0, done.err
    assert english(done.out + done.err, str(path)) == []
    assert english(_shown(path), *_citations()) == []


def _citations() -> Iterator[str]:
    """The publishers' documents that licensing rules are from, which have their names in every language."""

    def sources(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            yield from (one for name, one in value.items() if name == "source")
            yield from chain.from_iterable(map(sources, value.values()))
        elif isinstance(value, list):
            yield from chain.from_iterable(map(sources, value))

    for path in (RESOURCES / "licensing").glob("*.toml"):
        yield from sources(tomllib.loads(path.read_text("utf-8")))


def _shown(path: Path) -> str:
    """All texts of a file that a report was written to."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return "\n".join(chain.from_iterable(csv.reader(file)))
    if path.suffix == ".html":
        page = re.sub(r"<style>.*?</style>", " ", path.read_text("utf-8"), flags=re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*>", " ", page))
    book = openpyxl.load_workbook(path)
    properties = book.properties
    texts = [properties.title, properties.subject, properties.description]
    for sheet in book:
        head, foot = sheet.oddHeader, sheet.oddFooter
        texts += [sheet.title, *(part.text for part in (head.left, head.right, foot.left, foot.right))]
        # What is hidden are ids and hashes, from which an import knows the records again.
        folded = [one for one in sheet.column_dimensions.values() if one.hidden]
        cells = [
            cell
            for row in sheet.iter_rows()
            for cell in row
            if not any(one.min <= cell.column <= one.max for one in folded)
        ]
        texts += [cell.value for cell in cells if isinstance(cell.value, str)]
        texts += [cell.comment.text for cell in cells if cell.comment]
    return "\n".join(filter(None, texts))


VERBS: tuple[tuple[str, ...], ...] = (
    ("hand-over", "Φορητός", "to=Νίκος", "--reason", "λόγος"),
    ("take-back", "Φορητός", "place=Αθήνα"),
    ("relocate", "Ένα", "to=Αθήνα"), ("send-to-repair", "Ένα"), ("report-lost", "Φορητός"), ("retire", "Ένα", "Δύο"),
    ("change-class", "Φορητός", "class=desktop"), ("delete", "Φορητός"),
)  # fmt: skip


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_verbs_and_what_the_journal_says_of_them(run: Run, estate: Path, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.status == 0, done.err
    done = Done(0, done.out + run("history").out + run("undo").out + run("report", "recent_changes").out, done.err)
    assert english(done.out + done.err, "import:") == []


def test_encrypting(run: Run, estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (PASSPHRASE, NEW_PASSPHRASE):
        monkeypatch.setenv(name, "εννέα ζωές της γάτας")
    for word in ("encrypt", "encrypt", "passphrase", "decrypt", "decrypt"):
        done = run(word)
        assert english(done.out + done.err, str(estate)) == []


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_exports_and_templates(run: Run, estate: Path, ending: str) -> None:
    for number, words in enumerate(
        (("export", "Hardware"), ("export",), ("template", "Laptop"), ("template", "Relationship"))
    ):
        path = estate.parent / f"{number}{ending}"
        done = run(*words, "--out", path)
        assert done.status == 0, done.err
        assert english(_shown(path), *_IN_SHEETS) == []


#: Hidden columns of exports, stored texts that are shown as they are, and examples in notes.
_IN_SHEETS = ("scan",)


# -- imports ----------------------------------------------------------------------------------------------------------

#: A sheet's columns (attributes of a server), and rows with something wrong in each.
COLUMNS = ("name", "status", "asset_tag", "serial_number", "memory", "purchase_date", "purchase_cost", "assigned_to",
           "location", "warranty_until", "processor_sockets", "notes")  # fmt: skip
ROWS: tuple[tuple[object, ...], ...] = (
    ("Τρία", "", "Ε-10", "Σ10", 4096, "2026-01-02", 12.5, "Άννα", "Αθήνα", "", 2, "καλό"),
    ("", "", "Ε-11", "", "", "", "", "", "", "", "", ""),
    ("Τέσσερα", "Χαμένο", "Ε-12", "", "πολλά", "χθες", "δώδεκα", "", "", "31/02/2026", "δύο", ""),
    ("Πέντε", "", "Ε-13", "", -5, "03/04/2026", "1.234,5 €", "Κανένας Άλλος", "Πουθενά", "2026-13-01", 1.5, ""),
    ("Έξι", "", "Ε-1", "Σ1", "8 ΓΒ", "", "12 XYZ", "", "", "", "", ""),
    ("Επτά", "", "Ε-14", "", "", "", "", "", "", "", "", "α" * 40_000),
    ("Επτά", "", "Ε-14", "", 1, "", "", "", "", "", "", ""),
    ("Δίδυμος", "", "", "", "", "", "", "Δίδυμος", "", "", "", "=ΚΑΚΟ()"),
)  # fmt: skip


def test_an_import_of_a_sheet_with_bad_cells(run: Run, estate: Path) -> None:
    path, rejects = estate.parent / "φύλλο.xlsx", estate.parent / "απόρριψη.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Φύλλο"
    attributes = Schema.load().cls("server").attributes
    sheet.append([*(attributes[name].label for name in COLUMNS), "Άσχετο"])
    for row in ROWS:
        sheet.append([*row, "x"])
    book.save(path)
    kept = ("--strict", "--rejects", str(rejects))
    for words in (("--dry-run",), ("--all-or-nothing", *kept), kept):
        done = run("import", path, "--class", "Server", *words)
        assert done.status in (1, 2), done.err
        assert english(done.out + done.err, str(path), "XYZ", "€") == []
    assert english(_shown(rejects), "XYZ") == []
    assert english(run("review").out, "φύλλο.xlsx") == []
    assert english(run("history").out, "import:") == []


def test_an_import_of_an_inventory(run: Run, estate: Path) -> None:
    path = estate.parent / "απογραφή.json"
    assert run("scan", "--out", path).status == 0
    done = run("import", path)
    assert done.status in (0, 1), done.err
    path.write_text("{", "utf-8")
    assert english(run("import", path).err, str(path)) == []


# -- errors -----------------------------------------------------------------------------------------------------------

ERRORS: tuple[tuple[str, ...], ...] = (
    ("bogus",), ("show",), ("show", "Κανένας"), ("show", "Δίδυμος"), ("list", "Υποβρύχιο"), ("list", "--limit", "χ"),
    ("list", "--limit", "-1"), ("list", "--where", "memory >"), ("list", "--where", "χρώμα = 1"), ("list", "--bogus"),
    ("list", "--sort", "χρώμα"), ("list", "--as-of", "χθες"), ("set", "Ένα", "χρώμα=1"), ("set", "Ένα", "χ"),
    ("set", "Ένα", "memory=πολλά"), ("set", "Ένα", "purchase_date=χθες"), ("set", "Ένα", "assigned_to=Κανένας"),
    ("set", "Ένα", "status=Χ"), ("link", "Ένα", "αγαπά", "Δύο"), ("unlink", "Ένα", "depends on", "Δύο"),
    ("export", "--out", "{folder}/x.doc"), ("export", "--out", "/κανένας/x.csv"), ("report", "τίποτα"),
    ("report", "compliance", "--from", "1"), ("licences", "--as-of", "χθες"), ("undo", "99"), ("undo", "χ"),
    ("template", "Υποβρύχιο", "--out", "{folder}/x.xlsx"), ("restore", "{folder}/κανένα.terrier"),
    ("import", "{folder}/κανένα.csv"), ("import", "{folder}/x.csv", "--mapping", "κανένα"), ("review", "decide"),
    ("review", "decide", "99", "χ"), ("baseline", "--remove"), ("baseline", "Χ", "--remove"),
    ("retention", "--keep", "χ"),
    ("cutsets", "Ένα", "--order", "0"), ("plugins", "bogus"), ("plugins", "allow"), ("passphrase",),
    ("new", "{db}"), ("move", "{db}"), ("--db", "{folder}/κανένα.terrier", "list"),
    ("passphrase", "--remember", "--forget"),
    ("hand-over", "Φορητός"), ("hand-over", "Φορητός", "to=Κανένας"), ("hand-over", "Φορητός", "to=Κατάστημα"),
    ("hand-over", "Φορητός", "to=Άννα", "χρώμα=1"), ("hand-over", "to=Άννα"), ("hand-over", "Κατάστημα", "to=Άννα"),
    ("hand-over", "Φορητός", "to=Άννα", "--at", "αύριο"), ("back-from-repair", "Φορητός"),
    ("change-class", "Φορητός", "class=Υποβρύχιο"), ("dispose", "Φορητός", "way=Χ"),
)  # fmt: skip


@pytest.mark.parametrize("words", ERRORS, ids=" ".join)
def test_errors(run: Run, estate: Path, words: tuple[str, ...]) -> None:
    given = [word.format(folder=estate.parent, db=estate) for word in words]
    done = run(*given)
    assert done.status == 2, done
    assert english(done.out + done.err, *given, str(estate.parent)) == []


def test_plain_english_is_seen() -> None:
    assert english("⟦Ţĥéřé íš⟧ no such thing “Κανένας”") == ["no", "such", "thing"]
    assert english("⟦Ŵřóţé··⟧ /tmp/x.csv --out FILE 2026-01-02T10:00Z") == []
    with spoken():
        with pytest.raises(UserError) as refused:
            program.parser_for(COMMANDS["list"]).parse_args(["--limit"])
        assert english(str(refused.value)) == []
