"""Work: numbers, first states, state tables; what is over keeps whom it names."""

from __future__ import annotations

import pytest

from app.assets.detail import parts_of
from app.work.about import about_of
from cmdb.model.errors import InvalidValue
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register import history
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import Hand


def state(hand: Hand, uid: str, value: str, **also: object) -> None:
    hand.apply(
        Edit(ci(uid), "state", hand.get(uid).values["state"], value),
        *(Edit(ci(uid), name, None, given) for name, given in also.items()),
    )


def test_tasks_are_numbered_and_open(hand: Hand) -> None:
    one, two = hand.make("task", "Replace battery"), hand.make("task", "Order toner")
    assert [hand.get(uid).values["number"] for uid in (one, two)] == ["TSK-1", "TSK-2"]
    assert hand.get(one).values["state"] == "Open"
    with hand.store.read() as reader:
        assert reader.find("tsk-2").uid == two
        assert [c.name for c in reader.search("battery")] == ["Replace battery"]
        assert [c.name for c in reader.page(Selection("task", "state = Open", sort="-name"))] == [
            "Replace battery", "Order toner"
        ]  # fmt: skip
        assert reader.count(Selection()) == 0, "work stands in no count of items"
    assert check_integrity(hand.store) == []


def test_no_undo_takes_a_number_back(hand: Hand) -> None:
    applied = hand.apply(Hand.new("task", "Not meant"))
    history.undo(hand.store, applied.number, "tester")
    assert hand.get(hand.make("task", "Meant")).values["number"] == "TSK-2"
    history.undo(hand.store, applied.number + 1, "tester")
    with hand.store.read() as reader:
        assert reader.find("TSK-1").name == "Not meant"


def test_a_number_that_is_given_is_kept_and_counted(hand: Hand) -> None:
    hand.make("task", "From elsewhere", number="TSK-40")
    assert hand.get(hand.make("task", "The next")).values["number"] == "TSK-41"
    with pytest.raises(InvalidValue, match="TSK-40 belongs to “From elsewhere” already"):
        hand.make("task", "Another", number="TSK-40")
    with pytest.raises(InvalidValue, match="a number stays as it is"), hand.store.read() as reader:
        hand.set(reader.find("TSK-41").uid, "number", "TSK-50")


def test_states_follow_the_table(hand: Hand) -> None:
    task = hand.make("task", "Replace battery")
    with pytest.raises(InvalidValue, match="“Skipped” needs Reason"):
        state(hand, task, "Skipped")
    state(hand, task, "Skipped", reason="sold")
    with pytest.raises(InvalidValue, match="cannot go from “Skipped” to “Done”"):
        state(hand, task, "Done")
    state(hand, task, "Open")
    state(hand, task, "Done")
    with hand.store.read() as reader:
        last = reader.number
    history.undo(hand.store, last, "tester")
    assert hand.get(task).values["state"] == "Open", "an undo is not bound"


def test_every_way_to_another_state_says_when_it_was_closed(hand: Hand) -> None:
    task = hand.make("task", "Replace battery")
    state(hand, task, "Skipped", reason="sold")
    with hand.store.read() as reader:
        last = reader.revision(reader.number)
    closed = last.time[:19] + "Z"
    assert hand.get(task).values["closed"] == closed
    hand.set(task, "name", "Replace the battery")
    assert hand.get(task).values["closed"] == closed
    history.undo(hand.store, last.number, "tester")
    assert not {"closed", "reason"} & hand.get(task).values.keys(), "an undo takes it back too"
    state(hand, task, "Done", closed="2026-01-05T09:00:00Z", reason="quick")
    assert hand.get(task).values["closed"] == "2026-01-05T09:00:00Z", "what is said is kept"
    state(hand, task, "Open")
    assert not {"closed", "reason"} & hand.get(task).values.keys(), "it is not over any more"
    assert check_integrity(hand.store) == []


def test_what_is_over_keeps_whom_it_names(hand: Hand) -> None:
    ann = hand.make("person", "Ann Lee")
    over, running = (hand.make("task", name, assignee=ann) for name in ("Over", "Running"))
    state(hand, over, "Done")
    hand.apply(Edit(ci(ann), "", {"class": "person"}, None))
    assert hand.get(over).values["assignee"] == ann
    assert "assignee" not in hand.get(running).values
    with hand.store.read() as reader:
        assert reader.last_names([ann]) == {ann: ("person", "Ann Lee")}
    assert check_integrity(hand.store) == []


def test_what_is_over_keeps_what_it_was_about(hand: Hand) -> None:
    laptop, kept = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    over, running, other = (hand.make("task", name) for name in ("Over", "Running", "Other"))
    links = [Record("relationship", ("concerns", task, end)) for task in (over, running) for end in (laptop, kept)]
    links.append(Record("relationship", ("concerns", other, laptop)))
    hand.apply(*(Edit(link, "", None, {}) for link in links))
    for task in (over, other):
        state(hand, task, "Done")
    hand.apply(Edit(links[-1], "", {}, None))  # taken away before, by a person
    hand.apply(Edit(ci(laptop), "", {"class": "laptop"}, None))
    with hand.store.read() as reader:
        named = [(one.name, one.label, one.uid) for one in reader.relationships(over)]
        assert named == [("LT-1", "concerns", laptop), ("LT-2", "concerns", kept)]
        assert [one.name for one in reader.relationships(running)] == ["LT-2"]
        assert reader.relationships(other) == []
        inner = reader.inner([over, running, other])
        about = about_of(reader, list(inner.values()))
        assert (str(about[inner[over]]), about[inner[over]].number) == ("LT-2, LT-1", 2)
        assert inner[other] not in about
        assert str(parts_of(reader, over, 5).about) == "LT-2, LT-1"
        last = reader.number
    assert check_integrity(hand.store) == []
    history.undo(hand.store, last, "tester")
    with hand.store.read() as reader:
        assert len(reader.relationships(over)) == 2


def test_what_a_task_concerns_is_no_part_of_the_graph(hand: Hand) -> None:
    laptop, task = hand.make("laptop", "LT-1"), hand.make("task", "Replace battery")
    hand.apply(Edit(Record("relationship", ("concerns", task, laptop)), "", None, {}))
    with hand.store.read() as reader:
        (related,) = reader.relationships(laptop)
        assert (related.label, related.name) == ("is concerned by", "Replace battery")
        assert not any(len(links) for links in reader.edges().links)
    hand.apply(Edit(ci(task), "", {"class": "task"}, None))
    with hand.store.read() as reader:
        assert reader.relationships(laptop) == []


def test_what_tasks_concern_is_read_for_many_at_once(hand: Hand) -> None:
    laptop, server = hand.make("laptop", "LT-1"), hand.make("server", "srv-1")
    with hand.store.read() as reader:
        before = reader.number
    one, other = hand.make("task", "Replace battery"), hand.make("task", "Plan move")
    for end in (server, laptop):
        hand.apply(Edit(Record("relationship", ("concerns", one, end)), "", None, {}))
    with hand.store.read() as reader:
        inner = reader.inner([one, other, laptop, server])
        assert reader.linked("concerns", [inner[one], inner[other]]) == {inner[one]: [inner[laptop], inner[server]]}
        assert (reader.work_since(before + 1), reader.work_since(before + 2), reader.work_since(1)) == (2, 1, 2)
        then = reader.as_of(before + 1)
        assert then.linked("concerns", [inner[one]]) == {}
        assert then.work_since(1) == 1


def test_work_is_no_item_and_no_item_work(hand: Hand) -> None:
    task = hand.make("task", "Replace battery")
    with pytest.raises(InvalidValue, match="cannot become"):
        hand.apply(Edit(ci(task), "class", "task", "laptop"))
    hand.apply(Edit(ci(new_id()), "", None, {"class": "laptop", "name": "LT-1"}))
    with hand.store.read() as reader:
        assert reader.counts() == {"laptop": 1}
        assert reader.counts("work") == {"task": 1}


def test_no_task_is_part_of_itself(hand: Hand) -> None:
    whole = hand.make("task", "Move to Ghent")
    part = hand.make("task", "Order lorry", parent=whole)
    with pytest.raises(InvalidValue, match="Move to Ghent"):
        hand.set(whole, "parent", part)
    assert check_integrity(hand.store) == []
