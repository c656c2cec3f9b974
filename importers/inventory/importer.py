"""The importer of inventory files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.inventory import read, recognises


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return [read(path)]


def _example(folder: Path) -> Path:
    content = {"hardware": {"name": "one", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}, "versionclient": "example"}
    document = {"deviceid": "one-1", "action": "inventory", "itemtype": "Computer", "content": content}
    path = folder / "inventory.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


IMPORTER = Importer(
    "inventory",
    Message("Inventory"),
    Message("What a scan of Terrier's or another agent wrote, in GLPI's JSON format"),
    (".json",),
    recognises,
    _read,
    _example,
)
