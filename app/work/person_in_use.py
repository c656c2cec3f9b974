"""Who uses this copy of the program: the person whose tasks are "mine", kept for each estate in the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmdb.store.connection.database_address import is_url, shown

if TYPE_CHECKING:
    from app.workspace import Workspace

_PEOPLE = "people"


def person_of(workspace: Workspace) -> str:
    """The id of the person who works in an estate; "" where they named none. The record may be gone."""
    people: dict[str, Any] = workspace.settings.get(_PEOPLE, {})
    return str(people.get(_place(workspace.where)) or "")


def keep_person(workspace: Workspace, person: str) -> None:
    """Keeps who works in an estate; "" forgets it."""
    people: dict[str, Any] = {**workspace.settings.get(_PEOPLE, {}), _place(workspace.where): person}
    workspace.settings.set(_PEOPLE, {place: one for place, one in people.items() if one} or None)


def _place(where: str | Path) -> str:
    """By what an estate is known in the settings: its file's path, or its database's address without the password."""
    return shown(where) if is_url(where) else str(Path(where).absolute())
