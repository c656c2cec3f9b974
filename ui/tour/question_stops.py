"""The tour's stops that ask something: a record, what breaks, what is licensed; and one edit, undone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.reports import ReportContext
from app.reports import reports as all_reports
from cmdb.graph.impact import impact as ask_impact
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Position
from cmdb.licences.labels import VERDICTS, label
from cmdb.licences.register_facts import gather
from cmdb.model import clock
from cmdb.model.selection import Selection
from cmdb.register.edits import set_values
from cmdb.register.live_graph import graph_of
from ui.pages.licences.page import LicencesPage
from ui.pages.map.page import MapPage
from ui.pages.reports.page import ReportsPage
from ui.tour.guide import Guide, TourTimeout

#: A switch of the sample whose loss takes down a host and leaves a cluster without a spare.
SWITCH = "sw-1"


def find(guide: Guide) -> None:
    """A record with its details, as Assets shows it."""
    with guide.stop("A record and its details"):
        with guide.read() as reader:
            record = reader.find(SWITCH)
        guide.window.services.open_ci(record.uid)
        guide.rest()
        guide.check(guide.window.stack.current == "assets", "Assets did not open")
        guide.picture("details-light")


def impact(guide: Guide) -> None:
    """The impact of a switch on the map, compared with the engine's direct result."""
    with guide.stop(f"What breaks with {SWITCH}"):
        with guide.read() as reader:
            record = reader.find(SWITCH)
            expected = ask_impact(graph_of(reader), [record.id])
        guide.window.services.open_on_map(record.uid, impact=True)
        guide.rest()
        page = guide.window.stack.page("map")
        if not isinstance(page, MapPage) or page.answer is None:
            raise TourTimeout("the map shows nothing")
        shown = page.answer.impact
        guide.say(f"  {len(shown.down)} down, {len(shown.degraded)} degraded, {len(shown.at_risk)} at risk")
        guide.check(len(expected.down) > 0, f"{SWITCH} takes nothing down")
        guide.check(len(expected.exhausted) > 0, f"{SWITCH} exhausts nothing")
        guide.check(set(shown.down) == set(expected.down), "the map says otherwise what is down")
        guide.check(set(shown.degraded) == set(expected.degraded), "the map says otherwise what is degraded")
        drawn = set(page.answer.picture.nodes)
        guide.check(set(expected.down) <= drawn, "something that is down is not drawn")
        guide.picture("impact-light")
        for ending in (".png", ".svg"):
            path = guide.folder / f"impact{ending}"
            page.files.write(path)
            guide.rest()
            guide.check(path.is_file() and path.stat().st_size > 2000, f"{path.name} was not written")


def licences(guide: Guide) -> None:
    """The licence position, compared with the engine's direct result, and the workbook for auditors."""
    with guide.stop("What is licensed"):
        page = guide.page("licences")
        if not isinstance(page, LicencesPage) or page.found is None:
            raise TourTimeout("the page has no position")
        today = clock.today()
        with guide.read() as reader:
            expected = position(gather(reader, today), today)
        verdicts = expected.verdicts()
        guide.say("  " + ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items())))
        guide.check(page.found.hash == expected.hash, "the page says something else than the engine")
        for verdict in ("compliant", "short", "unknown"):
            guide.check(verdicts.get(verdict, 0) > 0, f"the sample has no position that is {verdict}")
        for one in expected.positions:
            guide.check(one.covered + one.short == one.needed, f"{one.title} does not add up")
        guide.picture("licence-position-light")
        path = guide.folder / "compliance.xlsx"
        path.unlink(missing_ok=True)
        page.workbook.write(path)
        guide.rest()
        guide.check(path.is_file(), "the workbook was not written")
        missing = lacking(expected.positions, path)
        guide.check(not missing, f"the workbook lacks {', '.join(missing)}")


def lacking(positions: Iterable[Position], path: Path) -> list[str]:
    """The titles of the positions whose product, or whose verdict in words, stands nowhere in a workbook."""
    cells = _cells(path)
    return [p.title for p in positions if not {p.product, label(VERDICTS, p.verdict)} <= cells]


def _cells(path: Path) -> set[str]:
    """Every cell of a workbook as text."""
    from importers.spreadsheets.sheets.opening import open_file
    from importers.spreadsheets.sheets.workbook import cell_text

    return {cell_text(cell) for sheet in open_file(path).sheets for row in sheet.rows for cell in row}


def reports(guide: Guide) -> None:
    """Every report through the page, its rows counted against the report run directly."""
    with guide.stop("Reports"):
        page = guide.page("reports")
        if not isinstance(page, ReportsPage):
            raise TourTimeout("the reports page is another")
        known = all_reports(guide.context.workspace.plugins.reports())
        for report in known.values():
            guide.window.services.go("reports", report=report.name)
            guide.rest()
            shown = page.model.result
            with guide.read() as reader:
                expected = sum(1 for _ in report.rows(ReportContext(reader)))
            if shown is None or shown.report is not report:
                guide.fail(f"{report.title} was not shown")
                continue
            guide.check(len(shown.rows) == expected, f"{report.title} shows {len(shown.rows)} rows of {expected}")
        guide.say(f"  {len(known)} reports")
        guide.window.services.go("reports", report="warranty_ending")
        guide.picture("report-light")


def edit_and_undo(guide: Guide) -> None:
    """One edit, seen in the store and taken back with the window's undo."""
    with guide.stop("An edit, and undo"):
        workspace = guide.context.workspace
        with guide.read() as reader:
            record = reader.page(Selection("laptop"), limit=1)[0]
            before = record.values.get("notes")
            revision = set_values(reader, [record.uid], {"notes": "Seen on the tour"}, workspace.author)
        workspace.apply(revision)
        guide.rest()
        with guide.read() as reader:
            guide.check(reader.get(record.uid).values.get("notes") == "Seen on the tour", "the edit is not there")
        guide.window.services.undo()
        guide.rest()
        with guide.read() as reader:
            guide.check(reader.get(record.uid).values.get("notes") == before, "undo did not restore the note")
