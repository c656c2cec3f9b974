"""The register's verbs as tables of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from app.verbs import known_verbs
from cmdb.model.messages import tr
from cmdb.model.schema import Schema
from cmdb.model.verb import Verb, VerbField


def verb_table() -> str:
    """The verbs: what each does, its key, and its classes."""
    return "\n".join(
        ("| in the window | on the command line | does | key | with |", "| --- | --- | --- | --- | --- |", *_lines())
    )


def field_table() -> str:
    """The fields of each verb."""
    fields = [(verb, field) for verb in known_verbs().values() for field in verb.fields]
    lines = [f"| {verb.title} | `{field.name}={_kind(field)}` | {_about(field)} |" for verb, field in fields]
    return "\n".join(("| verb | field | what it is |", "| --- | --- | --- |", *lines))


def _lines() -> Iterator[str]:
    for verb in known_verbs().values():
        key = f"`{verb.keys}`" if verb.keys else ""
        yield f"| {verb.title} | `{verb.word}` | {verb.help} | {key} | {_with(verb)} |"


def _with(verb: Verb) -> str:
    """The classes of a verb: the most general ones of which every subclass is allowed."""
    schema = Schema.load()
    concrete = [one.name for one in schema.concrete()]
    fitting = {one for one in concrete if verb.applies_to(schema, one)}
    if len(fitting) == len(concrete):
        return "all"
    whole = [
        one.name
        for one in schema.tree()
        if {c for c in schema.family(one.name) if not schema.cls(c).abstract} <= fitting
    ]
    top = [name for name in whole if schema.cls(name).parent not in whole]
    return ", ".join(schema.cls(name).plural.lower() for name in top)


def _kind(field: VerbField) -> str:
    plain = "RECORD" if field.alike else "TEXT" if field.attribute else field.type.upper().replace("_", "-")
    return "/".join(field.targets).upper() or plain


def _about(field: VerbField) -> str:
    return tr("{help} Needed.", help=field.help) if field.required else str(field.help)
