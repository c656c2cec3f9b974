"""Lists are the same with every plan: sorted after filtering, or along an index; now and in the past."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from cmdb.model.name_keys import name_key
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.register import edits
from cmdb.store.reading import lists
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from tests.cmdb.store.conftest import DIALECTS, Hand, Places

SORTS = (
    "name",
    "serial_number",
    "status",
    "warranty_until",
    "location",
    "assigned_to",
    "order_number",
    "memory",
    "imei",
)
NARROWED = (
    ("ci", ""), ("hardware", ""), ("hardware", "status = Retired"), ("hardware", "location = Rotterdam"),
    ("hardware", "serial_number is empty"), ("laptop", "memory > 1000"), ("laptop", "status = Lost"),
)  # fmt: skip


@pytest.fixture(scope="module", params=DIALECTS)
def store(request: pytest.FixtureRequest, places: Places) -> Iterator[Store]:
    """Forty things of four classes with gaps, equal values and equal names; half of them changed since, some gone."""
    where = places.new(request.param)
    store = places.lay_out(where)
    hand = Hand(store)
    sites = [hand.make("site", name) for name in ("Rotterdam", "Bilbao", "rotterdam")]
    people = [hand.make("person", name) for name in ("Zoe", "Anja", "Tom")]
    new = []
    for n in range(40):
        cls = ("laptop", "server", "monitor", "phone")[n % 4]
        values: dict[str, Any] = {"status": ("Deployed", "Retired", "In stock")[n % 3]}
        if n % 5:
            values["serial_number"] = f"sn{n * 7 % 10}{'X' if n % 2 else 'x'}{n}"
        if n % 3:
            values["location"] = sites[n % 3]
        if n % 4 != 3 and n % 7 < 4:
            values["warranty_until"] = f"2026-0{1 + n % 5}-01"
        if n % 2 and cls == "laptop":
            values |= {"assigned_to": people[n % 3], "order_number": f"PO{n % 4}"}
        if cls in ("laptop", "server"):
            values["memory"] = 1024 * (n % 6 or 1)
        if cls == "phone":
            values["imei"] = f"{35 + n % 3}0000000000000"
        new.append(hand.new(cls, f"Thing {n % 9}", **values))
    hand.apply(*new)
    ids = [edit.record.key[0] for edit in new]
    with store.read() as reader:
        there = reader.by_uid(ids)
    changes = [Edit(ci(u), "status", there[u].values["status"], "In repair") for u in ids[::2]]
    changes += [Edit(ci(u), "name", there[u].name, f"Renamed {n % 4}") for n, u in enumerate(ids[::6])]
    hand.apply(*changes)
    with store.read() as reader:
        gone = edits.delete(reader, ids[1:9:3], "tester")
    store.apply(Revision(list(gone.edits), "tester"))
    yield store
    store.close()
    places.clear(where)


def expected(reader: Reader, selection: Selection, found: list[CI]) -> list[int]:
    """The order in plain Python: by value, then name, class and id; what lacks the value last."""
    word = selection.sort.lstrip("-")
    turned = selection.sort.startswith("-")
    names = {uid: (name_key(name), cls) for uid, (cls, name) in reader.names(_references(found, word)).items()}
    numbers = reader.inner(names)

    def value(one: CI) -> Any:
        held = one.values[word]
        if held in names:
            return (*names[held], numbers[held])
        return held.lower() if word == "serial_number" and reader._connection.dialect.name == "sqlite" else held

    def tie(one: CI) -> tuple[str, str, int]:
        return name_key(one.name), one.cls, one.id

    if word == "name":
        return [one.id for one in sorted(found, key=tie, reverse=turned)]
    valued = sorted((one for one in found if word in one.values), key=lambda o: (value(o), tie(o)), reverse=turned)
    bare = sorted((one for one in found if word not in one.values), key=tie, reverse=turned)
    return [one.id for one in (*valued, *bare)]


def _references(found: list[CI], word: str) -> set[str]:
    held = {one.values.get(word) for one in found}
    return {v for v in held if isinstance(v, str) and len(v) == 36}


@pytest.mark.parametrize("past", [False, True])
@pytest.mark.parametrize("few", [0, 10_000])
def test_every_plan_gives_the_same_list(store: Store, few: int, past: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "FEW", few)
    with store.read() as reader:
        last = reader.number
    with store.read(last - 2 if past else None) as reader:
        everything = reader.many(list(reader.ids(Selection())))
        assert len(everything) > 40
        # Sorting what is found is the simpler plan: less of it is tried.
        for (cls, where), word, sign in product(NARROWED if not few else NARROWED[2:4], SORTS, ("", "-")):
            if cls == "laptop" and word == "imei":
                continue  # an attribute that the class lacks
            selection = Selection(cls, where, sign + word)
            ids = list(reader.ids(selection))
            family = set(reader.schema.family(cls)) if cls != "ci" else set()
            found = [one for one in everything if (not family or one.cls in family) and (not where or one.id in ids)]
            assert ids == expected(reader, selection, found), selection
            assert reader.count(selection) == len(ids)
            paged = [one.id for start in range(0, len(ids) + 1, 13) for one in reader.page(selection, 13, start)]
            assert paged == ids, selection


def test_what_an_index_sorts_is_known(store: Store) -> None:
    with store.read() as reader:
        quick = {word: reader.sorts_by_index(Selection("laptop", sort=word)) for word in SORTS if word != "imei"}
    assert quick == {
        "name": True, "serial_number": True, "status": True, "warranty_until": True, "location": True,
        "assigned_to": True, "order_number": False, "memory": False,
    }  # fmt: skip
