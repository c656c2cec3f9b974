"""Changes of sections: new ones with their columns, other words, further columns, hidden and shown again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.schema.change import SchemaChange
from app.schema.entries import Put, Remove, Step
from app.schema.names import new_name
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.model.schema import RecordSection, Schema, fold
from cmdb.model.section_checks import TAKEN
from cmdb.store.reading.stated_values import was_ever_seen

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class ColumnForm:
    """A column of a section as a person wants it. ``name`` is the one that it was until now; "" for a new one."""

    label: str
    type: str = "text"
    name: str = ""
    identifies: bool = False


@dataclass(frozen=True)
class SectionForm:
    """A section as a person wants it."""

    label: str
    of: tuple[str, ...]
    columns: tuple[ColumnForm, ...]


def section_form(section: RecordSection) -> SectionForm:
    """A section as it is."""
    columns = tuple(
        ColumnForm(str(one.label), one.type, one.name, one.name in section.identifies)
        for one in section.shown_columns
    )  # fmt: skip
    return SectionForm(str(section.plural or section.label), section.of, columns)


def new_section(schema: Schema, form: SectionForm) -> tuple[SchemaChange, str]:
    """The change that adds a section, and its name. Raises InvalidValue."""
    label = _label(schema, form, "")
    name = new_name(label, schema.sections.keys() | schema.classes.keys(), "section")
    columns, identifies = _columns(form.columns, ())
    if not form.of:
        raise InvalidValue(Message("A section needs the classes whose records can have it."))
    entry = {
        "label": label, "plural": label, "of": list(form.of), "columns": columns, "identifies": identifies,
        "order": list(columns),
    }  # fmt: skip
    title = Message("New section “{label}”", label=label)
    return SchemaChange(title, (Put(("section", name), entry),)), name


def change_section(schema: Schema, name: str, form: SectionForm) -> SchemaChange:
    """The change of a section: other words, further classes and columns. Raises InvalidValue.

    What identifies a row stays, as rows are known by it; so do columns and their types, as rows have them.
    """
    present = schema.section(name)
    label = _label(schema, form, name)
    steps: list[Step] = []
    if label != str(present.plural or present.label):
        steps.append(Put(("section", name), {"label": label, "plural": label}))
    if set(form.of) != set(present.of):
        if missing := [one for one in present.of if not any(schema.is_a(one, cls) for cls in form.of)]:
            text = Message("Records of {cls} may have rows of it: the class stays.", cls=schema.cls(missing[0]).label)
            raise InvalidValue(text)
        steps.append(Put(("section", name), {"of": list(form.of)}))
    columns, _ = _columns(form.columns, tuple(present.columns))
    for key, properties in columns.items():
        before = present.columns.get(key)
        if before is None:
            steps.append(Put(("section", name, "columns", key), properties))
        elif properties["type"] != before.type:
            raise InvalidValue(Message("{column}: rows have values of its type, so it stays.", column=before.label))
        elif properties["label"] != str(before.label):
            steps.append(Put(("section", name, "columns", key), {"label": properties["label"]}))
    if list(columns) != [one.name for one in present.shown_columns]:
        steps.append(Put(("section", name), {"order": list(columns)}))
    title = Message("Section “{section}” changed", section=present.plural or present.label)
    return SchemaChange(title, tuple(steps))


def hide_section(reader: Reader, name: str) -> SchemaChange:
    """The change that no longer shows a section at records."""
    present = reader.schema.section(name)
    title = Message("Section “{section}” retired", section=present.plural or present.label)
    if name not in Schema.load().sections and not was_ever_seen(reader, name):
        note = Message("It was never used, so nothing of it remains.")
        return SchemaChange(title, (Remove(("section", name)),), note=note)
    note = Message("Its rows are kept, and scans go on writing them. Records no longer show it.")
    return SchemaChange(title, (Put(("section", name), {"hidden": True}),), note=note)


def show_section(schema: Schema, name: str) -> SchemaChange:
    """The change that shows a section again."""
    present = schema.section(name)
    title = Message("Section “{section}” is shown again", section=present.plural or present.label)
    return SchemaChange(title, (Put(("section", name), {"hidden": False}),))


def _columns(forms: Sequence[ColumnForm], taken: tuple[str, ...]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The entries of columns by name, and the names of those that identify a row. Raises InvalidValue."""
    if not forms:
        raise InvalidValue(Message("A section needs at least one column."))
    found: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    identifies = []
    for one in forms:
        label = " ".join(one.label.split())
        if not fold(label):
            raise InvalidValue(Message("A column has no name."))
        if fold(label) in seen:
            raise InvalidValue(Message("Two columns are called “{label}”.", label=label))
        seen.add(fold(label))
        name = one.name or new_name(label, {*TAKEN, *taken, *found}, "column")
        found[name] = {"label": label, "type": one.type}
        if one.identifies:
            identifies.append(name)
    return found, identifies


def _label(schema: Schema, form: SectionForm, name: str) -> str:
    label = " ".join(form.label.split())
    if not fold(label):
        raise InvalidValue(Message("A name is missing."))
    other = schema.find_section(label)
    if other is not None and other.name != name:
        raise InvalidValue(Message("There is a section “{label}” already.", label=label))
    return label
