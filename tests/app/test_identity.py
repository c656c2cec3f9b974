"""Who writes: the system's login, the name that the person gave, and their record."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import identity
from app.moments import who
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.actors import Actor
from cmdb.model.errors import UserError
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

LOGIN = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    yield made
    made.close()


def test_no_variable_changes_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME", "TERRIER_AUTHOR", "TERRIER_USER"):
        monkeypatch.setenv(name, "mallory")
    assert identity.writer_of(Settings(tmp_path), tmp_path / "a.terrier") == Actor(LOGIN, login=LOGIN)


def test_the_name_holds_for_all_estates_and_the_person_for_one(tmp_path: Path) -> None:
    settings, here, there = Settings(tmp_path), tmp_path / "a.terrier", "postgresql://anna:secret@db/estate"
    assert not identity.is_asked(settings)
    identity.keep(settings, here, " Anna   Miller\u202e", "one")
    identity.keep(settings, there, "Anna Miller", "two")
    again = Settings(tmp_path)
    assert identity.is_asked(again)
    assert identity.writer_of(again, here) == Actor("Anna Miller", login=LOGIN, person="one")
    assert identity.writer_of(again, there).person == "two"
    assert "secret" not in again.path.read_text("utf-8")
    identity.keep(again, here, "Anna Miller", None)
    assert identity.writer_of(again, here).person == ""
    for wrong in ("", " \u200b", "x" * 101):
        with pytest.raises(UserError):
            identity.checked_name(wrong)


def test_own_person_is_a_person_that_is_there(tmp_path: Path, store: Store) -> None:
    hand = Hand(store)
    anna, laptop = hand.make("person", "Anna Miller"), hand.make("laptop", "LT-1")
    settings = Settings(tmp_path)
    for person, found in ((anna, anna), (laptop, None), ("gone", None), (None, None)):
        identity.keep(settings, store.where, "Anna Miller", person)
        workspace = Workspace(store, settings)
        with workspace.read() as reader:
            assert identity.own_person(reader, workspace.writer) == found
    hand.make("laptop", "LT-2")
    with store.read() as reader:
        assert reader.revisions(1)[0].actor == Actor("Anna Miller", login=LOGIN)


def test_a_likely_record_is_found_by_login_or_name(store: Store) -> None:
    hand, writer = Hand(store), Actor('Anna "A" Miller', login="anna")
    with store.read() as reader:
        assert identity.likely_person(reader, writer) is None
    named = hand.make("person", 'Anna "A" Miller')
    with store.read() as reader:
        assert identity.likely_person(reader, writer) == (named, writer.name)
    by_login = hand.make("person", "Miller, A.", user_name="anna")
    with store.read() as reader:
        assert identity.likely_person(reader, writer) == (by_login, "Miller, A.")


def test_a_record_is_made_for_the_writer(tmp_path: Path, store: Store) -> None:
    workspace = Workspace(store, Settings(tmp_path))
    workspace.identify("Anna Miller", None)
    with workspace.read() as reader:
        revision = identity.new_person(reader, workspace.writer)
    (made,) = workspace.apply(revision).created
    workspace.identify("Anna Miller", made)
    assert workspace.writer == Actor("Anna Miller", login=LOGIN, person=made)
    assert Hand(store).get(made).values["user_name"] == LOGIN


def test_who_says_which_record_is_theirs_was_not_asked_for_the_name(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    identity.keep(settings, tmp_path / "a.terrier", identity.writer_of(settings, tmp_path / "a.terrier").name, "one")
    assert not identity.is_asked(settings)
    assert identity.writer_of(settings, tmp_path / "a.terrier") == Actor(LOGIN, login=LOGIN, person="one")
    identity.ask_no_more(settings)
    assert identity.is_asked(settings)


def test_the_login_stands_beside_another_name(tmp_path: Path, store: Store) -> None:
    workspace = Workspace(store, Settings(tmp_path))
    hand = Hand(store)
    hand.make("laptop", "LT-1")
    workspace.identify("Anna Miller", None)
    hand.make("laptop", "LT-2")
    with store.read() as reader:
        assert [who(header) for header in reader.revisions(2)] == [f"Anna Miller ({LOGIN})", LOGIN]
