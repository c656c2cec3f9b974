"""Inventory files: JSON in GLPI's inventory format, written by Terrier's scan and read from any agent that writes it.

Facts of the format by its published JSON schema (MIT licence); data without a place in it is under ``terrier`` inside
``content``. ``write`` and ``constraints`` need nothing but the standard library; reading is imported when it is used.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from importers.inventory.files import recognises, write

if TYPE_CHECKING:
    from cmdb.model.observation import Reading

__all__ = ["read", "reading", "recognises", "write"]


def read(path: str | os.PathLike[str]) -> Reading:
    """Reads an inventory file as observations. Raises FileProblem where it is none, or cut off."""
    from dataclasses import replace

    from cmdb.model.regular_files import name_as_text
    from importers.inventory.fields import text
    from importers.inventory.files import load
    from importers.inventory.observations import reading as of_document

    document, changed = load(path)
    found = of_document(document, name_as_text(path), changed)
    device = replace(found.source, name=text(document, "deviceid"))
    if device != found.source:
        found.former_source = device.key  # before the tool was in it
    return found


def reading(document: dict[str, Any], file: str = "", observed_at: str = "") -> Reading:
    """Reads an inventory document. ``observed_at`` (ISO UTC) is used if the document has no time."""
    from importers.inventory.observations import reading as of_document

    return of_document(document, file, observed_at)
