"""Files are written in one place, and JSON from outside is read in one; a planted violation is seen."""

from __future__ import annotations

import ast
import re

import pytest

from tests.programs import nodes
from tests.test_rules import found

#: What writes files of our own: documents and translations of the sources, examples, temporary files, old estates; and
#: the program that reads cells, which is told by Terrier what to read.
OWN_FILES = (
    "app/documents.py", "app/faults.py", "app/imports/packed_folders.py", "app/sample/spreadsheets.py",
    "app/settings.py", "app/translations.py", "app/unfinished_files.py", "cmdb/store/upkeep/copies.py",
    "importers/agent_xml/importer.py",
    "importers/cyclonedx.py", "importers/dmidecode/importer.py", "importers/end_of_life/importer.py",
    "importers/facter/importer.py", "importers/inventory/importer.py", "importers/lldp/importer.py",
    "importers/lshw/importer.py", "importers/osquery/importer.py", "importers/spdx.py", "importers/swid.py",
    "importers/spreadsheets/sheets/cell_program.py", "importers/tables/ods.py",
    "ui/pages/import_/file_choice.py", "ui/theme.py",
)  # fmt: skip


def writes_files(program: str) -> set[str]:
    """What writes a file past ``cmdb/model/whole_files.py``, and reads JSON past ``cmdb/model/json_text.py``."""
    found: set[str] = set()
    if not re.search(r"\b(write_text|write_bytes|open|fdopen|json)\b", program):
        return found  # most programs need not be parsed
    for node in nodes(program):
        match node:
            case ast.Attribute(attr="write_text" | "write_bytes"):
                found.add(f"{node.attr} in line {node.lineno}")
            case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open" | "fdopen")):
                modes = (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
                if any(re.fullmatch(r"[rb]*[wax+][wxab+]*", mode) for mode in modes):
                    found.add(f"open in line {node.lineno}")
            case ast.Attribute(value=ast.Name(id="json"), attr="loads" | "load"):
                found.add(f"json.{node.attr} in line {node.lineno}")
    return found


def test_files_are_written_whole_and_json_is_read_in_one_place() -> None:
    broken = found(writes_files, "cmdb", "app", "importers", "ui")
    elsewhere = {path for path in broken if not path.startswith("importers/discovery/linux/")}
    assert elsewhere == {"cmdb/model/json_text.py", *OWN_FILES}


@pytest.mark.parametrize(
    "program",
    ["path.write_text(text)", "open(path, 'w')", "path.open('wb')", "json.loads(text)", "os.fdopen(handle, 'wb')"],
)
def test_writing_another_way_is_seen(program: str) -> None:
    assert writes_files(program)
