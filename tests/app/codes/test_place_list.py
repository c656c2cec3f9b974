"""A place's list on paper: each code on it is read back as what it stands for."""

from __future__ import annotations

from app.codes.commands import CodeCommand
from app.codes.place_list import place_list
from app.codes.resolve import resolve_all
from app.printing.paper import PaperCodes, PaperTable
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand


def test_every_code_on_the_paper_names_what_it_stands_for(store: Store, hand: Hand) -> None:
    room = hand.make("room", "Room 2.14")
    items = [
        hand.make("laptop", "LT-2", asset_tag="A2"), hand.make("laptop", "LT-1", serial_number="PF001"),
        hand.make("dock", "Dock", serial_number="S1"),
    ]  # fmt: skip
    with store.read() as reader:
        paper = place_list(reader, room, items)
        (table,) = [one for one in paper.blocks if isinstance(one, PaperTable)]
        place, commands, test = [one for one in paper.blocks if isinstance(one, PaperCodes)]
        found = resolve_all(reader, [row[0] for row in table.rows])
        assert [one.record and one.record.name for one in found] == ["Dock", "LT-1", "LT-2"]
        assert [row[0] for row in table.rows][1:] == ["PF001", "A2"]
        (there,) = resolve_all(reader, [one.content for one in place.codes])
        assert there.record == reader.get(room)
        read = [one.command for one in resolve_all(reader, [one.content for one in commands.codes])]
        assert read == list(CodeCommand)
        assert resolve_all(reader, [test.codes[0].content])[0].kind == "test"
        assert paper.title == "Room 2.14"
        assert len(place_list(reader, "", [], title="Nothing").blocks) == len(paper.blocks) - 1
