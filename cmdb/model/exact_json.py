"""JSON with exact decimals: they are written as number literals with the digits that they have, never as texts.

The standard library's encoder has no decimals and writes floats alone. Here each becomes a text that only this module
knows, and is then put as a bare literal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4


def written(document: object, *, indent: int | None = None, default: Callable[[object], object] | None = None) -> str:
    """A document as JSON text. ``default`` gives a JSON value for other objects, or raises TypeError.

    Raises ValueError for a decimal that is not finite.
    """
    mark = ""

    def value_of(value: object) -> object:
        nonlocal mark
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise ValueError(f"{value} is no number of JSON")
            mark = mark or uuid4().hex
            return f"{mark}{value}{mark}"
        if default is None:
            raise TypeError(f"{type(value).__name__} is no value of JSON")
        return default(value)

    text = json.dumps(document, ensure_ascii=False, indent=indent, default=value_of)
    return re.sub(rf'"{mark}([^"]*){mark}"', r"\1", text) if mark else text
