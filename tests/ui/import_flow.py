"""What the tests of the import page share: a sheet with faults, and going through the steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.imports.draft import SheetDraft
from app.workspace import Workspace
from cmdb.model.selection import Selection
from ui.pages.import_.page import COMPARE, MAP, ImportPage

LAPTOPS = """Estate of Rotterdam
Asset Tag;Name;Status;Model;Owner;Warranty until;Price;Colour
A2041;LT-2041;in use;Latitude 7440;Anja Vogt;31/12/2027;1.200,50;grey
A2048;LT-2048;Deployed;Latitude 7440;Tom Okafor;04/01/2027;1.100,00;grey
A3000;LT-3000;Deployd;EliteBook 840;Anja Vogt;15/03/2028;1.400,00;black
A3001;LT-3001;Deployd;EliteBook 840;Mia Lindqvist;16/03/2028;1.400,00;black
A3002;LT-3002;In stock;EliteBook 840;;31/02/2028;1.400,00;black
"""


def opened(page: ImportPage, path: Path, idle: Callable[[], None]) -> SheetDraft:
    """The file's first sheet, opened so that a row with a fault is rejected."""
    page.opened(files=[str(path)])
    idle()
    for sheet in page.flow.sheets:
        sheet.strict, sheet.reading = True, None
    return page.flow.sheets[0]


def compared(page: ImportPage, path: Path, idle: Callable[[], None]) -> None:
    opened(page, path, idle)
    page.go_to(MAP)
    page.next()
    idle()
    page.next()
    assert page.step == COMPARE


def names(workspace: Workspace, cls: str = "laptop") -> dict[str, str]:
    with workspace.store.read() as reader:
        return {one.name: str(one.values.get("status", "")) for one in reader.page(Selection(cls))}
