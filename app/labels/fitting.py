"""Whether a code fits on a label, and what would fit where it does not."""

from __future__ import annotations

from app.labels.stocks import stocks
from app.printing.label_placing import placed
from app.printing.label_sheet import LabelSheet, LabelStock
from app.printing.symbols import SYMBOLOGIES, symbol
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, counted, verbatim


def check_fits(sheet: LabelSheet, control: Control | None = None) -> int:
    """Checks that each code fits its label; the least number of further lines that there is room for.

    Raises InvalidValue with what would fit, Cancelled.
    """
    wanted = max((len(one.lines) for one in sheet.labels), default=0)
    least = wanted
    for number, one in enumerate(sheet.labels):
        if control is not None and number % 100 == 0:
            control.check()
        made = symbol(one.content, sheet.symbology)
        found = placed(sheet.stock, made, one.content, sheet.dpi, sheet.points, wanted, bool(sheet.logo))
        if found is None:
            raise _too_large(sheet, one.content)
        least = min(least, len(found.lines))
    return least


def fits(content: str, stock: LabelStock, symbology: str, dpi: int, points: float) -> bool:
    """Whether a code fits on a label of a stock."""
    try:
        return placed(stock, symbol(content, symbology), content, dpi, points, 0) is not None
    except InvalidValue:
        return False


def _too_large(sheet: LabelSheet, content: str) -> InvalidValue:
    """What is said of a code that does not fit: what would."""
    like: list[Message] = [
        one.label
        for name, one in SYMBOLOGIES.items()
        if name != sheet.symbology and fits(content, sheet.stock, name, sheet.dpi, sheet.points)
    ]
    larger = _larger(sheet, content, sheet.symbology)
    if larger is not None:
        like.append(verbatim(larger.label))
    if not like:
        others = [(one.label, _larger(sheet, content, name)) for name, one in SYMBOLOGIES.items()]
        like += [Message("{symbol} on {stock}", symbol=one, stock=on.label) for one, on in others if on is not None]
    shorter = _longest(sheet, content)
    if shorter:
        like.append(counted("{count} character", "at most {count} characters", shorter))
    label = SYMBOLOGIES[sheet.symbology].label
    shown = content[:40] + ("…" if len(content) > 40 else "")
    if not like:
        return InvalidValue(Message("“{content}” does not fit on any label as {symbol}.", content=shown, symbol=label))
    return InvalidValue(
        Message(
            "“{content}” does not fit on {stock} as {symbol}. What fits: {what}.",
            content=shown,
            stock=sheet.stock.label,
            symbol=label,
            what=tuple(like),
        )
    )


def _longest(sheet: LabelSheet, content: str) -> int:
    """How many of its first characters fit; 0 where not even one does."""
    low, high = 0, min(len(content), 200)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(content[:middle], sheet.stock, sheet.symbology, sheet.dpi, sheet.points):
            low = middle
        else:
            high = middle - 1
    return low


def _larger(sheet: LabelSheet, content: str, symbology: str) -> LabelStock | None:
    """The smallest label of the same kind on which it fits."""
    like = [one for one in stocks().values() if one.page == sheet.stock.page]
    like.sort(key=lambda one: one.size[0] * one.size[1])
    return next((one for one in like if fits(content, one, symbology, sheet.dpi, sheet.points)), None)
