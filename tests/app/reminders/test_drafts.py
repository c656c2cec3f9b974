"""What people are asked for, and the drafts of e-mails that say it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import main
from app.overview.figures import attention_items
from app.receipts.unsigned import unsigned
from app.reminders.drafts import MailDraft, drafts, write_drafts
from app.reminders.open_points import OpenPoints, open_points
from cmdb.model.errors import InvalidValue
from cmdb.model.records import CI
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

TODAY = date(2026, 11, 20)
ODD = '"Ö, Łukasz" عمر <x@y.example>'


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def message(draft: MailDraft) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(draft.content, policy=policy.default))


def test_each_person_gets_one_draft_with_all_that_is_open(
    hand: Hand, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anja = hand.make("person", ODD, email="a.vogt@harbour.example")
    bert, room = hand.make("person", "Bert"), hand.make("room", "2.14")
    hand.make("receipt", "LT-1 handed over", signer=anja, done_on="2026-11-01")
    hand.make("receipt", "LT-0 handed over", signer=anja, done_on="2026-10-01", state="Void", reason="Old.")
    hand.make("receipt", "Old sheet", signer=bert)
    hand.make("laptop", "LT-2", assigned_to=anja, expected_return="2026-11-19", asset_tag="LT-2", serial_number="S2")
    for holder, back in ((anja, "2026-11-20"), (room, "2026-11-01")):
        hand.make("laptop", "LT-3", assigned_to=holder, expected_return=back)
    with hand.store.read() as reader:
        assert [(one.record.name, one.age) for one in unsigned(reader, TODAY)] == [
            ("LT-1 handed over", 19), ("Old sheet", None),
        ]  # fmt: skip
        said = [(str(one.subject), str(one.text), one.page) for one in attention_items(reader, TODAY)]
        assert ("Receipts: 2", "not signed", "tasks") in said
        of_anja, of_bert = drafts(open_points(reader, TODAY))
        assert [one.points.person.name for one in drafts(open_points(reader, TODAY, [bert]))] == ["Bert"]
    found = message(of_anja)
    assert [(one.display_name, one.addr_spec) for one in cast(Any, found["To"]).addresses] == [
        (ODD, "a.vogt@harbour.example")
    ]
    assert (found["Subject"], found["X-Unsent"]) == ("Your equipment: 2 open points", "1")
    assert found.get_content().splitlines() == [
        f"Hello {ODD},", "", "please sign for these items:", "- RCP-1: LT-1 handed over (1 Nov 2026)", "",
        "please bring these items back:", "- LT-2 (S2), expected on 19 Nov 2026",
    ]  # fmt: skip
    assert (of_bert.address, message(of_bert)["To"]) == ("", None)
    with pytest.raises(InvalidValue, match=r"for 2 people: name a \.zip"):
        write_drafts(tmp_path / "all.eml", [of_anja, of_bert])
    with pytest.raises(InvalidValue, match=r"are written as \.eml or \.zip"):
        write_drafts(tmp_path / "all.txt", [of_bert])
    where = ["--db", str(hand.store.where), "--json"]
    assert main.main(["remind", "--out", str(tmp_path / "all.zip"), *where]) == 0
    said_of = {one["name"]: (one["email"], one["sign"]) for one in json.loads(capsys.readouterr().out)["drafts"]}
    assert said_of == {ODD: ("a.vogt@harbour.example", 1), "Bert": (None, 1)}
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(archive.namelist())[0] == "Bert.eml"
        assert archive.read("Bert.eml") == of_bert.content
    assert main.main(["remind", "2.14", "--out", str(tmp_path / "all.zip"), *where]) == 2


@given(st.text(max_size=220), st.text(max_size=60) | st.just("a@b.example\nBcc: c@d.example"), st.text(max_size=40))
def test_no_name_and_no_address_adds_a_header(name: str, email: str, item: str) -> None:
    person = CI(1, "p", "person", name, {"name": name, "email": email}, 1)
    receipt = CI(2, "r", "receipt", item, {"name": item, "number": "RCP-1"}, 1)
    (made,) = drafts([OpenPoints(person, [receipt])])
    found = message(made)
    assert set(found.keys()) <= {
        "Subject", "To", "X-Unsent", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip
    assert len(cast(Any, found["To"]).addresses if found["To"] is not None else ()) <= 1
