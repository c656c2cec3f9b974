from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from importers.discovery import agent
from importers.discovery.collector import ABSENT, COLLECTED, NOT_PERMITTED, TIMED_OUT, Collector, CollectorOutcome
from importers.discovery.inventory_document import Inventory


def inventory(name: str = "mac-7", outcomes: tuple[CollectorOutcome, ...] = ()) -> Inventory:
    return Inventory({"deviceid": "one", "content": {"hardware": {"name": name}}}, outcomes)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The agent as it is started from a folder, on a computer that is scanned at once."""
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "terrier-agent.pyz")])
    monkeypatch.setattr(agent, "scan", lambda control, collectors, watch=None: inventory())
    monkeypatch.setenv("TERRIER_NOW", "2026-11-30T17:26:22")
    return tmp_path


def test_it_writes_beside_itself_and_never_over_what_is_there(started: Path) -> None:
    assert agent.main([]) == agent.DONE
    assert agent.main([]) == agent.DONE
    assert sorted(one.name for one in started.iterdir()) == [
        "mac-7-20261130-172622-2.json",
        "mac-7-20261130-172622.json",
    ]


def test_it_reads_arguments_only_where_they_are_asked_for(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[set[str]] = []

    def scanned(control: object, collectors: Iterable[Collector], watch: object = None) -> Inventory:
        chosen.append({one.name for one in collectors})
        return inventory()

    monkeypatch.setattr(agent, "scan", scanned)
    assert agent.main([]) == agent.main(["--arguments"]) == agent.DONE
    assert chosen[1] - chosen[0] == {"command lines"}


def test_it_writes_where_it_is_told(started: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert agent.main(["--out", str(started / "a.json")]) == agent.DONE
    assert json.loads((started / "a.json").read_text("utf-8"))["deviceid"] == "one"
    assert capsys.readouterr().out == f"Wrote {started / 'a.json'}.\n"


def test_what_nobody_can_hear_is_no_fault(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = started / "\N{CYRILLIC SMALL LETTER YA}.json"
    said = io.TextIOWrapper(io.BytesIO(), "cp1252")
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        for stream in (said, gone, None):
            monkeypatch.setattr(sys, "stdout", stream)
            assert agent.main(["--out", str(file)]) == agent.DONE
    assert said.buffer.getvalue().endswith(b"\\u044f.json.\n")  # type: ignore[attr-defined]


def test_a_file_that_cannot_be_written_is_one_line_and_unusable(
    started: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert agent.main(["--out", str(started / "no" / "a.json")]) == agent.UNUSABLE
    assert capsys.readouterr().err == f"There is no folder {started / 'no'}.\n"


def test_it_signs_what_it_wrote_and_looks_for_the_key_first(
    started: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert agent.main(["--sign", str(started / "key")]) == agent.UNUSABLE
    assert list(started.iterdir()) == []
    (started / "key").write_text("a key")
    signed: list[tuple[str, str]] = []

    def sign(path: Path, key: str) -> Path:
        signed.append((path.name, key))
        return path.with_name(path.name + ".sig")

    monkeypatch.setattr(agent.signing, "sign", sign)
    assert agent.main(["--out", str(started / "a.json"), "--sign", str(started / "key")]) == agent.DONE
    assert signed == [("a.json", str(started / "key"))]
    assert capsys.readouterr().out.endswith(f"Wrote {started / 'a.json.sig'}.\n")


@pytest.mark.usefixtures("started")
def test_ctrl_c_leaves_nothing(monkeypatch: pytest.MonkeyPatch, started: Path) -> None:
    def stopped(control: object, collectors: object, watch: object = None) -> Inventory:
        raise KeyboardInterrupt

    monkeypatch.setattr(agent, "scan", stopped)
    assert agent.main([]) == agent.INTERRUPTED
    assert list(started.iterdir()) == []


def test_a_fault_is_said_as_one(
    monkeypatch: pytest.MonkeyPatch, started: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agent, "scan", lambda control, collectors, watch=None: 1 / 0)
    assert agent.main([]) == agent.FAULT
    assert "fault of the program" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "stem"), [("../../etc", "etc"), ("a b/c", "a-b-c"), ("Åse", "se"), ("", "computer")])
def test_a_computers_name_is_no_path(tmp_path: Path, name: str, stem: str) -> None:
    path = agent.free_path(tmp_path, inventory(name))
    assert path.parent == tmp_path
    assert path.name.startswith(f"{stem}-2")


def test_a_folder_that_is_read_only_asks_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(FileProblem, match="--out"):
        agent.free_path(tmp_path, inventory())


def test_the_report_says_what_was_collected_what_was_not_and_what_an_administrator_would_get(tmp_path: Path) -> None:
    outcomes = (
        CollectorOutcome("memory", COLLECTED, 0.1),
        CollectorOutcome("storage", COLLECTED, 0.1, elevate=("firewall rules",)),
        CollectorOutcome("snaps", ABSENT, 0.1),
        CollectorOutcome("printers", TIMED_OUT, 5, Message("stopped after {seconds} s", seconds="5")),
        CollectorOutcome("AppImages", NOT_PERMITTED, 0.1),
    )
    assert list(agent.report(inventory(outcomes=outcomes), tmp_path / "a.json")) == [
        "Collected: memory, storage.",
        "Absent: snaps.",
        "Printers: timed out, stopped after 5 s.",
        "AppImages: not permitted.",
        "Run as administrator to find also: firewall rules.",
        f"Wrote {tmp_path / 'a.json'}.",
    ]
