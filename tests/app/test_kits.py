"""What is done with a kit is done with what is in it; of one of these it is asked whether the whole kit goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verb_preview import preview
from app.verbs import known_verbs, make, scope
from cmdb.model.errors import InvalidValue
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand


class KitCase:
    """A kit of three things in the store room, and two people."""

    def __init__(self, store: Store) -> None:
        self.hand = Hand(store)
        new = self.hand.make
        self.room = new("room", "Store room")
        self.ann, self.bob = new("person", "Ann"), new("person", "Bob")
        self.kit = new("kit", "Kit 1", asset_tag="K-1", status="In stock", home_place=self.room)
        self.laptop, self.camera, self.screen = (
            new(cls, name, status="In stock", kit=self.kit, home_place=self.room)
            for cls, name in (("laptop", "Laptop"), ("phone", "Camera"), ("monitor", "Screen"))
        )

    def do(self, verb: str, uid: str, **values: Any) -> int:
        with self.hand.store.read() as reader:
            made = make(reader, known_verbs()[verb], [uid], values, "tom", every=True)
        return self.hand.store.apply(made).number

    def holders(self) -> list[str]:
        return [self.hand.get(one).text("assigned_to") for one in (self.kit, self.laptop, self.camera, self.screen)]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[KitCase]:
    store = create_estate(tmp_path / "estate.terrier")
    yield KitCase(store)
    store.close()


def test_all_of_a_kit_goes_in_one_revision_and_comes_back_by_one_undo(case: KitCase) -> None:
    ann = case.ann
    number = case.do("hand_over", case.kit, to=ann)
    assert case.holders() == [ann] * 4
    history.undo(case.hand.store, number, "tom")
    assert case.holders() == [""] * 4
    case.do("hand_over", case.kit, to=ann)
    case.do("report_lost", case.camera)
    case.do("hand_over", case.screen, to=case.bob, whole_kit=False)
    assert case.hand.get(case.screen).text("kit") == ""
    case.hand.set(case.screen, "kit", case.kit)  # it is in the kit again, and still with Bob
    with case.hand.store.read() as reader:
        told = str(preview(reader, known_verbs()["take_back"], [case.kit], {}, "tom").doubt)
    assert "Kit 1 is incomplete" in told
    assert "Camera (Lost, Ann)" in told
    assert "Screen (Deployed, Bob)" in told
    case.do("take_back", case.kit)
    assert case.holders() == ["", "", ann, case.bob]
    assert {case.hand.get(one).text("location") for one in (case.kit, case.laptop)} == {case.room}
    case.do("send_to_repair", case.kit)
    assert case.hand.get(case.laptop).text("status") == "In repair"
    case.do("back_from_repair", case.kit)
    assert case.hand.get(case.laptop).text("status") == "In stock"


def test_of_one_thing_it_is_asked_whether_the_whole_kit_goes(case: KitCase) -> None:
    with case.hand.store.read() as reader:
        asked = [
            scope(reader, known_verbs()[verb], uids).kits
            for verb, uids in (
                ("hand_over", [case.laptop]), ("hand_over", [case.kit, case.laptop]), ("report_lost", [case.laptop]),
            )
        ]  # fmt: skip
    assert asked == [("Kit 1",), (), ()]
    with pytest.raises(InvalidValue, match="Laptop belongs to the kit Kit 1"):
        case.do("move", case.laptop, to=case.room)
    case.do("hand_over", case.laptop, to=case.ann, whole_kit=True)
    assert case.holders() == [case.ann] * 4
    case.do("reserve", case.kit, **{"for": case.bob})
    with pytest.raises(InvalidValue, match="Camera is not free: Kit 1 is reserved"):
        case.do("reserve", case.camera, **{"for": case.ann})
