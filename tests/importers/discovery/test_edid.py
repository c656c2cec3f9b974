from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importers.discovery.edid import parse
from tests.importers.discovery.machines import edid


def test_a_display_says_who_made_it_when_and_how_large_it_is() -> None:
    display = parse(edid(texts={0xFC: "DELL U2720Q", 0xFF: "7C3XY13"}))
    assert display is not None
    assert (display.maker, display.maker_id, display.name, display.serial) == ("Dell", "DEL", "DELL U2720Q", "7C3XY13")
    assert (display.week, display.year) == (11, 2021)
    assert round(display.diagonal, 1) == 27.2


def test_the_label_counts_before_the_number_and_the_number_where_there_is_no_label() -> None:
    display = parse(edid(number=0x00AB12CD))
    assert display is not None
    assert display.serial == "00AB12CD"


def test_placeholder_numbers_are_no_serial() -> None:
    for number in (0, 0x01010101, 0xFFFFFFFF):
        display = parse(edid(number=number))
        assert display is not None
        assert display.serial == ""


def test_unknown_makers_keep_their_letters_and_a_model_year_has_no_week() -> None:
    display = parse(edid(maker="QQX", week=0xFF, texts={0xFE: "PANEL-14"}))
    assert display is not None
    assert (display.maker, display.name, display.week) == ("QQX", "PANEL-14", 0)


def test_thirteen_characters_need_no_line_end() -> None:
    display = parse(edid(texts={0xFC: "ABCDEFGHIJKLM"}))
    assert display is not None
    assert display.name == "ABCDEFGHIJKLM"


def test_damaged_bytes_are_no_display() -> None:
    good = edid()
    assert parse(good[:100]) is None
    assert parse(good[:60] + bytes([good[60] ^ 1]) + good[61:]) is None
    assert parse(b"\x01" + good[1:]) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    assert parse(data) is None or data.startswith(b"\x00\xff")


@given(st.binary(min_size=119, max_size=119))
def test_any_bytes_behind_a_right_header_and_checksum_are_read(data: bytes) -> None:
    body = b"\x00\xff\xff\xff\xff\xff\xff\x00" + data
    display = parse(body + bytes([-sum(body) % 256]))
    assert display is not None
    assert len(display.maker_id) == 3
