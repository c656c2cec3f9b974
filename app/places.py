"""Where estates are, and a first look into one. Loads nothing of the store's libraries."""

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
    """Where the estate is kept of somebody who names none."""
    return data_folder() / DEFAULT


def sample_estate() -> Path:
    """Where the sample estate is kept."""
    return data_folder() / SAMPLE


def without_password(where: str) -> str:
    """A file by its full path, a database by its URL without the password: what may be kept among the settings."""
    return re.sub(r"://([^:/@]*):[^@/]*@", r"://\1@", where) if "://" in where else str(Path(where).absolute())


def look_into(where: str, cls: str = "") -> tuple[FirstLook, Schema] | None:
    """A first look into an estate's file, and the shipped schema to show it by; None for a database, or no estate."""
    found = None if "://" in where else first_look.first_look(Path(where), cls)
    return None if found is None else (found, Schema.load())


def is_estate_file(path: Path) -> bool:
    """Whether a file looks like an estate, encrypted or not."""
    return first_look.first_look(path) is not None or first_look.is_encrypted(path)
