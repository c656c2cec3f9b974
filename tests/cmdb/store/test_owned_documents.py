"""Comments, and who watches: they belong to a record, go and come back with it, and move to what it is merged into."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from app.comments import change, comments_of, found_comments, number_of_comments, write
from app.comments import delete as delete_comment
from app.watching import is_watched, toggled, watched
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import drafts, history
from cmdb.register.edits import delete
from cmdb.register.merging import merge
from cmdb.register.splitting import merged_records, split
from cmdb.store.connection import engine as engines
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.store import Store
from cmdb.store.upkeep import integrity
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.store.conftest import Hand, KeptRows, Places


def say(store: Store, uid: str, text: str, author: str = "anna") -> int:
    with store.read() as reader:
        made = write(reader, uid, text, author)
    return store.apply(made).number


def said(store: Store, uid: str, at: int | None = None) -> list[str]:
    with store.read(at) as reader:
        return [one.text for one in comments_of(reader, uid)]


def test_comments_are_found_by_their_words(hand: Hand, store: Store) -> None:
    uid = hand.make("laptop", "LT-1")
    first = say(store, uid, "The Gehäuse “rattles”, see http://x.example/a-1")
    say(store, uid, "The battery is weak")

    def found(text: str, at: int | None = None) -> list[str]:
        with store.read(at) as reader:
            return [one.excerpt for one in found_comments(reader, text, 9)]

    assert found("gehäuse RATTLES") == ["The Gehäuse “rattles”, see http://x.example/a-1"]
    assert found("a-1 gehÄuse") == ["… see http://x.example/a-1"], "from shortly before the first word"
    assert [one[:11] for one in found("the")] == ["The battery", "The Gehäuse"], "the latest first"
    assert len(found("the", first)) == 1, "as of then"
    assert found("owner") == [], "what a comment says, not how it is kept"


def test_a_comment_is_changed_deleted_and_has_a_history(hand: Hand, store: Store) -> None:
    uid = hand.make("laptop", "LT-1")
    made = say(store, uid, " The fan is loud.\nSince May. ")
    with store.read() as reader:
        (one,) = comments_of(reader, uid)
        assert (one.text, one.by, one.edited) == ("The fan is loud.\nSince May.", "anna", "")
        changed = change(reader, one, "Quiet again.", "anna")
        assert list(change(reader, one, one.text, "anna").edits) == []
    applied = store.apply(changed)
    assert applied.updated == {uid}
    with pytest.raises(Conflict):
        store.apply(Revision(list(changed.edits), "tom"))
    with store.read() as reader:
        (now,) = comments_of(reader, uid)
        assert (now.text, bool(now.edited), number_of_comments(reader, uid)) == ("Quiet again.", True, 1)
        told = [(v.number, [(e.field, e.after) for e in v.edits if e.record.kind == "comment"])
                for v in reader.versions(uid)]  # fmt: skip
        assert [number for number, _ in told[:2]] == [applied.number, made]
        assert ("text", "Quiet again.") in told[0][1]
        gone = delete_comment(reader, now, "tom")
    store.apply(gone)
    assert said(store, uid) == []
    assert said(store, uid, made) == ["The fan is loud.\nSince May."]
    with store.read() as reader, pytest.raises(NotFound):
        change(reader, now, "Too late", "anna")
    history.undo(store, applied.number + 1, "tester")
    assert said(store, uid) == ["Quiet again."]
    history.undo(store, applied.number, "tester")
    assert said(store, uid) == ["The fan is loud.\nSince May."]
    assert integrity.check_integrity(store) == []


def test_a_comment_needs_a_text_and_a_record_that_is_there(hand: Hand, store: Store) -> None:
    uid = hand.make("laptop", "LT-1")
    with store.read() as reader:
        for text in ("", " \n ", "x" * 10_001):
            with pytest.raises(InvalidValue):
                write(reader, uid, text, "anna")
    for fields in ({"text": "nobody's"}, {"owner": uid}):
        with pytest.raises(InvalidValue):
            hand.apply(Edit(Record("comment", (new_id(),)), "", None, fields))
    with pytest.raises(NotFound):
        hand.apply(Edit(Record("comment", (new_id(),)), "", None, {"owner": new_id(), "text": "of none"}))


def test_they_go_with_the_record_and_come_back(hand: Hand, store: Store) -> None:
    uid, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    say(store, uid, "one")
    say(store, other, "two")
    with store.read() as reader:
        hand.apply(*toggled(reader, [uid, other], "anna").edits)
        created = reader.revisions(uid=uid)[-1].number
    assert history.undo(store, created, "tester").kept, "a record that was commented on stays"
    with store.read() as reader:
        applied = store.apply(delete(reader, [uid], "tester"))
    with store.read() as reader:
        assert next(iter(reader.records("comment").values()))["owner"] == other
        assert [one["owner"] for one in reader.records("watch").values()] == [other]
    assert integrity.check_integrity(store) == []
    history.undo(store, applied.number, "tester")
    assert said(store, uid) == ["one"]
    with store.read() as reader:
        assert is_watched(reader, uid, "anna")
        assert not is_watched(reader, uid, "tom")
    assert integrity.check_integrity(store) == []


def test_a_merge_moves_them_and_a_split_gives_them_back(hand: Hand, store: Store) -> None:
    kept, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-1 again")
    say(store, kept, "of the one")
    say(store, other, "of the other")
    with store.read() as reader:
        applied = store.apply(merge(reader, [other], kept, "tester"))
    assert said(store, kept) == ["of the one", "of the other"]
    assert integrity.check_integrity(store) == []
    with store.read() as reader:
        (one,) = merged_records(reader, kept)
        apart, stays = split(reader, reader.get(kept), one, "tester")
    store.apply(apart)
    assert stays == ()
    assert (said(store, kept), said(store, other)) == (["of the one"], ["of the other"])
    assert applied.number


def test_a_draft_holds_a_comment_until_it_is_applied(hand: Hand, store: Store) -> None:
    uid = hand.make("laptop", "LT-1")
    with store.read() as reader:
        draft, revision = drafts.new_draft(reader, "Spring", "anna")
    store.apply(revision)
    inside = DraftStore(store, draft)
    say(inside, uid, "in the draft")
    assert (said(store, uid), said(inside, uid)) == ([], ["in the draft"])
    assert inside.commit("anna").number
    assert said(store, uid) == ["in the draft"]
    assert integrity.check_integrity(store) == []


def test_they_move_to_another_database_and_back(hand: Hand, store: Store, places: Places, tmp_path: Path) -> None:
    uid = hand.make("laptop", "LT-1")
    say(store, uid, "kept")
    to_server = isinstance(store.where, Path)
    target = places.new("postgresql") if to_server else tmp_path / "moved.terrier"
    places.make(target)
    move(store, target)
    there = open_estate(target)
    assert said(there, uid) == ["kept"]
    assert integrity.check_integrity(there) == []
    there.close()
    places.clear(target)


def test_a_comment_of_no_record_is_found_by_check(hand: Hand, store: Store) -> None:
    uid = hand.make("laptop", "LT-1")
    say(store, uid, "kept")
    rows = KeptRows(store)
    with engines.writing(store._engine) as connection:
        connection.exec_driver_sql("UPDATE document SET owner = 'nobody' WHERE kind = 'comment'")
    assert any("comment" in str(one) for one in integrity.check_integrity(store))
    rows.restore()


def test_what_others_changed_is_news_and_what_one_changed_is_not(hand: Hand, store: Store) -> None:
    uid, quiet = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    hand.set(uid, "notes", "before", author="tom")
    with store.read() as reader:
        hand.apply(*toggled(reader, [quiet, uid], "anna").edits, author="anna")
    hand.set(uid, "notes", "hers", author="anna")
    hand.set(uid, "notes", "his", author="tom")
    number = say(store, uid, "Look", "tom")
    with store.read() as reader:
        hand.apply(*toggled(reader, [uid], "tom").edits, author="tom")  # that he watches is no news
    with store.read() as reader:
        first, second = watched(reader, "anna", {}).first
        assert (first.uid, first.number, second.uid, second.number) == (uid, 2, quiet, 0)
        assert first.last is not None
        assert first.last.number == number
        assert [one.number for one in watched(reader, "anna", {uid: number}).first] == [0, 0]
        assert [one.uid for one in watched(reader, "tom", {}).first] == [uid]
        hand.apply(*toggled(reader, [uid, quiet], "anna").edits, author="anna")
    with store.read() as reader:
        assert watched(reader, "anna", {}).total == 0


def test_news_are_found_among_all_that_one_watches_in_a_few_statements(hand: Hand, store: Store) -> None:
    uids = [new_id() for _ in range(300)]
    hand.apply(*(Edit(ci(uid), "", None, {"class": "laptop", "name": f"LT-{place:03}"})
                 for place, uid in enumerate(uids)))  # fmt: skip
    few, every = _statements_of_watching(hand, store, uids[:2]), _statements_of_watching(hand, store, uids)
    for step in range(60):
        hand.set(uids[-1], "notes", f"step {step}", author="tom")
    hand.set(uids[0], "notes", "first of names", author="tom")
    with store.read() as reader:
        found = watched(reader, "anna", {})
        assert found.total == 300
        assert [(one.name, one.number) for one in found.news] == [("LT-000", 1), ("LT-299", 60)]
        assert len(found.first) == 300
        bounded = watched(reader, "anna", {}, most=1)
        assert ([one.name for one in bounded.first], bounded.total) == (["LT-000"], 300)
    assert every == few, "statements for each watched record"


def _statements_of_watching(hand: Hand, store: Store, uids: list[str]) -> int:
    """How many statements it takes to look at what is watched, when these are watched, too."""
    asked: list[str] = []
    with store.read() as reader:
        missing = [uid for uid in uids if not is_watched(reader, uid, "anna")]
        hand.apply(*toggled(reader, missing, "anna").edits, author="anna")
    with store.read() as reader:
        event.listen(reader._connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        watched(reader, "anna", {})
    return len(asked)
