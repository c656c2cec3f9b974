"""SWID tags (ISO/IEC 19770-2) that publishers left on the machine."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import rows
from importers.discovery.collector import Content, Section
from importers.discovery.software_tags import software_tag


def _parse(capture: Capture) -> Content:
    found = [one for row in rows(capture, "swid-tags") if (one := software_tag(text(row, "Text")))]
    return {"terrier": {"software_tags": found}} if found else {}


SUBJECT = Subject("SWID tags", _parse, ("swid-tags",), (Section("terrier.software_tags"),))
