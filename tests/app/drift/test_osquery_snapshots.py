"""Logs of osquery: a snapshot of a package manager's table tells what is gone of it, and of nothing else."""

from __future__ import annotations

import json
from typing import Any

from app import import_proposal
from app.drift.software_history import software_history
from cmdb.store.store import Store
from importers.osquery.importer import readings
from importers.source_documents import SourceDocument

SYSTEM = {"hostname": "web01", "hardware_serial": "ABC1234", "hardware_vendor": "Dell Inc.", "cpu_brand": "Xeon"}
FIRST = 1_774_944_900


def program(name: str, version: str = "1") -> dict[str, str]:
    return {"name": name, "version": version, "publisher": "Maker", "identifying_number": f"{{{name}}}"}


def log(store: Store, day: int, **tables: Any) -> None:
    """Takes in the log of a day: what each query found, as a snapshot, or ``added`` alone."""
    lines = []
    for name, rows in {"system_info": [SYSTEM], **tables}.items():
        added = name.removeprefix("added_")
        said = {"hostIdentifier": "web01", "unixTime": FIRST + day * 86_400, "counter": 1}
        if added == name:
            lines.append({**said, "name": name, "action": "snapshot", "snapshot": rows})
        else:
            lines += [{**said, "name": added, "action": "added", "columns": row} for row in rows]
    source = SourceDocument("\n".join(map(json.dumps, lines)).encode(), "osqueryd.results.log", "")
    store.apply(import_proposal.propose(store, readings(source), "tester").revision)


def installed(store: Store) -> list[str]:
    with store.read() as reader:
        return sorted(f"{one.product} {one.version}" for one in reader.installations(reader.find("web01").uid))


def details(store: Store) -> list[str]:
    with store.read() as reader:
        rows = reader.sections(reader.find("web01").uid)["software_details"]
        return sorted(f"{row.columns['name']} {row.columns['version']}" for row in rows)


def test_a_snapshot_of_programs_takes_those_away_that_are_gone_and_no_others(store: Store) -> None:
    packages = [{"name": "pip", "version": "24", "license": "x", "summary": "", "path": "/x"}]
    log(store, 1, programs=[program("Fox"), program("Editor")], python_packages=packages)
    log(store, 2, added_programs=[program("Fox", "2")])
    assert installed(store) == ["Editor 1", "Fox 1", "Fox 2", "pip 24"], "a log of differences is no whole look"
    log(store, 3, programs=[])
    log(store, 3, chrome_programs=[program("Chrome")])
    assert len(installed(store)) == 5, "neither is a query that may choose rows, nor a table without any"
    log(store, 4, pack_inventory_programs=[program("Fox", "2")])
    assert installed(store) == details(store) == ["Fox 2", "pip 24"], "packages of pip were not looked at"
    log(store, 3, programs=[program("Editor"), program("Fox", "2")])
    log(store, 3, added_programs=[program("Viewer")])
    assert installed(store) == ["Fox 2", "pip 24"], "an older log brings nothing back"
    with store.read() as reader:
        steps = software_history(reader, reader.find("web01").uid)
    assert [(one.what, one.product, one.last_seen[8:10]) for one in steps if one.version == "2"] == [
        ("installed", "Fox", "04")
    ]
