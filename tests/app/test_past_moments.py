"""The past as it was seen: lists, details, the map and the licence position as of a moment are those of that moment.

The sample's two years are replayed. At some moments everything is recorded, and later compared as of these moments.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.sample.sample_estate import revisions
from cmdb.graph.impact import impact
from cmdb.licences.engine.position import position
from cmdb.licences.register_facts import gather
from cmdb.model.selection import Selection
from cmdb.register.live_graph import graph_of
from cmdb.store.reading.reader import Reader
from cmdb.store.reading.related_records import related
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

TODAY = date(2026, 11, 22)
SELECTIONS = (
    Selection("computer", sort="-last_seen"),
    Selection("hardware", 'status = Deployed and location ~ "Hamburg"', "asset_tag"),
    Selection("ci", "not assigned_to is empty", "name", "lt-20"),
    Selection("laptop", "assigned_to.department ~ a", "purchase_date"),
    Selection("ci", 'notes ~ "e" or warranty_until < 2027-01-01', "-name"),
)


def seen(reader: Reader, day: date, everything: bool) -> dict[str, Any]:
    """What a person would see."""
    found: dict[str, Any] = {"counts": reader.counts()}
    for number, selection in enumerate(SELECTIONS):
        rows = [(c.uid, c.cls, dict(c.values)) for c in reader.all(selection)]
        found[f"list {number}"] = rows
        assert len(rows) == reader.count(selection)
        assert [r[0] for r in rows[5:10]] == [c.uid for c in reader.page(selection, 5, 5)]
    found["facet"] = reader.facet(Selection("hardware"), "status")
    found["search"] = [c.uid for c in reader.search("esx")]
    for one in [*reader.page(Selection("server"), 3), *reader.page(Selection("site"), 2), *reader.page(Selection(), 2)]:
        kinds = [(k.label, k.number, k.first) for k in related(reader, one, 5)]
        links = reader.relationships(one.uid)
        software, looks = reader.installations(one.uid), reader.sightings(one.uid)
        found[one.uid] = (kinds, links, software, looks, reader.claims(one.uid))
    graph = graph_of(reader)
    first = [c.id for c in reader.page(Selection("switch", sort="name"), 2)]
    if first:
        hit = impact(graph, first)
        found["impact"] = [sorted(map(int, part)) for part in (hit.down, hit.degraded, hit.at_risk)]
    found["graph"] = sorted(graph.nodes()) and len(graph)
    if everything:
        positions = position(gather(reader, day), day)
        found["licences"] = [repr(p) for p in positions.positions]
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample, and what was seen at some of its revisions while it was told."""
    store = create_estate(tmp_path_factory.mktemp("past") / "sample.terrier")
    story = list(revisions(store.schema, TODAY))
    moments = iter([r.time for r in story])
    store.clock = moments.__next__
    last = len(story)
    stops = {last // 3: True, last // 2: False, last - 20: True}
    views: dict[int, tuple[date, dict[str, Any]]] = {}
    for number, revision in enumerate(story, 1):
        assert store.apply(revision).number == number
        if number in stops:
            day = date.fromisoformat(revision.time[:10])
            with store.read() as reader:
                views[number] = day, seen(reader, day, stops[number])
    yield store, views
    store.close()


def test_as_of_a_moment_everything_is_as_it_was_seen_then(told: tuple[Store, Any]) -> None:
    store, views = told
    for number, (day, expected) in views.items():
        with store.read(number) as reader:
            found = seen(reader, day, "licences" in expected)
        assert found.keys() == expected.keys()
        for what, value in expected.items():
            assert found[what] == value, f"{what} as of revision {number}"
    assert any(expected["list 1"] for _, expected in views.values())
    assert any(expected.get("licences") for _, expected in views.values())


def test_dates_and_times_mean_the_moments_between(told: tuple[Store, Any], tmp_path: Path) -> None:
    store, views = told
    with store.read() as reader:
        for number, (day, _) in views.items():
            recorded = reader.recorded(number)
            assert reader.revision_at(recorded) == number
            assert reader.revision_at(day.isoformat()) >= number
            assert reader.day_at(str(number)).isoformat() >= recorded[:10]
