"""What ``--json`` answers is the same in every language, but for sentences that people read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import main
from app.reports import reports
from tests.app.cli.conftest import Done
from tests.app.cli.greek_estate import greek_estate
from tests.pseudo_locale import PSEUDO, spoken

Run = Callable[..., Done]

#: Sentences, and what words a report's columns.
TEXTS = frozenset({
    "message", "arithmetic", "why", "text", "title", "description", "group", "rule", "question", "reason", "note",
    "origins", "reasons", "problem", "advice", "what", "help", "accepted", "what_to_do",
    "fact", "next", "actions", "rules", "evidence",
})  # fmt: skip

COMMANDS = (
    ["list"],
    ["list", "laptop"],
    ["show", "Ε-1"],
    ["show", "Κατάστημα"],
    ["show", "Ένα"],
    ["impact", "Ένα", "Δύο"],
    ["path", "Ένα", "Υπηρεσία"],
    ["cutsets", "Υπηρεσία"],
    ["licences"],
    ["review"],
    ["history"],
    ["retire", "Ε-1"],
    ["import", "{sheet}", "--dry-run"],
    *(["report", name] for name in reports(())),
)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return greek_estate(tmp_path_factory.mktemp("greek") / "έργο.terrier")


def without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_texts(one) for key, one in value.items() if key not in TEXTS}
    return [without_texts(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_json_is_the_same_in_every_language(
    terrier: Run, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    sheet = tmp_path / "φορητοί.csv"
    rows = ("Class,Name,Asset tag,Status,Purchase date", "Laptop,Νέος,Ε-9,Foo,nonsense", "Laptop,Άλλος,Ε-8,Retired,")
    sheet.write_text("\n".join(rows))
    answers = []
    for language in (None, PSEUDO):
        copy = tmp_path / f"{len(answers)}.terrier"
        copy.write_bytes(estate.read_bytes())
        given = [word.format(sheet=sheet) for word in words]
        if language is None:
            done = terrier(*given, "--json", "--db", copy)
        else:
            monkeypatch.setattr(main, "of_system", lambda **_: PSEUDO)
            with spoken(PSEUDO):
                done = terrier(*given, "--json", "--db", copy)
        assert done.status in (0, 1), done.err
        answers.append(without_texts(json.loads(done.out)))
    assert json.dumps(answers[1], indent=1, ensure_ascii=False) == json.dumps(answers[0], indent=1, ensure_ascii=False)
