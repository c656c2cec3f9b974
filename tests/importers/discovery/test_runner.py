from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from importers.discovery.collector import Collector, Content, Section
from importers.discovery.host import Host, Probe
from importers.discovery.runner import run
from tests.importers.discovery.machines import build


def _finds(name: str) -> Collector:
    return Collector(name, lambda probe: {"hardware": {name: probe.value(f"/{name}")}})


def _nothing(_: Probe) -> Content:
    return {}


def test_each_says_what_became_of_it_in_the_order_given(tmp_path: Path) -> None:
    build(tmp_path, {"a": "1\n"})

    def broken(_: Probe) -> Content:
        raise KeyError("model")

    results = run([_finds("a"), Collector("b", _nothing), Collector("c", broken)], Host(tmp_path))
    assert [(o.name, o.state) for o, _ in results] == [("a", "collected"), ("b", "absent"), ("c", "failed")]
    assert results[0][1] == {"hardware": {"a": "1"}}
    assert str(results[2][0].note) == "KeyError: 'model'"


def test_a_collector_that_runs_on_stops_at_its_next_access(tmp_path: Path) -> None:
    def slow(probe: Probe) -> Content:
        while True:
            probe.read("/nowhere")

    ((outcome, content),) = run([Collector("slow", slow, limit=0.05)], Host(tmp_path))
    assert (outcome.state, content) == ("timed out", {})
    assert str(outcome.note) == "stopped after 0.05 s"


def test_one_that_hangs_is_given_up_and_the_others_are_served_in_its_place(tmp_path: Path) -> None:
    build(tmp_path, {"a": "1", "b": "2"})
    release = threading.Event()

    def hung(_: Probe) -> Content:
        release.wait(20)
        return {"hardware": {"hung": "too late"}}

    started = time.monotonic()
    results = run([Collector("hung", hung, limit=0.05), _finds("a"), _finds("b")], Host(tmp_path), workers=1)
    release.set()
    assert [o.state for o, _ in results] == ["timed out", "collected", "collected"]
    assert results[0][1] == {}
    assert time.monotonic() - started < 10


def test_the_limit_given_caps_every_collectors_own(tmp_path: Path) -> None:
    def slow(probe: Probe) -> Content:
        while True:
            probe.check()

    ((outcome, _),) = run([Collector("slow", slow, limit=60)], Host(tmp_path), limit=0.05)
    assert outcome.state == "timed out"


def test_progress_ends_with_all_done(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run([Collector(str(i), _nothing) for i in range(5)], Host(tmp_path), Control(lambda d, t, _: told.append((d, t))))
    assert told[-1] == (5, 5)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_cancelled_scan_ends_without_waiting_for_its_collectors(tmp_path: Path) -> None:
    control = Control()
    release = threading.Event()

    def waits(_: Probe) -> Content:
        control.cancel()
        release.wait(20)
        return {}

    started = time.monotonic()
    with pytest.raises(Cancelled):
        run([Collector("waits", waits, limit=30)], Host(tmp_path), control)
    release.set()
    assert time.monotonic() - started < 10


def test_a_section_is_incomplete_where_its_collector_did_not_get_through(tmp_path: Path) -> None:
    def slow(probe: Probe) -> Content:
        while True:
            probe.check()

    def refused(probe: Probe) -> Content:
        probe.elevate.append("homes")
        return {"softwares": [{"name": "x"}]}

    sections = (Section("softwares"), Section("user_softwares", "homes"))
    found = run([Collector("a", slow, 0.05, sections), Collector("b", refused, 5, sections)], Host(tmp_path))
    assert [(o.complete, o.incomplete) for o, _ in found] == [
        ((), ("softwares", "user_softwares")),
        (("softwares",), ("user_softwares",)),
    ]


def test_what_the_kernel_would_tell_is_not_gone_where_nothing_is_mounted(tmp_path: Path) -> None:
    """As in a container or a changed root without /proc and /sys: an import takes nothing away."""
    build(tmp_path, {"sys/block/sda/size": "8\n"})

    def disks(probe: Probe) -> Content:
        mounts = [{"volumn": line} for line in probe.read("/proc/mounts").splitlines()]
        names = [{"name": name} for name in (*probe.names("/sys/block"), *probe.names("/sys/class/nvme"))]
        return {key: value for key, value in (("drives", mounts), ("storages", names)) if value}

    sections = (Section("drives"), Section("storages"), Section("terrier.pools"))

    def none(probe: Probe) -> Content:
        return {"drives": [1]} if probe.read("/proc/self/mounts") else {}

    collectors = [Collector("disks", disks, 5, sections), Collector("drives", none, 5, sections[:1])]
    host = Host(tmp_path)
    host.live = True
    found = [outcome for outcome, _ in run(collectors, host)]
    assert [(one.state, one.complete, one.incomplete, str(one.note)) for one in found] == [
        ("collected", ("storages",), ("drives", "terrier.pools"), "/proc is not mounted"),
        ("failed", (), ("drives",), "/proc is not mounted"),
    ]
    build(tmp_path, {"proc/uptime": "8\n"})
    assert [(one.state, one.incomplete) for one, _ in run(collectors, host)] == [("collected", ()), ("absent", ())]
