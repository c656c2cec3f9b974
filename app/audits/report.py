"""The report of an audit: who, when, the results and what differs; as tables, and as a document to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.audits.sheets import AuditSheet
from app.audits.words import MARKS, OUTCOMES, counted_outcomes, outcome_word
from app.printing.paper import (
    PaperColumn,
    PaperDocument,
    PaperFields,
    PaperHeading,
    PaperTable,
    PaperText,
    SignatureLine,
)
from app.reports.model import column
from cmdb.model.audits import AuditOutcome, AuditResult, AuditScan
from cmdb.model.errors import InvalidValue
from cmdb.model.event_times import iso_time, shown_time
from cmdb.model.formats import listing, moment
from cmdb.model.formats import number as written_number
from cmdb.model.messages import Message, tr
from importers.tables import FORMATS, Table, write

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.model.schema import Schema

PDF = ".pdf"
ENDINGS = (*FORMATS, PDF)
"""The endings of files that a report is written to."""
_WORDS = {str(one): word for one, word in OUTCOMES.items()}

COLUMNS = (
    column(Message("Result"), labels=_WORDS), column(Message("Name")), column(Message("Class")),
    column(Message("Asset tag")), column(Message("Serial number")), column(Message("Model")),
    column(Message("Expected in")), column(Message("Scanned in")), column(Message("Holder")),
    column(Message("Time"), "time"), column(Message("By")), column(Message("Condition")), column(Message("Marks")),
    column(Message("Note")), column(Message("Code")),
)  # fmt: skip
SCAN_COLUMNS = (
    column(Message("Time"), "time"), column(Message("Code")), column(Message("Item")), column(Message("Place")),
    column(Message("By")), column(Message("Device")), column(Message("Condition")), column(Message("Marks")),
    column(Message("Note")), column(Message("Taken back"), "boolean"),
)  # fmt: skip
_FACTS = (column(Message("Fact")), column(Message("Value")))


def result_rows(schema: Schema, sheet: AuditSheet) -> Iterator[tuple[Any, ...]]:
    """A row for each result, in the order of ``COLUMNS``: what differs first."""
    yield from (_row(schema, sheet, one) for one in [*differences(sheet), *_as_expected(sheet)])


def differences(sheet: AuditSheet) -> list[AuditResult]:
    """What is not as it was expected: missing and elsewhere first, then what turned up besides."""
    order = list(AuditOutcome)
    found = [one for one in sheet.results if one.outcome not in (AuditOutcome.FOUND, AuditOutcome.EXCUSED)]
    return sorted(found, key=lambda one: (one.expected is None, order.index(one.outcome)))


def _as_expected(sheet: AuditSheet) -> list[AuditResult]:
    return [one for one in sheet.results if one.outcome in (AuditOutcome.FOUND, AuditOutcome.EXCUSED)]


def _row(schema: Schema, sheet: AuditSheet, one: AuditResult) -> tuple[Any, ...]:
    item, scan = one.expected, one.scan
    cls = item.cls if item is not None else sheet.names.get(one.record, ("", ""))[0]
    excuse = item.excuse.why if item is not None and item.excuse is not None else ""
    return (
        str(one.outcome),
        item.name if item is not None else sheet.name(one.record),
        schema.classes[cls].label if cls in schema.classes else cls,
        item.tag if item is not None else "",
        item.serial if item is not None else "",
        item.model if item is not None else "",
        sheet.name(item.place) if item is not None else "",
        sheet.name(scan.place) if scan is not None else "",
        sheet.name(item.holder) if item is not None else "",
        _time(scan),
        scan.by if scan is not None else "",
        scan.condition if scan is not None else "",
        _marks(scan),
        " ".join(filter(None, (excuse, scan.note if scan is not None else ""))),
        one.code,
    )


def scan_rows(sheet: AuditSheet) -> Iterator[tuple[Any, ...]]:
    """A row for each scan, in the order of ``SCAN_COLUMNS``, the first first."""
    for one in reversed(sheet.scans):
        yield (
            _time(one), one.code, sheet.name(one.record), sheet.name(one.place), one.by, one.device, one.condition,
            _marks(one), one.note, one.withdrawn or None,
        )  # fmt: skip


def _time(scan: AuditScan | None) -> str | None:
    return iso_time(scan.at)[:19] + "Z" if scan is not None else None


def _marks(scan: AuditScan | None) -> str:
    return listing(tuple(str(MARKS[one]) for one in sorted(scan.marks)), "unit") if scan is not None else ""


def facts(schema: Schema, sheet: AuditSheet) -> list[tuple[str, str]]:
    """Who audited what, and when; then the numbers."""
    audit, scope = sheet.audit, sheet.audit.scope
    known = [
        (tr("Audit"), f"{audit.number} {audit.name}".strip()),
        (tr("Place"), sheet.name(scope.place)),
        (tr("Class"), schema.classes[scope.cls].label if scope.cls in schema.classes else scope.cls),
        (tr("Whose"), sheet.name(scope.owner)),
        (tr("Filter"), scope.where),
        (tr("Started"), _when(audit.started, audit.started_by)),
        (tr("Finished"), _when(audit.finished, audit.finished_by)),
        (tr("Accepted"), _when(audit.accepted, audit.accepted_by)),
        (tr("Scanned by"), listing(tuple(sorted({one.by for one in sheet.scans if one.by})), "unit")),
        (tr("Expected"), written_number(sheet.counts.expected)),
    ]
    counted = counted_outcomes(sheet.counts, running=audit.running)
    known += [(str(word), written_number(number)) for _, word, number in counted]
    known += [(str(word), written_number(sheet.counts.marks[one])) for one, word in MARKS.items()
              if sheet.counts.marks.get(one)]  # fmt: skip
    return [(label, text) for label, text in known if text]


def _when(iso: str, by: str) -> str:
    if not iso:
        return ""
    return tr("{time}, {person}", time=moment(iso), person=by) if by else moment(iso)


def tables(schema: Schema, sheet: AuditSheet) -> list[Table]:
    """The report as tables: what it is about, the results, and all scans."""
    return [
        Table(tr("Results"), COLUMNS, result_rows(schema, sheet)),
        Table(tr("Scans"), SCAN_COLUMNS, scan_rows(sheet)),
        Table(tr("Audit"), _FACTS, facts(schema, sheet)),
    ]


def paper(schema: Schema, sheet: AuditSheet) -> PaperDocument:
    """The report as a document, with lines to sign on."""
    audit = sheet.audit
    blocks: list[Any] = [PaperFields(tuple(facts(schema, sheet)))]
    differ = differences(sheet)
    blocks.append(PaperHeading(tr("What differs")))
    if differ:
        blocks.append(_paper_table(sheet, differ))
    else:
        blocks.append(PaperText(tr("Everything is where it was expected.")))
    if fit := _as_expected(sheet):
        blocks += [PaperHeading(tr("As expected")), _paper_table(sheet, fit)]
    blocks += [
        SignatureLine(tr("Audited by"), audit.started_by),
        SignatureLine(tr("Accepted by"), audit.accepted_by),
    ]
    return PaperDocument(
        tr("Report of audit {number}", number=audit.number), tuple(blocks), subtitle=audit.name, footer=audit.number
    )


def _paper_table(sheet: AuditSheet, found: Sequence[AuditResult]) -> PaperTable:
    columns = (tr("Result"), tr("Name"), tr("Asset tag"), tr("Expected in"), tr("Scanned in"), tr("Scanned"))
    return PaperTable(tuple(map(PaperColumn, columns)), tuple(_paper_row(sheet, one) for one in found))


def _paper_row(sheet: AuditSheet, one: AuditResult) -> tuple[str, ...]:
    item, scan = one.expected, one.scan
    excuse = item.excuse.why if item is not None and item.excuse is not None else ""
    marks = _marks(scan)
    word = str(outcome_word(one.outcome, running=sheet.audit.running))
    return (
        ", ".join(filter(None, (word, excuse if one.outcome is AuditOutcome.EXCUSED else "", marks))),
        (item.name if item is not None else sheet.name(one.record)) or one.code,
        item.tag if item is not None else one.code,
        sheet.name(item.place) if item is not None else "",
        sheet.name(scan.place) if scan is not None else "",
        shown_time(scan.at) if scan is not None else "",
    )


def save_report(schema: Schema, sheet: AuditSheet, path: Path, control: Control | None = None) -> int:
    """Writes the report in the format of the path's ending; returns its rows, of a PDF its pages.

    Raises FileProblem, Cancelled, InvalidValue while the audit is hidden.
    """
    if sheet.audit.hidden:
        raise InvalidValue(Message("{audit} is a blind audit: its report can be written when it is finished.",
                                   audit=sheet.audit.number))  # fmt: skip
    if path.suffix.casefold() == PDF:
        from app.printing.pdf_process import write_pdf

        return write_pdf(paper(schema, sheet), path, control)
    made = tables(schema, sheet)
    if path.suffix.casefold() in (".csv", ".tsv"):
        made = made[:1]
    return write(path, made)
