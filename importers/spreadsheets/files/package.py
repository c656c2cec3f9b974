"""The parts of an Office Open XML workbook (xlsx, xlsb), found by their relationships and not by their names.

Programs name the parts as they like: with back slashes, at the package's root, under another folder. Spreadsheet
programs follow the relationships, and so does this. What the parser would not find is packed anew for it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import unpack
from importers.spreadsheets.files.number_formats import BUILT_IN, NumberFormat, meaning_of
from importers.spreadsheets.files.xlsb_parts import formats_of_styles, sheet_names

Parts = Mapping[str, zipfile.ZipInfo]

#: Unpacked bytes of a workbook that has to be packed anew.
_MOST_ANEW = 300 << 20
_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ENVELOPE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name, its part, and its kind ("worksheet", "chartsheet", "dialogsheet", …)."""

    name: str
    part: str
    kind: str
    state: str = "visible"


@dataclass(slots=True)
class OfficePackage:
    """The parts of a workbook that matter for reading it."""

    workbook: str
    binary: bool
    sheets: list[SheetPart] = field(default_factory=list)
    strings: str = ""
    styles: str = ""
    since_1904: bool = False
    calculated_on_opening: bool = False
    """Whether a spreadsheet program is told to calculate all formulas: their results are none yet."""
    anew: bool = False
    """Whether it must be packed anew before the parser can read it."""


def by_clean_name(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The parts by their names as they should be written."""
    return {info.filename.replace("\\", "/").lstrip("/"): info for info in infos}


def find_package(path: Path, raw: BinaryIO, parts: Parts) -> OfficePackage | None:
    """The workbook of a package; None where the archive is none. Raises FileProblem where its parts are damaged."""
    main = _main_part(path, raw, parts)
    if not main:
        return None
    found = OfficePackage(main, main.endswith(".bin"))
    relations = _relations(path, raw, parts, main)
    for kind, target in relations.values():
        if kind == "sharedStrings":
            found.strings = target
        elif kind == "styles":
            found.styles = target
    if found.binary:
        names = sheet_names(b"".join(unpack(path, raw, parts[main])))
        found.sheets = [SheetPart(names.get(rid, ""), part, kind) for rid, (kind, part) in relations.items()]
    else:
        _read_workbook(found, _tree(path, raw, parts, main), relations)
    found.anew = _unreadable(path, raw, parts, found)
    return found


def _main_part(path: Path, raw: BinaryIO, parts: Parts) -> str:
    """The part that is the workbook, or ""."""
    if _folded("_rels/.rels", parts):
        for kind, target in _relations(path, raw, parts, "").values():
            if kind == "officeDocument" and target in parts:
                named = posixpath.basename(target).startswith("workbook.")
                return target if named or _is_workbook(path, raw, parts[target]) else ""
    names = [n for n in parts if re.fullmatch(r"(?:[^/]+/)?workbook\.(?:xml|bin)", n)]
    return min(names, key=len, default="")


def _is_workbook(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> bool:
    if info.filename.endswith(".bin"):
        return True
    start = next(unpack(path, raw, info, 4096), b"").replace(b"\0", b"")
    return re.search(rb"<(?:\w+:)?workbook[\s>]", start) is not None


def _folded(name: str, parts: Parts) -> str:
    """The part of that name, in whatever case; "" where there is none."""
    if name in parts:
        return name
    return next((one for one in parts if one.casefold() == name.casefold()), "")


def _relations(path: Path, raw: BinaryIO, parts: Parts, source: str) -> dict[str, tuple[str, str]]:
    """A part's relationships: id → the last word of their type, and the part they lead to."""
    folder, name = posixpath.split(source)
    place = _folded(posixpath.join(folder, "_rels", f"{name}.rels"), parts)
    if not place:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for one in _tree(path, raw, parts, place):
        target = one.get("Target", "").replace("\\", "/")
        if one.get("TargetMode", "").casefold() == "external" or not target:
            continue
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        kind = one.get("Type", "").rpartition("/")[2]
        found[one.get("Id", "")] = (kind, _folded(target, parts) or target)
    return found


def _tree(path: Path, raw: BinaryIO, parts: Parts, name: str) -> Element:
    from defusedxml import ElementTree

    try:
        return ElementTree.fromstring(b"".join(unpack(path, raw, parts[name])))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileProblem(
            Message("{file} is damaged: {part} is no XML.", file=name_as_text(path), part=name)
        ) from error


def _read_workbook(found: OfficePackage, tree: Element, relations: Mapping[str, tuple[str, str]]) -> None:
    for one in tree.iter():
        tag = str(one.tag).rpartition("}")[2]
        if tag == "workbookPr":
            found.since_1904 = one.get("date1904", "") in ("1", "true")
        elif tag == "calcPr":
            found.calculated_on_opening = one.get("fullCalcOnLoad", "") in ("1", "true")
        elif tag == "sheet":
            rid = next((v for k, v in one.attrib.items() if k.endswith("}id")), "")
            kind, part = relations.get(rid, ("", ""))
            found.sheets.append(SheetPart(one.get("name", ""), part, kind, one.get("state", "visible")))


def _unreadable(path: Path, raw: BinaryIO, parts: Parts, found: OfficePackage) -> bool:
    """Whether the parser would not find the parts, or take them for empty."""
    name = posixpath.basename(found.workbook)
    if name not in ("workbook.xml", "workbook.bin") or any(info.filename.startswith("/") for info in parts.values()):
        return True
    if not found.binary and any(sheet.kind not in ("worksheet", "chartsheet", "dialogsheet") for sheet in found.sheets):
        return True
    if found.binary:
        return False
    if found.strings in parts and _claims_strings(path, raw, parts[found.strings]):
        return True
    read = [sheet.part for sheet in found.sheets] + [found.strings, found.styles, found.workbook]
    return any(_is_utf16(path, raw, parts[part]) for part in read if part in parts)


#: The counts in the root of the shared texts, for which the parser makes room.
_COUNTS = re.compile(rb"(<(?:\w+:)?sst\b[^>]*?)\s(?:uniqueCount|count)=[\"'](\d+)[\"']")


def _claims_strings(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> bool:
    """Whether the part of shared texts claims more of them than it can hold."""
    start = next(unpack(path, raw, info, 4096), b"")
    return any(int(count) > info.file_size for count in re.findall(rb"ount=[\"'](\d+)[\"']", start[:1000]))


def _without_counts(xml: bytes) -> bytes:
    start = xml[:4096]
    while _COUNTS.search(start):
        start = _COUNTS.sub(rb"\1", start, count=1)
    return start + xml[4096:]


def _is_utf16(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> bool:
    start = next(unpack(path, raw, info, 64), b"")
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]


#: A styles part larger than this is not looked through.
_MOST_STYLES = 20 << 20


def formats_of(path: Path, raw: BinaryIO, parts: Parts, found: OfficePackage) -> dict[int, NumberFormat]:
    """The cell styles (by their number) whose format carries meaning."""
    if found.styles not in parts or parts[found.styles].file_size > _MOST_STYLES:
        return {}
    if found.binary:
        return formats_of_styles(b"".join(unpack(path, raw, parts[found.styles])))
    codes = {str(number): code for number, code in BUILT_IN.items()}
    styles: list[str] = []
    for part in _tree(path, raw, parts, found.styles):
        tag = str(part.tag).rpartition("}")[2]
        if tag == "numFmts":
            codes.update((one.get("numFmtId", ""), one.get("formatCode", "")) for one in part)
        elif tag == "cellXfs":
            styles = [one.get("numFmtId", "") for one in part]
    known = {number: meaning_of(code) for number, code in codes.items()}
    return {place: meaning for place, number in enumerate(styles) if (meaning := known.get(number)) is not None}


def packed_anew(path: Path, raw: BinaryIO, parts: Parts, found: OfficePackage) -> BinaryIO:
    """The same cells in a package as the parser expects it, in memory. Sheets without cells are left out.

    Raises FileProblem where it is too large.
    """
    sheets = [one for one in found.sheets if one.kind == "worksheet" and one.part in parts]
    wanted = [one.part for one in sheets] + [part for part in (found.strings, found.styles) if part in parts]
    size = sum(parts[part].file_size for part in wanted)
    if size > _MOST_ANEW or found.binary:
        raise FileProblem(
            Message(
                "{file} is packed in an unusual way and would unpack to {size}. Open it in a spreadsheet program and "
                "save it anew.",
                file=name_as_text(path),
                size=Size(size),
            )
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        relations, listed = [], []
        for number, one in enumerate(sheets, 1):
            name = f"worksheets/sheet{number}.xml"
            package.writestr(f"xl/{name}", _as_utf8(b"".join(unpack(path, raw, parts[one.part]))))
            relations.append(_relation(f"rId{number}", "worksheet", name))
            attributes = f'sheetId="{number}" state={quoteattr(one.state)} r:id="rId{number}"'
            listed.append(f"<sheet name={quoteattr(one.name)} {attributes}/>")
        for kind, part, name in (
            ("sharedStrings", found.strings, "sharedStrings.xml"),
            ("styles", found.styles, "styles.xml"),
        ):
            if part in parts:
                xml = _as_utf8(b"".join(unpack(path, raw, parts[part])))
                package.writestr(f"xl/{name}", _without_counts(xml) if part == found.strings else xml)
                relations.append(_relation(kind, kind, name))
        package.writestr("_rels/.rels", _relations_xml([_relation("rId1", "officeDocument", "xl/workbook.xml")]))
        package.writestr("xl/_rels/workbook.xml.rels", _relations_xml(relations))
        package.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="{_SPACE}" xmlns:r="{_RELATIONS}">'
            f'<workbookPr date1904="{int(found.since_1904)}"/><sheets>{"".join(listed)}</sheets></workbook>',
        )
    made.seek(0)
    return made


def _as_utf8(xml: bytes) -> bytes:
    if not xml.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in xml[:4]:
        return xml
    codec = "utf-16" if xml.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-16-be" if xml[:1] == b"\0" else "utf-16-le"
    text = xml.decode(codec, "replace")
    return re.sub(r"^(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']", r"\1", text, count=1).encode()


def _relation(rid: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{rid}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


def _relations_xml(relations: list[str]) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_ENVELOPE}">{"".join(relations)}</Relationships>'
    )
