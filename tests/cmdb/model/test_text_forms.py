"""Addresses and numbers of technical forms: one form of each, however people and programs write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model import declarations
from cmdb.model.errors import InvalidValue
from cmdb.model.schema import Attribute
from cmdb.model.text_forms import FORMS, form_of
from cmdb.model.values import parse
from tests.laws import examples

IMEI = "356938035643809"


@pytest.mark.parametrize(
    ("form", "typed", "kept"),
    [
        ("ip", "10.0.0.2", "10.0.0.2"),
        ("ip", "010.001.002.003", "10.1.2.3"),
        ("ip", "10.0.0.2/24", "10.0.0.2"),
        ("ip", "[2001:DB8:0:0::1]", "2001:db8::1"),
        ("ip", "FE80::1%eth0", "fe80::1"),
        ("ip", "::FFFF:10.0.0.5", "10.0.0.5"),
        ("ip", "[::ffff:a00:5%3]", "10.0.0.5"),
        ("network", "::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("network", "10.0.0.0/24", "10.0.0.0/24"),
        ("network", "10.0.0.7 / 24", "10.0.0.0/24"),
        ("network", "10.0.0.0 255.255.254.0", "10.0.0.0/23"),
        ("network", "2001:DB8::/32", "2001:db8::/32"),
        ("network", "10.0.0.0", "10.0.0.0"),
        ("imei", "35 693803 564380 9", IMEI),
        ("imei", "35-693803-564380-9", IMEI),
        ("imei", "a000004f2b1c3d", "A000004F2B1C3D"),
        ("mac", "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"),
        ("iccid", "8949 0200 0009 9123 456", "8949020000099123456"),
        ("iccid", "0171 123", "0171 123"),
        ("fingerprint", f"SHA1 Fingerprint={':'.join(['0B'] * 20)}", "0b" * 20),
        ("fingerprint", "AB:CD", "AB:CD"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(form: str, typed: str, kept: str) -> None:
    attribute = Attribute("a", "A", form=form)
    assert parse(attribute, typed) == kept
    assert parse(attribute, kept) == kept


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("ip", "10.0.0.300"), ("ip", "10.0.0"), ("ip", "dhcp"), ("ip", "10.0.0.2 / 10.0.1.2"), ("ip", "10.0.0.2/33"),
        ("ip", "1:2:3"), ("network", "10.0.0.0/40"), ("network", "10.0.0.0 255.0.255.0"), ("network", "LAN"),
        ("imei", "3569"), ("imei", "3,56938E+14"), ("mac", "zz:zz"),
    ],
)  # fmt: skip
def test_what_has_another_form_is_refused_with_an_example(form: str, typed: str) -> None:
    with pytest.raises(InvalidValue, match=FORMS[form].example):
        parse(Attribute("a", "A", form=form), typed)


@pytest.mark.parametrize("typed", ["a@b,c", "a b@c.de", "a@b.de, c@d.de", "a@b..de", "nobody", "A <a@b.de>"])
def test_an_address_of_mail_is_one(typed: str) -> None:
    with pytest.raises(InvalidValue):
        parse(Attribute("a", "A", "email"), typed)


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("ip", "10.0.0.2 / 10.0.1.2", ["10.0.0.2", "10.0.1.2"]),
        ("ip", "10.0.0.2/10.0.1.2", ["10.0.0.2", "10.0.1.2"]),
        ("ip", "eth0: 10.0.0.2, wlan: fe80::1.", ["10.0.0.2", "fe80::1"]),
        ("ip", "https://10.0.0.2:8443/", ["10.0.0.2"]),
        ("ip", "10.0.0.300", []),
        ("network", "10.0.0.0/24; 10.0.1.0/24", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("imei", f"{IMEI} / 35 693803 564381 7", [IMEI, "356938035643817"]),
        ("imei", f"IMEI: {IMEI}", [IMEI]),
        ("host", "nb-1, nb-1.firma.local", ["nb-1", "nb-1.firma.local"]),
        ("host", "web1 / web2", ["web1", "web2"]),
        ("host", "Desk 3, PC4", []),
        ("url", "https://a.org/x, http://b.org", ["https://a.org/x", "http://b.org"]),
        ("email", "Ann Lee <Ann@x.org>; bob@x.org.", ["ann@x.org", "bob@x.org"]),
    ],
)
def test_those_within_a_text_are_found(form: str, text: str, found: list[str]) -> None:
    assert FORMS[form].find(text) == found


@examples(100, soak=3000)
@given(st.sampled_from(sorted(FORMS)), st.one_of(st.text("0123456789abcdef.:/-@ ", max_size=40), st.text(max_size=20),
                                                 st.ip_addresses().map(str)))  # fmt: skip
def test_what_was_read_is_read_again_as_itself(name: str, text: str) -> None:
    form = FORMS[name]
    for found in (form.read(text), *form.find(text)):
        assert not found or form.read(found) == found
    assert not form.is_canonical(text) or form.read(text) == text


def test_every_form_of_the_schema_is_there() -> None:
    assert {*declarations.FORMS, "email", "url"} == set(FORMS)
    assert form_of("", "text") is None
