"""The records and values of a proposal, worded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cmdb.model.claims import source_text
from cmdb.model.messages import Message, tr, trn
from cmdb.model.observation import NamedReference, Origin
from cmdb.model.schema import Attribute, Schema
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.reconciliation.proposal import Change, Deviation, Proposal

#: The attributes that a new record's line begins with: by these a person recognises it.
_TELLING = (
    "asset_tag", "serial_number", "email", "model", "operating_system", "assigned_to", "location", "metric", "quantity",
)  # fmt: skip
NOT_ITS_VALUES = Message("Only rows of its sections, installations or links")
"""What is said of a changed record of which no value changes."""
_NAMED = 5
"""The number of records that a message names."""


def meanwhile(problem: Message, lost: Sequence[str]) -> str:
    """What is said over a proposal that was made anew: why, and what could not stay left out; "" for neither."""
    sentences: list[str] = []
    if problem:
        sentences.append(
            tr(
                "{problem} Nothing was written. This is compared anew with the register as it is now: look it over and "
                "apply it again.",
                problem=problem,
            )
        )
    if lost:
        sentences.append(
            trn(
                "{count} record was left out and is not part of it any more: {names}.",
                "{count} records were left out and are not part of it any more: {names}.",
                len(lost),
                names=tuple(lost[:_NAMED]),
            )
        )
    return " ".join(sentences)


def set_aside(proposal: Proposal) -> list[str]:
    """How many values a proposal records without making them stand: those that are held, and those asked about."""
    held = trn("{count} value held", "{count} values held", proposal.held)
    asked = trn("{count} value asked about", "{count} values asked about", proposal.asked)
    return [*([held] if proposal.held else []), *([asked] if proposal.asked else [])]


class ProposalWords:
    """Turns ids and canonical values into text. ``names``: id → (class, name)."""

    def __init__(self, schema: Schema, names: Mapping[str, tuple[str, str]]) -> None:
        self.schema = schema
        self.names = names
        self._all = schema.every_attribute

    def cls(self, name: str) -> str:
        """A class's label."""
        return self.schema.classes[name].label if name in self.schema.classes else name

    def icon(self, name: str) -> str:
        """A class's icon."""
        return self.schema.classes[name].icon if name in self.schema.classes else "box"

    def attribute(self, cls: str, name: str) -> Attribute | None:
        """An attribute of a class, or of any."""
        found = self.schema.classes[cls].attributes.get(name) if cls in self.schema.classes else None
        return found or self._all.get(name)

    def label(self, cls: str, name: str) -> str:
        """An attribute's label."""
        found = self.attribute(cls, name)
        if found is not None:
            return found.label
        return tr("Class") if name == "class" else tr("“{name}”", name=name)

    def value(self, cls: str, name: str, value: Any) -> str:
        """A canonical value; "–" for none. A named reference is shown by the name in its source."""
        if value is None:
            return "–"
        if isinstance(value, NamedReference):
            return value.name
        if name == "class":
            return self.cls(str(value))
        found = self.attribute(cls, name)
        return text_of(found, value, self.names) if found is not None else str(value)

    def summary(self, change: Change) -> str:
        """A record's line: what changes, or the values by which a person recognises it."""
        cells = {cell.attribute: cell for cell in change.cells}
        if change.state == "changed":
            if not cells.keys() - {"last_seen"}:
                return str(NOT_ITS_VALUES)
            shown = [
                f"{self.label(change.cls, c.attribute)}: {self.value(change.cls, c.attribute, c.before)} → "
                f"{self.value(change.cls, c.attribute, c.after)}"
                for c in change.cells[:2]
            ]
            more = len(cells) - 2
            return "   ".join((*shown, *([trn("+{count} more", "+{count} more", more)] if more > 0 else [])))
        told = [n for n in _TELLING if n in cells] or [n for n in cells if n not in ("name", "status")]
        return " · ".join(self.value(change.cls, n, cells[n].after) for n in told[:4])

    def origin(self, change: Change) -> str:
        """Where a record was read."""
        if change.reference:
            return tr("named by other rows")
        first = short_origin(change.origins[0]) if change.origins else ""
        return f"{first} +{len(change.origins) - 1}" if len(change.origins) > 1 else first

    def deviation(self, cls: str, one: Deviation) -> str:
        """Why a value that a source states does not become the record's."""
        if one.held and not one.keeper:
            return tr(
                "{attribute}: {source} says {stated}; it is held, as the order of sources says.",
                attribute=self.label(cls, one.attribute),
                source=source_text(one.source),
                stated=self.value(cls, one.attribute, one.said),
            )
        return tr(
            "{attribute}: {source} says {stated}; {value} stays, from {keeper}.",
            attribute=self.label(cls, one.attribute),
            source=source_text(one.source),
            stated=self.value(cls, one.attribute, one.said),
            value=self.value(cls, one.attribute, one.stands),
            keeper=source_text(one.keeper),
        )


def short_origin(origin: Origin) -> str:
    """A place without its file: sheet and row, or host."""
    return _place(origin.sheet or origin.file, origin)


def origin_text(origin: Origin) -> str:
    """A place, short: sheet and row, with the file only where the sheet does not have its name."""
    stem = origin.file.rpartition(".")[0] or origin.file
    return _place(origin.file if origin.sheet in ("", stem) else f"{stem}, {origin.sheet}", origin)


def _place(sheet: str, origin: Origin) -> str:
    row = tr("row {number}", number=str(origin.row)) if origin.row else ""
    return ", ".join(part for part in (sheet, row, origin.host) if part)
