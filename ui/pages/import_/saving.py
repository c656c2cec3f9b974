"""What an import saves besides its revision: mappings, the rejected rows, and marked copies of workbooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.imports.draft import FileDraft, SheetDraft, reject_cells
from app.imports.mappings import keep_mapping, recipe_of
from app.imports.new_records import Key
from cmdb.model.messages import tr
from importers.spreadsheets.columns.mapping import Mapping, NameChoice
from ui.context import Context
from ui.proposals.view import RejectedRow

if TYPE_CHECKING:
    from app.imports.marked_copies import MarkedCopy
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation.proposal import Proposal

_NONE: MappingOf[Key, NameChoice] = MappingProxyType({})


class Saving(QObject):
    """Saves in workers. ``mapping_saved`` fires with a sheet and its mapping as it was saved."""

    mapping_saved = Signal(object, object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def mapping(self, sheet: SheetDraft, name: str, choices: MappingOf[Key, NameChoice] = _NONE) -> None:
        """Saves a sheet's mapping, with the corrections that repeat, under a name; it replaces one of that name.

        ``choices``: what was decided of new names.
        """
        author, schema = self._context.author, self._context.schema
        kept: list[Mapping] = []
        decided = dict(choices)

        def recipe() -> Mapping:
            kept.append(replace(recipe_of(sheet, schema, decided), name=name))  # looks at every row
            return kept[-1]

        def done(_: AppliedRevision) -> None:
            sheet.mapping = replace(sheet.mapping, name=name)
            self.mapping_saved.emit(sheet, kept[-1])

        saved = tr("Mapping “{name}” saved", name=name)
        self._context.edit(lambda reader: keep_mapping(reader, recipe(), author), saved, done, beside_draft=True)

    def rejects(
        self, path: Path, rows: Sequence[RejectedRow], sheets: Sequence[SheetDraft], done: Callable[[int], None]
    ) -> None:
        """Writes rejected rows with their reasons to a file, to be corrected there and imported again."""
        wanted, taken = [(row.origin, row.reasons) for row in rows], list(sheets)
        readings = [sheet.reading for sheet in sheets if sheet.reading is not None]
        schema = self._context.schema

        def work() -> int:
            from importers.spreadsheets import write_rejects

            rejects = [(origin, reject_cells(taken, origin), reasons) for origin, reasons in wanted]
            return write_rejects(path, readings, schema, rejects)

        self._context.tasks.run(work, done, owner=self)

    def marked(
        self,
        file: FileDraft,
        path: Path,
        proposal: Proposal,
        applied: AppliedRevision | None,
        tags: bool,
        done: Callable[[MarkedCopy], None],
    ) -> None:
        """Writes a workbook anew with what is wrong marked in it; with ``tags``, each row's tag and id."""
        context = self._context

        def work() -> MarkedCopy:
            from app.imports.marked_copies import record_tags, write_marked_draft

            found = None
            if tags and applied is not None:
                with context.workspace.read() as reader:
                    found = record_tags(reader, proposal)
            return write_marked_draft(file, path, proposal, context.schema, applied, found)

        context.tasks.run(work, done, owner=self, lane="slow")
