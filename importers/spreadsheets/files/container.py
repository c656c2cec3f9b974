"""Looks a zipped workbook through before it is parsed: what it is, whether it can be held, what the parser omits."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text, opened
from importers.spreadsheets.files.archive import check_sizes, refuse_directory, refuse_entities, refuse_size
from importers.spreadsheets.files.file_type import kind_of, read_head
from importers.spreadsheets.files.ods_content import read_content
from importers.spreadsheets.files.ods_details import details_of
from importers.spreadsheets.files.ods_text import with_characters
from importers.spreadsheets.files.package import (
    OfficePackage,
    Parts,
    by_clean_name,
    find_package,
    formats_of,
    packed_anew,
)
from importers.spreadsheets.files.repeated_texts import refuse_repeated_texts, refuse_shared_texts
from importers.spreadsheets.files.sheet_parts import SheetDetails, scan_sheet
from importers.spreadsheets.files.xlsb_parts import scan_binary_sheet

#: What other zip archives are, by the name (in small letters) of a part that only they have.
_OTHERS = (
    ("index/document.iwa", Message("a document of Apple Numbers, Pages or Keynote: export it as xlsx or csv first")),
    ("index.zip", Message("a document of Apple Numbers, Pages or Keynote: export it as xlsx or csv first")),
    ("word/document.xml", Message("a Word document: save its table as a spreadsheet first")),
    ("ppt/presentation.xml", Message("a presentation")),
    ("meta-inf/manifest.mf", Message("a Java archive")),
    ("androidmanifest.xml", Message("an Android package")),
)


#: What a packed folder is called by.
PACKED = ".zip"
#: Parts that only documents and programs have at the top.
_MARKS = frozenset({
    "[content_types].xml", "_rels/.rels", "content.xml", "mimetype", "__main__.py", *(name for name, _ in _OTHERS)
})  # fmt: skip

#: What reading a damaged archive raises; numbers in it may be longer than any that are computed with.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, ArithmeticError, NotImplementedError, OSError, ValueError
)  # fmt: skip


_WORKBOOK = re.compile(r"(?:[^/]+/)?workbook\.(?:xml|bin)")


@dataclass(slots=True)
class Container:
    """The result of looking a workbook through."""

    kind: str
    """"xlsx", "xlsb" or "ods"."""
    details: dict[str, SheetDetails] = field(default_factory=dict)
    """By sheet name."""
    anew: BinaryIO | None = None
    """The workbook packed as the parser expects it, where the file itself is not."""


def is_packed_folder(path: Path) -> bool:
    """Whether a file is a folder packed as a .zip, and no document or program that is an archive, too.

    One that is so damaged that its parts are not known is none.
    """
    if path.suffix.casefold() != PACKED:
        return False
    try:
        if kind_of(read_head(path)) != "zip":
            return False
        with opened(path) as raw:
            refuse_directory(path, raw)
            with zipfile.ZipFile(raw) as archive:
                names = {name.casefold() for name in by_clean_name(archive.infolist())}
    except (FileProblem, *DAMAGE):
        return False
    return names.isdisjoint(_MARKS) and not any(map(_WORKBOOK.fullmatch, names))


def look_through(path: Path) -> Container:
    """Checks a zip file that should be a workbook. Raises FileProblem with a one-line message."""
    try:
        with opened(path) as raw:
            refuse_directory(path, raw)
            with zipfile.ZipFile(raw) as archive:
                return _looked_through(path, raw, archive)
    except DAMAGE as error:
        raise FileProblem(
            Message("{file} is damaged or was cut short: it cannot be unpacked.", file=name_as_text(path))
        ) from error


def _looked_through(path: Path, raw: BinaryIO, archive: zipfile.ZipFile) -> Container:
    """Of a file that is open once: what is checked of it is what is read."""
    parts = by_clean_name(archive.infolist())
    if any(info.flag_bits & 1 for info in parts.values()):
        _refuse_protected(path)
    check_sizes(path, parts)
    refuse_entities(path, raw, parts)
    if _is_ods(path, archive, parts):
        content = read_content(path, raw, parts)
        refuse_repeated_texts(path, content)
        return Container("ods", details_of(content), with_characters(archive))
    package = find_package(path, raw, parts)
    if package is None:
        _refuse_other(path, parts)
    return _office(path, raw, parts, package)


def _office(path: Path, raw: BinaryIO, parts: Parts, package: OfficePackage) -> Container:
    formats = formats_of(path, raw, parts, package)
    details: dict[str, SheetDetails] = {}
    refuse_size(path, sum(parts[sheet.part].file_size for sheet in package.sheets if sheet.part in parts))
    if not package.binary:
        refuse_shared_texts(path, raw, parts, package)
    for sheet in package.sheets:
        if sheet.kind == "worksheet" and sheet.part in parts:
            info = parts[sheet.part]
            if package.binary:
                details[sheet.name] = scan_binary_sheet(path, raw, info, formats)
            else:
                details[sheet.name] = scan_sheet(path, raw, info, formats, package.calculated_on_opening)
    anew = packed_anew(path, raw, parts, package) if package.anew else None
    return Container("xlsb" if package.binary else "xlsx", details, anew)


def _is_ods(path: Path, archive: zipfile.ZipFile, parts: Parts) -> bool:
    if "content.xml" not in parts:
        return False
    if "mimetype" in parts and parts["mimetype"].file_size < 200:
        if not archive.read(parts["mimetype"]).startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return False
        manifest = parts.get("META-INF/manifest.xml")
        if manifest and manifest.file_size < 1 << 20 and b"encryption-data" in archive.read(manifest):
            _refuse_protected(path)
        return True
    return "META-INF/manifest.xml" in parts


def _refuse_protected(path: Path) -> NoReturn:
    raise FileProblem(Message("{file} is protected by a password. Save it without one first.", file=name_as_text(path)))


def _refuse_other(path: Path, parts: Parts) -> NoReturn:
    names = {name.casefold() for name in parts}
    kind = next((kind for name, kind in _OTHERS if name in names), None)
    if kind is None:
        raise FileProblem(Message("{file} is a zip archive, but not a spreadsheet.", file=name_as_text(path)))
    raise FileProblem(Message("{file} is not a spreadsheet: it is {kind}.", file=name_as_text(path), kind=kind))
