"""Texts that people read: templates with named values and real plurals, worded in the reader's language when shown.

``Message("{name} is in use.", name=name)`` is a text kept as data; ``str()`` words it. ``tr("Open")`` words it at once.
Templates are literals, so that they can be extracted; they are never glued from parts. See docs/decisions/texts.md.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from cmdb.model import formats
from cmdb.model.language import current

if TYPE_CHECKING:
    from decimal import Decimal

_MOST_DIGITS = 30
_MOST_SHOWN = 500

_FIELD = re.compile(r"\{(\w+)\}")


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A template with its values. Raises KeyError for a value that is not there.

    Not ``str.format``: templates also come from translations and from estates, and its fields can do too much.
    """
    return _FIELD.sub(lambda field: values[field[1]], template)


def _filled_as_far(template: str, values: Mapping[str, str]) -> str:
    """A template with those of its values that are there."""
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), template)


class Message:
    """A text as data: its template (English, with the names of its values in braces) and its values.

    The template identifies the text (gettext's msgid). Values may be texts themselves; numbers, dates and amounts are
    written as the reader's locale does. A template without values is used literally, with its braces.
    """

    __slots__ = ("_hash", "context", "count", "many", "template", "values")

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values: Mapping[str, object] = values
        self.many = ""
        self.count = 0
        self.context = ""
        self._hash = 0

    def __str__(self) -> str:
        language = current()
        if self.many:
            found = language.plural_template(self.template, self.many, self.count)
            source = self.template if self.count == 1 else self.many
        else:
            found, source = language.template(self.context, self.template), self.template
        if not self.values:
            return found
        written = {name: formats.shown(value) for name, value in self.values.items()}
        try:
            return _filled(found, written)
        except KeyError:
            return _filled_as_far(source, written)  # a translation that names a value wrongly must not hide the text

    def __bool__(self) -> bool:
        return bool(self.template)

    def having(self, **values: object) -> Message:
        """The same text with other values, for texts of constants whose values are not known yet."""
        found = Message(self.template, **values)
        found.many, found.count, found.context = self.many, self.count, self.context
        return found

    def source(self) -> str:
        """The text in the language of the templates: for hashes and keys, which must not depend on the reader's."""
        template = self.many if self.many and self.count != 1 else self.template
        if not self.values:
            return template
        return _filled_as_far(template, {name: _source(value) for name, value in self.values.items()})

    def _key(self) -> tuple[object, ...]:
        return (self.template, self.many, self.count, self.context, tuple(self.values.items()))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Message) and self._key() == other._key())

    def __hash__(self) -> int:
        if not self._hash:  # remembered: some texts are shared by half a million lines of a licence position
            self._hash = hash(self._key())
        return self._hash

    def __lt__(self, other: Message) -> bool:
        return str(self) < str(other)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    # -- kept ---------------------------------------------------------------------------------------------------------

    def data(self) -> dict[str, object]:
        """The text as JSON values, from which ``from_data`` makes it again."""
        found: dict[str, object] = {"text": self.template}
        if self.many:
            found.update(many=self.many, count=self.count)
        if self.context:
            found["context"] = self.context
        if self.values:
            found["values"] = {name: _kept(value) for name, value in self.values.items()}
        return found


_NO_WORDS = ""
#: No text. Its template isn't written as a literal, as gettext keeps the empty text for the header of its catalogue.
EMPTY = Message(_NO_WORDS)


class SchemaWord(str):
    """A word of a schema (a label), worded in the current language, that knows the word that the schema declares.

    Where it is a value of a text that is kept, the declared word is kept, as a text that is worded again when it is
    read: the words of the writer's language are not those of every reader.
    """

    __slots__ = ("declared",)

    declared: str

    def __new__(cls, word: str, declared: str) -> SchemaWord:
        """The word that is shown, and the one that is declared."""
        found = super().__new__(cls, word)
        found.declared = str(declared)
        return found

    def __reduce__(self) -> tuple[type[SchemaWord], tuple[str, str]]:
        return SchemaWord, (str(self), self.declared)


def counted(one: str, many: str, count: int, /, **values: object) -> Message:
    """A text that depends on a number, as data: ``counted("{count} row", "{count} rows", len(rows))``.

    ``{count}`` is the number; other values may be named besides.
    """
    found = Message(one, **{"count": count, **values})
    found.many, found.count = many, count
    return found


def in_context(context: str, template: str, /, **values: object) -> Message:
    """A text as data whose English words mean different things: ``in_context("verb", "Open")``."""
    found = Message(template, **values)
    found.context = context
    return found


def tr(template: str, /, **values: object) -> str:
    """A text worded at once, for what is shown now."""
    return str(Message(template, **values))


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """A counted text worded at once; see ``counted``."""
    return str(counted(one, many, count, **values))


def trc(context: str, template: str, /, **values: object) -> str:
    """A text of a context worded at once; see ``in_context``."""
    return str(in_context(context, template, **values))


def chain(texts: Iterable[Message]) -> Message:
    """Several statements as one text: "…; …; …"."""
    found = list(texts)
    if len(found) < 2:
        return found[0] if found else EMPTY
    half = len(found) // 2  # in halves, so that a thousand statements are nested ten deep only
    return Message("{statement}; {more}", statement=chain(found[:half]), more=chain(found[half:]))


def from_data(data: object) -> Message:
    """Restores a stored text: from ``Message.data``, or from plain words. Other data is shown by its ``repr``."""
    if isinstance(data, str):
        return verbatim(data)
    try:
        return _made(cast(Any, data))
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError):
        return verbatim(repr(data)[:_MOST_SHOWN])  # an estate may have been changed by hand


def _made(data: Mapping[str, Any]) -> Message:
    values = {str(name): _again(value) for name, value in data.get("values", {}).items()}
    found = Message(str(data["text"]), **values)
    found.many, found.context = str(data.get("many", "")), str(data.get("context", ""))
    found.count = int(data.get("count", 0))
    return found


def verbatim(words: str) -> Message:
    """Words of a person or of another program: shown unchanged in every language."""
    return Message("{words}", words=words) if words else EMPTY


def _source(value: object) -> str:
    if isinstance(value, Message):
        return value.source()
    if isinstance(value, SchemaWord):
        return value.declared
    return ", ".join(map(_source, value)) if isinstance(value, tuple) else str(value)


def declared(template: str, /, **values: object) -> Message:
    """A text that is declared in the program's data (``resources``). ``app/translations.py`` extracts it from there."""
    return Message(template, **values)


@lru_cache(maxsize=20_000)
def text_key(text: Message | str) -> str:
    """A sort key of texts that does not depend on the language."""
    return text if isinstance(text, str) else json.dumps(text.data(), sort_keys=True, ensure_ascii=False)


#: A type of a text's values → its form in JSON, which ``_again`` reads. A type comes before one that it is kind of: to
#: Python a time is a date, a word of the schema a string, and an amount a tuple.
_KEPT: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Message, lambda text: text.data()),
    (SchemaWord, lambda word: Message(word.declared).data()),
    (datetime, lambda time: {"time": time.isoformat()}),
    (date, lambda day: {"date": day.isoformat()}),
    (formats.Amount, lambda amount: {"amount": str(amount.value), "currency": amount.currency}),
    (formats.Size, lambda size: {"bytes": size.size}),
    (formats.Percent, lambda percent: {"share": percent.part}),
    (formats.Plain, lambda plain: {"plain": plain.number}),
    (tuple, lambda values: [_kept(one) for one in values]),
)


def _kept(value: object) -> object:
    for kind, kept in _KEPT:
        if isinstance(value, kind):
            return kept(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    from decimal import Decimal  # only now, as in ``formats``

    return {"decimal": str(value)} if isinstance(value, Decimal) else str(value)


_AGAIN: Mapping[str, Callable[[Any], object]] = {
    "text": lambda value: _made(value),
    "time": lambda value: datetime.fromisoformat(value["time"]),
    "date": lambda value: date.fromisoformat(value["date"]),
    "decimal": lambda value: _decimal(value["decimal"]),
    "amount": lambda value: formats.Amount(_decimal(value["amount"]), str(value["currency"])),
    "bytes": lambda value: formats.Size(float(_decimal(value["bytes"]))),
    "share": lambda value: formats.Percent(float(value["share"])),
    "plain": lambda value: formats.Plain(int(value["plain"])),
}


def _again(value: Any) -> object:
    if isinstance(value, list):
        return tuple(map(_again, value))
    if isinstance(value, dict):
        key = next((key for key in _AGAIN if key in value), "")
        if key and (key != "amount" or "currency" in value):
            return _AGAIN[key](value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError(value)
    return value


def _decimal(digits: Any) -> Decimal:
    """A number as it was kept. Raises ValueError for one that nobody could read: it would be written digit by digit."""
    from decimal import Decimal

    found = Decimal(str(digits))
    if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS:
        raise ValueError(digits)
    return found
