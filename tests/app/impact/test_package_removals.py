"""What fails when packages are removed: dependencies with alternatives, imported as sheets, against a package manager.

A package needs one of the alternatives of each of its dependencies. "libA or perl; libB or perl; perl" is one
relationship to perl that is in two groups and stands alone besides.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import import_proposal
from app.record_tables import relationship_table
from cmdb.graph.cut_sets import cutsets
from cmdb.graph.graph import Graph
from cmdb.graph.impact import impact
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.register import history
from cmdb.register.live_graph import graph_of
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.store.conftest import emptied
from tests.laws import examples

PACKAGES = tuple(f"pkg-{letter}" for letter in "abcdefgh")
HEADER = ("Source", "Relationship", "Target", "Group", "Needs")

Dependencies = Mapping[str, tuple[frozenset[str], ...]]
"""Package → its dependencies, each a set of alternatives."""


@st.composite
def dependencies(draw: st.DrawFn) -> Dependencies:
    """Packages with up to five dependencies each; the same alternative in several of them, circles too."""
    found = {}
    for package in PACKAGES:
        others = st.sampled_from([one for one in PACKAGES if one != package])
        alternatives = st.frozensets(others, min_size=1, max_size=3)
        found[package] = tuple(draw(st.lists(alternatives, max_size=5, unique=True)))
    return found


def broken(needed: Dependencies, removed: set[str]) -> set[str]:
    """The packages that cannot stay when some are removed: the least fixpoint, as a package manager finds it."""
    gone = set(removed)
    while True:
        more = {p for p, its in needed.items() if p not in gone and any(one <= gone for one in its)}
        if not more:
            return gone - removed
        gone |= more


def rows(needed: Dependencies) -> list[tuple[str, ...]]:
    """The rows of a relationship sheet: one for each alternative of a dependency."""
    found: list[tuple[str, ...]] = []
    for package, its in needed.items():
        for alternatives in its:
            group = " or ".join(sorted(alternatives)) if len(alternatives) > 1 else ""
            found += [(package, "depends on", one, group, "1" if group else "") for one in sorted(alternatives)]
    return sorted(found)


def take(store: Store, folder: Path, sheets: list[list[tuple[str, ...]]]) -> None:
    """Imports relationship sheets as one revision."""
    paths = []
    for number, its in enumerate(sheets):
        path = folder / f"sheet-{number}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADER, *its])
        paths.append(path)
    proposal = import_proposal.propose(store, import_proposal.read_files(paths, store.schema)[0], "tester")
    assert not proposal.problems
    store.apply(proposal.revision)


def installed(store: Store) -> None:
    """Applications that are called as the packages."""
    store.apply(
        Revision([Edit(ci(new_id()), "", None, {"class": "application", "name": name}) for name in PACKAGES], "tester")
    )


def ids(reader: Reader) -> dict[str, int]:
    """Package → its id in the graph."""
    return {name: reader.inner([(uid := reader.find(name).uid)])[uid] for name in PACKAGES}


def agree(graph: Graph, places: dict[str, int], needed: Dependencies) -> None:
    """Removals of one package and of two take down what a package manager says."""
    names = {number: name for name, number in places.items()}
    for count in (1, 2):
        for removed in combinations(PACKAGES, count):
            found = impact(graph, [places[name] for name in removed])
            assert {names[one] for one in found.down} == broken(needed, set(removed)), removed


def written(reader: Reader) -> list[tuple[str, ...]]:
    """The rows that an export writes."""
    table = relationship_table(reader)
    lines = [] if table is None else [tuple(str(cell or "") for cell in line[:5]) for line in table.lines()]
    return sorted(lines)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An estate that every example finds empty."""
    store = create_estate(tmp_path_factory.mktemp("estate") / "packages.terrier")
    yield store
    store.close()


@examples(5, soak=125)
@given(needed=dependencies(), seed=st.integers(0, 1000))
def test_removals_agree_with_a_package_manager(
    file: Store, tmp_path_factory: pytest.TempPathFactory, needed: Dependencies, seed: int
) -> None:
    store, folder = emptied(file), tmp_path_factory.mktemp("sheets")
    installed(store)
    lines = rows(needed)
    mixed = Random(seed).sample(lines, len(lines))
    half = len(mixed) // 2
    take(store, folder, [mixed[:half], mixed[half:]])
    with store.read() as reader:
        places = ids(reader)
        agree(graph_of(reader), places, needed)
        assert written(reader) == lines
        number = reader.number
    take(store, folder, [lines])
    with store.read() as reader:
        assert reader.number == number, "what is written can be read, and changes nothing"
    if lines:
        undone = history.undo(store, number, "tester")
        history.undo(store, undone.number, "tester")
        with store.read() as reader:
            agree(graph_of(reader), places, needed)
            assert written(reader) == lines


def test_libA_or_perl_libB_or_perl_and_perl(file: Store, tmp_path: Path) -> None:
    store = emptied(file)
    installed(store)
    shop, perl, one, two = PACKAGES[:4]
    either: Dependencies = {shop: (frozenset({one, perl}), frozenset({two, perl}))}
    take(store, tmp_path, [rows(either)])
    with store.read() as reader:
        places, graph = ids(reader), graph_of(reader)
        names = {number: name for name, number in places.items()}
        assert not impact(graph, [places[perl]]).down
        assert not impact(graph, [places[one]]).down
        assert set(impact(graph, [places[perl], places[one]]).down) == {places[shop]}
        found = cutsets(graph, places[shop], 3).sets
        assert {frozenset(names[ci] for ci in its) for its in found} == {
            frozenset({perl, one}), frozenset({perl, two}),
        }  # fmt: skip
        (link,) = [r for r in reader.relationships(reader.find(shop).uid) if r.name == perl]
        assert [of.label for of in link.groups] == sorted(f"{a} or {b}" for a, b in ((perl, one), (perl, two)))
        assert not link.alone
    whole: Dependencies = {shop: (*either[shop], frozenset({perl}))}
    take(store, tmp_path, [rows(whole)])
    with store.read() as reader:
        graph = graph_of(reader)
        agree(graph, places, whole)
        assert [[names[ci] for ci in its] for its in cutsets(graph, places[shop], 3).sets] == [[perl]]
