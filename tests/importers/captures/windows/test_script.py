"""The script for Windows, as text: its syntax by a grammar, what it may ask Windows; and that parsers read it all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tree_sitter import Language, Node, Parser
from tree_sitter_powershell import language

from cmdb.model.resources import RESOURCES
from importers.captures.capture import parse
from importers.captures.subject import subjects
from importers.discovery.collector_words import elevated_part
from tests.importers.captures.windows.machines import MACHINES, rows_of, text
from tests.pseudo_locale import plain_words, spoken

SCRIPT = (RESOURCES / "agent" / "terrier-scan.ps1").read_text("utf-8")
#: What answers slowly, or changes something by being asked, or is not in PowerShell 5.1.
FORBIDDEN = (
    "Win32_Product'", "Win32_UserAccount", "Win32_Group", "Win32_NetworkLoginProfile", "Get-WmiObject",
    "Invoke-WebRequest", "Invoke-RestMethod", "Invoke-Expression", "Set-ItemProperty", "New-ItemProperty",
    "Remove-Item", "Install-Module", "reg load",
    "DigitalProductId", "-AsHashtable", "-Parallel", "Get-Error", "ForEach-Object -Parallel",
)  # fmt: skip
#: Operators of later versions: the ternary one, the null-coalescing and null-conditional ones, chains of commands.
LATER = re.compile(r"\?\?|\?\.|\?\[|&&|\|\||\s\?\s")


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def errors(program: str) -> list[str]:
    """Where a program is no PowerShell: line and text."""
    tree = Parser(Language(language())).parse(program.encode())
    wrong = (one for one in _nodes(tree.root_node) if one.is_error or one.is_missing)
    return [f"{one.start_point[0] + 1}: {program.encode()[one.start_byte : one.end_byte][:60]!r}" for one in wrong]


def code(program: str) -> str:
    """A program without its comments and texts in quotes, which are in single ones or stand for one value."""
    program = re.sub(r"<#.*?#>", "", program, flags=re.DOTALL)
    program = re.sub(r"'[^'\n]*'", "''", program)
    return re.sub(r"(?m)#.*$", "", re.sub(r'"[^"\n]*"', '""', program))


def sections(program: str) -> set[str]:
    """The sections that the script writes."""
    return set(re.findall(r"^Write-(?:Section|Key) '([a-z0-9-]+)'", program, re.MULTILINE))


def test_the_script_is_powershell() -> None:
    assert errors(SCRIPT) == []


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("if ($null -eq $models) { return }", "if ($null -eq $models { return }"),
        ("    $found\n}", "    $found\n"),
        ("$Lines.Add($line)", "$Lines.Add($line"),
        ("[ordered]@{ Key", "[ordered]@{ = Key"),
        ("foreach ($view in $Views) {", "foreach ($view of $Views) {"),
    ],
)
def test_a_broken_script_is_seen(whole: str, broken: str) -> None:
    program = SCRIPT.replace(whole, broken, 1) if whole in SCRIPT else f"{SCRIPT}\n{broken}"
    assert errors(program)


def test_the_script_asks_nothing_that_is_slow_or_changes_something() -> None:
    assert [word for word in FORBIDDEN if word.lower() in SCRIPT.lower()] == []


def test_the_script_reads_arguments_only_where_they_are_asked_for() -> None:
    """In one section, which is not written unless a person, or the agent for one, asks for it by name."""
    assert re.findall(r"(?m)^.*CommandLine.*$", SCRIPT) == [
        "Write-Section 'command-lines' { Read-Cim 'Win32_Process' @('ProcessId', 'CommandLine') }"
    ]
    guard = "if ($Name -eq 'command-lines' -and -not $Arguments -and $Wanted -notcontains $Name) { return }"
    assert guard in SCRIPT.partition("function Write-Section")[2].partition("\n}")[0]


def test_the_script_is_for_powershell_5_1() -> None:
    assert LATER.findall(code(SCRIPT)) == []
    for later in ("$a ?? 1", "$a?.b", "Get-Date && Get-Date", "$a -gt 1 ? 'x' : 'y'", "Get-Date || exit"):
        assert LATER.search(code(f"{later}\n")), later
    assert SCRIPT.isascii()  # 5.1 reads a file without a mark in the machine's code page


def test_every_section_is_read_and_every_subject_has_its_sections() -> None:
    read = {name for one in subjects("importers.captures.windows") for name in one.reads}
    assert sections(SCRIPT) == read


@pytest.mark.parametrize("name", MACHINES)
def test_the_examples_are_as_the_script_writes_them(name: str) -> None:
    """Every section of an example is one of the script's, and every value has the name that the script gives it."""
    known = set(re.findall(r"[A-Za-z]\w*", SCRIPT))
    found = parse(text(name)).sections
    assert found.keys() <= sections(SCRIPT)
    for section in found:
        if found[section].content:
            assert {key for row in rows_of(name, section) for key in row} <= known, section


def test_everything_that_only_an_administrator_gets_has_words_in_other_languages() -> None:
    words = set(re.findall(r"-Elevate '([^']+)'", SCRIPT))
    assert len(words) > 6
    with spoken():
        assert not {one for one in words if plain_words(str(elevated_part(one)))}
    declared = {s.elevate for one in subjects("importers.captures.windows") for s in one.sections if s.elevate}
    assert declared <= words
