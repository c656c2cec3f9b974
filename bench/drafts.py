"""Drafts: a page of a list with a draft of 1,000 edits against the same page without, and making one.

A tenth of the edits is of records of the first page, the others are spread over their class.

The yardstick is Terrier without a draft, so it leaves out nothing that a draft does not add.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from estate import Estate, fill
from million import CLASS, PAGE, SORT, estate
from result import Result, in_turn

from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.register import drafts
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import open_estate

EDITS = 1_000
PAGES = {
    "by name": Selection("hardware"), "by an indexed attribute": Selection(CLASS, sort=SORT), "of all": Selection("ci"),
}  # fmt: skip


def measure(folder: Path, times: int) -> list[Result]:
    """Pages of a million with a draft, and a new draft of a million against one of 2,000."""
    million = open_estate(Path(shutil.copy(estate(), folder / "drafted.terrier")))
    small_file = folder / "small.terrier"
    fill(str(small_file), Estate(2_000))
    small = open_estate(small_file)
    results = [
        in_turn(
            "a new draft of a million, against one of 2,000",
            lambda: _new(million),
            lambda: _new(small),
            1.5,
            10 * times,
        )
    ]
    drafted = _drafted(million)
    for name, selection in PAGES.items():
        results.append(
            in_turn(
                f"page {name} with a draft of {EDITS:,} edits",
                lambda s=selection: _page(drafted, s),  # type: ignore[misc]
                lambda s=selection: _page(million, s),  # type: ignore[misc]
                2.0,
                20 * times,
            )
        )
    small.close()
    million.close()
    return results


def _new(store: Store) -> None:
    with store.read() as reader:
        _, revision = drafts.new_draft(reader, f"Draft {reader.number}", "bench")
    store.apply(revision)


def _drafted(store: Store) -> DraftStore:
    with store.read() as reader:
        draft, revision = drafts.new_draft(reader, "Measured", "bench")
        every = reader.ids(Selection(CLASS))
        first, rest = every[: EDITS // 10], every[EDITS // 10 :]
        some = reader.many([*first, *rest[:: len(rest) // (EDITS - len(first))][: EDITS - len(first)]])
    store.apply(revision)
    drafted = DraftStore(store, draft)
    half = EDITS // 2
    edits = [Edit(ci(one.uid), "notes", one.values.get("notes"), "drafted") for one in some[:half]]
    edits += [Edit(ci(one.uid), "name", one.name, f"drafted {one.name}") for one in some[half:]]
    drafted.apply(Revision(edits, "bench"))
    return drafted


def _page(store: Store, selection: Selection) -> None:
    with store.read() as reader:
        assert len(reader.page(selection, PAGE)) == PAGE
