"""A class of the schema as lists: attributes, statuses, relationship types and sections, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from app.imports.attribute_types import TYPE_LABELS
from app.schema.attributes import built_in_choices, owner_of
from app.schema.life_cycles import requirement_form, transition_form, written
from app.verbs import known_verbs
from cmdb.model.life_cycle import PHASE
from cmdb.model.messages import Message, verbatim
from cmdb.model.schema import Attribute, Schema
from cmdb.model.schema_languages import worded

BUILT_IN, OWN = Message("Terrier"), Message("This estate")
"""Where something of the schema comes from."""


@dataclass(frozen=True)
class AttributeRow:
    """An attribute of a class."""

    name: str
    label: str
    type: Message
    """Its type in words, with what it refers to, or its unit."""
    marks: tuple[Message, ...]
    owner: str
    """The class in which it begins."""
    owner_label: str
    origin: Message
    inherited: bool
    hidden: bool


@dataclass(frozen=True)
class StatusRow:
    """A status of a class, or a state of work."""

    value: str
    label: str
    phase: Message
    verbs: tuple[str, ...]
    origin: Message


@dataclass(frozen=True)
class LifeCycleRow:
    """What a phase needs, or where a verb of a state table leads."""

    name: str
    label: str
    when: Message
    needs: Message
    origin: Message
    transition: bool
    """Whether it is of a state table."""


@dataclass(frozen=True)
class RelationshipRow:
    """A relationship type that records of a class can have."""

    name: str
    label: str
    inverse: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    impact: Message
    origin: Message
    hidden: bool


@dataclass(frozen=True)
class SectionLine:
    """A section that records of a class can have."""

    name: str
    label: str
    of: tuple[str, ...]
    columns: tuple[str, ...]
    origin: Message
    hidden: bool


def phase_labels() -> dict[str, str]:
    """Phase → its label, as filters and lists call it."""
    return {choice.value: choice.label for choice in worded(PHASE).choices}


IMPACTS = {
    "none": Message("Nothing"),
    "backward": Message("Hits what stands first"),
    "forward": Message("Hits what stands second"),
}
"""What a failure does along a relationship: ``backward`` and ``forward`` as ``RelationshipType`` has them."""


@dataclass(frozen=True)
class ClassOutline:
    """All that the schema says of a class."""

    cls: str
    built_in: bool
    attributes: list[AttributeRow]
    statuses: list[StatusRow]
    life_cycle: list[LifeCycleRow]
    relationships: list[RelationshipRow]
    sections: list[SectionLine]


def class_outline(schema: Schema, cls: str) -> ClassOutline:
    """All that the schema says of a class. Raises SchemaError."""
    base = Schema.load()
    return ClassOutline(
        cls,
        cls in base.classes,
        attribute_rows(schema, cls, base),
        status_rows(schema, cls),
        life_cycle_rows(schema, cls, base),
        relationship_rows(schema, cls, base),
        section_rows(schema, cls, base),
    )


def attribute_rows(schema: Schema, cls: str, base: Schema) -> list[AttributeRow]:
    """The attributes of a class, those first that begin in it, and of these the estate's own; ``base`` is Terrier's
    schema.
    """
    rows = [_attribute_row(schema, cls, one, base) for one in schema.cls(cls).attributes.values()]
    return sorted(rows, key=lambda row: (row.inherited, row.origin != OWN))


def _attribute_row(schema: Schema, cls: str, one: Attribute, base: Schema) -> AttributeRow:
    owner = owner_of(schema, cls, one.name)
    words = (
        (one.required, Message("required")), (one.unique, Message("unique")), (one.indexed, Message("indexed")),
        (one.hidden, Message("retired")), (_has_own_order(schema, cls, one.name), Message("own source order")),
    )  # fmt: skip
    known = owner in base.classes and one.name in base.classes[owner].attributes
    return AttributeRow(
        one.name,
        str(one.label),
        _type(schema, one),
        tuple(word for holds, word in words if holds),
        owner,
        str(schema.cls(owner).label),
        BUILT_IN if known else OWN,
        owner != cls,
        one.hidden,
    )


def _has_own_order(schema: Schema, cls: str, name: str) -> bool:
    """Whether the estate says for the attribute, here or above, which source counts."""
    rule = schema.source_rule(cls, name)
    return rule.own and rule.of == "attribute"


def _type(schema: Schema, one: Attribute) -> Message:
    kind = TYPE_LABELS[one.type]
    if one.type == "reference":
        return Message("Reference to {classes}", classes=tuple(str(schema.cls(name).label) for name in one.targets))
    return Message("{type} ({unit})", type=kind, unit=one.unit) if one.unit else kind


def status_rows(schema: Schema, cls: str) -> list[StatusRow]:
    """The statuses of a class, in their order."""
    standing = schema.cls(cls).standing
    known, phases = built_in_choices(cls, standing.name), phase_labels()
    return [
        StatusRow(
            one.value,
            str(one.label),
            verbatim(phases.get(str(one.phase), "")),
            one.verb,
            BUILT_IN if one.value in known else OWN,
        )
        for one in standing.choices
    ]


def life_cycle_rows(schema: Schema, cls: str, base: Schema) -> list[LifeCycleRow]:
    """What records of a class need to enter phases, and the lines of its state table."""
    one, known = schema.cls(cls), base.classes.get(cls)
    found = []
    for name, rule in one.requires.items():
        form = requirement_form(schema, cls, rule)
        needs = tuple(written(names) for names in form.alternatives)
        found.append(
            LifeCycleRow(
                name,
                str(rule.label),
                Message("To enter: {phase}", phase=phase_labels()[str(rule.phase)]),
                Message("{alternatives}", alternatives=needs) if needs else Message("Nothing"),
                BUILT_IN if known is not None and known.requires.get(name) == rule else OWN,
                transition=False,
            )
        )
    for verb, line in one.transitions.items():
        way = transition_form(schema, cls, verb)
        found.append(
            LifeCycleRow(
                verb,
                _verb(verb),
                Message("From {before} to {after}", before=way.before, after=way.after),
                Message("{attributes}", attributes=way.needs) if way.needs else Message("Nothing"),
                BUILT_IN if known is not None and known.transitions.get(verb) == line else OWN,
                transition=True,
            )
        )
    return found


def _verb(name: str) -> str:
    found = known_verbs().get(name)
    return str(found.title).rstrip("…") if found is not None else name.replace("_", " ").capitalize()


def relationship_rows(schema: Schema, cls: str, base: Schema) -> list[RelationshipRow]:
    """The relationship types that join records of a class, or of classes below it, with others."""
    found = []
    for one in schema.relationships.values():
        ends = (*one.subjects, *one.objects)
        if not any(schema.is_a(cls, end) or schema.is_a(end, cls) for end in ends):
            continue
        subjects, objects = (tuple(str(schema.cls(end).label) for end in its) for its in (one.subjects, one.objects))
        origin = BUILT_IN if one.name in base.relationships else OWN
        label, inverse, impact = str(one.label), str(one.inverse), IMPACTS[one.impact]
        found.append(RelationshipRow(one.name, label, inverse, subjects, objects, impact, origin, one.hidden))
    return found


def section_rows(schema: Schema, cls: str, base: Schema) -> list[SectionLine]:
    """The sections that records of a class, or of classes below it, can have."""
    return [
        SectionLine(
            one.name,
            str(one.plural or one.label),
            tuple(str(schema.cls(name).label) for name in one.of),
            tuple(str(column.label) for column in one.shown_columns),
            BUILT_IN if one.name in base.sections else OWN,
            one.hidden,
        )
        for one in schema.sections.values()
        if any(schema.is_a(cls, of) or schema.is_a(of, cls) for of in one.of)
    ]
