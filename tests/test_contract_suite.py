"""What everything that is registered must keep to: classes, importers, reports, pages, actions and commands.

A new entry is tested here without a line being added.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import main
from app.cli import program
from app.cli.registry import COMMANDS, GROUPS, Command
from app.import_proposal import propose, read_files, recognise
from app.keys import NEW_PASSPHRASE, PASSPHRASE
from app.positions import positions_at
from app.reports import FORMATS, Report, ReportContext, reports, write
from cmdb.licences.engine.results import Positions
from cmdb.model.errors import FileProblem
from cmdb.model.exact_json import written
from cmdb.model.schema import TYPES, Attribute, CIClass, RelationshipType, Schema, fold
from cmdb.model.selection import Selection
from cmdb.model.text_forms import FORMS
from cmdb.model.values import check, parse, show
from cmdb.register.edits import create
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from importers.importer import Importer, Options
from importers.registry import all_importers
from ui.actions import Action
from ui.page import PageEntry
from ui.pages import entries
from ui.tour.guide import Guide

SCHEMA = Schema.load()
IMPORTERS = all_importers()
RESOURCES = Path(__file__).resolve().parent.parent / "resources"

#: A value of each type, as a person would type it.
TYPED = {
    "text": "some words", "long_text": "two\nlines", "integer": "42", "number": "2.5", "money": "1,234.50",
    "date": "2026-03-31", "time": "2026-03-31T10:00:00Z", "boolean": "yes", "reference": "Somebody",
    "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "email": "name@example.org", "url": "https://example.org/",
}  # fmt: skip


def typed(attribute: Attribute) -> str:
    if attribute.of_amounts:
        return "EUR"
    if attribute.form:
        return FORMS[attribute.form].example
    if attribute.maximum is not None:
        return str(attribute.maximum)
    return attribute.choices[0].value if attribute.type == "choice" else TYPED[attribute.type]


def named(one: object) -> str:
    return str(getattr(one, "name", one))


# -- classes and relationship types -----------------------------------------------------------------------------------


@pytest.mark.parametrize("one", SCHEMA.classes.values(), ids=named)
def test_a_class_can_be_shown_found_and_filled_in(one: CIClass) -> None:
    assert one.label
    assert one.plural
    assert (RESOURCES / "icons" / f"{one.icon}.svg").is_file(), one.icon
    assert SCHEMA.find_class(one.label).name == one.name
    assert SCHEMA.find_class(one.plural).name == one.name
    assert set(one.columns) <= set(one.attributes)
    for attribute in one.attributes.values():
        assert attribute.type in TYPES
        found = SCHEMA.find_attribute(one.name, attribute.label)
        assert found is not None
        assert found.name == attribute.name, f"two attributes of {one.label} are called {attribute.label}"
        value = parse(attribute, typed(attribute))
        check(attribute, value)
        if attribute.type != "reference":
            assert parse(attribute, show(attribute, value)) == value


@pytest.mark.parametrize("one", SCHEMA.relationships.values(), ids=named)
def test_a_relationship_type_reads_both_ways(one: RelationshipType) -> None:
    assert SCHEMA.find_relationship(one.label) == (one, False)
    labels = {fold(other.label): other for other in SCHEMA.relationships.values()}
    found, inverse = SCHEMA.find_relationship(one.inverse)
    if fold(one.inverse) in labels:  # "uses": a type's own label stands over another's inverse
        assert (found, inverse) == (labels[fold(one.inverse)], False)
    else:
        assert (found, inverse) == (one, True)
    assert one.impact in ("none", "forward", "backward")


@pytest.mark.parametrize("one", SCHEMA.concrete(), ids=named)
def test_a_class_goes_out_as_a_template_and_comes_back_filled_in(one: CIClass, tmp_path: Path) -> None:
    from importers.tables import Table, columns_of, write_template
    from importers.tables import write as write_tables

    template = tmp_path / "template.xlsx"
    write_template(template, SCHEMA, one.label)
    assert template.stat().st_size > 1000
    columns = [c for c in columns_of(one) if one.attributes[c.name].type != "reference"]
    filled = tmp_path / "filled.csv"
    write_tables(filled, [Table(one.plural, columns, [[typed(one.attributes[c.name]) for c in columns]])])
    (reading,) = read_files([filled], SCHEMA, Options(cls=one.name))[0]
    assert [p for p in reading.problems if p.severity == "error"] == []
    (observation,) = reading.observations
    assert observation.cls == one.name
    assert set(observation.values) == {c.name for c in columns}


# -- importers --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty estate, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.terrier"
    create_estate(path).close()
    return path


@pytest.fixture
def empty(empty_file: Path, tmp_path: Path) -> Iterator[Store]:
    store = open_estate(Path(shutil.copy(empty_file, tmp_path)))
    yield store
    store.close()


@pytest.mark.parametrize("importer", IMPORTERS, ids=named)
def test_an_importer_is_recognised_by_content_and_its_file_taken_in_twice_changes_nothing(
    importer: Importer, tmp_path: Path, empty: Store
) -> None:
    assert importer.label
    assert importer.help
    path = importer.example(tmp_path)
    assert path.suffix in importer.endings
    disguised = path.rename(tmp_path / "disguised.bin")
    assert recognise(disguised, IMPORTERS) is importer
    if importer.of_known:  # the file's name says what it is about, and nothing is created for it
        alone = propose(empty, read_files([disguised.rename(path)], empty.schema)[0], "tester")
        assert (alone.created, alone.updated) == (0, 0)
        return
    first = propose(empty, read_files([disguised], empty.schema)[0], "tester")
    assert first.created + first.life_cycles > 0
    applied = empty.apply(first.revision)
    assert applied.number
    again = propose(empty, read_files([disguised], empty.schema)[0], "tester")
    assert (again.created, again.updated, again.life_cycles) == (0, 0, 0)


@pytest.mark.parametrize("importer", IMPORTERS, ids=named)
def test_a_file_that_is_cut_short_or_rubbish_is_a_clear_error(importer: Importer, tmp_path: Path) -> None:
    path = importer.example(tmp_path)
    whole = path.read_bytes()
    short = whole[: len(whole) // 2]
    for damaged in (b"", bytes(range(256)) * 40, *(() if importer.open_ended else (short,))):
        path.write_bytes(damaged)
        with pytest.raises(FileProblem) as caught:
            read_files([path], SCHEMA)[0]
        assert path.name in str(caught.value)
        assert "\n" not in str(caught.value)
    if importer.open_ended:  # what stands in the half is taken in, and no more
        assert observed(path, short) < observed(path, whole)


def observed(path: Path, content: bytes) -> int:
    """How many things a file with this content tells of; 0 where it can't be read."""
    path.write_bytes(content)
    try:
        return sum(len(reading.observations) for reading in read_files([path], SCHEMA)[0])
    except FileProblem:
        return 0


# -- commands ---------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to type them."""
    for name in (PASSPHRASE, NEW_PASSPHRASE):
        monkeypatch.setenv(name, "nine lives of a cat")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=named)
def test_a_command_has_help(command: Command) -> None:
    description = command.description
    assert str(description.help)[0].islower()
    assert not str(description.help).endswith(".")
    assert description.group in GROUPS
    assert f"  {command.name} " in program.overview()
    module = command.load()
    assert module.__doc__
    assert program.parser_for(command).format_help()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=named)
def test_a_command_works_on_the_sample(
    command: Command, sample_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_estate(sample_copy)
    with store.read() as reader:
        first, second = reader.page(Selection("server"), limit=2)
    store.close()
    run(command, sample_copy, tmp_path, capsys, first.uid, second.uid, (0, 1))


@pytest.mark.parametrize("command", COMMANDS.values(), ids=named)
def test_a_command_works_on_an_empty_estate(
    command: Command, empty_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(empty_file, tmp_path))
    one = command.description
    allowed = (2,) if one.needs or any("{record}" in word for word in one.example) else (0, 1)
    run(command, path, tmp_path, capsys, "nothing", "nobody", allowed)


def run(
    command: Command,
    db: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    record: str,
    other: str,
    allowed: tuple[int, ...],
) -> None:
    copy, sheet = folder / "copy.terrier", folder
    said = " ".join(word for words in (*command.description.before, command.description.example) for word in words)
    if "{copy}" in said:
        copy.write_bytes(db.read_bytes())
    if "{sheet}" in said:
        sheet = next(i for i in IMPORTERS if i.name == "spreadsheet").example(folder)
    filled = {"folder": folder, "db": db, "copy": copy, "record": record, "other": other, "sheet": sheet}

    def call(words: tuple[str, ...]) -> int:
        return main.main(["--db", str(db), words[0], *(word.format(**filled) for word in words[1:]), "--json"])

    for words in command.description.before if 2 not in allowed else ():
        assert call(words) == 0
    capsys.readouterr()
    status = call((command.name, *command.description.example))
    captured = capsys.readouterr()
    assert status in allowed, captured.err
    if status == 2:
        assert captured.out == ""
        assert len(captured.err.splitlines()) == 1
    else:
        for document in captured.out.splitlines() if command.description.lines else [captured.out]:
            json.loads(document)


# -- pages and actions ------------------------------------------------------------------------------------------------


@pytest.fixture
def guide(tmp_path: Path) -> Iterator[Guide]:
    with Guide(tmp_path) as made:
        yield made


@pytest.fixture(scope="module", params=[False, True], ids=["empty", "sample"])
def visited(
    request: pytest.FixtureRequest, sample_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guide]:
    """A window with an empty estate or the sample, in which the pages are opened one after the other."""
    folder = tmp_path_factory.mktemp("visited")
    path = folder / "shown.terrier"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TERRIER_CONFIG", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(folder / name))
        if request.param:
            path.write_bytes(sample_file.read_bytes())
        else:
            create_estate(path).close()
        with Guide(folder) as made:
            open_in_window(made, path)
            yield made


def open_in_window(guide: Guide, path: Path) -> None:
    guide.window.estate.open(str(path))
    guide.until(guide.window.is_open, "the estate to open", 30)
    guide.rest()


def check_actions(actions: list[Action], prefix: str = "") -> None:
    keys = [a.shortcut for a in actions if a.shortcut]
    assert len(keys) == len(set(keys))
    for action in actions:
        assert action.id.startswith(prefix)
        assert action.title
        assert action.tooltip
        assert not action.icon or (RESOURCES / "icons" / f"{action.icon}.svg").is_file(), action.icon
        action.enabled()


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_a_page_opens_follows_a_change_and_a_past_moment(entry: PageEntry, visited: Guide) -> None:
    guide = visited
    assert (RESOURCES / "icons" / f"{entry.icon}.svg").is_file()
    assert entry.title
    page = guide.page(entry.id)
    assert guide.window.stack.current == entry.id
    check_actions(guide.window.stack.actions_of(entry.id), f"{entry.id}.")
    revision = create(guide.context.schema, "laptop", {"name": "new here", "asset_tag": "NEW-1"}, "tester")
    guide.context.workspace.apply(revision)
    guide.rest()
    guide.window.services.undo()
    guide.rest()
    guide.context.moment.set(1, "Then")
    guide.rest()
    guide.context.moment.set(None)
    guide.rest()
    json.dumps(page.state())
    assert guide.failures == []


def test_the_windows_actions_are_sound(guide: Guide) -> None:
    check_actions(list(guide.window.actions_list))


# -- reports ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample_question(sample_file: Path) -> Iterator[ReportContext]:
    """What all reports are asked over the sample."""
    store = open_estate(sample_file)
    with store.read() as reader:
        yield ReportContext(reader)
    store.close()


@pytest.fixture(scope="module")
def sample_positions(sample_question: ReportContext) -> Positions:
    """The licence positions of the sample, counted once for all reports about them, as the window does."""
    return positions_at(sample_question.reader, sample_question.today, sample_question.control)


@pytest.mark.parametrize("report", reports().values(), ids=named)
def test_a_report_runs_on_empty_and_sample_and_is_written_in_every_format(
    report: Report,
    empty: Store,
    sample_question: ReportContext,
    sample_positions: Positions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert report.title
    assert str(report.description).endswith(".")
    assert report.group
    labels = [column.label for column in report.columns]
    assert len(labels) == len(set(labels))
    with empty.read() as reader:
        list(report.rows(ReportContext(reader)))
    question, reader = sample_question, sample_question.reader
    monkeypatch.setattr("app.reports.compliance.positions_at", lambda *_: sample_positions)
    rows = list(report.rows(question))
    assert all(len(row.cells) == len(report.columns) for row in rows)
    uids = {row.uid for row in rows if row.uid}
    assert reader.by_uid(uids).keys() == uids
    kept = replace(report, rows=lambda _: iter(rows))  # what it finds was found above
    assert json.loads(written(kept.document(question))) is not None
    for ending in FORMATS:
        path = tmp_path / f"report{ending}"
        assert write(kept, question, path) == len(rows)
        assert path.stat().st_size > 0
