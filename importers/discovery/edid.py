"""EDID: the data of a display about itself (VESA E-EDID 1.4, section 3). A pure function over its bytes."""

from __future__ import annotations

from binascii import a2b_base64
from typing import NamedTuple

_HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"
#: Common makers of displays by their three-letter PNP id.
MAKERS = {
    "AAC": "AcerView", "ACI": "ASUS", "ACR": "Acer", "AOC": "AOC", "APP": "Apple", "AUO": "AU Optronics", "AUS": "ASUS",
    "BNQ": "BenQ", "BOE": "BOE", "CMN": "Chi Mei Innolux", "CMO": "Chi Mei Optoelectronics", "CPQ": "Compaq",
    "CSO": "CSOT", "DEL": "Dell", "EIZ": "EIZO", "ENC": "EIZO", "EPI": "Envision", "FUS": "Fujitsu", "GSM": "LG",
    "HKC": "HKC", "HPC": "HP", "HPN": "HP", "HWP": "HP", "IBM": "IBM", "IVM": "Iiyama", "IVO": "InfoVision",
    "JVC": "JVC", "KTC": "KTC", "LEN": "Lenovo", "LGD": "LG Display", "LPL": "LG Philips",
    "MEI": "Panasonic", "MSI": "MSI", "NEC": "NEC", "PHL": "Philips", "SAM": "Samsung",
    "SDC": "Samsung Display", "SEC": "Samsung", "SHP": "Sharp", "SNY": "Sony", "VSC": "ViewSonic", "WAC": "Wacom",
}  # fmt: skip


class Display(NamedTuple):
    """A display. ``week`` is 0 where only the year is known; sizes in centimetres, 0 for projectors."""

    maker: str
    maker_id: str
    product: int
    name: str
    serial: str
    week: int
    year: int
    width: int
    height: int

    @property
    def diagonal(self) -> float:
        """In inches."""
        return float((self.width**2 + self.height**2) ** 0.5 / 2.54)


def parse(data: bytes) -> Display | None:
    """The display that an EDID describes, or None where the bytes are no EDID or their checksum is wrong."""
    if len(data) < 128 or data[:8] != _HEADER or sum(data[:128]) % 256:
        return None
    word = int.from_bytes(data[8:10], "big")
    maker = "".join(chr(ord("A") - 1 + (word >> shift & 31)) for shift in (10, 5, 0))
    number = int.from_bytes(data[12:16], "little")
    texts = _descriptors(data)
    week = data[16] if data[16] <= 54 else 0
    return Display(
        maker=MAKERS.get(maker, maker),
        maker_id=maker,
        product=int.from_bytes(data[10:12], "little"),
        name=texts.get(0xFC) or texts.get(0xFE, ""),
        # The number in the header is a number of the series for many makers; the descriptor has the text of the label.
        serial=texts.get(0xFF) or (f"{number:08X}" if number not in (0, 0x01010101, 0xFFFFFFFF) else ""),
        week=week,
        year=1990 + data[17] if data[17] else 0,
        width=data[21] if data[22] else 0,
        height=data[22] if data[21] else 0,
    )


def encoded(text: str) -> Display | None:
    """The display that an EDID in base64 describes, or None where it is none."""
    try:
        return parse(a2b_base64(text)) if text else None
    except ValueError:  # no base64; with other characters than those of ASCII not even that is tried
        return None


def _descriptors(data: bytes) -> dict[int, str]:
    """The texts of the four 18-byte descriptors: FC name, FF serial number, FE free text (a panel's model)."""
    found: dict[int, str] = {}
    for at in (54, 72, 90, 108):
        if data[at : at + 3] == b"\0\0\0" and data[at + 3] in (0xFC, 0xFE, 0xFF):
            text = data[at + 5 : at + 18].partition(b"\n")[0].decode("cp437", "replace").strip(" \0")
            if text:
                found.setdefault(data[at + 3], text)
    return found
