"""The script for Macs: its syntax, its sections, and what it writes where tools answer, fail, hang or are missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tree_sitter_bash
from tree_sitter import Language, Parser

from app.signatures.ssh_signature import parsed
from importers.captures import macos
from importers.captures.capture import Capture, parse
from importers.captures.document import document
from importers.captures.subject import subjects
from importers.discovery.collector_words import collector_name, elevated_part
from tests.app.signatures.keys import ANNA, private_file
from tests.importers.captures.macos.conftest import SCRIPT

_TAKEN = re.compile(r"^(?:profile|section|optional) ([a-z][a-z0-9-]*) (\d+)", re.MULTILINE)


def sections() -> dict[str, int]:
    """The sections that the script takes, with their limits."""
    return {name: int(limit) for name, limit in _TAKEN.findall(SCRIPT.read_text("utf-8"))}


def test_shells_take_its_syntax() -> None:
    for shell in ("dash", "bash", "zsh", "ksh"):
        if path := shutil.which(shell):
            done = subprocess.run([path, "-n", str(SCRIPT)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{shell}: {done.stderr}"
    tree = Parser(Language(tree_sitter_bash.language())).parse(SCRIPT.read_bytes())
    assert not tree.root_node.has_error


def test_it_has_nothing_that_only_one_shell_knows() -> None:
    text = re.sub(r"^\s*#.*$", "", SCRIPT.read_text("utf-8"), flags=re.MULTILINE)
    for other in (
        r"\[\[",
        r"\n\s*local\b",
        r"\bdeclare\b",
        r"<<<",
        r"\$'",
        r"\bfunction\b",
        r"\(\(\s*\w+\s*=",
        r"\becho -",
    ):
        assert not re.search(rf"(?<!\$){other}", text), other
    assert all(line.isascii() for line in text.splitlines())


def test_it_takes_what_the_parsers_read_and_nothing_else() -> None:
    read = {name for subject in subjects(macos.__name__) for name in subject.reads}
    assert set(sections()) == read
    assert max(sections().values()) <= 180


def test_its_words_are_known() -> None:
    told = re.findall(r'^elevated "(.+)"$', SCRIPT.read_text("utf-8"), re.MULTILINE)
    assert told
    for words in told:
        assert elevated_part(words).template == words  # a text of the program, and no verbatim word
    for subject in subjects(macos.__name__):
        assert collector_name(subject.name).template == subject.name


def scanned(machine: Path, *words: str, shell: str = "dash") -> subprocess.CompletedProcess[str]:
    """The script run with those tools."""
    tools = f"{machine / 'bin'}:/usr/bin:/bin"
    environment = {"PATH": tools, "HOME": str(machine), "TMPDIR": str(machine), "HANGS": "SPApplicationsDataType"}
    return subprocess.run(
        [shutil.which(shell) or "/bin/sh", str(machine / "terrier-scan.sh"), *words],
        env=environment, capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip


@pytest.fixture(scope="module")
def capture(machine: Path) -> Capture:
    done = scanned(machine)
    assert done.returncode == 0, done.stderr
    (made,) = machine.glob("*.capture")
    assert re.fullmatch(r"Annas-Mac-\d{8}-\d{6}\.capture", made.name)
    assert done.stdout.splitlines()[0] == f"Wrote {made}."
    assert made.stat().st_mode & 0o077 == 0
    assert "applications: timed-out" in done.stderr.splitlines()
    assert not [one for one in machine.iterdir() if one.name.startswith(("terrier.", "."))]  # nothing is left over
    return parse(made.read_text("utf-8"))


def test_what_it_writes_is_a_capture_of_all_sections(capture: Capture) -> None:
    assert set(capture.sections) == set(sections()) - {"command-lines"}
    content = document(capture)["content"]
    assert content["bios"]["ssn"] == "C02ZX0AAMD6T"
    assert content["hardware"]["name"] == "MacBook-von-Anna"
    assert {one["name"] for one in content["softwares"]} == {
        "com.docker.docker", "com.apple.pkg.XProtectPlistConfigData_10_15.16U4300",
    }  # fmt: skip


def test_each_section_has_its_own_outcome(capture: Capture) -> None:
    outcomes = {name: one.outcome for name, one in capture.sections.items()}
    assert outcomes["applications"] == "timed out"
    assert outcomes["directory"] == "not permitted"
    assert outcomes["firewall"] == "failed"  # it ended with 3
    assert outcomes["enrolment"] == "absent"  # few Macs have the program
    assert outcomes["parallels"] == "absent"
    assert outcomes["vmware"] == "collected"
    assert outcomes["memory"] == "collected"
    assert capture.sections["applications"].content.strip() == ""


def test_no_answer_can_be_taken_for_a_section(capture: Capture) -> None:
    assert "forged" not in capture.sections
    assert capture.content("integrity").strip("\n") == "#section forged collected 0\n # too\n#end"


@pytest.mark.parametrize("shell", ["dash", "bash"])  # macOS has bash for sh
def test_it_takes_some_sections_where_it_is_told(machine: Path, capture: Capture, shell: str) -> None:
    done = scanned(machine, "--out", "-", "--only", "version kernel", shell=shell)
    assert done.returncode == 0, done.stderr
    assert set(parse(done.stdout).sections) == {"version", "kernel"}


def test_it_reads_arguments_only_where_they_are_asked_for(machine: Path) -> None:
    tool = machine / "bin" / "ps"
    tool.write_text('#!/bin/sh\necho "    7 /usr/bin/backup --password secret  "\n')
    tool.chmod(0o755)
    for words in (("--only", "command-lines"), ("--only", "command-lines", "--arguments")):
        done = scanned(machine, "--out", "-", *words)
        content = document(parse(done.stdout))["content"]["terrier"]
        assert content["command_lines"] == [{"pid": 7, "command_line": "/usr/bin/backup --password secret"}]
        assert "command lines" in {one["name"] for one in content["collectors"]}
    done = scanned(machine, "--out", "-", "--only", "processes", "--arguments")
    assert set(parse(done.stdout).sections) == {"processes"}


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no OpenSSH here")
def test_it_signs_what_it_wrote(machine: Path, capture: Capture) -> None:
    key, out = private_file(ANNA, machine / "key"), machine / "signed scan"
    for _ in range(2):  # the signature of before is replaced
        done = scanned(machine, "--out", str(out), "--sign", str(key), "--only", "kernel")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == f"Signed it: {out}.sig."
    assert parsed((machine / "signed scan.sig").read_bytes(), "").signs(out.read_bytes())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--out"], "--out needs a value."),
        (["--what"], "usage: terrier-scan.sh"),
        (["--sign", "/no/key"], "The key /no/key cannot be read."),
        (["--out", "/no/folder/a.capture", "--only", "kernel"], "/no/folder/a.capture cannot be written"),
    ],
)
def test_what_is_unusable_is_one_line(machine: Path, capture: Capture, words: list[str], told: str) -> None:
    done = scanned(machine, *words)
    assert done.returncode == 2
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


def test_another_system_is_told_so(tmp_path: Path) -> None:
    done = subprocess.run(["/bin/sh", str(SCRIPT)], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert (done.returncode, done.stdout) == (2, "")
    assert "scans Macs" in done.stderr
