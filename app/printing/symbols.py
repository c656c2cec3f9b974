"""The symbols on labels, as their modules: QR code, DataMatrix, Code 128. Drawn and read by zxing-cpp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cmdb.model.characters import marked
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, verbatim


@dataclass(frozen=True, slots=True)
class Symbology:
    """A kind of symbol: its name, and how many modules around it stay empty."""

    name: str
    label: Message
    format: str
    quiet: int
    is_linear: bool = False


#: By the names that layouts, documents and the command line give them.
SYMBOLOGIES: Mapping[str, Symbology] = MappingProxyType(
    {
        "qr": Symbology("qr", verbatim("QR"), "QRCode", 4),
        "datamatrix": Symbology("datamatrix", verbatim("DataMatrix"), "DataMatrix", 1),
        "code128": Symbology("code128", Message("Code 128"), "Code128", 10, is_linear=True),
    }
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """The modules of a symbol without its quiet zone, row by row; one that is dark is 1. A linear one is one row."""

    symbology: Symbology
    width: int
    rows: tuple[bytes, ...]

    @property
    def height(self) -> int:
        """The number of its rows of modules."""
        return len(self.rows)


def symbology_named(name: str) -> Symbology:
    """The symbology of that name. Raises InvalidValue."""
    if name not in SYMBOLOGIES:
        raise InvalidValue(
            Message("There is no symbol “{name}”. There are: {names}.", name=name, names=tuple(SYMBOLOGIES))
        )
    return SYMBOLOGIES[name]


def symbol(content: str, name: str) -> Symbol:
    """The symbol of ``content``. Raises InvalidValue where it cannot hold it."""
    import zxingcpp

    symbology = symbology_named(name)
    options = {"force_square": True} if name == "datamatrix" else {"ec_level": "M"} if name == "qr" else {}
    try:
        made = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology.format), **options)
        picture = zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False)
    except ValueError as error:
        raise _cannot_hold(content, symbology) from error
    height, width = picture.shape
    dark = bytes(memoryview(picture)).translate(_DARK)  # type: ignore[arg-type] # its types do not say that it is one
    rows = 1 if symbology.is_linear else height
    return Symbol(symbology, width, tuple(dark[at * width : (at + 1) * width] for at in range(rows)))


#: Grey values as modules: what is dark is 1.
_DARK = bytes([1] * 128 + [0] * 128)


def _cannot_hold(content: str, symbology: Symbology) -> InvalidValue:
    if not content:
        return InvalidValue(Message("A {symbol} needs something to hold.", symbol=symbology.label))
    shown = marked(content[:40] + ("…" if len(content) > 40 else ""))
    if symbology.is_linear and not all(ord(letter) < 256 for letter in content):
        return InvalidValue(
            Message(
                "A {symbol} holds no letters beyond the western ones, such as those of “{content}”: choose QR or "
                "DataMatrix.",
                symbol=symbology.label,
                content=shown,
            )
        )
    return InvalidValue(
        Message("“{content}” is too long for a {symbol}: shorten it.", content=shown, symbol=symbology.label)
    )
