"""The importer of Facter's facts."""

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

#: Any two of these are in the first bytes of facts: they are sorted by name, and these are among the first.
_MARKS = (
    b'"aio_agent_version"', b'"augeas"', b'"facterversion"', b'"disks"', b'"dmi"', b'"bios_vendor"', b'"architecture"',
    b'"networking"', b'"kernelmajversion"', b'"hypervisors"', b'"fips_enabled"', b'"is_virtual"', b'"mountpoints"',
    b'"system_uptime"',
)  # fmt: skip


def _recognises(head: bytes) -> bool:
    start = start_of(head)
    if not start.startswith(b"{") or b'"deviceid"' in start:
        return False
    return b'"facterversion"' in start or sum(mark in start for mark in _MARKS) >= 3


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    return [reading_of(document_of(path))]


def reading_of(source: SourceDocument) -> Reading:
    """The reading of a file of facts. Raises FileProblem where it is none, or names no host."""
    from importers.facter.facts import document_of_facts, facts_of, host_of
    from importers.inventory.observations import reading

    facts = facts_of(json_of(source))
    if not host_of(facts):
        raise FileProblem(
            Message("{file} has facts of Facter, but names no host: it lacks “networking”.", file=source.name)
        )
    return reading(document_of_facts(facts), source.name, source.changed)


def _example(folder: Path) -> Path:
    facts = {
        "dmi": {"product": {"uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}},
        "facterversion": "5.1.0",
        "is_virtual": False,
        "networking": {"hostname": "one", "fqdn": "one.example.org"},
    }
    path = folder / "facts.json"
    path.write_text(json.dumps(facts), "utf-8")
    return path


IMPORTER = Importer(
    "facter",
    Message("Facter's facts"),
    Message("The facts of one computer that Facter wrote as JSON (facter --json, puppet facts)"),
    (".json", ".facts"),
    _recognises,
    _read,
    _example,
)
