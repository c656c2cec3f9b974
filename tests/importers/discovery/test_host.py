from __future__ import annotations

from pathlib import Path

import pytest

from importers.discovery.collector import Collector
from importers.discovery.host import CollectorTimeout, Host, Probe
from tests.importers.discovery.machines import Symlink, build, collect


def test_what_is_not_there_reads_as_nothing(tmp_path: Path) -> None:
    probe = Probe(Host(tmp_path))
    assert (probe.read("/a"), probe.read_bytes("/a"), probe.value("/a"), probe.number("/a")) == ("", b"", "", None)
    assert (probe.names("/a"), list(probe.entries("/a")), probe.link("/a"), probe.modified("/a")) == ([], [], "", None)
    assert probe.elevate == []


def test_values_lose_line_ends_and_what_is_no_utf8_is_replaced(tmp_path: Path) -> None:
    build(tmp_path, {"a": b"Caf\xe9 \x00\n", "n": "-12\n", "t": "12 kB"})
    probe = Probe(Host(tmp_path))
    assert probe.value("/a") == "Caf\ufffd"
    assert (probe.number("/n"), probe.number("/t")) == (-12, None)


def test_links_inside_a_tree_are_followed_as_the_machine_would(tmp_path: Path) -> None:
    build(
        tmp_path,
        {"sys/devices/pci/net/eth0/address": "x", "sys/class/net/eth0": Symlink("../../devices/pci/net/eth0")},
    )
    probe = Probe(Host(tmp_path))
    assert probe.resolved("/sys/class/net/eth0") == "/sys/devices/pci/net/eth0"
    assert probe.value("/sys/class/net/eth0/address") == "x"


def test_reading_stops_where_the_time_is_up(tmp_path: Path) -> None:
    with pytest.raises(CollectorTimeout):
        Probe(Host(tmp_path), limit=-1).read("/a")


def test_only_the_running_machine_is_asked_by_programs(tmp_path: Path) -> None:
    assert Probe(Host(tmp_path)).run("echo", "hello") == ""
    assert Probe(Host("/")).run("echo", "hello") == "hello\n"


def test_a_program_that_is_missing_or_fails_is_noted(tmp_path: Path) -> None:
    probe = Probe(Host("/"))
    assert probe.run("terrier-no-such-program") == ""
    assert probe.run("false") == ""
    assert len(probe.notes) == 2


def test_a_program_does_not_outlive_the_time_limit() -> None:
    with pytest.raises(CollectorTimeout):
        Probe(Host("/"), limit=0.05).run("sleep", "10")


def test_refused_files_make_the_outcome(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, {"uuid": "123", "serial": "456", "model": "T14"})
    (tmp_path / "uuid").chmod(0)
    (tmp_path / "serial").chmod(0)
    request.getfixturevalue("unprivileged")
    some = Collector("some", lambda p: {"bios": {"a": p.value("/model"), "b": p.value("/uuid", "the UUID")}})
    refused = Collector("refused", lambda p: {"x": 1} if p.read("/uuid", "ids") + p.read("/serial", "ids") else {})
    outcome, content = collect(some, tmp_path)
    assert (outcome.state, outcome.elevate, content["bios"]["a"]) == ("collected", ("the UUID",), "T14")
    outcome, _ = collect(refused, tmp_path)
    assert (outcome.state, outcome.elevate) == ("not permitted", ("ids",))
