"""Items that are alike ask the lots once, however many they are, and differ only in what they are."""

from __future__ import annotations

import pytest

from cmdb.licences.engine import lot_options, missing_facts
from cmdb.licences.engine.facts import Assignment
from tests.cmdb.licences.estate import on, owned, pcs, row, settle


@pytest.mark.parametrize("quantity", [0, 40, 400])
def test_rights_are_asked_for_by_likeness(quantity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = lot_options.covers

    def counting(*arguments: object, **options: object) -> object:
        asked.append(arguments)
        return real(*arguments, **options)  # type: ignore[arg-type]

    for module in (lot_options, missing_facts):
        monkeypatch.setattr(module, "covers", counting)
    numbers = []
    for count in (30, 300):
        asked.clear()
        devices = pcs(count)
        found = settle(devices, on(devices, "Tool", version="2019"), owned("E", "Tool", quantity, version="2019"))
        assert row(found, product="Tool").needed == count
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_what_only_a_holder_lacks_is_named_for_each() -> None:
    devices = pcs(3)
    found = settle(
        devices, on(devices, "Microsoft Visio", edition="Professional"),
        owned("E", "Microsoft Visio", 3, edition="Professional", version="2019", channel="volume"),
    )  # fmt: skip
    assert sorted(gap.of for p in found.positions for gap in p.missing if gap.fact == "version") == [
        "PC001", "PC002", "PC003",
    ]  # fmt: skip


def test_a_licence_that_is_given_to_one_of_many_alike_is_used_for_it() -> None:
    devices = pcs(20)
    given = Assignment("pc007", "mine")
    found = settle(
        devices, on(devices, "Tool"), owned("mine", "Tool", 1), owned("all", "Tool", 19), given
    )  # fmt: skip
    used = {line.holder_id: line.entitlement for p in found.positions for line in p.allocation}
    assert used["pc007"] == "mine"
    assert len(used) == 20
