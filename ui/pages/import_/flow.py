"""The state of one import: the opened files, and the jobs that open, check, compare and apply them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.freeing import free_in_slices
from app.import_proposal import reason_of_import, saved_mappings
from app.imports import draft as drafts
from app.imports.draft import FileDraft, SheetDraft, row_cells
from app.imports.dropped_files import files_of
from app.imports.file_summaries import FileSummary, ReadFile, file_summaries, read_file
from app.imports.kept_names import names_of_sheets
from app.imports.marked_copies import is_applied
from app.imports.near_values import NearValues, near_values
from app.imports.new_records import Key, NewName, new_names, with_choices
from app.imports.problem_places import ProblemPlaces
from app.imports.proposal_details import ProposalDetails, apply, prepare
from app.imports.targets import ColumnTarget, put
from app.own_files import is_own
from app.signatures.signed_files import trusted_keys
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, FileProblem, Outdated, UserError
from cmdb.model.messages import EMPTY, Message, counted, verbatim
from cmdb.model.observation import Origin, Problem, Reading
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.columns.mapping import Mapping, NameChoice
from importers.spreadsheets.sheets.marks import Marks
from ui.context import Context
from ui.pages.import_.corrections import Corrections
from ui.pages.import_.latest_job import LatestJob
from ui.pages.import_.saving import Saving
from ui.proposals.view import RejectedRow

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision

#: So many rows are checked only when nothing was corrected for a moment, in seconds: each correction begins it anew.
_MANY, _PAUSE = 20_000, 0.3


_Compared = tuple[ProposalDetails, ProblemPlaces, list[NewName], list[RejectedRow], list[FileSummary]]
_Opened = tuple[list[FileDraft], list[drafts.Failure], list[Mapping], dict[Key, NameChoice]]


class ImportFlow(Corrections):
    """Keeps the draft and signals its changes. Slow work runs in jobs and tasks; answers that are too late are dropped.

    ``first_rows`` (a sheet's name, rows) fires while large sheets are read. ``files_changed`` and ``sheet_changed``
    (a sheet): the draft changed. ``mending``: cells are corrected, or
    corrections taken back. ``near_found``: nearly equal values were looked for. ``working`` fires with the job that
    runs. ``checked``: all sheets are read. ``compared``: the proposal is ready. ``applied``: the revision is written.
    ``failed`` (what, error): ``what`` is "open", "check", "compare" or "apply".
    """

    first_rows = Signal(str, object)
    files_changed = Signal()
    sheet_changed = Signal(object)
    mending = Signal()
    near_found = Signal()
    working = Signal(object)
    checked = Signal()
    compared = Signal()
    applied = Signal(object)
    failed = Signal(str, object)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.files: list[FileDraft] = []
        self.failures: list[drafts.Failure] = []
        self.saved: list[Mapping] = []
        self.create_references = True
        self.all_or_nothing = False
        self.prepared: ProposalDetails | None = None
        self.result: AppliedRevision | None = None
        self._rejects: list[RejectedRow] = []
        self.summaries: list[FileSummary] = []
        """What the proposal takes in of each file."""
        self.near: list[NearValues] = []
        self.new_names: list[NewName] = []
        """What would be created only because rows name it, and what was decided of names."""
        self.places: ProblemPlaces | None = None
        """Where the problems are, as far as they were found last."""
        self.meanwhile: Message = EMPTY
        """What others wrote meanwhile, where the import was refused because of it."""
        self.saving = Saving(context, self)
        self.saving.mapping_saved.connect(self._mapping_saved)
        self.stepped.connect(self._mended)
        self._job = LatestJob(context, self)
        self._job.started.connect(self.working)
        self._can_give_up = True

    # -- files and sheets -------------------------------------------------------------------------------------------

    @property
    def sheets(self) -> list[SheetDraft]:
        """All sheets of all files."""
        return [sheet for file in self.files for sheet in file.sheets]

    @property
    def taken(self) -> list[SheetDraft]:
        """The sheets that are to be imported."""
        return [sheet for sheet in self.sheets if sheet.taken]

    @property
    def inventories(self) -> list[FileDraft]:
        """The files that need no mapping."""
        return [file for file in self.files if file.workbook is None]

    @property
    def blocked(self) -> SheetDraft | None:
        """A sheet to be imported whose class is not known yet."""
        return next((sheet for sheet in self.taken if sheet.mapping.problem), None)

    @property
    def ready(self) -> bool:
        """Whether there is anything to check."""
        return bool(self.taken or self.inventories)

    def reset(self) -> None:
        """Forgets everything that was opened."""
        self._job.stop()
        held: list[Any] = [self.files, self.prepared, self.places, self.near, self.new_names, self._rejects]
        self.files, self.failures, self._rejects = [], [], []
        self.prepared = self.result = self.places = None
        self.meanwhile = EMPTY
        self._begin_anew()
        self.new_names, self.near = [], []
        self.files_changed.emit()
        self._let_go(held)

    def open(self, paths: Iterable[Path]) -> None:
        """Opens more files, and those in folders, in a job. Files that are open already are opened again."""
        wanted = list(dict.fromkeys(path.absolute() for path in paths))
        if not wanted:
            return
        context = self._context
        kept = [file for file in self.files if file.place not in wanted]

        def work(control: Control) -> _Opened:
            saved = context.workspace.question(saved_mappings).answer()
            trusted = context.workspace.question(trusted_keys).answer()
            plugins = context.workspace.plugins.importers()
            paths = files_of(wanted)
            own = [path for path in paths if is_own(path, context.workspace.where)]
            paths = [path for path in paths if path not in own]

            def first(name: str, rows: list[list[Any]]) -> None:
                context.tasks.post(show, name, rows)

            found, failed = drafts.open_files(
                control, paths, context.schema, saved, plugins, self._applied, first, trusted
            )
            known = [sheet.mapping for file in found for sheet in file.sheets]
            names = context.workspace.question(lambda reader: names_of_sheets(reader, known)).answer()
            said = (Message("{file} is the open estate: it is not imported into itself.", file=one.name) for one in own)
            failed += [(path, FileProblem(text)) for path, text in zip(own, said, strict=True)]
            return found, failed, saved, names

        def done(answer: _Opened) -> None:
            found, self.failures, self.saved, names = answer
            self.choices = {**names, **self.choices}
            opened = {file.path for file in found} | {file.folder.path for file in found if file.folder is not None}
            held: list[Any] = [self.files, self.prepared, self.places]
            self.files = [file for file in kept if file.place not in opened] + found
            self.prepared = self.places = None
            self.mends.keep_only(self.sheets)
            self.files_changed.emit()
            self._let_go(held)

        def show(name: str, rows: list[list[Any]]) -> None:
            if turn == self._job.turn:
                self.first_rows.emit(name, rows)

        title = counted("Opening {file}", "Opening {count} files", len(wanted), file=wanted[0].name)
        self._job.start(title, work, done, self._fails("open"))
        turn = self._job.turn

    def _applied(self, marks: Marks) -> bool:
        """Whether the rows that a marked copy remembers are in this estate. For a job."""
        return self._context.workspace.question(lambda reader: is_applied(reader, marks)).answer()

    def remove(self, file: FileDraft) -> None:
        """Removes a file from the import; the file itself is not changed."""
        held: list[Any] = [file, self.prepared]
        self.files.remove(file)
        self._stale()
        self.mends.keep_only(self.sheets)
        self.files_changed.emit()
        self._let_go(held)

    def take(self, sheet: SheetDraft, taken: bool) -> None:
        """Whether a sheet is to be imported."""
        if sheet.taken != taken:
            sheet.taken = taken
            self._stale()
            self.sheet_changed.emit(sheet)

    # -- changes to the draft ---------------------------------------------------------------------------------------

    def change_options(self, sheet: SheetDraft, **changes: Any) -> None:
        """Reads a sheet with other options (``header_row``, ``encoding``, ``day_first``, …)."""
        schema, saved = self._context.schema, self.saved
        whole = "encoding" in changes or "delimiter" in changes
        control = Control()

        def done(changed: SheetDraft) -> None:
            self._stale()
            self.mends.keep_only(self.sheets)
            if whole:
                self.files_changed.emit()
            self.sheet_changed.emit(changed)

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                self.sheet_changed.emit(sheet)
                self._context.shell.problem(error)

        self._context.tasks.run(
            lambda: drafts.change_options(sheet, schema, saved, control, **changes), done, failed,
            key=(id(self), "open", id(sheet.file)) if whole else None, owner=self, stop=control.cancel,
        )  # fmt: skip

    def change_class(self, sheet: SheetDraft, cls: str) -> None:
        """Sets what a sheet's rows are."""
        schema = self._context.schema

        def done(_: None) -> None:
            sheet.taken = True
            self._stale()
            self.sheet_changed.emit(sheet)

        def failed(error: Exception) -> None:
            self.sheet_changed.emit(sheet)
            self._context.shell.problem(error)

        self._context.tasks.run(lambda: drafts.change_class(sheet, schema, cls), done, failed, owner=self)

    def change_column(self, sheet: SheetDraft, index: int, target: ColumnTarget) -> None:
        """Maps a column to another target."""
        self.change_mapping(sheet, put(sheet.mapping, index, target, sheet.samples(index, 60)))

    def change_mapping(self, sheet: SheetDraft, mapping: Mapping) -> None:
        """Another mapping of a sheet."""
        held: list[Any] = [sheet.reading]
        sheet.use(mapping)
        self._let_go(held)
        self._stale()
        self.sheet_changed.emit(sheet)

    def _mapping_saved(self, sheet: SheetDraft, mapping: Mapping) -> None:
        self.saved = [one for one in self.saved if one.name.casefold() != mapping.name.casefold()] + [mapping]
        self.sheet_changed.emit(sheet)

    def set_clear_blanks(self, clear: bool) -> None:
        """Whether blank cells clear the register's values; applies to all sheets."""
        held: list[Any] = [sheet.reading for sheet in self.sheets]
        for sheet in self.sheets:
            if sheet.clear_blanks != clear:
                sheet.clear_blanks = clear
                sheet.changed()
        self._let_go(held)
        self._stale()

    def set_strict(self, strict: bool) -> None:
        """Whether any cell that can't be read rejects its row; applies to all sheets, which are checked again."""
        held: list[Any] = [sheet.reading for sheet in self.sheets]
        for sheet in self.sheets:
            if sheet.strict != strict:
                sheet.strict = strict
                sheet.changed()
        self._let_go(held)
        self._mended()

    # -- corrections ------------------------------------------------------------------------------------------------

    def _mended(self) -> None:
        self._stale()
        self.mending.emit()
        self.check()

    @property
    def mended(self) -> int:
        """The number of corrected cells."""
        return sum(len(sheet.mends) for sheet in self.sheets)

    # -- checking and comparing -------------------------------------------------------------------------------------

    def check(self) -> None:
        """Checks the sheets that need it, then compares. ``checked`` fires first, ``compared`` second."""
        self._job.stop()
        sheets, schema = self.taken, self._context.schema
        if self.prepared is not None and all(sheet.reading is not None for sheet in sheets):
            self.checked.emit()
            self.compared.emit()
            return
        others = [reading for file in self.inventories for reading in file.readings]

        wait = _PAUSE if sum(sheet.rows for sheet in sheets) > _MANY else 0.0

        def work(control: Control) -> ProblemPlaces:
            self.mends.carry_out()
            control.wait(wait)
            drafts.check_sheets(control, sheets, schema)
            readings = [*(one.reading for one in sheets if one.reading is not None), *others]
            return ProblemPlaces(sheets, (problem for one in readings for problem in one.problems), (), schema)

        title = Message("Checking {files}", files=self.what)
        self._job.start(title, work, self._read, self._fails("check"))

    def _find_near(self) -> None:
        """Looks for nearly equal values beside the comparison."""
        sheets, schema, control = self.taken, self._context.schema, Control()

        def done(found: list[NearValues]) -> None:
            held: list[Any] = [self.near]
            self.near = found
            self.near_found.emit()
            self._let_go(held)

        def failed(error: Exception) -> None:
            if not isinstance(error, Cancelled):
                self._context.shell.problem(error)

        self._context.tasks.run(
            lambda: near_values(control, sheets, schema), done, failed,
            key=(id(self), "near"), owner=self, lane="slow", stop=control.cancel,
        )  # fmt: skip

    def _read(self, places: ProblemPlaces) -> None:
        turn = self._job.turn
        held: list[Any] = [self.places]
        self.places = places
        self.checked.emit()
        self._let_go(held)
        self._find_near()
        if turn == self._job.turn:
            self.compare()

    def compare(self) -> None:
        """Reconciles what was read into a proposal, in a job."""
        context, readings = self._context, self.readings()
        create, sheets = self.create_references, self.taken
        opened = [(file.path, self._readings_of(file)) for file in self.files if file.workbook is None or file.sheets]
        failures = [*self.failures]
        reason = reason_of_import(self.what, readings)

        def work(control: Control) -> _Compared:
            schema, choices, answers = context.schema, dict(self.choices), dict(self.answers)
            decided = with_choices(schema, readings, choices)
            prepared = prepare(control, context.workspace, decided, reason, create, answers)
            rejects = (origin for origin, _, _ in prepared.proposal.rejects)
            places = ProblemPlaces(sheets, prepared.proposal.problems, rejects, schema)
            named = new_names(schema, readings, prepared.proposal, choices)
            files = [read_file(path, its) for path, its in opened]
            files += [ReadFile(path, problem=_said(error)) for path, error in failures]
            return prepared, places, named, _rejected(prepared, sheets), file_summaries(files, prepared.proposal)

        def done(answer: _Compared) -> None:
            held: list[Any] = [self.prepared, self.places, self.new_names, self._rejects]
            self.prepared, self.places, self.new_names, self._rejects, self.summaries = answer
            self.compared.emit()
            self._let_go(held)

        self._job.start(Message("Comparing {files}", files=self.what), work, done, self._fails("compare"))

    @staticmethod
    def _readings_of(file: FileDraft) -> list[Reading]:
        """What was read of one file."""
        read: list[Reading] = [one.reading for one in file.sheets if one.taken and one.reading is not None]
        return [*read, *file.readings]

    def readings(self) -> list[Reading]:
        """All that was read, sheet by sheet and file by file."""
        read: list[Reading] = [sheet.reading for sheet in self.taken if sheet.reading is not None]
        for file in self.inventories:
            read += file.readings
        return read

    def problems(self) -> list[Problem]:
        """Every problem of the sheets and, once it is made, of the comparison."""
        if self.prepared is not None:
            return list(self.prepared.proposal.problems)
        return [problem for reading in self.readings() for problem in reading.problems]

    @property
    def what(self) -> Message:
        """The files' names, for titles and the journal."""
        taken = (file for file in self.files if file.workbook is None or any(s.taken for s in file.sheets))
        names = [name_as_text(file.path) for file in taken]
        if len(names) > 3:
            first, more = tuple(names[:2]), len(names) - 2
            return counted("{files} and {count} more file", "{files} and {count} more files", more, files=first)
        return Message("{files}", files=tuple(names)) if len(names) > 1 else verbatim("".join(names))

    def sheet_at(self, origin: Origin) -> SheetDraft | None:
        """The sheet of a row."""
        for sheet in self.taken:
            if sheet.sheet.holds(origin.file, origin.sheet, origin.row, origin.columns):
                return sheet
        return None

    def rejects(self) -> list[RejectedRow]:
        """The rejected rows with their present cells, in the order of the sheets."""
        return self._rejects if self.prepared is not None else []

    @property
    def workbooks(self) -> list[FileDraft]:
        """The files of which a marked copy can be asked for: workbooks of which a sheet is imported."""
        books = (file for file in self.files if file.workbook is not None and not file.text)
        return [file for file in books if any(sheet.taken for sheet in file.sheets)]

    # -- applying ---------------------------------------------------------------------------------------------------

    def apply(self, left_out: frozenset[str]) -> None:
        """Writes the proposal, in a job. If it is cancelled, nothing is written."""
        if self.prepared is None:
            return
        context, proposal = self._context, self.prepared.proposal
        into = context.workspace.written_to()

        summaries = self.summaries

        def work(control: Control) -> tuple[AppliedRevision, list[FileSummary]]:
            # Before anything is written: what fails afterwards would be told as an import that failed.
            told = file_summaries([one.file for one in summaries], proposal, left_out) if left_out else summaries
            return apply(control, context.workspace, proposal, left_out, into), told

        def done(answer: tuple[AppliedRevision, list[FileSummary]]) -> None:
            applied, self.summaries = answer
            self.result, self.meanwhile = applied, EMPTY
            context.shell.refresh_actions()
            self.applied.emit(applied)

        self._job.start(Message("Importing {files}", files=self.what), work, done, self._fails("apply"))

    def compare_anew(self, error: Outdated) -> None:
        """Compares again after others wrote what the comparison rested on; nothing was imported."""
        self.meanwhile = error.message
        self.compare()

    # -- jobs -------------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a job of this import runs."""
        return self._job.busy

    def give_up(self) -> None:
        """Stops what runs, at once: ``failed`` fires with ``Cancelled``. What is being written is waited for."""
        if self._can_give_up:
            self._job.give_up()

    def _fails(self, what: str) -> Callable[[Exception], None]:
        self._can_give_up = what != "apply"  # whether it was written is known only when it ends
        return lambda error: self.failed.emit(what, error)

    def _stale(self) -> None:
        """Drops the proposal, and stops what makes another one, because the draft has changed."""
        self._job.stop()
        held: list[Any] = [self.prepared]
        self.prepared = None
        self._let_go(held)

    def _let_go(self, held: list[Any]) -> None:
        """Frees large objects in a worker: it takes many frames. ``held`` must be all that holds them."""
        if any(one is not None for one in held):
            self._context.tasks.run(lambda: free_in_slices(held), lane="slow")


def _rejected(prepared: ProposalDetails, sheets: Sequence[SheetDraft]) -> list[RejectedRow]:
    """The rejected rows with their present cells and all reasons, in the order of the sheets."""
    found: dict[Any, RejectedRow] = {}
    for origin, _, reasons in prepared.proposal.rejects:
        known = found.get(origin)
        if known is None:
            found[origin] = RejectedRow(origin, row_cells(sheets, origin), [*map(str, reasons)])
        else:
            known.reasons.extend(r for r in map(str, reasons) if r not in known.reasons)
    return sorted(found.values(), key=lambda r: (r.origin.file, r.origin.sheet, r.origin.row))


def _said(error: Exception) -> Message:
    """Why a file was not opened."""
    return error.message if isinstance(error, UserError) else verbatim(str(error))
