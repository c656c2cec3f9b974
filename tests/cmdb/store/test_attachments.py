"""Files that are kept with records: their contents stand in the estate once, and go with retention only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cmdb.model.attachments import CHUNK, FileContent
from cmdb.model.errors import FileProblem, InvalidValue, NotFound
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.register import drafts, history, retention
from cmdb.register.edits import delete
from cmdb.register.merging import merge
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.reading.attachments import attachments_of, content_of
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep import integrity
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.some_files import content
from tests.cmdb.store.conftest import Hand, Places

PICTURE = bytes(range(256)) * (20 * CHUNK // 256) + b"\x00\xff end"
"""More chunks than are moved at once, with every byte."""


@pytest.fixture
def file(tmp_path: Path, places: Places) -> Iterator[Store]:
    """An empty estate in a file."""
    found = places.lay_out(tmp_path / "own.terrier")
    yield found
    found.close()


def attach(store: Store, record: str, *files: FileContent, **header: Any) -> list[str]:
    """Attaches files in one revision; returns their ids."""
    ids = [new_id() for _ in files]
    edits = [
        Edit(Record("attachment", (uid,)), "", None,
             {"record": record, "name": one.name, "type": "image/jpeg", "size": one.size, "sha256": one.sha256})
        for uid, one in zip(ids, files, strict=True)
    ]  # fmt: skip
    store.apply(Revision(edits, "anna", files=files, **header))
    return ids


def kept(store: Store) -> tuple[int, int]:
    """The numbers of contents and of their chunks."""
    with store._engine.connect() as connection:
        return tuple(  # type: ignore[return-value]
            connection.execute(select(func.count()).select_from(t)).scalar_one()
            for t in (tables.blob, tables.blob_chunk)
        )


def read(store: Store, record: str, at: int | None = None) -> dict[str, bytes]:
    """Name of each file of a record → its content."""
    with store.read(at) as reader:
        return {one.name: b"".join(content_of(reader, one)) for one in attachments_of(reader, [record])}


def test_a_file_is_kept_once_moves_and_comes_back(store: Store, tmp_path: Path, places: Places) -> None:
    hand = Hand(store)
    laptop, model = hand.make("laptop", "LT-1"), hand.make("task", "Repair it")
    attach(store, laptop, content(PICTURE))
    attach(store, model, content(PICTURE, "same.jpg"), content(b"", "empty.txt"))
    assert kept(store) == (2, 21)
    assert read(store, model) == {"same.jpg": PICTURE, "empty.txt": b""}
    with store.read() as reader:
        (one,) = attachments_of(reader, [laptop])
        assert (one.author, one.size, one.record, one.about) == ("anna", len(PICTURE), laptop, "")
    assert integrity.check_integrity(store) == []
    to_server = isinstance(store.where, Path)
    target = places.new("postgresql") if to_server else tmp_path / "moved.terrier"
    places.make(target)
    move(store, target)
    moved = open_estate(target)
    assert read(moved, laptop) == {"photo.jpg": PICTURE}
    assert integrity.check_integrity(moved) == []
    moved.close()
    places.clear(target)


def test_a_record_is_found_by_the_name_of_its_file_today_and_then(store: Store) -> None:
    hand = Hand(store)
    laptop, other = hand.make("laptop", "LT-1", serial_number="SN77"), hand.make("task", "Repair it")

    def found(words: str, at: int | None = None) -> set[str]:
        with store.read(at) as reader:
            return {one.uid for one in reader.search(words)}

    (uid,) = attach(store, laptop, content(b"a", "Überblick invoice-2026.pdf"))
    attach(store, other, content(b"a", "invoice.pdf"))
    with store.read() as reader:
        attached, fields = reader.number, reader.records("attachment")[uid,]
    assert found("invoice") == {laptop, other}
    assert found("überblick LT-1") == {laptop}
    assert found("überblick sn77") == {laptop}
    hand.apply(Edit(Record("attachment", (uid,)), "", fields, None))
    assert found("überblick") == set()
    assert found("überblick", attached) == {laptop}
    assert found("invoice", attached) == {laptop, other}
    assert integrity.check_integrity(store) == []


def test_what_changed_meanwhile_or_is_not_there_is_not_attached(file: Store) -> None:
    store, laptop = file, Hand(file).make("laptop", "LT-1")
    for later in (PICTURE + b"more", PICTURE[:-1], PICTURE[:-1] + b"x"):
        with pytest.raises(FileProblem, match="changed while it was read"):
            attach(store, laptop, content(PICTURE, later=later))
    missing = {"record": laptop, "name": "x", "size": 3, "sha256": "0" * 64}
    with pytest.raises(InvalidValue, match="not kept in this estate"):
        Hand(store).apply(Edit(Record("attachment", (new_id(),)), "", None, missing))
    with pytest.raises(InvalidValue, match="needs a name"):
        Hand(store).apply(Edit(Record("attachment", (new_id(),)), "", None, {"record": laptop}))
    assert kept(store) == (0, 0)


def test_detached_files_stay_until_retention_drops_them(file: Store) -> None:
    store, laptop = file, Hand(file).make("laptop", "LT-1")
    (uid,) = attach(store, laptop, content(b"a"))
    with store.read() as reader:
        attached = reader.number
        fields = reader.records("attachment")[uid,]
    detached = Hand(store).apply(Edit(Record("attachment", (uid,)), "", fields, None)).number
    assert read(store, laptop) == {}
    assert read(store, laptop, attached) == {"photo.jpg": b"a"}
    history.undo(store, detached, "anna")
    assert read(store, laptop) == {"photo.jpg": b"a"}
    history.undo(store, attached, "anna")
    assert kept(store) == (1, 1)
    assert integrity.check_integrity(store) == []
    with store.read() as reader:
        rule = retention.set_rule(reader, "12m", "anna")
    store.apply(rule)
    retention.prune(store, "anna", now=datetime(2100, 1, 1, tzinfo=UTC))
    assert kept(store) == (0, 0)
    assert integrity.check_integrity(store) == []


def test_a_record_takes_its_files_along(file: Store) -> None:
    store, hand = file, Hand(file)
    laptop, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    attach(store, laptop, content(b"a"))
    with store.read() as reader:
        gone = store.apply(delete(reader, [laptop], "anna")).number
    with store.read() as reader:
        assert reader.records("attachment") == {}
    history.undo(store, gone, "anna")
    assert read(store, laptop) == {"photo.jpg": b"a"}
    with store.read() as reader:
        merged = store.apply(merge(reader, [laptop], other, "anna")).number
    assert read(store, other) == {"photo.jpg": b"a"}
    with store.read() as reader, pytest.raises(NotFound):  # the file was not written, so it is no part of it
        history.preview_undo(reader, merged, "anna", history.Part(other))
    history.undo(store, merged, "anna")
    assert (read(store, laptop), read(store, other)) == ({"photo.jpg": b"a"}, {})
    created = hand.make("laptop", "LT-3")
    with store.read() as reader:
        number = reader.number
    attach(store, created, content(b"a"))
    assert [one.name for one in history.undo(store, number, "anna").kept] == ["LT-3"]
    assert [one.number for one in _versions(store, created)] == [number + 1, number]


def _versions(store: Store, uid: str) -> Any:
    with store.read() as reader:
        return reader.versions(uid)


def test_a_draft_keeps_the_contents_of_its_files(file: Store) -> None:
    store = file
    laptop = Hand(store).make("laptop", "LT-1")

    def plan(name: str) -> DraftStore:
        with store.read() as reader:
            draft, revision = drafts.new_draft(reader, name, "anna")
        store.apply(revision)
        return DraftStore(store, draft)

    kept_one, tried = plan("Plan"), plan("Another")
    attach(kept_one, laptop, content(PICTURE))
    attach(tried, laptop, content(b"tried"))
    assert read(kept_one, laptop) == {"photo.jpg": PICTURE}
    assert read(store, laptop) == {}
    with tried.read() as reader:
        records = reader.records("attachment")
    Hand(tried).apply(*(Edit(Record("attachment", key), "", fields, None) for key, fields in records.items()))
    assert kept(store)[0] == 1, "what is taken out of a draft again is not kept"
    with store.read() as reader:
        rule = retention.set_rule(reader, "12m", "anna")
    store.apply(rule)
    retention.prune(store, "anna", now=datetime(2100, 1, 1, tzinfo=UTC))
    assert integrity.check_integrity(store) == []
    assert kept_one.commit("anna").number
    assert read(store, laptop) == {"photo.jpg": PICTURE}
