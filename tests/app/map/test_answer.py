"""The map's questions and answers: the drawn items, their positions, and the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.map.answer import MapAnswer, answer
from app.map.list_export import hit_rows, write_list
from app.map.question import MapQuestion
from cmdb.graph.diagram import Diagram
from cmdb.graph.graph import Graph
from cmdb.model.errors import FileProblem
from cmdb.register.live_graph import LiveGraphs
from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill


class MapEstate:
    def __init__(self, path: Path, many: int) -> None:
        self.store = create_estate(path)
        self.uids = fill(self.store, many)
        self.graphs = LiveGraphs()

    def ask(self, question: MapQuestion, standing: dict[int, tuple[float, float]] | None = None) -> MapAnswer:
        with self.store.read() as reader:
            return answer(reader, self.graphs.of(reader), question, standing)

    def about(self, name: str, **more: object) -> MapAnswer:
        return self.ask(replace(MapQuestion(start=self.uids[name]), **more))  # type: ignore[arg-type]

    def failing(self, *names: str) -> MapAnswer:
        return self.ask(MapQuestion(start=self.uids[names[0]], failed=tuple(self.uids[name] for name in names)))


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapEstate]:
    found = MapEstate(tmp_path_factory.mktemp("map") / "map.terrier", 0)
    yield found
    found.store.close()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapEstate]:
    found = MapEstate(tmp_path_factory.mktemp("map") / "crowd.terrier", 300)
    yield found
    found.store.close()


def drawn(found: MapAnswer) -> dict[str, str]:
    return {node.name: node.state for node in found.picture.nodes.values()}


def test_a_failure_is_drawn_whole_with_states_and_words(estate: MapEstate) -> None:
    found = estate.failing("sw-2")
    assert found.title == "If sw-2 fails"
    assert found.counts == {"failed": 1, "down": 1, "exhausted": 2, "at_risk": 9}
    assert (found.hit, found.hit_drawn) == (13, 13)
    assert {name: state for name, state in drawn(found).items() if state not in ("at_risk", "up")} == {
        "sw-2": "failed", "host-c": "down", "cluster-rtm": "exhausted", "host-b": "exhausted",
    }  # fmt: skip
    words = {node.name: (node.text, node.label) for node in found.picture.nodes.values()}
    assert words["cluster-rtm"] == ("2 of 3 up, needs 2", "2 of 3 hosts up, needs 2")
    assert words["host-b"] == ("1 of 2 uplinks", "1 of 2 uplinks up")
    assert drawn(found)["host-a"] == "up"


def test_the_list_explains_services_first(estate: MapEstate) -> None:
    risky = [entry for entry in estate.failing("sw-2").entries if entry.state == "at_risk"]
    assert [entry.name for entry in risky[:3]] == ["Payroll", "Web shop", "Mail"]
    assert all(entry.why for entry in risky)


def test_lines_that_brought_the_failure_are_marked(estate: MapEstate) -> None:
    found = estate.failing("sw-2")
    names = {ci: node.name for ci, node in found.picture.nodes.items()}
    lost = {(names[edge.upper], names[edge.lower]) for edge in found.picture.edges if edge.lost}
    assert lost == {("host-c", "sw-2"), ("host-b", "sw-2"), ("cluster-rtm", "host-c")}


def test_dependents_stand_above(estate: MapEstate) -> None:
    picture = estate.failing("sw-2").picture
    assert all(picture.positions[e.upper][1] < picture.positions[e.lower][1] for e in picture.edges)


def test_several_failures_make_one_title(estate: MapEstate) -> None:
    assert estate.failing("sw-1", "sw-2").title == "If sw-1 and sw-2 fail"
    assert estate.failing("sw-1", "sw-2", "PDU-A", "PDU-B", "host-a").title == "If sw-1, sw-2, PDU-A and 2 more fail"


def test_depth_and_breadth_are_honest(crowd: MapEstate) -> None:
    found = crowd.about("shop-web", depth=1, breadth=5)
    centre = next(node for node in found.picture.nodes.values() if node.name == "shop-web")
    assert len(found.picture.nodes) == 1 + 5 + 1
    assert centre.more == 301 - 5


def test_a_large_failure_is_cut_to_what_can_be_read_but_counted_whole(crowd: MapEstate) -> None:
    found = crowd.failing("sw-2")
    assert found.hit == 313
    assert found.hit_drawn < 120
    assert {"Payroll", "Web shop", "Mail"} <= set(drawn(found))
    more = crowd.ask(replace(found.question, depth=12, breadth=500))
    assert more.hit_drawn == 313


def test_expanding_leaves_everything_where_it_is(crowd: MapEstate) -> None:
    before = crowd.about("vm-web", depth=1)
    wider = before.question.expanding(crowd.uids["shop-web"])
    assert wider.grows_from(before.question)
    after = crowd.ask(wider, dict(before.picture.positions))
    assert len(after.picture.nodes) == len(before.picture.nodes) + 10
    assert all(after.picture.positions[ci] == place for ci, place in before.picture.positions.items())
    places = list(after.picture.positions.values())
    assert len(set(places)) == len(places)
    again = crowd.ask(after.question.collapsing(crowd.uids["shop-web"]), dict(after.picture.positions))
    assert set(again.picture.nodes) == set(before.picture.nodes)


def test_radial_draws_documentation_too(estate: MapEstate) -> None:
    found = estate.about("host-c", mode="radial", depth=1)
    assert set(drawn(found)) == {"host-c", "cluster-rtm", "sw-2", "PDU-A", "PDU-B"}
    centre = next(ci for ci, node in found.picture.nodes.items() if node.start)
    assert found.picture.positions[centre] == (0.0, 0.0)


def test_what_is_not_there_is_said(estate: MapEstate) -> None:
    found = estate.ask(MapQuestion(start="00000000-0000-7000-8000-000000000000"))
    assert found.picture == Diagram()
    assert found.missing


def test_questions_survive_as_documents() -> None:
    asked = MapQuestion("a", ("a", "b"), "radial", 4, 7, (("c", 10),), ("d",))
    assert MapQuestion.of(asked.document()) == asked
    assert MapQuestion.of({"depth": "deep", "mode": "cubic"}) == MapQuestion()


def test_failing_twice_and_working_again() -> None:
    asked = MapQuestion("a").failing("b").failing("b")
    assert asked.failed == ("b",)
    assert asked.working("b") == MapQuestion("a")
    assert not asked.grows_from(MapQuestion("a"))


def test_the_csv_lists_everything_hit(crowd: MapEstate) -> None:
    found = crowd.failing("sw-2")
    with crowd.store.read() as reader:
        rows = list(hit_rows(reader, found))
    assert len(rows) == found.hit
    assert rows[1][:5] == ("down", "Server", "host-c", "its only uplink, sw-2, failed", "sw-2 → host-c")


def test_the_list_is_written_for_spreadsheets(estate: MapEstate, tmp_path: Path) -> None:
    found = estate.failing("sw-2")
    with estate.store.read() as reader:
        path = write_list(reader, found, tmp_path / "map.csv")
        with pytest.raises(FileProblem, match="There is no folder"):
            write_list(reader, found, tmp_path / "nowhere" / "map.csv")
    assert path.read_text("utf-8-sig").splitlines()[0] == "State,Class,Name,Why,Path,Id"


def test_a_graph_is_built_once_per_revision(estate: MapEstate) -> None:
    with estate.store.read() as reader:
        first: Graph = estate.graphs.of(reader)
        assert estate.graphs.of(reader) is first
