"""What a workbook holds that would be lost if it were written anew, from its parts, before it is opened."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message
from cmdb.model.regular_files import opened
from importers.spreadsheets.files.archive import column_number

#: Unpacked bytes of all parts up to which a workbook is written anew.
MOST_BYTES = 20 << 20
#: Cells up to which it is.
MOST_CELLS = 400_000
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:core|app|custom)\.xml|docProps/thumbnail\.\w+"
    r"|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|xl/sharedStrings\.xml|xl/theme/theme\d*\.xml"
    r"|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.xml\.rels|xl/calcChain\.xml|xl/persons/[^/]+"
    r"|xl/(?:comments/)?comments?\d+\.xml|xl/drawings/(?:vmlDrawing|commentsDrawing)\d+\.vml|xl/tables/table\d+\.xml"
    r"|xl/printerSettings/printerSettings\d+\.bin|xl/externalLinks/(?:_rels/)?externalLink\d+\.xml(?:\.rels)?"
    r"|xl/vbaProject\.bin|xl/_rels/vbaProject\.bin\.rels|.*/",
    re.IGNORECASE,
)
_LOST = (
    (r"xl/(?:drawings/)?charts?/|xl/chartsheets/|xl/drawings/charts/", Message("charts")),
    (r"xl/pivot(?:Tables|Cache)/", Message("pivot tables")),
    (r"xl/slicer|xl/timeline", Message("slicers")),
    (r"xl/ctrlProps/|xl/activeX/", Message("form controls")),
    (r"xl/media/|xl/richData/", Message("pictures")),
    (r"xl/threadedComments/", Message("threaded comments")),
    (r"docMetadata/", Message("a sensitivity label")),
    (r"xl/embeddings/", Message("embedded objects")),
    (r"customXml/", Message("custom XML")),
    (r"xl/connections\.xml|xl/queryTables/|xl/model/", Message("connections to data")),
    (r"xl/metadata\.xml", Message("dynamic arrays")),
    (r"_xmlsignatures/", Message("a signature")),
    (r"customUI", Message("buttons of its own in the ribbon")),
    (r"xl/(?:drawings|diagrams)/", Message("shapes or drawings")),
)
_SHAPES = re.compile(rb"ObjectType=\"(?!Note\")(\w+)\"")
_EXTENSION = re.compile(rb"<(?:\w+:)?ext\s")
_CELL = re.compile(rb"<(?:\w+:)?c[ >]")
#: An area of which openpyxl makes every cell, also those that the file does not hold.
_AREA = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref=[\"']\$?([A-Za-z]{1,9})\$?(\d{1,15}):\$?([A-Za-z]{1,9})\$?(\d{1,15})"
)


def lost_in(path: Path) -> tuple[Message | str, ...]:
    """What would be lost, in words. Raises FileProblem for a file that is too large, or no xlsx or xlsm."""
    try:
        with opened(path) as file, zipfile.ZipFile(file) as container:
            parts = container.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise FileProblem(Message("{file} is no xlsx or xlsm, and only those can be marked.", file=path.name))
            _limit(path, container, parts)
            found: dict[str, Message | str] = {}
            for part in parts:
                if not _KEPT.fullmatch(part.filename) and not _is_blank_drawing(container, part):
                    what = next((what for pattern, what in _LOST if re.match(pattern, part.filename)), part.filename)
                    found.setdefault(str(what), what)
            for what in _inside(container, parts):
                found.setdefault(str(what), what)
            return tuple(found.values())
    except (zipfile.BadZipFile, OSError) as error:
        raise FileProblem(
            Message("{file} is no xlsx or xlsm, and only those can be marked.", file=path.name)
        ) from error


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")


def _is_blank_drawing(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part is a drawing with nothing in it, as LibreOffice writes them."""
    if not re.fullmatch(r"xl/drawings/(?:_rels/)?drawing\d+\.xml(?:\.rels)?", part.filename):
        return False
    return not re.search(rb"Anchor\b|<Relationship\s", container.read(part))


def _limit(path: Path, container: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES:
        raise FileProblem(
            Message(
                "{file} is too large to be written anew: it unpacks to {size}, and the limit is {limit}.",
                file=path.name,
                size=Size(size),
                limit=Size(MOST_BYTES),
            )
        )
    cells = sum(_cells(container.read(part)) for part in parts if _is_sheet(part))
    if cells > MOST_CELLS:
        raise FileProblem(
            Message(
                "{file} is too large to be written anew: it has {cells} cells, and the limit is {limit}.",
                file=path.name,
                cells=cells,
                limit=MOST_CELLS,
            )
        )


def _cells(xml: bytes) -> int:
    """How many cells of a sheet are made when it is opened to be written anew."""
    areas = 0
    for left, first, right, last in _AREA.findall(xml):
        width = column_number(right.decode().upper()) - column_number(left.decode().upper()) + 1
        areas += max(width * (int(last) - int(first) + 1), 0)
    return max(len(_CELL.findall(xml)), areas)


def _inside(container: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> list[Message]:
    """What is lost of parts that are kept."""
    found = []
    for part in parts:
        name = part.filename
        if _is_sheet(part) and _EXTENSION.search(container.read(part)):
            found.append(Message("formats or drop-downs that only newer programs know"))
        if name.endswith(".vml") and _SHAPES.search(container.read(part)):
            found.append(Message("form controls"))
    return found
