"""What a code names: of an item, a place, a person, a command, of several, of nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app.codes.commands import CodeCommand
from app.codes.keyboards import TEST_CODE, Typing
from app.codes.resolve import ReadCode, resolve, resolve_all
from app.codes.short_codes import short_code
from app.estate_settings import ADDRESS_RULES, change
from cmdb.model.revision import Edit, Record, Revision
from cmdb.store.store import Store
from tests.cmdb.store.conftest import DIALECTS, Hand, Places


@pytest.fixture(scope="module", params=DIALECTS)
def store(request: pytest.FixtureRequest, places: Places) -> Iterator[Store]:
    where = places.new(request.param)
    found = places.lay_out(where)
    hand = Hand(found)
    site = hand.make("room", "Room 2.14", code="R214")
    hand.make("room", "Store room")
    hand.make("person", "Anja Vogt", email="anja@harbour.example", employee_number="4711")
    first = hand.make("laptop", "LT-1", asset_tag="A10244", serial_number="PF2ABC12", location=site)
    hand.make("laptop", "LT-2", asset_tag="A 2", mac_address="00:1a:2b:3c:4d:5e", host_name="nb-2")
    hand.make("server", "srv-1", serial_number="A10245", uuid="4c4c4544-0042-3510-8052-b4c04f564433")
    hand.make("laptop", "A10244", serial_number="5CG001", asset_tag="A10245")
    hand.make("monitor", "MON-1", serial_number="TWIN01")
    hand.make("monitor", "MON-2", serial_number="TWIN01")
    numbered = [Record("claim", (first, "sheet:old.csv"))]
    evidence = Edit(numbered[0], "evidence.source_id", None, [["asset 17"], "2026-01-01T00:00:00.000Z"])
    found.apply(Revision([evidence], "anna"))
    alias = Edit(Record("alias", ("tag", "old-9", first)), "", None, {"spelling": "OLD-9"})
    found.apply(Revision([alias], "anna"))
    with found.read() as reader:
        rule = change(reader, ADDRESS_RULES, "…/inv?nr={serial}", "anna")
    found.apply(rule)
    yield found
    found.close()
    places.clear(where)


def names(found: ReadCode) -> list[str]:
    return [one.record.name for one in found.named]


@pytest.mark.parametrize(
    ("code", "wanted", "read"),
    [
        ("A10244", ["LT-1"], "Asset tag A10244"),
        (" a10244 \r\n", ["LT-1"], "Asset tag A10244"),
        ("A\u200b10244", ["LT-1"], "Asset tag A10244"),
        ("*A10244*", ["LT-1"], "Asset tag A10244"),
        ("]C0A10244", ["LT-1"], "Asset tag A10244"),
        ("pf2abc12", ["LT-1"], "Serial number PF2ABC12"),
        ("1S20XXS0AB00PF2ABC12", ["LT-1"], "Serial number PF2ABC12"),
        ("(01)04012345678901(21)PF2ABC12", ["LT-1"], "Serial number PF2ABC12"),
        ("]d2010401234567890121PF2ABC12\x1d10LOT", ["LT-1"], "Serial number PF2ABC12"),
        ("001A.2B3C.4D5E", ["LT-2"], "MAC address 00:1a:2b:3c:4d:5e"),
        ("00-1a-2b-3c-4d-5e", ["LT-2"], "MAC address 00:1a:2b:3c:4d:5e"),
        ("NB-2.harbour.example", ["LT-2"], "Host name nb-2"),
        ("4C4C4544-0042-3510-8052-B4C04F564433", ["srv-1"], "UUID 4c4c4544-0042-3510-8052-b4c04f564433"),
        ("44454c4c-4200-1035-8052-b4c04f564433", ["srv-1"], "UUID 4c4c4544-0042-3510-8052-b4c04f564433"),
        ("old-9", ["LT-1"], "former Asset tag: old-9"),
        ("https://inventory.example/hardware/17", ["LT-1"], "number in another tool: asset 17"),
        ("https://inventory.example/ht/A10244/", ["LT-1"], "Asset tag A10244"),
        ("https://inventory.example/hardware/bytag?assetTag=a10244", ["LT-1"], "Asset tag A10244"),
        ("http://old.example/inv?nr=PF2ABC12", ["LT-1"], "Serial number PF2ABC12"),
        ("R214", ["Room 2.14"], "Code R214"),
        ("store room", ["Store room"], "Name Store room"),
        ("4711", ["Anja Vogt"], "Employee number 4711"),
        ("anja@harbour.example", ["Anja Vogt"], "Email anja@harbour.example"),
    ],
)
def test_whatever_identifies_is_found_and_it_is_told_by_what(
    store: Store, code: str, wanted: list[str], read: str
) -> None:
    with store.read() as reader:
        found = resolve(reader, code)
    assert (names(found), str(found.read)) == (wanted, read)


def test_two_items_of_one_code_are_both_told(store: Store) -> None:
    with store.read() as reader:
        twins, crossed = resolve_all(reader, ["TWIN01", "A10245"])
    assert (twins.kind, names(twins), twins.record) == ("several", ["MON-1", "MON-2"], None)
    assert sorted(names(crossed)) == ["A10244", "srv-1"], "a tag of one is the serial number of another"


def test_places_people_and_commands(store: Store) -> None:
    with store.read() as reader:
        room, anja = reader.find("Store room"), reader.find("Anja Vogt")
        codes = [short_code(reader.schema, one.cls, one.uid) for one in (room, anja)]
        misread = codes[0][:-1] + ("B" if codes[0][-1] != "B" else "C")
        found = resolve_all(reader, [codes[0].lower(), codes[1], "xcgood", misread])
    assert [one.kind for one in found] == ["place", "person", "command", "unknown"]
    assert [one.record for one in found[:2]] == [room, anja]
    assert found[2].command is CodeCommand.GOOD


@pytest.mark.parametrize(
    "code",
    ["", "   ", "X9", "😀" * 400, "א" * 2001, "\x00\x1d\ud800", "%_'\"\\", "http://[", "https://a.example/hardware/99",
     "(21)", "**", "]C1", "N/A", "0" * 5000, "00000000-0000-0000-0000-000000000000"],
)  # fmt: skip
def test_what_names_nothing_is_unknown_and_stays_as_it_was_read(store: Store, code: str) -> None:
    with store.read() as reader:
        found = resolve(reader, code)
    assert (found.kind, found.named) == ("unknown", ())
    assert len(found.code) <= 2000


def test_thousands_of_codes_need_as_many_statements_as_one(store: Store) -> None:
    with store.read() as reader:
        resolve(reader, "warm")
        asked: list[str] = []
        event.listen(reader._connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        resolve_all(reader, ["nothing"])
        one = len(asked)
        resolve_all(reader, [f"nothing {n}" for n in range(3000)])
    assert one < 40
    assert len(asked) <= 3 * one


def test_what_another_keyboard_layout_typed_is_translated_where_it_names_nothing_as_it_is(store: Store) -> None:
    german = Typing("us", "de")
    with store.read() as reader:
        codes = ["ld-9", "https://a.example/ht/A10244", "A10244", TEST_CODE]
        code, address, plain, test = resolve_all(reader, [german.typed(one) for one in codes], german)
        assert resolve(reader, german.typed("https://a.example/ht/A10244")).kind == "unknown"
    assert code.kind == "unknown"
    assert (names(address), names(plain)) == (["LT-1"], ["LT-1"])
    assert "read as https://a.example/ht/A10244" in str(address.note)
    assert (str(plain.note), test.kind) == ("", "test")
