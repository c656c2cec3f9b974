"""A proposal's records and values as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cmdb.model.claims import source_text
from cmdb.model.observation import NamedReference, Origin
from cmdb.model.schema import Attribute, Schema
from ui.widgets.values import text_of

if TYPE_CHECKING:
    from cmdb.reconciliation.proposal import Change, Deviation

#: What a new record's line begins with, where it has it: what tells it apart.
_TELLING = (
    "asset_tag", "serial_number", "email", "model", "operating_system", "assigned_to", "location", "metric", "quantity",
)  # fmt: skip


class ProposalWords:
    """Turns ids and canonical values into text. ``names``: id → (class, name)."""

    def __init__(self, schema: Schema, names: Mapping[str, tuple[str, str]]) -> None:
        self.schema = schema
        self.names = names
        self._all = schema.all_attributes()

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
        return found.label if found is not None else name.replace("_", " ").capitalize()

    def value(self, cls: str, name: str, value: Any) -> str:
        """A canonical value; "–" for none. A mention is shown by what its source calls it."""
        if value is None:
            return "–"
        if isinstance(value, NamedReference):
            return value.name
        if name == "class":
            return self.cls(str(value))
        found = self.attribute(cls, name)
        return text_of(found, value, self.names) if found is not None else str(value)

    def summary(self, change: Change) -> str:
        """A record's line: what is new of it, or what it is known by."""
        cells = {cell.attribute: cell for cell in change.cells}
        if change.state == "changed":
            shown = [
                f"{self.label(change.cls, c.attribute)}: {self.value(change.cls, c.attribute, c.before)} → "
                f"{self.value(change.cls, c.attribute, c.after)}"
                for c in change.cells[:2]
            ]
            more = f"+{len(cells) - 2} more" if len(cells) > 2 else ""
            return "   ".join((*shown, more)).strip()
        told = [n for n in _TELLING if n in cells] or [n for n in cells if n not in ("name", "status")]
        return " · ".join(self.value(change.cls, n, cells[n].after) for n in told[:4])

    def origin(self, change: Change) -> str:
        """Where a record was read."""
        if change.reference:
            return "named by other rows"
        first = short_origin(change.origins[0]) if change.origins else ""
        return f"{first} +{len(change.origins) - 1}" if len(change.origins) > 1 else first

    def deviation(self, cls: str, one: Deviation) -> str:
        """Why a value that was said does not become the record's."""
        said, stands = self.value(cls, one.attribute, one.said), self.value(cls, one.attribute, one.stands)
        label = self.label(cls, one.attribute)
        return f"{label}: {source_text(one.source)} says {said}; {stands} stays, from {source_text(one.keeper)}."


def short_origin(origin: Origin) -> str:
    """A place without its file: sheet and row, or host."""
    place = origin.sheet or origin.file
    return ", ".join(part for part in (place, f"row {origin.row}" if origin.row else "", origin.host) if part)


def origin_text(origin: Origin) -> str:
    """A place, short: sheet and row, with the file only where the sheet does not bear its name."""
    stem = origin.file.rpartition(".")[0] or origin.file
    place = origin.file if origin.sheet in ("", stem) else f"{stem}, {origin.sheet}"
    return ", ".join(part for part in (place, f"row {origin.row}" if origin.row else "", origin.host) if part)
