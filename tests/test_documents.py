"""The documents point at what is there, and show commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import program
from app.cli.registry import COMMANDS
from app.cli.verbs import verb_commands
from app.documents import made
from cmdb.model.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")) if path.is_file()
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def places(text: str) -> set[str]:
    """The names by which links lead to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_a_heading(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]*\.md)?#([^)\s]+)\)", path.read_text("utf-8"))
    pages = {page: (path.parent / page if page else path).read_text("utf-8") for page, _ in links}
    assert [(page, name) for page, name in links if name not in places(pages[page])] == []


def test_every_decision_is_in_the_list_of_them() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\(([\w.-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_are_there(path: Path) -> None:
    named = re.findall(r"`((?:app|bench|cmdb|docs|importers|resources|tests|ui)/[\w./-]*)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_parts_that_are_made_from_the_program_are_current(path: Path) -> None:
    assert made(path.read_text("utf-8")) == path.read_text("utf-8"), "run: make docs"


def test_a_part_that_is_not_as_it_would_be_made_is_seen() -> None:
    changed = (ROOT / "docs" / "identification.md").read_text("utf-8").replace("| 100 |", "| 99 |")
    assert made(changed) != changed


def test_every_command_that_is_shown_can_be_parsed() -> None:
    shown = [
        line.partition("#")[0].split("main.py ", 1)[1]
        for path in DOCUMENTS
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("    ") and "python main.py " in line
    ]
    assert len(shown) >= 8
    wrong = []
    for line in shown:
        name, rest = program.split(re.findall(r'"[^"]*"|\S+', line))
        command = COMMANDS.get(name) or verb_commands().get(name)
        if command is None:
            wrong.append(line)
            continue
        try:
            program.parsed(command, rest)
        except UserError as error:
            wrong.append(f"{line}: {error}")
    assert wrong == []


def test_the_map_of_the_code_names_every_command_line_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = (ROOT / "README.md").read_text("utf-8") + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    missing = {target for target in targets if f"make {target}" not in told} - {"help", "clean", "tour"}
    assert missing == set()
