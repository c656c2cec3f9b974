"""Changes of life cycles: what a record needs to enter a phase, and from which states a verb leads where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.schema.change import SchemaChange
from app.schema.entries import Put
from app.schema.names import new_name
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Attribute, Requirement, Schema, fold


@dataclass(frozen=True)
class RequirementForm:
    """What a record needs to enter a phase, as a person wants it: all attributes of one of the alternatives.

    The attributes are named as people do. Without alternatives nothing is needed.
    """

    label: str
    phase: str
    alternatives: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class TransitionForm:
    """A line of a state table as a person wants it; states and attributes are named as people do."""

    before: tuple[str, ...]
    after: str
    needs: tuple[str, ...] = ()


def requirement_form(schema: Schema, cls: str, rule: Requirement) -> RequirementForm:
    """A requirement as it is."""
    attributes = schema.cls(cls).attributes
    alternatives = tuple(tuple(str(attributes[name].label) for name in names) for names in rule.any)
    return RequirementForm(str(rule.label), str(rule.phase), alternatives)


def transition_form(schema: Schema, cls: str, verb: str) -> TransitionForm:
    """A line of a state table as it is."""
    found = schema.cls(cls)
    line, states = found.transitions[verb], {one.value: str(one.label) for one in found.standing.choices}
    needs = tuple(str(found.attributes[name].label) for name in line.needs)
    return TransitionForm(tuple(states[one] for one in line.before), states[line.after], needs)


def new_requirement(schema: Schema, cls: str, form: RequirementForm) -> SchemaChange:
    """The change that asks for values when a record enters a phase. Raises InvalidValue."""
    label = " ".join(form.label.split())
    if not fold(label):
        raise InvalidValue(Message("A name is missing."))
    if not form.alternatives:
        raise InvalidValue(Message("Name at least one attribute that is needed."))
    taken = {name for one in schema.family(cls) for name in schema.classes[one].requires}
    name = new_name(label, taken, "needs")
    title = Message("{cls}: a phase needs {requirement}", cls=schema.cls(cls).label, requirement=label)
    return _required(schema, cls, name, form, label, title)


def change_requirement(schema: Schema, cls: str, name: str, form: RequirementForm) -> SchemaChange:
    """The change of a requirement, from a class on downwards; without alternatives it is none. Raises InvalidValue."""
    label = " ".join(form.label.split()) or str(schema.cls(cls).requires[name].label)
    title = Message("{cls}: {requirement} changed", cls=schema.cls(cls).label, requirement=label)
    if not form.alternatives:
        title = Message("{cls}: {requirement} is no longer needed", cls=schema.cls(cls).label, requirement=label)
    return _required(schema, cls, name, form, label, title)


def _required(
    schema: Schema, cls: str, name: str, form: RequirementForm, label: str, title: Message
) -> SchemaChange:  # fmt: skip
    present = schema.cls(cls).requires.get(name)
    wanted = {
        "phase": form.phase,
        "any": [[_attribute(schema, cls, word).name for word in words] for words in form.alternatives],
        "label": label,
    }
    before = {}
    if present is not None:
        before = {"phase": str(present.phase), "any": [list(one) for one in present.any], "label": str(present.label)}
    properties = {key: value for key, value in wanted.items() if value != before.get(key)}
    note = Message("It is asked for when a record enters the phase. Records that are in it stay as they are.")
    steps = (Put(("class", cls, "requires", name), properties),) if properties else ()
    return SchemaChange(title, steps, note=note if properties else EMPTY)


def change_transition(schema: Schema, cls: str, verb: str, form: TransitionForm) -> SchemaChange:
    """The change of a line of a state table, from a class on downwards. Raises InvalidValue."""
    line = schema.cls(cls).transitions[verb]
    standing = schema.cls(cls).standing
    if not form.before:
        raise InvalidValue(Message("Name at least one state from which it leads."))
    wanted = {
        "before": [_state(standing, word) for word in form.before],
        "after": _state(standing, form.after),
        "needs": [_attribute(schema, cls, word).name for word in form.needs],
    }
    present = {"before": list(line.before), "after": line.after, "needs": list(line.needs)}
    properties = {key: value for key, value in wanted.items() if value != present[key]}
    title = Message("{cls}: the way of “{verb}” changed", cls=schema.cls(cls).label, verb=verb)
    return SchemaChange(title, (Put(("class", cls, "transitions", verb), properties),) if properties else ())


def read_names(text: str) -> tuple[str, ...]:
    """Names that a person wrote on one line, separated by commas."""
    return tuple(word for word in (" ".join(part.split()) for part in text.split(",")) if word)


def read_alternatives(text: str) -> tuple[tuple[str, ...], ...]:
    """Alternatives, one a line, each with its attributes separated by commas."""
    return tuple(names for names in map(read_names, text.splitlines()) if names)


def written(names: Iterable[str]) -> str:
    """What ``read_names`` reads."""
    return ", ".join(names)


def _attribute(schema: Schema, cls: str, word: str) -> Attribute:
    found = schema.find_attribute(cls, word)
    if found is None:
        raise InvalidValue(Message("{cls} has no attribute “{name}”.", cls=schema.cls(cls).label, name=word))
    return found


def _state(standing: Attribute, word: str) -> str:
    for one in standing.choices:
        if fold(word) in (fold(one.label), fold(one.value)):
            return one.value
    raise InvalidValue(Message("{attribute} has no “{word}”.", attribute=standing.label, word=word))
