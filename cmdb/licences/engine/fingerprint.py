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
from itertools import islice
from json.encoder import encode_basestring
from operator import attrgetter

#: Fields that say whom a line is about; the others have few values in all.
SUBJECT = frozenset({"holder", "holder_id", "subject", "subject_id"})
#: From so many lines in one list on, they are written through what they share.
MANY = 50
#: Lines that are hashed at once.
BATCH = 2_000
#: Texts and shared parts that are remembered.
REMEMBERED = 100_000


def fingerprint(results: object) -> str:
    """The fingerprint of a dataclass, in hexadecimal. Its parts are dataclasses, tuples, texts, numbers and dates."""
    found = hashlib.sha256()
    for piece in _Writer().pieces(results):
        found.update(piece.encode())
    return found.hexdigest()


class _Writer:
    """Writes canonical JSON."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
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
        if isinstance(value, tuple):
            return "[" + ",".join(map(self.text, value)) + "]"
        if hasattr(value, "__dataclass_fields__"):
            return "{" + self._members(self._fields(type(value)), self._values(value))[:-1] + "}"
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
        parts = names[: own[0]], names[own[0] : own[-1] + 1], names[own[-1] + 1 :]
        before, subject, after = (self._run(part, shared=at != 1) for at, part in enumerate(parts))

        def write(line: object) -> str:
            return "{" + (before(line) + subject(line) + after(line))[:-1] + "}"

        return write

    def _run(self, names: tuple[str, ...], *, shared: bool) -> Callable[[object], str]:
        """Writes some neighbouring fields of a line; ``shared``: remembers what it wrote."""
        if not names:
            return lambda _: ""
        read = attrgetter(*names)
        known: dict[tuple[object, ...], str] = {}

        def write(line: object) -> str:
            got = read(line)
            values: tuple[object, ...] = got if len(names) > 1 else (got,)
            if not shared:
                return self._members(names, values)
            # 1 and True are one key but two texts: no field has both
            text = known.get(values)
            if text is None:
                if len(known) > REMEMBERED:
                    known.clear()
                text = known[values] = self._members(names, values)
            return text

        return write

    def _fields(self, cls: type) -> tuple[str, ...]:
        names = self._names.get(cls)
        if names is None:
            names = self._names[cls] = tuple(sorted(f.name for f in fields(cls)))
        return names

    def _quoted(self, text: str) -> str:
        found = self._texts.get(text)
        if found is None:
            if len(self._texts) > REMEMBERED:
                self._texts.clear()
            found = self._texts[text] = encode_basestring(text)
        return found
