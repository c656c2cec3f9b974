"""HR's sheet marks a person as left: laptop, phone and seats are listed, and settled by one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import main
from app.leavers.leaver_list import leavers
from app.leavers.remaining import RemainingThings, remaining
from app.leavers.settling import EVERYTHING, LineOutcome, SettledLine, Settlement, open_task, settled_revision
from cmdb.model import clock
from cmdb.model.errors import Conflict, InvalidValue
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record
from cmdb.model.state_tables import STATE
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

RETURNED, MISSING, KEPT, LATER = LineOutcome


@dataclass
class Company:
    """Ann leaves: with two laptops, a screen at one of them, a phone, a seat, and a team that she leads."""

    store: Store
    uids: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.uids[name]

    def remaining(self) -> RemainingThings:
        with self.store.read() as reader:
            return remaining(reader, self["Ann"])

    def get(self, name: str) -> CI:
        with self.store.read() as reader:
            return reader.get(self[name])

    def decide(self, settlement: Settlement) -> Any:
        with self.store.read() as reader:
            return settled_revision(reader, self["Ann"], settlement, "hr")

    def settle(self, settlement: Settlement) -> int:
        return self.store.apply(self.decide(settlement)).number

    def listed(self) -> list[tuple[str, int, int, int]]:
        with self.store.read() as reader:
            found = leavers(reader, clock.today())
        return [(one.person.name, one.items, one.seats, one.owned) for one in found]

    def task(self) -> CI | None:
        with self.store.read() as reader:
            return open_task(reader, reader.get(self["Ann"]))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    store = create_estate(tmp_path / "estate.terrier")
    hand, uids = Hand(store), dict[str, str]()

    def new(cls: str, name: str, **values: Any) -> str:
        uids[name] = hand.make(cls, name, **values)
        return uids[name]

    room, bob = new("room", "Store room"), new("person", "Bob", status="Active")
    ann = new("person", "Ann", status="Active", employee_number="E7", manager=bob)
    laptop = new("laptop", "LT-1", status="Deployed", assigned_to=ann, home_place=room)
    new("monitor", "Screen", status="Deployed", assigned_to=laptop)
    new("phone", "PH-1", status="Deployed", assigned_to=ann)
    new("laptop", "TB-1", status="Deployed", assigned_to=ann)
    new("team", "Support", manager=ann)
    office = new("entitlement", "Office", product="Suite", metric="named user", quantity=5)
    hand.apply(Edit(Record("assignment", (office, ann)), "", None, {"since": "2025-01-01"}))
    yield Company(store, uids)
    store.close()


def marked_as_left(company: Company, tmp_path: Path) -> None:
    """Imports HR's sheet."""
    sheet = tmp_path / "HR leavers.csv"
    sheet.write_text("Employee number,Full name,Status,Last day\nE7,Ann,Left,2026-10-31\n")
    assert main.main(["import", str(sheet), "--db", str(company.store.where)]) == 0


def test_a_leaver_is_listed_and_settled_by_one_sheet_that_is_undone_as_one(company: Company, tmp_path: Path) -> None:
    marked_as_left(company, tmp_path)
    assert company.listed() == [("Ann", 4, 1, 1)]
    found = company.remaining()
    assert [(one.record.name, one.with_item) for one in found.items] == [
        ("LT-1", ""), ("PH-1", ""), ("TB-1", ""), ("Screen", "LT-1"),
    ]  # fmt: skip
    assert [one.name for one in found.seats] == ["Office"]
    assert [(one.attribute, [record.name for record in one.records]) for one in found.owned] == [
        ("manager", ["Support"])
    ]
    lines = {
        company["LT-1"]: SettledLine(RETURNED, {"condition": "Good"}),
        company["Screen"]: SettledLine(RETURNED, {"place": company["Store room"]}),
        company["PH-1"]: SettledLine(MISSING),
        company["TB-1"]: SettledLine(LATER),
    }
    number = company.settle(Settlement(lines, handed={"manager": company["Bob"]}, due="2026-12-24"))
    laptop, phone, tablet, task = company.get("LT-1"), company.get("PH-1"), company.get("TB-1"), company.task()
    assert (laptop.text("status"), laptop.text("location"), laptop.text("assigned_to"), laptop.text("condition")) == (
        "In stock", company["Store room"], "", "Good",
    )  # fmt: skip
    assert company.get("Screen").text("location") == company["Store room"]
    assert (phone.text("status"), phone.text("assigned_to")) == ("Lost", company["Ann"])
    assert (tablet.text("status"), tablet.text("assigned_to")) == ("Deployed", company["Ann"])
    assert company.get("Support").text("manager") == company["Bob"]
    assert company.remaining().seats == ()
    assert task is not None
    assert (task.name, task.text("due")) == ("Settle what Ann still has", "2026-12-24")
    assert company.listed() == [("Ann", 1, 0, 0)]
    history.undo(company.store, number, "hr")
    assert company.listed() == [("Ann", 4, 1, 1)]
    assert company.task() is None


def test_the_person_stays_until_nothing_is_left_and_then_the_task_is_done(company: Company) -> None:
    tablet, rest = company["TB-1"], [company[name] for name in ("LT-1", "PH-1")]
    sold = {"way": "Sold", "exception": "sealed"}
    first = {one: SettledLine(RETURNED, {"place": company["Store room"]}) for one in rest}
    company.settle(Settlement(first, on="2026-10-31", handed={EVERYTHING: company["Bob"]}))
    ann, task = company.get("Ann"), company.task()
    assert (ann.text("status"), ann.text("end")) == ("Left", "2026-10-31")
    assert task is not None
    assert company.listed() == [("Ann", 1, 0, 0)]
    with pytest.raises(InvalidValue, match="isn't with Ann"):
        company.decide(Settlement({rest[0]: SettledLine(MISSING)}))
    company.settle(Settlement({tablet: SettledLine(KEPT, sold)}))
    assert (company.get("TB-1").text("status"), company.get("TB-1").text("disposal")) == ("Disposed", "Sold")
    assert company.listed() == []
    assert company.task() is None
    with company.store.read() as reader:
        assert reader.get(task.uid).text(STATE) == "Done"


def test_somebody_else_takes_the_laptop_back_meanwhile(company: Company) -> None:
    lines = {company[name]: SettledLine(MISSING) for name in ("LT-1", "PH-1")}
    decided = company.decide(Settlement(lines))
    Hand(company.store).set(company["LT-1"], "assigned_to", company["Bob"])
    with pytest.raises(Conflict, match="LT-1 was changed meanwhile"):
        company.store.apply(decided)
    assert company.get("PH-1").text("status") == "Deployed"


def test_seats_end_on_the_last_day_and_not_before(company: Company) -> None:
    company.settle(Settlement(on="2099-12-31"))
    found = company.remaining()
    assert [one.name for one in found.seats] == ["Office"]
    assert company.get("Ann").text("status") == "Active"
    assert company.listed() == []  # she is still here
    with pytest.raises(InvalidValue, match="only people leave"), company.store.read() as reader:
        remaining(reader, company["LT-1"])


def test_the_command_line_settles_and_lists(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ("--db", str(company.store.where))
    assert main.main(["settle", "Ann", *where]) == 0
    assert "LT-1" in (out := capsys.readouterr().out)
    assert "Seat of Office" in out
    assert "with LT-1" in out
    words = ("returned=LT-1,Screen", "place=Store room", "missing=PH-1", "keeps=TB-1", "way=Donated")
    assert main.main(["settle", "Ann", *words, *where]) == 2
    assert "erased" in capsys.readouterr().err  # what is on a laptop that goes is erased, or it is said why not
    assert company.get("LT-1").text("status") == "Deployed"
    words += ("exception=sealed", "hand_to=Bob", "on=2026-10-31")
    assert main.main(["settle", "Ann", *words, *where]) == 0
    assert "Ann has nothing." in capsys.readouterr().out
    assert main.main(["settle", "Ann", "returned=LT-1", *where]) == 2
    assert "LT-1 isn't with Ann" in capsys.readouterr().err
    assert main.main(["settle", "Ann", "lost=LT-1", *where]) == 2
