"""The step of ``check`` that concerns what stands outside of the hash chain: files, latest values, number series."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.store.reading import checkpoints
from cmdb.store.rows import tables
from cmdb.store.rows.canonical_rows import json_form
from cmdb.store.rows.interned_rows import unnamed_contents
from cmdb.store.upkeep.audits import AuditContext, gone

_BATCH = 5_000
_CHUNKS = 16
"""The number of chunks of files, of 256 KiB each, that are in memory at once."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def check_stored_files(look: AuditContext) -> Iterator[Message]:
    """Problems of files kept in the estate, of values that are kept without a history, and of number series."""
    yield from _files(look)
    yield from _latest_values(look)
    yield from _series(look)
    yield from _blocks(look)


# -- files ----------------------------------------------------------------------------------------------------------


def _files(look: AuditContext) -> Iterator[Message]:
    b, c = tables.blob.c, tables.blob_chunk.c
    said = {row.sha256: row.size for row in look.connection.execute(select(b.sha256, b.size))}
    chunks = select(c.sha256, c.n, c.content).order_by(c.sha256, c.n)
    held: dict[str, int] = {}
    whole = hashlib.sha256()
    name, wanted, wrong = "", 0, set[str]()

    def finished() -> None:
        if name and whole.hexdigest() != name:
            wrong.add(name)

    result = look.connection.execute(chunks, execution_options={"yield_per": _CHUNKS})
    try:
        for sha256, n, content in result:
            look.control.check()
            if sha256 != name:
                finished()
                name, wanted, whole = sha256, 0, hashlib.sha256()
            if n != wanted:
                wrong.add(sha256)
            wanted += 1
            whole.update(content)
            held[sha256] = held.get(sha256, 0) + len(content)
    finally:
        result.close()
    finished()
    # A file without content has no chunk.
    empty = hashlib.sha256().hexdigest()
    wrong |= {sha256 for sha256, size in said.items() if held.get(sha256, 0) != size or (not size and sha256 != empty)}
    wrong |= held.keys() - said.keys()
    if wrong:
        yield counted(
            "{count} file kept in the estate is damaged, or not the one that it is named as.",
            "{count} files kept in the estate are damaged, or not the ones that they are named as.",
            len(wrong),
        )
    if unnamed := look.count("blob", unnamed_contents()):
        yield counted(
            "{count} file is kept in the estate that nothing names.",
            "{count} files are kept in the estate that nothing names.",
            unnamed,
        )
    same = "EXISTS (SELECT 1 FROM blob AS b WHERE b.sha256 = t.sha256 AND b.size = t.size)"
    for table in (tables.attachment, tables.attachment_version):
        if lost := look.count(table.name, f"t.sha256 IS NOT NULL AND NOT {same}"):
            yield counted(
                "{count} row of {table} names a file that is not kept, or is of another size.",
                "{count} rows of {table} name files that are not kept, or are of another size.",
                lost,
                table=table.name,
            )


# -- values without a history ---------------------------------------------------------------------------------------


def _latest_values(look: AuditContext) -> Iterator[Message]:
    if lost := look.count("section_now", gone("t.record")):
        yield counted(
            "{count} row of {table} is of a record that does not exist.",
            "{count} rows of {table} are of records that do not exist.",
            lost,
            table="section_now",
        )
    same = "s.record = t.record AND s.section = t.section AND s.source = t.source"
    if lost := look.count("section_now", f"NOT EXISTS (SELECT 1 FROM section AS s WHERE {same})"):
        yield counted(
            "{count} row of {table} is of a section that does not exist.",
            "{count} rows of {table} are of sections that do not exist.",
            lost,
            table="section_now",
        )
    t = tables.section_now.c
    unread = 0
    statement = select(t.observed, t.body)
    for observed, body in look.connection.execute(statement, execution_options={"yield_per": _BATCH}):
        unread += not (_is_time(observed) and bytes(json_form(body)) == str(body).encode())
    if unread:
        yield counted(
            "{count} row of {table} is not as Terrier writes it.",
            "{count} rows of {table} are not as Terrier writes them.",
            unread,
            table="section_now",
        )


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


# -- numbers --------------------------------------------------------------------------------------------------------


def _series(look: AuditContext) -> Iterator[Message]:
    """Each series goes on after its highest number; while the whole history is kept, right after it."""
    highest = _highest(look)
    t = tables.series.c
    following = {row.name: row.next for row in look.connection.execute(select(t.name, t.next))}
    exact = checkpoints.checkpoint(look.connection) is None
    for name in sorted(highest.keys() | following.keys()):
        last, after = highest.get(name, 0), following.get(name, 1)
        if after <= last or (exact and after != last + 1):
            yield Message(
                "The numbers {series} go on with {following}, though the last one is {last}.",
                series=name,
                following=Plain(after),
                last=Plain(last),
            )


def _highest(look: AuditContext) -> dict[str, int]:
    """Series → its highest number in use, now or in the kept past, or set aside for a copy."""
    prefixes = {one.prefix for one in look.schema.classes.values() if one.prefix}
    found: dict[str, int] = {}
    for table in (tables.work, tables.work_version):
        numbers = select(table.c.number).where(table.c.number.is_not(None)).distinct()
        for number in look.connection.execute(numbers, execution_options={"yield_per": _BATCH}).scalars():
            prefix, _, digits = str(number).rpartition("-")
            if prefix in prefixes and digits.isdecimal() and len(digits) < 16:
                found[prefix] = max(found.get(prefix, 0), int(digits))
    b = tables.number_block.c
    for series, last in look.connection.execute(select(b.series, b.last)):
        found[series] = max(found.get(series, 0), last)
    return found


def _blocks(look: AuditContext) -> Iterator[Message]:
    if lost := look.count("number_block", "NOT EXISTS (SELECT 1 FROM series AS s WHERE s.name = t.series)"):
        yield counted(
            "{count} block of numbers is of a series that does not exist.",
            "{count} blocks of numbers are of series that do not exist.",
            lost,
        )
    b = tables.number_block.c
    rows = look.connection.execute(select(b.series, b.first, b.last).order_by(b.series, b.first, b.last)).all()
    ends: dict[str, int] = {}
    for series, first, last in rows:
        if first > last or first < 1 or first <= ends.get(series, 0):
            yield Message(
                "The numbers {series} {first} to {last} are set aside twice, or are none.",
                series=series,
                first=Plain(first),
                last=Plain(last),
            )
        ends[series] = max(ends.get(series, 0), last)
