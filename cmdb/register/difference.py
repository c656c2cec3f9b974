"""Compares two moments of an estate: counts the records that differ, and describes the differences line by line.

A change that was reverted is not a difference. Only differing records are loaded, in batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cmdb.model.control import Control
from cmdb.model.difference import KINDS, DifferenceFilter, DifferenceLine
from cmdb.model.event_times import shown_time
from cmdb.model.messages import Message, SchemaWord, tr
from cmdb.model.reservations import worded
from cmdb.model.revision import Content, Edit, Record
from cmdb.model.schema import Attribute, Schema
from cmdb.model.section_words import row_words
from cmdb.model.values import Value, show_with_unit
from cmdb.store.reading.difference import RecordDifference
from cmdb.store.reading.reader import Reader

_ITEM = {"relationship": 1, "membership": 2}
"""The part of a kind's key that names the item that a difference is listed with; else the first one."""
_NAMED = ("owner", "user", "record", "subject", "by", "before_ref", "after_ref")
"""The fields of kinds that name items."""
_OWNERS = {"group": "owner", "event": "record", "attachment": "record", "reservation": "subject"}
"""Kind → the field that names the item with which its differences are listed."""
Names = Mapping[str, tuple[str, str]]
"""Id → (class, name)."""
Show = Callable[[Attribute, Value | None, Names], str]
"""Words a value of an attribute."""


@dataclass
class Comparison:
    """The difference from a revision (``then``) to the moment that ``reader`` sees.

    ``ordered``: in the same order from every database.
    ``counts`` grow while lines are read: (kind, change) → number of records, with the records that the filter excludes.
    """

    reader: Reader
    then: int
    control: Control = field(default_factory=Control)
    show: Show | None = None
    ordered: bool = False
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def differences(self, kinds: Iterable[str] = tuple(KINDS)) -> Iterator[list[RecordDifference]]:
        """The records of some kinds that differ, in batches, with progress. Raises Cancelled."""
        between = self.reader.between(self.then, ordered=self.ordered)
        kinds = tuple(kinds)
        total, done = between.rows(kinds), 0
        for kind in kinds:
            for batch in between.of(kind):
                done += len(batch)
                self.control.progress(min(done, total), total, Message("Comparing"))
                yield batch
        self.control.progress(total, total, Message("Comparing"))

    def lines(self, wanted: DifferenceFilter | None = None) -> Iterator[DifferenceLine]:
        """The differences, line by line. Raises Cancelled."""
        wanted = wanted or DifferenceFilter()
        fits = wanted.test(self.reader.schema)
        for batch in self.differences(wanted.kinds):
            self.counts.update((d.record.kind, d.change) for d in batch)
            names = self._names(batch)
            for difference in batch:
                yield from filter(fits, self._lines(difference, *names))

    @cached_property
    def _before(self) -> Reader:
        return self.reader.as_of(self.then)

    def _names(self, batch: Sequence[RecordDifference]) -> tuple[Names, Names]:
        """Class and name of all records in a batch: those that exist now, and those that exist now or existed then."""
        references = self._references
        wanted: set[str] = set()
        for one in batch:
            wanted.update(part for part in one.record.key if len(part) == 36)
            for fields in (one.before, one.after):
                if fields and one.record.kind == "ci":
                    wanted.update(fields[name] for name in references & fields.keys())
                elif fields:
                    wanted.update(fields[name] for name in _NAMED if name in fields)
        there = self.reader.names(wanted)
        return there, {**self._before.names(wanted - there.keys()), **there}

    @cached_property
    def _references(self) -> frozenset[str]:
        return self.reader.schema.reference_names

    # -- in words ---------------------------------------------------------------------------------------------------

    def _lines(self, difference: RecordDifference, there: Names, names: Names) -> Iterator[DifferenceLine]:
        kind, key = difference.record
        uid = key[_ITEM.get(kind, 0)]
        if kind in _OWNERS:
            uid = (difference.after or difference.before or {}).get(_OWNERS[kind], "")
        cls, item = names.get(uid, ("", ""))
        if kind == "ci":
            stands = difference.after or difference.before or {}
            cls, item = str(stands["class"]), str(stands.get("name", ""))
        if kind == "section":
            words = row_words(self.reader.schema, difference.record, difference.before, difference.after)
            yield DifferenceLine(kind, difference.change, uid, uid in there, cls, item, *words)
            return
        for edit in difference.edits():
            what, then, now = self._words(edit, names)
            yield DifferenceLine(kind, difference.change, uid, uid in there, cls, item, what, then, now)

    def _words(self, edit: Edit, names: Names) -> tuple[str, str, str]:
        """What differs, and its values then and now."""
        kind, key = edit.record
        whole: Any = edit.after or edit.before
        if kind == "ci":
            return self._of_item(edit, names)
        if kind == "event" and not edit.field:
            return self._of_event(whole, names, gone=edit.after is None)
        if kind == "relationship":
            label, other = self._type(key[0]), _name(names, key[2])
        elif kind == "membership":
            values: Any = (edit.before, edit.after)
            groups = (self._before, self.reader)
            then, now = (
                "" if value is None else _in_group(reader, key[0]) for reader, value in zip(groups, values, strict=True)
            )
            label, other = self._type(key[1]), _name(names, key[3])
            return tr("{relationship} {name}: Redundancy group", relationship=label, name=other), then, now
        elif kind == "group":
            label, other = tr("Redundancy group"), "" if edit.field else _group(whole)
        elif kind == "installation":
            label, other = tr("Software"), " ".join(part for part in key[2:] if part)
        elif kind == "reservation":
            label, other = tr("Reserved"), "" if edit.field else str(worded(whole, names))
        elif kind == "attachment":
            label, other = tr("File"), "" if edit.field else str(whole.get("name", ""))
        else:
            label, other = tr("Assigned to"), _name(names, key[1])
        if not edit.field:
            return label, "" if edit.before is None else other, "" if edit.after is None else other
        label = f"{label} {other}".rstrip()
        if edit.field == "alone":
            then, now = (tr("no") if v is False else tr("yes") for v in (edit.before, edit.after))
            return tr("{relationship}: stands alone", relationship=label), then, now
        then, now = (
            _name(names, str(v)) if v and edit.field in _NAMED else str(v or "") for v in (edit.before, edit.after)
        )
        return f"{label}: {edit.field.replace('_', ' ')}", then, now

    def _of_item(self, edit: Edit, names: Names) -> tuple[str, str, str]:
        values: Any = (edit.before, edit.after)
        if not edit.field:
            what = tr("Created") if edit.before is None else tr("Deleted")
            then, now = ("" if v is None else self._class(v["class"]) for v in values)
        elif edit.field == "class":
            what = tr("Class")
            then, now = (self._class(v) for v in values)
        else:
            attribute = self.reader.schema.every_attribute.get(edit.field)
            what = attribute.label if attribute else edit.field
            then, now = (
                str(v or "") if attribute is None else (self.show or plain)(attribute, v, names) for v in values
            )
        return what, then, now

    def _of_event(self, fields: Mapping[str, Any], names: Names, *, gone: bool) -> tuple[str, str, str]:
        """What happened to an item, when, and the value that it had from then on."""
        label = event_label(self.reader.schema, fields)
        attribute = self.reader.schema.every_attribute.get(str(fields.get("field", "")))
        after = fields.get("after_ref", fields.get("after"))
        text = label if attribute is None else (self.show or plain)(attribute, after, names) or tr("blank")
        return label, text if gone else "", "" if gone else text

    def _class(self, name: str) -> str:
        found = self.reader.schema.classes.get(name)
        return found.label if found else name

    def _type(self, name: str) -> str:
        found = self.reader.schema.relationships.get(name)
        return found.label if found else name


def event_label(schema: Schema, fields: Mapping[str, Content]) -> str:
    """What an event says of an item, in words: the attribute that changed, if one did, and when."""
    found = schema.every_attribute.get(str(fields.get("field", "")))
    when = shown_time(int(str(fields["at"])))
    if found is None:
        return tr("Event of {when}", when=when)
    return tr("{attribute}, from {when}", attribute=found.label, when=when)


def plain(attribute: Attribute, value: Value | None, names: Names) -> str:
    """A value as text, with its unit; a reference by its name."""
    if attribute.type == "reference" and value:
        return _name(names, str(value))
    return show_with_unit(attribute, value)


def _name(names: Names, uid: str) -> str:
    found = names.get(uid)
    return found[1] if found is not None else tr("an item that is gone")


def _group(fields: Mapping[str, Any]) -> str:
    label, needs = fields.get("label", ""), fields.get("needs", "")
    text = (
        Message("{group}: needs {needs}", group=label, needs=needs) if label else Message("needs {needs}", needs=needs)
    )
    return SchemaWord(str(text), text.source())


def _in_group(reader: Reader, uid: str) -> str:
    found = reader.records_of("group", [Record("group", (uid,))]).get((uid,))
    return _group(found) if found else ""
