"""Positions in words: amounts with units, and the sum in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.widgets import dates
from ui.widgets.dates import count, plural

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position


def title(word: str) -> str:
    """A word at the start of a line."""
    return word[:1].upper() + word[1:]


def amount(number: int, unit: str) -> str:
    """A number with its unit: "64 cores", "1 user", "2,400 PVU"."""
    if not unit or unit.isupper():
        return f"{count(number)} {unit}".strip()
    return plural(number, unit, unit[:-1] + "ies" if unit.endswith("y") else "")


def units(unit: str) -> str:
    """The unit in the plural, without a number."""
    return amount(2, unit).removeprefix("2 ") if unit else ""


def money(value: float, currency: str) -> str:
    """An amount of money with its currency: "28,688.00 EUR"."""
    return dates.money(value, currency)


def owned(position: Position) -> str:
    """What is entitled, as a number or "unlimited"."""
    return "unlimited" if position.unlimited else count(position.entitled)


def asked(position: Position) -> str:
    """What is needed, with its unit; nothing for what needs no licence."""
    return amount(position.needed, position.unit) if position.verdict != "exempt" else "–"


def asked_hint(position: Position) -> str:
    """What is needed, and whether that is sure."""
    sure = ", as far as it could be counted" if position.verdict == "unknown" else ""
    return f"{amount(position.needed, position.unit)} needed{sure}"


def packs(number: int, pack: int) -> str:
    """How many packs cover a number of units."""
    return f"{plural(-(-number // pack), 'pack')} of {pack}"


def sentences(position: Position) -> list[str]:
    """The verdict's arithmetic, one sentence a step."""
    if position.verdict == "exempt":
        return [f"It needs no licence: {position.arithmetic}."]
    said = [_needed(position), _entitled(position), _covered(position)]
    if position.non_transferable:
        said.append(f"{amount(position.non_transferable, position.unit)} of a begun pack cannot be used elsewhere.")
    if position.verdict == "unknown":
        facts = plural(len(position.missing), "missing fact")
        said.append(f"Nobody can say yet whether that is right: {facts} could change it.")
    if position.verdict == "ineligible":
        said.append("What is owned may not be used for it, whatever its number.")
    if position.short and position.true_up is not None:
        what = packs(position.short, position.pack) if position.pack > 1 else amount(position.short, position.unit)
        said.append(f"Buying {what} would cost about {money(position.true_up, position.currency)}.")
    return [s for s in said if s]


def _needed(position: Position) -> str:
    counted = [line for line in position.demand if line.quantity]
    if not counted:
        return "Nothing that could be counted needs it." if position.demand else "Nothing needs it."
    total = amount(position.needed, position.unit)
    if len(counted) == 1:
        line = counted[0]
        return f"{line.holder} needs {total}: {line.arithmetic}."
    return f"{plural(len(counted), 'line')} of demand add up to {total}."


def _entitled(position: Position) -> str:
    if not position.supply:
        return "Nothing of it was bought, as far as the register knows."
    bought = plural(len(position.supply), "purchase")
    verb = "gives" if len(position.supply) == 1 else "give"
    if position.unlimited:
        return f"{bought} {verb} it without limit."
    text = f"{bought} {verb} {amount(position.entitled, position.unit)}"
    return f"{text}, in packs of {position.pack}." if position.pack > 1 else f"{text}."


def _covered(position: Position) -> str:
    needed = amount(position.needed, position.unit)
    if position.short:
        covered = "none" if not position.covered else count(position.covered)
        return f"Of the {needed}, {covered} are covered: {count(position.short)} short."
    if not position.needed:
        return f"{amount(position.spare, position.unit)} spare." if position.spare else ""
    text = "It is covered" if position.needed == 1 else f"All {needed} are covered"
    return f"{text}, and {count(position.spare)} more could be." if position.spare else f"{text}."
