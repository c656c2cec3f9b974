"""Columns whose meaning depends on the columns beside them, and on what their values look like.

``State`` beside City is a region; ``Email`` beside assets is their holder's; Site, Building and Room together are one
place; ``Warranty`` with 36 counts months from the purchase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from cmdb.model.messages import EMPTY, Message
from cmdb.model.schema import Attribute, Schema, fold
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.durations import START_OF, duration_unit
from importers.spreadsheets.columns.header_units import is_duration, unit_of
from importers.spreadsheets.columns.mapping import PLACE_LEVELS, ColumnUse

_GEOGRAPHY = frozenset((
    "city", "town", "zip", "zip code", "zipcode", "postcode", "postal code", "country", "stadt", "plz", "ville",
    "code postal", "ciudad", "address", "street", "address 2", "address2",
))  # fmt: skip
_OFFICE = re.compile(
    r"(?:(?:ms|microsoft)\s*)?(?:office\s*)?[om]?\s*(?:365|20[012]\d|xp|97)\b.{0,30}|(?:libre|open)\s?office.*",
    re.IGNORECASE,
)
"""What people write in a column for the office programs of a computer."""
_REGIONS = frozenset(("state", "estado", "etat", "état", "state province", "state region"))
_ITEM_WORDS = frozenset(("item", "asset", "device", "equipment", "object", "hostname"))
_ITEM_NAMES = frozenset(("item name", "asset name"))
_LOGINS = frozenset(("email", "e mail", "username", "user name"))
_HOLDER_DETAILS = frozenset(("name", "user_name", "email", "employee_number", "first_name", "last_name"))
_NO_HOLDER_WORDS = frozenset(("account", "account name", "title", "display name", "displayname", "sn", "kennung"))
#: Things that may have an e-mail address of their own.
_WITH_ADDRESS = ("printer", "scanner", "camera", "network_device", "storage_system")
_MODEL_DETAILS = frozenset(("part_number", "category"))
_MODEL_NUMBERS = frozenset(("model number", "model no", "model nr", "modelno", "model num", "modellnummer"))
_ADDRESSED = frozenset((
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "m", "mme", "mlle", "monsieur", "madame", "sr",
    "sra",
))  # fmt: skip
_LICENCE_WORDS = frozenset((
    "licenses", "licences", "assigned licenses", "assigned licences", "product licenses", "lizenzen", "licencias",
))  # fmt: skip
_MARKS = ("+", ";", ",")
_NO_LEVEL_WORDS = frozenset(("stock", "level"))
_NUMBERED = re.compile(r" (no|nr|number|name)$")
_NUMBER = re.compile(r"[\d.,\s]+")


def read_by_neighbours(
    schema: Schema,
    base: str,
    columns: Sequence[ColumnUse],
    samples: Sequence[Sequence[str]],
    pairs: Pairs,
    *,
    values_only: bool = False,
) -> list[ColumnUse]:
    """The columns of a class's sheet with those meanings that only show beside the others.

    ``samples`` are distinct values of each column; ``pairs`` gives the values of two columns row by row.
    ``values_only``: what the headers mean is known; only what the values look like counts, and columns of the person's
    own that name the building or room.
    """
    if not base:
        return list(columns)
    sheet = _Beside(schema, base, list(columns), samples, pairs)
    known = (_parts, _durations, _forms_of_address)
    own = (_regions, _programs, _names, *known, _holders, _models, _places, _licences)
    for step in (*known, _places) if values_only else own:
        step(sheet)
    return sheet.columns


def names_items(headers: Iterable[str]) -> bool:
    """Whether a column holds the names of things ("Item name"), so that names of people beside it are others'."""
    return any(word.removesuffix(" name") in _ITEM_WORDS for word in map(fold, headers))


Pairs = Callable[[int, int], Iterable[tuple[str, str]]]


class _Beside:
    """The columns of a sheet while they are read."""

    def __init__(
        self, schema: Schema, base: str, columns: list[ColumnUse], samples: Sequence[Sequence[str]], pairs: Pairs
    ) -> None:
        self.schema = schema
        self.base = base
        self.columns = columns
        self.samples = samples
        self.pairs = pairs
        self.attributes = dict(schema.all_attributes(base))

    def column_of(self, name: str) -> ColumnUse | None:
        """The column that is used as an attribute."""
        return next((c for c in self.columns if c.role == "attribute" and c.name == name), None)

    def may_have(self, name: str) -> bool:
        """Whether the class has the attribute and no column is used as it."""
        return name in self.attributes and self.column_of(name) is None

    def unused(self) -> list[ColumnUse]:
        """The columns that nothing is known of, or only that another column says the same."""
        return [c for c in self.columns if c.role == "unmapped" and c.header and c.how != "synonym"]

    def use(self, one: ColumnUse, name: str, role: str = "attribute", transforms: tuple[str, ...] = ()) -> None:
        """Another meaning of a column."""
        self.columns[one.index] = replace(
            one, role=role, name=name, transforms=transforms, how="synonym", note=EMPTY  # type: ignore[arg-type]
        )  # fmt: skip

    def leave(self, one: ColumnUse, note: Message) -> None:
        """Leaves a column out, and says why."""
        self.columns[one.index] = ColumnUse(one.index, one.header, note=note)

    def words(self, one: ColumnUse) -> str:
        """A column's header, folded."""
        return fold(one.header)


def _regions(sheet: _Beside) -> None:
    """``State`` beside City, Country or Zip is a region, unless its values are statuses."""
    named = {sheet.words(c) for c in sheet.columns}
    for one in sheet.columns:
        if sheet.words(one) not in _REGIONS or one.name not in ("", "status") or named.isdisjoint(_GEOGRAPHY):
            continue
        status = sheet.attributes.get("status")
        if status is not None and _all_readable(status, sheet.samples[one.index]):
            continue
        if sheet.may_have("region"):
            sheet.use(one, "region")
        else:
            sheet.leave(one, Message("Beside the other columns of an address it is a region, not a status."))


def _programs(sheet: _Beside) -> None:
    """``Office`` with 2019, 365 or Pro Plus is a program's version, not a place."""
    for one in sheet.columns:
        values = sheet.samples[one.index]
        if one.role == "attribute" and sheet.words(one) == "office" and values and all(map(_OFFICE.fullmatch, values)):
            sheet.leave(one, Message("Its values are versions of a program, not places."))


def _all_readable(attribute: Attribute, values: Sequence[str]) -> bool:
    convert = Converter(attribute)
    return bool(values) and not any(isinstance(convert(value), CellError) for value in values)


def _names(sheet: _Beside) -> None:
    """``Item name``, ``Asset``, or the class's own word is the name where no other column is."""
    person = _holders_name(sheet)
    if person is not None:
        sheet.use(person, "assigned_to")
    if sheet.column_of("name") is not None:
        return
    for one in sorted(sheet.columns, key=lambda c: not sheet.words(c).endswith(" name")):
        loser = (one.role == "unmapped" and bool(one.header)) or _is_own_word(sheet, one) or _is_of_some(sheet, one)
        if (loser or one.name == "asset_tag") and _is_item_word(sheet, sheet.words(one)):
            if one.name == "asset_tag" and not _are_names(sheet.samples[one.index]):
                continue
            sheet.use(one, "name")
            return


def _holders_name(sheet: _Beside) -> ColumnUse | None:
    """``Name`` is its holder's, where ``Item name`` and a login or address stand beside it."""
    name = sheet.column_of("name")
    words = {sheet.words(c) for c in sheet.columns}
    if name is None or sheet.words(name) != "name" or "assigned_to" not in sheet.attributes:
        return None
    if words.isdisjoint(_ITEM_NAMES) or words.isdisjoint(_LOGINS):
        return None
    return name if sheet.column_of("assigned_to") is None else None


def _is_own_word(sheet: _Beside, one: ColumnUse) -> bool:
    """Whether a column is called like the class of its rows, and would refer to another of it: racks by ``Rack``."""
    attribute = sheet.attributes.get(one.name) if one.role == "attribute" else None
    return attribute is not None and attribute.target == sheet.base


def _is_of_some(sheet: _Beside, one: ColumnUse) -> bool:
    """Whether ``Asset name`` is read as the name of a host, which only some classes of the rows have."""
    return one.name == "host_name" and one.name not in sheet.schema.classes[sheet.base].attributes


def _is_item_word(sheet: _Beside, words: str) -> bool:
    bare = words.removesuffix(" name")
    if bare in _ITEM_WORDS:
        return True
    cls = sheet.schema.class_of(bare)
    return cls is not None and cls.name != "ci" and sheet.schema.is_a(sheet.base, cls.name)


def _are_names(values: Sequence[str]) -> bool:
    """Whether values are what people call things, not tags: several words, or no digit."""
    spoken = [v for v in values if " " in v or not any(c.isdigit() for c in v)]
    return bool(values) and len(spoken) >= 0.5 * len(values)


def _parts(sheet: _Beside) -> None:
    """A column of numbers is not the name of a processor: they count or measure it."""
    for one in sheet.columns:
        if one.role == "attribute" and one.name.endswith("_model") and one.how != "label":
            values = sheet.samples[one.index]
            if values and all(_NUMBER.fullmatch(v) for v in values):
                label = sheet.attributes[one.name].label
                sheet.leave(one, Message("Its values are numbers, not the name of a {part}.", part=label))


def _forms_of_address(sheet: _Beside) -> None:
    """``Title`` with "Mr" and "Dr" is no job."""
    for one in sheet.columns:
        values = sheet.samples[one.index]
        if one.name == "job_title" and values and all(fold(v) in _ADDRESSED for v in values):
            sheet.leave(one, Message("Its values are forms of address, not jobs."))


def _durations(sheet: _Beside) -> None:
    """A date's column that holds months or years counts them from the date that begins it."""
    for one in list(sheet.columns):
        attribute = sheet.attributes.get(one.name) if one.role == "attribute" else None
        if attribute is None or attribute.type != "date" or one.transforms:
            continue
        said = unit_of(one.header)
        unit = said.unit if said is not None and is_duration(said.unit) else ""
        if not unit and (one.how == "label" or one.name not in (*START_OF, "end_of_life")):
            continue
        found = duration_unit(sheet.samples[one.index], unit)
        if found is None:
            continue
        if one.name == "end_of_life" and found in ("months", "") and sheet.may_have("useful_life"):
            sheet.use(one, "useful_life")
            continue
        start = next((s for s in START_OF.get(one.name, ()) if sheet.column_of(s) is not None), "")
        if not found:
            sheet.leave(one, Message("Its numbers may be months or years. Name the unit in the header."))
        elif not start:
            sheet.leave(one, Message("It counts {unit} from a date that no column has.", unit=found))
        else:
            sheet.use(one, one.name, transforms=(f"{found}:{start}",))


def _holders(sheet: _Beside) -> None:
    """``Full name``, ``Username``, ``Email`` beside things say who has them."""
    if "assigned_to" not in sheet.attributes or sheet.schema.is_a(sheet.base, "party"):
        return
    holder = "assigned_to"
    if sheet.column_of(holder) is None and sheet.column_of("main_user") is not None:
        holder = "main_user"
    found_at = [(one, sheet.schema.find_attribute("person", one.header)) for one in sheet.unused()]
    own_address = any(sheet.schema.is_a(sheet.base, cls) for cls in _WITH_ADDRESS if cls in sheet.schema.classes)
    alone = own_address and sheet.column_of(holder) is None and len([a for _, a in found_at if a is not None]) == 1
    for one, found in found_at:
        if found is None or found.name not in _HOLDER_DETAILS or sheet.words(one) in _NO_HOLDER_WORDS:
            continue
        if alone and found.name == "email":
            continue
        if found.name != "name":
            if not any(c.name == f"{holder}.{found.name}" for c in sheet.columns):
                sheet.use(one, f"{holder}.{found.name}", "mention")
        elif sheet.column_of(holder) is None:
            sheet.use(one, holder)


def _models(sheet: _Beside) -> None:
    """A model's number and category beside things that have a model; a number alone is the model."""
    if "model" not in sheet.attributes:
        return
    name = sheet.column_of("name")
    if name is not None and name.how == "synonym" and sheet.column_of("model") is None and _repeats(sheet, name):
        sheet.use(name, "model")
    for one in sheet.unused():
        found = sheet.schema.find_attribute("hardware_model", one.header)
        if sheet.column_of("model") is None:
            if sheet.words(one) in _MODEL_NUMBERS:
                sheet.use(one, "model")
        elif found is not None and found.name in _MODEL_DETAILS and found.name not in sheet.attributes:
            sheet.use(one, f"model.{found.name}", "mention")


def _repeats(sheet: _Beside, one: ColumnUse) -> bool:
    """Whether a column says the same of many rows, which another column tells apart: "Bezeichnung" of a model."""
    if not any(sheet.column_of(known) is not None for known in ("asset_tag", "serial_number")):
        return False
    values = [value for value, _ in sheet.pairs(one.index, one.index) if value]
    return len(values) > 2 and len(set(values)) * 5 <= len(values) * 4


def _places(sheet: _Beside) -> None:
    """Site, Building, Floor and Room together are one place: each level lies in the one before it."""
    location = sheet.attributes.get("location")
    if location is None or location.target != "place":
        return
    levels: dict[str, ColumnUse] = {}
    general: ColumnUse | None = None
    for one in sheet.columns:
        if one.name not in ("", "location") or one.role not in ("unmapped", "attribute"):
            continue
        if one.role == "unmapped" and one.how == "synonym":  # a tool's table is known not to use it
            continue
        cls = sheet.schema.class_of(_NUMBERED.sub("", sheet.words(one))) if one.header else None
        if cls is not None and cls.name in PLACE_LEVELS and sheet.words(one) not in _NO_LEVEL_WORDS:
            levels.setdefault(cls.name, one)
        elif one.name == "location" or (cls is not None and cls.name == "place"):
            general = general or one
    if len(levels) + (general is not None) < 2 or not levels:
        return
    for level, one in levels.items():
        sheet.use(one, f"location.{level}", "mention")
    if general is None:
        return
    top = next(level for level in PLACE_LEVELS if level in levels)
    if top == "site" and not _contains(sheet, general, levels["site"]):
        sheet.use(general, "location")
    elif top == "site":
        sheet.use(general, "location.site", "mention")
        if len(levels) == 1:
            sheet.use(levels["site"], "location")
        else:
            sheet.use(levels["site"], "location.building", "mention")
    else:
        sheet.use(general, "location.site", "mention")


def _contains(sheet: _Beside, one: ColumnUse, other: ColumnUse) -> bool:
    """Whether each value of ``other`` stands beside a single value of ``one``, and not the other way round."""
    above: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    for upper, lower in sheet.pairs(one.index, other.index):
        if upper and lower:
            above.setdefault(lower, set()).add(upper)
            below.setdefault(upper, set()).add(lower)
    return any(len(found) > 1 for found in below.values()) and all(len(found) == 1 for found in above.values())


def _licences(sheet: _Beside) -> None:
    """The licences of people or computers, several in a cell."""
    if not any(sheet.schema.is_a(sheet.base, cls) for cls in ("person", "computer")):
        return
    for one in sheet.unused():
        if sheet.words(one) in _LICENCE_WORDS and not all(map(_NUMBER.fullmatch, sheet.samples[one.index])):
            mark = next((m for m in _MARKS if any(m in value for value in sheet.samples[one.index])), "")
            sheet.use(one, "licence", "seat", transforms=(f"parts:{mark}",) if mark else ())
            return
