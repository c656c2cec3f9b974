"""Where estates are kept, and a first look into one. Loads no library of the store."""

from __future__ import annotations

import re
from pathlib import Path

from app.settings import data_folder
from cmdb.model.first_look import FirstLook
from cmdb.model.schema import Schema
from cmdb.store.reading import first_look

ENDING = ".terrier"
DEFAULT, SAMPLE = f"estate{ENDING}", f"Harbour Works{ENDING}"


def default_estate() -> Path:
    """The file of the estate that is opened when none is named."""
    return data_folder() / DEFAULT


def sample_estate() -> Path:
    """The file of the sample estate."""
    return data_folder() / SAMPLE


def without_password(where: str) -> str:
    """A file's full path, or a database's URL without its password: what may be kept in the settings."""
    return re.sub(r"://([^:/@]*):[^@/]*@", r"://\1@", where) if "://" in where else str(Path(where).absolute())


def look_into(where: str, cls: str = "") -> tuple[FirstLook, Schema] | None:
    """A first look into an estate's file, and the shipped schema to show it with. None for a database, or no estate."""
    found = None if "://" in where else first_look.first_look(Path(where), cls)
    return None if found is None else (found, Schema.load())


def is_estate_file(path: Path) -> bool:
    """Whether a file looks like an estate, encrypted or not."""
    return first_look.first_look(path) is not None or first_look.is_encrypted(path)
