"""A pasted column of names, tags, serial numbers or addresses: which records it names, and which words name none.

The records that an import, a scan or a revision made and changed are such a list, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.filter_words import attribute_at
from cmdb.model.characters import visible
from cmdb.model.control import Control
from cmdb.model.messages import EMPTY, Message
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Attribute, Schema
from cmdb.model.selection import Selection
from cmdb.model.text_forms import FORMS, form_of

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

Line = tuple[str, ...]
"""The cells of a pasted line: the first of them that names a record counts."""
_FORMS = ("mac", "ip", "host", "imei")
"""Forms of attributes that name a record though they need not be its own alone."""
_ADDRESSES = ("mac", "ip")
_AT_ONCE = 20_000
"""So many words, or records, are looked at before it is looked whether the person has cancelled."""
_ADDRESSES_AT_ONCE = 200
_UUID = 32
"""The digits of a UUID."""
_AROUND = " \t\r,;\"'"


@dataclass(frozen=True, slots=True)
class PastedList:
    """The records that a pasted list names, by their ids; how many lines it has, and those that name none.

    ``title`` says what the list is where nobody pasted it.
    """

    uids: tuple[str, ...]
    number: int
    missing: tuple[str, ...] = ()
    title: Message = EMPTY

    @property
    def found(self) -> int:
        """How many lines name a record."""
        return self.number - len(self.missing)


def made_list(schema: Schema, title: Message, classes: Mapping[str, str]) -> tuple[str, PastedList]:
    """The items among some records (id → class) as a list, and the narrowest class that all of them are of."""
    items = {uid: cls for uid, cls in classes.items() if cls in schema.classes and schema.root_of(cls) == "ci"}
    kinds = set(items.values())
    common = [one for one in schema.tree() if kinds and all(schema.is_a(kind, one.name) for kind in kinds)]
    cls = max(common, key=lambda one: len(schema.ancestors(one.name))).name if common else "ci"
    return cls, PastedList(tuple(items), len(items), title=title)


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


def find_pasted(
    reader: Reader, cls: str, lines: Sequence[Line], *, past: bool = False, control: Control | None = None
) -> PastedList:
    """The records of a class that the lines name, in the order of the lines. Raises Cancelled.

    Names are compared without case; addresses in every usual form. Former names of merged records are known at
    present; ``past`` says that the reader's moment is another.
    """
    if lines and all(attribute_at(reader.schema, cls, (cell,)) is not None for cell in lines[0]):
        lines = lines[1:]  # the heading of the column
    words = {cell for line in lines for cell in line}
    control = control or Control()
    find = _in_records(reader, cls, words, control) if past else _in_index(reader, cls)
    known = _known(reader.schema, cls, words, find, control)
    addresses = _addresses(words - known.keys())
    if past or reader.draft:
        known |= _by_every_row(reader, cls, addresses, control)
    else:
        known |= by_detail(reader, cls, addresses, control)
    uids: dict[str, None] = {}
    missing = []
    for line in lines:
        named = next((known[cell] for cell in line if cell in known), ())
        uids.update(dict.fromkeys(named))
        if not named:
            missing.append("\t".join(line))
    return PastedList(tuple(uids), len(lines), tuple(missing))


def number_of_lines(text: str) -> int:
    """How many lines of a text are not blank; it is fast."""
    return sum(not line.isspace() for line in text.splitlines() if line)


def _known(schema: Schema, cls: str, words: set[str], find: _Find, control: Control) -> dict[str, Sequence[str]]:
    """Word → the ids of the records that it names."""
    found: dict[str, Sequence[str]] = {}
    naming = _naming(schema, cls)
    keys_by: dict[tuple[str, str], dict[str, list[str]]] = {}
    """How values are compared → the words by what is compared: many attributes are compared alike."""
    for done, attribute in enumerate(naming):
        form = form_of(attribute.form, attribute.type)
        alike = attribute.name if attribute.name == "name" else attribute.type if attribute.type == "uuid" else ""
        how = (alike, str(form.what) if form is not None else "")
        if how not in keys_by:
            keys_by[how], read = {}, _key(attribute)
            for word in words:
                if key := read(word):
                    keys_by[how].setdefault(key, []).append(word)
        keys = keys_by[how]
        for some in _chunks(list(keys), _AT_ONCE):
            control.progress(done, len(naming) + 1, Message("Looking in {attribute}", attribute=attribute.label))
            for key, uids in find(attribute, some).items():
                for word in keys.get(key, ()):
                    found.setdefault(word, uids)
    return found


_Find = Callable[[Attribute, Collection[str]], Mapping[str, Sequence[str]]]
"""Finds records by the keys of an attribute."""


def _chunks(words: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (words[first : first + size] for first in range(0, len(words), size))


def _in_index(reader: Reader, cls: str) -> _Find:
    from cmdb.store.reading.lookup import StoreLookup

    lookup, family = StoreLookup(reader), reader.schema.family(cls)

    def find(attribute: Attribute, keys: Collection[str]) -> Mapping[str, Sequence[str]]:
        if attribute.name == "name":
            return lookup.by_name(family, keys)
        return lookup.by_attribute(family, attribute.name, keys)

    return find


def _in_records(reader: Reader, cls: str, words: set[str], control: Control) -> _Find:
    """Of a past moment, which no index knows: every record is read once."""
    naming = _naming(reader.schema, cls)
    read = {one.name: _key(one) for one in naming}
    wanted = {one.name: {read[one.name](word) for word in words} for one in naming}
    held: dict[str, dict[str, list[str]]] = {one.name: {} for one in naming}
    for one in reader.all(Selection(cls)):
        control.check()
        for attribute in naming:
            value = one.name if attribute.name == "name" else one.values.get(attribute.name)
            if value is None:
                continue
            key = read[attribute.name](str(value))
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


def _key(attribute: Attribute) -> Callable[[str], str]:
    """How words are compared with the values of an attribute; "" where none can be the word: no name is an address."""
    if attribute.name == "name":
        return name_key
    form = form_of(attribute.form, attribute.type)
    read = str if form is None else form.read
    if attribute.type == "uuid":
        return lambda word: read(word).casefold() if len(word) >= _UUID else ""
    return lambda word: read(word).casefold()


def _addresses(words: Iterable[str]) -> dict[str, list[str]]:
    """Address as it is kept → the words that are it."""
    found: dict[str, list[str]] = {}
    for word in words:
        address = next(filter(None, (FORMS[name].read(word) for name in _ADDRESSES)), "")
        if address:
            found.setdefault(address, []).append(word)
    return found


def by_detail(
    reader: Reader, cls: str, addresses: Mapping[str, list[str]], control: Control
) -> dict[str, Sequence[str]]:
    """Records by the addresses of their network interfaces, and of other rows of detail, that the index knows."""
    found: dict[str, Sequence[str]] = {}
    for some in _chunks(list(addresses), _ADDRESSES_AT_ONCE):
        control.check()
        uids = reader.seen_with(cls, some)
        found |= _having(reader, uids, {address: addresses[address] for address in some}) if uids else {}
    return found


def _by_every_row(
    reader: Reader, cls: str, addresses: Mapping[str, list[str]], control: Control
) -> dict[str, Sequence[str]]:
    """As ``by_detail``, of a past moment or a draft, whose rows no index knows: every record's are read once."""
    found: dict[str, Sequence[str]] = {}
    every = [one.uid for one in reader.all(Selection(cls))] if addresses else []
    for some in _chunks(every, _AT_ONCE):
        control.check()
        found |= {word: (*found.get(word, ()), *uids) for word, uids in _having(reader, some, addresses).items()}
    return found


def _having(reader: Reader, uids: Sequence[str], addresses: Mapping[str, list[str]]) -> dict[str, Sequence[str]]:
    """Word → those of some records that have its address in a row of detail."""
    found: dict[str, list[str]] = {}
    for uid, sections in reader.sections_of(uids).items():
        values = {str(value).casefold() for rows in sections.values() for row in rows for value in row.columns.values()}
        for address in values & addresses.keys():
            for word in addresses[address]:
                found.setdefault(word, []).append(uid)
    return dict(found)
