"""What the web addresses on old labels name, by rules that are data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.web_addresses import NUMBER, named_in, rules_of
from cmdb.model.errors import InvalidValue


@pytest.mark.parametrize(
    ("address", "attribute", "value", "tool"),
    [
        ("https://it.example.org/hardware/17", NUMBER, "asset 17", "Snipe-IT"),
        ("http://it.example.org/snipe/public/ht/A%2010/", "asset_tag", "A 10", "Snipe-IT"),
        ("HTTPS://IT.EXAMPLE.ORG/HT/A1", "asset_tag", "A1", "Snipe-IT"),
        ("https://it.example.org/hardware/bytag?x=1&assetTag=A1#top", "asset_tag", "A1", "Snipe-IT"),
        ("https://glpi.example.org/front/computer.form.php?id=4", NUMBER, "computer 4", "GLPI"),
        ("https://netbox.example.org/dcim/devices/12/", NUMBER, "device 12", "NetBox"),
        ("https://itop.example.org/pages/UI.php?operation=details&class=PC&id=9", NUMBER, "item 9", "iTop"),
        ("https://x.example.org/cmdb_ci_server.do?sys_id=abc", NUMBER, "item abc", "ServiceNow"),
        ("https://box.example.org/#/a/000-012", "asset_tag", "000-012", "Homebox"),
        ("https://id.example.org/01/04012345678901/21/SER9", "serial_number", "SER9", "GS1 Digital Link"),
    ],
)
def test_known_tools(address: str, attribute: str, value: str, tool: str) -> None:
    found = named_in(address)
    assert (attribute, value, tool) in [(one.attribute, one.values[0], one.tool) for one in found]


def test_an_estates_own_rules_come_first_and_count_for_a_host_alone_where_they_name_one() -> None:
    own = rules_of("inv.example.org/hardware/{serial}\n\n…/geräte?nr={tag}\nold.example.org/id/{ID}")
    first = named_in("https://inv.example.org/hardware/S1", own)[0]
    assert (first.attribute, first.values) == ("serial_number", ("S1",))
    assert named_in("https://other.example.org/hardware/S1", own)[0].attribute == NUMBER
    assert named_in("https://x.example.org/ger%C3%A4te?nr=A%2B1", own)[0].values == ("A+1",)
    assert "computer 5" in named_in("https://old.example.org/id/5", own)[0].values


@pytest.mark.parametrize("text", ["…/inventory", "…/{tag}/{ID}", "…/{colour}", "{"])
def test_a_rule_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="no rule"):
        rules_of(text)


@pytest.mark.parametrize(
    "text", ["A1", "A1/B2", "http://[::1", "/" * 1999, "https://x.example/ht/" + "a" * 2000, "://?=&%zz"]
)
def test_other_texts_name_nothing(text: str) -> None:
    assert named_in(text) == []


@given(st.text(max_size=80), st.text(max_size=20))
def test_no_text_fails(before: str, after: str) -> None:
    named_in(f"{before}/ht/{after}")
    named_in(f"https://{before}?assetTag={after}")
