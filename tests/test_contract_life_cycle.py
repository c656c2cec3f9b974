"""An estate calls its statuses as it likes: every verb, report and figure works as with the shipped words.

Each class that has statuses of its own gets others: new values, new labels, and some more. Whatever is registered is
tested here without a line being added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import main
from app.overview.figures import attention_items, scanned, statuses
from app.reports import Report, ReportContext, reports
from app.verbs import known_verbs
from cmdb.model import life_cycle
from cmdb.model.life_cycle import Phase
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.schema import CIClass, Schema
from cmdb.model.selection import Selection
from cmdb.model.values import parse, show
from cmdb.model.verb import FieldValue, Verb
from cmdb.store.store import Store
from cmdb.store.upkeep.copies import write_backup
from cmdb.store.upkeep.startup import create_estate

TODAY = date(2026, 6, 30)
SHIPPED = Schema.load()


def own_statuses(schema: Schema) -> list[CIClass]:
    """The classes whose statuses are not those of their parents."""

    def of(name: str) -> Any:
        return schema.cls(name).attributes["status"].choices if name else ()

    return [one for one in schema.tree() if of(one.name) != of(one.parent)]


def renamed(cls: str, value: str) -> str:
    """What a status of a class is stored as in an estate with words of its own."""
    return f"{cls[:1]}·{value[::-1].casefold()}"


def phases(one: CIClass) -> set[Phase]:
    """The phases that a class has statuses for."""
    return {c.phase for c in one.attributes["status"].choices if c.phase}


def _entry(one: CIClass) -> dict[str, Any]:
    choices: list[dict[str, Any]] = [
        {
            "value": renamed(one.name, c.value), "label": f"{c.value} hier", "tone": c.tone, "verb": list(c.verb),
            "phase": str(c.phase),
        }
        for c in one.attributes["status"].choices
    ]  # fmt: skip
    more = [{"value": f"more {phase}", "phase": str(phase)} for phase in sorted(phases(one))]
    return {"attributes": {"status": {"choices": [*choices, *more]}}}


OWN = own_statuses(SHIPPED)
DOCUMENT = {"class": {one.name: _entry(one) for one in OWN}}
RENAMED = Schema.load(extra=[DOCUMENT])
BACK = {f"{c.value} hier": c.value for one in OWN for c in one.attributes["status"].choices}


def owner(cls: str) -> str:
    """The class that a class has its statuses from."""
    return next(name for name in SHIPPED.ancestors(cls) if name in DOCUMENT["class"])


def _stated(cls: str, status: str) -> dict[str, Any]:
    """What a record must say of itself to have a status."""
    found = {"disposed_on": "2026-05-01", "disposal": "Sold", "data_erasure_exception": "No disk"}
    return found if life_cycle.requirements(SHIPPED, cls, status) else {}


def _records() -> list[tuple[str, str, dict[str, Any]]]:
    """(id, class, values): a record of each concrete class in every status, with the shipped words, held by people."""
    people = {status: new_id() for status in ("Active", "Left")}
    found = [(uid, "person", {"name": status, "status": status}) for status, uid in people.items()]
    for one in SHIPPED.concrete():
        if one.name == "person":
            continue
        for choice in one.attributes["status"].choices:
            for place, (holder, uid) in enumerate(people.items()):
                values = {"name": f"{one.name} {choice.value} {holder}", "status": choice.value}
                more = {
                    "assigned_to": uid, "purchase_cost": Decimal(1200), "purchase_date": "2025-06-30", "quantity": 3,
                    "product": "Visio", "metric": "device", "end": "2026-08-01", "valid_until": "2026-07-10",
                    "cancel_by": "2026-07-20", "warranty_until": "2026-07-01", "operating_system": "Windows 11 Pro",
                    "last_seen": "2026-01-01T00:00:00Z", "currency": "EUR", "processor_sockets": 1 + place,
                }  # fmt: skip
                known = {n: v for n, v in more.items() if n in one.attributes}
                found.append((new_id(), one.name, {**values, **known, **_stated(one.name, choice.value)}))
    return found


RECORDS = _records()


def _filled(store: Store, words: bool) -> Store:
    """An estate with all records; with ``words`` of its own."""
    if words:
        entry = Edit(Record("schema_entry", (new_id(),)), "", None, {"document": DOCUMENT})
        store.apply(Revision([entry], "tester"))
    edits = []
    for uid, cls, values in RECORDS:
        status = renamed(owner(cls), values["status"]) if words else values["status"]
        edits.append(Edit(ci(uid), "", None, {"class": cls, **values, "status": status}))
    store.apply(Revision(edits, "tester", time="2026-06-01T00:00:00.000Z"))
    return store


@pytest.fixture(scope="module")
def estates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The same estate with the shipped words, and with its own."""
    folder = tmp_path_factory.mktemp("words")
    found = [_filled(create_estate(folder / f"{words}.terrier"), words) for words in (False, True)]
    yield found[0], found[1]
    for store in found:
        store.close()


def as_shipped(cell: Any) -> Any:
    """A cell, worded, with the estate's own labels taken back to the shipped words."""
    cell = str(cell) if isinstance(cell, Message) else cell
    return re.sub("|".join(map(re.escape, BACK)), lambda m: BACK[m[0]], cell) if isinstance(cell, str) else cell


def test_each_class_with_statuses_of_its_own_is_renamed() -> None:
    assert {one.name for one in OWN} >= {"ci", "hardware", "person"}
    for one in SHIPPED.concrete():
        shipped, own = (s.cls(one.name).attributes["status"].choices for s in (SHIPPED, RENAMED))
        assert not {c.value for c in shipped} & {c.value for c in own}
        assert len(own) == len(shipped) + len(phases(one))


@pytest.mark.parametrize("report", reports().values(), ids=lambda report: report.name)
def test_a_report_says_the_same(report: Report, estates: tuple[Store, Store]) -> None:
    rows = []
    for store in estates:
        with store.read() as reader:
            rows.append([tuple(map(as_shipped, row.cells)) for row in report.rows(ReportContext(reader, TODAY))])
    if report.name not in ("difference", "recent_changes"):  # they tell of the schema's entry, too
        assert rows[1] == rows[0]


def test_the_overview_counts_the_same(estates: tuple[Store, Store]) -> None:
    figures = []
    for store in estates:
        with store.read(today=TODAY) as reader:
            found = scanned(reader, TODAY)
            worries = sorted((str(c.subject), str(c.text), c.tone) for c in attention_items(reader, TODAY))
            shares = [(as_shipped(s.label), s.count, s.tone) for s in statuses(reader, TODAY)]
            figures.append((found.computers, found.stale, worries, shares))
    assert figures[1] == figures[0]


@pytest.mark.parametrize("phase", Phase)
def test_a_phase_finds_the_same(phase: Phase, estates: tuple[Store, Store]) -> None:
    found = []
    for store in estates:
        with store.read() as reader:
            found.append([one.name for one in reader.all(Selection("ci", f"phase = {phase}"))])
    assert found[1] == found[0]
    assert (phase is Phase.GONE) <= bool(found[0])


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.name)
def test_a_status_is_asked_for_read_and_shown_by_its_label(one: CIClass, estates: tuple[Store, Store]) -> None:
    attribute = RENAMED.cls(one.name).attributes["status"]
    cls = "application" if one.name == "ci" else one.name  # of all items it would be asked in the words of each class
    with estates[1].read() as reader:
        for choice in attribute.choices:
            assert parse(attribute, choice.label) == parse(attribute, choice.value) == choice.value
            assert show(attribute, choice.value) == choice.label
            counts = [
                reader.count(Selection(cls, f'status {op} "{word}"'))
                for op in ("=", "!=")
                for word in (choice.value, choice.label)
            ]
            assert counts[0] == counts[1]
            assert counts[2] == counts[3]


def _values(verb: Verb, cls: str, alike: str, place: str, person: str) -> dict[str, FieldValue]:
    """What a verb must be given, and what it may be, of a class."""
    values: dict[str, FieldValue] = {}
    for field in verb.fields:
        attribute = field.in_class(SHIPPED, cls)
        if attribute is None or field.name == "note":
            continue
        if field.type == "class":
            values[field.name] = "Application"
        elif attribute.type == "reference":
            values[field.name] = alike if field.alike else person if "person" in field.targets else place
        elif attribute.type == "choice":
            values[field.name] = attribute.choices[0].value
        elif attribute.type == "text":
            values[field.name] = "some words"
    return values


def _outcomes(store: Store, verb: Verb, every: bool) -> dict[str, tuple[str | None, str]]:
    """Record → what its status means after the verb, or why it could not be done.

    Tried are one record of each class in each status, or with ``every`` all of them.
    """
    tried = {(cls, values["status"], uid if every else ""): uid for uid, cls, values in RECORDS}
    with store.read() as reader:
        person = reader.find("person:Active").uid
        place = reader.all(Selection("site"))
        place_uid = next(iter(place)).uid
        found: dict[str, tuple[str | None, str]] = {}
        there = reader.by_uid(tried.values())
        for (cls, _, _), uid in tried.items():
            record = there[uid]
            why = verb.reason(reader.schema, record)
            if why or uid in (person, place_uid):
                found[uid] = (None, as_shipped(str(why)).casefold())
                continue
            alike = next(other for other, another, _ in RECORDS if another == cls and other != uid)
            revision = verb.make(reader, [uid], _values(verb, cls, alike, place_uid, person), "tester", "2026-06-30")
            after: dict[str, Any] = {e.field: e.after for e in revision.edits}
            kept = after.get("class", cls)
            status = after.get("status", record.values.get("status"))
            found[uid] = (str(life_cycle.phase_of(reader.schema, kept, status)), "")
    return found


def _of_items(verb: Verb) -> bool:
    """Whether a verb is for items, whose statuses have phases."""
    return any(verb.applies_to(SHIPPED, one.name) for one in SHIPPED.concrete())


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one of each", "every"])
@pytest.mark.parametrize("verb", list(filter(_of_items, known_verbs().values())), ids=lambda verb: verb.name)
def test_a_verb_does_the_same(verb: Verb, every: bool, estates: tuple[Store, Store]) -> None:
    shipped, own = (_outcomes(store, verb, every) for store in estates)
    hier = {uid: (phase, why.replace(" hier", "")) for uid, (phase, why) in own.items()}
    assert hier == shipped
    assert any(phase for phase, _ in shipped.values())


@pytest.mark.parametrize("phase", Phase)
def test_a_status_that_was_added_counts_by_its_phase(phase: Phase, tmp_path: Path) -> None:
    store = create_estate(tmp_path / "more.terrier")
    store.apply(Revision([Edit(Record("schema_entry", ("own",)), "", None, {"document": DOCUMENT})], "tester"))
    said = {"class": "laptop", "name": "LT-1", "status": f"more {phase}", **_stated("laptop", "Disposed")}
    store.apply(Revision([Edit(ci(new_id()), "", None, said)], "tester"))
    with store.read() as reader:
        assert [p for p in Phase if reader.count(Selection("hardware", f"phase = {p}"))] == [phase]
        question = ReportContext(reader, TODAY)
        (one,) = reader.all(Selection("laptop"))
        assert question.left(one) == (phase in (Phase.LEAVING, Phase.GONE))
        assert question.status(one) == f"more {phase}"
    store.close()


STORED = {c.value for one in OWN for c in RENAMED.cls(one.name).attributes["status"].choices if "·" in c.value}


def test_labels_are_what_is_shown_and_a_spreadsheet_comes_back(
    estates: tuple[Store, Store], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the command line, in reports and in files no stored value is seen; what is exported is imported again."""
    db = ["--db", str(tmp_path / "own.terrier")]
    write_backup(estates[1], tmp_path / "own.terrier")

    def run(*words: str) -> str:
        capsys.readouterr()
        assert main.main([*words, *db]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    assert "Deployed hier" in run("list", "Laptop", "--where", 'status = "deployed hier"')
    run("set", "laptop:laptop Deployed Active", "status=In stock hier")
    shown = [run("show", "laptop:laptop Deployed Active"), run("history", "laptop:laptop Deployed Active")]
    shown += [run("report", name) for name in reports() if name not in ("difference", "recent_changes")]
    assert "In stock hier" in shown[0]
    for text in shown:
        assert not [word for word in STORED if word in text]
    sheet = tmp_path / "laptops.csv"
    run("export", "Laptop", "--out", str(sheet))
    text = sheet.read_text("utf-8-sig")
    assert "Deployed hier" in text
    assert not [word for word in STORED if word in text]
    assert " 0 changed" in run("import", str(sheet))
    for word, stored, outcome in (
        ("Deployed hier", "h·deyolped", "1 new"),
        ("in repair HIER", "h·riaper ni", "1 changed"),
    ):
        sheet.write_text(f"Class,Name,Serial number,Status\nLaptop,NB-9,S9,{word}\n", "utf-8")
        assert outcome in run("import", str(sheet))
        listed = run("list", "Laptop", "--where", f'name = NB-9 and status = "{word}"', "--json")
        assert f'"status": "{stored}"' in listed


#: A shipped status in quotes, or compared with in a filter.
_WORDS = "|".join(sorted({c.value for one in OWN for c in one.attributes["status"].choices} - {"Active"}))
_WORD = re.compile(rf"""(["'])({_WORDS})\1|status\s*!?=+\s*["']?({_WORDS})\b""")


def test_no_code_knows_the_word_of_a_status() -> None:
    root = Path(__file__).resolve().parent.parent
    files = [p for folder in ("cmdb", "app", "importers", "ui") for p in (root / folder).rglob("*.py")]
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in files
        if "sample" not in path.relative_to(root).parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _WORD.search(line)
    ]
    assert not found
