"""Taking in: files of any known format become readings, readings a proposal; applying it is the caller's.

The window and the command line both go this way. A new format is an entry in ``IMPORTERS``: files are recognised by
what is in them, not by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, NotFound
from cmdb.model.observation import AssignmentSeen, InstallationSeen, LinkSeen, Observation, Reading
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from cmdb.reconciliation import Proposal
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store
    from importers.spreadsheets.mapping import Mapping
    from importers.spreadsheets.options import ReadOptions


#: The column of a rejects file that says why.
REASON = "Rejected because"
#: More records and links than this make an import large: a backup is made before it.
LARGE = 1_000


@dataclass(frozen=True)
class Options:
    """How files are to be read; what is left open is detected. ``cls`` is a class's name."""

    cls: str = ""
    sheet: str = ""
    mapping: Mapping | None = None
    saved: tuple[Mapping, ...] = ()
    reading: ReadOptions | None = None


@dataclass(frozen=True)
class Importer:
    """A format that can be taken in. ``recognises`` gets the first bytes of a file; ``read`` gives its readings."""

    name: str
    label: str
    help: str
    endings: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, Schema, Options, Control], Sequence[Reading]]


def _is_inventory(head: bytes) -> bool:
    from importers.inventory import recognises

    return recognises(head)


def _read_inventory(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    from importers.inventory import read

    return [read(path)]


def _is_table(head: bytes) -> bool:
    from importers.spreadsheets.sniff import kind_of

    return kind_of(head) in ("zip", "ole", "text")


def _read_tables(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    from importers.spreadsheets.check import read_files

    return read_files(
        [path],
        schema,
        cls=options.cls,
        sheet=options.sheet,
        mapping=options.mapping,
        saved=options.saved,
        options=options.reading,
        control=control,
    )


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        "inventory",
        "Inventory",
        "What a scan of Terrier's or another agent wrote, in GLPI's JSON format",
        (".json",),
        _is_inventory,
        _read_inventory,
    ),
    Importer(
        "spreadsheet",
        "Spreadsheet",
        "Tables of classes, relationships, installed software or licence assignments",
        (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt"),
        _is_table,
        _read_tables,
    ),
)


def recognise(path: Path) -> Importer:
    """The importer for a file, by its content. Raises FileProblem where none takes it."""
    from importers.spreadsheets.sniff import read_head

    head = read_head(path)
    for importer in IMPORTERS:
        if importer.recognises(head):
            return importer
    # The spreadsheet reader says best what else a file is.
    from importers.spreadsheets import sniff

    known = ", ".join(f"{i.label.lower()} ({', '.join(i.endings)})" for i in IMPORTERS)
    raise FileProblem(f"{path.name} is {sniff.describe_binary(head)}. What can be taken in: {known}.")


def read(
    paths: Sequence[Path], schema: Schema, options: Options | None = None, control: Control | None = None
) -> list[Reading]:
    """What the files say, each read by the importer that knows it. Raises FileProblem, SchemaError, Cancelled."""
    control = control or Control()
    options = options or Options()
    importers = [recognise(path) for path in paths]  # a wrong file is named before the first is read
    found: list[Reading] = []
    for number, (path, importer) in enumerate(zip(paths, importers, strict=True)):
        control.progress(number, len(paths), f"Reading {path.name}")
        found.extend(importer.read(path, schema, options, control))
    return found


def propose(
    store: Store,
    readings: Iterable[Reading],
    author: str,
    control: Control | None = None,
    reason: str = "",
    *,
    create_references: bool = True,
) -> Proposal:
    """What the readings would change, reconciled together into one revision; nothing is written.

    Without ``create_references`` a model, person or place that is only named is a problem instead of a new record.
    Raises Cancelled.
    """
    from cmdb.reconciliation import reconcile
    from cmdb.store.reading.lookup import StoreLookup

    with store.read() as reader:
        return reconcile(
            list(readings), StoreLookup(reader), store.schema, author, reason, create_references, control=control
        )


def secure(store: Store, proposal: Proposal, control: Control | None = None) -> str:
    """Backs the estate up before a large proposal is applied. Not for the GUI's thread.

    What to tell the person where there could be no backup, else "": the import can be taken back all the same.
    Raises Cancelled.
    """
    size = proposal.created + proposal.updated + proposal.relationships + proposal.installed + proposal.removed
    if size + proposal.assigned <= LARGE:
        return ""
    from cmdb.model.errors import StoreProblem
    from cmdb.store.upkeep.backups import Occasion, back_up

    try:
        back_up(store.where, Occasion.IMPORT, control, key=store.key)
    except (FileProblem, StoreProblem) as error:
        return str(error)
    return ""


def saved_mappings(reader: Reader) -> list[Mapping]:
    """The mappings that are kept in the estate, by which known sheets are recognised."""
    from importers.spreadsheets.mapping import Mapping

    return [Mapping.from_dict(fields) for fields in reader.records("mapping").values()]


def mapping_named(reader: Reader, name: str) -> Mapping:
    """The saved mapping of that name. Raises NotFound."""
    found = saved_mappings(reader)
    for mapping in found:
        if mapping.name.casefold() == name.casefold():
            return mapping
    names = ", ".join(m.name for m in found)
    raise NotFound(f"There is no saved mapping {name!r}." + (f" Saved: {names}." if names else ""))


def write_rejects(proposal: Proposal, readings: Iterable[Reading], path: Path) -> int:
    """Writes the rejected rows as they were read, with the reasons in a last column, to mend and import again.

    The path's ending says the format. Returns how many rows. Raises FileProblem.
    """
    from importers.tables import Column, Table, write

    headers = {_place(reading): list(getattr(reading, "headers", ())) for reading in readings}
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for origin, cells, reasons in proposal.rejects:
        place = (origin.file, origin.sheet)
        blanks = [""] * (len(headers.get(place, ())) - len(cells))
        rows.setdefault(place, []).append([*cells, *blanks, " ".join(reasons)])
    tables = []
    for place, found in rows.items():
        columns = [Column(f"c{i}", header) for i, header in enumerate([*headers.get(place, []), REASON])]
        tables.append(Table(place[1] or "Rejected", columns, found))
    return write(path, tables)


def _place(reading: Reading) -> tuple[str, str]:
    """The file and the sheet that a reading is of."""
    rows: tuple[Observation | LinkSeen | InstallationSeen | AssignmentSeen, ...] = (
        *reading.observations[:1],
        *reading.links[:1],
        *reading.installations[:1],
        *reading.assignments[:1],
    )
    origins = [origin for origin, _, _ in reading.rejects[:1]] + [row.origin for row in rows]
    return (origins[0].file, origins[0].sheet) if origins else ("", "")
