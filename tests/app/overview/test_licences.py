"""The licence position on the overview."""

from __future__ import annotations

from datetime import date

from app.overview.licences import licence_summary, worst_licences
from cmdb.licences.engine.facts import Device, Entitlement, Facts, InstallationFact
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions


def held(**bought: int) -> Positions:
    """Three computers that run Visio and Project, of which so many licences each were bought."""
    devices = tuple(Device(f"d{n}", f"PC-{n}") for n in range(3))
    return position(
        Facts(
            devices=devices,
            installations=tuple(
                InstallationFact(device.id, product, edition="Professional", version="2021")
                for device in devices
                for product in ("Visio", "Project")
            ),
            entitlements=tuple(
                Entitlement(product, product, product, edition="Professional", version="2021", metric="device",
                            quantity=quantity)
                for product, quantity in bought.items()
            ),
        ),
        date(2026, 11, 22),
    )  # fmt: skip


def test_the_worst_comes_first_as_a_part_of_its_whole() -> None:
    short, enough = worst_licences(held(Visio=4, Project=2), 10)
    assert (short.title, short.verdict, short.tone) == ("Project Professional 2021", "short", "bad")
    assert (short.needed, short.entitled, short.part, short.whole) == (3, 2, 2.0, 3.0)
    assert (enough.needed, enough.entitled, enough.part, enough.whole) == (3, 4, 3.0, 4.0)
    assert enough.label == enough.title
    assert len(worst_licences(held(Visio=4, Project=2), 1)) == 1


def test_the_summary_in_a_few_words() -> None:
    note, tone = licence_summary(held(Visio=1, Project=2))
    assert (str(note), tone) == ("2 short", "bad")
    note, tone = licence_summary(held(Visio=3, Project=3))
    assert (str(note), tone) == ("all covered", "good")
    note, tone = licence_summary(position(Facts(), date(2026, 11, 22)))
    assert (str(note), tone) == ("no licensed software yet", "")
