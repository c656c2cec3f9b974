"""A truncated or damaged file is refused, reported, or read unchanged: never a trace, never a silent repair."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.errors import StoreProblem, UserError
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.estate_snapshot import picture


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, Any], str]:
    """A small estate with something of everything: its bytes, its picture, and the id of one of its laptops."""
    where = tmp_path_factory.mktemp("rich") / "rich.terrier"
    store = create_estate(where)
    hand = Hand(store)
    site, person = hand.new("site", "Rotterdam"), hand.new("person", "Anja Vogt", email="anja@harbour.example")
    shared = {"location": site.record.key[0], "assigned_to": person.record.key[0], "memory": 8192}
    laptops = [
        hand.new("laptop", f"LT-{n}", asset_tag=f"A{n}", notes="words and letters " * 5, **shared) for n in range(80)
    ]
    uids = [edit.record.key[0] for edit in laptops]
    hand.apply(site, person, *laptops, source="import:register.xlsx")
    links = [Edit(Record("relationship", ("depends_on", uids[n], uids[n // 2])), "", None, {}) for n in range(1, 80)]
    installed = {"installed_on": "2025-06-01"}
    keys = [(uids[n], "", "Publisher", f"Product {n % 9}", "", f"1.{n}") for n in range(80)]
    hand.apply(*links, *(Edit(Record("installation", key), "", None, installed) for key in keys))
    for uid in uids[:10]:
        hand.set(uid, "memory", 16384)
    hand.apply(Edit(ci(uids[70]), "", {}, None))
    view = {"name": "mine", "cls": "laptop", "where": "", "sort": "name", "columns": ["name"]}
    hand.apply(Edit(Record("saved_view", (new_id(),)), "", None, view))
    assert check_integrity(store) == []
    found = picture(store)
    store.close()
    return where.read_bytes(), found, uids[3]


def look(where: Path, uid: str) -> tuple[str, dict[str, Any]]:
    """Opens an estate and looks at everything: how that ended, and what is there."""
    try:
        store = open_estate(where)
    except StoreProblem:
        return "refused", {}
    try:
        with store.read() as reader:
            reader.page(Selection("laptop", sort="asset_tag"), limit=50)
            reader.search("LT-1")
            reader.relationships(uid)
            reader.claims(uid)
            reader.versions(uid)
            for header in reader.revisions():
                reader.edits(header.number)
        with store.read(2) as past:
            list(past.all(Selection("laptop", "memory > 1")))
        if check_integrity(store):
            return "found", {}
        return "sound", picture(store)
    except UserError:
        return "refused", {}
    finally:
        store.close()


def spoil(data: bytes, chance: random.Random) -> bytes:
    """Some bytes of the file, or a page of it, are no longer what they were."""
    found = bytearray(data)
    how = chance.randrange(3)
    if how == 0:
        page = chance.randrange(len(found) // 4096) * 4096
        found[page : page + 4096] = chance.choice((bytes(4096), chance.randbytes(4096), data[8192 : 8192 + 4096]))
    else:
        for _ in range(chance.choice((1, 3, 10, 60))):
            place = chance.randrange(len(found))
            while how == 1 and not found[place]:  # where something is written
                place = chance.randrange(len(found))
            found[place] = chance.randrange(256)
    return bytes(found)


def judge(
    tmp_path: Path,
    rich: tuple[bytes, dict[str, Any], str],
    seeds: range,
    change: Callable[[bytes, random.Random], bytes],
) -> Counter[str]:
    """Looks at files that were changed: each is refused, found out, or sound; none is written to, nothing is left."""
    data, expected, uid = rich
    where = tmp_path / "spoiled.terrier"
    ends: Counter[str] = Counter()
    for seed in seeds:
        spoiled = change(data, random.Random(seed))
        where.write_bytes(spoiled)
        try:
            end, there = look(where, uid)
        except Exception as error:
            raise AssertionError(f"seed {seed}, kept in {where}: {error!r}") from error
        ends[end] += 1
        assert where.read_bytes() == spoiled, f"seed {seed}: the file was written to"
        assert os.listdir(tmp_path) == [where.name], f"seed {seed}"
        if end == "sound":
            assert there == expected, f"seed {seed}: nobody noticed"
    return ends


FEW, MANY = range(30), pytest.param(range(30, 1000), marks=pytest.mark.soak)


@pytest.mark.parametrize("seeds", [FEW, MANY], ids=["few", "many"])
def test_a_truncated_file_is_refused_or_found_out(
    tmp_path: Path, rich: tuple[bytes, dict[str, Any], str], seeds: range
) -> None:
    ends = judge(tmp_path, rich, seeds, lambda data, chance: data[: chance.randrange(len(data))])
    assert set(ends) <= {"refused", "found"}


@pytest.mark.parametrize(
    "seeds", [range(40), pytest.param(range(40, 3000), marks=pytest.mark.soak)], ids=["few", "many"]
)
def test_damage_is_refused_found_out_or_without_effect(
    tmp_path: Path, rich: tuple[bytes, dict[str, Any], str], seeds: range
) -> None:
    ends = judge(tmp_path, rich, seeds, spoil)
    assert ends["refused"] > len(seeds) / 20
    assert ends["found"] > len(seeds) / 20
