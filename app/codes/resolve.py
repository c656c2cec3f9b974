"""What a code names: a label's tag, a serial number, a MAC, an old label's web address, a place, a command.

There is one way to read codes. The page of audits, lists of codes, the search and the command line ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from app.codes.commands import CodeCommand, command_of
from app.codes.keyboards import Typing, is_test_code
from app.codes.known_values import KnownValues, NamedByCode
from app.codes.short_codes import READ_AS, called_by, family_of
from app.codes.web_addresses import AddressRule, named_in, rules_of
from app.codes.wrappers import unwrapped
from app.estate_settings import ADDRESS_RULES, estate_settings
from cmdb.model.characters import one_line
from cmdb.model.control import Control
from cmdb.model.messages import EMPTY, Message
from cmdb.model.records import CI

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

LONGEST = 2000
"""Of a longer code the rest is cut off: no symbol holds it."""

Kind = Literal["item", "place", "person", "several", "command", "test", "unknown"]
"""What a code is; "test" is the test code of ``app.codes.keyboards``."""


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a code names: records, a command, or nothing that is known. Several records are never chosen from.

    ``code`` is what was read, without invisible characters. ``note`` says how it was read where it was not as it is: of
    a keyboard's other layout, or from the web address of another tool.
    """

    code: str
    kind: Kind
    named: tuple[NamedByCode, ...] = ()
    command: CodeCommand | None = None
    note: Message = EMPTY

    @property
    def record(self) -> CI | None:
        """The one record that it names; None for none or several."""
        return self.named[0].record if len(self.named) == 1 else None

    @property
    def read(self) -> Message:
        """By what it names its record: "Asset tag A10244"; nothing where it names none."""
        return self.named[0].read if self.named else EMPTY


@dataclass(frozen=True, slots=True)
class _Try:
    """A way to read a code: the values that one attribute ("": any that identifies) may have."""

    values: tuple[str, ...]
    attribute: str = ""
    note: Message = EMPTY


_Rules = Callable[[], Sequence[AddressRule]]
"""The estate's own rules for web addresses, read when the first address is met."""


def resolve(reader: Reader, code: str, typing: Typing | None = None) -> ReadCode:
    """What a code names. ``typing``: how this computer types what its scanner reads, where that is not the same."""
    return resolve_all(reader, [code], typing)[0]


def resolve_all(
    reader: Reader, codes: Sequence[str], typing: Typing | None = None, control: Control | None = None
) -> list[ReadCode]:
    """What each of the codes names, in their order. The statements are as many for thousands as for one.

    A code that names something as it is, is that; only then it is read in another way. Raises Cancelled.
    """
    control = control or Control()
    waiting: dict[str, Iterator[_Try]] = {}
    found: dict[str, ReadCode] = {}
    rules = cache(lambda: rules_of(estate_settings(reader)[ADDRESS_RULES.name]))
    for code in codes:
        shown = one_line(code[:LONGEST])
        command = command_of(shown)
        if command is not None:
            found[code] = ReadCode(shown, "command", command=command)
        elif is_test_code(shown):
            found[code] = ReadCode(shown, "test")
        elif shown:
            waiting.setdefault(code, _ways(code[:LONGEST], rules, typing))
        else:
            found[code] = ReadCode(shown, "unknown")
    labelled = _by_short_codes(reader, waiting)
    found.update(labelled)
    for code in labelled:
        del waiting[code]
    known = KnownValues(reader, control)
    while waiting:
        control.check()
        tried = {code: way for code, ways in waiting.items() if (way := next(ways, None)) is not None}
        for code in waiting.keys() - tried.keys():
            found[code] = ReadCode(one_line(code[:LONGEST]), "unknown")
        named = known.find([(value, way.attribute) for way in tried.values() for value in way.values])
        for code, way in tried.items():
            hits = [one for value in way.values for one in named.get((value, way.attribute), ())]
            if hits:
                its = tuple({one.record.uid: one for one in hits}.values())
                found[code] = _of_records(reader, one_line(code[:LONGEST]), its, way.note)
        waiting = {code: waiting[code] for code in tried if code not in found}
    return [found[code] for code in codes]


def _of_records(reader: Reader, code: str, named: tuple[NamedByCode, ...], note: Message = EMPTY) -> ReadCode:
    kind: Kind = "several"
    if len(named) == 1:
        cls = named[0].record.cls
        kind = "place" if reader.schema.is_a(cls, "place") else "item"
        kind = "person" if reader.schema.is_a(cls, "person") else kind
    return ReadCode(code, kind, named, note=note)


def _by_short_codes(reader: Reader, codes: Iterable[str]) -> dict[str, ReadCode]:
    """The codes of labels of places and people."""
    uids = called_by(reader, codes)
    records = reader.by_uid({uid for its in uids.values() for uid in its}) if uids else {}
    found = {}
    for code, its in uids.items():
        read = READ_AS[family_of(code)]
        named = tuple(NamedByCode(records[uid], read) for uid in its if uid in records)
        if named:
            found[code] = _of_records(reader, one_line(code), named)
    return found


def _ways(code: str, rules: _Rules, typing: Typing | None) -> Iterator[_Try]:
    """The ways to read a code, the plainest first."""
    yield from _as_written(code, rules)
    if typing is not None:
        meant = typing.meant(code)
        if meant != code:
            note = Message("read as {code}: {typing}", code=one_line(meant), typing=typing.said)
            yield from _as_written(meant, rules, note)


def _as_written(code: str, rules: _Rules, note: Message = EMPTY) -> Iterator[_Try]:
    from cmdb.reconciliation.identifiers import shipped

    shown = one_line(code)
    yield _Try((shown,), note=note)
    for named in named_in(shown, rules()) if "/" in shown else ():
        told = note or (Message("web address of {tool}", tool=named.tool) if named.tool else Message("web address"))
        yield _Try(tuple(map(one_line, named.values)), named.attribute, told)
    for inner in unwrapped(code, shipped().makers):
        text = one_line(inner.text)
        if text and (text, inner.attribute) != (shown, ""):
            yield _Try((text,), inner.attribute, note)
