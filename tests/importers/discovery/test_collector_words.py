"""The words of collectors are texts; words of a plug-in are shown unchanged."""

from __future__ import annotations

import ast
from pathlib import Path

from importers.discovery.collector import ABSENT, COLLECTED, FAILED, NOT_PERMITTED, TIMED_OUT
from importers.discovery.collector_words import collector_name, collector_state, counted_state, elevated_part
from importers.discovery.registry import collectors
from tests.pseudo_locale import plain_words, spoken

LINUX = Path(__file__).resolve().parents[3] / "importers" / "discovery" / "linux"
#: The parameter of a probe's methods that names what only an administrator may read, after the path.
_READS = {"read", "read_bytes", "value", "names", "entries", "link"}


def elevated_words() -> set[str]:
    """The words of the Linux collectors for what only an administrator may read."""
    found = set()
    for path in LINUX.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READS:
                found |= {
                    one.value for one in node.args[1:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                named = node.targets[0]
                if isinstance(named, ast.Name) and named.id.endswith("ELEVATE"):
                    found.add(str(node.value.value))
    return {words for words in found if not words.startswith(".")}  # endings of files


def test_every_collector_has_a_name_in_other_languages() -> None:
    with spoken():
        known = {one.name: str(collector_name(one.name)) for one in collectors("linux")}
    assert len(known) > 20
    assert not {name: shown for name, shown in known.items() if plain_words(shown)}


def test_everything_that_only_an_administrator_reads_has_words_in_other_languages() -> None:
    words = elevated_words()
    assert "firewall rules" in words
    with spoken():
        assert not {word for word in words if plain_words(str(elevated_part(word)))}


def test_unknown_words_are_shown_as_they_are() -> None:
    with spoken():
        assert str(collector_name("badge readers")) == "badge readers"
        assert str(collector_state("dreaming")) == "dreaming"
    assert str(collector_state("timed out")) == "timed out"


def test_the_number_of_collectors_in_a_state_is_a_whole_text() -> None:
    states = (COLLECTED, TIMED_OUT, NOT_PERMITTED, ABSENT, FAILED)
    assert [str(counted_state(state, 2)) for state in states] == [f"2 {collector_state(state)}" for state in states]
    with spoken():
        assert not [state for state in states if plain_words(str(counted_state(state, 1)))]
