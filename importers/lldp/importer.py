"""The importer of what lldpctl tells of a machine's neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.source_documents import SourceDocument, document_of, json_of, start_of, text_of

_KEYS = re.compile(rb"lldp\.\S{1,80}\.via=")
_JSON = re.compile(rb'\{"lldp":[\[{]')
_PLAIN = re.compile(rb"(?:-{20,}\s+)?LLDP neighbors:\s+-{20,}\s+(?:Interface:|$)")


def _recognises(head: bytes) -> bool:
    start = start_of(head[:4_096])
    return bool(_KEYS.match(start) or _PLAIN.match(start) or _JSON.match(start.translate(None, b" \t\r\n")))


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return [reading_of(document_of(path))]


def reading_of(source: SourceDocument) -> Reading:
    """The reading of a machine's neighbours. Raises FileProblem where the file's name does not say which it is."""
    from importers.inventory.file_names import host_in_name
    from importers.inventory.observations import reading
    from importers.lldp.neighbour_texts import neighbours_of_json, neighbours_of_text

    is_json = start_of(source.raw[:64]).startswith(b"{")
    found = neighbours_of_json(json_of(source)) if is_json else neighbours_of_text(text_of(source, "replace"))
    if not found:
        raise FileProblem(Message("{file} names no neighbour.", file=source.name))
    host = host_in_name(source.name, "lldpctl", "lldpcli", "lldp")
    if not host:
        message = Message(
            "{file} does not say on which machine it was taken: it names only the neighbours. Name the file after the "
            "machine, such as lldp-web01.txt.",
            file=source.name,
        )
        raise FileProblem(message)
    name, _, domain = host.partition(".")
    content: dict[str, Any] = {
        "versionclient": "lldpctl",
        "hardware": {"name": name, "workgroup": domain},
        "terrier": {"neighbours": found},
    }
    document = {"deviceid": host, "action": "inventory", "itemtype": "Computer", "partial": True, "content": content}
    return reading(document, source.name, source.changed)


def _example(folder: Path) -> Path:
    path = folder / "lldp-one.txt"
    path.write_text(
        "lldp.eno1.via=LLDP\nlldp.eno1.rid=1\nlldp.eno1.age=1 day, 06:17:13\nlldp.eno1.ttl=120\n"
        "lldp.eno1.chassis.mac=38:20:56:67:90:80\nlldp.eno1.chassis.name=sw-1\n",
        "utf-8",
    )
    return path


IMPORTER = Importer(
    "lldp",
    Message("LLDP"),
    Message("The neighbours of one machine as lldpctl writes them, in a file that is named after the machine"),
    (".txt", ".json", ".lldp"),
    _recognises,
    _read,
    _example,
    open_ended=True,
    of_known=True,
)
