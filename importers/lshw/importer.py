"""The importer of what lshw writes as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.source_documents import SourceDocument, document_of, json_of, start_of


def _recognises(head: bytes) -> bool:
    start = start_of(head[:8_192]).translate(None, b" \t\r\n")
    return start.startswith((b'{"id":"', b'[{"id":"')) and b'"class":"' in start and b'"claimed":' in start


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return [reading_of(document_of(path))]


def reading_of(source: SourceDocument) -> Reading:
    """The reading of a tree. Raises FileProblem where it does not say which machine it is of."""
    from importers.inventory.file_names import host_in_name
    from importers.inventory.observations import reading
    from importers.lshw.hardware import document_of_tree

    document = document_of_tree(json_of(source), host_in_name(source.name, "lshw"))
    if not document["deviceid"]:
        message = Message(
            "{file} does not say of which machine it is: it has no host, serial number or UUID. Name the file after "
            "the machine, such as lshw-web01.json.",
            file=source.name,
        )
        raise FileProblem(message)
    return reading(document, source.name, source.changed)


def _example(folder: Path) -> Path:
    tree = {"id": "one", "class": "system", "claimed": True, "vendor": "Example", "serial": "EX4242", "children": []}
    path = folder / "lshw.json"
    path.write_text(json.dumps(tree), "utf-8")
    return path


IMPORTER = Importer(
    "lshw",
    Message("lshw"),
    Message("What lshw writes as JSON of one machine's hardware (lshw -json)"),
    (".json",),
    _recognises,
    _read,
    _example,
)
