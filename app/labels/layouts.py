"""Layouts of labels: what stands on which labels, under a name. Kept in the estate, for all who open it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.labels.stocks import stock_named, stocks
from app.printing.label_sheet import LabelStock
from app.printing.symbols import symbology_named
from cmdb.model.characters import one_line
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.guards import KindGuard
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_RECORD = Record("setting", ("labels",))
FIELDS = ("name", "model", "serial_number")
"""What stands on a label beside its code, where no layout says otherwise."""
POINTS = (5.0, 14.0)
"""The smallest and the largest size of text."""
_LOGO = 100_000
"""The most bytes of a logo."""


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """What stands on labels of one stock: the symbol, the attributes beside it in their order, the size of text, a
    logo (the bytes of a picture). ``dpi`` 0 is the stock's own.
    """

    name: str
    stock: LabelStock
    symbology: str = "qr"
    fields: tuple[str, ...] = FIELDS
    points: float = 7.0
    logo: bytes = b""
    own: bool = False
    """Whether the estate keeps it; otherwise it is what a stock begins with."""


def label_layouts(reader: Reader) -> list[LabelLayout]:
    """The estate's own by name, then one for each stock."""
    own = [_layout_of(name, body) for name, body in _kept(reader).items() if isinstance(body, Mapping)]
    own = [one for one in own if one.stock.name in stocks()]
    return [
        *sorted(own, key=lambda one: one.name.casefold()),
        *(LabelLayout(one.label, one) for one in stocks().values()),
    ]


def layout_named(reader: Reader, name: str) -> LabelLayout:
    """The estate's layout of that name; otherwise that of a stock, by its name or number. Raises NotFound."""
    wanted = one_line(name).casefold()
    own = next((one for one in label_layouts(reader) if one.own and one.name.casefold() == wanted), None)
    if own is not None:
        return own
    stock = stock_named(name)
    return LabelLayout(stock.label, stock)


def keep_layout(reader: Reader, layout: LabelLayout, author: str) -> Revision:
    """A revision that keeps a layout under its name, in place of the one that has it. Raises InvalidValue."""
    name = one_line(layout.name)
    if not name:
        raise InvalidValue(Message("Give the layout a name."))
    symbology_named(layout.symbology)
    if len(layout.logo) > _LOGO:
        raise InvalidValue(Message("The logo is too large: a small picture of at most 100 kB prints as well."))
    points = min(max(layout.points, POINTS[0]), POINTS[1])
    body: dict[str, Any] = {
        "stock": layout.stock.name, "symbology": layout.symbology, "fields": list(layout.fields),
        "tenths": round(points * 10), "logo": base64.b64encode(layout.logo).decode("ascii"),
    }  # fmt: skip
    return _changed(reader, name, body, author, Message("Layout of labels “{name}” saved", name=name))


def forget_layout(reader: Reader, name: str, author: str) -> Revision:
    """A revision that deletes one of the estate's layouts. Raises NotFound."""
    known = next((one for one in _kept(reader) if one.casefold() == name.casefold()), None)
    if known is None:
        raise NotFound(Message("The estate has no layout of labels “{name}”.", name=name))
    return _changed(reader, known, None, author, Message("Layout of labels “{name}” deleted", name=known))


def with_symbology(layout: LabelLayout, symbology: str) -> LabelLayout:
    """The layout with another symbol ("": its own). Raises InvalidValue."""
    return replace(layout, symbology=symbology_named(symbology).name) if symbology else layout


def _kept(reader: Reader) -> Mapping[str, Any]:
    return reader.records("setting").get(_RECORD.key) or {}


def _layout_of(name: str, body: Mapping[str, Any]) -> LabelLayout:
    stock = stocks().get(str(body.get("stock")), LabelStock("", "", (0.0, 0.0)))
    try:
        logo = base64.b64decode(str(body.get("logo") or ""), validate=True)
    except binascii.Error:
        logo = b""
    fields = tuple(str(field) for field in body.get("fields") or ())
    points = int(body.get("tenths") or 70) / 10
    return LabelLayout(name, stock, str(body.get("symbology") or "qr"), fields, points, logo, own=True)


def _changed(reader: Reader, name: str, body: dict[str, Any] | None, author: str, reason: Message) -> Revision:
    before = dict(_kept(reader))
    known = next((one for one in before if one.casefold() == name.casefold()), name)
    after = {key: value for key, value in before.items() if key != known}
    if body is not None:
        after[name] = body
    edits: list[Edit] = []
    if not before:
        edits = [Edit(_RECORD, "", None, after)] if after else []
    elif not after:
        edits = [Edit(_RECORD, "", before, None)]
    else:
        edits = [
            Edit(_RECORD, key, before.get(key), after.get(key))
            for key in dict.fromkeys((known, name))
            if before.get(key) != after.get(key)
        ]
    return Revision(edits, author, reason=reason, guards=(KindGuard("setting"),))
