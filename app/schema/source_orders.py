"""Changes of orders of sources: for an attribute or a section of a class, a class, or the whole estate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.schema.change import KeptValues, OtherValues, SchemaChange
from app.schema.entries import Path, Put, Remove
from cmdb.model.claims import entry_text
from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit
from cmdb.model.schema import Schema
from cmdb.model.section_words import shown_value
from cmdb.model.source_keys import PERSON
from cmdb.model.source_orders import (
    APPLY,
    ASK,
    GENERAL,
    HOLD,
    MEASURED,
    Ranked,
    RankedSource,
    SourceOrder,
    order_document,
    read_order,
)
from cmdb.model.values import Value
from cmdb.store.reading.decisions import open_decisions
from cmdb.store.reading.derived_values import DerivedValue, section_sources

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

KNOWN = 40
"""How many of the estate's sources are offered by name."""
EXAMPLES = 3
"""How many records a plan shows of each attribute."""

DOES = {
    APPLY: Message("Applied"),
    ASK: Message("Asked in Review"),
    HOLD: Message("Held: recorded only"),
}
"""What becomes of what a source says, in words."""


@dataclass(frozen=True)
class OrderPlace:
    """What an order of sources is for: an attribute or a section of a class, all attributes of a class, or an estate.

    ``name`` is the attribute or section; of an estate "general" or "measured".
    """

    cls: str = ""
    name: str = ""
    of_section: bool = False

    @property
    def path(self) -> Path:
        """Where documents say it."""
        if not self.cls:
            return ("sources", self.name)
        if self.of_section:
            return ("class", self.cls, "section_sources", self.name)
        if self.name:
            return ("class", self.cls, "attributes", self.name, "sources")
        return ("class", self.cls, "sources")

    def label(self, schema: Schema) -> Message:
        """What it is for, in words."""
        if not self.cls:
            measured = self.name == MEASURED
            return Message("what scans measure") if measured else Message("everything else")
        label = schema.cls(self.cls).label
        if self.of_section:
            section = schema.section(self.name)
            return Message("{attribute} of {cls}", attribute=section.plural or section.label, cls=label)
        if self.name:
            return Message("{attribute} of {cls}", attribute=schema.attribute(self.cls, self.name).label, cls=label)
        return Message("{cls}", cls=label)


ESTATE_PLACES = (OrderPlace(name=MEASURED), OrderPlace(name=GENERAL))


@dataclass(frozen=True)
class PresentOrder:
    """The order of sources that counts for a place, and where it comes from."""

    ranked: Ranked
    here: bool
    """Whether the estate says it for this very place, so that it can be taken back."""
    origin: Message
    """Where it is said: "Computer", "the whole estate"."""


def present_order(schema: Schema, place: OrderPlace) -> PresentOrder:
    """The order that counts for a place now."""
    base = Schema.load()
    if not place.cls:
        ranked = schema.sources.get(place.name, ())
        here = ranked != base.sources.get(place.name, ())
        return PresentOrder(ranked, here, Message("this estate") if here else Message("Terrier"))
    return PresentOrder(*_of_class(schema, base, place))


def _of_class(schema: Schema, base: Schema, place: OrderPlace) -> tuple[Ranked, bool, Message]:
    own, rest = _said(schema, place), schema.sources.get(MEASURED, ())
    if own:
        above = schema.cls(place.cls).parent
        inherited = _said(schema, replace(place, cls=above)) if above else ()
        here = own not in (inherited, _said(base, place))
        at = next(one for one in reversed(schema.ancestors(place.cls)) if _said(schema, replace(place, cls=one)) == own)
        return own, here, Message("{cls}", cls=schema.cls(at).label)
    if place.of_section:
        return rest, False, Message("the whole estate")
    if place.name and (of_class := schema.cls(place.cls).sources):
        at = next(c for c in reversed(schema.ancestors(place.cls)) if schema.cls(c).sources == of_class)
        return of_class, False, Message("{cls}", cls=schema.cls(at).label)
    if place.name:
        return schema.source_orders(place.cls).of[place.name].ranked, False, Message("the whole estate")
    return schema.sources.get(GENERAL, ()), False, Message("the whole estate")


def _said(schema: Schema, place: OrderPlace) -> Ranked:
    """The order that classes say for a place, here or above; () where none does."""
    cls = schema.classes.get(place.cls)
    if cls is None:
        return ()
    if place.of_section:
        return cls.section_sources.get(place.name, ())
    if place.name:
        found = cls.attributes.get(place.name)
        return found.sources if found is not None else ()
    return cls.sources


def own_orders(schema: Schema) -> list[tuple[OrderPlace, PresentOrder]]:
    """The two orders of the estate, then those that it says itself for classes, attributes and sections."""
    places = list(ESTATE_PLACES)
    for cls in schema.classes.values():
        if cls.sources:
            places.append(OrderPlace(cls.name))
        places += [OrderPlace(cls.name, one.name) for one in cls.attributes.values() if one.sources]
        places += [OrderPlace(cls.name, name, of_section=True) for name in cls.section_sources]
    found = [(place, present_order(schema, place)) for place in places]
    return [one for one in found if one[1].here or not one[0].cls]


def known_sources(reader: Reader) -> list[str]:
    """The keys of the sources that say something of the estate's records, the latest first; at most some."""
    found = sorted(reader.sources(), key=lambda one: (-one.revision, one.source))
    return [one.source for one in found if one.source != PERSON][:KNOWN]


def change_order(schema: Schema, place: OrderPlace, ranked: Sequence[RankedSource]) -> SchemaChange:
    """The change that gives a place this order of sources. Raises InvalidValue."""
    title = Message("Order of sources for {place}", place=place.label(schema))
    try:
        found = read_order(title, order_document(ranked))
    except SchemaError as error:
        raise InvalidValue(error.message) from error
    if not _bare(found):
        raise InvalidValue(Message("An order needs at least one source."))
    if not asks(schema, place) and any(one.does == ASK for one in found):
        section = schema.section(place.name)
        raise InvalidValue(
            Message("{section} have no history, so nobody is asked about them: they are applied or held.",
                    section=section.plural or section.label)
        )  # fmt: skip
    if _bare(found) == _bare(present_order(schema, place).ranked):
        return SchemaChange(title, ())
    *path, name = place.path
    return SchemaChange(title, (Put(tuple(path), {name: order_document(found)}),), note=_note(found))


def asks(schema: Schema, place: OrderPlace) -> bool:
    """Whether a person can be asked about what sources say there: not about rows that have no history."""
    return not (place.of_section and schema.section(place.name).volatile)


def _bare(ranked: Ranked) -> Ranked:
    return tuple(one for one in ranked if one.source != PERSON)


def inherit_order(schema: Schema, place: OrderPlace) -> SchemaChange:
    """The change after which a place has the order that it inherits."""
    title = Message("Order of sources for {place}: as inherited", place=place.label(schema))
    return SchemaChange(title, (Remove(place.path),) if present_order(schema, place).here else ())


def _note(ranked: Ranked) -> Message:
    if any(one.does == ASK for one in ranked):
        return Message(
            "What sources have said counts by its place. From the next import on, what they say otherwise waits in "
            "Review."
        )
    return Message("What a source says is kept, whatever counts.")


def order_words(ranked: Iterable[RankedSource]) -> Message:
    """An order in one line: "person, scan, sheet (held)"."""
    return Message("{sources}", sources=tuple(map(_entry_words, ranked)))


def _entry_words(one: RankedSource) -> Message:
    source = entry_text(one.source)
    if one.does == HOLD:
        return Message("{source} (held)", source=source)
    return Message("{source} (asked about)", source=source) if one.does == ASK else source


# -- what a change does -----------------------------------------------------------------------------------------------


def other_values(reader: Reader, now: Schema, derived: Iterable[DerivedValue]) -> list[OtherValues]:
    """Class by class and attribute by attribute, the records that get another value, with examples."""
    return [
        OtherValues(cls, attribute, number, tuple((one.name, before, after) for one, before, after in its))
        for cls, attribute, number, its in _examples(reader, now, (d for d in derived if d.before != d.after))
    ]


def kept_values(reader: Reader, now: Schema, derived: Iterable[DerivedValue]) -> list[KeptValues]:
    """Class by class and attribute by attribute, the records that keep what a source says which is held then."""
    return [
        KeptValues(cls, attribute, number, tuple((one.name, after) for one, _, after in its))
        for cls, attribute, number, its in _examples(reader, now, (d for d in derived if d.kept))
    ]


def _examples(
    reader: Reader, now: Schema, derived: Iterable[DerivedValue]
) -> Iterator[tuple[str, str, int, list[tuple[DerivedValue, str, str]]]]:
    """Class and attribute, how many records, and some of them with their values before and after as they are shown."""
    found: dict[tuple[str, str], list[DerivedValue]] = {}
    number: dict[tuple[str, str], int] = {}
    for one in derived:
        key = (one.cls, one.attribute)
        number[key] = number.get(key, 0) + 1
        its = found.setdefault(key, [])
        if len(its) < EXAMPLES:
            its.append(one)
    examples = [one for its in found.values() for one in its]
    names = reader.names({str(v) for one in examples for v in (one.before, one.after) if _refers(now, one) and v})
    for (cls, attribute), its in sorted(found.items()):
        shown = [(one, _shown(now, one, one.before, names), _shown(now, one, one.after, names)) for one in its]
        yield cls, attribute, number[cls, attribute], shown


def _refers(schema: Schema, one: DerivedValue) -> bool:
    return schema.attribute(one.cls, one.attribute).type == "reference"


def _shown(schema: Schema, one: DerivedValue, value: Value | None, names: dict[str, tuple[str, str]]) -> str:
    if value is None:
        return "–"
    if _refers(schema, one):
        return names.get(str(value), ("", str(value)))[1]
    return shown_value(schema.attribute(one.cls, one.attribute), value)


def value_lines(schema: Schema, values: Iterable[OtherValues]) -> Iterator[Message]:
    """What happens to values, a sentence for each class and attribute."""
    for one in values:
        examples = tuple(
            Message("{name}: {before} → {after}", name=name, before=before, after=after)
            for name, before, after in one.examples
        )
        yield counted(
            "{attribute} of {cls}: {count} record gets another value ({examples}).",
            "{attribute} of {cls}: {count} records get another value ({examples}).",
            one.records,
            attribute=schema.attribute(one.cls, one.attribute).label,
            cls=schema.cls(one.cls).label,
            examples=examples,
        )


def kept_lines(schema: Schema, values: Iterable[KeptValues]) -> Iterator[Message]:
    """What stays although its source is held, a sentence for each class and attribute."""
    for one in values:
        examples = tuple(Message("{name}: {value}", name=name, value=value) for name, value in one.examples)
        yield counted(
            "{attribute} of {cls}: {count} record keeps what a source says that is held now ({examples}), until "
            "another source or a person says otherwise.",
            "{attribute} of {cls}: {count} records keep what a source says that is held now ({examples}), until "
            "another source or a person says otherwise.",
            one.records,
            attribute=schema.attribute(one.cls, one.attribute).label,
            cls=schema.cls(one.cls).label,
            examples=examples,
        )


def row_lines(reader: Reader, now: Schema) -> Iterator[Message]:
    """What happens to rows of sections whose order of sources is another one."""
    old = reader.schema
    classes = now.classes.keys() & old.classes.keys()
    for name in sorted(now.sections.keys() & old.sections.keys()):
        if all(now.section_order(cls, name) == old.section_order(cls, name) for cls in classes):
            continue
        section = now.sections[name]
        numbers: Counter[tuple[str, str]] = Counter()
        for one in section_sources(reader, name):
            before, after = (schema.section_order(one.cls, name).does(one.source) for schema in (old, now))
            if after == ASK and section.volatile:
                after = APPLY
            numbers[before, after] += one.rows
        for words, number in _of_rows(section.plural or section.label, numbers):
            if number:
                yield words


def _of_rows(label: str, numbers: Counter[tuple[str, str]]) -> Iterator[tuple[Message, int]]:
    """What becomes of how many rows of a section. ``numbers``: what became of them, what becomes → how many."""
    held = sum(n for (before, after), n in numbers.items() if after == HOLD != before)
    yield counted("{section}: {count} row is held.", "{section}: {count} rows are held.", held, section=label), held
    free = sum(n for (before, after), n in numbers.items() if before == HOLD != after)
    yield counted("{section}: {count} row counts again.", "{section}: {count} rows count again.", free,
                  section=label), free  # fmt: skip
    asked = sum(n for (before, after), n in numbers.items() if after == ASK != before)
    yield (
        counted(
            "{section}: {count} row stays as it is: a change of it is asked about.",
            "{section}: {count} rows stay as they are: a change of them is asked about.",
            asked,
            section=label,
        ),
        asked,
    )


def over_questions(reader: Reader, now: Schema) -> list[Edit]:
    """The edits that close the questions about what waits and which the orders of sources no longer ask about."""
    from cmdb.reconciliation.asked_values import WAITING, closing

    edits: list[Edit] = []
    for decision, fields in open_decisions(reader).items():
        if fields.get("kind") in WAITING and not _still_asks(now, fields):
            edits += closing(decision, fields)
    return edits


def _still_asks(now: Schema, fields: Mapping[str, Any]) -> bool:
    from cmdb.reconciliation.asked_values import ROW

    cls = str(fields.get("class", ""))
    if fields.get("kind") == ROW:
        name = str(fields["section"])
        order: SourceOrder | None = now.section_order(cls, name) if name in now.sections else None
    else:
        order = now.source_orders(cls).of.get(str(fields["attribute"]))
    return order is not None and order.does(str(fields["source"])) == ASK


def closed_lines(edits: Sequence[Edit]) -> Iterator[Message]:
    """How many questions are closed, in a sentence."""
    number = sum(one.field == "state" for one in edits)
    if number:
        yield counted(
            "{count} question about what waits is closed: nobody is asked any more.",
            "{count} questions about what waits are closed: nobody is asked any more.",
            number,
        )
