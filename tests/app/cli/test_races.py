"""Several processes that write at one moment: each thing is found once, and nobody loses anything."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.estates import Places
from tests.racer import Racer


@pytest.fixture
def shared(where: str | Path, places: Places) -> Iterator[str]:
    """An empty estate that several processes write to."""
    places.lay_out(where).close()
    yield str(where)
    places.clear(where)


@pytest.fixture
def at_once(tmp_path: Path, shared: str) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Runs several commands, none of which writes before all have decided; returns what each answers and says."""
    started: list[Racer] = []

    def run(*commands: Sequence[object], expected: Sequence[int] = ()) -> list[dict[str, Any]]:
        meeting = tmp_path / f"together-{len(started)}"
        meeting.mkdir()
        mine = [Racer(meeting, len(commands), ("--db", shared, "--json", *words)) for words in commands]
        started.extend(mine)
        answers = [one.ended() for one in mine]
        assert sorted(one.status for one in answers) == list(expected or [0] * len(mine)), answers
        return [one.document() for one in answers]

    yield run
    for racer in started:
        racer.kill()


@pytest.fixture
def opened(shared: str) -> Iterator[Store]:
    """The estate, for looking at it afterwards."""
    store = open_estate(shared if "://" in shared else Path(shared))
    yield store
    store.close()


def names(store: Store, cls: str) -> Counter[str]:
    with store.read() as reader:
        return Counter(one.name for one in reader.all(Selection(cls)))


def write_sheet(path: Path, numbers: range) -> Path:
    """Laptops without asset tags: nothing that must be unique keeps them apart."""
    head = "Name,Class,Serial number,Manufacturer,Model,Assigned to,Location,Depends on"
    rows = [f"nb-{n},Laptop,SER{n:05},Dell,Latitude 7440,Person {n % 5},Lyon / Floor {n % 3},Mail" for n in numbers]
    path.write_text("\n".join([head, *rows, "Mail,Technical service,,,,,,"]), "utf-8")
    return path


@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.soak)])
def test_imports_of_one_sheet(processes: int, at_once: Callable[..., Any], opened: Store, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "purchase.csv", range(60))
    answers = at_once(*[("import", sheet)] * processes)
    assert sorted(one["created"] for one in answers)[:-1] == [0] * (processes - 1)
    assert [one["read"] for one in answers] == [61] * processes
    assert not any(one["review"] or one["rejected"] for one in answers)
    told = [one["said"] for one in answers if "It is compared anew." in one["said"]]
    assert len(told) == processes - 1
    assert all("written meanwhile" in said and "from sheet purchase.csv" in said for said in told)
    for cls, number in (("laptop", 60), ("person", 5), ("place", 4), ("hardware_model", 1), ("manufacturer", 1)):
        found = names(opened, cls)
        assert len(found) == found.total() == number, found
    assert check_integrity(opened) == []
    assert opened.data_version() == 1


@pytest.mark.parametrize("processes", [3, pytest.param(4, marks=pytest.mark.soak)])
def test_imports_of_overlapping_sheets(
    processes: int, at_once: Callable[..., Any], opened: Store, tmp_path: Path
) -> None:
    sheets = [write_sheet(tmp_path / f"part-{n}.csv", range(n * 20, n * 20 + 40)) for n in range(processes)]
    answers = at_once(*[("import", sheet) for sheet in sheets])
    laptops = names(opened, "laptop")
    assert len(laptops) == laptops.total() == 20 * processes + 20
    assert sum(one["created"] for one in answers) == names(opened, "ci").total()
    assert names(opened, "person").total() == 5
    assert check_integrity(opened) == []


def write_inventory(path: Path, name: str) -> Path:
    software = [{"NAME": f"package-{n}", "VERSION": "1", "FROM": "deb", "PUBLISHER": "Debian"} for n in range(30)]
    content = {
        "hardware": {"name": name, "uuid": f"4c4c4544-0042-3510-8057-{name.encode().hex():0>12}"},
        "bios": {"ssn": f"SN{name.upper()}", "smanufacturer": "Dell Inc.", "smodel": "PowerEdge R650"},
        "operatingsystem": {"name": "Debian GNU/Linux", "version": "12", "full_name": "Debian GNU/Linux 12"},
        "softwares": [{k.lower(): v for k, v in one.items()} for one in software],
        "versionclient": "GLPI-Agent_v1.7",
    }
    document = {"action": "inventory", "deviceid": f"{name}-2026-01-01-10-00-00", "itemtype": "Computer"}
    path.write_text(json.dumps({**document, "content": content}), "utf-8")
    return path


@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.soak)])
def test_scans_of_the_same_computers(
    processes: int, at_once: Callable[..., Any], opened: Store, tmp_path: Path
) -> None:
    files = [write_inventory(tmp_path / f"{name}.json", name) for name in ("srv-a", "srv-b", "srv-c")]
    answers = at_once(*[("import", *files)] * processes)
    computers = names(opened, "computer")
    assert len(computers) == computers.total() == 3
    assert sum(one["installed"] for one in answers) == 90
    assert names(opened, "hardware_model").total() == names(opened, "manufacturer").total() == 1
    assert check_integrity(opened) == []


def test_decisions_of_one_question(at_once: Callable[..., Any], opened: Store, tmp_path: Path) -> None:
    sheet = tmp_path / "twice.csv"
    sheet.write_text("Serial number,Name,Class,Memory\nS-1,pc-1,Laptop,8 GB\nS-1,pc-1,Laptop,16 GB\n", "utf-8")
    (taken,) = at_once(("import", sheet), expected=(1,))
    (question,) = taken["review"]
    answers = at_once(*[("review", "decide", question["id"], choice) for choice in ("1", "2")], expected=(0, 2))
    assert sorted(one.get("created", 0) for one in answers) == [0, 1]
    assert any("“pc-1” was decided already: revision 2 by" in one["said"] for one in answers)
    assert names(opened, "laptop").total() == 1
    assert check_integrity(opened) == []


def test_imports_into_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    sheets = [write_sheet(tmp_path / f"part-{n}.csv", range(n * 5, n * 5 + 10)) for n in range(4)]
    path, meeting = tmp_path / "new.terrier", tmp_path / "together"
    meeting.mkdir()
    started = [Racer(meeting, 0, ("--db", path, "import", one)) for one in sheets]
    assert [one.ended().status for one in started] == [0] * 4
    store = open_estate(path)
    assert names(store, "laptop").total() == 25
    store.close()


def test_scans_of_this_computer(at_once: Callable[..., Any], opened: Store) -> None:
    answers = at_once(("scan",), ("scan",))
    assert names(opened, "computer").total() == 1
    assert sorted(one["created"] for one in answers)[0] == 0
    assert check_integrity(opened) == []


def test_whoever_is_killed_after_deciding_leaves_nothing(shared: str, opened: Store, tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "purchase.csv", range(5))
    meeting = tmp_path / "together"
    meeting.mkdir()
    racer = Racer(meeting, 2, ("--db", shared, "import", sheet))
    end = time.monotonic() + 60
    while not list(meeting.iterdir()) and racer.process.is_alive() and time.monotonic() < end:
        time.sleep(0.02)
    racer.kill()
    assert racer.process.exitcode == -signal.SIGKILL
    assert opened.data_version() == 0
    assert check_integrity(opened) == []
    assert Racer(meeting, 0, ("--db", shared, "import", sheet)).ended().status == 0
    assert names(opened, "laptop").total() == 5
