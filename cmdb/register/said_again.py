"""Records that an undo would bring back although a source has said them again since: it made them anew.

Whoever forgets a source, or deletes records, and imports the source again has the records once more, under other ids.
An undo of the former yields to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmdb.model.claims import PERSON, Statement, effective, is_said, kind_of
from cmdb.model.revision import Edit, Revision, ci
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import EVIDENCE
from cmdb.store.writing.creation_guard import CreationCheck

Said = Mapping[str, Mapping[str, Statement]]


def said_again(reader: Reader, number: int, restored: Mapping[str, str], said: Mapping[str, Said]) -> dict[str, str]:
    """Those of the records to be restored (id → class; ``said``: id → source → claims) that one of their sources has
    said again after a revision, with the record that came of it.
    """
    if not restored or reader.number <= number:
        return {}
    schema = reader.schema
    made = []
    for uid, cls in restored.items():
        own = said.get(uid, {})
        if cls in schema.classes and any(kind_of(source) != PERSON for source in own):
            evidence = {n: pair[0] for claims in own.values() for n, pair in claims.items() if n.startswith(EVIDENCE)}
            fields: dict[str, Any] = {"class": cls, **evidence, **effective(schema, cls, own)}
            made.append(Edit(ci(uid), "", None, fields))
    if not made:
        return {}
    pairs = CreationCheck(reader, Revision(made, ""), number).pairs()
    others = {other for its in pairs.values() for other in its}
    new = others - reader.as_of(number).names(others).keys() if others else set()
    now = reader.said(new)
    found: dict[str, str] = {}
    for uid, its in pairs.items():
        before = [source for source in said[uid] if kind_of(source) != PERSON]
        for other in its:
            if other in new and any(is_said(before, source) for source in now[other]):
                found.setdefault(uid, other)
    return found
