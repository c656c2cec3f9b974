"""The importer of what dmidecode prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.source_documents import SourceDocument, document_of, start_of, text_of

_HANDLE = re.compile(rb"^(?:# dmidecode \d|(?s:.{0,2000}?\n)?Handle 0x[0-9A-Fa-f]{4}, DMI type \d+, \d+ bytes)")
_QUIET = re.compile(rb"BIOS Information\r?\n\tVendor:")


def _recognises(head: bytes) -> bool:
    start = start_of(head[:8_192])
    return _HANDLE.match(start) is not None or _QUIET.match(start) is not None


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return [reading_of(document_of(path))]


def reading_of(source: SourceDocument) -> Reading:
    """The reading of a text. Raises FileProblem where it does not say which machine it is of."""
    from importers.dmidecode.hardware import document_of_hardware, identifies
    from importers.dmidecode.structures import structures_of, version_of
    from importers.inventory.file_names import host_in_name
    from importers.inventory.observations import reading

    text = text_of(source, "replace")
    host = host_in_name(source.name, "dmidecode", "dmi")
    structures = list(structures_of(text))
    if not structures:
        raise FileProblem(
            Message("{file} has no tables: dmidecode needs administrator rights to read them.", file=source.name)
        )
    document = document_of_hardware(structures, version_of(text), host)
    if not identifies(document):
        message = Message(
            "{file} does not say of which machine it is: it has no serial number and no UUID. Name the file after the "
            "machine, such as dmidecode-web01.txt.",
            file=source.name,
        )
        raise FileProblem(message)
    return reading(document, source.name, source.changed)


def _example(folder: Path) -> Path:
    path = folder / "dmidecode.txt"
    path.write_text(
        "# dmidecode 3.1\n\nHandle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: Example\n\tVersion: 1.0\n"
        "\tRelease Date: 05/02/2017\n\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"
        "\tManufacturer: Example\n\tSerial Number: EX4242\n\nHandle 0x0002, DMI type 127, 4 bytes\nEnd Of Table\n",
        "utf-8",
    )
    return path


IMPORTER = Importer(
    "dmidecode",
    Message("dmidecode"),
    Message("What dmidecode prints of one machine: maker, serial numbers, processors, memory modules, slots"),
    (".txt", ".dmidecode"),
    _recognises,
    _read,
    _example,
    open_ended=True,
)
