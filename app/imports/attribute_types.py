"""The value types of attributes, as a person reads them."""

from __future__ import annotations

from cmdb.model.messages import Message

TYPE_LABELS = {
    "text": Message("Text"), "long_text": Message("Long text"), "integer": Message("Whole number"),
    "number": Message("Number"), "money": Message("Amount of money"), "date": Message("Date"), "time": Message("Time"),
    "boolean": Message("Yes or no"), "choice": Message("Choice"), "reference": Message("Reference"),
    "uuid": Message("UUID"), "email": Message("E-mail address"), "url": Message("Web address"),
}  # fmt: skip
"""The labels of all types that an attribute can have (``cmdb.model.declarations.TYPES``)."""
