"""Any content of a file, a filter or the arguments is accepted, or refused with a one-line message.

Two hundred examples of each in every test run, thousands of new ones in the soak.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

import main
from app.cli import program
from app.cli.program import parser_for
from app.cli.registry import COMMANDS
from app.import_proposal import propose
from cmdb.model.errors import QueryError, UserError
from cmdb.model.observation import Reading
from cmdb.model.query import parse
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from importers import inventory, spreadsheets
from tests.cmdb.store.conftest import Hand
from tests.soak.corruption import SPOILED, good, inventories

EXAMPLES = 200 if os.environ.get("TERRIER_LAWS", "test") == "test" else 5_000
SECONDS = 10
"""No small file takes longer to be read, or refused."""
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
SCHEMA = Schema.load()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small estate's file."""
    where = tmp_path_factory.mktemp("estate") / "small.terrier"
    store = create_estate(where)
    hand = Hand(store)
    site = hand.make("site", "Rotterdam")
    hand.make("laptop", "LT-1", asset_tag="T-1", memory=8192, location=site)
    hand.make("laptop", "LT-2", asset_tag="T-2", notes="two\nlines", warranty_until="2026-12-31")
    hand.make("business_service", "Payroll")
    store.close()
    return where


@pytest.fixture(scope="module")
def store(folder: Path, estate: Path) -> Iterator[Store]:
    found = open_estate(shutil.copy(estate, folder / "store.terrier"))
    yield found
    found.close()


@contextmanager
def refusals_in_one_line() -> Iterator[None]:
    """Takes a refusal, if it says in one line what is wrong."""
    said = "fine"
    try:
        yield
    except UserError as error:
        said = str(error)
    event("taken" if said == "fine" else "refused")
    assert said
    assert "\n" not in said


# -- files ----------------------------------------------------------------------------------------------------------


@many
@given(spoiled=SPOILED)
def test_a_spoiled_table_is_read_or_refused(spoiled: tuple[str, bytes], folder: Path, store: Store) -> None:
    ending, content = spoiled
    path = folder / f"spoiled{ending}"
    path.write_bytes(content)
    start = time.monotonic()
    with refusals_in_one_line():
        list(propose(store, read_table(path), "fuzz").revision.edits)
    assert time.monotonic() - start < SECONDS


def read_table(path: Path) -> list[Reading]:
    """Every sheet, mapped and checked: each row is read or has a problem that says where it stands."""
    found: list[Reading] = []
    for sheet in spreadsheets.open_file(path).sheets:
        with refusals_in_one_line():
            mapping = spreadsheets.map_columns(sheet, SCHEMA, "laptop")
            found.append(spreadsheets.check(sheet, mapping, SCHEMA))
    for reading in found:
        assert reading.rejected <= reading.read
        for problem in reading.problems:
            assert problem.message
            assert problem.file == path.name
    return found


@many
@given(content=inventories())
def test_a_spoiled_inventory_is_read_or_refused(content: bytes, folder: Path, store: Store) -> None:
    path = folder / "spoiled.json"
    path.write_bytes(content)
    with refusals_in_one_line():
        list(propose(store, [inventory.read(path)], "fuzz").revision.edits)


@settings(many, max_examples=EXAMPLES // 10)
@given(contents=st.lists(SPOILED, min_size=1, max_size=3), document=inventories())
def test_data_from_damaged_files_can_be_applied_and_undone(
    contents: list[tuple[str, bytes]], document: bytes, folder: Path, estate: Path
) -> None:
    opened = open_estate(shutil.copy(estate, folder / "written.terrier"))
    try:
        for ending, content in (*contents, (".json", document)):
            path = folder / f"written{ending}"
            path.write_bytes(content)
            with refusals_in_one_line():
                readings = [inventory.read(path)] if ending == ".json" else read_table(path)
                applied = opened.apply(propose(opened, readings, "fuzz").revision)
                if applied.number:
                    history.undo(opened, applied.number, "fuzz")
        assert check_integrity(opened) == []
    finally:
        opened.close()


# -- filters --------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["name", "memory", "assigned_to.department", "location", "status", "warranty_until", "nonsense", "Asset tag", "=",
     "!=", "<", "<=", ">", ">=", "~", "and", "or", "not", "is", "empty", "(", ")", '"', "'", "today", "today+90d",
     "today-1x", "8 GB", "1e999", "LT-1", '"LT 1"', "\\", ".", "..", "%", "_", "\0", "é", "2026-02-30", "-", "true",
     "9" * 50]
)  # fmt: skip
FILTERS = st.one_of(st.lists(WORDS, max_size=9).map(" ".join), st.lists(WORDS, max_size=6).map("".join), st.text())


@many
@given(text=FILTERS)
def test_a_filter_is_understood_or_says_where_it_is_not(text: str, store: Store) -> None:
    place = 0
    with refusals_in_one_line():
        try:
            parse(text)
        except QueryError as error:
            place = error.position
            raise
    assert 0 <= place <= len(text)
    with refusals_in_one_line(), store.read() as reader:
        reader.search(text)
        assert 0 <= reader.count(Selection("laptop", text)) <= 2
        reader.page(Selection("ci", text, sort="-memory", text=text[:10]), limit=3)


# -- the command line -----------------------------------------------------------------------------------------------

#: Not ``scan``: it would look through this computer each time.
NAMES = sorted(COMMANDS.keys() - {"scan"})
VALUES = (
    "LT-1", "LT-2", "T-1", "Rotterdam", "Laptop:LT-1", "Laptop", "laptops", "Site:", ":", "", " ", "-", "--", "-1", "0",
    "1", "3", "99999999999999999999", "1.5", "2026-01-01", "2026-13-01", "today", "memory=5", "memory=abc", "memory=",
    "=", "notes=x", "name=", "location=Rotterdam", "location=nobody", "class=server", "nonsense=1", "depends on",
    "uses", "memory > 1", "memory >", "(", "name ~ LT", "-memory", "nonsense", "é", "\udcff", "notes=\udcff", "x" * 300,
    "a\nb", "%", "compliance", "in.csv", "bad.xlsx", "in.json", "out.csv", "out.xlsx", "out.ods", "out.html", "out",
    "no/out.csv", "folder", "missing", "estate.terrier", "copy.terrier", "/dev/null",
)  # fmt: skip
TYPED = st.one_of(
    st.sampled_from(VALUES), st.sampled_from(VALUES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)  # fmt: skip


@st.composite
def arguments(draw: Any) -> list[str]:
    """A command, mostly with its own options, and values for them that may fit or not."""
    name = draw(st.sampled_from([*NAMES, *NAMES, "nonsense", "", "LIST"]))
    found = [name] if name else ["--db"]
    options = ["--json", "--help", "--nonsense", "--db"]
    if name in COMMANDS:
        options += [word for action in parser_for(COMMANDS[name])._actions for word in action.option_strings]
    option = st.sampled_from(options)
    return found + draw(st.lists(st.one_of(option, TYPED, TYPED), max_size=5))


@many
@given(words=arguments())
def test_any_arguments_end_with_a_status_of_the_contract(
    words: list[str], tmp_path: Path, estate: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assume(program.split(words)[0])  # without a command the window opens, and stays
    for path in tmp_path.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copy(estate, tmp_path / "estate.terrier")
    (tmp_path / "in.csv").write_bytes(good(".csv"))
    (tmp_path / "bad.xlsx").write_bytes(good(".xlsx")[:500])
    (tmp_path / "in.json").write_text('{"deviceid": "x", "itemtype": "Computer", "content": {"versionclient": "y"}}')
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "estate.terrier"))
    capfd.readouterr()
    try:
        status = main.main(words)
    except SystemExit as end:  # --help
        assert "--help" in words or "-h" in words
        status = int(end.code or 0)
    said = capfd.readouterr()
    event(f"{words[0] if words[0] in COMMANDS else 'other'} {status}")
    assert status in (0, 1, 2), f"{words}: {status} {said.err}{fault()}"
    if status == 2:
        assert len(said.err.splitlines()) == 1, f"{words}: {said.err}"
        assert not said.out or "--all-or-nothing" in words


def fault() -> str:
    """The trace of a fault."""
    folder = Path(os.environ["TERRIER_CONFIG"]) / "faults"
    return max(folder.iterdir(), key=lambda p: p.stat().st_mtime).read_text("utf-8") if folder.exists() else ""
