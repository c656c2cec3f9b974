from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.smbios import connectors, memory_modules, power_supplies, slots, structures
from tests.importers.discovery.machines import memory_device, smbios


def test_modules_with_their_slots_sizes_and_serial_numbers() -> None:
    table = smbios(0, bytes(20), "Vendor") + memory_device(8192) + memory_device(0) + smbios(127, b"")
    fitted, empty = memory_modules(table)
    assert fitted == {
        "numslots": 1,
        "caption": "DIMM A",
        "description": "SODIMM",
        "type": "DDR4",
        "capacity": 8192,
        "speed": "3200 MT/s",
        "manufacturer": "Micron",
        "serialnumber": "A1B2C3D4",
        "model": "8ATF1G64",
    }
    assert empty == {"numslots": 2, "caption": "DIMM A", "description": "SODIMM", "type": "Empty slot"}


def test_sizes_beyond_32_gib_stand_in_the_extended_field_and_small_ones_count_kilobytes() -> None:
    large, small, unknown = memory_modules(
        memory_device(0x7FFF, extended=65536) + memory_device(0x8000 | 2048) + memory_device(0xFFFF)
    )
    assert large["capacity"] == 65536
    assert small["capacity"] == 2
    assert "capacity" not in unknown


def test_nothing_after_the_end_mark_is_read() -> None:
    assert [s.type for s in structures(smbios(1, b"") + smbios(127, b"") + smbios(17, bytes(80)))] == [1, 127]


def test_an_older_firmwares_shorter_structure_is_read_as_far_as_it_goes() -> None:
    (module,) = memory_modules(smbios(17, bytes(8) + (4096).to_bytes(2, "little") + bytes([9])))
    assert module == {"numslots": 1, "description": "DIMM", "capacity": 4096}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(table: bytes) -> None:
    for module in memory_modules(table):
        assert module["numslots"] >= 1


def test_slots_connectors_and_power_supplies() -> None:
    table = (
        smbios(9, bytes((1, 0xA5, 0x0D, 4)) + bytes(9), "PCIe 1")
        + smbios(9, bytes((1, 0xA5, 0x0D, 2)) + bytes(9), "PCIe 2")
        + smbios(8, bytes((1, 0, 2, 0x0B, 0x1F)), "J1", "LAN")
        + smbios(8, bytes((1, 0, 0, 0x0B, 0x10)), "inside")
        + smbios(39, b"\0\1\2\3\4\0\5\0" + (750).to_bytes(2, "little") + b"\x03\0", "Bay 1", "PSU", "Delta", "S1", "M1")
        + smbios(39, b"\0\1\2\3\4\0\5\0\0\x80\1\0", "Bay 2", "", "", "", "")
    )  # fmt: skip
    assert slots(table) == [
        {"name": "PCIe 1", "designation": "PCIe 1", "status": "used"},
        {"name": "PCIe 2", "designation": "PCIe 2"},
    ]
    assert connectors(table) == [{"name": "LAN", "caption": "LAN", "description": "J1", "type": "network"}]
    (supply,) = power_supplies(table)
    assert (supply["location"], supply["name"], supply["serialnumber"]) == ("Bay 1", "PSU", "S1")
    assert (supply["power_max"], supply["hotreplaceable"], supply["plugged"]) == (750, True, True)
