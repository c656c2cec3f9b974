"""Which records have a value that identifies, in the order in which labels hold them: what is an item's own first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.codes.web_addresses import NUMBER
from app.pasted_list import by_detail
from cmdb.model.control import Control
from cmdb.model.mac_addresses import is_canonical_mac
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.record_aliases import ID
from cmdb.model.records import CI
from cmdb.model.text_forms import form_of, swapped_uuid
from cmdb.reconciliation.identifiers import shipped

if TYPE_CHECKING:
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

MOST = 20
"""So many records of one value are told: a name that hundreds have identifies none."""
_AGAIN = frozenset({"host_name", "machine_id"})
"""Attributes of items that are given again to the next one."""
_UUID = 36
_EVIDENCE = {
    "serial_number": "evidence.serial_number", "mac_address": "evidence.mac", NUMBER: f"evidence.{NUMBER}",
}  # fmt: skip
"""Attributes of which sources state more values than the record shows: under which kind they are kept."""
_ATTRIBUTES = {kept: attribute for attribute, kept in _EVIDENCE.items()}

Wanted = tuple[str, str]
"""A value, and the attribute that it is of; "" for any that identifies."""
_Hit = tuple[str, int, bool]
"""The attribute by which a value names a record, the record's inner id, and whether it was once called so."""


@dataclass(frozen=True, slots=True)
class NamedByCode:
    """A record that a code names, and by what: "Asset tag A10244"; the attribute's name, "" for a code of its own."""

    record: CI
    read: Message
    attribute: str = ""


class KnownValues:
    """Looks values up in the register's indexes, thousands with as many statements as one."""

    def __init__(self, reader: Reader, control: Control) -> None:
        self._reader, self._control, self._schema = reader, control, reader.schema
        self._steps = _steps(reader.schema)
        self._own = [name for name, step in self._steps.items() if step == 0]
        self._others = [name for name, step in self._steps.items() if step]

    def find(self, wanted: Collection[Wanted]) -> dict[Wanted, list[NamedByCode]]:
        """The records that have the values. Of a value that any attribute may have, those of the first step that has
        one: another item's serial number counts beside an asset tag, its name doesn't. Raises Cancelled.
        """
        hits: dict[Wanted, list[_Hit]] = {}
        left = dict.fromkeys(wanted)
        for attributes in (self._own, self._others):  # most codes are an item's own, and need no more
            forms: dict[str, dict[str, list[Wanted]]] = {}
            for one in left:
                for attribute in (one[1],) if one[1] else attributes:
                    for form in self._forms(attribute, one[0]):
                        forms.setdefault(attribute, {}).setdefault(form, []).append(one)
            for attribute, form, *record in self._found(forms):
                for one in forms[attribute].get(form, ()):
                    hits.setdefault(one, []).append((attribute, *record))  # type: ignore[arg-type]
            left = {one: None for one in left if one not in hits and not one[1]}
            if not left:
                break
        return self._told({one: self._nearest(its) for one, its in hits.items()})

    def _found(self, forms: Mapping[str, Mapping[str, Collection[Wanted]]]) -> Iterator[tuple[str, str, int, bool]]:
        """(attribute, form, inner id, whether it was called so) of the records that have the forms."""
        self._control.check()
        asked = {attribute: its.keys() for attribute, its in forms.items() if attribute != NUMBER}
        asked |= {_EVIDENCE[attribute]: its.keys() for attribute, its in forms.items() if attribute in _EVIDENCE}
        for one in self._reader.identified(asked):
            yield _ATTRIBUTES.get(one.attribute, one.attribute), one.value, one.id, one.former
        macs = [one for one in forms.get("mac_address", ()) if is_canonical_mac(one)]
        if macs and not self._reader.draft:
            by_mac = by_detail(self._reader, "ci", {one: [one] for one in macs}, self._control)
            inner = self._reader.inner({uid for its in by_mac.values() for uid in its}) if by_mac else {}
            yield from (("mac_address", mac, inner[uid], False) for mac, its in by_mac.items() for uid in its)

    def _nearest(self, hits: Sequence[_Hit]) -> dict[int, _Hit]:
        """The hits of the first step that has any, one for each record."""
        first = min(self._steps.get(attribute, 0) for attribute, _, _ in hits)
        ranked = sorted(hits, key=lambda one: one[2])  # what it is called now is told before a former name
        found: dict[int, _Hit] = {}
        for one in ranked:
            if self._steps.get(one[0], 0) == first:
                found.setdefault(one[1], one)
        return dict(sorted(found.items())[:MOST])

    def _told(self, hits: Mapping[Wanted, Mapping[int, _Hit]]) -> dict[Wanted, list[NamedByCode]]:
        ids = sorted({inner for its in hits.values() for inner in its})
        records = {one.id: one for one in self._reader.many(ids)} if ids else {}
        return {
            one: [NamedByCode(records[inner], self._read(one[0], hit, records[inner]), hit[0])
                  for inner, hit in its.items() if inner in records]
            for one, its in hits.items()
        }  # fmt: skip

    def _read(self, value: str, hit: _Hit, record: CI) -> Message:
        attribute, _, former = hit
        if attribute == NUMBER:
            return Message("number in another tool: {number}", number=value)
        known = self._schema.all_attributes(record.cls).get(attribute)
        if known is None:
            return Message("id {id}", id=value)
        if former:
            return Message("former {attribute}: {value}", attribute=known.label, value=value)
        held = record.name if attribute == "name" else str(record.values.get(attribute, ""))
        return Message("{attribute} {value}", attribute=known.label, value=held or value)

    def _forms(self, attribute: str, value: str) -> Iterable[str]:
        """The forms in which the register may hold a value of an attribute; nothing where it can be none."""
        if attribute in ("name", NUMBER):
            return (name_key(value),)
        if attribute == "asset_tag":
            key = name_key(value)
            return {key, key.replace(" ", "")}  # people type "A 10244" for A10244
        if attribute == "serial_number":
            serial = shipped().serial(value)
            return {serial, "".join(value.casefold().split())} if serial else ()
        if attribute == "host_name":
            host = shipped().host(value)
            return {host, value.casefold()} if host else ()
        known = self._schema.every_attribute.get(attribute)
        if attribute == ID or known is None or known.type == "uuid":
            text = value.casefold().strip("{}")
            return {text, swapped_uuid(text)} if len(text) == _UUID and text.count("-") == 4 else ()
        form = form_of(known.form, known.type)
        if form is not None:
            read = form.read(value)
            return {read, read.casefold()} if read else ()
        return {value, value.casefold()}


@lru_cache(maxsize=8)
def _steps(schema: Schema) -> Mapping[str, int]:
    """The attributes that identify, each with its step: of items and work; of places and people; then what isn't one
    record's alone.
    """

    def of(root: str) -> Iterator[str]:
        every = schema.all_attributes(root) if root in schema.classes else {}
        return (one.name for one in every.values() if one.identifying or one.type == "email")

    own = (name for name in of("hardware") if name not in _AGAIN)
    found = dict.fromkeys((ID, "asset_tag", "serial_number", *own, "number"), 0)
    for name in (*of("place"), *of("person")):
        found.setdefault(name, 1)
    for name in (*of("ci"), "name"):
        found.setdefault(name, 2)
    return found
