"""Reserving, and handing over what is reserved: told where it is somebody else's, fulfilled where theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import main
from app.reservations import cancelling, days_marked, listed
from app.verb_preview import preview
from app.verbs import known_verbs, make
from cmdb.model import clock
from cmdb.model.calendar_bounds import days_after
from cmdb.model.errors import InvalidValue, NotFound, Outdated, UserError
from cmdb.model.revision import Revision
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

RESERVE, HAND_OVER = known_verbs()["reserve"], known_verbs()["hand_over"]
NOW = "2027-01-01T09:00:00"


@pytest.fixture
def hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    monkeypatch.setenv(clock.VARIABLE, NOW)
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def decided(hand: Hand, verb: Any, uids: list[str], *, every: bool = False, **values: Any) -> Revision:
    with hand.store.read() as reader:
        return make(reader, verb, uids, values, "tom", every=every)


def reserve(
    hand: Hand, uid: str, who: str, start: str = "2027-01-04", until: str = "2027-01-08", **values: Any
) -> None:
    hand.store.apply(decided(hand, RESERVE, [uid], **{"for": who, "from": start, "until": until, **values}))


def subjects(hand: Hand) -> list[tuple[str, str, int]]:
    with hand.store.read() as reader:
        return [(one.subject, one.by, one.reservation.quantity) for one in listed(reader)]


def test_a_thing_is_reserved_once_at_a_time_and_told_where_another_gets_it(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    projector = hand.make("monitor", "Projector", status="In stock")
    reserve(hand, projector, ann)
    reserve(hand, projector, bob, "2027-01-09", "2027-01-10")
    with pytest.raises(InvalidValue, match=r"Projector is reserved: 4 Jan 2027 – 8 Jan 2027, for Ann\."):
        reserve(hand, projector, bob, "2027-01-08")
    with pytest.raises(UserError, match=r"Hand over: Projector is reserved: .*for Ann"):
        decided(hand, HAND_OVER, [projector], every=True, to=bob)
    with hand.store.read() as reader:
        told = preview(reader, HAND_OVER, [projector], {"to": bob, "expected_return": "2027-01-05"}, "tom").doubt
        before = preview(reader, HAND_OVER, [projector], {"to": bob, "expected_return": "2027-01-03"}, "tom").doubt
    assert "for Ann" in str(told)
    assert not str(before)  # it is back by then
    hand.store.apply(decided(hand, HAND_OVER, [projector], to=ann, expected_return="2027-01-08"))
    assert subjects(hand) == [("Projector", "Bob", 1)]
    with hand.store.read() as reader:
        marks = days_marked(listed(reader), clock.today(), 12)
        assert [one.on.day for one in marks if one.number] == [9, 10]
        assert len(marks) == 12
        assert marks[0].on == clock.today() == days_after(marks[1].on, -1)


def test_fulfilling_says_when_it_is_back_and_a_model_gives_any_of_its_devices(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    model = hand.make("hardware_model", "X1")
    first, second, third = (hand.make("laptop", f"LT-{n}", status="In stock", model=model) for n in range(3))
    reserve(hand, model, ann, quantity=2)
    with pytest.raises(InvalidValue, match="X1 is reserved"):
        reserve(hand, model, bob, quantity=2)
    reserve(hand, third, bob)
    with pytest.raises(InvalidValue, match="LT-1 is not free: X1 is reserved"):
        reserve(hand, second, bob)
    for laptop, left in ((first, [("X1", "Ann", 1), ("LT-2", "Bob", 1)]), (second, [("LT-2", "Bob", 1)])):
        hand.store.apply(decided(hand, HAND_OVER, [laptop], to=ann))
        assert sorted(subjects(hand)) == sorted(left)
        assert hand.get(laptop).text("expected_return") == "2027-01-08"
    reserve(hand, model, bob, "2027-01-09", "2027-01-10", quantity=3)  # all of them are back by then
    with pytest.raises(InvalidValue, match="X1 is reserved"):
        reserve(hand, model, ann, "2027-01-10", "2027-01-10")


def test_who_reserves_at_one_moment_with_a_hand_over_is_told(hand: Hand) -> None:
    ann, bob = hand.make("person", "Ann"), hand.make("person", "Bob")
    projector = hand.make("monitor", "Projector", status="In stock")
    handed = decided(hand, HAND_OVER, [projector], to=bob)
    reserve(hand, projector, ann)
    with pytest.raises(Outdated, match="Projector was reserved meanwhile"):
        hand.store.apply(handed)
    with hand.store.read() as reader:
        (one,) = listed(reader, [ann])
        hand.store.apply(cancelling(reader, [one.reservation.uid], "ann", "not needed"))
    with hand.store.read() as reader, pytest.raises(NotFound):
        cancelling(reader, [one.reservation.uid], "ann")


def test_the_command_line_reserves_lists_and_cancels(hand: Hand, capsys: pytest.CaptureFixture[str]) -> None:
    hand.make("person", "Ann")
    hand.make("monitor", "Projector", status="In stock")
    where = ("--db", str(hand.store.where), "--json")

    def run(*words: str) -> Any:
        capsys.readouterr()
        assert main.main([*words, *where]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    for start, until in (("2027-01-04", "2027-01-08"), ("2027-02-01", "2027-02-02")):
        run("reserve", "Projector", "for=Ann", f"from={start}", f"until={until}", "note=Course")
    (first, second) = run("reservations", "Ann")
    assert (first["record"]["name"], first["for"]["name"], first["note"]) == ("Projector", "Ann", "Course")
    assert main.main(["cancel-reservation", "Projector", *where]) == 2
    assert "reserved 2 times" in capsys.readouterr().err
    run("cancel-reservation", "Projector", "from=2027-01-04")
    run("cancel-reservation", second["id"])
    assert run("reservations") == []
    assert main.main(["cancel-reservation", "Projector", *where]) == 2
