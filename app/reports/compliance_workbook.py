"""The licence position as a workbook for auditors: every number, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from importers.tables.table_writer import save_whole

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from cmdb.licences.engine.results import Position, Positions

#: Verdict → (ink, paper, what it means). The word stands in the cell, so that colour is never all there is.
VERDICTS: dict[str, tuple[str, str, str]] = {
    "compliant": ("#0B5D3B", "#D8F0E3", "everything that is needed is covered"),
    "over-licensed": ("#164B80", "#DCEAF8", "covered, and licences are left over"),
    "short": ("#8E1B1B", "#FADCD9", "more is needed than is owned"),
    "unknown": ("#6B4A00", "#FCEBC5", "a fact is missing; see what to supply"),
    "ineligible": ("#6A1B6A", "#F1DDF3", "what is owned may not be used there"),
    "exempt": ("#444D58", "#E9ECF0", "needs no licence, for the reason given"),
}
_INK, _HEAD, _LINE, _QUIET = "#1B2430", "#22364F", "#D5DAE1", "#5B6675"


class _Column(NamedTuple):
    label: str
    kind: str = "text"
    width: float = 14


def write(found: Positions, path: str | Path) -> Path:
    """Writes the workbook, whole or not at all. Raises FileProblem where nothing can be written there."""
    target = Path(path)
    save_whole(target, lambda part: _save(found, part))
    return target


def _save(found: Positions, path: Path) -> None:
    import xlsxwriter

    large = sum(len(p.demand) + len(p.allocation) for p in found.positions) > 50_000
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": large}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({
        "title": f"Licence position as of {found.at.isoformat()}",
        "subject": "Effective licence position",
        "comments": f"Hash of the frozen position (SHA-256): {found.hash}",
        "created": datetime(found.at.year, found.at.month, found.at.day, tzinfo=UTC).replace(tzinfo=None),
    })  # fmt: skip
    sheets = _Sheets(book, found)
    sheets.summary()
    for name, columns, rows in _tables(found):
        sheets.table(name, columns, rows)
    book.close()


# -- what stands in the sheets ------------------------------------------------------------------------------------


def _tables(found: Positions) -> Iterator[tuple[str, Sequence[_Column], Iterable[Sequence[Any]]]]:
    yield "Position", _POSITION, (_position(p) for p in found.positions)
    yield "Entitlements", _ENTITLEMENTS, _entitlements(found)
    yield "Demand", _DEMAND, _demand(found)
    yield "Allocation", _ALLOCATION, _allocation(found)
    yield "Exceptions", _EXCEPTIONS, ((e.kind, e.product, e.subject, e.fact, e.text) for e in found.exceptions)
    yield (
        "Unrecognised",
        _UNRECOGNISED,
        ((u.kind, u.product, u.publisher, u.version, u.installations, u.computers) for u in found.unrecognised),
    )
    yield "Rules used", _RULES, ((r.metric, r.name, _number(r.value), r.since, r.source, r.note) for r in found.rules)


_POSITION = (
    _Column("Product", width=26), _Column("Edition", width=18), _Column("Version", width=10),
    _Column("Publisher", width=16), _Column("Metric", width=20), _Column("Entitled", "integer", 10),
    _Column("Needed", "integer", 10), _Column("Covered", "integer", 10), _Column("Short", "integer", 9),
    _Column("Spare", "integer", 9), _Column("Not transferable", "integer", 11), _Column("Verdict", "verdict", 15),
    _Column("True-up cost", "money", 14), _Column("Currency", width=9), _Column("Arithmetic", "wrap", 70),
    _Column("What to do", "wrap", 48),
)  # fmt: skip
_ENTITLEMENTS = (
    _Column("Position", width=32), _Column("Metric", width=20), _Column("Entitlement", width=34),
    _Column("Packs", "integer", 9), _Column("Pack size", "integer", 9), _Column("Entitled", "integer", 10),
    _Column("Used", "integer", 9), _Column("Spare", "integer", 9), _Column("Not transferable", "integer", 11),
    _Column("Channel", width=13), _Column("Start", "date", 12), _Column("End", "date", 12),
    _Column("Maintenance until", "date", 13), _Column("Agreement", width=28), _Column("Purchase order", width=16),
    _Column("Invoice", width=16), _Column("SKU", width=16), _Column("Cost", "money", 14),
    _Column("Currency", width=9), _Column("Note", "wrap", 40),
)  # fmt: skip
_DEMAND = (
    _Column("Position", width=32), _Column("Metric", width=20), _Column("Device or person", width=26),
    _Column("Fact", "wrap", 44), _Column("Rule", "wrap", 44), _Column("Arithmetic", "wrap", 36),
    _Column("Needed", "integer", 10), _Column("Covered", "integer", 10), _Column("Missing", "wrap", 30),
    _Column("Stale", width=8),
)  # fmt: skip
_ALLOCATION = (
    _Column("Position", width=32), _Column("Device or person", width=26), _Column("Installed", width=32),
    _Column("Entitlement", width=34), _Column("Units", "integer", 9), _Column("Right", width=16),
    _Column("Why", "wrap", 60),
)  # fmt: skip
_EXCEPTIONS = (
    _Column("Kind", width=18), _Column("Product", width=32), _Column("Of", width=28), _Column("Fact", width=22),
    _Column("What", "wrap", 80),
)  # fmt: skip
_UNRECOGNISED = (
    _Column("Kind", width=16), _Column("Product", width=48), _Column("Publisher", width=28),
    _Column("Version", width=16), _Column("Installations", "integer", 13), _Column("Computers", "integer", 12),
)  # fmt: skip
_RULES = (
    _Column("Metric", width=22), _Column("Constant", "wrap", 40), _Column("Value", "value", 16),
    _Column("Holds from", "date", 12), _Column("Source", "wrap", 60), _Column("Note", "wrap", 50),
)  # fmt: skip


def _position(p: Position) -> Sequence[Any]:
    entitled = "unlimited" if p.unlimited else p.entitled
    return (p.product, p.edition, p.version, p.publisher, p.metric, entitled, p.needed, p.covered, p.short, p.spare,
            p.non_transferable, p.verdict, p.true_up, p.currency, p.arithmetic, "; ".join(p.actions))  # fmt: skip


def _entitlements(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for s in p.supply:
            yield (p.title, p.metric, s.entitlement, s.quantity, s.pack, "unlimited" if s.unlimited else s.entitled,
                   s.used, s.spare, s.non_transferable, s.channel, s.start, s.end, s.maintenance_until, s.agreement,
                   s.purchase_order, s.invoice, s.sku, s.cost, s.currency, s.note)  # fmt: skip


def _demand(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for d in p.demand:
            yield (p.title, p.metric, d.holder, d.fact, d.rule, d.arithmetic, d.quantity, d.covered,
                   "; ".join(str(m) for m in d.missing), "stale" if d.stale else "")  # fmt: skip


def _allocation(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for a in p.allocation:
            yield (p.title, a.holder, a.installed, a.entitlement, a.units, a.right, a.why)


def _number(text: str) -> Any:
    """The number that a rule's value is, else its text."""
    try:
        return float(text)
    except ValueError:
        return text


# -- how they look ------------------------------------------------------------------------------------------------


class _Sheets:
    """Writes sheets of one look into a workbook."""

    def __init__(self, book: Workbook, found: Positions) -> None:
        self.book, self.found = book, found
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
        line = {**base, "bottom": 1, "bottom_color": _LINE}
        self.formats: dict[str, Format] = {
            "text": book.add_format(line),
            "wrap": book.add_format({**line, "text_wrap": True}),
            "integer": book.add_format({**line, "num_format": "#,##0", "align": "right"}),
            "value": book.add_format({**line, "num_format": "0.##", "align": "right"}),
            "money": book.add_format({**line, "num_format": "#,##0.00"}),
            "date": book.add_format({**line, "num_format": "yyyy-mm-dd", "align": "left"}),
            "head": book.add_format({
                **base, "bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "text_wrap": True,
                "valign": "vcenter",
            }),
            "title": book.add_format({**base, "font_size": 20, "bold": True}),
            "subtitle": book.add_format({**base, "font_size": 11, "font_color": _QUIET}),
            "section": book.add_format({
                **base, "font_size": 12, "bold": True, "bottom": 2, "bottom_color": _HEAD,
            }),
            "label": book.add_format({**line, "font_color": _QUIET}),
            "figure": book.add_format({**line, "num_format": "#,##0", "align": "left", "bold": True}),
            "hash": book.add_format({**line, "font_name": "Consolas", "font_size": 9}),
        }  # fmt: skip
        for verdict, (ink, paper, _) in VERDICTS.items():
            self.formats[verdict] = book.add_format({**line, "bold": True, "font_color": ink, "bg_color": paper})

    def table(self, name: str, columns: Sequence[_Column], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet with a frozen header, filters, widths and a print set-up."""
        sheet = self.book.add_worksheet(name)
        for number, one in enumerate(columns):
            sheet.set_column(number, number, one.width)
        sheet.set_row(0, 32)
        for number, one in enumerate(columns):
            sheet.write_string(0, number, one.label, self.formats["head"])
        last = 0
        for last, row in enumerate(rows, 1):
            self._row(sheet, last, columns, row)
        if not last:
            sheet.write_string(1, 0, "Nothing to list.", self.formats["subtitle"])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, last), len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._print(sheet, name, landscape=True)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, max(1, last), len(columns) - 1)

    def _row(self, sheet: Worksheet, number: int, columns: Sequence[_Column], row: Sequence[Any]) -> None:
        for place, (one, cell) in enumerate(zip(columns, row, strict=True)):
            style = self.formats[cell if one.kind == "verdict" else one.kind]
            if cell is None or cell == "":
                sheet.write_blank(number, place, None, style)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), style)
            elif isinstance(cell, int | float):
                sheet.write_number(number, place, cell, style)
            else:
                sheet.write_string(number, place, str(cell)[:32_000], style)

    def _print(self, sheet: Worksheet, name: str, *, landscape: bool) -> None:
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_header(f"&L&8Licence position as of {self.found.at.isoformat()}&R&8{name}")
        sheet.set_footer(f"&L&8SHA-256 {self.found.hash[:16]}…&R&8Page &P of &N")

    def summary(self) -> None:
        """The first sheet: what was asked, how it stands, and what needs doing."""
        sheet = self.book.add_worksheet("Summary")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 22)
        sheet.set_column(2, 2, 16)
        sheet.set_column(3, 3, 12)
        sheet.set_column(4, 4, 70)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, "Licence position", self.formats["title"])
        text = f"Rights judged on {self.found.at.isoformat()}; {len(self.found.positions):,} positions"
        sheet.write_string(1, 0, text, self.formats["subtitle"])
        row = self._verdicts(sheet, 3)
        row = self._figures(sheet, row + 1)
        self._care(sheet, row + 1)
        self._print(sheet, "Summary", landscape=True)

    def _verdicts(self, sheet: Worksheet, row: int) -> int:
        self._section(sheet, row, ("Verdict", "Positions", "", "", "Meaning"))
        counts = self.found.verdicts()
        for verdict, (_, _, meaning) in VERDICTS.items():
            row += 1
            sheet.write_string(row, 0, verdict, self.formats[verdict])
            sheet.write_number(row, 1, counts.get(verdict, 0), self.formats["figure"])
            sheet.write_blank(row, 2, None, self.formats["text"])
            sheet.write_blank(row, 3, None, self.formats["text"])
            sheet.write_string(row, 4, meaning, self.formats["label"])
        return row + 1

    def _figures(self, sheet: Worksheet, row: int) -> int:
        self._section(sheet, row, ("Figures", "", "", "", ""))
        costs: dict[str, float] = {}
        for p in self.found.positions:
            if p.true_up is not None:
                costs[p.currency] = costs.get(p.currency, 0.0) + p.true_up
        lines: list[tuple[str, Any, str]] = [
            ("As of", self.found.at, "date"),
            ("Exceptions", len(self.found.exceptions), "figure"),
            ("Names not recognised", len(self.found.unrecognised), "figure"),
            ("Rules used", len(self.found.rules), "figure"),
            *((f"True-up cost {currency}".strip(), cost, "money") for currency, cost in sorted(costs.items())),
            ("Hash of the frozen position (SHA-256)", self.found.hash, "hash"),
        ]
        for label, value, style in lines:
            row += 1
            sheet.write_string(row, 0, label, self.formats["label"])
            if isinstance(value, date):
                sheet.write_datetime(row, 1, datetime(value.year, value.month, value.day), self.formats[style])
            elif isinstance(value, str):
                sheet.write_string(row, 1, value, self.formats[style])
            else:
                sheet.write_number(row, 1, value, self.formats[style])
        return row + 1

    def _care(self, sheet: Worksheet, row: int) -> None:
        """What is short, unknown or ineligible, the worst first."""
        self._section(sheet, row, ("Needs care", "Metric", "Verdict", "Short", "What to do"))
        order = {"short": 0, "ineligible": 1, "unknown": 2}
        care = [p for p in self.found.positions if p.verdict in order]
        for p in sorted(care, key=lambda p: (order[p.verdict], -(p.true_up or 0.0), -p.short, p.title)):
            row += 1
            sheet.write_string(row, 0, p.title, self.formats["text"])
            sheet.write_string(row, 1, p.metric, self.formats["text"])
            sheet.write_string(row, 2, p.verdict, self.formats[p.verdict])
            sheet.write_number(row, 3, p.short, self.formats["integer"])
            sheet.write_string(row, 4, "; ".join(p.actions), self.formats["wrap"])
        if not care:
            sheet.write_string(row + 1, 0, "Nothing: every position is covered.", self.formats["subtitle"])

    def _section(self, sheet: Worksheet, row: int, labels: Sequence[str]) -> None:
        for place, label in enumerate(labels):
            sheet.write_string(row, place, label, self.formats["section"])
