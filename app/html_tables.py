"""Tables as a page: one HTML file without anything from outside, for reading, printing and mailing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cmdb.model.formats import Plain, money, number
from cmdb.model.language import current
from cmdb.model.messages import Message, tr, trn
from cmdb.model.whole_files import save_whole
from importers.tables import Column, Table

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_STYLE = """
:root { color-scheme: light dark; --line: #d5dae1; --quiet: #5b6675; --head: #eef1f5; --back: #fff; --text: #1a212b; }
@media (prefers-color-scheme: dark) {
  :root { --line: #343c47; --quiet: #9aa6b5; --head: #232a33; --back: #171c22; --text: #e6eaf0; }
}
body { font: 14px/1.45 system-ui, sans-serif; margin: 2.5rem; color: var(--text); background: var(--back); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
p { color: var(--quiet); margin: 0 0 1.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: var(--head); position: sticky; top: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
@media print { body { margin: 0; } thead { display: table-header-group; } tr { break-inside: avoid; } }
"""
_NUMBERS = ("integer", "number", "money")


def write_html(path: Path, table: Table, description: str, reader: Reader, today: date) -> int:
    """Writes a table as a page, piece by piece, and returns how many rows; ``today`` is the day that it is of.

    Raises FileProblem.
    """

    def save(file: BinaryIO) -> None:
        for line in _page(table, description, reader, today):
            file.write(line.encode("utf-8", "backslashreplace") + b"\n")

    save_whole(path, save)
    return table.written


def _page(table: Table, description: str, reader: Reader, today: date) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="{escape(current().code)}"><head><meta charset="utf-8">'
    yield f"<title>{escape(table.title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(table.title)}</h1>"
    about = Message(
        "{date}, revision {number}. The journal's head: {head}",
        date=today.isoformat(),
        number=Plain(reader.number),
        head=str(reader.head()),
    )
    yield f"<p>{escape(' '.join(filter(None, (description, str(about)))))}</p>"
    yield "<table><thead><tr>"
    for column in table.columns:
        yield f"<th{_kind(column)}>{escape(column.header)}</th>"
    yield "</tr></thead><tbody>"
    names = [column.name for column in table.columns]
    currencies = [names.index(one.currency) if one.currency in names else -1 for one in table.columns]
    for line in table.lines():
        codes = [str(line[place] or "") if place >= 0 else "" for place in currencies]
        cells = zip(table.columns, line, codes, strict=False)
        yield "<tr>" + "".join(f"<td{_kind(c)}>{escape(_shown(c, v, code))}</td>" for c, v, code in cells) + "</tr>"
    rows = trn("{count} row", "{count} rows", table.written)
    yield f"</tbody></table><p>{escape(rows)}</p></body></html>"


def _kind(column: Column) -> str:
    return ' class="number"' if column.type in _NUMBERS else ""


def _shown(column: Column, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if column.type == "money":
        return money(value, currency)
    if isinstance(value, int):
        return number(value)
    return str(value)
