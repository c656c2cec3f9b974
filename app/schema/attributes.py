"""Changes of attributes: new ones, other properties and choices, hidden and shown again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.schema.change import SchemaChange
from app.schema.entries import Put, Remove, Step
from app.schema.names import attribute_name
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Attribute, Choice, Schema, fold
from cmdb.store.reading.stated_values import was_ever_stated

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

KEPT = ("name", "status", "state", "number")
"""The attributes that the program itself needs of every record: they are never hidden."""


@dataclass(frozen=True)
class ChoiceForm:
    """One choice as a person wants it. ``value`` is the stored one that it was until now; "" for a new choice."""

    label: str
    value: str = ""
    phase: str = ""
    tone: str = ""
    verbs: tuple[str, ...] | None = None
    """The verbs that set it; None: as it is."""
    closes: bool | None = None


@dataclass(frozen=True)
class AttributeForm:
    """An attribute as a person wants it. What is None stays as it is."""

    label: str
    type: str = "text"
    unit: str | None = None
    choices: tuple[ChoiceForm, ...] | None = None
    target: str | None = None
    required: bool | None = None
    unique: bool | None = None
    indexed: bool | None = None
    section: str | None = None
    help: str | None = None


_PLAIN = ("unit", "target", "required", "unique", "indexed", "section", "help")
"""The properties that a form has under the same name as an entry."""


def form_of(attribute: Attribute) -> AttributeForm:
    """An attribute as it is."""
    choices = tuple(
        ChoiceForm(str(one.label), one.value, str(one.phase or ""), one.tone, one.verb, one.closes)
        for one in attribute.choices
    )
    plain = {name: getattr(attribute, name) for name in _PLAIN}
    return AttributeForm(str(attribute.label), attribute.type, choices=choices or None, **plain)


def new_attribute(schema: Schema, cls: str, form: AttributeForm) -> tuple[SchemaChange, str]:
    """The change that adds an attribute to a class, and the attribute's name. Raises InvalidValue."""
    label = _label(form.label)
    if schema.find_attribute(cls, label) is not None:
        text = Message("{cls} has an attribute “{label}” already.", cls=schema.cls(cls).label, label=label)
        raise InvalidValue(text)
    name = attribute_name(schema, cls, label)
    properties: dict[str, Any] = {"label": label, "type": form.type}
    for one in _PLAIN:
        value = getattr(form, one)
        if value:
            properties[one] = value
    if form.type == "choice":
        properties["choices"] = [_new_choice(one) for one in _checked(form.choices or ())]
    if form.type == "reference" and not form.target:
        raise InvalidValue(Message("A reference needs the class that it refers to."))
    title = Message("New attribute “{label}” of {cls}", label=label, cls=schema.cls(cls).label)
    return SchemaChange(title, (Put(("class", cls, "attributes", name), properties),)), name


def change_attribute(schema: Schema, cls: str, name: str, form: AttributeForm) -> SchemaChange:
    """The change that gives an attribute of a class, and of the classes below, other properties. Raises InvalidValue.

    A choice of Terrier's own schema that gets another label keeps its stored value, which scans, verbs and other
    programs know; one of the estate's own is stored under its new label.
    """
    present, label = schema.attribute(cls, name), _label(form.label)
    properties: dict[str, Any] = {}
    if label != str(present.label):
        other = schema.find_attribute(cls, label)
        if other is not None and other.name != name:
            text = Message("{cls} has an attribute “{label}” already.", cls=schema.cls(cls).label, label=label)
            raise InvalidValue(text)
        properties["label"] = label
    if form.type != present.type:
        if is_built_in(cls, name):
            raise InvalidValue(
                Message("{attribute} belongs to Terrier’s own schema: its type stays.", attribute=present.label)
            )
        properties["type"] = form.type
    for one in _PLAIN:
        value = getattr(form, one)
        if value is not None and value != getattr(present, one):
            properties[one] = value
    renamed: dict[str, str] = {}
    if form.type == "choice" and form.choices is not None and form.choices != form_of(present).choices:
        built_in = built_in_choices(cls, name)
        properties["choices"] = [_choice(one, present, built_in, renamed) for one in _checked(form.choices)]
    title = Message("{attribute} of {cls} changed", attribute=present.label, cls=schema.cls(cls).label)
    if set(properties) == {"label"}:
        title = Message("“{before}” of {cls} is called “{label}”", before=present.label, label=label,
                        cls=schema.cls(cls).label)  # fmt: skip
    steps: tuple[Step, ...] = (Put(("class", cls, "attributes", name), properties),) if properties else ()
    return SchemaChange(title, steps, {name: renamed} if renamed else {}, note=_note(present, properties))


def hide_attribute(reader: Reader, cls: str, name: str, *, clear: bool = False) -> SchemaChange:
    """The change that takes an attribute out of forms, lists, filters and imports. Raises InvalidValue.

    Its values are kept, or with ``clear`` removed. One of the estate's own of which nothing was ever said goes
    altogether; the others stay known, as the past has values of them.
    """
    schema = reader.schema
    present = schema.attribute(cls, name)
    if name in KEPT or present.required:
        raise InvalidValue(
            Message("{attribute} is needed of every record, so it cannot be retired.", attribute=present.label)
        )
    path = ("class", cls, "attributes", name)
    title = Message("{attribute} of {cls} retired", attribute=present.label, cls=schema.cls(cls).label)
    if not is_built_in(cls, name) and not was_ever_stated(reader, name):
        steps = tuple(Remove(("class", one, "attributes", name)) for one in schema.family(cls))
        return SchemaChange(title, steps, note=Message("It was never used, so nothing of it remains."))
    note = Message("Its values are kept and come back when it is shown again.")
    if clear:
        note = Message("Its values are removed from the records. Their history keeps them.")
    cleared = frozenset({(cls, name)}) if clear else frozenset[tuple[str, str]]()
    return SchemaChange(title, (Put(path, {"hidden": True}),), cleared=cleared, note=note)


def show_attribute(schema: Schema, cls: str, name: str) -> SchemaChange:
    """The change that offers a hidden attribute again."""
    label = schema.attribute(cls, name).label
    title = Message("{attribute} of {cls} is shown again", attribute=label, cls=schema.cls(cls).label)
    return SchemaChange(title, (Put(("class", cls, "attributes", name), {"hidden": False}),))


def owner_of(schema: Schema, cls: str, name: str) -> str:
    """The class in which an attribute of a class begins: the topmost one that has it."""
    return next(one for one in reversed(schema.ancestors(cls)) if name in schema.classes[one].attributes)


def is_built_in(cls: str, name: str) -> bool:
    """Whether an attribute of a class is of Terrier's own schema."""
    known = Schema.load().classes.get(cls)
    return known is not None and name in known.attributes


def built_in_choices(cls: str, name: str) -> Mapping[str, Choice]:
    """The choices of an attribute that are of Terrier's own schema, by their stored values."""
    known = Schema.load().classes.get(cls)
    found = known.attributes.get(name) if known is not None else None
    if found is None:  # a class of the estate's own inherits them
        found = Schema.load().every_attribute.get(name)
    return {one.value: one for one in found.choices} if found is not None else {}


def _label(text: str) -> str:
    label = " ".join(text.split())
    if not fold(label):
        raise InvalidValue(Message("A name is missing."))
    return label


def _checked(choices: Sequence[ChoiceForm]) -> Sequence[ChoiceForm]:
    """Raises InvalidValue for choices without names, or two of one name."""
    if not choices:
        raise InvalidValue(Message("A choice needs at least one value to choose."))
    seen: set[str] = set()
    for one in choices:
        label = _label(one.label)
        if fold(label) in seen:
            raise InvalidValue(Message("Two choices are called “{label}”.", label=label))
        seen.add(fold(label))
    return choices


def _new_choice(form: ChoiceForm) -> dict[str, Any]:
    return {"value": _label(form.label), **_changed(_meaning(form, None), _NO_MEANING)}


def _choice(
    form: ChoiceForm, attribute: Attribute, built_in: Mapping[str, Choice], renamed: dict[str, str]
) -> dict[str, Any]:
    """The entry of a choice. Where it is stored otherwise from now on, ``renamed`` gets its old and its new value."""
    present = next((one for one in attribute.choices if one.value == form.value), None)
    if present is None:
        return _new_choice(form)
    label, base = _label(form.label), built_in.get(present.value)
    meaning = _meaning(form, present)
    if base is not None:
        # What Terrier's schema says is not said again: it may say more in another version, or another language.
        own = {**_changed(meaning, _meaning(None, base)), **_changed(meaning, _meaning(None, present))}
        return {"value": present.value, **({"label": label} if label != str(base.label) else {}), **own}
    value = present.value if label == str(present.label) else label
    whole = {"value": value, **_changed(meaning, _NO_MEANING)}
    if value == present.value and label != value:
        whole["label"] = label
    synonyms = list(dict.fromkeys((*present.synonyms, *([present.value] if value != present.value else []))))
    if synonyms := [one for one in synonyms if one != value]:
        whole["synonyms"] = synonyms
    if present.languages:
        whole["languages"] = {code: dict(words) for code, words in present.languages.items()}
    if value != present.value:
        renamed[present.value] = value
    return whole


_NO_MEANING: Mapping[str, Any] = {"phase": "", "tone": "neutral", "verb": [], "closes": False}


def _meaning(form: ChoiceForm | None, present: Choice | None) -> dict[str, Any]:
    """What a choice means: as the form says, where it says something, else as it means now."""
    found = dict(_NO_MEANING)
    if present is not None:
        found = {"phase": str(present.phase or ""), "tone": present.tone, "verb": list(present.verb),
                 "closes": present.closes}  # fmt: skip
    if form is not None:
        found["phase"] = form.phase or found["phase"]
        found["tone"] = form.tone or found["tone"]
        found["verb"] = found["verb"] if form.verbs is None else list(form.verbs)
        found["closes"] = found["closes"] if form.closes is None else form.closes
    return found


def _changed(meaning: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in meaning.items() if value != before[name]}


def _note(present: Attribute, properties: Mapping[str, Any]) -> Message:
    if "unit" in properties and present.unit:
        return Message("Only the unit that is shown changes: numbers stay as they are.")
    return EMPTY
