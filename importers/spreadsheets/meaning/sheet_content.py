"""What a sheet holds: rows of one class or of several, relationships, installed software, or assignments."""

from __future__ import annotations

from collections import Counter

from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.errors import FileProblem
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Schema, fold
from importers.spreadsheets.columns import classes as kinds
from importers.spreadsheets.columns.fields import LABELS, fields_of, find_field, find_kind, kind_by_columns
from importers.spreadsheets.columns.mapping import Kind
from importers.spreadsheets.meaning.neighbours import names_items
from importers.spreadsheets.records.event_rows import DATES
from importers.spreadsheets.sheets.workbook import Sheet
from importers.tables.cells import read_base_header


def content_of(
    sheet: Sheet, schema: Schema, cls: str | None, headers: list[str], samples: list[list[str]]
) -> tuple[Kind, str, tuple[str, ...], int]:
    """Kind, base class, the classes whose attributes the columns may name, and the column with the class."""
    for header in headers:
        exported = read_base_header(header)
        if exported is not None and not cls and exported[0] in schema.classes:
            cls = exported[0]
    if cls:
        kind = find_kind(cls)
        if kind:
            _require_fields(sheet, kind, headers)
            return kind, "", (), -1  # type: ignore[return-value]
        base = schema.find_class(cls).name
        index = kinds.class_column(schema, headers, samples, base)
        if index >= 0 and not schema.classes[base].abstract:
            kin = [c for c in _classes_named(schema, headers, samples, index) if schema.kin(c) == schema.kin(base)]
            wider = kinds.common_ancestor(schema, [base, *kin])
            return "class", wider, (base, *_lookup_order(schema, wider, headers, samples, index)), index
        return "class", base, _lookup_order(schema, base, headers, samples, index), index
    index = kinds.class_column(schema, headers, samples, "")
    if index >= 0 and _of_another_kind(sheet, schema, headers, index, samples[index]):
        index = -1
    base = _base_class(sheet, schema, headers, samples, index)
    if index < 0 and base:
        base, index = _asked(sheet, schema, base, headers, samples)
    special, columns = kind_by_columns(headers, sheet.name)
    if kinds.names_classes(schema, headers, samples, index):
        special = ""
    if special and columns >= (kinds.score(schema, base, headers) if base else 0):
        return special, "", (), -1  # type: ignore[return-value]
    return "class", base, _lookup_order(schema, base, headers, samples, index), index


def _asked(sheet: Sheet, schema: Schema, base: str, headers: list[str], samples: list[list[str]]) -> tuple[str, int]:
    """The base class and the column whose words are asked about, where too few of them name classes; -1 for none.

    That is a sheet of several classes, or one whose class only its headers tell: what the category says goes before.
    """
    index = kinds.kind_column(headers, samples)
    if index < 0 or schema.classes[base].abstract:
        return base, index
    names = filter(None, (sheet.title, sheet.name, sheet.file.rpartition(".")[0]))
    told = any((cls := kinds.class_of_name(schema, name)[0]) and not schema.classes[cls].abstract for name in names)
    told = told or any(kinds.find_class(schema, fold(header).removesuffix(" name")) == base for header in headers)
    return (_THINGS, index) if schema.kin(base) == _THINGS and not told else (base, -1)


_THINGS = "hardware"
"""Categories of these are kinds of things; those of software, contracts or places are anything."""


def _of_another_kind(sheet: Sheet, schema: Schema, headers: list[str], index: int, values: list[str]) -> bool:
    """Whether a column with classes says something else of the rows, by the name of the sheet or file: models have a
    category, too, and licences may be per "User".
    """
    classes = {c for value in values if (c := kinds.find_class(schema, value))}
    named = {schema.kin(c) for c in classes}
    most = max((kinds.score(schema, cls, headers) for cls in classes), default=0)
    header = headers[index]
    of_names = (kinds.class_of_name(schema, name) for name in (sheet.name, sheet.file.rpartition(".")[0]))
    if not named:
        return False
    for cls, whole in of_names:
        other = bool(cls) and schema.kin(cls) not in named
        if whole and schema.find_attribute(cls, header) is not None:
            if other or kinds.is_own_label(schema, cls, header):
                return True
        elif other and kinds.score(schema, cls, headers) > most + (0 if whole else 1):
            return True
    return False


def _require_fields(sheet: Sheet, kind: str, headers: list[str]) -> None:
    found = {a.name for h in headers if (a := find_field(kind, h))}
    needed: tuple[set[str], ...] = {
        "relationship": ({"source"}, {"relationship"}, {"target"}),
        "installation": ({"computer"}, {"product"}),
        "assignment": ({"entitlement", "product"}, {"person", "computer"}),
        "event": ({"item", "item_serial"}, {"happened", *DATES}, {"action", *DATES}),
    }[kind]
    for group in needed:
        if not group & found:
            labels = sorted(a.label for a in fields_of(kind) if a.name in group)
            raise FileProblem(
                Message(
                    "{file}, {sheet} has no column {columns}, which a sheet of the kind “{kind}” needs.",
                    file=sheet.file,
                    sheet=sheet.name,
                    columns=listing(labels, "or"),
                    kind=LABELS[kind],
                )
            )


def _base_class(sheet: Sheet, schema: Schema, headers: list[str], samples: list[list[str]], index: int) -> str:
    if index >= 0:
        named = _classes_named(schema, headers, samples, index)
        if named:
            return kinds.common_ancestor(schema, named)
    best, fitting = kinds.best_of_roots(schema, headers)
    for name in filter(None, (sheet.title, sheet.name, sheet.file.rpartition(".")[0])):
        cls, whole = kinds.class_of_name(schema, name)
        whole = whole and (sheet.area is None or name == sheet.title)  # the sheet's name is not every table's
        if not cls or not (kinds.score(schema, cls, headers) or names_items(headers)):
            continue
        things = bool(best) and schema.kin(best) == _THINGS != schema.kin(cls)
        if things and kinds.score(schema, cls, headers) * 2 <= fitting and _identified_as(schema, best, cls, headers):
            continue  # "warranty.csv": the serial numbers of laptops, with their warranties
        related = best and best not in ROOT_CLASSES and (schema.is_a(cls, best) or schema.is_a(best, cls))
        if whole or related or kinds.score(schema, cls, headers) > fitting:
            narrow = schema.classes[cls].abstract and index < 0
            return kinds.best_class(schema, headers, cls)[0] if narrow else cls
    if best and index < 0 and schema.classes[best].abstract:
        own_word = _class_in_header(schema, headers, best, fitting)
        best = own_word or _people(schema, headers, best, samples) or best
    if not _tells(schema, best, headers, fitting):
        best, fitting = "person", kinds.score(schema, "person", headers)
        if not _tells(schema, best, headers, fitting):
            return ""
    return best if fitting >= min(2, len([h for h in headers if h])) else ""


def _identified_as(schema: Schema, cls: str, other: str, headers: list[str]) -> bool:
    """Whether a header identifies records of a class, and none those of the other or their names."""
    found = [kinds.find_attribute(schema, (one,), header) for one in (cls, other) for header in headers]
    known = [one.attribute if one is not None else None for one in found]
    own, others = known[: len(headers)], known[len(headers) :]
    return any(a is not None and a.identifying for a in own) and not any(
        a is not None and (a.identifying or a.name == "name") for a in others
    )


def _tells(schema: Schema, cls: str, headers: list[str], fitting: int) -> bool:
    """Whether headers that fit a class tell it: all of them fit, or two do that say something, or one that identifies.

    A name and a description may be of anything, and so may words such as "Type", "Date" and "Id".
    """
    if not cls or schema.classes[cls].abstract or fitting == len({fold(h) for h in headers if h}):
        return bool(cls)
    found = (
        f.attribute for h in headers if fold(h) not in _OF_ANYTHING and (f := kinds.find_attribute(schema, (cls,), h))
    )
    telling = {a.name: a for a in found if a.name not in _EVERY_ITEM}
    return len(telling) > 1 or any(a.identifying for a in telling.values())


_EVERY_ITEM = frozenset(("name", "status", "notes"))
_OF_ANYTHING = frozenset(
    ("id", "type", "kind", "category", "class", "code", "date", "when", "number", "no", "nr", "state", "group", "value")
)


def _class_in_header(schema: Schema, headers: list[str], within: str, fitting: int) -> str:
    """The class that a column of names is called after ("Computer", "Server name"), if the names have no other.

    It is one of ``within``, or another class that the headers fit as well (``fitting`` of them).
    """
    if any((a := schema.find_attribute(within, header)) is not None and a.name == "name" for header in headers):
        return ""
    named = {kinds.find_class(schema, fold(header).removesuffix(" name")) for header in headers}
    concrete = [cls for cls in named if cls and not schema.classes[cls].abstract]
    inside = [cls for cls in concrete if schema.is_a(cls, within)]
    found = inside or [cls for cls in concrete if kinds.score(schema, cls, headers) + 1 >= max(fitting, _WITH_ITS_WORD)]
    return found[0] if len(found) == 1 else ""


_WITH_ITS_WORD = 3
"""Headers that a class must fit, its own word among them, to be told by it."""


def _people(schema: Schema, headers: list[str], within: str, samples: list[list[str]]) -> str:
    """Persons, where names and e-mail addresses stand side by side and most addresses hold a word of a name."""
    if not schema.is_a("person", within):
        return ""
    columns = {a.name: i for i, h in enumerate(headers) if (a := schema.find_attribute("person", h)) is not None}
    if not {"name", "email"} <= columns.keys():
        return ""
    names = {word for name in samples[columns["name"]] for word in fold(name).split() if len(word) > 2}
    addresses = [fold(text.partition("@")[0]).replace(" ", "") for text in samples[columns["email"]] if "@" in text]
    fitting = sum(any(word in address for word in names) for address in addresses)
    return "person" if addresses and fitting * 2 > len(addresses) else ""


def _lookup_order(
    schema: Schema, base: str, headers: list[str], samples: list[list[str]], index: int
) -> tuple[str, ...]:
    """The base class first, then the classes that the rows name, then the others of its family."""
    if not base:
        return ("ci",)
    named = _classes_named(schema, headers, samples, index)
    family = schema.family(base) if index >= 0 or schema.classes[base].abstract else ()
    return tuple(dict.fromkeys((base, *named, *family)))


def _classes_named(schema: Schema, headers: list[str], samples: list[list[str]], index: int) -> list[str]:
    """The classes that the values of the class column name; but in a column "Class" those of the usual kind alone.

    A category "Office" among laptops and monitors is no room.
    """
    if index < 0:
        return []
    named = [c for value in samples[index] if (c := kinds.class_of_words(schema, value))]
    if fold(headers[index]) in ("class", fold(tr("Class"))) or not named:
        return named
    usual, _ = Counter(map(schema.kin, named)).most_common(1)[0]
    return [cls for cls in named if schema.kin(cls) == usual]
