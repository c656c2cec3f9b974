"""Dates that the schema marks as ends: warranties, contracts, licences, certificates, and those of the estate's own."""

from __future__ import annotations

from collections.abc import Iterator

from app.due.model import BACK, DueDates, DueQuestion, DueRow, DueSource, staying_of
from cmdb.model.messages import Message
from cmdb.model.schema import Schema

_WHO = ("assigned_to", "managed_by")
"""The attributes that say whose a thing is, the first that a class has."""


def ending_dates(schema: Schema) -> Iterator[DueDates]:
    """A kind of dates for each attribute that ends something, at the class that declares it."""
    for cls in schema.tree():
        for attribute in cls.attributes.values():
            inherited = cls.parent and attribute.name in schema.cls(cls.parent).attributes
            if attribute.ends and not inherited:
                who = next((name for name in _WHO if name in schema.all_attributes(cls.name)), "")
                what = Message("{attribute}", attribute=attribute.label)
                yield DueDates("end", cls.name, attribute.name, what, staying_of(cls.name), who, back=BACK)


def _rows(question: DueQuestion) -> Iterator[DueRow]:
    for one in ending_dates(question.schema):
        yield from one.rows(question)


SOURCES = (DueSource("end", Message("End"), _rows),)
