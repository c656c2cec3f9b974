"""Which records have a value that identifies, in the order in which labels hold them: what is an item's own first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.codes.web_addresses import NUMBER
from app.pasted_list import by_detail
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.records import CI
from cmdb.model.text_forms import form_of, swapped_uuid
from cmdb.reconciliation.identifiers import shipped

if TYPE_CHECKING:
    from cmdb.model.schema import Attribute, Schema
    from cmdb.store.reading.reader import Reader

MOST = 20
"""So many records of one value are told: a name that hundreds have identifies none."""
_AGAIN = frozenset({"host_name", "machine_id"})
"""Attributes of items that are given again to the next one."""
_ID = "id"
_UUID = 36

Wanted = tuple[str, str]
"""A value, and the attribute that it is of; "" for any that identifies."""


@dataclass(frozen=True, slots=True)
class NamedByCode:
    """A record that a code names, and by what: "Asset tag A10244"; the attribute's name, "" for a code of its own."""

    record: CI
    read: Message
    attribute: str = ""


class KnownValues:
    """Looks values up in the register's indexes, thousands with as many statements as one."""

    def __init__(self, reader: Reader, control: Control) -> None:
        from cmdb.store.reading.lookup import StoreLookup

        self._reader, self._control = reader, control
        self._lookup = StoreLookup(reader)
        self._schema = reader.schema

    def find(self, wanted: Iterable[Wanted]) -> dict[Wanted, list[NamedByCode]]:
        """The records that have the values. Of a value that any attribute may have, those of the first step that has
        one: another item's serial number counts beside an asset tag, its name doesn't. Raises Cancelled.
        """
        hits: dict[Wanted, list[tuple[str, str]]] = {}
        by_attribute: dict[str, list[Wanted]] = {}
        for one in dict.fromkeys(wanted):
            by_attribute.setdefault(one[1], []).append(one)
        for step in _steps(self._schema):
            asked = [one for one in by_attribute.get("", ()) if one not in hits]
            for attribute in step if asked else ():
                self._control.check()
                self._ask(attribute, asked, hits)
        for attribute in by_attribute.keys() - {""}:
            self._ask(attribute, by_attribute[attribute], hits)
        return self._told(hits)

    def _told(self, hits: Mapping[Wanted, Sequence[tuple[str, str]]]) -> dict[Wanted, list[NamedByCode]]:
        by_uid = {one: dict(reversed(its)) for one, its in hits.items()}
        few = {one: dict(sorted(its.items())[:MOST]) for one, its in by_uid.items()}
        records = self._reader.by_uid({uid for its in few.values() for uid in its}) if few else {}
        return {
            one: [NamedByCode(records[uid], self._read(one[0], attribute, records[uid]), attribute)
                  for uid, attribute in its.items() if uid in records]
            for one, its in few.items()
        }  # fmt: skip

    def _read(self, value: str, attribute: str, record: CI) -> Message:
        if attribute == NUMBER:
            return Message("number in another tool: {number}", number=value)
        known = self._schema.all_attributes(record.cls).get(attribute)
        if known is None:
            return Message("id {id}", id=value)
        held = record.name if attribute == "name" else str(record.values.get(attribute, ""))
        if attribute in ("name", "number", "asset_tag") and name_key(held) not in _texts(value):
            return Message("former {attribute}: {value}", attribute=known.label, value=value)
        return Message("{attribute} {value}", attribute=known.label, value=held or value)

    def _ask(self, attribute: str, wanted: Sequence[Wanted], hits: dict[Wanted, list[tuple[str, str]]]) -> None:
        """Adds the records that have the values as that attribute."""
        forms: dict[str, list[Wanted]] = {}
        for one in wanted:
            for form in self._forms(attribute, one[0]):
                forms.setdefault(form, []).append(one)
        if not forms:
            return
        for found in self._answers(attribute, forms):
            for form, uids in found.items():
                for one in forms.get(form, ()):
                    hits.setdefault(one, []).extend((uid, attribute) for uid in uids)

    def _forms(self, attribute: str, value: str) -> Collection[str]:
        """The forms in which the register may hold a value of an attribute; nothing where it can be none."""
        if attribute in ("name", NUMBER):
            return (name_key(value),)
        if attribute == "asset_tag":
            return _texts(value)
        if attribute == "serial_number":
            serial = shipped().serial(value)
            return {serial, "".join(value.casefold().split())} if serial else ()
        if attribute == "host_name":
            host = shipped().host(value)
            return {host, value.casefold()} if host else ()
        if attribute == _ID or (known := self._known(attribute)) is None:
            return (value.casefold(),) if len(value) == _UUID and value.count("-") == 4 else ()
        if known.type == "uuid":
            text = value.casefold().strip("{}")
            return {text, swapped_uuid(text)} if len(text) == _UUID and text.count("-") == 4 else ()
        form = form_of(known.form, known.type)
        read = name_key(value) if form is None else form.read(value).casefold()
        return (read,) if read else ()

    def _known(self, attribute: str) -> Attribute | None:
        return self._schema.every_attribute.get(attribute)

    def _answers(self, attribute: str, forms: Collection[str]) -> Iterable[Mapping[str, Sequence[str]]]:
        lookup = self._lookup
        if attribute == _ID:
            yield {uid: (uid,) for uid in self._reader.by_uid(forms)}
            yield {old: (uid,) for old, uid in lookup.merged_into(forms).items()}
            return
        if attribute == NUMBER:
            yield lookup.by_evidence(NUMBER, forms)
            return
        for root in _roots(self._schema, attribute):
            family = self._schema.family(root)
            yield (
                lookup.by_name(family, forms) if attribute == "name" else lookup.by_attribute(family, attribute, forms)
            )
        if attribute == "serial_number":
            yield lookup.by_evidence(attribute, forms)
        if attribute == "mac_address":
            yield lookup.by_evidence("mac", forms)
            if not self._reader.draft:
                yield by_detail(self._reader, "ci", {one: [one] for one in forms}, self._control)


def _steps(schema: Schema) -> tuple[Sequence[str], ...]:
    """The attributes that identify: of items and work; of places and people; then what isn't one record's alone."""

    def of(root: str) -> Iterator[str]:
        every = schema.all_attributes(root) if root in schema.classes else {}
        return (one.name for one in every.values() if one.identifying or one.type == "email")

    own = (name for name in of("hardware") if name not in _AGAIN)
    items = dict.fromkeys((_ID, "asset_tag", "serial_number", *own, "number"))
    others = [name for root in ("place", "person") for name in of(root) if name not in items]
    rest = [name for name in of("ci") if name not in items and name not in others]
    return tuple(items), tuple(dict.fromkeys(others)), (*rest, "name")


def _texts(value: str) -> tuple[str, ...]:
    """A text as it is compared, and without blanks: a scanner's user types "A 10244" for A10244."""
    key = name_key(value)
    return tuple(dict.fromkeys((key, key.replace(" ", ""))))


def _roots(schema: Schema, attribute: str) -> list[str]:
    """The roots of which records may have an attribute."""
    return [one for one in ("ci", "work") if one in schema.classes and attribute in schema.all_attributes(one)]
