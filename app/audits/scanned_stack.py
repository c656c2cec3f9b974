"""A stack of things that is scanned, one code after the other, before one thing is done with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.codes.resolve import resolve_all
from cmdb.model.messages import EMPTY, Message

if TYPE_CHECKING:
    from app.codes.resolve import ReadCode
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class StackRow:
    """A thing of the stack; or, with a ``problem``, a code that names none."""

    code: str
    uid: str = ""
    cls: str = ""
    name: str = ""
    icon: str = "barcode"
    status: str = ""
    holder: str = ""
    place: str = ""
    problem: Message = EMPTY


def stack_rows(reader: Reader, codes: Sequence[str]) -> list[StackRow]:
    """What codes name, in their order."""
    read = resolve_all(reader, codes)
    wanted = {one.record.text(name) for one in read if one.record is not None for name in ("assigned_to", "location")}
    names = reader.last_names({uid for uid in wanted if uid})
    return [_row(reader, one, {uid: name for uid, (_, name) in names.items()}) for one in read]


def _row(reader: Reader, read: ReadCode, names: dict[str, str]) -> StackRow:
    record = read.record
    if record is None or read.kind != "item":
        problem = Message("no item has this code")
        if read.kind == "several":
            problem = Message("{count} items have this code", count=len(read.named))
        elif read.kind in ("place", "person"):
            problem = Message("this is no item")
        return StackRow(read.code, problem=problem)
    cls = reader.schema.cls(record.cls)
    return StackRow(
        read.code, record.uid, record.cls, record.name, cls.icon, record.text("status"),
        names.get(record.text("assigned_to"), ""), names.get(record.text("location"), ""),
    )  # fmt: skip
