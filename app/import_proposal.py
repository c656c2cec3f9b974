"""Imports: files of any known format become readings, and readings become a proposal. The caller applies it.

The window and the command line both use it. Files are recognised by their content, not by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.imports.file_summaries import ReadFile, read_file
from app.imports.packed_folders import UnpackedFiles, unpacked
from app.signatures import signed_files
from app.signatures.signed_files import TrustedKeys
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, NotFound, UserError
from cmdb.model.gc_pause import gc_paused
from cmdb.model.messages import Message, tr
from cmdb.model.observation import (
    Problem,
    Reading,
)
from cmdb.model.regular_files import name_as_text, unchanged
from cmdb.model.schema import Schema
from cmdb.model.shared_values import SharedValues
from importers.importer import ForeignFile, Importer, Options
from importers.registry import all_importers
from importers.source_documents import start_of

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.reconciliation import Proposal
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store
    from importers.spreadsheets.columns.mapping import Mapping


#: An import of more records and links than this is large: a backup is made before it.
LARGE = 1_000


class UnknownFormat(FileProblem):
    """A file that no importer reads. ``remark`` says so where it stands among others in a folder."""

    def __init__(self, message: Message, remark: Message) -> None:
        super().__init__(message)
        self.remark = remark


def reason_of_import(files: object, readings: Iterable[Reading]) -> Message:
    """The reason of the revision: which files (names, or a text of them), and who signed what they hold."""
    signers = tuple(dict.fromkeys(one.signed_by for one in readings if one.signed_by))
    if signers:
        return Message("Import of {files}, signed by {people}", files=files, people=signers)
    return Message("Import of {files}", files=files)


def recognise(path: Path, known: Sequence[Importer]) -> Importer:
    """The ``known`` importer that can read a file, by its content. Raises FileProblem, UnknownFormat where none can.

    A text that is called as files of one of them is no table: it is read by that one, which says what is wrong with it.
    """
    from importers.spreadsheets.files import file_type  # it knows best what else a file is

    head = file_type.read_head(path)
    for importer in known if not file_type.is_broken_json(path, head) else ():
        if importer.recognises(head):
            return _called(path, head, known, importer)
    formats = tuple(Message("{label} ({endings})", label=one.label, endings=tuple(one.endings)) for one in known)
    kind = file_type.describe(path, head)
    raise UnknownFormat(
        Message(
            "{file} is {kind}. These formats can be imported: {formats}.",
            file=name_as_text(path),
            kind=kind,
            formats=formats,
        ),
        Message("The file was left out: it is {kind}.", kind=kind),
    )


def _called(path: Path, head: bytes, known: Sequence[Importer], found: Importer) -> Importer:
    """The importer that was found; if it would take a text without columns for a table, the one whose ending it has."""
    ending = path.suffix.casefold()
    others = [one for one in known if ending in one.endings]
    begin = start_of(head).partition(b"\n")[0]
    if found.name != "spreadsheet" or found in others or any(mark in begin for mark in (b",", b";", b"\t", b"|")):
        return found
    return others[0] if others else found


def read_files(
    paths: Sequence[Path],
    schema: Schema,
    options: Options | None = None,
    control: Control | None = None,
    plugins: Iterable[Importer] = (),
    *,
    all_or_nothing: bool = False,
    of_folders: Container[Path] = (),
    trusted: TrustedKeys | None = None,
) -> tuple[list[Reading], list[ReadFile]]:
    """The readings of files, each read by the importer that recognises it, and what was read of each file.

    ``plugins`` are further importers. A packed folder is taken as what it holds.
    A file that cannot be read is a problem beside those of the others, which are read. Raises FileProblem where none
    can be read, or with ``all_or_nothing`` where one can't; ForeignFile, UserError where one does not fit the stated
    mapping; SchemaError, Cancelled. ``of_folders`` are files that nobody named: of them, those of a format that no
    importer knows are only noted, and one that has nothing of what the mapping is for is a problem. Scans are checked
    by the signatures beside them: ``trusted`` are the estate's keys.
    """
    control = control or Control()
    with closing(unpacked(paths, control)) as opened:
        return _read(
            opened, schema, options or Options(), control, all_importers(plugins), all_or_nothing,
            lambda path: path in of_folders or path in opened.folders, trusted or TrustedKeys(),
        )  # fmt: skip


def _read(
    opened: UnpackedFiles,
    schema: Schema,
    options: Options,
    control: Control,
    known: Sequence[Importer],
    all_or_nothing: bool,
    of_folder: Callable[[Path], bool],
    trusted: TrustedKeys,
) -> tuple[list[Reading], list[ReadFile]]:
    """See ``read_files``; ``of_folder`` says which files nobody named."""
    paths = signed_files.without_signatures(opened.files)
    found: list[Reading] = []
    refused: list[tuple[Path, FileProblem | ForeignFile]] = [*opened.refused]
    files = [ReadFile(path, problem=problem.message) for path, problem in refused]
    if refused and (all_or_nothing or not paths):
        raise refused[0][1]
    values = SharedValues()
    for number, path in enumerate(paths):
        control.progress(number, len(paths), Message("Reading {file}", file=name_as_text(path)))
        try:
            with gc_paused(), unchanged(path):
                its = recognise(path, known).read(path, schema, options, control)
                signed_files.check(path, its, trusted, opened.signature_of(path))
            found.extend(its)
            files.append(read_file(path, its))
            for one in its:
                one.pack(values)
        except (FileProblem, ForeignFile) as problem:
            control.check()
            beside = of_folder(path)
            noted = isinstance(problem, UnknownFormat) and beside
            unfit = isinstance(problem, ForeignFile) and not beside
            if (all_or_nothing and not noted) or unfit or len(paths) + len(opened.refused) == 1:
                raise
            refused.append((path, problem))
            said = problem.remark if noted and isinstance(problem, UnknownFormat) else problem.message
            files.append(ReadFile(path, problem=said))
    if not found and refused:
        first = refused[0][1]
        if len(refused) == 1:
            raise first
        raise FileProblem(
            Message("None of the {count} files can be read. {problem}", count=len(refused), problem=first.message)
        ) from first
    if refused:
        _add_refused(found[0], refused, of_folder)
    return found, files


def _add_refused(
    reading: Reading, refused: Iterable[tuple[Path, FileProblem | ForeignFile]], of_folder: Callable[[Path], bool]
) -> None:
    """Adds the files that were not read as problems."""
    for path, why in refused:
        name = name_as_text(path)
        if isinstance(why, UnknownFormat) and of_folder(path):
            problem = Problem(name, "", 0, "", "", why.remark, "warning", kind="file", code="file.unknown")
        else:
            problem = Problem(name, "", 0, "", "", why.message, kind="file", code="file.unread")
        reading.problems.append(problem)


def propose(
    store: Store,
    readings: Iterable[Reading],
    author: str,
    control: Control | None = None,
    reason: Message | str = "",
    *,
    create_references: bool = True,
    ask_new: bool = False,
    answers: dict[str, str] | None = None,
    kept_names: bool = True,
) -> Proposal:
    """The changes of the readings, reconciled into one revision. Nothing is written.

    Without ``create_references`` a model, person or place that is only named is a problem instead of a new record.
    With ``ask_new`` it waits in the review, and so do rows whose class only a person can tell. With
    ``kept_names``, what a sheet's mapping keeps of new names holds. ``answers``: id of a question → the option that a
    person chose. Raises Cancelled.
    """
    from app.imports.class_decisions import ask_classes
    from app.imports.kept_names import with_kept_names
    from cmdb.reconciliation import reconcile
    from cmdb.store.reading.lookup import StoreLookup

    readings = list(readings)
    with store.read() as reader:
        lookup = StoreLookup(reader)
        decided = with_kept_names(lookup, store.schema, readings) if kept_names else readings
        cycles = any(one.life_cycles for one in readings)
        if cycles:
            from app.end_of_life import keep_life_cycles, with_ends_of_life

            decided = with_ends_of_life(reader, decided)
        proposal = reconcile(
            decided, lookup, store.schema, author, reason, create_references, control=control, ask_new=ask_new,
            answers=answers or {},
        )  # fmt: skip
        if cycles:
            keep_life_cycles(reader, readings, proposal)
        if ask_new:
            ask_classes(reader, readings, proposal)
        return proposal


def take_in(
    store: Store,
    decide: Callable[[], Proposal],
    say: Callable[[str], None],
    control: Control,
    ready: Callable[[Proposal], bool] = lambda proposal: True,
) -> tuple[Proposal, AppliedRevision | None]:
    """Applies the proposal that ``decide`` makes, after a backup if it is large.

    If others wrote meanwhile what it rests on, ``say`` tells so and the proposal is made anew. Nothing is written if
    it is not ``ready``; then there is no applied revision. Raises what ``decide`` and ``Store.apply`` raise.
    """
    from app.renewal import settled

    secured = False

    def write(proposal: Proposal) -> AppliedRevision | None:
        nonlocal secured
        if not ready(proposal):
            return None
        if not secured and (remark := secure(store, proposal, control)):
            say(remark)
        secured = True
        return store.apply(proposal.revision, control)

    def refused(error: UserError) -> None:
        say(tr("{problem} It is compared anew.", problem=error.message))

    return settled(store, decide, write, lambda proposal: proposal.revision.decided_at, refused)


def secure(store: Store, proposal: Proposal, control: Control | None = None) -> str:
    """Backs the estate up before a large proposal is applied. Not for the GUI's thread.

    Returns what to tell the person where no backup could be made, else "": the import can be undone all the same.
    Raises Cancelled.
    """
    size = proposal.created + proposal.updated + proposal.relationships + proposal.installed + proposal.removed
    if size + proposal.assigned + proposal.ended <= LARGE:
        return ""
    from cmdb.model.errors import StoreProblem
    from cmdb.store.upkeep.backups import BackupReason, back_up

    try:
        back_up(store.where, BackupReason.IMPORT, control, key=store.key)
    except (FileProblem, StoreProblem) as error:
        return str(error)
    return ""


def saved_mappings(reader: Reader) -> list[Mapping]:
    """The mappings that are stored in the estate, by which known sheets are recognised; not those that only a later
    Terrier can read.
    """
    from importers.spreadsheets.columns.mapping import Mapping

    found: list[Mapping] = []
    for fields in reader.records("mapping").values():
        with suppress(KeyError, TypeError):
            found.append(Mapping.from_dict(fields))
    return found


def mapping_named(reader: Reader, name: str) -> Mapping:
    """The saved mapping of that name. Raises NotFound."""
    found = saved_mappings(reader)
    known = {str(fields.get("name", "")).casefold() for fields in reader.records("mapping").values()}
    if name.casefold() in known - {one.name.casefold() for one in found}:
        raise NotFound(Message("The saved mapping “{name}” is of a later Terrier, and can't be read here.", name=name))
    for mapping in found:
        if mapping.name.casefold() == name.casefold():
            return mapping
    if not found:
        raise NotFound(Message("There is no saved mapping “{name}”.", name=name))
    names = tuple(mapping.name for mapping in found)
    raise NotFound(Message("There is no saved mapping “{name}”. Saved: {names}.", name=name, names=names))


def write_rejected(proposal: Proposal, readings: Iterable[Reading], path: Path, schema: Schema) -> int:
    """Writes the rejected rows as they were read, with the reasons in a last column, to be mended and imported again.

    The path's ending decides the format. Returns the number of rows. Raises FileProblem.
    """
    from importers.spreadsheets.rejects import reject_tables
    from importers.spreadsheets.sheet_checks import SheetReading
    from importers.spreadsheets.sheets.header import REASON
    from importers.tables import Column, Table, write

    sheets = [reading for reading in readings if isinstance(reading, SheetReading)]
    of_sheets = [one for one in proposal.rejects if any(reading.holds(one[0]) for reading in sheets)]
    tables = reject_tables(sheets, schema, of_sheets)
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for origin, cells, reasons in proposal.rejects:
        if not any(reading.holds(origin) for reading in sheets):
            rows.setdefault((origin.file, origin.sheet), []).append([*cells, " ".join(map(str, reasons))])
    for place, found in rows.items():
        width = max(map(len, found))
        columns = [Column(f"c{i}", "") for i in range(width - 1)] + [Column("reasons", REASON)]
        lines = [[*row[:-1], *[""] * (width - len(row)), row[-1]] for row in found]
        tables.append(Table(place[1] or tr("Rejected"), columns, lines))
    return write(path, tables)
