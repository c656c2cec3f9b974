"""The fingerprint of results: SHA-256 of their canonical JSON.

Canonical: keys sorted, no spaces, and without what is absent (None, "" and empty lists). A huge estate's position has a
million lines that are alike but for whom they are about, so what they share is written once and looked up afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import islice
from json.encoder import encode_basestring
from operator import attrgetter
from typing import TypeVar

from cmdb.model.currencies import digits
from cmdb.model.messages import Message

Key = TypeVar("Key")
Text = TypeVar("Text")

#: Fields that say whom a line is about; the others have few values in all.
SUBJECT = frozenset({"holder", "holder_id", "subject", "subject_id"})
#: From so many lines in one list on, they are written through what they share.
MANY = 50
#: Lines that are hashed at once.
BATCH = 2_000
#: Texts and shared parts that are remembered.
REMEMBERED = 100_000


def fingerprint(results: object) -> str:
    """The fingerprint of a dataclass, in hexadecimal. Its parts are dataclasses, tuples, texts, numbers and dates.

    It doesn't depend on the language: a ``Message`` counts by its template and values.
    """
    found = hashlib.sha256()
    for piece in _Writer().pieces(results):
        found.update(piece.encode())
    return found.hexdigest()


class _Writer:
    """Writes canonical JSON."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._messages: dict[int, str] = {}
        self._names: dict[type, tuple[str, ...]] = {}
        self._lines: dict[type, Callable[[object], str]] = {}

    def pieces(self, value: object) -> Iterator[str]:
        """The JSON of a dataclass, bit by bit."""
        start = "{"
        for name in self._fields(type(value)):
            part = getattr(value, name)
            if part is None or part == "" or part == ():
                continue
            yield f'{start}"{name}":'
            start = ","
            if not isinstance(part, tuple):
                yield self.text(part)
            else:
                yield from self._list(part)
        yield "}" if start == "," else "{}"

    def _list(self, parts: tuple[object, ...]) -> Iterator[str]:
        start = "["
        if len(parts) > MANY and SUBJECT & set(self._fields(type(parts[0]))):
            write = self._line(type(parts[0]))
            lines = map(write, parts)
            while batch := list(islice(lines, BATCH)):
                yield start + ",".join(batch)
                start = ","
        else:
            for part in parts:
                yield start
                start = ","
                if hasattr(part, "__dataclass_fields__"):
                    yield from self.pieces(part)
                else:
                    yield self.text(part)
        yield "]"

    def text(self, value: object) -> str:
        """The JSON of a value as one text."""
        if isinstance(value, str):
            return self._quoted(value)
        if isinstance(value, Message):
            return self._message(value)
        if isinstance(value, tuple):
            return "[" + ",".join(map(self.text, value)) + "]"
        if hasattr(value, "__dataclass_fields__"):
            return "{" + self._members(self._fields(type(value)), self._values(value))[:-1] + "}"
        if isinstance(value, Decimal):
            return digits(value)
        return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)

    def _values(self, value: object) -> tuple[object, ...]:
        return tuple(getattr(value, name) for name in self._fields(type(value)))

    def _members(self, names: tuple[str, ...], values: tuple[object, ...]) -> str:
        """Name and value of what is there, each with a comma after it."""
        return "".join(
            f'"{name}":{self.text(value)},'
            for name, value in zip(names, values, strict=True)
            if value is not None and value != "" and value != ()
        )

    def _line(self, cls: type) -> Callable[[object], str]:
        """How lines of a class are written: what stands before and after whom they are about, once for all alike."""
        names = self._fields(cls)
        own = [at for at, name in enumerate(names) if name in SUBJECT]
        first, last = own[0], own[-1] + 1
        shared = _reading((*names[:first], *names[last:]))
        about = _reading(names[first:last])
        around: dict[tuple[object, ...], tuple[str, str]] = {}
        subjects: dict[tuple[object, ...], str] = {}

        def write(line: object) -> str:
            # 1 and True are one key but two texts: no field has both
            values = shared(line)
            both = around.get(values)
            if both is None:
                before = self._members(names[:first], values[:first])
                after = self._members(names[last:], values[first:])
                both = _remember(around, values, ("{" + before, after))
            subject = about(line)
            text = subjects.get(subject)
            if text is None:
                text = _remember(subjects, subject, self._members(names[first:last], subject))
            return f"{both[0]}{text}{both[1]}"[:-1] + "}"

        return write

    def _fields(self, cls: type) -> tuple[str, ...]:
        names = self._names.get(cls)
        if names is None:
            names = self._names[cls] = tuple(sorted(f.name for f in fields(cls)))
        return names

    def _message(self, message: Message) -> str:
        """The JSON of a text: its template and values, which are the same in every language."""
        found = self._messages.get(id(message))
        if found is None:  # the results hold their texts, so that no id is used twice
            text = json.dumps(message.data(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            return _remember(self._messages, id(message), text)
        return found

    def _quoted(self, text: str) -> str:
        found = self._texts.get(text)
        return _remember(self._texts, text, encode_basestring(text)) if found is None else found


def _reading(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """Reads some attributes as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda line: tuple(getattr(line, name) for name in names)


def _remember(known: dict[Key, Text], key: Key, text: Text) -> Text:
    if len(known) > REMEMBERED:
        known.clear()
    known[key] = text
    return text
