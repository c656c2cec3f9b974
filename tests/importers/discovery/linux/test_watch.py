"""Watching connections: what opens and closes meanwhile is listed, with when it was seen."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from importers.discovery import scan
from importers.discovery.collector import Content
from importers.discovery.host import Host, Probe
from importers.discovery.linux.connections import COLLECTOR, ConnectionWatch
from importers.discovery.watch import Watch, ended_by_interrupt
from tests.importers.discovery.linux.test_connections import HEAD, MACHINE, TCP, line
from tests.importers.discovery.linux.test_connections import process as made_process
from tests.importers.discovery.machines import build

FIRST, SECOND, THIRD = (f"2026-11-30T08:00:0{second}Z" for second in (0, 1, 2))


def ends(content: Content) -> dict[tuple[object, ...], dict[str, object]]:
    """Connections by direction, other end and port."""
    return {
        (one["direction"], one["remote_address"], one.get("remote_port") or one.get("local_port")): one
        for one in content["connections"]
    }


def test_connections_that_come_and_go_are_counted_with_when_they_were_seen(tmp_path: Path) -> None:
    build(tmp_path, MACHINE)
    watched = ConnectionWatch(Probe(Host(tmp_path)))
    watched.look(FIRST)
    short = line("0700000A:A100", "0B00000A:0050", "01", 1000, 600)
    (tmp_path / "proc/net/tcp").write_text(TCP + short + line("0700000A:1538", "0900000A:C352", "01", 100, 601))
    build(tmp_path, {**made_process(90, "curl", "/usr/bin/curl", (600,))})
    watched.look(SECOND)
    (tmp_path / "proc/net/tcp").write_text(
        HEAD
        + line("0100007F:1538", "00000000:0000", "0A", 100, 501)
        + line("0700000A:A200", "0C00000A:0050", "06", 0, 0)
    )
    watched.look(THIRD)
    seen = ends(watched.content())
    assert seen["in", "10.0.0.9", 5432] | {"pid": 40} == seen["in", "10.0.0.9", 5432]
    assert (seen["in", "10.0.0.9", 5432]["count"], seen["in", "10.0.0.9", 5432]["last_seen"]) == (3, SECOND)
    curl = seen["out", "10.0.0.11", 80]
    assert (curl["first_seen"], curl["last_seen"], curl["program"]) == (SECOND, SECOND, "/usr/bin/curl")
    over = seen["out", "10.0.0.12", 80]  # closed before anybody looked
    assert (over["first_seen"], {"user", "program"} & {*over}) == (THIRD, set())


def test_a_plain_scan_lists_what_is_open_at_one_moment(tmp_path: Path) -> None:
    build(tmp_path, {**MACHINE, "proc/net/tcp": TCP + line("0700000A:A200", "0C00000A:0050", "06", 0, 0)})
    content = scan(root=tmp_path, collectors=[COLLECTOR]).document["content"]["terrier"]
    assert all("first_seen" not in one for one in content["connections"])
    assert ("out", "10.0.0.12", 80) not in ends(content)
    assert "looks" not in content


def test_a_watch_looks_until_its_time_is_over(tmp_path: Path) -> None:
    build(tmp_path, MACHINE)
    told: list[tuple[int, int]] = []

    def report(done: int, total: int, _: Message) -> None:
        told.append((done, total))

    times = iter(range(100))
    watch = Watch(3, interval=0)
    looks = watch.follow(ConnectionWatch(Probe(Host(tmp_path))), Control(report), lambda: float(next(times)))
    assert (looks, told) == (3, [(1, 3), (2, 3)])


def test_a_watch_that_is_ended_keeps_what_was_seen(tmp_path: Path) -> None:
    build(tmp_path, MACHINE)
    watch = Watch(3600)
    ending = threading.Timer(0, watch.end)
    ending.start()
    content = scan(root=tmp_path, collectors=[COLLECTOR], watch=watch).document["content"]["terrier"]
    ending.join()
    assert content["looks"] in (1, 2)
    assert {one["last_seen"] for one in content["connections"]}
    assert not watch.running


def test_ctrl_c_ends_a_watch_and_a_second_time_the_program(tmp_path: Path) -> None:
    build(tmp_path, MACHINE)
    watch = Watch(3600, interval=0)
    before = signal.getsignal(signal.SIGINT)
    with ended_by_interrupt(watch):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)  # nothing is watched yet: the scan is cancelled
        seen = ConnectionWatch(Probe(Host(tmp_path)))

        def report(done: int, total: int, _: Message) -> None:
            signal.raise_signal(signal.SIGINT)

        assert watch.follow(seen, Control(report)) == 2
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert seen.content()["connections"]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_scan_that_is_cancelled_gives_up_its_watch(tmp_path: Path) -> None:
    build(tmp_path, MACHINE)
    control = Control()
    watch = Watch(3600)
    control.cancel()
    with pytest.raises(Cancelled):
        watch.follow(ConnectionWatch(Probe(Host(tmp_path))), control)
