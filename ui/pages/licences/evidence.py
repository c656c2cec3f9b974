"""The lines behind a position: what needs it, what was bought, which covers which, and what could be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.pages.licences import words
from ui.pages.licences.evidence_list import EvidenceLine
from ui.theme import Theme
from ui.widgets.dates import count, day
from ui.widgets.labels import Text
from ui.widgets.layout import box, row
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from cmdb.licences.engine.results import DemandLine, Position, SupplyLine

#: What an action begins with, and its icon.
_ICONS = {"Buy": "money", "Harvest": "return", "Supply": "edit", "Scan": "scan", "Move": "move"}


def heading(name: str, position: Position) -> str:
    """What a tab's lines are, in a sentence."""
    if name == "demand":
        rule = next((line.rule for line in position.demand if line.rule), "")
        return f"The rule: {rule}." if rule else ""
    if name == "actions":
        return "Who or what could give its licence back:"
    return ""


def demand(position: Position) -> list[EvidenceLine]:
    """Who needs how much, from which fact, by which arithmetic; what is uncovered first."""

    def rank(line: DemandLine) -> tuple[bool, bool, str]:
        return not line.missing, line.covered >= (line.quantity or 0), line.holder.casefold()

    return [_demand(line, position.unit) for line in sorted(position.demand, key=rank)]


def _demand(line: DemandLine, unit: str) -> EvidenceLine:
    asked = words.amount(line.quantity, unit) if line.quantity is not None else "?"
    why = " · ".join(part for part in (line.arithmetic, line.fact) if part)
    remark, tone = "", ""
    if line.missing:
        remark, tone = "missing: " + ", ".join(m.fact for m in line.missing[:2]), "warning"
    elif line.quantity and line.covered < line.quantity:
        remark, tone = f"{count(line.quantity - line.covered)} not covered", "bad"
    elif line.stale:
        remark, tone = "not seen for a month", "warning"
    return EvidenceLine(line.holder, asked, why, remark, tone, line.holder_id)


def supply(position: Position) -> list[EvidenceLine]:
    """What was bought: how much it gives, on which order and agreement, from when to when."""
    return [_supply(line, position.unit) for line in position.supply]


def _supply(line: SupplyLine, unit: str) -> EvidenceLine:
    gives = "unlimited" if line.unlimited else words.amount(line.entitled, unit)
    sold = f"{count(line.quantity)} × {line.pack}" if line.pack > 1 else ""
    dates = " to ".join(day(d.isoformat()) for d in (line.start, line.end) if d is not None)
    if line.start is None and line.end is not None:
        dates = f"until {dates}"
    elif line.start is not None and line.end is None:
        dates = f"since {dates}"
    kept = f"maintained until {day(line.maintenance_until.isoformat())}" if line.maintenance_until else ""
    parts = (sold, line.channel, line.purchase_order, line.agreement, line.invoice, dates, kept, line.note)
    why = " · ".join(p for p in parts if p)
    used = f"{count(line.used)} used" + (f", {count(line.spare)} spare" if line.spare else "")
    return EvidenceLine(line.entitlement, gives, why, used, "", line.entitlement_id)


def allocation(position: Position) -> list[EvidenceLine]:
    """Which installation is covered by which purchase, by which right, and why."""
    made = []
    for line in position.allocation:
        by = f"{line.installed} ← {line.entitlement}" if line.entitlement else line.installed
        units = words.amount(line.units, position.unit) if line.units else "included"
        why = f"{line.right}: {line.why}" if line.right not in ("", "exact") else line.why
        made.append(EvidenceLine(f"{line.holder}  ·  {by}", units, why, "", "", line.holder_id))
    return made


def harvest(position: Position) -> list[EvidenceLine]:
    """Whose licence could be taken back: seats that idle, computers that were not seen for long."""
    made = []
    for line in position.demand:
        asked = words.amount(line.quantity or 0, position.unit)
        if "idle" in line.fact.split(", "):
            made.append(EvidenceLine(line.holder, asked, line.fact, uid=line.holder_id))
        elif line.stale:
            made.append(EvidenceLine(line.holder, asked, line.fact, "not seen for a month", "warning", line.holder_id))
    return made


def todo(theme: Theme, action: str) -> QWidget:
    """One thing that could be done, with its icon."""
    icon = next((name for word, name in _ICONS.items() if action.startswith(word)), "info")
    text = Text(f"{action}.", wrap=True)
    made = row(Icon(theme, icon, "muted", 18), text)
    made.setStretch(1, 1)
    return box(made)
