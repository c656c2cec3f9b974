"""What people said that names of installed software mean: records of the kind ``recognition``, one for each name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.licences.engine.catalogue import Catalogue
from cmdb.licences.engine.overrides import NameOverride

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

KIND = "recognition"


def said_names(reader: Reader) -> list[NameOverride]:
    """What is said of names at the reader's moment, in the order of the names."""
    return [
        NameOverride(
            key[0],
            str(fields.get("product", "")),
            str(fields.get("maker", "")),
            str(fields.get("edition", "")),
            str(fields.get("kind", "product")),
        )
        for key, fields in sorted(reader.records(KIND).items())
    ]


def catalogue_of(reader: Reader) -> Catalogue:
    """The catalogue, in which names mean what people of the estate said of them."""
    said = said_names(reader)
    return Catalogue.load().with_overrides(said) if said else Catalogue.load()
