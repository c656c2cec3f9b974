"""A head that was noted outside shows what the chain alone cannot: that all of it was computed anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue
from cmdb.model.journal_head import JournalHead, NotedHead
from cmdb.register import retention
from cmdb.store.connection import engine as engines
from cmdb.store.rows import chain, tables
from cmdb.store.rows.canonical_rows import CanonicalNames
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.noted_heads import compare
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.upkeep.test_old_formats import unpacked
from tests.cmdb.store.upkeep.test_retention import NOW, clock, keep


def head(store: Store) -> JournalHead:
    with store.read() as reader:
        return reader.head()


def problem(store: Store, noted: str) -> str:
    with store.read() as reader:
        return str(compare(reader, NotedHead.parse(noted)).problem)


def proved(store: Store, noted: str) -> str:
    with store.read() as reader:
        return str(compare(reader, NotedHead.parse(noted)).proved)


@pytest.fixture
def worked(hand: Hand) -> Hand:
    """Six revisions."""
    uid = hand.make("laptop", "LT-1")
    for number in range(5):
        hand.set(uid, "notes", f"note {number}")
    return hand


def test_a_journal_that_goes_on_holds_against_earlier_heads(worked: Hand) -> None:
    noted = head(worked.store)
    assert str(noted) == f"6:{noted.hash}"
    worked.make("laptop", "LT-2")
    for text in (str(noted), noted.hash, noted.hash[:32].upper(), f" {noted.number} : {noted.hash} "):
        assert proved(worked.store, text) == "The journal up to revision 6 is the one whose head was noted."
        assert problem(worked.store, text) == ""
    with worked.store.read(3) as reader:
        then = reader.head()
    assert proved(worked.store, str(then)).startswith("The journal up to revision 3 ")


def test_a_chain_that_was_computed_anew_is_found_with_a_noted_head_only(worked: Hand) -> None:
    store, noted = worked.store, head(worked.store)
    with engines.writing(store._engine) as connection:
        for table in (tables.claim, tables.claim_version):
            said = table.c.said
            for key, text in connection.execute(select(table.c.revision, said)).all():
                new = text.replace("note 1", "note X")
                connection.execute(table.update().where(table.c.revision == key).values(said=new))
        connection.execute(tables.ci_version.update().where(tables.ci_version.c.notes == "note 1"), {"notes": "note X"})
    assert check_integrity(store)
    with engines.writing(store._engine) as connection:
        compute_anew(connection)
    assert list(map(str, check_integrity(store))) == []
    assert problem(store, str(noted)) == "The journal was rewritten: revision 6 has another hash than the noted head."
    assert problem(store, noted.hash).startswith("No revision has the noted hash: the journal was rewritten")


def compute_anew(connection: Connection) -> None:
    """Computes every link anew over the rows as they are, as a forger would."""
    names = CanonicalNames(connection)
    previous, r = "", tables.revision
    last = int(connection.execute(select(func.max(r.c.number))).scalar_one())
    for row, edits in chain.edits_of(connection, 0, last, names, Control()):
        previous = chain.link(previous, row._asdict(), edits, names)
        connection.execute(r.update().where(r.c.number == row.number).values(hash=previous))


def test_missing_revisions_are_told_from_rewritten_ones(worked: Hand) -> None:
    noted = head(worked.store)
    assert problem(worked.store, f"9:{noted.hash}") == (
        "Revisions are missing: the noted head is that of revision 9, and the journal ends with 6."
    )
    assert problem(worked.store, f"5:{noted.hash}").startswith("The journal was rewritten: revision 5")


@pytest.mark.parametrize("text", ["", "6", "abc", "6:xyz", "6:" + "a" * 31, "a" * 65, "x:" + "a" * 64])
def test_what_is_no_head_is_said(text: str) -> None:
    with pytest.raises(InvalidValue, match="is no head of a journal"):
        NotedHead.parse(text)


def test_a_head_from_before_a_pruning_proves_little(store: Store) -> None:
    clock(store)
    hand = Hand(store)
    uid = hand.make("laptop", "LT-1")
    for number in range(2, 11):
        hand.set(uid, "notes", str(number))
    with store.read(3) as reader:
        noted = str(reader.head())
    keep(store, "12m")
    assert retention.prune(store, "tester", now=NOW).number
    assert "whose history is no longer kept" in proved(store, noted)
    assert proved(store, str(head(store))).startswith("The journal up to revision 12 is the one")


def test_a_head_from_before_format_3_is_known(tmp_path: Path) -> None:
    where = unpacked(2, tmp_path / "old.terrier")
    with closing(sqlite3.connect(where)) as connection:
        number, old = connection.execute("SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1").fetchone()
    store = open_estate(where)
    assert "from before format 3" in proved(store, f"{number}:{old}")
    assert problem(store, f"{number}:{old}") == ""
    store.close()
