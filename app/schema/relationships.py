"""Changes of relationship types: new ones, other words and ends, what a failure does along them, retired ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.schema.change import SchemaChange
from app.schema.entries import Put, Remove
from app.schema.names import new_name
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import Impact, RelationshipType, Schema, Strength, fold
from cmdb.store.reading.stated_values import was_ever_linked

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class RelationshipForm:
    """A relationship type as a person wants it; see ``cmdb.model.declarations.RelationshipType``."""

    label: str
    inverse: str
    subjects: tuple[str, ...] = ("ci",)
    objects: tuple[str, ...] = ("ci",)
    impact: Impact = "none"
    strength: Strength = "hard"


def relationship_form(kind: RelationshipType) -> RelationshipForm:
    """A relationship type as it is."""
    return RelationshipForm(
        str(kind.label), str(kind.inverse), kind.subjects, kind.objects, kind.impact, kind.strength
    )  # fmt: skip


def new_relationship(schema: Schema, form: RelationshipForm) -> tuple[SchemaChange, str]:
    """The change that adds a relationship type, and its name. Raises InvalidValue."""
    label, inverse = _words(schema, form, "")
    name = new_name(label, schema.relationships.keys(), "relationship")
    title = Message("New relationship type “{label}”", label=label)
    return SchemaChange(title, (Put(("relationship", name), _entry(form, label, inverse)),)), name


def change_relationship(schema: Schema, name: str, form: RelationshipForm) -> SchemaChange:
    """The change of a relationship type. One of Terrier's own gets other words only. Raises InvalidValue."""
    present = schema.relationship(name)
    label, inverse = _words(schema, form, name)
    before = _entry(relationship_form(present), str(present.label), str(present.inverse))
    properties = {key: value for key, value in _entry(form, label, inverse).items() if value != before[key]}
    if is_built_in_relationship(name) and properties.keys() - {"label", "inverse"}:
        raise InvalidValue(
            Message(
                "“{type}” belongs to Terrier’s own schema: it can be called otherwise, but what it joins and what a "
                "failure does stay.",
                type=present.label,
            )
        )
    title = Message("Relationship type “{type}” changed", type=present.label)
    return SchemaChange(title, (Put(("relationship", name), properties),) if properties else ())


def hide_relationship(reader: Reader, name: str) -> SchemaChange:
    """The change that no longer offers a relationship type for new relationships."""
    present = reader.schema.relationship(name)
    title = Message("Relationship type “{type}” retired", type=present.label)
    if not is_built_in_relationship(name) and not was_ever_linked(reader, name):
        note = Message("It was never used, so nothing of it remains.")
        return SchemaChange(title, (Remove(("relationship", name)),), note=note)
    note = Message("Relationships of this type stay. It is not offered for new ones.")
    return SchemaChange(title, (Put(("relationship", name), {"hidden": True}),), note=note)


def show_relationship(schema: Schema, name: str) -> SchemaChange:
    """The change that offers a retired relationship type again."""
    title = Message("Relationship type “{type}” is shown again", type=schema.relationship(name).label)
    return SchemaChange(title, (Put(("relationship", name), {"hidden": False}),))


def is_built_in_relationship(name: str) -> bool:
    """Whether a relationship type is of Terrier's own schema."""
    return name in Schema.load().relationships


def _entry(form: RelationshipForm, label: str, inverse: str) -> dict[str, Any]:
    return {
        "label": label, "inverse": inverse, "subjects": list(form.subjects), "objects": list(form.objects),
        "impact": form.impact, "strength": form.strength,
    }  # fmt: skip


def _words(schema: Schema, form: RelationshipForm, name: str) -> tuple[str, str]:
    """The words in both directions. Raises InvalidValue where they are missing, or mean another type."""
    label, inverse = " ".join(form.label.split()), " ".join(form.inverse.split())
    if not fold(label) or not fold(inverse):
        raise InvalidValue(Message("A relationship type needs words in both directions, such as “runs on” and “runs”."))
    if not (form.subjects and form.objects):
        raise InvalidValue(Message("A relationship type needs the classes that it joins."))
    for word in (label, inverse):
        for other in schema.relationships.values():
            if other.name != name and fold(word) in (fold(other.label), fold(other.inverse)):
                raise InvalidValue(Message("There is a relationship type “{label}” already.", label=word))
    return label, inverse
