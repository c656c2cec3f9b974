"""What people say of names of installed software: all installations follow at once, and it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.positions import positions_at
from app.recognition import (
    NO_PRODUCT,
    RecognisedName,
    ReportedName,
    WhatIsSaid,
    called,
    follows,
    names_of,
    question_of,
    recognised_names,
    say,
)
from cmdb.model.control import Control
from cmdb.model.errors import Conflict, UserError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register.history import undo
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

DAY = date(2026, 11, 29)
FROB = ReportedName("Frob Suite 3.1 (x64)", "Frob Inc.", "", "3.1", "registry", 2)
AS_VISIO = WhatIsSaid("Visio", "Microsoft", "Professional")


def _installed(computer: Edit, product: str, publisher: str, version: str, origin: str = "registry") -> Edit:
    key = (computer.record.key[0], "", publisher, product, "", version)
    return Edit(Record("installation", key), "", None, {"origin": origin})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    pcs = [
        Edit(ci(new_id()), "", None, {"class": "laptop", "name": f"PC-{n}", "status": "Deployed",
                                      "last_seen": "2026-11-28T00:00:00Z"})
        for n in range(3)
    ]  # fmt: skip
    software = [
        _installed(pcs[0], "Frob Suite 3.1 (x64)", "Frob Inc.", "3.1"),
        _installed(pcs[1], "Frob Suite 3.1 (x64)", "Frob Inc.", "3.1"),
        _installed(pcs[1], "Frob Suite 3.2 (x64)", "Frob Inc.", "3.2"),
        _installed(pcs[2], "Frob Suite 3.1 (x64)", "Another", "3.1"),
        _installed(pcs[2], "Google Chrome", "Google LLC", "120.0"),
        *(_installed(pc, "libc6", "Debian", "2.36", "deb") for pc in pcs),
    ]
    bought = {
        "class": "entitlement", "name": "Visio", "product": "Visio", "edition": "Professional", "metric": "device",
        "quantity": 1,
    }  # fmt: skip
    made.apply(Revision([*pcs, *software, Edit(ci(new_id()), "", None, bought)], "anna", "scan"))
    yield made
    made.close()


def _meanings(store: Store) -> dict[str, str]:
    with store.read() as reader:
        return {f"{one.reported.product} / {one.reported.publisher}": one.meaning for one in recognised_names(reader)}


def _say(store: Store, name: ReportedName, said: WhatIsSaid | None, author: str = "anna") -> int:
    with store.read() as reader:
        revision = say(reader, name, said, author)
    return store.apply(revision).number


def _visio(store: Store) -> tuple[int, int]:
    with store.read() as reader:
        (found,) = (p for p in positions_at(reader, DAY, Control()).positions if p.product == "Visio")
    return int(found.needed), int(found.short)


def test_names_are_listed_with_what_is_known_of_them_the_most_frequent_first(store: Store) -> None:
    with store.read() as reader:
        found = recognised_names(reader)
    assert [(one.reported.product, one.reported.computers, one.known) for one in found][:2] == [
        ("libc6", 3, True), ("Frob Suite 3.1 (x64)", 2, False),
    ]  # fmt: skip
    kinds = {one.reported.product: one.what.kind for one in found}
    assert (kinds["libc6"], kinds["Google Chrome"]) == ("component", "product")


def test_all_installations_of_a_name_follow_in_one_revision_and_come_back(store: Store) -> None:
    before, position = _meanings(store), _visio(store)
    with store.read() as reader:
        asked = question_of(reader, FROB)
    assert (asked.said, asked.installations, asked.computers) == (None, 3, 2)
    assert str(follows(asked)).startswith("3 installations on 2 computers follow")
    _say(store, FROB, AS_VISIO)
    after = _meanings(store)
    assert {name for name in after if after[name] == "Visio, Professional"} == {
        "Frob Suite 3.1 (x64) / Frob Inc.", "Frob Suite 3.2 (x64) / Frob Inc.",
    }  # fmt: skip
    assert (position, _visio(store)) == ((0, 0), (2, 1))
    with store.read() as reader:
        assert [one.reported.version for one in names_of(reader, "Visio")] == ["3.1", "3.2"]
        assert question_of(reader, FROB).said == AS_VISIO
    _say(store, FROB, None)
    assert (_meanings(store), _visio(store)) == (before, position)


def test_the_next_scan_follows_and_an_undo_brings_back_the_rules(store: Store) -> None:
    number = _say(store, FROB, AS_VISIO)
    computer = Edit(ci(_uid(store, "PC-2")), "", None, None)
    store.apply(Revision([_installed(computer, FROB.product, FROB.publisher, "3.1")], "agent", "scan"))
    assert _visio(store)[0] == 3
    undo(store, number, "anna")
    assert _visio(store)[0] == 0


def _uid(store: Store, name: str) -> str:
    with store.read() as reader:
        (one,) = reader.page(Selection("laptop", f'name = "{name}"'), limit=2)
    return one.uid


def test_a_name_can_be_of_no_interest_and_a_product_can_be_one_of_the_estate(store: Store) -> None:
    chrome = ReportedName("Google Chrome", "Google LLC", "", "120.0", "registry", 1)
    _say(store, chrome, WhatIsSaid(kind=NO_PRODUCT))
    _say(store, FROB, WhatIsSaid("Frob", "Frob Inc.", "Pro"))
    with store.read() as reader:
        found: dict[str, RecognisedName] = {
            one.reported.product: one for one in recognised_names(reader) if one.reported.publisher != "Another"
        }
        assert names_of(reader, "frob", "Frob Inc.")
    assert found["Google Chrome"].what.kind == NO_PRODUCT
    assert found["Google Chrome"].reported.product == "Google Chrome"  # the evidence stays
    assert found[FROB.product].meaning == "Frob, Pro"


def test_what_two_people_say_of_one_name_is_a_conflict(store: Store) -> None:
    with store.read() as reader:
        annas, bens = say(reader, FROB, AS_VISIO, "anna"), say(reader, FROB, WhatIsSaid("Frob"), "ben")
    store.apply(annas)
    with pytest.raises(Conflict):
        store.apply(bens)
    _say(store, FROB, WhatIsSaid("Frob"), "ben")  # who sees what was said may say otherwise
    assert _meanings(store)["Frob Suite 3.1 (x64) / Frob Inc."] == "Frob"


def test_what_cannot_be_said_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="Name the product"):
        _say(store, FROB, WhatIsSaid())
    with pytest.raises(UserError, match="nothing to take back"):
        _say(store, FROB, None)


def test_an_identifier_is_called_what_people_call_it_and_other_names_stay() -> None:
    for product, name in (
        ("Microsoft.ScreenSketch_8wekyb3d8bbwe", "Snipping Tool"), ("Microsoft.ScreenSketch", "Snipping Tool"),
        ("com.microsoft.package.Microsoft_Word.app", "Microsoft Word"), ("US.Zoom.pkg.videomeeting", "Zoom"),
        ("Contoso.Planner_8wekyb3d8bbwe", "Contoso.Planner_8wekyb3d8bbwe"), ("7-Zip", "7-Zip"), ("", ""),
    ):  # fmt: skip
        assert called(product) == name
