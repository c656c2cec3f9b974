"""The stored results of formulas: a workbook that is written anew keeps them, so that it can be read before a
spreadsheet program has calculated it.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import escape
from typing import IO, BinaryIO

from defusedxml import ElementTree

Results = dict[str, tuple[str, str]]
"""Cell → the type of its result as the file writes it, and the result."""
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*?(?:/>|>.*?</f>))<v\s*/?>(?:</v>)?</c>', re.DOTALL)
_BLANKS = re.compile(rb"<t>(?=\s)|<t>(?=[^<]*\s</t>)")
"""Texts whose blanks at their ends count, of which openpyxl does not say so in formatted texts."""
_TYPE = re.compile(rb'\s+t="\w+"')


def stored_results(container: zipfile.ZipFile) -> dict[str, Results]:
    """Sheet → the results of its formulas."""
    found: dict[str, Results] = {}
    for name, part in sheet_parts(container).items():
        data = container.read(part)
        if b"<f" in data or b":f>" in data or b":f " in data:
            with container.open(part) as file:
                found[name] = _results(file)
    return found


def _results(file: IO[bytes]) -> Results:
    found: Results = {}
    for _, element in ElementTree.iterparse(file, events=("end",)):
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            words = {child.tag.rpartition("}")[2]: child for child in element}
            value = words["v"].text if "v" in words else None
            if "f" in words and value:
                found[element.get("r", "")] = (element.get("t", ""), value)
            element.clear()
        elif tag == "row":
            element.clear()
    return found


def sheet_parts(container: zipfile.ZipFile) -> dict[str, str]:
    """Sheet → the name of its part, through the workbook's relationships."""
    targets = {}
    for one in ElementTree.fromstring(container.read("xl/_rels/workbook.xml.rels")):
        target = one.get("Target", "")
        targets[one.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for one in ElementTree.fromstring(container.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            rid = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            if targets.get(rid) in container.NameToInfo:
                found[one.get("name", "")] = targets[rid]
    return found


def put_back(written: BinaryIO, target: BinaryIO, results: Mapping[str, Results]) -> None:
    """Copies a workbook, as openpyxl wrote it, with the results that its formulas had."""
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        wanted = {part: results[name] for name, part in sheet_parts(source).items() if results.get(name)}
        for info in source.infolist():
            data = source.read(info)
            if info.filename in wanted:
                data = _with_results(data, wanted[info.filename])
            if info.filename.startswith("xl/worksheets/") or info.filename == "xl/sharedStrings.xml":
                data = _BLANKS.sub(b'<t xml:space="preserve">', data)
            copy.writestr(info, data)


def _with_results(data: bytes, results: Results) -> bytes:
    def cell(match: re.Match[bytes]) -> bytes:
        kind, value = results.get(match[1].decode(), ("", ""))
        if not value:
            return match[0]
        attributes = _TYPE.sub(b"", match[2])
        said = f' t="{kind}"'.encode() if kind in ("str", "b", "e") else b""
        return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (
            match[1], attributes, said, match[3], escape(value, quote=False).encode(),
        )  # fmt: skip

    return _FORMULA.sub(cell, data)
