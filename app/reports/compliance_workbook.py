"""The licence position as a workbook for auditors: every number, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from app.licences.position_order import PositionKey, key_of, urgency
from cmdb.licences.labels import CHANNELS, EXCEPTIONS, FACTS, KINDS, METRICS, RIGHTS, VERDICTS, label
from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import Message, chain, tr, trn
from cmdb.model.money import CurrencyTotals
from cmdb.model.whole_files import save_whole
from importers.tables.printing import row_height, set_up_printing
from importers.tables.xlsx import sheet_name, workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from cmdb.licences.engine.results import Position, Positions

#: Verdict → (ink, paper, what it means). The cell contains the word, so that colour is never the only sign.
VERDICT_COLOURS: dict[str, tuple[str, str, Message]] = {
    "compliant": ("#0B5D3B", "#D8F0E3", Message("everything that is needed is covered")),
    "over-licensed": ("#164B80", "#DCEAF8", Message("covered, and licences are left over")),
    "short": ("#8E1B1B", "#FADCD9", Message("more is needed than is owned")),
    "unknown": ("#6B4A00", "#FCEBC5", Message("a fact is missing; see what to supply")),
    "ineligible": ("#6A1B6A", "#F1DDF3", Message("what is owned may not be used there")),
    "exempt": ("#444D58", "#E9ECF0", Message("needs no licence, for the reason given")),
}
_INK, _HEAD, _LINE, _QUIET = "#1B2430", "#22364F", "#D5DAE1", "#5B6675"


class Preparation(NamedTuple):
    """Who a workbook is of, and who made it; "" where that is not known."""

    estate: str = ""
    organisation: str = ""
    author: str = ""
    notes: Mapping[PositionKey, str] = MappingProxyType({})
    """What people noted on positions."""


NOBODY = Preparation()


class _Column(NamedTuple):
    label: Message
    kind: str = "text"
    width: float = 14
    words: Mapping[str, Message] = MappingProxyType({})
    """Words for ids in it."""


def write(found: Positions, path: str | Path, head: JournalHead, made: Preparation = NOBODY) -> Path:
    """Writes the workbook, whole or not at all. Raises FileProblem if nothing can be written there.

    ``head`` is that of the journal that the position is from.
    """
    target = Path(path)
    save_whole(target, lambda file: _save(found, file, head, made))
    return target


def _save(found: Positions, file: BinaryIO, head: JournalHead, made: Preparation) -> None:
    large = sum(len(p.demand) + len(p.allocation) for p in found.positions) > 50_000
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": large}
    with workbook(file, options) as book:
        book.set_properties({
            "title": tr("Licence position as of {date}", date=found.at.isoformat()),
            "subject": tr("Effective licence position"),
            "author": made.author,
            "company": made.organisation,
            "comments": "\n".join((
                tr("Hash of the frozen position (SHA-256): {hash}", hash=found.hash),
                tr("The journal's head: {head}", head=str(head)),
            )),
            "created": datetime(found.at.year, found.at.month, found.at.day, tzinfo=UTC).replace(tzinfo=None),
        })  # fmt: skip
        sheets = _Sheets(book, found, head, made)
        sheets.summary()
        for name, columns, rows in _tables(found, made):
            sheets.table(name, columns, rows)


# -- what stands in the sheets ------------------------------------------------------------------------------------


def _tables(found: Positions, made: Preparation) -> Iterator[tuple[str, Sequence[_Column], Iterable[Sequence[Any]]]]:
    yield tr("Position"), _POSITION, ((*_position(p), made.notes.get(key_of(p), "")) for p in found.positions)
    yield tr("Entitlements"), _ENTITLEMENTS, _entitlements(found)
    yield tr("Demand"), _DEMAND, _demand(found)
    yield tr("Allocation"), _ALLOCATION, _allocation(found)
    yield tr("Exceptions"), _EXCEPTIONS, ((e.kind, e.product, e.subject, e.fact, e.text) for e in found.exceptions)
    yield (
        tr("Unrecognised"),
        _UNRECOGNISED,
        ((u.kind, u.product, u.publisher, u.version, u.installations, u.computers) for u in found.unrecognised),
    )
    yield (
        tr("Rules used"),
        _RULES,
        ((r.metric, r.name, _number(r.value), r.since, r.source, r.note) for r in found.rules),
    )


#: The widths of the summary's columns.
_SUMMARY = (32, 20, 14, 10, 66)
_POSITION = (
    _Column(Message("Product"), "wrap", 22), _Column(Message("Edition"), "wrap", 13),
    _Column(Message("Version"), "wrap", 8), _Column(Message("Publisher"), "wrap", 13),
    _Column(Message("Metric"), "wrap", 14, METRICS),
    _Column(Message("Entitled"), "integer", 8), _Column(Message("Needed"), "integer", 8),
    _Column(Message("Covered"), "integer", 8), _Column(Message("Short"), "integer", 7),
    _Column(Message("Spare"), "integer", 6), _Column(Message("Not transferable"), "integer", 10),
    _Column(Message("Verdict"), "verdict", 12, VERDICTS), _Column(Message("True-up cost"), "money", 11),
    _Column(Message("Currency"), width=7), _Column(Message("Arithmetic"), "wrap", 74),
    _Column(Message("What to do"), "wrap", 50), _Column(Message("Note"), "wrap", 40),
)  # fmt: skip
_ENTITLEMENTS = (
    _Column(Message("Position"), "wrap", 30), _Column(Message("Metric"), "wrap", 18, METRICS),
    _Column(Message("Entitlement"), "wrap", 32), _Column(Message("Packs"), "integer", 9),
    _Column(Message("Pack size"), "integer", 9), _Column(Message("Entitled"), "integer", 10),
    _Column(Message("Used"), "integer", 9), _Column(Message("Spare"), "integer", 9),
    _Column(Message("Not transferable"), "integer", 11), _Column(Message("Channel"), width=13, words=CHANNELS),
    _Column(Message("Start"), "date", 12), _Column(Message("End"), "date", 12),
    _Column(Message("Maintenance until"), "date", 13), _Column(Message("Agreement"), "wrap", 28),
    _Column(Message("Purchase order"), width=16), _Column(Message("Invoice"), width=16),
    _Column(Message("SKU"), width=16), _Column(Message("Cost"), "money", 14), _Column(Message("Currency"), width=9),
    _Column(Message("Note"), "wrap", 40),
)  # fmt: skip
_DEMAND = (
    _Column(Message("Position"), "wrap", 22), _Column(Message("Metric"), "wrap", 11, METRICS),
    _Column(Message("Device or person"), "wrap", 19), _Column(Message("Fact"), "wrap", 22),
    _Column(Message("Rule"), "wrap", 32), _Column(Message("Arithmetic"), "wrap", 13),
    _Column(Message("Needed"), "integer", 7), _Column(Message("Covered"), "integer", 8),
    _Column(Message("Missing"), "wrap", 9), _Column(Message("Stale"), width=5),
)  # fmt: skip
_ALLOCATION = (
    _Column(Message("Position"), "wrap", 22), _Column(Message("Device or person"), "wrap", 19),
    _Column(Message("Installed"), "wrap", 22), _Column(Message("Entitlement"), "wrap", 24),
    _Column(Message("Units"), "integer", 7), _Column(Message("Right"), "wrap", 13, RIGHTS),
    _Column(Message("Why"), "wrap", 41),
)  # fmt: skip
_EXCEPTIONS = (
    _Column(Message("Kind"), "wrap", 15, EXCEPTIONS), _Column(Message("Product"), "wrap", 27),
    _Column(Message("Of"), "wrap", 22), _Column(Message("Fact"), "wrap", 19, FACTS),
    _Column(Message("What"), "wrap", 65),
)  # fmt: skip
_UNRECOGNISED = (
    _Column(Message("Kind"), width=16, words=KINDS), _Column(Message("Product"), width=48),
    _Column(Message("Publisher"), width=28), _Column(Message("Version"), width=16),
    _Column(Message("Installations"), "integer", 13), _Column(Message("Computers"), "integer", 12),
)  # fmt: skip
_RULES = (
    _Column(Message("Metric"), width=22, words=METRICS), _Column(Message("Constant"), "wrap", 40),
    _Column(Message("Value"), "value", 16), _Column(Message("Holds from"), "date", 12),
    _Column(Message("Source"), "wrap", 60), _Column(Message("Note"), "wrap", 50),
)  # fmt: skip


def _position(p: Position) -> Sequence[Any]:
    entitled = tr("unlimited") if p.unlimited else p.entitled
    return (p.product, p.edition, p.version, p.publisher, p.metric, entitled, p.needed, p.covered, p.short, p.spare,
            p.non_transferable, p.verdict, p.true_up, p.currency, p.arithmetic,
            chain(p.actions))  # fmt: skip


def _entitlements(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for s in p.supply:
            yield (p.title, p.metric, s.entitlement, s.quantity, s.pack, tr("unlimited") if s.unlimited else s.entitled,
                   s.used, s.spare, s.non_transferable, s.channel, s.start, s.end, s.maintenance_until, s.agreement,
                   s.purchase_order, s.invoice, s.sku, s.cost, s.currency, s.note)  # fmt: skip


def _demand(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for d in p.demand:
            yield (p.title, p.metric, d.holder, d.fact, d.rule, d.arithmetic, d.quantity, d.covered,
                   chain(m.text for m in d.missing), tr("stale") if d.stale else "")  # fmt: skip


def _allocation(found: Positions) -> Iterator[Sequence[Any]]:
    for p in found.positions:
        for a in p.allocation:
            yield (p.title, a.holder, a.installed, a.entitlement, a.units, a.right, a.why)


def _number(text: Message | str) -> Any:
    """The number that a rule's value is, else its text."""
    if isinstance(text, Message):
        return text
    try:
        return float(text)
    except ValueError:
        return text


# -- how they look ------------------------------------------------------------------------------------------------


class _Sheets:
    """Writes sheets with a common style into a workbook."""

    def __init__(self, book: Workbook, found: Positions, head: JournalHead, made: Preparation) -> None:
        self.book, self.found, self.head, self.made = book, found, head, made
        self._names: set[str] = set()
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
        line = {**base, "bottom": 1, "bottom_color": _LINE}
        self.formats: dict[str, Format] = {
            "text": book.add_format(line),
            "wrap": book.add_format({**line, "text_wrap": True}),
            "integer": book.add_format({**line, "num_format": "#,##0", "align": "right", "indent": 1}),
            "value": book.add_format({**line, "num_format": "0.##", "align": "right", "indent": 1}),
            "money": book.add_format({**line, "num_format": "#,##0.00", "align": "right", "indent": 1}),
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
        for verdict, (ink, paper, _) in VERDICT_COLOURS.items():
            self.formats[verdict] = book.add_format({**line, "bold": True, "font_color": ink, "bg_color": paper})

    def table(self, name: str, columns: Sequence[_Column], rows: Iterable[Sequence[Any]]) -> None:
        """A sheet with a frozen header, filters, widths and a print set-up."""
        sheet = self.book.add_worksheet(sheet_name(name, self._names))
        for number, one in enumerate(columns):
            sheet.set_column(number, number, one.width)
        sheet.set_row(0, 32)
        for number, one in enumerate(columns):
            sheet.write_string(0, number, str(one.label), self.formats["head"])
        last = 0
        for last, row in enumerate(rows, 1):
            self._row(sheet, last, columns, row)
        if not last:
            sheet.write_string(1, 0, tr("Nothing to list."), self.formats["subtitle"])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, last), len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._print(sheet, name, [one.width for one in columns])
        sheet.print_area(0, 0, max(1, last), len(columns) - 1)

    def _row(self, sheet: Worksheet, number: int, columns: Sequence[_Column], row: Sequence[Any]) -> None:
        wrapped = [
            (str(one.words.get(cell, cell) if isinstance(cell, str) else cell), one.width)
            for one, cell in zip(columns, row, strict=True)
            if one.kind == "wrap" and cell
        ]
        self._height(sheet, number, *wrapped)
        for place, (one, cell) in enumerate(zip(columns, row, strict=True)):
            style = self.formats[cell if one.kind == "verdict" else one.kind]
            if isinstance(cell, str):
                cell = one.words.get(cell, cell)
            if cell is None or cell == "":
                sheet.write_blank(number, place, None, style)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), style)
            elif isinstance(cell, int | float | Decimal):
                sheet.write_number(number, place, cell, style)
            else:
                sheet.write_string(number, place, str(cell)[:32_000], style)

    @staticmethod
    def _height(sheet: Worksheet, number: int, *wrapped: tuple[str, float]) -> None:
        """Makes room for texts that wrap: programs that print a workbook do not measure them."""
        height = row_height(wrapped)
        if height is not None:
            sheet.set_row(number, height)

    def _print(self, sheet: Worksheet, name: str, widths: Sequence[float], *, headings: bool = True) -> None:
        of = self.made.organisation or self.made.estate
        day = self.found.at
        title = (
            tr("{organisation}: licence position as of {day}", organisation=of, day=day)
            if of
            else tr("Licence position as of {day}", day=day)
        )
        sheet.hide_gridlines(2)
        foot = f"SHA-256 {self.found.hash[:16]}…"
        set_up_printing(sheet, widths, title=title, right=name, foot=foot, headings=headings)

    def summary(self) -> None:
        """The first sheet: the parameters, the result, and what needs action."""
        sheet = self.book.add_worksheet(sheet_name(tr("Summary"), self._names))
        for place, width in enumerate(_SUMMARY):
            sheet.set_column(place, place, width)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, tr("Licence position"), self.formats["title"])
        text = trn(
            "Rights judged on {date}; {count} position",
            "Rights judged on {date}; {count} positions",
            len(self.found.positions),
            date=self.found.at.isoformat(),
        )
        sheet.write_string(1, 0, text, self.formats["subtitle"])
        row = self._verdicts(sheet, 3)
        row = self._figures(sheet, row + 1)
        self._attention(sheet, row + 1)
        self._print(sheet, tr("Summary"), _SUMMARY, headings=False)

    def _verdicts(self, sheet: Worksheet, row: int) -> int:
        self._section(sheet, row, (tr("Verdict"), tr("Positions"), "", "", tr("Meaning")))
        counts = self.found.verdicts()
        for verdict, (_, _, meaning) in VERDICT_COLOURS.items():
            row += 1
            sheet.write_string(row, 0, label(VERDICTS, verdict), self.formats[verdict])
            sheet.write_number(row, 1, counts.get(verdict, 0), self.formats["figure"])
            sheet.write_blank(row, 2, None, self.formats["text"])
            sheet.write_blank(row, 3, None, self.formats["text"])
            sheet.write_string(row, 4, str(meaning), self.formats["label"])
        return row + 1

    def _figures(self, sheet: Worksheet, row: int) -> int:
        self._section(sheet, row, (tr("Figures"), "", "", "", ""))
        costs = CurrencyTotals((p.true_up, p.currency) for p in self.found.positions)
        lines: list[tuple[str, Any, str]] = [
            *((name, text, "text") for name, text in self._prepared() if text),
            (tr("As of"), self.found.at, "date"),
            (tr("Exceptions"), len(self.found.exceptions), "figure"),
            (tr("Names not recognised"), len(self.found.unrecognised), "figure"),
            (tr("Rules used"), len(self.found.rules), "figure"),
            *(
                (
                    tr("True-up cost {currency}", currency=cost.currency)
                    if cost.currency
                    else tr("True-up cost without a currency"),
                    cost.value,
                    "money",
                )
                for cost in costs
            ),
            (tr("Hash of the frozen position (SHA-256)"), self.found.hash, "hash"),
            (tr("The journal's head"), str(self.head), "hash"),
        ]
        for name, value, style in lines:
            row += 1
            sheet.write_string(row, 0, name, self.formats["label"])
            if isinstance(value, date):
                sheet.write_datetime(row, 1, datetime(value.year, value.month, value.day), self.formats[style])
            elif isinstance(value, str):
                sheet.write_string(row, 1, value, self.formats[style])
            else:
                sheet.write_number(row, 1, value, self.formats[style])
        return row + 1

    def _prepared(self) -> tuple[tuple[str, str], ...]:
        """Whose position it is, and who made the workbook."""
        made = self.made
        return (tr("Organisation"), made.organisation), (tr("Estate"), made.estate), (tr("Prepared by"), made.author)

    def _attention(self, sheet: Worksheet, row: int) -> None:
        """The positions that are short, unknown or ineligible, the worst first."""
        self._section(sheet, row, (tr("Needs attention"), tr("Metric"), tr("Verdict"), tr("Short"), tr("What to do")))
        order = {"short": 0, "ineligible": 1, "unknown": 2}
        care = [p for p in self.found.positions if p.verdict in order]
        for p in sorted(care, key=lambda p: (order[p.verdict], urgency(p))):
            row += 1
            todo = str(chain(p.actions))
            self._height(sheet, row, (todo, _SUMMARY[-1]), (p.title, _SUMMARY[0]))
            sheet.write_string(row, 0, p.title, self.formats["wrap"])
            sheet.write_string(row, 1, label(METRICS, p.metric), self.formats["text"])
            sheet.write_string(row, 2, label(VERDICTS, p.verdict), self.formats[p.verdict])
            sheet.write_number(row, 3, p.short, self.formats["integer"])
            sheet.write_string(row, 4, todo, self.formats["wrap"])
        if not care:
            sheet.write_string(row + 1, 0, tr("Nothing: every position is covered."), self.formats["subtitle"])

    def _section(self, sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
        for place, heading in enumerate(headings):
            sheet.write_string(row, place, heading, self.formats["section"])
