"""A pasted column of names, tags, serial numbers and addresses: which records it names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app.asked_list import AskedList
from app.pasted_list import PastedList, find_pasted, lines_of, made_list
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from tests.cmdb.store.conftest import DIALECTS, Hand, Places


@pytest.fixture(scope="module", params=DIALECTS)
def store(request: pytest.FixtureRequest, places: Places) -> Iterator[Store]:
    where = places.new(request.param)
    found = places.lay_out(where)
    hand = Hand(found)
    hand.make("person", "Anja Vogt", email="anja@harbour.example")
    hand.make("laptop", "LT-1", asset_tag="A1", serial_number="5CG001")
    hand.make("laptop", "LT-2", asset_tag="A2", mac_address="00:1a:2b:3c:4d:5e", ip_address="10.0.0.7")
    hand.make("server", "srv-1", serial_number="5CG001", host_name="srv-1.harbour.example")
    yield found
    found.close()
    places.clear(where)


def test_lines() -> None:
    assert lines_of(' A1 \r\n\n"A2",\na1\nLT-3\tAnja\n') == [("A1",), ("A2",), ("LT-3", "Anja")]
    assert lines_of("A1; A2, A3") == [("A1",), ("A2",), ("A3",)]
    assert lines_of(" \n") == []
    assert lines_of("A1\x00\nA\u200b2\u2028\ud800A3\x0bA4") == [("A1",), ("A2",), ("\ufffdA3",), ("A4",)]


@pytest.mark.parametrize("past", [False, True])
def test_each_line_is_found_by_what_names_a_record(store: Store, past: bool) -> None:
    text = "Asset tag\nlt-1\na2\n5cg001\n00-1A-2B-3C-4D-5E\n10.0.0.7\nANJA@harbour.example\nsrv-1.harbour.example\nX9"
    with store.read() as reader:
        found = find_pasted(reader, "ci", lines_of(text), past=past)
        names = [one.name for one in reader.by_uid(found.uids).values()]
        assert sorted(names) == ["Anja Vogt", "LT-1", "LT-2", "srv-1"]
        assert (found.number, found.found, found.missing) == (8, 7, ("X9",))
        laptops = find_pasted(reader, "laptop", lines_of(text), past=past)
        assert laptops.missing == ("ANJA@harbour.example", "srv-1.harbour.example", "X9")
        assert reader.count(AskedList("laptop", pasted=laptops).selection()) == 2


def test_of_several_cells_the_first_that_names_a_record_counts(store: Store) -> None:
    with store.read() as reader:
        found = find_pasted(reader, "ci", lines_of("Deployed\tLT-1\tAnja Vogt\nnothing\there"))
        assert [one.name for one in reader.by_uid(found.uids).values()] == ["LT-1"]
        assert found.missing == ("nothing\there",)


def test_a_pasted_list_is_a_filter_beside_others(store: Store) -> None:
    with store.read() as reader:
        uids = tuple(one.uid for one in reader.page(Selection("laptop")))
        for pasted, typed, wanted in (
            (uids, "", ["LT-1", "LT-2"]), (uids, "asset_tag = A2", ["LT-2"]), (uids, "5CG001", ["LT-1"]), ((), "", []),
        ):  # fmt: skip
            asked = AskedList("ci", typed, pasted=PastedList(pasted, 2))
            selection = asked.selection()
            assert [one.name for one in reader.page(selection)] == wanted
            assert reader.count(selection) == len(reader.ids(selection)) == len(wanted)
            if pasted and typed != "5CG001":
                kept = Selection("ci", asked.kept_filter())
                assert [one.name for one in reader.page(kept)] == wanted


def test_thousands_of_lines(store: Store) -> None:
    edits = [
        Edit(ci(new_id()), "", None, {"class": "monitor", "name": f"M-{n}", "asset_tag": f"T{n}"}) for n in range(300)
    ]
    store.apply(Revision(edits, "anna"))
    lines = [(f"t{n}",) for n in range(6000)]
    with store.read() as reader:
        found = find_pasted(reader, "ci", lines)
        assert (found.found, len(found.missing)) == (300, 5700)
        assert reader.count(AskedList("ci", pasted=found).selection()) == 300


@pytest.mark.parametrize("lines", [
    [f"nothing-{n}" for n in range(3000)], [f"10.{n // 256}.{n % 256}.9" for n in range(3000)],
])  # fmt: skip
def test_what_names_nothing_is_looked_up_many_at_a_time(store: Store, lines: list[str]) -> None:
    with store.read() as reader:
        reader.count(Selection())
        asked: list[object] = []
        event.listen(reader._connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        found = find_pasted(reader, "ci", lines_of("\n".join((*lines, "10.0.0.7", "lt-1"))))
    assert (found.found, len(found.missing)) == (2, 3000)
    assert len(asked) < 120, "one statement for many lines, not one for each"


def test_addresses_of_network_interfaces_name_their_computer_also_in_a_draft_and_in_the_past(store: Store) -> None:
    """Of each moment those are found that stand there; rows are found whatever was pasted with them."""
    hand = Hand(store)
    uid = hand.make("laptop", "LT-7")
    row = Record("section", (uid, "interfaces", "person", "eth0"))
    hand.apply(Edit(row, "", None, {"name": "eth0", "mac": "02:00:00:00:00:07"}))
    with store.read() as reader:
        before = reader.number - 1
        lines = lines_of("02-00-00-00-00-07\n02:00:00:00:00:08\nLT-1")
        assert find_pasted(reader, "ci", lines).missing == ("02:00:00:00:00:08",)
        assert find_pasted(reader, "server", lines).found == 0, "a laptop is no server"
        assert find_pasted(reader, "ci", lines, past=True).uids == find_pasted(reader, "ci", lines).uids
    with store.read(before) as reader:
        assert find_pasted(reader, "ci", lines, past=True).found == 1


def test_it_says_how_far_it_is_and_can_be_cancelled(store: Store) -> None:
    said: list[tuple[int, int]] = []
    control = Control(lambda done, total, text: (said.append((done, total)), control.cancel())[0])  # type: ignore[func-returns-value]
    with store.read() as reader, pytest.raises(Cancelled):
        find_pasted(reader, "ci", lines_of("x\ny"), control=control)
    assert said == [(0, said[0][1])]
    assert said[0][1] > 1


def test_an_address_names_all_that_have_it_however_many_are_pasted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record with two addresses says nothing of who else has the other one."""
    monkeypatch.setattr("app.pasted_list._ADDRESSES_AT_ONCE", 1)
    hand, uids, pasted = Hand(store), [], []
    for number in range(6):
        shared, own = f"02:00:00:00:01:{number:02}", f"02:00:00:00:02:{number:02}"
        for name, addresses in (("one", (shared,)), ("other", (shared, own))):
            uid = hand.make("laptop", f"{name}-{number}")
            rows = [(Record("section", (uid, "interfaces", "person", mac)), mac) for mac in addresses]
            hand.apply(*(Edit(row, "", None, {"name": mac, "mac": mac}) for row, mac in rows))
            uids.append(uid)
        pasted += [shared, own]
    with store.read() as reader:
        assert set(find_pasted(reader, "laptop", lines_of("\n".join(pasted))).uids) == set(uids)


def test_items_made_together_are_a_list_of_the_narrowest_class_that_all_are_of() -> None:
    schema, title = Schema.load(), Message("Revision 3")
    assert made_list(schema, title, {"a": "laptop", "b": "laptop"})[0] == "laptop"
    assert made_list(schema, title, {"a": "laptop", "b": "server"})[0] == "computer"
    assert made_list(schema, title, {"a": "laptop", "b": "person"})[0] == "ci"
    assert made_list(schema, title, {"a": "laptop", "b": "task"})[1].uids == ("a",)
