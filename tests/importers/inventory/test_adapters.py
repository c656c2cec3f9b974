"""Which of a computer's network adapters count, and at which of them it is reached."""

from __future__ import annotations

from importers.inventory import reading
from tests.importers.inventory.documents import laptop, network


def test_an_adapter_with_the_gateway_is_the_main_one_however_its_address_is_written() -> None:
    first_one = network("Adapter A", "8C16.4501.0203", ipaddress="10.9.0.1")
    main = network("Adapter B", "8C1645AABBCC", ipaddress="10.1.2.3", ipgateway="10.1.0.1")
    none = network("Adapter C", "00-00-00-00-00-00")
    one = reading(laptop(networks=[first_one, none, main])).observations[0]
    assert one.evidence["mac"] == ["8c:16:45:01:02:03", "8c:16:45:aa:bb:cc"]
    assert (one.values["ip_address"], one.values["mac_address"]) == ("10.1.2.3", "8c:16:45:aa:bb:cc")
