"""Verbs on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.cli import program
from app.cli.registry import COMMANDS
from app.cli.verbs import verb_commands
from tests.app.cli.conftest import Done

Run = Callable[..., Done]


@pytest.fixture
def anja(estate: Path) -> str:
    from cmdb.register.edits import create
    from cmdb.store.upkeep.startup import open_estate

    store = open_estate(estate)
    applied = store.apply(create(store.schema, "person", {"name": "Anja Vogt"}, "tester"))
    store.close()
    return next(iter(applied.created))


def test_no_verb_has_a_command_s_name() -> None:
    assert not set(verb_commands()) & set(COMMANDS)
    assert {"hand-over", "take-back", "relocate", "retire"} <= set(verb_commands())


def test_the_overview_lists_verbs() -> None:
    assert all(f"  {name} " in program.overview() for name in verb_commands())


def test_several_records_are_handed_over_on_a_day(terrier: Run, anja: str) -> None:
    done = terrier("hand-over", "A-1", "A-3", "to=Anja Vogt", "condition=good", "--at", "2026-03-03", "--json")
    assert done.status == 0, done.err
    assert done.json["revision"] == 3
    assert [one["name"] for one in done.json["records"]] == ["srv-01", "nb-1"]
    values = terrier("show", "A-3", "--json").json["attributes"]
    assert values["assigned_to"]["id"] == anja
    assert (values["assigned_on"], values["condition"], values["status"]) == ("2026-03-03", "Good", "Deployed")
    again = terrier("hand-over", "A-1", "A-3", "to=Anja Vogt", "--at", "2026-03-03", "--json")
    assert (again.status, again.json["revision"], again.json["records"]) == (0, None, [])


def test_options_may_stand_between_the_words(terrier: Run, anja: str) -> None:
    done = terrier("hand-over", "A-3", "--at", "2026-03-03", "to=Anja Vogt", "--reason", "new starter")
    assert done.status == 0, done.err
    assert "Handed over to Anja Vogt: new starter" in terrier("history").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hand-over", "A-3"], "hand-over needs to=PERSON|TEAM|DEPARTMENT|PLACE|HARDWARE"),
        (["hand-over", "A-3", "to=Nobody"], "Nobody"),
        (
            ["hand-over", "A-3", "to=Shop"],
            "Shop is of class Application; a record of one of these classes is wanted: Person, Team",
        ),
        (["dispose", "A-3", "way=sold"], "method= is “Data erasure method”"),
        (["set", "A-3", "assigned_to=Nobody"], "There is no record “Nobody” of class Person"),
        (["hand-over", "A-3", "to=Berlin", "colour=red"], "no field “colour”"),
        (["hand-over", "to=Berlin"], "Name a record"),
        (["hand-over", "A-3", "to=Berlin", "--at", "soon"], "“soon”"),
        (["hand-over", "Shop", "to=Berlin"], "Shop is of class Application"),
        (["hand-over", "twin", "to=Berlin"], "means 2 records"),
        (["back-from-repair", "A-1", "A-2"], "srv-02 isn't in repair"),
        (["relocate", "A-1", "condition=Good", "to=Berlin"], "no field “condition”"),
        (["change-class", "A-1", "class=Submarine"], "Submarine"),
        (["delete", "A-1", "--at", "2199-01-01"], "is in the future"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_one_line_and_writes_nothing(
    terrier: Run, estate: Path, words: list[str], said: str
) -> None:
    before = estate.read_bytes()
    done = terrier(*words)
    assert done.status == 2, done
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert said in done.err
    assert estate.read_bytes() == before


def test_what_a_late_verb_leaves_as_it_is_is_said(terrier: Run, anja: str) -> None:
    terrier("hand-over", "A-3", "to=Anja Vogt")
    done = terrier("relocate", "A-3", "to=Berlin", "--at", "2026-03-03")
    assert "stays as it is" not in done.out
    done = terrier("take-back", "A-3", "place=Berlin", "--at", "2026-03-03")
    assert done.status == 0
    assert "What is so today stays as it is: Status." in done.out
    assert terrier("show", "A-3", "--json").json["attributes"]["assigned_to"]["name"] == "Anja Vogt"


def test_why_a_verb_could_not_be_done_at_another_time_names_the_time(terrier: Run, estate: Path) -> None:
    terrier("create", "task", "name=Cables")
    terrier("complete", "Cables")
    done = terrier("reopen", "Cables", "--at", "2026-03-03")
    assert done.status == 2
    assert "Cables is “Open” as of 3 Mar 2026, 23:59." in done.err


def test_the_help_keeps_a_field_and_what_it_is_apart() -> None:
    for name, command in verb_commands().items():
        parser = argparse.ArgumentParser(prog=name)
        command.arguments(parser)
        for field in command.verb.fields:
            assert f"  {field.help}" in parser.format_help(), (name, field.name)


def test_what_a_field_is_called_is_not_said_twice(terrier: Run, estate: Path) -> None:
    done = terrier("take-back", "A-3")
    assert done.status == 2
    assert done.err.strip().endswith("state “Place”.")


def test_a_task_that_is_completed_today_is_closed_now(
    terrier: Run, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window always states a day: noon would be in the future in the morning."""
    at = (datetime.now().astimezone() + timedelta(days=1)).replace(hour=0, minute=5, second=7, microsecond=0)
    monkeypatch.setenv("TERRIER_NOW", at.isoformat())
    terrier("create", "task", "name=Cables")
    terrier("complete", "Cables", "--at", at.date().isoformat())
    closed = terrier("show", "Cables", "--json").json["attributes"]["closed"]
    assert datetime.fromisoformat(closed) == at
