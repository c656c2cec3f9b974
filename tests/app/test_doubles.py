"""Doubles: what looks like one thing is found with its evidence, what differs is not, and a decision is remembered."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import main
from app.doubles import are_different, doubles
from app.reviews.bulk_decisions import decide_all
from app.reviews.double_questions import DIFFERENT, double_questions
from app.reviews.found_pairs import MOST
from cmdb.model.errors import NotFound
from cmdb.model.revision import Edit, Record
from cmdb.reconciliation.doubles import look, person_look
from cmdb.register import history
from cmdb.register.merging import merge
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

UUID, SWAPPED = "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "e004253f-894f-d341-9a0c-0305e82c3301"
MARCH = "2026-03-01T00:00:00Z"


def found(store: Store) -> list[tuple[str, str, int]]:
    with store.read() as reader:
        return [(one.first.name, one.second.name, one.score) for one in doubles(reader).pairs]


def evidence(store: Store) -> str:
    with store.read() as reader:
        (pair,) = doubles(reader).pairs
    return "; ".join(map(str, pair.evidence))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"serial_number": "PF-1"}, {"serial_number": "pf-1"}, "Same serial number PF-1"),
        ({"asset_tag": "01000"}, {"asset_tag": "1000"}, "The asset tags 01000 and 1000 look alike"),
        ({"asset_tag": "LT-O1S"}, {"asset_tag": "lt 0I5"}, "The asset tags LT-O1S and lt 0I5 look alike"),
        (
            {"uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"},
            {"uuid": "e004253f-894f-d341-9a0c-0305e82c3301"},
            "Same UUID",
        ),
        ({"host_name": "pc-7"}, {"host_name": "PC-7"}, "Same host name PC-7"),
        ({"mac_address": "3c:52:82:aa:00:07"}, {"mac_address": "3c:52:82:aa:00:07"}, "Same network adapters"),
    ],
)
def test_two_laptops_that_are_one(
    hand: Hand,
    store: Store,
    first: dict[str, Any],
    second: dict[str, Any],
    said: str,
) -> None:
    hand.make("laptop", "LT-7", **first)
    hand.make("laptop", "lt-7", **second)
    assert said in evidence(store)
    hand.make("laptop", "LT-8", serial_number="PF-8", asset_tag="8")
    hand.make("laptop", "LT-8", serial_number="PF-9", asset_tag="9")
    assert len(found(store)) == 1, "one name, and nothing else in common"


def test_what_sources_saw_counts(hand: Hand, store: Store) -> None:
    for name in ("LT-1", "PC one"):
        uid = hand.make("laptop", name)
        said = {"evidence.mac": [["3c:52:82:aa:00:07"], MARCH]}
        hand.apply(Edit(Record("claim", (uid, f"scan:{name}")), "", None, said))
    assert "Same network adapters 3c:52:82:aa:00:07" in evidence(store)


@pytest.mark.parametrize(
    ("cls", "name", "other"), [("laptop", "Spare Desk", "spare desk"), ("site", "Zürich West", "zürich  west")]
)
def test_evidence_shows_values_as_they_are_written(hand: Hand, store: Store, cls: str, name: str, other: str) -> None:
    hand.make(cls, other)
    hand.make(cls, name)
    assert f"Same name {name}" in evidence(store)


def test_people(hand: Hand, store: Store) -> None:
    hand.make("person", "Ann Lee", user_name="alee")
    hand.make("person", "Lee, Ann")
    hand.make("person", "A. Lee", user_name="ACME\\ALee")
    assert {one[:2] for one in found(store)} == {("Ann Lee", "Lee, Ann"), ("Ann Lee", "A. Lee")}


def test_a_value_that_many_have_makes_nobody_a_double(hand: Hand, store: Store) -> None:
    hand.apply(*(hand.new("printer", "Printer") for _ in range(20)))
    hand.apply(*(hand.new("laptop", f"LT-{n}", serial_number="To be filled") for n in range(20)))
    assert found(store) == []


def test_a_server_is_no_person_and_no_other_class(hand: Hand, store: Store) -> None:
    for cls in ("server", "person", "printer", "site"):
        hand.make(cls, "Delta")
    assert found(store) == []


def test_what_is_different_is_not_asked_again(hand: Hand, store: Store) -> None:
    one, other = hand.make("server", "srv"), hand.make("server", "srv")
    assert len(found(store)) == 1
    with store.read() as reader:
        number = store.apply(are_different(reader, other, one, "tester")).number
    assert found(store) == []
    with store.read() as reader:
        assert not list(are_different(reader, one, other, "tester").edits)
    history.undo(store, number, "tester")
    assert len(found(store)) == 1
    with store.read() as reader:
        store.apply(merge(reader, [other], one, "tester"))
    assert found(store) == []


def test_two_are_told_apart_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "estate.terrier"
    file = create_estate(path)
    one, other = Hand(file).make("server", "srv", asset_tag="7"), Hand(file).make("server", "srv", asset_tag="007")
    file.close()
    db = ["--db", str(path)]
    assert main.main(["report", "doubles", "--json", *db]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)["rows"]] == [one]
    assert main.main(["review", "different", "7", other, *db]) == 0
    capsys.readouterr()
    assert main.main(["report", "doubles", "--json", *db]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
    assert main.main(["review", "different", "7", one, *db]) == 2


def test_looks() -> None:
    assert look("SN-0O1l5") == look("sn 00115")
    assert look("10") != look("1")
    assert look("LT-00100") == look("lt100")
    assert person_look("Lee, Ann") == person_look("ann lee")
    assert person_look("Ann") == ""


def test_pairs_of_which_a_record_is_gone_are_left_out_when_many_are_answered(hand: Hand, store: Store) -> None:
    for number in (7, 8):
        for name in (f"LT-{number}", f"lt-{number}"):
            uid = hand.make("laptop", name, serial_number=f"PF-{number}")
    with store.read() as reader:
        questions = double_questions(doubles(reader, MOST)).questions
        whole = {"class": "laptop", **reader.get(uid).values}
    hand.apply(Edit(Record("ci", (uid,)), "", whole, None))
    with store.read() as reader:
        revision = decide_all(reader, questions, DIFFERENT, "anna")
        with pytest.raises(NotFound, match="gone"):
            decide_all(reader, questions[1:] if questions[0].name == "LT-7" else questions[:1], DIFFERENT, "anna")
    assert (len(revision.edits), str(revision.reason)) == (1, "Review: 1 question")


def test_what_is_counted_in_the_background_loads_no_importer() -> None:
    """It is counted while the window learns of the reports, which load importers in another thread: Python gives a
    module that is half loaded to one of two threads that load modules in different orders.
    """
    program = (
        "import sys; import app.doubles, app.reviews.found_pairs; print([m for m in sys.modules if 'importers' in m])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
