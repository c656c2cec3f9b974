"""The query language of ``--where`` and the filter bar: ``attribute op value`` with and, or, not and parentheses.

``phase = live and warranty_until < today+90d and not assigned_to.department = Sales``. This module reads text into
a tree and writes a tree as text; ``cmdb.store.reading.selection`` turns the tree into SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cmdb.model import clock
from cmdb.model.errors import QueryError
from cmdb.model.messages import Message

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "~")
WITHIN = "within"
"""The operator of a reference to a record or to anything below it: ``location within Rotterdam``."""

MOST_CONDITIONS, MOST_NESTED, MOST_STEPS = 500, 10, 6
"""Conditions of one filter (each reference that is followed counts as one, too); "and", "or", "not" and references
within each other; and references that one path follows. What is within these is within the limits of databases.
"""
_MOST_OPEN = 100
"""Parentheses and "not" that are open at once."""


@dataclass(frozen=True, slots=True)
class Compare:
    """``path op value``; ``path`` follows references (assigned_to, department)."""

    path: tuple[str, ...]
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Empty:
    """``path is empty`` or, negated, ``path is not empty``."""

    path: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """The complement, records without the value included."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of the nodes."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the nodes."""

    nodes: tuple[Node, ...]


Node = Compare | Empty | Not | And | Or

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<op><=|>=|!=|<>|=|<|>|~)
      | "(?P<double>(?:[^"\\]|\\.)*)"
      | '(?P<single>(?:[^'\\]|\\.)*)'
      | (?P<word>[^\s()=<>!~"']+)
    )""",
    re.X,
)
_KEYWORDS = ("and", "or", "not", "is", "empty", WITHIN)
_RELATIVE = re.compile(r"(today|now)(?:([+-])(\d{1,9})([dwmy]))?\Z", re.I)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def parse(source: str) -> Node | None:
    """The tree of a query, or None for a blank one. Raises QueryError with the position where reading stopped."""
    tokens = _tokens(source)
    if not tokens:
        return None
    parser = _Parser(tokens, source)
    node = parser.either()
    parser.expect_end()
    if _depth(node) > MOST_NESTED:
        raise QueryError(Message("The filter is nested too deeply; the limit is {limit}.", limit=MOST_NESTED))
    return node


def resolve_date(text: str, today: date | None = None) -> str:
    """``today``, ``today+90d``, ``today-2w``, ``-3m``, ``-1y`` as an ISO date; other text unchanged."""
    match = _RELATIVE.match(text.strip())
    if not match:
        return text
    day = today or clock.today()
    if match[2]:
        count = int(match[3]) * (1 if match[2] == "+" else -1)
        day = _shift(day, count, match[4].lower())
    return day.isoformat()


def quote(value: str) -> str:
    """``value`` as it must be written in a query."""
    if re.fullmatch(r"[^\s()=<>!~\"'\\]+", value) and value.casefold() not in _KEYWORDS:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text(node: Node) -> str:
    """The query that reads as ``node``; ``parse(text(node)) == node``."""
    if isinstance(node, Compare):
        return f"{_path(node.path)} {node.op} {quote(node.value)}"
    if isinstance(node, Empty):
        return f"{_path(node.path)} is {'not ' if node.negated else ''}empty"
    if isinstance(node, Not):
        return f"not ({text(node.node)})"
    joiner = " and " if isinstance(node, And) else " or "
    return joiner.join(f"({text(n)})" if isinstance(n, And | Or) else text(n) for n in node.nodes)


def _path(path: tuple[str, ...]) -> str:
    return quote(".".join(path))


def _shift(day: date, count: int, unit: str) -> date:
    try:
        if unit in "dw":
            return day + timedelta(days=count * (7 if unit == "w" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        for last in range(day.day, 27, -1):
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
        return date(year, month + 1, day.day)
    except (ValueError, OverflowError):
        raise QueryError(Message("That date is out of range.")) from None


def _tokens(source: str) -> list[_Token]:
    tokens = []
    position = 0
    end = len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if not match:
            rest = source[position:].lstrip()
            stopped = len(source) - len(rest)
            raise QueryError(
                Message("The filter cannot be read from “{text}” on: is a quote missing?", text=rest[:20].rstrip()),
                stopped,
            )
        kind = str(match.lastgroup)
        word, start = match[kind], match.start(kind)
        if kind in ("double", "single"):
            word, kind, start = re.sub(r"\\(.)", r"\1", word, flags=re.S), "quoted", start - 1
        elif word == "<>":
            word = "!="
        tokens.append(_Token(kind, word, start))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens: either → both → one."""

    def __init__(self, tokens: list[_Token], source: str) -> None:
        self.tokens = tokens
        self.source = source
        self.at = 0
        self.depth = 0
        self.conditions = 0

    def peek(self, *words: str) -> bool:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token is not None and token.kind in ("word", "paren") and token.text.casefold() in words

    def take(self) -> _Token:
        if self.at >= len(self.tokens):
            raise QueryError(Message("The filter ends too early."), len(self.source))
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self) -> Node:
        nodes = [self.both()]
        while self.peek("or"):
            self.take()
            nodes.append(self.both())
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def both(self) -> Node:
        nodes = [self.one()]
        while self.peek("and"):
            self.take()
            nodes.append(self.one())
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def one(self) -> Node:
        if self.peek("not"):
            self.take()
            return Not(self.nested(self.one))
        if self.peek("("):
            self.take()
            node = self.nested(self.either)
            if not self.peek(")"):
                raise QueryError(Message("A closing parenthesis is missing."), self.position())
            self.take()
            return node
        return self.comparison()

    def nested(self, read: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > _MOST_OPEN:
            raise QueryError(Message("The filter is nested too deeply."), self.position())
        node = read()
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        name = self.take()
        if name.kind not in ("word", "quoted") or (name.kind == "word" and name.text.casefold() in _KEYWORDS):
            raise QueryError(Message("An attribute is expected where “{text}” stands.", text=name.text), name.start)
        words = [name.text]
        ends = ("is", "and", "or", WITHIN)
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "word" and not self.peek(*ends):
            words.append(self.take().text)  # labels of several words: Asset tag = A1
        path = tuple(p.strip() for p in " ".join(words).split("."))
        self.count(path, name.start)
        if self.peek("is"):
            self.take()
            negated = self.peek("not")
            if negated:
                self.take()
            if not self.peek("empty"):
                raise QueryError(Message("After “is” stands “empty” or “not empty”."), self.position())
            self.take()
            return Empty(path, negated)
        is_within = self.peek(WITHIN)
        op = self.take()
        if op.kind != "op" and not is_within:
            raise QueryError(
                Message(
                    "An operator ({operators}) is expected after “{text}”.",
                    operators=" ".join((*OPERATORS, WITHIN)),
                    text=name.text,
                ),
                op.start,
            )
        value = self.take()
        if value.kind not in ("word", "quoted"):
            raise QueryError(Message("A value is expected where “{text}” stands.", text=value.text), value.start)
        words = [value.text]
        while value.kind == "word" and self.at < len(self.tokens) and self.tokens[self.at].kind == "word":
            if self.peek("and", "or"):
                break
            words.append(self.take().text)  # model = Latitude 7440, without quotes, is understood too
        return Compare(path, WITHIN if is_within else op.text, " ".join(words))

    def count(self, path: tuple[str, ...], start: int) -> None:
        """Raises QueryError where the filter asks for more than databases can do at once."""
        self.conditions += len(path)
        if self.conditions > MOST_CONDITIONS:
            raise QueryError(
                Message(
                    "The filter has too many conditions; the limit is {limit}. Each reference that is followed "
                    "counts as one, too.",
                    limit=MOST_CONDITIONS,
                ),
                start,
            )
        if len(path) - 1 > MOST_STEPS:
            raise QueryError(
                Message(
                    "“{text}…” follows {count} references; the limit is {limit}.",
                    text=".".join(path[:3])[:60],
                    count=len(path) - 1,
                    limit=MOST_STEPS,
                ),
                start,
            )

    def position(self) -> int:
        return self.tokens[self.at].start if self.at < len(self.tokens) else len(self.source)

    def expect_end(self) -> None:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            raise QueryError(
                Message("“{text}” is not expected here; join conditions with and, or.", text=token.text), token.start
            )


def _depth(node: Node, within: type[Node] = And) -> int:
    """How deep the database's own expression of it will be: what is within each other, references included.

    What is joined by the same word stands side by side, however it is written; a filter that is added to another one
    with "and" makes none deeper.
    """
    if isinstance(node, Compare | Empty):
        return len(node.path) - 1
    if isinstance(node, Not):
        return 1 + _depth(node.node, Not)
    return (not isinstance(node, within)) + max(_depth(one, type(node)) for one in node.nodes)


def leaves(node: Node | None) -> Iterator[Compare | Empty]:
    """The comparisons that a tree is made of, from left to right."""
    if isinstance(node, Compare | Empty):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.node)
    elif node is not None:
        for part in node.nodes:
            yield from leaves(part)
