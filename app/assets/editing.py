"""Edits of one item, as its details offer them: revisions to be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmdb.register import edits

if TYPE_CHECKING:
    from cmdb.model.records import Related
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Attribute
    from cmdb.store.reading.reader import Reader


def set_value(reader: Reader, uid: str, attribute: Attribute, value: Any, author: str) -> Revision:
    """A revision that gives an attribute a value (None: clears it). Raises InvalidValue, NotFound."""
    return edits.set_values(reader, [uid], {attribute.name: value}, author, f"{attribute.label} changed")


def take_link_away(reader: Reader, uid: str, one: Related, author: str) -> Revision:
    """A revision that takes away a link of an item, whether a record or an attribute holds it. Raises NotFound."""
    source, target = (one.uid, uid) if one.inverse else (uid, one.uid)
    if one.type:
        return edits.unlink(reader, source, one.type, target, author)
    return edits.set_values(reader, [source], {one.attribute: None}, author)
