"""Circles of one, two and three that an old estate holds: no list, report, map or licence count hangs on them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import main
from app.assets.places import places, within
from app.map.answer import answer
from app.map.question import MapQuestion
from app.reports import reports
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register.live_graph import LiveGraphs
from cmdb.store.connection import engine as engines
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

HANGING = 60
"""Seconds after which a test counts as hanging."""

#: Class, reference attribute, and a prefix for the names. Each has circles of one, two and three records.
PLANTED = (
    ("room", "location", "R"), ("rack", "rack", "K"), ("virtual_machine", "host", "V"), ("person", "manager", "P"),
    ("department", "parent_department", "D"), ("entitlement", "base_entitlement", "E"), ("chassis", "", "C"),
)  # fmt: skip
CIRCLES = ((0,), (1, 2), (3, 4, 5))
OWN: dict[str, dict[str, Any]] = {
    "entitlement": {"product": "Office", "publisher": "Microsoft", "metric": "device", "quantity": 5},
    "virtual_machine": {"operating_system": "Windows Server 2022 Datacenter", "virtual_cores": 4, "status": "Deployed"},
}


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("it hangs on a circle")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANGING)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An estate in which everything stands in itself, written past ``apply``."""
    store = create_estate(tmp_path_factory.mktemp("planted") / "planted.terrier")
    edits = [_new(cls, f"{prefix}{n}") for cls, _, prefix in PLANTED for n in range(6)]
    uids = {str(e.after["name"]): e.record.key[0] for e in edits}  # type: ignore[index, call-overload]
    edits.append(_new("server", "srv", location=uids["R3"], rack=uids["K3"], department=uids["D3"]))
    edits.append(_new("laptop", "nb", location=uids["R1"], assigned_to=uids["P1"]))
    edits.append(_new("application", "Shop"))
    shop = edits[-1].record.key[0]
    edits.append(Edit(Record("relationship", ("runs_on", shop, uids["V3"])), "", None, {}))
    edits += [
        Edit(Record("installation", (uids[f"V{n}"], "", "Microsoft", "Office", "", "2021")), "", None, {})
        for n in range(6)
    ]
    store.apply(Revision(edits, "tester"))
    store.apply(Revision([Edit(ci(uids["V3"]), "notes", None, "seen")], "tester"))
    with store.read() as reader:
        inner = reader.inner(uids.values())
    with engines.writing(store._engine) as connection:
        for _, attribute, prefix in PLANTED:
            for circle in CIRCLES:
                for one, above in zip(circle, (*circle[1:], circle[0]), strict=True):
                    pair = [uids[f"{prefix}{n}"] for n in (one, above)]
                    for sql, given in _statements(attribute, *pair, inner):
                        connection.exec_driver_sql(sql, given)
    yield store
    store.close()


def _new(cls: str, name: str, **values: Any) -> Edit:
    return Edit(ci(new_id()), "", None, {"class": cls, "name": name, **OWN.get(cls, {}), **values})


def _statements(attribute: str, one: str, above: str, inner: dict[str, int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The SQL that puts a record above another one: in a column, in the JSON column, or as a relationship."""
    if attribute in ("location", "host"):
        yield f"UPDATE ci SET {attribute} = ? WHERE uid = ?", (inner[above], one)
    elif attribute:
        sql = f"UPDATE ci SET extra = json_set(coalesce(extra, '{{}}'), '$.{attribute}', ?) WHERE uid = ?"
        yield sql, (above, one)
        yield "INSERT INTO extra_reference (ci, attribute, target) VALUES (?, ?, ?)", (
            inner[one], attribute, inner[above],
        )  # fmt: skip
    else:
        yield "INSERT INTO relationship (type, source, target, revision) VALUES ('part_of', ?, ?, 1)", (
            inner[one], inner[above],
        )  # fmt: skip


def _names() -> list[str]:
    return [f"{prefix}{n}" for _, _, prefix in PLANTED for n in range(6)]


@pytest.fixture
def command(planted: Store, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main.main(["--db", str(planted.where), *map(str, words)])
        return status, capsys.readouterr().out

    return run


def test_check_names_each_once(command: Callable[..., tuple[int, str]]) -> None:
    _, said = command("check", "--json")
    for text in ("R0 stands in itself: R0 → R0", "V0 runs on itself: V0 → V0", "P0 is their own manager: P0 → P0"):
        assert said.count(text) == 1
    for prefix in (prefix for _, _, prefix in PLANTED):
        circles = (f"{prefix}1 → {prefix}2 → {prefix}1", f"{prefix}3 → {prefix}4 → {prefix}5 → {prefix}3")
        assert [said.count(text) for text in circles] == [1, 1], prefix


@pytest.mark.parametrize("report", sorted(reports()))
def test_reports(command: Callable[..., tuple[int, str]], report: str) -> None:
    assert command("report", report)[0] in (0, 1, 2)  # 2: a report that needs what this estate lacks


@pytest.mark.parametrize("name", ["R", "K", "V", "P", "D", "E", "C"])
def test_each_record_is_shown_mapped_and_asked_about(command: Callable[..., tuple[int, str]], name: str) -> None:
    for number in range(6):
        assert command("show", f"{name}{number}")[0] == 0
    assert command("impact", f"{name}3", "--json")[0] == 0
    assert command("impact", f"{name}0")[0] == 0
    assert command("cutsets", f"{name}4", "--order", "3")[0] == 0
    assert command("path", f"{name}3", f"{name}5")[0] == 0
    assert command("path", f"{name}0", "srv")[0] in (0, 1, 2)


@pytest.mark.parametrize(
    "words",
    [
        ("list",), ("list", "--as-of", "1"), ("licences",), ("licences", "--json"), ("history",), ("review",),
        ("list", "--where", "location.location.location.location.name = R4"),
        ("list", "--where", within("R3")),
        ("list", "person", "--where", "manager.manager.manager.manager = P3", "--sort", "-manager"),
        ("list", "room", "--sort", "location"), ("cutsets", "Shop"), ("impact", "R3", "K4", "V5"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_questions(command: Callable[..., tuple[int, str]], words: tuple[str, ...]) -> None:
    assert command(*words)[0] in (0, 1)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_exports(command: Callable[..., tuple[int, str]], tmp_path: Path, ending: str) -> None:
    classes = ["room"] if ending == "csv" else []
    assert command("export", *classes, "--out", tmp_path / f"all.{ending}")[0] == 0


def test_the_tree_of_places_shows_every_place(planted: Store) -> None:
    with planted.read() as reader:
        found, _ = places(reader)
    parents = {uid: parent for uid, _, parent in found}
    assert len(found) == 6
    for uid in parents:
        steps = 0
        while parents.get(uid):
            uid, steps = parents[uid], steps + 1
            assert steps < 6, "a circle in the tree"


def test_the_map_draws_it(planted: Store) -> None:
    graphs = LiveGraphs()
    with planted.read() as reader:
        graph = graphs.of(reader)
        for name in _names():
            uid = reader.find(name).uid
            assert answer(reader, graph, MapQuestion(start=uid), None).picture.nodes
            assert answer(reader, graph, MapQuestion(start=uid, failed=(uid,), depth=7), None).picture.nodes
            assert answer(reader, graph, MapQuestion(start=uid, mode="radial", depth=7), None).picture.nodes


def test_it_is_copied_searched_and_mended(
    planted: Store, command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    assert command("backup", tmp_path / "copy.terrier")[0] == 0
    assert command("move", tmp_path / "moved.terrier")[0] == 0
    with planted.read() as reader:
        assert reader.count(Selection("room", "name = R3")) == 1
    status, _ = command("set", "R3", "notes=still editable")
    assert status == 0
