"""Checks an estate completely.

Nothing is repaired. Rows are streamed: memory does not grow with the estate. Each step sees one moment of the estate.
Others may read and write during the check.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from cmdb.model.claims import effective, source_text
from cmdb.model.control import Control
from cmdb.model.errors import InUse, InvalidValue, SchemaError, StoreProblem, Unavailable
from cmdb.model.formats import Plain
from cmdb.model.gc_pause import gc_paused
from cmdb.model.messages import Message, counted
from cmdb.model.state_tables import STATE, is_closed
from cmdb.store.connection import engine as engines
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.rows import search_index, section_index, tables
from cmdb.store.rows.codec import EVIDENCE, Codec, Identities
from cmdb.store.rows.outvoted_rows import outvoted
from cmdb.store.rows.roots import ROOTS, Root
from cmdb.store.rows.search_terms import fold
from cmdb.store.rows.statement_checks import Checker
from cmdb.store.rows.stored_statements import unpack
from cmdb.store.store import Store
from cmdb.store.upkeep import audits
from cmdb.store.upkeep.audits import AuditContext
from cmdb.store.upkeep.derived_audit import check_derived
from cmdb.store.upkeep.hierarchy_audit import check_hierarchies
from cmdb.store.upkeep.layout_audit import check_layout
from cmdb.store.upkeep.status_audit import check_statuses
from cmdb.store.upkeep.stored_files_audit import check_stored_files

_BATCH = 2_000
_FORGET = 50
"""The number of batches after which the cache of ids is cleared, to limit memory."""
_INDEX_CHECK = 500_000
"""The number of CIs up to which SQLite checks its search tables: writers wait during that check, so it must be short.
"""
_GLANCE = 0.1
"""Seconds between two checks for cancellation."""
_MOST, _MOST_KEPT = 1_000, 100_000
"""The number of problems of a step that are listed, and that are counted."""
_PATIENCE = 60.0
"""Seconds for which another program that writes is waited for."""


def check_integrity(store: Store, control: Control | None = None) -> list[Message]:
    """The problems of the file, schema, statuses, relationships, graph, versions, journal and search index.

    Raises Cancelled, and Unavailable where the estate cannot be reached, or is in use for too long; its details are the
    problems found until then.
    """
    control = control or Control()
    found: list[Message] = []
    for number, (what, step) in enumerate(_STEPS.items(), 1):
        title = Message("Checking the {part} ({number} of {total})", part=what, number=number, total=len(_STEPS))
        control.progress(0, 0, title)
        try:
            found.extend(_some(_patient(step, store, control, title), what))
        except Unavailable as error:
            raise type(error)(
                Message("{error} The {part} was not checked.", error=error.message, part=what), tuple(found)
            ) from error
        except StoreProblem as error:
            found.append(Message("The {part} cannot be checked: {error}", part=what, error=error.message))
        except (LookupError, TypeError, ValueError) as error:
            # The rows are not as Terrier writes them: that is a problem to report.
            found.append(
                Message(
                    "The {part} cannot be checked, as what is stored makes no sense ({error}).",
                    part=what,
                    error=repr(error),
                )
            )
    return found


def _patient(
    step: Callable[[AuditContext], Iterator[Message]], store: Store, control: Control, title: Message
) -> list[Message]:
    """The step's problems. While another program holds the estate, the step is taken again, for ``_PATIENCE``."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with store.read() as reader, cancellable(reader._connection, control), gc_paused():
                found = list(islice(step(AuditContext(reader, store, control, title)), _MOST_KEPT))
            control.check()
            return found
        except InUse:
            control.progress(0, 0, title)
            if time.monotonic() > until:
                raise


def _some(problems: Iterable[Message], what: Message) -> Iterator[Message]:
    more = 0
    for number, line in enumerate(problems):
        if number < _MOST:
            yield line
        else:
            more += 1
    if more:
        yield counted(
            "There is {count} more problem of the {part}.",
            "There are {count} more problems of the {part}.",
            more,
            part=what,
        )


def _check_pages(look: AuditContext) -> Iterator[Message]:
    """SQLite's own check of every page and index."""
    if look.connection.dialect.name != "sqlite":
        return
    with _watched(look):
        with suppress(DBAPIError):  # A file that cannot be opened is reported below.
            search_index.read_anew(look.connection)
        lines = look.connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    for line in lines:
        if line != "ok":
            if "fts5" in line.lower():
                yield Message("The search index is damaged: {line}", line=line)
            else:
                yield Message("The file is damaged: {line}", line=line)


def _of_nothing(number: int) -> Message:
    return counted(
        "There are claims of {count} record that does not exist.",
        "There are claims of {count} records that do not exist.",
        number,
    )


@contextmanager
def _watched(look: AuditContext) -> Iterator[None]:
    """A context for long statements that do not check for cancellation: another thread interrupts them."""
    driver: Any = look.connection.connection.driver_connection
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_GLANCE):
            if look.control.cancelled:
                driver.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _check_records(look: AuditContext) -> Iterator[Message]:
    """Compares values with the schema and with the claims, and checks the derived rows."""
    for root in ROOTS:
        yield from _check_root(look, Codec(look.schema, root))


def _check_root(look: AuditContext, codec: Codec) -> Iterator[Message]:
    checkers: dict[str, Checker] = {}
    for after, rows, ids in _cis(look, codec.root):
        last = rows[-1][0]
        ids.want_outer(codec.reference_ids(rows))
        said, strays = _said(look.connection, after, last, {row[0] for row in rows})
        if strays:
            yield _of_nothing(strays)
        references: set[tuple[int, str, str]] = set()
        lost: set[tuple[int, str, str, str]] = set()
        for row in rows:
            values = codec.decode(row, ids.outer)
            references.update((row[0], name, values[name]) for name in codec.extra_references & values.keys())
            name = f"{values.get('name', row.uid)} ({row.uid})"
            try:
                if row[2] not in checkers:
                    checkers[row[2]] = Checker(look.schema, row[2])
                checkers[row[2]].check(values)
                checkers[row[2]].check_complete(values)
            except (InvalidValue, SchemaError) as error:
                yield Message("{name}: {problem}", name=name, problem=error.message)
                continue
            derived = effective(look.schema, row[2], said[row[0]])
            if len(said[row[0]]) > 1 or look.schema.source_orders(row[2]).holds:
                lost.update((row[0], *one) for one in outvoted(said[row[0]], checkers[row[2]].references, derived))
            for attribute in sorted(derived.keys() | values.keys()):
                present, should = values.get(attribute), derived.get(attribute)
                if present != should:
                    yield Message(
                        "{name}: {attribute} is {present}, but its claims say {should}.",
                        name=name,
                        attribute=attribute,
                        present=repr(present),
                        should=repr(should),
                    )
        yield from _void_claims(look, codec, rows, said)
        yield from _check_derived(look.connection, ids, after, last, references, said)
        yield from _check_outvoted(look.connection, ids, after, last, lost)
    if left := _beyond(look.connection, codec.root):
        yield _of_nothing(left)


def _void_claims(
    look: AuditContext, codec: Codec, rows: list[Any], said: dict[int, dict[str, Any]]
) -> Iterator[Message]:
    """Claims that name records which do not exist: older programs left those behind that were outvoted."""
    named = [
        (row, source, name, own[name][0])
        for row in rows
        if row[2] in look.schema.classes and not _is_over(look, codec, row)
        for source, own in said[row[0]].items()
        for name in codec.references & own.keys() & look.schema.classes[row[2]].attributes.keys()
        if own[name][0] is not None
    ]
    ids = Identities(look.connection)
    ids.want_inner({uid for *_, uid in named})
    for row, source, name, uid in named:
        if uid not in ids.inner:
            yield Message(
                "{name}: what {source} says of “{attribute}” names a record that does not exist. It counts for "
                "nothing, and any change of {name} clears it.",
                name=row.name or row.uid,
                source=source_text(source),
                attribute=look.schema.every_attribute[name].label,
            )


def _is_over(look: AuditContext, codec: Codec, row: Any) -> bool:
    """Whether a row is of work that is over: it goes on naming records that were deleted."""
    place = codec.root.place.get(STATE)
    return place is not None and is_closed(look.schema, row[2], row[place])


def _cis(look: AuditContext, root: Root) -> Iterator[tuple[int, list[Any], Identities]]:
    """All records of a root in batches: the id before the batch, its rows, and the cache of ids."""
    columns = [root.table.c[name] for name in root.row]
    total = look.count(root.table.name)
    last = root.first_id
    done = number = 0
    ids = Identities(look.connection, ever=True)
    statement = select(*columns).order_by(columns[0]).limit(_BATCH)
    while rows := look.connection.execute(statement.where(columns[0] > last)).all():
        if number % _FORGET == 0:
            ids = Identities(look.connection, ever=True)
        yield last, list(rows), ids
        number += 1
        last, done = rows[-1][0], done + len(rows)
        look.progress(done, total)


def _said(connection: Connection, after: int, last: int, there: set[int]) -> tuple[dict[int, dict[str, Any]], int]:
    """The claims about the CIs in a range of ids, and the number of missing CIs that have claims."""
    claims = tables.claim.c
    said: dict[int, dict[str, Any]] = {inner: {} for inner in there}
    strays: set[int] = set()
    statement = select(claims.ci, claims.source, claims.said).where(claims.ci > after, claims.ci <= last)
    for inner, source, text in connection.execute(statement):
        if inner in said:
            said[inner][source] = unpack(text)
        else:
            strays.add(inner)
    return said, len(strays)


def _beyond(connection: Connection, root: Root) -> int:
    """The number of missing CIs with claims whose ids follow that of the last CI."""
    last = select(func.coalesce(func.max(root.table.c.id), root.first_id)).scalar_subquery()
    claims = tables.claim.c
    return int(
        connection.execute(
            select(func.count(claims.ci.distinct())).where(claims.ci > last, claims.ci <= root.last_id)
        ).scalar_one()
    )


def _check_derived(
    connection: Connection,
    ids: Identities,
    after: int,
    last: int,
    references: set[tuple[int, str, str]],
    said: dict[int, dict[str, Any]],
) -> Iterator[Message]:
    """Problems of the derived look-up rows: they must agree with the rows and the claims."""
    e, x = tables.evidence.c, tables.extra_reference.c
    rows = connection.execute(select(x.ci, x.attribute, x.target).where(x.ci > after, x.ci <= last)).all()
    ids.want_outer(row[2] for row in rows)
    if {(row[0], row[1], ids.outer.get(row[2])) for row in rows} != references:
        yield Message(
            "The index of references differs from what the records {first} to {last} say.",
            first=Plain(after + 1),
            last=Plain(last),
        )
    evidence = {
        (name.removeprefix(EVIDENCE), value, inner)
        for inner, sources in said.items()
        for own in sources.values()
        for name, pair in own.items()
        if name.startswith(EVIDENCE)
        for value in pair[0] or ()
    }
    found = connection.execute(select(e.kind, e.value, e.ci).where(e.ci > after, e.ci <= last))
    if {tuple(row) for row in found} != evidence:
        yield Message(
            "The identifying values of the records {first} to {last} differ from what their sources say.",
            first=Plain(after + 1),
            last=Plain(last),
        )


def _check_outvoted(
    connection: Connection, ids: Identities, after: int, last: int, lost: set[tuple[int, str, str, str]]
) -> Iterator[Message]:
    """Problems of the index of outvoted references: it must agree with the claims."""
    t = tables.outvoted_reference.c
    rows = connection.execute(select(t.ci, t.source, t.attribute, t.target).where(t.ci > after, t.ci <= last)).all()
    ids.want_inner({one[3] for one in lost})
    ids.want_outer(row[3] for row in rows)
    found = {(*row[:3], ids.outer.get(row[3], "")) for row in rows}
    if found != {one for one in lost if one[3] in ids.inner}:
        yield Message(
            "The index of outvoted references differs from what the sources say of the records {first} to {last}.",
            first=Plain(after + 1),
            last=Plain(last),
        )


def _check_search(look: AuditContext) -> Iterator[Message]:
    """Problems of the search indexes: they must hold every record with its current text."""
    checked = search_index.has_check_of_its_own(look.connection) and not look.store.read_only
    if checked and look.count("ci") <= _INDEX_CHECK:
        yield from _check_index(look.store)
    for root in ROOTS:
        yield from _check_search_of(look, root)


def _check_search_of(look: AuditContext, root: Root) -> Iterator[Message]:
    connection, dialect = look.connection, look.connection.dialect.name
    own = "" if dialect == "sqlite" else "t.id > 0"  # what is indexed apart has negative ids
    indexed, there = look.count(search_index.names(dialect, root)[0], own), look.count(root.table.name)
    if indexed != there:
        yield Message(
            "The search index holds {indexed} records, the register {register}.", indexed=indexed, register=there
        )
    codec = Codec(look.schema, root)
    wrong = 0
    for _, rows, ids in _cis(look, root):
        ids.want_outer(codec.reference_ids(rows))
        held = search_index.held(connection, rows[0][0], rows[-1][0], root)
        for row in rows:
            values = codec.decode(row, ids.outer)
            texts = search_index.letters(values, root), search_index.words(values, codec.searched)
            wrong += held.get(row[0]) != search_index.to_hold(dialect, *texts)
        wrong += _wrong_apart(look, root, rows[0][0], rows[-1][0])
    if wrong:
        yield counted(
            "The search index disagrees with {count} record.",
            "The search index disagrees with {count} records.",
            wrong,
        )


def _wrong_apart(look: AuditContext, root: Root, low: int, high: int) -> int:
    """Of how many records in a range the rows of sections are indexed otherwise than they are."""
    t, files = tables.section, tables.attachment
    texts = section_index.together(
        section_index.texts_of(look.connection, look.schema, t, t.c.record.between(low, high)),
        section_index.names_of(look.connection, files, files.c.record.between(low, high)),
    )
    held = search_index.held_apart(look.connection, low, high, root)
    if look.connection.dialect.name != "sqlite":
        texts = {record: fold(text) for record, text in texts.items()}
    return sum(texts.get(record) != held.get(record) for record in texts.keys() | held.keys())


def _check_index(store: Store) -> Iterator[Message]:
    """Older SQLite's own check of its search tables. It has the form of a write, which is rolled back."""
    for name in (name for root in ROOTS for name in search_index.names("sqlite", root)):
        with engines.in_words(store.where), engines.writing(store._engine) as connection:
            try:
                connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
            except DBAPIError as error:
                if "malformed" not in str(error.orig):
                    raise
                yield Message("The search index is damaged ({name}).", name=name)
            connection.rollback()


_STEPS: dict[Message, Callable[[AuditContext], Iterator[Message]]] = {
    Message("file"): _check_pages,
    Message("layout"): check_layout,
    Message("records"): _check_records,
    Message("statuses"): check_statuses,
    Message("relationships"): audits.check_links,
    Message("hierarchies"): check_hierarchies,
    Message("graph"): audits.check_graph,
    Message("versions"): audits.check_versions,
    Message("derived values"): check_derived,
    Message("files and numbers"): check_stored_files,
    Message("journal"): audits.check_journal,
    Message("search index"): _check_search,
}
