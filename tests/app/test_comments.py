"""Comments that two people work on, or whose record goes into another one meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.comments import Comment, change, comments_of, delete, write
from cmdb.model.errors import Conflict
from cmdb.register.merging import merge
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier", fill_small)
    yield made
    made.close()


def uid_of(store: Store, name: str) -> str:
    with store.read() as reader:
        return reader.find(name).uid


def comment_on(store: Store, name: str) -> Comment:
    uid = uid_of(store, name)
    with store.read() as reader:
        revision = write(reader, uid, "The hinge is loose.", "anna")
    store.apply(revision)
    with store.read() as reader:
        (found,) = comments_of(reader, uid)
    return found


def test_a_text_that_nobody_has_seen_is_not_deleted(store: Store) -> None:
    seen = comment_on(store, "LT-2041")
    with store.read() as reader:
        revision = change(reader, seen, "Both hinges are loose: do not open it.", "bob")
    store.apply(revision)
    with store.read() as reader:
        revision = delete(reader, seen, "anna")
    with pytest.raises(Conflict, match="was changed meanwhile"):
        store.apply(revision)
    with store.read() as reader:
        (now,) = comments_of(reader, seen.owner)
        store.apply(delete(reader, now, "anna"))


def test_a_comment_is_named_by_the_record_that_has_it_now(store: Store) -> None:
    seen = comment_on(store, "LT-2048")
    kept = uid_of(store, "LT-2041")
    with store.read() as reader:
        revision = merge(reader, [seen.owner], kept, "anna")
    store.apply(revision)
    with store.read() as reader:
        assert str(change(reader, seen, "Mended.", "bob").reason) == "Comment on LT-2041 changed"
        assert str(delete(reader, seen, "bob").reason) == "Comment on LT-2041 deleted"
