"""The formats that a person can choose are those of all importers, with plug-ins."""

from __future__ import annotations

from app.imports.formats import all_endings, formats, machine_endings
from importers.importer import Importer
from importers.registry import all_importers

LABELS = Importer(
    "labels", "Label list", "Asset tags", (".labels", ".txt"), lambda head: False, lambda *_: [], lambda folder: folder
)


def test_every_importer_is_among_them() -> None:
    assert {one.label for one in formats()} == {"Packed folder", *(str(one.label) for one in all_importers())}
    assert formats()[0].label == "Spreadsheet"


def test_one_of_a_plug_in_is_too_and_an_ending_is_named_once() -> None:
    found = formats([LABELS])
    assert "Label list" in [one.label for one in found]
    endings = all_endings(found)
    assert {".labels", ".json", ".xlsx"} <= set(endings)
    assert len(endings) == len(set(endings))


def test_files_of_machines_are_all_that_are_no_tables() -> None:
    endings = machine_endings()
    assert {".json", ".capture", ".xml", ".ocs"} <= {*endings}
    assert ".xlsx" not in endings
