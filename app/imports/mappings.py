"""Saved mappings: they are kept in the estate, and sheets with the same columns are recognised by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader
    from importers.spreadsheets.mapping import Mapping


def keep_mapping(reader: Reader, mapping: Mapping, author: str) -> Revision:
    """The revision that saves a mapping under its name; it replaces one of the same name."""
    fields = mapping.to_dict()
    name = mapping.name
    known = reader.records("mapping").items()
    old = next((one for one in known if str(one[1].get("name", "")).casefold() == name.casefold()), None)
    if old is None:
        edits = [Edit(Record("mapping", (new_id(),)), "", None, fields)]
    else:
        record = Record("mapping", old[0])
        edits = [Edit(record, k, old[1].get(k), v) for k, v in fields.items() if old[1].get(k) != v]
    return Revision(edits, author, reason=Message("Mapping “{name}” saved", name=name))
