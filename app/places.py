"""The places of estates, and a first look at an estate. Loads no library of the store."""

from __future__ import annotations

from pathlib import Path

from app.settings import data_folder
from cmdb.model.first_look import FirstLook
from cmdb.model.schema import Schema
from cmdb.store.connection.database_address import is_url, named, shown

ENDING = ".terrier"
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


def look_into(where: str, cls: str = "") -> tuple[FirstLook, Schema] | None:
    """A first look into an estate's file, and the shipped schema to show it with. None for a database, or no estate."""
    # Imported only now: every command imports this module, and few open a file for a look.
    from cmdb.store.reading.first_look import first_look

    found = None if is_url(where) else first_look(Path(where), cls)
    return None if found is None else (found, Schema.load())


def is_estate_file(path: Path) -> bool:
    """Whether a file looks like an estate, encrypted or not."""
    from cmdb.store.reading.first_look import first_look, is_encrypted

    return first_look(path) is not None or is_encrypted(path)
