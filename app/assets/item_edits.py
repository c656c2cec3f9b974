"""Edits of items that their list and their details offer, as revisions to be applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.estate_settings import with_currency
from app.links import unlink
from cmdb.model.messages import Message
from cmdb.register import edits

if TYPE_CHECKING:
    from cmdb.model.records import Related
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Attribute
    from cmdb.store.reading.reader import Reader


def set_value(reader: Reader, uid: str, attribute: Attribute, value: Any, author: str) -> Revision:
    """A revision that gives an attribute a value (None: clears it). Raises InvalidValue, NotFound."""
    return edits.set_values(reader, [uid], {attribute.name: value}, author)


def remove_link(reader: Reader, uid: str, one: Related, author: str) -> Revision:
    """A revision that removes a relationship of an item, be it a record or a reference. Raises NotFound."""
    if one.type:
        return unlink(reader, uid, one.type, one.uid, author, inverse=one.inverse)
    return edits.set_values(reader, [one.uid if one.inverse else uid], {one.attribute: None}, author)


def new_item(reader: Reader, cls: str, values: Mapping[str, Any], author: str) -> Revision:
    """A revision that makes an item. Its id is the first edit's. Raises SchemaError for an unknown class."""
    values = with_currency(reader, cls, values)
    if reader.schema.is_a(cls, "software_product"):
        from app.end_of_life import with_end_of_life

        values = with_end_of_life(reader, values)
    return edits.create(reader.schema, cls, values, author)


def set_values(
    reader: Reader, uids: Sequence[str], values: Mapping[str, Any], author: str, reason: Message | str
) -> Revision:
    """A revision that gives many items the same values (None: clears). Raises InvalidValue, NotFound."""
    return edits.set_values(reader, uids, values, author, reason)
