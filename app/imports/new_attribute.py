"""A new attribute of this estate, for a column that fits none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.schema import attributes
from app.schema.change import NO_ANSWERS
from app.schema.plan import plan, revise

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


def new_attribute(reader: Reader, cls: str, label: str, kind: str, author: str) -> tuple[Revision, str]:
    """The revision that adds an attribute to a class of this estate, and the attribute's name.

    Raises InvalidValue where the class has one that is called so, and SchemaError where the class is gone.
    """
    change, name = attributes.new_attribute(reader.schema, cls, attributes.AttributeForm(label, kind))
    return revise(reader, plan(reader, change), NO_ANSWERS, author), name
