"""New, open, sample, save a copy: asks for the file; ``OpenEstate`` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app import places
from app.places import ENDING
from app.settings import Settings, data_folder
from cmdb.model.messages import Message, tr
from ui.shell.estate import OpenEstate
from ui.shell.services import Services
from ui.widgets.file_dialog import ask_to_open, ask_to_save

if TYPE_CHECKING:
    from cmdb.model.control import Control

_FILTER = Message("Terrier estates (*{ending});;All files (*)", ending=ENDING)


class Files:
    """The File menu. File dialogs are the system's own."""

    def __init__(self, parent: QWidget, settings: Settings, estate: OpenEstate, services: Services) -> None:
        self._parent, self._settings, self._estate, self._services = parent, settings, estate, services

    def new(self) -> None:
        """Asks where, makes an empty estate there and opens it."""
        where = self._ask_to_save(tr("New estate"), tr("My estate"))
        if where:
            self._estate.create(where)

    def open(self) -> None:
        """Asks for an estate and opens it."""
        found = ask_to_open(
            self._settings, self._parent, "estate", tr("Open an estate"), str(_FILTER), otherwise=data_folder()
        )
        if found:
            self._estate.open(str(found[0]))

    def sample(self) -> None:
        """Opens the sample estate, which is created in the data folder the first time."""
        where = places.sample_estate()
        if where.exists():
            self._estate.open(str(where))
        else:
            self._estate.create_sample(str(where))

    def begin(self, page: str, **params: Any) -> None:
        """Goes to a page for a first scan or import. Where no estate is open, the default one is opened, or created."""
        where = places.default_estate()
        if self._estate.workspace is not None:
            self._services.go(page, **params)
        elif where.exists():
            self._estate.open(str(where), lambda: self._services.go(page, **params))
        else:
            self._estate.create(str(where), lambda: self._services.go(page, **params))

    def take(self, paths: list[str]) -> None:
        """Files that were dropped on the window: an estate is opened, anything else goes to the import page."""
        if len(paths) == 1 and places.is_estate_file(Path(paths[0])):
            self._estate.open(paths[0])
        elif paths:
            self.begin("import", files=paths)

    def copy(self) -> None:
        """Asks where, and writes a consistent copy there, in a job."""
        workspace = self._estate.workspace
        if workspace is None:
            return
        where = self._ask_to_save(tr("Save a copy"), tr("{estate} copy", estate=Path(workspace.name).stem))
        if not where:
            return
        services, path = self._services, Path(where)

        def work(control: Control) -> None:
            from app.estates import copy

            copy(workspace, path, control)

        workspace.jobs.start(
            Message("Saving {file}", file=path.name),
            work,
            done=lambda _: services.toast(tr("Copy saved as {file}", file=path.name), tone="good", file=path),
            failed=services.problem,
        )

    def close(self) -> None:
        """Closes the open estate."""
        self._estate.close()

    def _ask_to_save(self, title: str, name: str) -> str:
        kinds = {ENDING: Message("Terrier estates (*{ending})", ending=ENDING)}
        found = ask_to_save(
            self._settings, self._parent, "estate", title, name, kinds, otherwise=data_folder(), asks_to_replace=False
        )
        return str(found) if found is not None else ""
