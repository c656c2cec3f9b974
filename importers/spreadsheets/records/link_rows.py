"""Rows of sheets of relationships, installations and assignments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from msgspec import structs

from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.observation import (
    InstalledSoftware,
    NamedReference,
    ObservedAssignment,
    ObservedInstallation,
    ObservedLink,
    Reading,
)
from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.suggestions import nearest_first
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.classes import find_class, kind_of_thing
from importers.spreadsheets.columns.fields import FIELDS, fields_of
from importers.spreadsheets.records.event_rows import DATED, DATES, events_of, moments_of

#: The columns of which one must be filled in, and the problem if both are blank.
_NO_LICENCE = (Message("Entitlement or Product"), Message("Entitlement or Product is missing."))
_NO_HOLDER = (Message("Person or Computer"), Message("Person or Computer is missing."))
_SPLIT = re.compile(r"\s*[;\n]\s*")
_NEEDS = re.compile(r"(\d{1,4})(?:\.0)?(\s*%)?(?:\s*(?:of|/|von|sur)\s*\d+)?", re.IGNORECASE)


def split_cell(cell: Any) -> list[Any]:
    """The names that a cell of links holds, between semicolons or on lines of their own."""
    return [part for part in _SPLIT.split(cell) if part.strip()] if isinstance(cell, str) else [cell]


def needs_of(cell: Any) -> str | CellError:
    """The number needed of a group, as a count ("2") or a percentage ("50%"); "" for a blank cell.

    A percentage cell holds a fraction.
    """
    if isinstance(cell, float) and 0 < cell < 1:
        return f"{cell * 100:g}%"
    text = f"{cell:g}" if isinstance(cell, float) else str(cell).replace("\u00a0", " ").strip()
    if not text:
        return ""
    match = _NEEDS.fullmatch(text)
    if not match or int(match[1]) < 1 or (match[2] and int(match[1]) > 100):
        message = Message("“Needs” cannot be “{value}”.", value=text)
        accepted = Message("a count such as 2, or a percentage such as 50%")
        return CellError(message, "needs", accepted, code="needs.unreadable")
    return f"{match[1]}%" if match[2] else str(int(match[1]))


def read_field_rows(table: SheetTable, reading: Reading) -> None:
    """Adds the statement of each valid row; problems are noted in the table."""
    kind = table.mapping.kind
    columns = _columns(table, kind)
    rows: list[dict[str, Any]] = [{} for _ in table.rows]
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = value
    _constants(table, rows)
    needless = DATED if DATES.keys() & columns.keys() else frozenset[str]()
    for index, row in enumerate(rows):
        for attribute in fields_of(kind):
            header = _header(table, attribute.name)
            if attribute.name in needless or not attribute.required or attribute.name in row:
                continue
            if (index, header) not in table.refused:
                message = Message("{attribute} is missing.", attribute=attribute.label)
                table.refuse(index, header, "", CellError(message, "required"))
    if kind == "relationship":
        reading.links = _relationships(table, rows)
    elif kind == "installation":
        reading.installations = _installations(table, rows)
    elif kind == "event":
        reading.events = events_of(table, rows)
    else:
        reading.assignments = _assignments(table, rows)


def _columns(table: SheetTable, kind: str) -> dict[str, list[Any]]:
    attributes = {a.name: a for a in fields_of(kind)}
    found: dict[str, list[Any]] = {}
    for use in table.mapping.columns:
        if use.role != "field" or use.name not in attributes:
            continue
        if use.name == "needs":
            cells = table.cells[use.index]
            found[use.name] = table.without_bad(use, [needs_of(cell) or None for cell in cells], cells, None)
        elif use.name == "happened" or use.name in DATES:
            cells = table.cells[use.index]
            over = use.name == "taken_back" and not table.options.strict
            found[use.name] = table.without_bad(use, moments_of(cells), cells, None, may_lack=over)
        else:
            found[use.name] = table.convert(use, _as_read(table, kind, attributes[use.name]))
    return found


def _as_read(table: SheetTable, kind: str, attribute: Attribute) -> Attribute:
    """A field as its cells are read: an environment in the computers' words, the product of a seat as a reference."""
    if attribute.name == "environment":
        return _environment(table.schema) or attribute
    seat = attribute.name == "product" and kind == "assignment"
    return replace(attribute, target="software_product") if seat else attribute


def _environment(schema: Schema) -> Any:
    """The computers' choice of environments, so that installations say the same words."""
    return schema.classes["computer"].attributes.get("environment") if "computer" in schema.classes else None


def _constants(table: SheetTable, rows: list[dict[str, Any]]) -> None:
    """Constants of the mapping, as if each blank cell of a column held them."""
    attributes = {a.name: a for a in FIELDS[table.mapping.kind]}
    for name, raw in table.mapping.constants.items():
        if name not in attributes or not rows:
            continue
        attribute = _as_read(table, table.mapping.kind, attributes[name])
        read = needs_of if name == "needs" else Converter(attribute, schema=table.schema, mentions=table.mentions)
        value = read(raw)
        if isinstance(value, CellError):
            table.refuse_alike(range(len(rows)), attribute.label, raw, value, row=table.sheet.header_row)
            continue
        for row in rows:
            row.setdefault(name, value)


def _header(table: SheetTable, name: str) -> str:
    label = next(field.label for field in fields_of(table.mapping.kind) if field.name == name)
    return next((c.header for c in table.mapping.columns if c.role == "field" and c.name == name), label)


# -- relationships --------------------------------------------------------------------------------------------------


def _relationships(table: SheetTable, rows: list[dict[str, Any]]) -> list[ObservedLink]:
    found: dict[int, ObservedLink] = {}
    for index, row in enumerate(rows):
        if index in table.rejected:
            continue
        try:
            kind, inverse = table.schema.find_relationship(row["relationship"])
        except SchemaError:
            word = row["relationship"]
            labels = nearest_first(word, (t.label for t in table.schema.relationships.values()))
            message = Message("There is no relationship type “{name}”.", name=word)
            error = CellError(message, "relationship", suggested=labels, code="relationship.unknown")
            table.refuse(index, _header(table, "relationship"), word, error)
            continue
        source, target = _end(table, index, row, "source"), _end(table, index, row, "target")
        if source is None or target is None:
            continue
        if inverse:
            source, target = target, source
        found[index] = ObservedLink(
            source, kind.name, target, row.get("group", ""), row.get("needs", ""), table.origin(index),
            known=bool(table.mapping.tool),
        )  # fmt: skip
    _agree_on_needs(table, found)
    return [link for index, link in found.items() if index not in table.rejected]


def _end(table: SheetTable, index: int, row: dict[str, Any], name: str) -> NamedReference | None:
    mention: NamedReference = row[name]
    word = row.get(f"{name}_class", "")
    if not word:
        return mention
    cls = find_class(table.schema, word)
    if table.mapping.tool and not cls:
        cls = kind_of_thing(table.schema, word)
        if not cls:
            return mention  # a class of the tool's own: the name has to do
    if not cls:
        labels = nearest_first(word, (c.label for c in table.schema.concrete()))
        message = Message("There is no class “{name}”.", name=word)
        error = CellError(message, "class", suggested=labels, code="class.unknown")
        table.refuse(index, _header(table, f"{name}_class"), word, error)
        return None
    mention = structs.replace(mention, cls=cls)
    return table.mentions.setdefault(mention, mention)


def _agree_on_needs(table: SheetTable, found: dict[int, ObservedLink]) -> None:
    """Rows of one group must state the same number needed. The group is the dependent one's."""
    groups: dict[tuple[str, str], dict[str, list[int]]] = {}
    for index, link in found.items():
        if link.group and link.needs:
            forward = table.schema.relationships[link.type].impact == "forward"
            owner = link.target if forward else link.source
            said_of = groups.setdefault((owner.name.casefold(), link.group.casefold()), {})
            said_of.setdefault(link.needs, []).append(index)
    for needs in groups.values():
        if len(needs) > 1:
            values = tuple(sorted(needs))
            for index in sorted(i for indices in needs.values() for i in indices):
                link = found[index]
                owner = link.target if table.schema.relationships[link.type].impact == "forward" else link.source
                message = Message(
                    "Rows of group “{group}” of {name} disagree about how many it needs: {values}.",
                    group=link.group,
                    name=owner.name,
                    values=values,
                )
                accepted = Message("one value for the whole group")
                error = CellError(message, "needs", accepted, code="needs.disagree")
                table.refuse(index, _header(table, "needs"), link.needs, error)


# -- installations and assignments ----------------------------------------------------------------------------------


def _installations(table: SheetTable, rows: list[dict[str, Any]]) -> list[ObservedInstallation]:
    found = []
    for index, row in enumerate(rows):
        if index not in table.rejected:
            computer = row.pop("computer")
            found.append(ObservedInstallation(computer, InstalledSoftware(origin="sheet", **row), table.origin(index)))
    return found


def _assignments(table: SheetTable, rows: list[dict[str, Any]]) -> list[ObservedAssignment]:
    found = []
    for index, row in enumerate(rows):
        licence, holder = row.get("entitlement") or row.get("product"), row.get("person") or row.get("computer")
        for value, names, message in ((licence, *_NO_LICENCE), (holder, *_NO_HOLDER)):
            if value is None and index not in table.rejected:
                table.refuse(index, str(names), "", CellError(message, "required"))
        if licence is not None and holder is not None and index not in table.rejected:
            found.append(ObservedAssignment(licence, holder, table.origin(index)))
    return found
