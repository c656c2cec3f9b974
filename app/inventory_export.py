"""Computers of the register in the formats of inventories: GLPI's JSON, one document each, and CycloneDX, one list."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from cmdb.model.whole_files import save_whole
from importers.inventory.record_document import ComputerFacts, record_document
from importers.software_lists.cyclonedx_document import cyclonedx_document

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

CYCLONEDX = ".cdx.json"
"""The ending by which a list for CycloneDX is known."""
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class InventoryFormat:
    """A format of inventories that computers are written in: the word after --for, its name, the endings of files."""

    key: str
    label: Message
    endings: tuple[str, ...]
    write: Callable[[Reader, Path, Sequence[Selection], Control], int]
    """Writes the computers among some records and says how many. Raises Cancelled, FileProblem, QueryError, and
    UserError where there are none.
    """


def format_named(word: str) -> InventoryFormat | None:
    """The format of inventories of that word; None if it is none."""
    return next((one for one in FORMATS if one.key == word.casefold()), None)


def format_of(name: str) -> InventoryFormat | None:
    """The format of inventories that a file's ending stands for; None if it is that of tables."""
    folded = name.casefold()
    key = "glpi-inventory" if folded.endswith(".zip") else "cyclonedx" if folded.endswith(CYCLONEDX) else ""
    return format_named(key)


def computers(reader: Reader, selections: Sequence[Selection], control: Control) -> Iterator[ComputerFacts]:
    """What is known of the computers among the records of the selections. Raises Cancelled, QueryError."""
    is_a = reader.schema.is_a
    records = (record for one in selections for record in reader.all(one) if is_a(record.cls, "computer"))
    done = 0
    while batch := list(islice(records, _CHUNK)):
        control.check()
        yield from _facts(reader, batch)
        done += len(batch)
        control.progress(done, 0)


def _facts(reader: Reader, batch: Sequence[CI]) -> Iterator[ComputerFacts]:
    uids = [one.uid for one in batch]
    schema = reader.schema
    sections = reader.sections_of(uids)
    installed: dict[str, list[dict[str, str]]] = {}
    for one in reader.installed_on(uids):
        installed.setdefault(one.computer, []).append(
            {
                "product": one.product, "publisher": one.publisher, "edition": one.edition, "version": one.version,
                "scope": one.scope, "installed_on": one.installed_on, "origin": one.origin,
            }
        )  # fmt: skip
    names = _names(reader, batch)
    for record in batch:
        attributes = schema.classes[record.cls].attributes
        values = {
            name: names.get(str(value), "") if attributes[name].type == "reference" else value
            for name, value in record.values.items()
            if name in attributes
        }
        rows = {name: [row.values() for row in its] for name, its in sections.get(record.uid, {}).items()}
        yield ComputerFacts(
            record.cls, record.name, values, rows,
            sorted(installed.get(record.uid, ()), key=lambda one: tuple(one.values())),
            str(record.values.get("last_seen", "")), schema.sections,
        )  # fmt: skip


def _names(reader: Reader, batch: Sequence[CI]) -> dict[str, str]:
    """The names of what records refer to."""
    wanted = {
        str(value)
        for record in batch
        for name, value in record.values.items()
        if (a := reader.schema.classes[record.cls].attributes.get(name)) is not None and a.type == "reference"
    }
    return {uid: one.name for uid, one in reader.by_uid(sorted(wanted)).items()}


def _write_inventories(reader: Reader, out: Path, selections: Sequence[Selection], control: Control) -> int:
    """One document: the file itself. Several, or a .zip: a file for each."""
    found = computers(reader, selections, control)
    first = next(found, None)
    if first is None:
        raise _nothing()
    if out.suffix.casefold() == ".zip":
        return _write_archive(out, chain((first,), found))
    if next(found, None) is not None:
        message = Message(
            "{file} has room for one computer, and these are several. Name one, or write to a .zip.", file=out.name
        )
        raise UserError(message)
    save_whole(out, lambda file: file.write(_text(record_document(first))))
    return 1


def _nothing() -> UserError:
    return UserError(Message("There is no computer to export."))


def _write_archive(out: Path, found: Iterator[ComputerFacts]) -> int:
    written: set[str] = set()

    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for facts in found:
                archive.writestr(f"{_file_name(facts.name, written)}.json", _text(record_document(facts)))

    save_whole(out, write)
    return len(written)


def _file_name(name: str, taken: set[str]) -> str:
    """A file's name for a computer's, which no other has."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip(".-")[:80] or "computer"
    found, number = plain, 1
    while found.casefold() in taken:
        number += 1
        found = f"{plain}-{number}"
    taken.add(found.casefold())
    return found


def _write_list(reader: Reader, out: Path, selections: Sequence[Selection], control: Control) -> int:
    """All computers in one list."""
    found = list(computers(reader, selections, control))
    if not found:
        raise _nothing()
    document = cyclonedx_document(found)
    save_whole(out, lambda file: file.write(_text(document)))
    return len(found)


def _text(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


FORMATS = (
    InventoryFormat("glpi-inventory", Message("Inventories for GLPI"), (".json", ".zip"), _write_inventories),
    InventoryFormat("cyclonedx", Message("CycloneDX list of software"), (".json",), _write_list),
)
