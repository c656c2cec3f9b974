"""What a column can become: attributes, relationships, the class, what a reference names; or nothing. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.fields import FIELDS, LABELS
from importers.spreadsheets.mapping import ColumnUse, Mapping, Role

_LINK_PARTS: tuple[tuple[Role, str], ...] = (("group", "Group"), ("needs", "Needs"))
#: Of what a reference names: attributes by which it can be told.
_TELLING = ("email", "user_name", "first_name", "last_name", "asset_tag", "serial_number", "host_name", "number")


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """One use that a column can be put to."""

    title: str
    section: str
    role: Role
    name: str = ""
    inverse: bool = False
    hint: str = ""

    def fits(self, use: ColumnUse) -> bool:
        """Whether a column is used so."""
        return (use.role, use.name, use.inverse) == (self.role, self.name, self.inverse)


LEAVE_OUT = ColumnTarget("Leave out", "", "unmapped", hint="The column is not imported")


def targets(schema: Schema, mapping: Mapping, use: ColumnUse | None = None) -> list[ColumnTarget]:
    """Everything that a column of a sheet can become; what its values look like comes first."""
    if mapping.kind in FIELDS:
        kind = LABELS[mapping.kind]
        return [LEAVE_OUT, *(ColumnTarget(a.label, kind, "field", a.name, hint=_kind(a)) for a in FIELDS[mapping.kind])]
    base = mapping.cls or "ci"
    attributes = _attributes(schema, base)
    found = [ColumnTarget(a.label, a.section, "attribute", a.name, hint=_kind(a)) for a in attributes.values()]
    if use is not None and use.suggestion:
        found = [replace(t, section="Its values look like") for t in found if t.name == use.suggestion] + found
    found.append(ColumnTarget("Class", "Each row", "class", hint="The column says what each row is"))
    found += _links(schema, base)
    found += [
        ColumnTarget(title, "Relationships", role, hint="Of the relationship column") for role, title in _LINK_PARTS
    ]
    return [LEAVE_OUT, *found, *_of_references(schema, attributes)]


def target_of(schema: Schema, mapping: Mapping, use: ColumnUse) -> ColumnTarget | None:
    """What a column is used for; None for a role that is not for choosing (hidden columns of an export)."""
    if use.role in ("unmapped", "ignored"):
        return LEAVE_OUT
    return next((t for t in targets(schema, mapping) if t.fits(use)), None)


def put(mapping: Mapping, index: int, target: ColumnTarget) -> Mapping:
    """A mapping with one column used otherwise. Another column that was used so is left out instead."""
    single = target.role in ("attribute", "field", "class")
    for one in mapping.columns:
        if single and one.index != index and target.fits(one):
            mapping = mapping.use(one.index, role="unmapped", name="", inverse=False, note="")
    link = -1
    if target.role in ("group", "needs"):
        links = [c.index for c in mapping.columns if c.role == "link"]
        link = next((i for i in reversed(links) if i < index), links[0] if links else -1)
    mapping = mapping.use(
        index, role=target.role, name=target.name, inverse=target.inverse, link=link, note="", suggestion=""
    )
    return replace(mapping, problem="") if target.role == "class" else mapping


def class_targets(schema: Schema) -> list[ColumnTarget]:
    """All that a sheet's rows can be: the classes, by the root classes they are under, and the kinds that are none."""
    found = [ColumnTarget(label, "", "class", kind) for kind, label in LABELS.items()]
    for root in schema.children("ci"):
        found += [ColumnTarget(one.label, root.plural, "class", one.name) for one in schema.tree(root.name)]
    return found


def _attributes(schema: Schema, base: str) -> dict[str, Attribute]:
    """The base class's attributes, and its subclasses' where rows may be of those."""
    found = dict(schema.classes[base].attributes)
    for name in schema.family(base):
        for attribute in schema.classes[name].attributes.values():
            found.setdefault(attribute.name, attribute)
    return found


def _links(schema: Schema, base: str) -> list[ColumnTarget]:
    found: list[ColumnTarget] = []
    for one in schema.relationships.values():
        for label, ends, inverse in ((one.label, one.subjects, False), (one.inverse, one.objects, True)):
            fits = any(schema.is_a(base, end) or schema.is_a(end, base) for end in ends)
            if fits and not (inverse and one.symmetric):
                found.append(ColumnTarget(label.capitalize(), "Relationships", "link", one.name, inverse, one.help))
    return found


def _of_references(schema: Schema, attributes: dict[str, Attribute]) -> list[ColumnTarget]:
    found: list[ColumnTarget] = []
    for reference in attributes.values():
        if reference.type != "reference" or reference.target not in schema.classes:
            continue
        own = schema.classes[reference.target].attributes
        for name in _TELLING:
            if name in own and own[name].type != "reference":
                path = f"{reference.name}.{name}"
                title = f"{reference.label}: {own[name].label}"
                found.append(ColumnTarget(title, "Of what it refers to", "mention", path))
    return found


def _kind(attribute: Attribute) -> str:
    if attribute.type == "choice":
        words = ", ".join(c.label for c in attribute.choices[:4])
        return words + (", …" if len(attribute.choices) > 4 else "")
    kind = {"long_text": "text", "reference": attribute.target.replace("_", " ")}.get(attribute.type, attribute.type)
    return f"{kind}, {attribute.unit}" if attribute.unit else kind
