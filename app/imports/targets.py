"""The targets of a column's mapping: an attribute, a relationship, the class, a referenced item's attribute. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.imports.attribute_types import TYPE_LABELS
from cmdb.model.formats import sentence_case
from cmdb.model.messages import EMPTY, Message, tr, verbatim
from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.cells.durations import START_OF, duration_unit
from importers.spreadsheets.columns.fields import FIELDS, LABELS, fields_of
from importers.spreadsheets.columns.header_units import is_duration, unit_of
from importers.spreadsheets.columns.mapping import PLACE_LEVELS, ColumnUse, Mapping, Role
from importers.spreadsheets.columns.section_fields import fields_of_section

_RELATIONSHIPS = Message("Relationships")
_LINK_PARTS: tuple[tuple[Role, Message], ...] = (("group", Message("Group")), ("needs", Message("Needs")))
#: Attributes by which a referenced item can be recognised.
_IDENTIFYING = (
    "email", "user_name", "employee_number", "first_name", "last_name", "asset_tag", "serial_number", "host_name",
    "number", "part_number",
)  # fmt: skip
#: Transforms that belong to what a column is used as, not to its text.
_OF_USE = ("unit:", "months:", "years:", "weeks:", "days:", "parts:", "words:")
#: The section of targets that are attributes of referenced items.
OF_REFERENCES = Message("Attributes of what it refers to")
_SEATS = Message("Seats of licences")
#: The part of the kinds of rows that are rows of sections.
SECTIONS = Message("Rows of sections")
#: Choices that a hint lists.
_HINTED = 4


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """One thing that a column can be mapped to: its texts, and the ``role`` and ``name`` of a ``ColumnUse``."""

    title: Message
    section: Message
    role: Role
    name: str = ""
    inverse: bool = False
    hint: Message = EMPTY

    def fits(self, use: ColumnUse) -> bool:
        """Whether a column is mapped to this."""
        return (use.role, use.name, use.inverse) == (self.role, self.name, self.inverse)


LEAVE_OUT = ColumnTarget(Message("Leave out"), EMPTY, "unmapped", hint=Message("The column is not imported"))


def targets(schema: Schema, mapping: Mapping, use: ColumnUse | None = None) -> list[ColumnTarget]:
    """Everything that a column of a sheet can be mapped to; the attribute that its values match comes first."""
    if mapping.kind in FIELDS:
        kind = LABELS[mapping.kind]
        fields = fields_of(mapping.kind)
        return [LEAVE_OUT, *(ColumnTarget(verbatim(a.label), kind, "field", a.name, hint=_hint(a)) for a in fields)]
    if mapping.kind == "section":
        fields, title = fields_of_section(schema.section(mapping.cls)), label_of(schema, mapping)
        return [LEAVE_OUT, *(ColumnTarget(verbatim(a.label), title, "field", a.name, hint=_hint(a)) for a in fields)]
    base = mapping.cls or "ci"
    attributes = _attributes(schema, base)
    found = [attribute_target(a) for a in attributes.values()]
    if use is not None and use.suggestion:
        section = Message("Its values look like")
        found = [replace(t, section=section) for t in found if t.name == use.suggestion] + found
    hint = Message("The column holds each row's class")
    found.append(ColumnTarget(Message("Class"), Message("Each row"), "class", hint=hint))
    found += _links(schema, base)
    if any(schema.is_a(base, cls) for cls in ("person", "computer")):
        found.append(ColumnTarget(Message("Its licences"), _SEATS, "seat", "licence"))
    hint = Message("Belongs to the relationship column before it")
    found += [ColumnTarget(title, _RELATIONSHIPS, role, hint=hint) for role, title in _LINK_PARTS]
    return [LEAVE_OUT, *found, *_of_references(schema, attributes)]


def target_of(schema: Schema, mapping: Mapping, use: ColumnUse) -> ColumnTarget | None:
    """The target of a column; None for a role that cannot be chosen (hidden columns of an export)."""
    if use.role in ("unmapped", "ignored"):
        return LEAVE_OUT
    return next((t for t in targets(schema, mapping) if t.fits(use)), None) or _of_tool(schema, mapping, use)


def _of_tool(schema: Schema, mapping: Mapping, use: ColumnUse) -> ColumnTarget | None:
    """What a column of another tool's table is, that a person does not choose from the list."""
    if use.role == "number":
        return ColumnTarget(
            Message("Its number in {tool}", tool=mapping.tool.partition("/")[0]), EMPTY, "number", use.name
        )
    if use.role == "seat":
        if use.name == "licence":
            return ColumnTarget(Message("Its licences"), _SEATS, "seat", use.name)
        attribute = schema.classes["person"].attributes.get(use.name) if "person" in schema.classes else None
        label = attribute.label if attribute is not None else use.name
        return ColumnTarget(Message("Who has a seat: {attribute}", attribute=label), _SEATS, "seat", use.name)
    if use.role != "mention":
        return None
    name, _, detail = use.name.partition(".")
    reference = _attributes(schema, mapping.cls or "ci").get(name)
    if reference is None:
        return None
    target = schema.classes.get(reference.target)
    attribute = target.attributes.get(detail) if target is not None else None
    label = (
        attribute.label if attribute is not None else schema.classes[detail].label if detail in schema.classes else ""
    )
    title = Message("{reference}: {attribute}", reference=reference.label, attribute=label or tr("Class"))
    return ColumnTarget(title, OF_REFERENCES, "mention", use.name)


def put(mapping: Mapping, index: int, target: ColumnTarget, samples: Sequence[str] = ()) -> Mapping:
    """A mapping with another target for one column. A column that was mapped to that before is left out.

    ``samples`` are values of the column: months in a column of ends count from its start.
    """
    single = target.role in ("attribute", "field", "class")
    for one in mapping.columns:
        if single and one.index != index and target.fits(one):
            mapping = mapping.use(one.index, role="unmapped", name="", inverse=False, note=EMPTY)
    link = -1
    if target.role in ("group", "needs"):
        links = [c.index for c in mapping.columns if c.role == "link"]
        link = next((i for i in reversed(links) if i < index), links[0] if links else -1)
    old = next(one for one in mapping.columns if one.index == index)
    transforms = old.transforms
    if (old.role, old.name) != (target.role, target.name):
        transforms = tuple(one for one in transforms if not one.startswith(_OF_USE))
        transforms += _counting(mapping, old, target, samples)
    mapping = mapping.use(
        index, role=target.role, name=target.name, inverse=target.inverse, link=link, note=EMPTY, suggestion="",
        transforms=transforms,
    )  # fmt: skip
    return replace(mapping, problem=None) if target.role == "class" else mapping


def _counting(mapping: Mapping, use: ColumnUse, target: ColumnTarget, samples: Sequence[str]) -> tuple[str, ...]:
    """The transform that counts a column's months or years from the date that begins what it ends."""
    said = unit_of(use.header)
    unit = duration_unit(samples, said.unit if said is not None and is_duration(said.unit) else "")
    named = {one.name for one in mapping.columns if one.role == "attribute"}
    start = next((one for one in START_OF.get(target.name, ()) if one in named), "")
    return (f"{unit}:{start}",) if unit and start and target.role == "attribute" else ()


def class_targets(schema: Schema) -> list[ColumnTarget]:
    """Everything that a sheet's rows can be: relationships, installations, assignments, classes by root, sections."""
    found = [ColumnTarget(label, EMPTY, "class", kind) for kind, label in LABELS.items()]
    for root in schema.children("ci"):
        section = verbatim(root.plural)
        found += [
            ColumnTarget(verbatim(one.label), section, "class", one.name)
            for one in schema.tree(root.name)
            if not one.hidden
        ]
    sections = (one for one in schema.sections.values() if one.name not in schema.classes and not one.hidden)
    found += [ColumnTarget(verbatim(one.plural or one.label), SECTIONS, "class", one.name) for one in sections]
    return found


def label_of(schema: Schema, mapping: Mapping) -> Message:
    """What the rows of a sheet are, in words; EMPTY where that is not known yet."""
    if mapping.kind == "section":
        one = schema.section(mapping.cls)
        return verbatim(one.plural or one.label)
    if mapping.kind in LABELS:
        return LABELS[mapping.kind]
    return verbatim(schema.classes[mapping.cls].label) if mapping.cls else EMPTY


def attribute_target(attribute: Attribute) -> ColumnTarget:
    """The mapping to an attribute of the class."""
    label, section = verbatim(attribute.label), verbatim(attribute.section)
    return ColumnTarget(label, section, "attribute", attribute.name, hint=_hint(attribute))


def _attributes(schema: Schema, base: str) -> dict[str, Attribute]:
    """The base class's attributes, and those of its subclasses."""
    found = dict(schema.classes[base].shown_attributes)
    for name in schema.family(base):
        for attribute in schema.classes[name].shown_attributes.values():
            found.setdefault(attribute.name, attribute)
    return found


def _links(schema: Schema, base: str) -> list[ColumnTarget]:
    found: list[ColumnTarget] = []
    for one in (kind for kind in schema.relationships.values() if not kind.hidden):
        for label, ends, inverse in ((one.label, one.subjects, False), (one.inverse, one.objects, True)):
            fits = any(schema.is_a(base, end) or schema.is_a(end, base) for end in ends)
            if fits and not (inverse and one.symmetric):
                title = verbatim(sentence_case(label))
                found.append(ColumnTarget(title, _RELATIONSHIPS, "link", one.name, inverse, verbatim(one.help)))
    return found


def _of_references(schema: Schema, attributes: dict[str, Attribute]) -> list[ColumnTarget]:
    found: list[ColumnTarget] = []
    for reference in attributes.values():
        if reference.type != "reference" or reference.target not in schema.classes:
            continue
        own = schema.classes[reference.target].attributes
        if reference.target == "place":
            for level in PLACE_LEVELS:
                label = schema.classes[level].label
                title = Message("{reference}: {attribute}", reference=reference.label, attribute=label)
                found.append(ColumnTarget(title, OF_REFERENCES, "mention", f"{reference.name}.{level}"))
        for name in _IDENTIFYING:
            if name in own and own[name].type != "reference":
                path = f"{reference.name}.{name}"
                title = Message("{reference}: {attribute}", reference=reference.label, attribute=own[name].label)
                found.append(ColumnTarget(title, OF_REFERENCES, "mention", path))
    return found


def _hint(attribute: Attribute) -> Message:
    """The choices of an attribute, or its type and unit."""
    if attribute.type == "choice":
        more = ("…",) if len(attribute.choices) > _HINTED else ()
        return Message("{choices}", choices=(*(one.label for one in attribute.choices[:_HINTED]), *more))
    if attribute.unit:
        return Message("{type}, {unit}", type=TYPE_LABELS[attribute.type], unit=attribute.unit)
    return TYPE_LABELS[attribute.type]
