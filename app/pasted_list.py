"""A pasted column of names, tags, serial numbers or addresses: which records it names, and which words name none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.filter_words import attribute_at
from cmdb.model.characters import visible
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Attribute, Schema
from cmdb.model.selection import Selection
from cmdb.model.text_forms import FORMS, form_of

if TYPE_CHECKING:
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader

Line = tuple[str, ...]
"""The cells of a pasted line: the first of them that names a record counts."""
_FORMS = ("mac", "ip", "host", "imei")
"""Forms of attributes that name a record though they need not be its own alone."""
_ADDRESSES = ("mac", "ip")
_UUID = 32
"""The digits of a UUID."""
_AROUND = " \t\r,;\"'"


@dataclass(frozen=True, slots=True)
class PastedList:
    """The records that a pasted list names, by their ids; how many lines it has, and those that name none."""

    uids: tuple[str, ...]
    number: int
    missing: tuple[str, ...] = ()

    @property
    def found(self) -> int:
        """How many lines name a record."""
        return self.number - len(self.missing)


def lines_of(text: str) -> list[Line]:
    """The lines of a pasted text, each once, without invisible characters; one with commas or semicolons is several."""
    rows = [row for row in visible(text).splitlines() if row.strip(_AROUND)]
    if len(rows) == 1 and "\t" not in rows[0]:
        rows = rows[0].replace(";", ",").split(",")
    found: dict[Line, Line] = {}
    for row in rows:
        line = tuple(cell for one in row.split("\t") if (cell := one.strip(_AROUND)))
        if line:
            found.setdefault(tuple(map(name_key, line)), line)
    return list(found.values())


def find_pasted(reader: Reader, cls: str, lines: Sequence[Line], *, past: bool = False) -> PastedList:
    """The records of a class that the lines name, in the order of the lines.

    Names are compared without case; addresses in every usual form. Former names of merged records are known at
    present; ``past`` says that the reader's moment is another.
    """
    if lines and all(attribute_at(reader.schema, cls, (cell,)) is not None for cell in lines[0]):
        lines = lines[1:]  # the heading of the column
    words = {cell for line in lines for cell in line}
    find = _in_records(reader, cls, words) if past else _in_index(reader, cls)
    known = _known(reader, cls, words, find)
    uids: dict[str, None] = {}
    missing = []
    for line in lines:
        named = next((known[cell] for cell in line if cell in known), ())
        uids.update(dict.fromkeys(named))
        if not named:
            missing.append("\t".join(line))
    return PastedList(tuple(uids), len(lines), tuple(missing))


def _known(reader: Reader, cls: str, words: set[str], find: _Find) -> dict[str, Sequence[str]]:
    """Word → the ids of the records that it names."""
    found: dict[str, Sequence[str]] = {}
    for attribute in _naming(reader.schema, cls):
        keys: dict[str, list[str]] = {}
        for word in words - found.keys():
            if key := _key(attribute, word):
                keys.setdefault(key, []).append(word)
        for key, uids in find(attribute, keys).items() if keys else ():
            for word in keys.get(key, ()):
                found[word] = uids
    found |= dict(_by_addresses(reader, cls, words - found.keys()))
    return found


_Find = Callable[[Attribute, Mapping[str, object]], Mapping[str, Sequence[str]]]
"""Finds records by the keys of an attribute."""


def _in_index(reader: Reader, cls: str) -> _Find:
    from cmdb.store.reading.lookup import StoreLookup

    lookup, family = StoreLookup(reader), reader.schema.family(cls)

    def find(attribute: Attribute, keys: Mapping[str, object]) -> Mapping[str, Sequence[str]]:
        if attribute.name == "name":
            return lookup.by_name(family, list(keys))
        return lookup.by_attribute(family, attribute.name, list(keys))

    return find


def _in_records(reader: Reader, cls: str, words: set[str]) -> _Find:
    """Of a past moment, which no index knows: every record is read once."""
    naming = _naming(reader.schema, cls)
    wanted = {one.name: {_key(one, word) for word in words} for one in naming}
    held: dict[str, dict[str, list[str]]] = {one.name: {} for one in naming}
    for one in reader.all(Selection(cls)):
        for attribute in naming:
            value = one.name if attribute.name == "name" else one.values.get(attribute.name)
            if value is None:
                continue
            key = _key(attribute, str(value))
            if key and key in wanted[attribute.name]:
                held[attribute.name].setdefault(key, []).append(one.uid)
    return lambda attribute, keys: held[attribute.name]


def _naming(schema: Schema, cls: str) -> list[Attribute]:
    """The attributes of a class by which a list may name its records, the name first."""
    known = schema.all_attributes(cls)
    others = [one for one in known.values() if one.name != "name" and _names(one)]
    return [known["name"], *others]


def _names(one: Attribute) -> bool:
    kinds = one.type in ("text", "email", "uuid")
    return kinds and (one.identifying or one.unique or one.form in _FORMS or one.type == "email")


def _key(attribute: Attribute, word: str) -> str:
    """A word as the values of an attribute are compared; "" where none can be the word: no name is an IP address."""
    if attribute.name == "name":
        return name_key(word)
    if attribute.type == "uuid" and len(word) < _UUID:
        return ""
    form = form_of(attribute.form, attribute.type)
    return (form.read(word) if form is not None else word).casefold()


def _by_addresses(reader: Reader, cls: str, words: Iterable[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Records by the addresses of their network interfaces, and of other rows of detail."""
    for word in words:
        forms = [FORMS[name].read(word) for name in _ADDRESSES]
        address = next(filter(None, forms), "")
        if not address:
            continue
        some = [one.uid for one in reader.page(Selection(cls, text=address), limit=20)]
        uids = [uid for uid, sections in reader.sections_of(some).items() if _has(sections, address)] if some else []
        if uids:
            yield word, uids


def _has(sections: Mapping[str, Sequence[SectionRow]], address: str) -> bool:
    rows = (row for rows in sections.values() for row in rows)
    return any(address == str(value).casefold() for row in rows for value in row.columns.values())
