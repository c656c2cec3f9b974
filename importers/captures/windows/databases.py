"""The instances of SQL Server, with the edition that is licensed."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, rows
from importers.discovery.collector import Content, Section, present

_YEARS = {
    "8.0": "2000", "9.0": "2005", "10.0": "2008", "10.50": "2008 R2", "11.0": "2012", "12.0": "2014", "13.0": "2016",
    "14.0": "2017", "15.0": "2019", "16.0": "2022", "17.0": "2025",
}  # fmt: skip
_DEFAULT = "MSSQLSERVER"
MICROSOFT = "Microsoft Corporation"


def installed(capture: Capture) -> list[dict[str, Any]]:
    """Every edition and version of SQL Server that has an instance, as software: programs have no editions."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in rows(capture, "sql-instances"):
        year, edition = year_of(text(one, "Version")), text(one, "Edition")
        if year and edition:
            name = f"Microsoft SQL Server {year} {edition}"
            entry = present(name=name, version=_version(one), publisher=MICROSOFT, **{"from": "registry"})
            found.setdefault((name, _version(one)), entry)
    return list(found.values())


def is_without_edition(name: str, capture: Capture) -> bool:
    """Whether a program is SQL Server itself, of a version whose instances say which edition it is."""
    match = re.fullmatch(r"Microsoft SQL Server (20\d\d(?: R2)?)(?: \((?:64|32)-bit\))?", name)
    return match is not None and any(
        year_of(text(one, "Version")) == match[1] for one in rows(capture, "sql-instances")
    )


def year_of(version: str) -> str:
    """The year in the name of a version: "2022" of "16.0.1000.6"; "" where it is not known."""
    return _YEARS.get(".".join(version.split(".")[:2]), "")


def _version(one: Row) -> str:
    return text(one, "PatchLevel") or text(one, "Version")


def _parse(capture: Capture) -> Content:
    running = {text(one, "Name").upper(): text(one, "State") == "Running" for one in rows(capture, "services")}
    found = [_instance(one, running) for one in rows(capture, "sql-instances") if text(one, "Name")]
    return {"databases_services": found} if found else {}


def _instance(one: Row, running: dict[str, bool]) -> dict[str, Any]:
    name = text(one, "Name")
    service = name if name.upper() == _DEFAULT else f"MSSQL${name}"
    port = text(one, "TcpPort").partition(",")[0].strip()
    return present(
        name=name,
        type="SQL Server",
        version=_version(one),
        manufacturer="Microsoft",
        port=whole({"": port}, "") or None,
        path=text(one, "Path"),
        is_active=running.get(service.upper()),
    )


SUBJECT = Subject("databases", _parse, ("sql-instances", "services"), (Section("databases_services"),))
