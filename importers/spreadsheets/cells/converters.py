"""Converts cells to canonical values: one function per column, called once per distinct cell.

``cmdb.model.values.parse`` defines the formats of values; this adds what spreadsheets do to values before
anyone reads them, and short cuts for the usual types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Any

from cmdb.model.characters import has_lost_characters, unseen, visible
from cmdb.model.clock import today
from cmdb.model.currencies import MINOR_UNITS, currencies_like
from cmdb.model.date_texts import latest_year, parse_date
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message
from cmdb.model.money import DECIMALS, exact
from cmdb.model.near_words import near_meanings, near_words
from cmdb.model.number_texts import read_decimal, read_number
from cmdb.model.observation import LOST_CHARACTERS, NamedReference
from cmdb.model.person_names import Listed, people_in
from cmdb.model.raw_values import quoted
from cmdb.model.schema import Attribute, Schema, fold
from cmdb.model.text_forms import canonical_ip, form_of
from cmdb.model.values import parse
from importers.spreadsheets.cells.decimal_marks import reads_two_ways
from importers.spreadsheets.cells.periods import NO_END_YEAR, names_no_end, names_no_limit, period_of
from importers.spreadsheets.cells.rack_units import units_in
from importers.spreadsheets.columns.transforms import apply_transforms, in_unit
from importers.spreadsheets.files.number_formats import ShownNumber
from importers.spreadsheets.files.sheet_parts import NOT_CALCULATED
from importers.spreadsheets.sheets.workbook import lost_digits
from importers.tables.cells import unescape


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell is refused, and what would be accepted; see ``cmdb.model.observation.Problem``."""

    message: Message
    kind: str
    accepted: Message = EMPTY
    suggested: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class CellNote:
    """A warning about a cell that is accepted."""

    message: Message
    kind: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ColumnContext:
    """The column's format for reading its cells."""

    day_first: bool = True
    sure: bool = True
    """Whether a date of the column, or the person, settles ``day_first``."""
    conflict: bool = False
    """The column has dates of both orders."""
    year_first: bool = False
    """Whether a date of three short numbers begins with the year."""
    decimal_comma: bool | None = None
    marks_sure: bool = True
    """Whether something settles how 1.000 is read."""
    both_marks: bool = False
    """The column has numbers with decimal commas and with decimal points."""
    own: bool = False
    """The sheet was exported from here: what the register holds comes back as it is."""
    unit: str = ""
    """The unit of plain numbers in a memory column, if it is not the attribute's unit."""


@dataclass
class Converter:
    """Reads the cells of one column as one attribute. ``notes`` fills with what was seen, by cell."""

    attribute: Attribute
    context: ColumnContext = ColumnContext()
    transforms: tuple[str, ...] = ()
    schema: Schema | None = None
    """Needed for references: they may name their class ("Server:web-1")."""
    mentions: dict[NamedReference, NamedReference] = field(default_factory=dict)
    notes: dict[Any, CellNote] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._junk = self.attribute.name in _WITH_JUNK and not self.context.own
        self._form = form_of(self.attribute.form, self.attribute.type)
        self._latest, self._today = 0, ""
        self._is_time = self.attribute.type == "time"
        self._ends = self.attribute.ends or self.attribute.name in _ENDS
        if self.attribute.type in ("date", "time"):
            self._latest, self._today = latest_year(self.attribute), today().isoformat()
        self._unit = ""
        if self.attribute.unit in _SIZES:  # plain numbers stay numbers
            self._unit = next((one.partition(":")[2] for one in self.transforms if one.startswith("unit:")), "")
            self.transforms = tuple(one for one in self.transforms if not one.startswith("unit:"))
        self._read: Callable[[Any], Any] = {
            "reference": self._reference, "date": self._date, "time": self._time, "money": self._number,
            "number": self._number, "integer": self._number, "text": self._text, "long_text": self._text,
            "url": self._text,
        }.get(self.attribute.type, self._parse)  # fmt: skip
        if self._form is not None:
            self._read = self._formed

    def __call__(self, cell: Any) -> Any:
        """The canonical value (a Mention for a reference), None for a blank cell, or Bad."""
        if isinstance(cell, str):
            text = self._clean(cell)
            if not text:
                return None
            if text == NOT_CALCULATED:
                message = Message(
                    "{attribute} is a formula whose result is not in the file. Open the file in a spreadsheet program "
                    "and save it.",
                    attribute=self.attribute.label,
                )
                return CellError(message, "error-value", code="formula.result")
            if _ERROR.fullmatch(text):
                message = Message(
                    "{attribute} holds the error {error} instead of a value.",
                    attribute=self.attribute.label,
                    error=text,
                )
                return CellError(message, "error-value")
            cell, raw = self._number_shown(cell) if isinstance(cell, ShownNumber) else unescape(text), cell
        elif isinstance(cell, timedelta | time):
            cell, raw = str(cell), cell
        else:
            raw = cell
        try:
            if self.transforms:
                cell = apply_transforms(cell, self.transforms)
                if cell == "":
                    return None
            value = self._read(cell) if raw is cell else self._noted(raw, cell)
            return self._unless_junk(raw, value) if self._junk else value
        except InvalidValue as problem:
            if isinstance(cell, str) and cell.casefold() in _PLACEHOLDERS:
                return None
            if self.attribute.type == "choice" and isinstance(cell, str) and (bare := _BRACKETS.sub("", cell)) != cell:
                return self(bare)  # "Ready to Deploy (Deployable)"
            return self._refuse(cell, problem)

    def _number_shown(self, cell: ShownNumber) -> Any:
        """What a number with a unit or a currency is to the attribute: the number, or its text."""
        attribute = self.attribute
        if attribute.type == "money" or attribute.unit in ("MiB", "GiB"):
            return str(cell).replace(".", ",") if self.context.decimal_comma else str(cell)
        return cell.number if attribute.type in ("number", "integer") else str(cell)

    def column(self, cells: Sequence[Any]) -> list[Any]:
        """A whole column's values. Each distinct cell is read once."""
        kinds = set(map(type, cells))
        if bool in kinds and len(kinds) > 1:  # True == 1.0: they would share an answer
            return [self(cell) for cell in cells]
        every = set(cells)
        distinct: Collection[Any] = every
        if self._form is not None and not self.transforms:
            kept, nothing = self._form.is_canonical, self._form.nothing
            distinct = [cell for cell in distinct if type(cell) is not str or not kept(cell) or cell in nothing]
        elif self._keeps_texts():
            plain, suspect = _PLAIN.fullmatch, _SUSPECT.fullmatch if self._junk else _nothing
            distinct = [cell for cell in distinct if type(cell) is not str or not plain(cell) or suspect(cell)]
        if not distinct and len(every) == len(cells):
            return list(cells)
        known = {cell: cell for cell in every}
        known.update((cell, self(cell)) for cell in distinct)
        return list(map(known.__getitem__, cells))  # what is equal becomes one object

    def _keeps_texts(self) -> bool:
        """Whether a plain text is its own value."""
        attribute = self.attribute
        return attribute.type == "text" and not (attribute.of_amounts or attribute.form or self.transforms)

    def _unless_junk(self, raw: Any, value: Any) -> Any:
        """The value, or None with a note where it stands for none: "see sticker" is no serial number."""
        if type(value) is not str or not _SUSPECT.fullmatch(value):
            return value
        from cmdb.reconciliation.identifiers import shipped  # with all of reconciliation, which help does without

        if self.attribute.name == "name":
            if value.casefold() not in _PLACEHOLDERS:
                return value
        elif self.attribute.name in _ONE_OF_ITS_OWN and _names_several(value):
            label = self.attribute.label
            message = Message(
                "{attribute} “{value}” names several. Give each item a row.", attribute=label, value=value
            )
            return CellError(message, "several", code="identity.several")
        elif value.casefold() not in _DITTO and not shipped().is_junk(self.attribute.name, value):
            return value
        message = Message("{attribute} “{value}” stands for none; it was left out.", attribute=self.attribute.label,
                          value=value)  # fmt: skip
        self.notes[raw] = CellNote(message, "junk")
        return None

    def _noted(self, raw: Any, cell: Any) -> Any:
        value = self._read(cell)
        if cell in self.notes and cell is not raw:
            self.notes.setdefault(raw, self.notes[cell])
        return value

    def _clean(self, cell: str) -> str:
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        codes = unseen(cell)
        if has_lost_characters(cell):
            self.notes[cell] = CellNote(LOST_CHARACTERS, "unseen", "text.lost")
        elif set(codes) - _BLANK:
            message = Message("The cell has characters that nobody sees; they were removed: {codes}.", codes=codes)
            self.notes[cell] = CellNote(message, "unseen", "text.unseen")
        elif codes or "\u00a0" in cell:
            self.notes[cell] = CellNote(_BLANKS, "blanks")
        elif _GARBLED.search(cell):
            self.notes[cell] = CellNote(_GARBLED_TEXT, "encoding", "encoding.garbled")
        return visible(cell.replace("\u00a0", " ")).strip()

    def _refuse(self, cell: Any, problem: InvalidValue) -> CellError:
        attribute, said = self.attribute, problem.message
        if attribute.name == "quantity" and names_no_limit(cell):
            message = Message(
                "{attribute} cannot be “{value}”. A licence without a limit has the metric Site and the quantity 1.",
                attribute=attribute.label,
                value=quoted(cell),
            )
            return CellError(message, attribute.type, _ACCEPTED[attribute.type], code="quantity.unlimited")
        if attribute.of_amounts:
            return CellError(said, "currency", _A_CURRENCY, currencies_like(str(cell)))
        if attribute.type != "choice":
            return CellError(said, attribute.type, _ACCEPTED.get(attribute.type, EMPTY))
        words = {fold(w): c.label for c in attribute.choices for w in (*c.synonyms, c.value, c.label)}
        near = near_meanings(fold(quoted(cell)), words)
        suggested = tuple(dict.fromkeys((*near, *(c.label for c in attribute.choices))))
        if near:
            message = Message(
                "{attribute} cannot be “{value}”. Did you mean {suggested}?",
                attribute=attribute.label,
                value=quoted(cell),
                suggested=near[0],
            )
        else:
            message = said
        return CellError(message, "choice", suggested=suggested)

    # -- by type ----------------------------------------------------------------------------------------------------

    def _parse(self, cell: Any) -> Any:
        return parse(self.attribute, cell, day_first=self.context.day_first, decimal_comma=self.context.decimal_comma)

    def _text(self, cell: Any) -> Any:
        attribute = self.attribute
        if isinstance(cell, str):
            if _SCIENTIFIC.fullmatch(cell):
                return self._lost(cell)
            if attribute.of_amounts:
                return self._currency(cell)
            if attribute.type != "long_text" and not attribute.form and len(cell) < 1000:
                return " ".join(cell.split())
        elif isinstance(cell, float) and lost_digits(cell):
            return self._lost(cell)
        elif isinstance(cell, date):
            return self._date_for_text(cell)
        return parse(attribute, cell)

    def _formed(self, cell: Any) -> Any:
        """An address or a number of a technical form: of several the first, with a note; none for "dhcp"."""
        form, attribute = self._form, self.attribute
        if form is None or not isinstance(cell, str) or _SCIENTIFIC.fullmatch(cell):
            return self._parse(cell) if attribute.type == "email" else self._text(cell)
        value = form.read(" ".join(cell.split()))
        found = () if value else form.find(cell)
        if value in form.nothing if value else (not found and _ASSIGNED.match(cell)):
            message = Message("{attribute} “{value}” stands for none; it was left out.", attribute=attribute.label,
                              value=cell)  # fmt: skip
            self.notes[cell] = CellNote(message, "junk")
            return None
        if found:
            value = found[0]
            message = Message("{attribute} “{value}” was read as {read}.", attribute=attribute.label, value=cell,
                              read=value)  # fmt: skip
            if len(found) > 1:
                message = Message(
                    "{attribute} “{value}” names several. The first, {first}, was taken, and left out: {others}.",
                    attribute=attribute.label,
                    value=cell,
                    first=value,
                    others=tuple(found[1:]),
                )
            self.notes[cell] = CellNote(message, "several" if len(found) > 1 else "text", "form.read")
        elif value and attribute.form == "network" and value.partition("/")[0] != canonical_ip(cell.split()[0]):
            message = Message("{attribute} “{value}” was read as {read}.", attribute=attribute.label, value=cell,
                              read=value)  # fmt: skip
            self.notes[cell] = CellNote(message, "text", "form.read")
        elif value and attribute.form == "network" and "/" not in value:
            message = Message(
                "{attribute} {value} is an address alone: the length of its prefix, such as /24, is missing.",
                attribute=attribute.label,
                value=value,
            )
            self.notes[cell] = CellNote(message, "text", "form.no-length")
        return value or self._parse(cell)  # which says why it is refused

    def _currency(self, cell: str) -> Any:
        """The code of a currency, with a note about one that the standard doesn't have."""
        code = parse(self.attribute, cell)
        if code not in MINOR_UNITS:
            near = currencies_like(cell)
            message = Message("{attribute} {code} is no code of ISO 4217.", attribute=self.attribute.label, code=code)
            if near:
                message = Message("{problem} Did you mean one of these: {codes}?", problem=message, codes=near)
            self.notes[cell] = CellNote(message, "currency")
        return code

    def _lost(self, cell: Any) -> Any:
        shown = cell if isinstance(cell, str) else f"{cell:.5E}"
        message = Message(
            "{attribute} {value} is a rounded number; the program that saved the file lost its digits.",
            attribute=self.attribute.label,
            value=shown,
        )
        if self.attribute.type != "long_text":
            return CellError(message, "scientific", Message("the full number, in a cell formatted as text"))
        self.notes[cell] = CellNote(message, "scientific")
        return parse(self.attribute, cell)

    def _date_for_text(self, cell: date) -> Any:
        value = parse(self.attribute, cell if isinstance(cell, datetime) else cell.isoformat())
        message = Message(
            "{attribute} is a date here, {value}; a spreadsheet program may have made one of other text.",
            attribute=self.attribute.label,
            value=str(value),
        )
        if is_identifier(self.attribute) and self.attribute.name != "name":
            return CellError(message, "date-for-text", Message("the original text, in a cell formatted as text"))
        self.notes[cell] = CellNote(message, "date-for-text")
        return value

    def _reference(self, cell: Any) -> Any:
        if isinstance(cell, str) and cell.casefold() in _PLACEHOLDERS:
            return None
        if isinstance(cell, str) and cell.casefold() in _DITTO and not self.context.own:
            return CellError(Message("“{value}” stands for the cell above. Write it out.", value=cell), "ditto")
        if self.attribute.target == "person" and isinstance(cell, str) and "\n" in cell:
            cell = "; ".join(line for line in cell.split("\n") if line.strip())
        text = self._text(cell)
        return text if isinstance(text, CellError) else self.mention(text)

    def mention(self, text: str) -> NamedReference:
        """A name as a mention of the attribute's target class: plain, ``Class:Name``, an address, or both."""
        cls = self.attribute.target
        values: tuple[tuple[str, Any], ...] = ()
        if ":" in text and self.schema is not None:
            for target in self.attribute.targets:
                said, rest = split_class(self.schema, target, text)
                if rest != text:
                    cls, text = said, rest
                    break
        address = _ADDRESS.fullmatch(text)
        if address and self._has_email(cls) and people_in(text)[1] not in (Listed.SURELY, Listed.PERHAPS):
            values = (("email", address[2].casefold()),)
            text = address[1].strip() if address[1] else text
        return self.intern(NamedReference("" if cls == "ci" else cls, text, values))

    def _has_email(self, cls: str) -> bool:
        return self.schema is not None and cls in self.schema.classes and "email" in self.schema.classes[cls].attributes

    def intern(self, mention: NamedReference) -> NamedReference:
        """The single object for equal mentions."""
        return self.mentions.setdefault(mention, mention)

    def _number(self, cell: Any) -> Any:
        kind = self.attribute.type
        if self.attribute.unit in _SIZES:
            return self._size(cell)
        if kind == "number" and type(cell) is float:
            return self._parse(cell)
        if isinstance(cell, str) and self.attribute.unit == "U":
            units = units_in(cell)
            if len(units) == 1 or (units and self.attribute.name == "rack_position"):
                return self._parse(self._lowest(cell, units))
        if isinstance(cell, str):
            problem = self._marks(cell)
            if problem is not None:
                return problem
            if self.context.decimal_comma and _GROUPED.search(cell):
                cell = cell.replace(".", "")
        return self._amount(cell) if kind == "money" else self._parse(cell)

    def _lowest(self, cell: str, units: tuple[int, ...]) -> str:
        """The lowest unit of a range, with a note."""
        if len(units) > 1:
            message = Message(
                "{attribute} “{value}” is a range of {count} units; the lowest one, {unit}, was taken.",
                attribute=self.attribute.label,
                value=cell,
                count=units[1] - units[0] + 1,
                unit=units[0],
            )
            self.notes[cell] = CellNote(message, "several", "rack.range")
        return str(units[0])

    def _marks(self, cell: str) -> CellError | None:
        """Notes a number such as 1.000 that nothing settles, or refuses it in a column of both kinds."""
        if (self.context.marks_sure and not self.context.both_marks) or not reads_two_ways(cell):
            return None
        label = self.attribute.label
        if self.context.both_marks:
            message = Message(
                "{attribute} {value} can be read two ways, and the column has numbers with decimal commas and with "
                "decimal points.",
                attribute=label,
                value=cell,
            )
            return CellError(message, "ambiguous-number", _ACCEPTED["number"], code="number.both-marks")
        comma = self.context.decimal_comma
        message = Message(
            "{attribute} {value} can be read two ways; nothing in the column settles it. Read as {number}.",
            attribute=label,
            value=cell,
            number=_digits(self.attribute, cell, comma),
        )
        self.notes[cell] = CellNote(message, "ambiguous-number", "number.two-ways")
        return None

    def _size(self, cell: Any) -> Any:
        """A size in the attribute's unit; whole ones are rounded, but never to nothing."""
        attribute, comma = self.attribute, self.context.decimal_comma
        problem = self._marks(cell) if isinstance(cell, str) else None
        if problem is not None:
            return problem
        size = in_unit(cell, self._unit or self.context.unit or attribute.unit, attribute.unit, comma)
        if attribute.type != "integer" or not isinstance(size, float) or not isfinite(size):
            return self._parse(size)
        whole = round(size)
        if size and not whole:
            message = Message(
                "{attribute} {value} is less than 1 {unit}.", attribute=attribute.label, value=quoted(cell),
                unit=attribute.unit,
            )  # fmt: skip
            return CellError(message, "size", _ACCEPTED["integer"], code="size.nothing")
        return self._parse(float(whole))

    def _amount(self, cell: Any) -> Any:
        """An amount; more decimals than four, which a formula or a program made, are rounded with a note."""
        number = read_decimal(self.attribute, cell, self.context.decimal_comma)
        value = read_number(self.attribute, number)
        if value != number and value != exact(float(number)):
            message = Message(
                "{attribute} {value} was rounded: an amount has at most {count} decimals.",
                attribute=self.attribute.label,
                value=str(cell),
                count=DECIMALS,
            )
            self.notes[cell] = CellNote(message, "rounded")
        return value

    def _date(self, cell: Any) -> Any:
        if _is_no_date(cell):
            return None
        if self._ends and not self.context.own:
            if names_no_end(cell):
                return self._no_end(cell)
            value = self._dated(cell)
            return self._no_end(cell) if isinstance(value, str) and int(value[:4]) >= NO_END_YEAR else value
        return self._dated(cell)

    def _no_end(self, cell: Any) -> None:
        message = Message("{attribute} “{value}” stands for no end; it was left blank.",
                          attribute=self.attribute.label, value=quoted(cell))  # fmt: skip
        self.notes[cell] = CellNote(message, "junk", "date.no-end")

    def _dated(self, cell: Any) -> Any:
        """A date; of a month, quarter or year its first day, or its last one for an end, with a note."""
        try:
            return self._day(cell)
        except InvalidValue:
            days = period_of(cell, self._latest) if not self._is_time else None
            if days is None:
                raise
        value = days[self._ends]
        message = Message("{attribute} “{value}” names no day. Read as {date}.", attribute=self.attribute.label,
                          value=quoted(cell), date=value)  # fmt: skip
        self._plausible(cell, value)
        self.notes.setdefault(cell, CellNote(message, "date-without-day", "date.no-day"))
        return value

    def _day(self, cell: Any) -> Any:
        if self.context.year_first and isinstance(cell, str) and _SHORT_YEAR.fullmatch(cell):
            year = self._latest - (self._latest - int(cell.strip()[:2])) % 100
            return self._plausible(cell, parse_date(f"{year}{cell.strip()[2:]}", self.attribute.label))
        if isinstance(cell, str):
            order = _ORDERED.match(cell)
            if order and order[1] != order[2] and int(order[1]) <= 12 and int(order[2]) <= 12:
                if self.context.conflict:
                    message = Message(
                        "{attribute} {value} can be read two ways, and the column has dates of both orders.",
                        attribute=self.attribute.label,
                        value=cell,
                    )
                    return CellError(message, "ambiguous-date", _A_DATE, code="date.both-orders")
                if not self.context.sure:
                    self.notes[cell] = CellNote(self._two_ways(cell), "ambiguous-date", "date.two-ways")
            if _DAY_NUMBER.fullmatch(cell):
                return self._day_number(cell, float(cell))
            if _EPOCH.fullmatch(cell):
                return self._since_1970(cell, int(cell))
        elif isinstance(cell, float):
            whole = str(int(cell)) if cell.is_integer() and cell > 0 else ""
            if _EPOCH.fullmatch(whole):
                return self._since_1970(cell, int(cell))
            if len(whole) == _WRITTEN_DAY:
                return self._plausible(cell, self._parsed_date(whole))
            return self._day_number(cell, cell)
        return self._plausible(cell, self._parsed_date(cell))

    def _parsed_date(self, cell: Any) -> str:
        return parse_date(cell, self.attribute.label, day_first=self.context.day_first, latest=self._latest)

    def _plausible(self, cell: Any, value: str) -> str:
        """The date or time, with a note where it is further from today than what its attribute is about."""
        attribute, day = self.attribute, value[:10]
        if _LONG_PAST <= day <= self._today:
            return value
        far = f"{int(self._today[:4]) + _FAR}{self._today[4:]}"
        if day < _LONG_PAST:
            message = Message("{attribute} {date} is long past.", attribute=attribute.label, date=day)
            code = "date.long-past"
        elif attribute.past and day > (date.fromisoformat(self._today) + timedelta(days=1)).isoformat():
            message = Message("{attribute} {date} is still to come.", attribute=attribute.label, date=day)
            code = "date.to-come"
        elif day > far:
            message = Message("{attribute} {date} is far ahead.", attribute=attribute.label, date=day)
            code = "date.far-ahead"
        else:
            return value
        self.notes.setdefault(cell, CellNote(message, "implausible-date", code))
        return value

    def _two_ways(self, cell: str) -> Message:
        return Message(
            "{attribute} {value} can be read two ways; nothing in the column settles it. Read as {date}.",
            attribute=self.attribute.label,
            value=cell,
            date=self._parsed_date(cell),
        )

    def _day_number(self, cell: Any, number: float) -> str:
        value = parse_date(number, self.attribute.label)
        message = Message(
            "{attribute} is a day number, {number}. Read as {date}.",
            attribute=self.attribute.label,
            number=f"{number:g}",
            date=value,
        )
        self.notes[cell] = CellNote(message, "date-number")
        return value

    def _since_1970(self, cell: Any, number: int) -> str:
        """The day of a number of seconds, or of milliseconds."""
        seconds = number // 1000 if number >= _MILLISECONDS else number
        moment = datetime.fromtimestamp(seconds, UTC)
        message = Message(
            "{attribute} is a number of seconds since 1970. Read as {date}.",
            attribute=self.attribute.label,
            date=moment.date().isoformat(),
        )
        self.notes[cell] = CellNote(message, "date-number", "date.seconds")
        return (
            moment.isoformat(timespec="seconds").replace("+00:00", "Z") if self._is_time else moment.date().isoformat()
        )

    def _time(self, cell: Any) -> Any:
        if isinstance(cell, float) and cell.is_integer() and _EPOCH.fullmatch(str(int(cell))):
            return self._since_1970(cell, int(cell))
        if isinstance(cell, str) and _EPOCH.fullmatch(cell):
            return self._since_1970(cell, int(cell))
        if isinstance(cell, str) and _ORDERED.match(cell):
            day = self._date(cell)
            if day is None or isinstance(day, CellError):
                return day
            return self._parse(cell) if ":" in cell else f"{day}T00:00:00Z"
        return None if _is_no_date(cell) else self._plausible(cell, self._parse(cell))


_ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA|BUSY!|UNKNOWN!)"
    r"|#{3,}|(?:Err|Fehler|Erreur):5\d\d"
)
#: Text that is its own canonical value and needs no check.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./()&,;-]{0,80}| (?! |$)){1,4}")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,3}")
_ORDERED = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b")
_SHORT_YEAR = re.compile(r"\s*\d{2}[-/.]\d{1,2}[-/.]\d{1,2}\s*")
_GROUPED = re.compile(r"^[^\d,]*\d{1,3}(?:\.\d{3})+(?![\d.,])")
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_DAY_NUMBER = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_ADDRESS = re.compile(r"(?:(.+?)\s*<)?([^@\s<>]+@[^@\s<>]+)>?")
_GARBLED = re.compile("Ã[\u0080-\u00bf¤¶¼Ÿ„–œ©¨ª«¡³º±§]|â€")
_PLACEHOLDERS = frozenset(
    {
        "-",
        "--",
        "---",
        "–",
        "n/a",
        "na",
        "n.a.",
        "none",
        "null",
        "nil",
        "(none)",
        "(blank)",
        "tbd",
        "tba",
        "?",
        "??",
        "???",
        "unknown",
        "(unknown)",
        "not available",
        "not applicable",
        "unbekannt",
        "k.a.",
        "n.v.",
        "n. v.",
        "k. a.",
        "n. a.",
        "keine angabe",
        "inconnu",
    }
)
_SIZES = ("MiB", "GiB")
_WITH_JUNK = ("name", "serial_number", "asset_tag", "uuid", "machine_id")
_DITTO = frozenset((
    "ditto", "dito", "do.", "idem", "ídem", "〃", '"', "''", "same", "same as above", "as above", "see above",
    "wie oben", "siehe oben", "s.o.", "s. o.",
))  # fmt: skip
"""Words for what the cell above says."""
_ASSIGNED = re.compile(
    r"(?:(?:per|via|by|über|par|por|is|use[sd]?)\s+)?"
    r"(?:dhcp|dyn(?:\.|ami\w*|\b)|dinámic\w*|auto\w*|apipa|bootp|pppoe|slaac|variable|static|statisch|statique|fixed|fest|fixe)\b",
    re.IGNORECASE,
)
"""Words for an address that something else assigns, or whose number is not said."""
_ONE_OF_ITS_OWN = ("serial_number", "asset_tag")
_BETWEEN = re.compile(r"\s*[;\n]\s*|,\s+")


def _names_several(text: str) -> bool:
    """Whether a text lists several identifiers: at least two, all of them with digits."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return len(parts) > 1 and all(any(map(str.isdigit, part)) for part in parts)


#: What may be no identity: words without digits, one character or byte again and again, several.
_SUSPECT = re.compile(r"[^0-9]*|0+|(?s:[^;,\n]*[;,\n].*)|\d{8,10}|(?:0x)?([0-9a-fA-F]{2})\1{3,}|(?:[0-9a-fA-F-]{36})")
_NO_DATE = re.compile(
    r"(?:0{2,4}[-/.]0{1,2}[-/.]0{1,4}|0{4}0{4}|0?1[/.]0[/.]1900|0?0[/.]0?1[/.]1900|1900-01-00|1899-12-3[01]|30[./]12[./]1899"
    r"|12/30/1899|0001-01-01|0?1[/.]0?1[/.]0001|0)(?:[T ]0?0:00(?::00(?:\.0+)?)?Z?)?"
)
_FIRST_DAYS = ((1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1))
_EPOCH = re.compile(r"(?:9\d{8}|1\d{9}|20\d{8})(?:\d{3})?")
"""Seconds, or milliseconds, from 1998 to 2036."""
_ENDS = frozenset({"end"})
"""Dates that end something, though nobody is warned of them: when a person leaves."""
_MILLISECONDS = 10**11
_WRITTEN_DAY = 8
"""Digits of 20240403."""
_LONG_PAST = "1970-01-01"
_FAR = 50
"""Years ahead of today that are far for any date."""
_IDENTIFIERS = frozenset({"name", "order_number", "host_name", "uuid", "machine_id", "number", "employee_number"})
_A_DATE = Message("a date such as 2026-03-31")
_A_CURRENCY = Message("the code of a currency, such as EUR")
_ACCEPTED = {
    "date": _A_DATE,
    "time": Message("a time such as 2026-03-31T10:00"),
    "integer": Message("a whole number"),
    "number": Message("a number"),
    "money": Message("an amount such as 1234.50"),
    "boolean": Message("yes or no"),
    "uuid": Message("a UUID"),
    "email": Message("an address such as name@example.org"),
}
_BLANKS = Message("The cell has invisible or non-breaking blanks; they were removed.")
_BLANK = frozenset({"U+200B", "U+FEFF"})
_GARBLED_TEXT = Message("The text looks garbled: saved as UTF-8 and read as something else.")


def _is_no_date(cell: Any) -> bool:
    """Whether a cell holds what programs write for no date: 0000-00-00, day 0 of a spreadsheet, the year 1."""
    if isinstance(cell, str):
        return _NO_DATE.fullmatch(cell) is not None
    if isinstance(cell, date):
        return cell.year <= 1900 and (cell.year, cell.month, cell.day) in _FIRST_DAYS
    return isinstance(cell, float) and not cell


def _nothing(_: str) -> None:
    """No cell is suspect."""


def _digits(attribute: Attribute, cell: str, comma: bool | None) -> str:
    """The number that a text is read as, without groups: 1000."""
    try:
        return str(read_decimal(attribute, cell, comma))
    except InvalidValue:
        return cell


def nearest_first(word: str, values: Iterable[str], first: Iterable[str] = ()) -> tuple[str, ...]:
    """Values that may have been meant by a word, the nearest first; ``first`` come before all others."""
    known = list(values)
    return tuple(dict.fromkeys((*first, *near_words(word, known), *known)))


def is_identifier(attribute: Attribute) -> bool:
    """Whether this attribute identifies things, so that another digit means another thing."""
    return attribute.identifying or attribute.unique or attribute.name in _IDENTIFIERS


def split_class(schema: Schema, cls: str, text: str) -> tuple[str, str]:
    """The parts of ``Class:Name``, if ``cls`` allows the class; else ``cls`` and the text."""
    word, _, name = text.partition(":")
    found = _class_named(schema, word)
    if found and name.strip() and (not cls or schema.is_a(found, cls)):
        return found, name.strip()
    return cls, text


def _class_named(schema: Schema, word: str) -> str:
    wanted = fold(word)
    return next((c.name for c in schema.classes.values() if wanted in (fold(c.name), fold(c.label))), "")
