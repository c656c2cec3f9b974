"""The places of estates, and a first look at an estate. Loads no library of the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.settings import data_folder
from cmdb.store.connection.database_address import is_url, named, shown

if TYPE_CHECKING:
    from cmdb.model.first_look import FirstLook
    from cmdb.model.schema import Schema

ENDING = ".terrier"
#: So many items a first look has, and what of a list's place makes it another list than all of a class by name.
_FIRST, _NARROWED = 40, ("where", "pasted", "group", "view")
DEFAULT, SAMPLE = f"estate{ENDING}", f"Harbour Works{ENDING}"


def default_estate() -> Path:
    """The file of the estate that is opened when none is named."""
    return data_folder() / DEFAULT


def sample_estate() -> Path:
    """The file of the sample estate."""
    return data_folder() / SAMPLE


def without_password(where: str) -> str:
    """A file's full path, or a database's URL without secrets, which may be stored in the settings."""
    return shown(where) if is_url(where) else str(Path(where).absolute())


def is_there(where: str) -> bool:
    """Whether an estate can be tried: a file that exists, or a database."""
    return is_url(where) or Path(where).exists()


def name_and_folder(where: str) -> tuple[str, str]:
    """An estate's name, and the folder of its file, "" for a database."""
    return named(where), "" if is_url(where) else str(Path(where).parent)


def look_into(where: str, place: Mapping[str, Any]) -> tuple[FirstLook, Schema] | None:
    """A first look into an estate's file, and the shipped schema to show it with. None for a database, or no estate.

    It has the first items of the list at ``place``, or none where that list is filtered, grouped or sorted otherwise:
    other rows than those that come would be shown.
    """
    # Imported only now: every command imports this module, and few open a file for a look.
    from cmdb.model.schema import Schema
    from cmdb.store.reading.first_look import first_look

    plain = not any(place.get(name) for name in _NARROWED) and place.get("sort", "name") in ("", "name")
    found = None if is_url(where) else first_look(Path(where), str(place.get("cls", "")), _FIRST if plain else 0)
    return None if found is None else (found, Schema.load())


def is_estate_file(path: Path) -> bool:
    """Whether a file looks like an estate, encrypted or not."""
    from cmdb.store.reading.first_look import first_look, is_encrypted

    return first_look(path) is not None or is_encrypted(path)
