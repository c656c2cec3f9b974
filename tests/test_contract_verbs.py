"""What every verb must keep to: done with a made record of each class it applies to, and undone without a trace.

A new verb is tested here without a line being added.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path

import pytest

import main
from app.cli.verbs import verb_commands
from app.verbs import known_verbs, make
from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import parse
from cmdb.model.verb import FieldValue, Verb
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.estate_snapshot import picture
from tests.pseudo_locale import spoken

SCHEMA = Schema.load()
ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
VERBS = list(known_verbs().values())

#: A value of each type, as a person would type it.
TYPED = {
    "text": "some words", "long_text": "two\nlines", "integer": "42", "number": "2.5", "money": "1,234.50",
    "date": "2026-03-31", "time": "2026-03-31T10:00:00Z", "boolean": "yes", "email": "name@example.org",
    "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "url": "https://example.org/",
}  # fmt: skip


def named(verb: Verb) -> str:
    return verb.name


CLASSES = [one for root in ROOT_CLASSES for one in SCHEMA.tree(root) if not one.abstract]


def classes(verb: Verb) -> list[str]:
    return [one.name for one in CLASSES if verb.applies_to(SCHEMA, one.name)]


@lru_cache(maxsize=1)
def targets() -> dict[str, tuple[str, str]]:
    """Class → the ids of two records to refer to: one that verbs name, and one that records refer to already."""
    return {one.name: (new_id(), new_id()) for one in CLASSES}


def target(wanted: tuple[str, ...], which: int = 0) -> str:
    """The id of a record of one of some classes, the first before the others."""
    return next(uids[which] for one in wanted for cls, uids in targets().items() if SCHEMA.is_a(cls, one))


def given(cls: str, *, full: bool) -> dict[str, FieldValue]:
    """What a record of a class must have, with ``full`` also everything that it may refer to."""
    wanted = [
        a
        for a in SCHEMA.cls(cls).attributes.values()
        if (a.required or (full and a.type == "reference")) and a.name not in ("name", "status")
    ]
    return {a.name: value_of(a, (), 1) for a in wanted}


def made(verb: Verb, cls: str) -> list[Edit]:
    """A record of a class that refers to nothing, and one that does, in a status in which a verb can be done."""
    attributes = SCHEMA.cls(cls).attributes
    kind = "status" if "status" in attributes else "state"
    found: list[Edit] = []
    for full, status in product((False, True), [choice.value for choice in attributes[kind].choices]):
        values = {"name": f"{cls} {full}", kind: status, "reason": "why", **given(cls, full=full)}
        values = {name: value for name, value in values.items() if name in attributes}
        if len(found) <= full and not verb.reason(SCHEMA, CI(0, "", cls, "", values, 0)):
            found.append(Edit(ci(new_id()), "", None, {"class": cls, **values}))
    assert found, f"no {cls} can be acted on, whatever its status"
    return found


def filled(verb: Verb, cls: str) -> dict[str, FieldValue]:
    """Every field of a verb with a value of its type, but those that are given in place of another."""
    values: dict[str, FieldValue] = {}
    for field in verb.fields:
        attribute = None if field.keeps else field.in_class(SCHEMA, cls)
        if attribute is not None and field.alike:
            values[field.name] = target((cls,))
        elif attribute is not None:
            values[field.name] = other_class(cls) if field.type == "class" else value_of(attribute, field.targets)
    return values


def of_same_values(verb: Verb) -> list[tuple[dict[str, FieldValue], list[str]]]:
    """The values of a verb's fields, each with the classes whose records get them: they are acted on at once."""
    found: list[tuple[dict[str, FieldValue], list[str]]] = []
    for cls in classes(verb):
        values = filled(verb, cls)
        known = next((alike for same, alike in found if same == values), None)
        if known is None:
            found.append((values, [cls]))
        else:
            known.append(cls)
    return found


def other_class(cls: str) -> str:
    """A class of which a record needs nothing but a name."""
    return next(c.label for c in SCHEMA.concrete() if c.name != cls and not given(c.name, full=False))


def value_of(attribute: Attribute, wanted: tuple[str, ...], which: int = 0) -> FieldValue:
    if attribute.type == "reference":
        return target(wanted or (attribute.target,), which)
    if attribute.of_amounts:
        return "EUR"
    if attribute.type == "choice":
        return attribute.choices[-1].value
    value: FieldValue = parse(attribute, TYPED[attribute.type])
    return value


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an estate with a record of every class, to be copied."""
    path = tmp_path_factory.mktemp("whole") / "whole.terrier"
    made_once = create_estate(path)
    everything = [
        Edit(ci(uid), "", None, {"class": cls, "name": f"a {cls}", **given(cls, full=False)})
        for cls, uids in targets().items()
        for uid in uids
    ]
    made_once.apply(Revision(everything, "tester"))
    made_once.close()
    return path


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Iterator[Store]:
    """An estate with a record of every class."""
    found = open_estate(Path(shutil.copy(whole, tmp_path / "verbs.terrier")))
    yield found
    found.close()


@pytest.mark.parametrize("verb", VERBS, ids=named)
def test_an_entry_is_whole(verb: Verb) -> None:
    assert str(verb.title)[0].isupper()
    assert str(verb.help)[0].islower()
    assert not str(verb.help).endswith(".")
    assert (ICONS / f"{verb.icon}.svg").is_file(), verb.icon
    assert classes(verb), "it applies to nothing"
    assert len({field.name for field in verb.fields}) == len(verb.fields)
    shown = {field.name: "this" for field in verb.fields}
    assert str(verb.done("LT-1", 1, shown)).startswith("LT-1 ")
    assert str(verb.done("", 1, shown)).startswith("1 item ")
    assert str(verb.done("", 1200, shown)).startswith("1,200 items ")
    assert any(field.name == "note" for field in verb.fields), "a person may want to say why"


@pytest.mark.parametrize("verb", VERBS, ids=named)
def test_a_verb_is_done_with_records_of_each_class_and_undone(verb: Verb, store: Store) -> None:
    records = {cls: made(verb, cls) for cls in classes(verb)}
    store.apply(Revision([edit for edits in records.values() for edit in edits], "tester"))
    before = picture(store)
    for values, alike in of_same_values(verb):
        uids = {cls: [edit.record.key[0] for edit in records[cls]] for cls in alike}
        every = [uid for some in uids.values() for uid in some]
        with store.read() as reader:
            revision = make(reader, verb, every, values, "tester", "2026-03-31", every=True)
        applied = store.apply(revision)
        kept = {values[field.name] for field in verb.fields if field.alike}
        happened = (applied.updated | applied.deleted) - kept
        assert [cls for cls in alike if not set(uids[cls]) <= happened] == [], "nothing happened to these"
        assert happened == set(every)
        assert not history.undo(store, applied.number, "tester").kept
        with store.read() as reader:
            after = {c.uid: dict(c.values) for c in reader.by_uid(every).values()}
        for cls in alike:
            assert {uid: after.get(uid) for uid in uids[cls]} == {uid: before["ci"][uid][1] for uid in uids[cls]}, cls
        assert len(after) == len(every)
    assert picture(store) == before


@pytest.mark.parametrize("verb", VERBS, ids=named)
def test_a_reason_written_in_one_language_is_read_in_another(verb: Verb, store: Store, tmp_path: Path) -> None:
    cls = classes(verb)[0]
    (record, *_) = made(verb, cls)
    store.apply(Revision([record], "tester"))
    store.close()
    with spoken():
        writer = open_estate(tmp_path / "verbs.terrier")
        with writer.read() as reader:
            done = make(reader, verb, [record.record.key[0]], filled(verb, cls), "tester", "2026-03-31", every=True)
        number = writer.apply(done).number
        undone = history.undo(writer, number, "tester").number
        writer.close()
    after = open_estate(tmp_path / "verbs.terrier")
    with after.read() as reader:
        said = [str(reader.revision(one).reason) for one in (number, undone)]
    after.close()
    assert not [reason for reason in said if "⟦" in reason]


@pytest.mark.parametrize("command", verb_commands().values(), ids=lambda command: command.name)
def test_a_verb_is_done_on_the_command_line(
    command: object, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb = next(one for one in VERBS if verb_commands()[one.word] is command)
    cls = classes(verb)[0]
    (record, *_) = made(verb, cls)
    store.apply(Revision([record], "tester"))
    able = record.record.key[0]
    before = picture(store)
    store.close()
    words = [f"{name}={value}" for name, value in filled(verb, cls).items()]
    db = ["--db", str(tmp_path / "verbs.terrier"), "--json"]
    capsys.readouterr()
    assert main.main([verb.word, able, *words, "--at", "2026-03-31", *db]) == 0, capsys.readouterr().err
    document = json.loads(capsys.readouterr().out)
    assert document["revision"]
    assert [one["id"] for one in document["records"]] == [able]
    assert main.main(["undo", *db]) == 0
    after = open_estate(tmp_path / "verbs.terrier")
    assert picture(after) == before
    after.close()


@pytest.mark.parametrize("verb", VERBS, ids=named)
def test_a_verb_explains_itself(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main([verb.word, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f"{field.name}=" in said for field in verb.fields)
    assert "--at" in said
