"""Reports as a page: one HTML file without anything from outside, for reading, printing and mailing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from app.reports.model import ReportContext
from cmdb.model.formats import Plain, money, number
from cmdb.model.language import current
from cmdb.model.messages import Message, counted, tr
from cmdb.model.whole_files import save_whole
from importers.tables import Column, Table

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


def write_html(path: Path, table: Table, description: str, question: ReportContext) -> int:
    """Writes a table as a page, and returns how many rows. Raises FileProblem."""
    lines = list(table.lines())
    text = "\n".join(_page(table, lines, description, question))
    save_whole(path, lambda file: file.write(text.encode("utf-8", "backslashreplace")))
    return len(lines)


def _page(table: Table, lines: list[list[Any]], description: str, question: ReportContext) -> Iterator[str]:
    about = Message(
        "{date}, revision {number}, {rows}. The journal's head: {head}",
        date=question.today.isoformat(),
        number=Plain(question.reader.number),
        head=str(question.reader.head()),
        rows=counted("{count} row", "{count} rows", len(lines)),
    )
    yield f'<!doctype html>\n<html lang="{escape(current().code)}"><head><meta charset="utf-8">'
    yield f"<title>{escape(table.title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(table.title)}</h1>"
    yield f"<p>{escape(description)} {escape(str(about))}</p>"
    yield "<table><thead><tr>"
    for column in table.columns:
        yield f"<th{_kind(column)}>{escape(column.header)}</th>"
    yield "</tr></thead><tbody>"
    for line in lines:
        cells = zip(table.columns, line, strict=True)
        yield "<tr>" + "".join(f"<td{_kind(c)}>{escape(_shown(c, v))}</td>" for c, v in cells) + "</tr>"
    yield "</tbody></table></body></html>"


def _kind(column: Column) -> str:
    return ' class="number"' if column.type in _NUMBERS else ""


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if column.type == "money":
        return money(value)
    if isinstance(value, int):
        return number(value)
    return str(value)
