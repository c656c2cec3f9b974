"""The importer of osquery's results."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.observation import Problem, Reading
from cmdb.model.schema import Schema
from importers.importer import Importer, Options
from importers.source_documents import SourceDocument, document_of, json_of, start_of, text_of

_KEY = re.compile(rb'"([a-z_]{2,40})":')
_LOG = (b'"columns":', b'"snapshot":', b'"diffResults":')


def _recognises(head: bytes) -> bool:
    from importers.osquery.tables import OTHER_TABLES, TABLES, table_of_columns

    start = start_of(head[:16_384]).translate(None, b"\t\r\n")
    start = start.replace(b'" :', b'":').replace(b": ", b":")
    if not start.startswith((b"{", b"[")) or b'"deviceid"' in start:
        return False
    if b'"hostIdentifier":' in start:
        return any(mark in start for mark in _LOG) or b'"action":' in start
    keys = [key.decode("ascii") for key in _KEY.findall(start)]
    if start.startswith(b"{"):
        return bool(keys) and (keys[0] in TABLES or keys[0] in OTHER_TABLES)
    return bool(table_of_columns(frozenset(keys))) and re.match(rb"\[ *\{", start) is not None


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return readings(document_of(path))


def readings(source: SourceDocument) -> list[Reading]:
    """A reading for each host. Raises FileProblem where the file is none, or does not say of which host it is."""
    from importers.inventory.file_names import host_in_name
    from importers.inventory.observations import reading
    from importers.osquery.machine import document_of_host, moment_of
    from importers.osquery.results import log_of, results_of_log, results_of_value
    from importers.osquery.tables import OTHER_TABLES, TABLES

    host = host_in_name(source.name, "osquery", "osqueryi", *TABLES, *OTHER_TABLES)
    lines = log_of(text_of(source)) if b'"hostIdentifier"' in source.raw else None
    found = results_of_log(lines) if lines else results_of_value(json_of(source), host)
    if not found:
        raise FileProblem(Message("{file} has no table of osquery that is known here.", file=source.name))
    made = []
    for one in found:
        document = document_of_host(one)
        if not document["deviceid"]:
            message = Message(
                "{file} does not say of which host it is. Add the table system_info, or name the file after the host, "
                "such as osquery-web01.json.",
                file=source.name,
            )
            raise FileProblem(message)
        its = reading(document, source.name, moment_of(one) or source.changed)
        if one.unknown:
            message = Message(
                "The register has no place for the rows of these queries; they were left out: {names}.",
                names=tuple(sorted(one.unknown)),
            )
            its.problems.append(
                Problem(source.name, "", 0, "", "", message, "warning", "section", code="section.unknown")
            )
        made.append(its)
    return made


def _example(folder: Path) -> Path:
    tables = {"system_info": [{"hostname": "one", "hardware_serial": "EX4242", "hardware_vendor": "Example"}]}
    path = folder / "osquery.json"
    path.write_text(json.dumps(tables), "utf-8")
    return path


IMPORTER = Importer(
    "osquery",
    Message("osquery"),
    Message("Rows of osquery as JSON: of one query, tables by their names, or the log of its results"),
    (".json", ".log"),
    _recognises,
    _read,
    _example,
)
