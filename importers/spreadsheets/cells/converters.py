"""Converts cells to canonical values: one function per column, called once per distinct cell.

``cmdb.model.values.parse`` defines the formats of values; this adds what spreadsheets do to values before
anyone reads them, and short cuts for the usual types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import filterfalse
from math import isfinite
from typing import Any

from cmdb.model.characters import has_lost_characters, unseen, visible
from cmdb.model.currencies import MINOR_UNITS, currencies_like
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import EMPTY, Message
from cmdb.model.near_words import near_meanings
from cmdb.model.observation import LOST_CHARACTERS, NamedReference
from cmdb.model.person_names import Listed, people_in
from cmdb.model.raw_values import quoted
from cmdb.model.schema import Attribute, Schema, fold
from cmdb.model.text_forms import canonical_ip, form_of
from cmdb.model.values import parse
from importers.spreadsheets.cells.cell_findings import UNKNOWN_FORMAT, CellError, CellNote, ColumnContext
from importers.spreadsheets.cells.date_cells import A_DATE, DateCells
from importers.spreadsheets.cells.number_cells import A_NUMBER, A_WHOLE_NUMBER, SIZES, NumberCells
from importers.spreadsheets.cells.periods import names_no_limit
from importers.spreadsheets.cells.words_for_none import (
    ASSIGNED,
    DITTO,
    DITTO_WRITTEN,
    LONGEST_PLACEHOLDER,
    PLACEHOLDERS,
    SAY_NOTHING,
    SUSPECT,
    names_several,
)
from importers.spreadsheets.columns.transforms import apply_transforms
from importers.spreadsheets.files.number_formats import ShownNumber
from importers.spreadsheets.files.sheet_parts import NOT_CALCULATED
from importers.spreadsheets.sheets.workbook import lost_digits
from importers.tables.cells import unescape


@dataclass
class Converter:
    """Reads the cells of one column as one attribute. ``notes`` fills with what was seen, by cell."""

    attribute: Attribute
    context: ColumnContext = UNKNOWN_FORMAT
    transforms: tuple[str, ...] = ()
    schema: Schema | None = None
    """Needed for references: they may name their class ("Server:web-1")."""
    mentions: dict[NamedReference, NamedReference] = field(default_factory=dict)
    notes: dict[Any, CellNote] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._junk = self.attribute.name in _WITH_JUNK and not self.context.own
        self._fills = (
            self.attribute.type in ("text", "url")
            and not (self.attribute.required or self.attribute.of_amounts or self.context.own)
            and self.attribute.name not in (*_NAMES, *_WITH_JUNK)
        )
        self._form = form_of(self.attribute.form, self.attribute.type)
        unit = ""
        if self.attribute.unit in SIZES:  # plain numbers stay numbers
            unit = next((one.partition(":")[2] for one in self.transforms if one.startswith("unit:")), "")
            self.transforms = tuple(one for one in self.transforms if not one.startswith("unit:"))
        self._read: Callable[[Any], Any] = {
            "reference": self._reference, "text": self._text, "long_text": self._text, "url": self._text,
        }.get(self.attribute.type, self._parse)  # fmt: skip
        if self.attribute.type in ("number", "integer", "money"):
            self._read = NumberCells(self.attribute, self.context, self.notes, unit).number
        if self.attribute.type in ("date", "time"):
            dates = DateCells(self.attribute, self.context, self.notes)
            self._read = dates.date if self.attribute.type == "date" else dates.time
        if self._form is not None:
            self._read = self._formed

    def __call__(self, cell: Any) -> Any:
        """The canonical value (a ``NamedReference`` for a reference), None for a blank cell, or why it is refused."""
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
        elif isinstance(cell, float) and not isfinite(cell):
            return self(_NO_NUMBER)
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
            if isinstance(cell, str) and cell.casefold() in PLACEHOLDERS:
                return None
            in_words = self.attribute.type in ("choice", "boolean") and isinstance(cell, str)
            if in_words and (bare := _BRACKETS.sub("", cell)) != cell:
                return self(bare)  # "Ready to Deploy (Deployable)"
            return self._refuse(cell, problem)

    def _number_shown(self, cell: ShownNumber) -> Any:
        """What a number with a unit or a currency is to the attribute: the number, or its text."""
        attribute = self.attribute
        if attribute.type == "money" or attribute.unit in SIZES:
            return str(cell).replace(".", ",") if self.context.decimal_comma else str(cell)
        return cell.number if attribute.type in ("number", "integer") else str(cell)

    def column(self, cells: Sequence[Any], distinct_cells: Collection[Any] | None = None) -> list[Any]:
        """A whole column's values. Each distinct cell is read once; ``distinct_cells``: they, where they are known."""
        kinds = set(map(type, cells))
        if bool in kinds and len(kinds) > 1:  # True == 1.0: they would share an answer
            return [self(cell) for cell in cells]
        every = set(cells) if distinct_cells is None else distinct_cells
        distinct = self._to_read(every)
        if not distinct and len(every) == len(cells):
            return list(cells)
        known = {cell: cell for cell in every}
        known.update((cell, self(cell)) for cell in distinct)
        return list(map(known.__getitem__, cells))  # what is equal becomes one object

    def _to_read(self, every: Collection[Any]) -> Collection[Any]:
        """Those of different cells that may not be their own values."""
        texts: Collection[Any] = every if set(map(type, every)) == {str} else [one for one in every if type(one) is str]
        if self._form is not None and not self.transforms:
            read = [*filterfalse(self._form.is_canonical, texts), *(one for one in self._form.nothing if one in every)]
        elif self._keeps_texts():
            read = [*filterfalse(_SURE.fullmatch if self._junk else _PLAIN.fullmatch, texts)]
            if self._fills:
                read += filter(self._says_nothing, texts)
            read += [cell for cell in DITTO_WRITTEN if cell in every]
        else:
            return every
        return read if texts is every else [*read, *(one for one in every if type(one) is not str)]

    def _keeps_texts(self) -> bool:
        """Whether a plain text is its own value."""
        attribute = self.attribute
        return attribute.type == "text" and not (attribute.of_amounts or attribute.form or self.transforms)

    def _unless_junk(self, raw: Any, value: Any) -> Any:
        """The value, or None with a note where it stands for none: "see sticker" is no serial number."""
        if type(value) is not str or not SUSPECT.fullmatch(value):
            return value
        from cmdb.reconciliation.identifiers import shipped  # with all of reconciliation, which help does without

        if self.attribute.name == "name":
            if value.casefold() not in PLACEHOLDERS:
                return value
        elif self.attribute.name in _ONE_OF_ITS_OWN and names_several(value):
            label = self.attribute.label
            message = Message(
                "{attribute} “{value}” names several. Give each item a row.", attribute=label, value=value
            )
            return CellError(message, "several", code="identity.several")
        elif value.casefold() not in DITTO and not shipped().is_junk(self.attribute.name, value):
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
            if attribute.name in _ONE_OF_ITS_OWN and not self.context.own and (named := _NAMED.fullmatch(cell)):
                cell = self._without_its_name(cell, named[1])
            if attribute.type == "text" and not self._junk and self._stands_for_above(cell):
                return _ditto(cell)
            if _SCIENTIFIC.fullmatch(cell):
                return self._lost(cell)
            if attribute.of_amounts:
                return self._currency(cell)
            if self._says_nothing(cell):
                return None
            if cell[:1] in _MARKS_AROUND and attribute.type != "long_text" and not self.context.own:
                cell = self._without_marks(cell)
            if attribute.type != "long_text" and not attribute.form and len(cell) < 1000:
                return " ".join(cell.split())
        elif isinstance(cell, float) and lost_digits(cell):
            return self._lost(cell)
        elif isinstance(cell, date):
            return self._date_for_text(cell)
        return parse(attribute, cell)

    def _without_its_name(self, cell: str, value: str) -> str:
        """A serial number or tag without the word that says what it is, with a note."""
        message = Message("{attribute} “{value}” was read as {read}.", attribute=self.attribute.label, value=cell,
                          read=value)  # fmt: skip
        self.notes[cell] = CellNote(message, "text", "text.named")
        return value

    def _without_marks(self, cell: str) -> str:
        """A text without quotation marks that stand around all of it, with a note."""
        inner = cell[1:-1].strip()
        if cell[-1] not in _MARKS_AROUND[cell[0]] or not inner or cell[0] in inner or cell[-1] in inner:
            return cell
        message = Message("{attribute} “{value}” was read as {read}.", attribute=self.attribute.label, value=cell,
                          read=inner)  # fmt: skip
        self.notes[cell] = CellNote(message, "quotes", "text.quoted")
        return inner

    def _says_nothing(self, cell: str) -> bool:
        """Whether a text stands for none where another text stands for itself: "n/a" is no operating system."""
        return self._fills and len(cell) <= LONGEST_PLACEHOLDER and cell.casefold() in SAY_NOTHING

    def _formed(self, cell: Any) -> Any:
        """An address or a number of a technical form: of several the first, with a note; none for "dhcp"."""
        form, attribute = self._form, self.attribute
        if form is None or not isinstance(cell, str) or _SCIENTIFIC.fullmatch(cell):
            return self._parse(cell) if attribute.type == "email" else self._text(cell)
        if cell.casefold() in PLACEHOLDERS and not self.context.own:
            return None
        said = " ".join(cell.split())
        value = form.read(said)
        found = () if value else form.find(cell)
        if value in form.nothing if value else (not found and ASSIGNED.match(cell)):
            message = Message("{attribute} “{value}” stands for none; it was left out.", attribute=attribute.label,
                              value=said)  # fmt: skip
            self.notes[cell] = CellNote(message, "junk")
            return None
        if found:
            value = found[0]
            message = Message("{attribute} “{value}” was read as {read}.", attribute=attribute.label, value=said,
                              read=value)  # fmt: skip
            if len(found) > 1:
                message = Message(
                    "{attribute} “{value}” names several. The first, {first}, was taken, and left out: {others}.",
                    attribute=attribute.label,
                    value=said,
                    first=value,
                    others=tuple(found[1:]),
                )
            self.notes[cell] = CellNote(message, "several" if len(found) > 1 else "text", "form.read")
        elif value and attribute.form == "network" and value.partition("/")[0] != canonical_ip(cell.split()[0]):
            message = Message("{attribute} “{value}” was read as {read}.", attribute=attribute.label, value=said,
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
        if isinstance(cell, str) and cell.casefold() in PLACEHOLDERS:
            return None
        if isinstance(cell, str) and self._stands_for_above(cell):
            return _ditto(cell)
        if self.attribute.target == "person" and isinstance(cell, str) and "\n" in cell:
            cell = "; ".join(line for line in cell.split("\n") if line.strip())
        text = self._text(cell.rstrip(",; ") or cell if isinstance(cell, str) else cell)
        return text if isinstance(text, CellError) else self.mention(text)

    def _stands_for_above(self, cell: str) -> bool:
        """Whether a cell says what the cell above says: "ditto"."""
        return not self.context.own and cell.casefold() in DITTO

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


_NO_NUMBER = "#NUM!"
"""What a spreadsheet program shows where a number is none, or endless."""
_ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA|BUSY!|UNKNOWN!)"
    r"|#{3,}|(?:Err|Fehler|Erreur):5\d\d"
)
#: Text that is its own canonical value and needs no check.
_PLAIN = re.compile(r"(?=.{1,320}\Z)[A-Za-z0-9][A-Za-z0-9_./()&,;-]*(?: [A-Za-z0-9_./()&,;-]+)*")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,3}")
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_ADDRESS = re.compile(r"(?:(.+?)\s*<)?([^@\s<>]+@[^@\s<>]+)>?")
_GARBLED = re.compile("Ã[\u0080-\u00bf¤¶¼Ÿ„–œ©¨ª«¡³º±§]|â€")
_NAMES = ("code", "first_name", "last_name", "user_name", "resource_id")
"""Attributes in which a word for none may be a name: people are called Null."""
_MARKS_AROUND = {'"': '"', "„": "“”", "“": "”", "«": "»", "»": "«", "‹": "›", "`": "`´", "‘": "’", "‚": "‘’"}
"""The marks that open a quotation → those that close it. A straight single one is an apostrophe as often."""
_WITH_JUNK = ("name", "serial_number", "asset_tag", "uuid", "machine_id")
_ONE_OF_ITS_OWN = ("serial_number", "asset_tag")
_NAMED = re.compile(
    r"(?:(?:s/n|sn|serial(?:\s*(?:no|nr|number|#))?|serien-?(?:nr|nummer)|n° de série|asset(?:\s*tag)?|tag"
    r"|inv(?:entar)?(?:\.?-?nr|nummer)?)\.?\s*[:=]|s/n)\s*(\S.*)",
    re.IGNORECASE,
)
"""A number behind the word that says what it is: "SN: ABC-1"."""
_SURE = re.compile(rf"(?!(?:{SUSPECT.pattern}|[Ss]/[Nn].*)\Z){_PLAIN.pattern}")
"""Plain texts that certainly are an identity, and have no word for it before them."""
_IDENTIFIERS = frozenset({"name", "order_number", "host_name", "uuid", "machine_id", "number", "employee_number"})
_A_CURRENCY = Message("the code of a currency, such as EUR")
_ACCEPTED = {
    "date": A_DATE,
    "time": Message("a time such as 2026-03-31T10:00"),
    "integer": A_WHOLE_NUMBER,
    "number": A_NUMBER,
    "money": Message("an amount such as 1234.50"),
    "boolean": Message("yes or no"),
    "uuid": Message("a UUID"),
    "email": Message("an address such as name@example.org"),
}
_BLANKS = Message("The cell has invisible or non-breaking blanks; they were removed.")
_BLANK = frozenset({"U+200B", "U+FEFF"})
_GARBLED_TEXT = Message("The text looks garbled: saved as UTF-8 and read as something else.")


def _ditto(cell: str) -> CellError:
    return CellError(Message("“{value}” stands for the cell above. Write it out.", value=cell), "ditto")


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
