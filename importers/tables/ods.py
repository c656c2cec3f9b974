"""Tables as OpenDocument spreadsheets (OASIS ODF 1.2, part 1), written by hand: the format is a zip of XML."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from cmdb.model.characters import in_xml
from cmdb.model.currencies import digits, minor_units
from importers.tables.cells import escape_typed, fits_number_cell
from importers.tables.model import LONGEST, Column, Table, currency_places
from importers.tables.xlsx import sheet_name

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("config", "config"), ("manifest", "manifest"),
    )
)  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STYLES = """<office:automatic-styles>
<number:date-style style:name="day-format"><number:year number:style="long"/><number:text>-</number:text>\
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="day-format"/>
<style:style style:name="head" style:family="table-cell"><style:table-cell-properties fo:background-color="#e8edf3"/>\
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="4cm"/>\
</style:style>
</office:automatic-styles>
"""


def write_ods(file: BinaryIO, tables: Sequence[Table]) -> None:
    """One sheet per table: typed cells, frozen header with filters, hidden ids and base hashes."""
    used: set[str] = set()
    names = [sheet_name(table.title, used) for table in tables]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _MIME)  # first and uncompressed, as the standard requires
        archive.writestr("META-INF/manifest.xml", _manifest())
        archive.writestr("settings.xml", _settings(names))
        with archive.open("content.xml", "w", force_zip64=True) as raw, TextIOWrapper(raw, "utf-8") as out:
            out.write(f'{_HEAD}<office:document-content {_NAMESPACES} office:version="1.2">{_STYLES}')
            out.write("<office:body><office:spreadsheet>\n")
            for name, table in zip(names, tables, strict=True):
                _write_table(out, name, table)
            out.write("<table:database-ranges>")
            for number, (name, table) in enumerate(zip(names, tables, strict=True)):
                _write_range(out, number, name, table)
            out.write("</table:database-ranges></office:spreadsheet></office:body></office:document-content>\n")


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _MIME), ("content.xml", "text/xml"), ("settings.xml", "text/xml"))
    )
    namespace = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    return f'{_HEAD}<manifest:manifest {namespace} manifest:version="1.2">{entries}</manifest:manifest>\n'


def _settings(names: Sequence[str]) -> str:
    """Freezes the first row of each sheet."""
    items = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(name)}>"
        '<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>'
        '<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>'
        '<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>'
        "</config:config-item-map-entry>"
        for name in names
    )
    return (
        f'{_HEAD}<office:document-settings {_NAMESPACES} office:version="1.2"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item-map-named config:name="Tables">'
        f"{items}</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>\n"
    )


def _write_table(out: TextIOWrapper, name: str, table: Table) -> None:
    columns, hidden = list(table.columns), table.hidden()
    out.write(f"<table:table table:name={quoteattr(name)}>")
    out.write('<table:table-column table:style-name="wide"/>' * len(columns))
    out.write('<table:table-column table:visibility="collapse"/>' * len(hidden))
    everything = [*columns, *hidden]
    out.write("\n<table:table-row>" + "".join(_text(c.header, ' table:style-name="head"') for c in everything))
    out.write("</table:table-row>\n")
    currencies = currency_places(columns)
    for line in table.lines(LONGEST):
        cells = (
            _cell(column, cell, line[currencies[n]] if n in currencies else "")
            for n, (column, cell) in enumerate(zip(everything, line, strict=True))
        )
        out.write(f"<table:table-row>{''.join(cells)}</table:table-row>\n")
    out.write("</table:table>\n")


def _cell(column: Column, cell: Any, currency: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        value = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
        return f"<table:table-cell {value}><text:p>{str(cell).upper()}</text:p></table:table-cell>"
    if isinstance(cell, int | float | Decimal):
        return _number(column, cell, str(currency or ""))
    if column.type == "date" and _is_date(cell):
        value = f'table:style-name="day" office:value-type="date" office:date-value="{cell}"'
        return f"<table:table-cell {value}><text:p>{cell}</text:p></table:table-cell>"
    return _text(escape_typed(cell))


def _number(column: Column, cell: int | float | Decimal, currency: str) -> str:
    if isinstance(cell, float):
        written = repr(cell)
    else:
        written = digits(cell, minor_units(currency) if column.type == "money" else 0)
    if not fits_number_cell(cell):
        return _text(written)
    value = f'office:value-type="float" office:value="{written}"'
    return f"<table:table-cell {value}><text:p>{written}</text:p></table:table-cell>"


def _is_date(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return len(cell) == 10


def _text(text: str, style: str = "") -> str:
    """A text cell: lines as paragraphs, further blanks as elements, what XML cannot hold left out.

    Tabs stay characters: LibreOffice 7.4 loses the element for them when it reads a cell.
    """
    paragraphs = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in in_xml(text).split("\n"))
    return f'<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>'


def _spaced(line: str) -> str:
    line = escape(line).replace("\r", "")
    made, blank = [], False
    for index, letter in enumerate(line):
        made.append("<text:s/>" if letter == " " and (blank or index == 0) else letter)
        blank = letter == " "
    return "".join(made) if "  " in line or line.startswith(" ") else line


def _write_range(out: TextIOWrapper, number: int, name: str, table: Table) -> None:
    from importers.spreadsheets.files.archive import column_letters

    last = column_letters(max(0, len(table.columns) + len(table.hidden()) - 1))
    quoted = name.replace("'", "''")
    area = quoteattr(f"'{quoted}'.A1:'{quoted}'.{last}{table.written + 1}")
    out.write(f'<table:database-range table:name="filter{number}" table:target-range-address={area} ')
    out.write('table:display-filter-buttons="true"/>')
