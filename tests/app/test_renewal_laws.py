"""A law of proposals made at one moment: written one after another, each made anew if refused, they leave what imports
one after another leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.import_proposal import propose
from app.renewal import settled
from cmdb.model.observation import NamedReference, Observation, Origin, Reading
from cmdb.model.selection import Selection
from cmdb.reconciliation import Proposal
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import emptied
from tests.cmdb.reconciliation.estate import sheet
from tests.laws import examples

NAMED = {
    "model": ("hardware_model", ("T14", "T15")),
    "assigned_to": ("person", ("Ann Lee", "Bo Ek")),
    "location": ("place", ("Lyon", "Lyon / Floor 1")),
    "manufacturer": ("manufacturer", ("HP", "Hewlett-Packard")),
}
TEXTS = {
    "serial_number": ("SER-001", "SER-002", "ser-002"),
    "asset_tag": ("A-1", "A-2"),
    "notes": ("seen", "moved"),
    "host_name": ("nb-1", "nb-2.example.org"),
}


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    values: dict[str, str | NamedReference] = {"name": draw(st.sampled_from(("nb-1", "nb-2", "nb-3")))}
    for attribute, texts in TEXTS.items():
        if draw(st.booleans()):
            values[attribute] = draw(st.sampled_from(texts))
    for attribute, (cls, names) in NAMED.items():
        if draw(st.booleans()):
            values[attribute] = NamedReference(cls, draw(st.sampled_from(names)))
    return Observation(draw(st.sampled_from(("laptop", "desktop"))), values)


@st.composite
def sheets(draw: st.DrawFn, number: int) -> Reading:
    rows = draw(st.lists(observations(), min_size=1, max_size=3))
    name = f"sheet-{number}.csv"
    for line, row in enumerate(rows):
        row.origin = Origin(name, "Sheet", line + 2)
    return sheet(*rows, file=name, observed="2026-03-01T10:00:00Z")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder: Path = tmp_path_factory.mktemp("laws")
    made = (create_estate(folder / "one.terrier"), create_estate(folder / "other.terrier"))
    yield made
    for store in made:
        store.close()


def contents(store: Store) -> Counter[tuple[object, ...]]:
    """Every record by its class and values, references by name."""
    with store.read() as reader:
        found = list(reader.all(Selection()))
        names = {one.uid: one.name for one in found}
        return Counter(
            (one.cls, tuple(sorted((name, names.get(str(value), value)) for name, value in one.values.items())))
            for one in found
        )


def proposing(store: Store, reading: Reading) -> Callable[[], Proposal]:
    return lambda: propose(store, [reading], "tester")


@settings(
    examples(5, soak=125),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
)
@given(readings=st.tuples(sheets(1), sheets(2), sheets(3)))
def test_proposals_made_at_one_moment(stores: tuple[Store, Store], readings: tuple[Reading, ...]) -> None:
    one, other = map(emptied, stores)
    for reading in readings:
        one.apply(proposing(one, reading)().revision)
    early = [proposing(other, reading)() for reading in readings]
    for reading, proposal in zip(readings, early, strict=True):
        waiting = [proposal]

        def decide(reading: Reading = reading, waiting: list[Proposal] = waiting) -> Proposal:
            return waiting.pop() if waiting else proposing(other, reading)()

        settled(other, decide, lambda made: other.apply(made.revision), lambda made: made.revision.decided_at)
    assert contents(other) == contents(one)
    assert check_integrity(other) == []
