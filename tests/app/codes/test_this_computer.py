"""The computer at hand is found by what it tells of itself."""

from __future__ import annotations

from app.codes.this_computer import codes_of, read_this_computer
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.values import Value
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand


def test_a_computer_is_found_by_the_surest_of_its_codes(store: Store, hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1", serial_number="PF2ABC12")
    hand.make("laptop", "LT-2", host_name="nb-1")
    values: dict[str, Value | NamedReference] = {
        "serial_number": "To be filled by O.E.M.",
        "uuid": "",
        "host_name": "nb-1",
        "name": "nb-1",
    }
    seen = Observation("laptop", values, evidence={"mac": ["00:1a:2b:3c:4d:5e"]})
    codes = codes_of(seen)
    assert codes == ["00:1a:2b:3c:4d:5e", "nb-1"]
    with store.read() as reader:
        by_name = read_this_computer(reader, codes).record
        assert by_name is not None
        assert by_name.name == "LT-2"
        assert read_this_computer(reader, ["PF2ABC12", *codes]).record == reader.get(laptop)
        assert read_this_computer(reader, ["NOBODY"]).kind == "unknown"
