"""An estate with a secret in it."""

from __future__ import annotations

from pathlib import Path

from cmdb.store.connection.ciphers import Key
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.store.conftest import Hand

WORDS = "nine lives of a köter"
SECRET = "Rotterdam quay three"


def filled(where: Path, key: Key | None = None) -> Store:
    """An estate with a few records, some of which hold what nobody is to read."""
    store = create_estate(where, key=key)
    hand = Hand(store)
    hand.apply(*(hand.new("laptop", f"LT-{n}", memory=8192, notes=f"{SECRET}, shelf {n}") for n in range(30)))
    return store


def readable(folder: Path) -> list[str]:
    """The files from which the secret can be read."""
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes())
