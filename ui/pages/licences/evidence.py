"""The lines behind a position: what needs it, what was bought, which covers which, and what could be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from cmdb.licences import labels
from cmdb.model.messages import Message, tr, trn
from ui.pages.licences import words
from ui.pages.licences.evidence_list import EvidenceLine
from ui.theme import Theme
from ui.widgets.labels import Text
from ui.widgets.layout import box, row
from ui.widgets.page_states import Icon

if TYPE_CHECKING:
    from cmdb.licences.engine.results import DemandLine, Position, SupplyLine

#: The verbs that the engine's actions begin with, and their icons.
_ICONS = {"Buy": "money", "Harvest": "return", "Supply": "edit", "Scan": "scan", "Move": "move"}


def heading(name: str, position: Position) -> str:
    """The description of a tab's lines, as a sentence."""
    if name == "demand":
        rule = next((line.rule for line in position.demand if line.rule), "")
        return tr("The rule: {rule}.", rule=rule) if rule else ""
    return tr("Who or what could give its licence back:") if name == "actions" else ""


def demand(position: Position) -> list[EvidenceLine]:
    """The demand: the need of each holder, its fact and its arithmetic; uncovered demand comes first."""

    def rank(line: DemandLine) -> tuple[bool, bool, str]:
        return not line.missing, line.covered >= (line.quantity or 0), line.holder.casefold()

    return [_demand(line, position.unit) for line in sorted(position.demand, key=rank)]


def _demand(line: DemandLine, unit: str) -> EvidenceLine:
    asked = words.amount(line.quantity, unit) if line.quantity is not None else "?"
    why = _beside(line.arithmetic, line.fact)
    remark, tone = "", ""
    if line.missing:
        facts = tuple(labels.fact_words(one.fact, one.detail) for one in line.missing[:2])
        remark, tone = tr("missing: {facts}", facts=facts), "warning"
    elif line.quantity and line.covered < line.quantity:
        open_ = line.quantity - line.covered
        remark, tone = trn("{count} not covered", "{count} not covered", open_), "bad"
    elif line.stale:
        remark, tone = tr("not seen for a month"), "warning"
    return EvidenceLine(line.holder, asked, why, remark, tone, line.holder_id)


def _beside(*parts: object) -> str:
    """Statements side by side: "64 cores · 2 processors"."""
    return " · ".join(filter(None, map(str, parts)))


def supply(position: Position) -> list[EvidenceLine]:
    """The purchases: their units, order, agreement and dates."""
    return [_supply(line, position.unit) for line in position.supply]


def _supply(line: SupplyLine, unit: str) -> EvidenceLine:
    gives = tr("unlimited") if line.unlimited else words.amount(line.entitled, unit)
    sold = labels.packs(line.quantity, line.pack, unit) if line.pack > 1 else ""
    maintained = tr("maintained until {day}", day=line.maintenance_until) if line.maintenance_until else ""
    channel = labels.label(labels.CHANNELS, line.channel)
    parts = (sold, channel, line.purchase_order, line.agreement, line.invoice, _term(line), maintained, line.note)
    used = trn("{count} used", "{count} used", line.used)
    if line.spare:
        used = trn("{used} used, {count} spare", "{used} used, {count} spare", line.spare, used=line.used)
    return EvidenceLine(line.entitlement, gives, _beside(*parts), used, "", line.entitlement_id)


def _term(line: SupplyLine) -> str:
    """From when to when a purchase gives rights."""
    if line.start is not None and line.end is not None:
        return tr("{start} to {end}", start=line.start, end=line.end)
    if line.end is not None:
        return tr("until {day}", day=line.end)
    return tr("since {day}", day=line.start) if line.start is not None else ""


def allocation(position: Position) -> list[EvidenceLine]:
    """The allocation: installation, purchase, right and reason."""
    made = []
    for line in position.allocation:
        by = f"{line.installed} ← {line.entitlement}" if line.entitlement else line.installed
        units = words.amount(line.units, position.unit) if line.units else tr("included")
        why = str(line.why)
        if line.right not in ("", "exact"):
            why = tr("{right}: {reason}", right=labels.label(labels.RIGHTS, line.right), reason=why)
        made.append(EvidenceLine(f"{line.holder}  ·  {by}", units, why, "", "", line.holder_id))
    return made


def harvest(position: Position) -> list[EvidenceLine]:
    """Licences that could be reclaimed: idle seats, computers that were not seen for a long time."""
    made = []
    for line in position.demand:
        asked, fact = words.amount(line.quantity or 0, position.unit), str(line.fact)
        if line.idle:
            made.append(EvidenceLine(line.holder, asked, fact, uid=line.holder_id))
        elif line.stale:
            remark = tr("not seen for a month")
            made.append(EvidenceLine(line.holder, asked, fact, remark, "warning", line.holder_id))
    return made


def todo(theme: Theme, action: Message) -> QWidget:
    """One thing that could be done, with its icon."""
    icon = next((name for word, name in _ICONS.items() if action.template.startswith(word)), "info")
    text = Text(tr("{statement}.", statement=action), wrap=True)
    made = row(Icon(theme, icon, "muted", 18), text)
    made.setStretch(1, 1)
    return box(made)
