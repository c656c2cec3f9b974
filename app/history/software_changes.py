"""What revisions did with the software of one computer: an upgrade is one change, as in its drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.drift.differences import SectionDrift, line_text
from app.drift.drift_of_edits import drift_of_edits
from app.drift.releases import catalogue_for
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.model.journal import HistoryEntry
    from cmdb.store.reading.reader import Reader

_TOLD = 3
"""So many changes of a revision are told one by one; more are counted."""


def software_changes(reader: Reader, versions: Iterable[HistoryEntry]) -> dict[int, SectionDrift]:
    """Revision → what it did with installations; revisions that did nothing with them are left out."""
    catalogue = catalogue_for(reader)
    found: dict[int, SectionDrift] = {}
    for version in versions:
        its = [edit for edit in version.edits if edit.record.kind == "installation"]
        for parts in drift_of_edits(reader.schema, its, catalogue, {}).values():
            found.update((version.number, one) for one in parts)
    return found


def software_in_words(changes: Mapping[int, SectionDrift]) -> dict[int, list[str]]:
    """The same in lines."""
    return {number: _lines(one) for number, one in changes.items()}


def software_documents(one: SectionDrift) -> list[dict[str, Any]]:
    """The same of one revision as ``--json`` prints it."""
    return [{"change": line.change, "product": line.what, "before": line.then, "after": line.now} for line in one.lines]


def _lines(one: SectionDrift) -> list[str]:
    told = [line_text(line) for line in one.lines] if len(one.lines) <= _TOLD else [one.counts_text]
    return [tr("{section}: {changes}", section=one.title, changes=text) for text in told]
