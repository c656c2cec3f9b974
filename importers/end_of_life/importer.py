"""The importer of end-of-life data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.observation import Reading, Source
from cmdb.model.schema import Schema
from importers.end_of_life.documents import life_cycles, recognises
from importers.importer import Importer, Options
from importers.source_documents import document_of


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    source = document_of(path)
    found = life_cycles(source)
    return [Reading(Source("import", "endoflife.date"), source.changed, life_cycles=found, read=len(found))]


def _example(folder: Path) -> Path:
    release = {"name": "1.0", "label": "1.0", "releaseDate": "2024-01-01", "isEol": False, "eolFrom": "2027-01-01"}
    product = {"name": "example", "label": "example", "aliases": [], "identifiers": [], "releases": [release]}
    path = folder / "example.json"
    path.write_text(json.dumps({"schema_version": "1.2.0", "result": product}), "utf-8")
    return path


IMPORTER = Importer(
    "end_of_life",
    Message("End-of-life data"),
    Message("When releases of products reach their end of life, in the forms of endoflife.date's API"),
    (".json",),
    recognises,
    _read,
    _example,
    rank=45,
)
