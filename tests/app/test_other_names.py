from __future__ import annotations

import pytest

from app.cli.registry import COMMANDS
from app.cli.verbs import verb_commands
from app.other_names import TABLE, meant, noted, words_of_action
from tests.pseudo_locale import pseudo, spoken

COMMAND_NAMES = (*COMMANDS, *verb_commands())


def test_every_command_of_the_table_exists() -> None:
    assert {one.command for one in TABLE if one.command} <= set(COMMAND_NAMES)


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("checkout", ["hand-over"]),
        ("check-out", ["hand-over"]),
        ("CheckIn", ["take-back"]),
        ("assign", ["hand-over"]),
        ("decommission", ["retire"]),
        ("handover", ["hand-over"]),
        ("lisence", ["licences"]),
        ("exprot", ["export"]),
        ("EULA", ["licences"]),
        ("quux", []),
    ],
)
def test_an_unknown_command_is_matched_by_other_names(name: str, commands: list[str]) -> None:
    assert meant(name, COMMAND_NAMES)[:1] == commands


@pytest.mark.parametrize(
    ("name", "following", "command"),
    [("check", "in", "take-back"), ("hand", "over", "hand-over"), ("check-out", "LT-1", "hand-over")],
)
def test_names_of_two_words_are_known(name: str, following: str, command: str) -> None:
    assert meant(name, COMMAND_NAMES, following) == [command]


def test_what_others_call_creating_never_leads_to_the_command_that_creates_an_estate() -> None:
    for name in ("create", "add-device", "register"):
        assert meant(name, COMMAND_NAMES)[:1] == ["create"]
    assert "create" in words_of_action("assets.new")


def test_missing_features_have_alternatives() -> None:
    ((name, found),) = noted("eul")
    assert (name, found.action) == ("EULA", "go.licences")
    assert "EULA" not in words_of_action("go.licences")
    assert noted("eu") == []


def test_names_of_both_languages_are_known() -> None:
    with spoken():
        words = words_of_action("assets.hand_over")
    assert "check out" in words
    assert pseudo("check")[1:6] in words
