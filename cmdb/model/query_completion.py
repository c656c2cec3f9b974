"""What may stand next in a query that is being typed: an attribute, an operator, a value, or "and" and "or".

It reads a query that is not finished, up to the cursor, and raises nothing: what can't be read has no completion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_PIECE = re.compile(
    r"""\s*(?:([()])|(<=|>=|!=|<>|=|<|>|~)|"((?:[^"\\]|\\.)*)("?)|'((?:[^'\\]|\\.)*)('?)|([^\s()=<>!~"']+))"""
)
_JOINERS = ("and", "or")


class TypedPart(NamedTuple):
    """What is typed of a part of a query so far, and where it begins."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What may stand at the cursor, each with what is typed of it; None: it can't stand there.

    ``path`` is the attribute that an operator or a value is about, as it is typed; ``op`` the operator of a value.
    """

    attribute: TypedPart | None = None
    operator: TypedPart | None = None
    value: TypedPart | None = None
    joiner: TypedPart | None = None
    path: tuple[str, ...] = ()
    op: str = ""


class _Piece(NamedTuple):
    kind: str
    text: str
    start: int
    open: bool
    """Whether more of it may be typed at the cursor."""


def expected(source: str, cursor: int) -> Expected:
    """What may stand at a position of a query."""
    pieces = list(_pieces(source[:cursor]))
    last = pieces.pop() if pieces and pieces[-1].open else _Piece("word", "", cursor, True)
    state = _State()
    for piece in pieces:
        state.take(piece)
    return state.expected(last)


def _pieces(source: str) -> Iterator[_Piece]:
    position = 0
    while position < len(source.rstrip()):
        match = _PIECE.match(source, position)
        if match is None:
            return
        at_end = match.end() == len(source)
        paren, op, double, double_end, single, single_end, word = match.groups()
        if word is not None:
            yield _Piece("word", word, match.start(7), at_end)
        elif paren or op:
            yield _Piece("paren" if paren else "op", paren or op, match.start(1 if paren else 2), False)
        else:
            quoted, end, group = (double, double_end, 3) if double is not None else (single, single_end, 5)
            yield _Piece("quoted", re.sub(r"\\(.)", r"\1", quoted), match.start(group) - 1, at_end and not end)
        position = match.end()


class _State:
    """Which part of a condition comes next."""

    def __init__(self) -> None:
        self._part, self._words, self._start = "attribute", list[str](), 0
        self._path: tuple[str, ...] = ()
        self._op = ""

    def take(self, piece: _Piece) -> None:
        """Goes on by a whole word, sign or parenthesis."""
        word = piece.text.casefold() if piece.kind == "word" else ""
        if piece.kind == "paren":
            self._begin("attribute" if piece.text == "(" else "joiner")
        elif self._part == "attribute":
            self._take_in_attribute(piece, word)
        elif self._part == "is":
            self._part = "joiner" if word == "empty" else "is"
            self._add(piece)
        elif word in _JOINERS and (self._part == "joiner" or self._words):
            self._begin("attribute")
        elif self._part == "value":
            self._add(piece)

    def _take_in_attribute(self, piece: _Piece, word: str) -> None:
        if word in (*_JOINERS, "not"):
            self._begin("attribute")
        elif self._words and (piece.kind == "op" or word in ("is", "within")):
            self._path, self._op = _path(self._words), piece.text if piece.kind == "op" else word
            self._begin("is" if word == "is" else "value")
            if word == "is":
                self._add(piece)
        else:
            self._add(piece)

    def _begin(self, part: str) -> None:
        self._part, self._words = part, []

    def _add(self, piece: _Piece) -> None:
        if not self._words:
            self._start = piece.start
        self._words.append(piece.text)

    def expected(self, last: _Piece) -> Expected:
        """What may stand where ``last`` is being typed."""
        here = TypedPart(last.text, last.start)
        whole = TypedPart(" ".join((*self._words, last.text)), self._start if self._words else last.start)
        if self._part == "attribute":
            if last.kind == "quoted":
                return Expected()
            follows = self._words and last.kind == "word"
            return Expected(whole, here if follows else None, path=_path(self._words) if follows else ())
        if self._part == "is":
            return Expected(operator=whole, path=self._path)
        if self._part == "value":
            joins = here if self._words and last.kind == "word" else None
            return Expected(value=whole, joiner=joins, path=self._path, op=self._op)
        return Expected(joiner=here)


def _path(words: list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in " ".join(words).split("."))
