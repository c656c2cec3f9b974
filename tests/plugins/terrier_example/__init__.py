"""A small plug-in package: an importer, a report and a collector, as another package would bring them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.observation import Observation, Origin, Reading, Source
from cmdb.model.schema import Schema
from importers.discovery.collector import Collector, Content
from importers.discovery.host import Probe
from importers.importer import Importer, Options

_FIRST = b"LABELS 1\n"


def _read(path: Path, schema: Schema, options: Options, control: Control) -> Sequence[Reading]:
    lines = path.read_text("utf-8").splitlines()[1:]
    seen = [
        Observation("laptop", {"asset_tag": tag}, origin=Origin(path.name, row=row)) for row, tag in enumerate(lines, 2)
    ]
    return [Reading(Source("import", path.name), "", seen, read=len(seen))]


def _example(folder: Path) -> Path:
    path = folder / "tags.labels"
    path.write_bytes(_FIRST + b"EX-1\nEX-2\n")
    return path


LABELS = Importer(
    "labels", "Label list", "Asset tags, one in each line", (".labels",), lambda head: head.startswith(_FIRST), _read,
    _example, open_ended=True,
)  # fmt: skip


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in question.all("laptop"):
        yield ReportRow((one.name,), one.uid)


LAPTOPS = Report(
    "example_laptops", Message("Laptops by name"), Message("Every laptop."), (column(Message("Laptop")),), _rows,
    group=Message("Examples"),
)  # fmt: skip


def _collect(probe: Probe) -> Content:
    return {"terrier": {"example": "seen"}}


SEEN = Collector("example", _collect)
NOTHING = "neither an importer nor a report"
