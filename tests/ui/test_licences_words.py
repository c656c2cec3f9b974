"""The words of licence positions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.licences.draft_differences import differences_in_words
from cmdb.licences.engine.facts import Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from ui.pages.licences import words

TODAY = date.today()


def test_amounts_carry_their_unit() -> None:
    assert words.amount(64, "core") == "64 cores"
    assert words.amount(1, "user") == "1 user"
    assert words.amount(2400, "PVU") == "2,400 PVU"
    assert words.units("core") == "cores"


def test_sentences_tell_the_sum_step_by_step() -> None:
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(3))
    found = position(
        Facts(
            devices=devices,
            installations=tuple(
                InstallationFact(d.id, "Visio", edition="Professional", version="2021") for d in devices
            ),
            entitlements=(Entitlement("e", "Visio", "Visio", edition="Professional", version="2021", metric="device",
                                      quantity=2, unit_cost=Decimal(200), currency="EUR"),),
        ),
        TODAY,
    ).positions[0]  # fmt: skip
    assert words.sentences(found) == [
        "3 lines of demand add up to 3 devices.",
        "1 purchase gives 2 devices.",
        "2 of the 3 devices are covered: 1 short.",
        "Buying 1 device would cost about 200.00 EUR.",
    ]


def test_what_a_draft_changes_stands_beside_a_position() -> None:
    device = Device("d", "PC-1")
    seat = InstallationFact("d", "Visio", edition="Professional", version="2021")
    (today,) = position(Facts(devices=(device,), installations=(seat,)), TODAY).positions
    drafted = replace(today, needed=3, short=3)
    assert words.without_draft(drafted, today) == "1 needed, 1 short"
    assert words.without_draft(today, today) == ""
    assert words.without_draft(today, None) == "not there"
    assert differences_in_words([today], [today]) == "The draft changes no position."
    other = replace(today, product="AutoCAD")
    said = "The draft changes 1 position. Only without it: AutoCAD Professional 2021."
    assert differences_in_words([drafted], [today, other]) == said


def test_the_whole_sum_names_everything_that_goes_into_it() -> None:
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(9))
    copies = tuple(InstallationFact(d.id, "Visio", edition="Professional", version="2021") for d in devices)
    owned = tuple(
        Entitlement(str(n), f"Visio {n}", "Visio", edition="Professional", version="2021", metric="device",
                    quantity=n + 1, cost=Decimal(300), currency="EUR", agreement="Frame 7", purchase_order="PO-1",
                    start=date(2020 + n, 1, 1)) for n in range(2)
    )  # fmt: skip
    (found,) = position(Facts(devices=devices, installations=copies, entitlements=owned), TODAY).positions
    text = "\n".join(words.whole_sum(found))
    assert all(device.name in text for device in devices)
    assert "9 times 1 device = 9 devices" in text
    assert "Visio 1: 2 devices, of which 2 are used" in text
    assert text.endswith("Covered: 3 of 9\nShort: 6. Spare: 0.")
    assert words.purchase(found) == "Last bought: Visio 1: 2 for 300.00 EUR, contract Frame 7, order PO-1."
