"""Reports: one file each, which is found automatically. ``reports()`` lists them, ``find(name)`` picks one, ``write``
exports it.

A new report is a new file here with a ``REPORT``; it then appears in the window, on the command line and in every
export format.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from app.reports.model import Report, ReportContext, ReportRow
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from importers.tables import FORMATS as TABLE_FORMATS

#: Endings that every report can be written with.
FORMATS = (*TABLE_FORMATS, ".html")


def reports(more: Iterable[Report] = ()) -> dict[str, Report]:
    """All reports by name, with those of plug-ins (``more``), in the order of groups and titles."""
    found = [*more, *_shipped()]
    return {one.name: one for one in sorted(found, key=lambda r: (str(r.group), str(r.title)))}


@lru_cache(maxsize=1)
def _shipped() -> tuple[Report, ...]:
    """The reports in this folder. The files are searched once."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        report = getattr(importlib.import_module(f"{__name__}.{module.name}"), "REPORT", None)
        if isinstance(report, Report):
            found.append(report)
    return tuple(found)


def find(name: str, more: Iterable[Report] = ()) -> Report:
    """The report of that name; capitals, spaces and dashes make no difference. Raises NotFound, listing the names."""
    wanted = "_".join(name.casefold().replace("-", " ").split())
    known = reports(more)
    if wanted not in known:
        details = tuple(Message("{name}: {title}", name=one.name, title=one.title) for one in known.values())
        raise NotFound(Message("There is no report “{name}”.", name=name), details)
    return known[wanted]


def write(report: Report, question: ReportContext, path: str | Path) -> int:
    """Writes a report in the format of the path's ending, whole or not at all; returns how many rows.

    Raises FileProblem if the extension is unknown or nothing can be written there.
    """
    from importers.tables import write as write_tables

    path = Path(path)
    ending = path.suffix.casefold()
    if ending in report.save:
        return report.save[ending](question, path)
    if ending == ".html":
        from app.html_tables import write_html

        return write_html(
            path, report.table(question), str(report.described(question)), question.reader, question.today
        )
    return write_tables(path, [report.table(question)])


__all__ = ["FORMATS", "Report", "ReportContext", "ReportRow", "find", "reports", "write"]
